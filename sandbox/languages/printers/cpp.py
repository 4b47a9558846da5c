"""Prints values of C++ so that two have one text if, and only if, `==` holds between them.

So numbers of different types are one text where they are equal, and an optional is what it holds. That the answer can
be compared with the declared type at all is left to the compiler. Numbers of different types that are equal only after
one of them was rounded or wrapped are two texts.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
#include <unistd.h>
namespace crucible_printer {
template <class crucible_T> struct crucible_is_optional : std::false_type {};
template <class crucible_T> struct crucible_is_optional<std::optional<crucible_T>> : std::true_type {};
template <class crucible_T, class = void> struct crucible_is_tuple : std::false_type {};
template <class crucible_T>
struct crucible_is_tuple<crucible_T, std::void_t<decltype(std::tuple_size<crucible_T>::value)>> : std::true_type {};
template <class crucible_T, class = void> struct crucible_is_map : std::false_type {};
template <class crucible_T>
struct crucible_is_map<crucible_T, std::void_t<typename crucible_T::mapped_type>> : std::true_type {};
template <class crucible_T, class = void> struct crucible_is_unordered : std::false_type {};
template <class crucible_T>
struct crucible_is_unordered<crucible_T, std::void_t<typename crucible_T::hasher>> : std::true_type {};

inline std::string crucible_integer(__int128 crucible_v) {
    if (crucible_v == (long long)crucible_v) return std::to_string((long long)crucible_v);
    int crucible_last = crucible_v % 10;
    return crucible_integer(crucible_v / 10) + std::to_string(std::abs(crucible_last));
}

inline std::string crucible_number(long double crucible_exact) {
    char crucible_text[60];
    double crucible_v = crucible_exact;
    if (crucible_exact == crucible_exact && crucible_v != crucible_exact) {
        std::snprintf(crucible_text, sizeof crucible_text, "%.21Lg", crucible_exact);
        return crucible_text;
    }
    if (crucible_v != crucible_v) return "nan";
    if (crucible_v == std::floor(crucible_v) && std::fabs(crucible_v) < 18446744073709551616.0)
        return crucible_integer((__int128)crucible_v);
    for (int crucible_digits = 6; crucible_digits <= 17; ++crucible_digits) {
        std::snprintf(crucible_text, sizeof crucible_text, "%.*g", crucible_digits, crucible_v);
        if (std::strtod(crucible_text, nullptr) == crucible_v) break;
    }
    return crucible_text;
}

template <class crucible_T> std::string crucible_text(crucible_T const &crucible_v) {
    if constexpr (std::is_same_v<crucible_T, std::nullopt_t>) {
        return "none";
    } else if constexpr (crucible_is_optional<crucible_T>::value) {
        return crucible_v ? crucible_text(*crucible_v) : "none";
    } else if constexpr (std::is_convertible_v<crucible_T const &, std::string_view>) {
        std::string crucible_quoted = "\"";
        for (char crucible_c : std::string_view(crucible_v)) {
            if (crucible_c == '"' || crucible_c == '\\') crucible_quoted += '\\';
            crucible_quoted += crucible_c;
        }
        return crucible_quoted + "\"";
    } else if constexpr (std::is_floating_point_v<crucible_T>) {
        return crucible_number(crucible_v);
    } else if constexpr (std::is_integral_v<crucible_T> || std::is_enum_v<crucible_T> ||
                         std::is_same_v<crucible_T, __int128> || std::is_same_v<crucible_T, unsigned __int128>) {
        return crucible_integer((__int128)crucible_v);
    } else if constexpr (std::is_same_v<crucible_T, std::vector<bool>>) {
        std::string crucible_all = "[", crucible_between;
        for (bool crucible_each : crucible_v) {
            crucible_all += crucible_between + (crucible_each ? "1" : "0");
            crucible_between = ", ";
        }
        return crucible_all + "]";
    } else if constexpr (crucible_is_map<crucible_T>::value || crucible_is_unordered<crucible_T>::value) {
        std::multiset<std::string> crucible_sorted;
        for (auto const &crucible_each : crucible_v) crucible_sorted.insert(crucible_text(crucible_each));
        std::string crucible_all = "{", crucible_between;
        for (auto const &crucible_each : crucible_sorted) {
            crucible_all += crucible_between + crucible_each;
            crucible_between = ", ";
        }
        return crucible_all + "}";
    } else if constexpr (crucible_is_tuple<crucible_T>::value) {
        std::string crucible_all = "(", crucible_between;
        std::apply([&](auto const &...crucible_each) {
            ((crucible_all += crucible_between + crucible_text(crucible_each), crucible_between = ", "), ...);
        }, crucible_v);
        return crucible_all + ")";
    } else {
        std::string crucible_all = "[", crucible_between;
        for (auto const &crucible_each : crucible_v) {
            crucible_all += crucible_between + crucible_text(crucible_each);
            crucible_between = ", ";
        }
        return crucible_all + "]";
    }
}

template <class crucible_R, class crucible_T>
void crucible_expected(int crucible_number_of_it, crucible_T const &crucible_v) {
    std::string crucible_t = crucible_text(crucible_v);
    if (std::is_same_v<crucible_R, bool> && (crucible_t == "0" || crucible_t == "1"))
        crucible_t = crucible_t == "1" ? "true" : "false";
    std::string crucible_whole = std::to_string(crucible_number_of_it) + " " + std::to_string(crucible_t.size()) + " ";
    crucible_whole += crucible_t + "\n";
    for (size_t crucible_at = 0; crucible_at < crucible_whole.size();) {
        auto crucible_wrote = ::write(3, crucible_whole.data() + crucible_at, crucible_whole.size() - crucible_at);
        if (crucible_wrote <= 0) std::_Exit(70);
        crucible_at += crucible_wrote;
    }
}

template <class crucible_R, class crucible_T>
void crucible_answer(int crucible_number_of_it, crucible_T const &crucible_v) {
    (void)sizeof(std::declval<crucible_T const &>() == std::declval<crucible_R const &>());
    crucible_expected<crucible_R>(crucible_number_of_it, crucible_v);
}
}
"""


def _before_main(program: str, printer: str, tests: str) -> str:
    """The tests begin with the brace that closes the program's function."""
    return f"{program}\n{tests.replace('int main() {', f'{printer}int main() {{', 1)}"


PRINTER = Printer(
    text=_TEXT,
    statement="crucible_printer::crucible_answer<{result}>({number}, {value});",
    expected_statement="crucible_printer::crucible_expected<{result}>({number}, {value});",
    program=_before_main,
    expected="#include<assert.h>\n#include<bits/stdc++.h>\n{printer}int main() {\n{statements}\n}\n",
    never_equal=r"\bnan\b",
)
"""C++'s."""
