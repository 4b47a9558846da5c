"""C++, compiled by g++."""

from sandbox.languages.declaration import Family, Language, Trial, before_closing_brace

FAMILY = Family(name="gcc", packages=("g++", "libssl-dev"), compiles=True)

LANGUAGE = Language(
    name="cpp",
    family=FAMILY.name,
    file_name="main.cpp",
    compile=("g++", "-std=c++17", "-O0", "-o", "main", "main.cpp", "-lcrypto", "-lpthread"),
    run=("./main",),
    # A builtin: it needs no header, and no macro of the program's changes it by accident.
    token='__builtin_puts("{token}");',  # noqa: S106 - a template
    wire=before_closing_brace,
    assertion_exits=(),
    assertion_signals=(6,),  # SIGABRT; an exception that nothing catches ends with it too
    trial=Trial(
        right="#include <cassert>\nlong twice(long x) { return 2 * x; }\n",
        wrong="#include <cassert>\nlong twice(long x) { return x; }\n",
        tests="int main() {\n    assert(twice(21) == 42);\n}\n",
    ),
)
