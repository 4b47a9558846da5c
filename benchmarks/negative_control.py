"""Which expected values of some tests can be changed, so that a right answer fails them.

What is covered: the assertions that MultiPL-E writes, in the languages of `_FORMS`. A value keeps its type: a number
becomes another number, a list stays a list. No assertion is negated, since an object that equals everything fails a
negated assertion and would look honest.
What is not: expected values without a literal in them, such as `std::nullopt`. They are left as they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.job import Change

_STRING = r'"(?:\\.|[^"\\])*"'
_NUMBER = r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"

#: Below it, one more is another number in every floating-point type; above, the first digit changes.
_SMALL = 1_000_000

_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How an assertion of one language is written.

    Attributes:
        opening: What it begins with, up to the arguments of the call.
        between: What stands between the call and the expected value.
        end: What follows the expected value.
        literal: Finds what can be changed in an expected value.
        changed: The new text for what `literal` found.
    """

    opening: str
    between: str
    end: str
    literal: re.Pattern[str]
    changed: Callable[[str], str]


def changes_of(tests: str, language: str) -> tuple[Change, ...]:
    r"""Changes of one expected value each, one for every assertion that has a literal in its expected value.

    Args:
        tests: Source of the tests, as MultiPL-E writes them.
        language: One of "bash", "cpp", "javascript", "perl", "php" and "typescript"; for Python see `in_process`.

    >>> tests = "    assert(candidate((21)) == (42));\n"
    >>> [change.of(tests) for change in changes_of(tests, "cpp")]
    ['    assert(candidate((21)) == (43));\n']
    """
    form = _FORMS[language]
    changes = []
    for start, end in _expected_values(tests, form):
        literals = list(form.literal.finditer(tests, start, end))
        if literals:
            last = literals[-1]
            changes.append(Change(start=last.start(), end=last.end(), text=form.changed(last[0])))
    return tuple(changes)


def _expected_values(tests: str, form: _Form) -> Iterator[tuple[int, int]]:
    """Where each expected value begins and ends."""
    for opening in re.finditer(rf"^[ \t]*{re.escape(form.opening)}", tests, re.MULTILINE):
        call_end = _end_of_value(tests, opening.end(), ")")
        start = call_end + 1 + len(form.between)
        if tests[call_end + 1 : start] == form.between:
            yield start, _end_of_value(tests, start, form.end)


def _end_of_value(text: str, at: int, stop: str) -> int:
    """Index of the first `stop` from `at` on that is in no string and in no bracket; the end if there is none."""
    depth = 0
    while at < len(text):
        character = text[at]
        if depth == 0 and text.startswith(stop, at):
            return at
        if character in _QUOTES:
            at = _end_of_string(text, at)
        depth += (character in _OPENING) - (character in _CLOSING)
        at += 1
    return at


def _end_of_string(text: str, at: int) -> int:
    """Index of the quote that closes the string that opens at `at`."""
    quote, at = text[at], at + 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return at


def _changed_number(text: str) -> str:
    digits = re.match(r"\d+", text)
    assert digits is not None  # noqa: S101 - `_NUMBER` begins with digits
    whole, rest = digits[0], text[digits.end() :]
    if int(whole) < _SMALL:
        return f"{int(whole) + 1}{rest}"
    return f"{2 if whole[0] == '1' else int(whole[0]) - 1}{whole[1:]}{rest}"


_WORDS = {"true": "false", "false": "true"}


def _changed(text: str, empty: Mapping[str, str]) -> str:
    if text in _WORDS:
        return _WORDS[text]
    if text in empty:
        return empty[text]
    return f"{text[:-1]}x{text[-1]}" if text[0] in _QUOTES else _changed_number(text)


def _changed_javascript(text: str) -> str:
    return _changed(text, {"[]": "[0]", "{}": '{"x": 0}'})


def _changed_php(text: str) -> str:
    return _changed(text, {"array()": "array(0)"})


def _changed_perl(text: str) -> str:
    return _changed(text, {"[]": "[0]", "{}": '{"x" => 0}'})


def _changed_cpp(text: str) -> str:
    if text.startswith("std::vector"):
        return f"{text.removesuffix('()')}(1)"
    if text.startswith("std::map"):
        key, _, value = text.removeprefix("std::map<").removesuffix(">()").partition(",")
        return f"{text.removesuffix('()')}({{{{{key}(), {value}()}}}})"
    return _changed(text, {})


def _changed_bash(text: str) -> str:
    """All values are strings there: what looks like a number or a truth value goes on looking like one."""
    content = text[1:-1]
    found = list(re.finditer(rf"(?<![\w.\\$])(?:true|false|{_NUMBER})(?![\w.])", content))
    if not content:
        return '"0"'
    if not found:
        return f'"{content}x"'
    last = found[-1]
    return f'"{content[: last.start()]}{_changed(last[0], {})}{content[last.end() :]}"'


_JAVASCRIPT = _Form(
    opening="assert.deepEqual(candidate(",
    between=",",
    end=")",
    literal=re.compile(rf"{_STRING}|{_NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed_javascript,
)

_FORMS: Mapping[str, _Form] = {
    "bash": _Form(
        opening="[[ $(candidate",
        between=" = ",
        end=" ]]",
        literal=re.compile(_STRING, re.DOTALL),
        changed=_changed_bash,
    ),
    "cpp": _Form(
        opening="assert(candidate(",
        between=" == ",
        end=")",
        literal=re.compile(rf"{_STRING}|{_NUMBER}|\b(?:true|false)\b|std::(?:vector|map)<[\w:<>, ]+>\(\)", re.DOTALL),
        changed=_changed_cpp,
    ),
    "javascript": _JAVASCRIPT,
    "perl": _Form(
        opening="if(eq_deeply($candidate->(",
        between=",",
        end=")",
        literal=re.compile(rf"{_STRING}|{_NUMBER}|\[\]|\{{\}}", re.DOTALL),
        changed=_changed_perl,
    ),
    "php": _Form(
        opening="if (candidate(",
        between=" !== ",
        end=")",
        literal=re.compile(rf"{_STRING}|{_NUMBER}|\b(?:true|false)\b|\barray\(\)", re.DOTALL),
        changed=_changed_php,
    ),
    "typescript": _JAVASCRIPT,
}
