"""Where the assertions of some tests are, and which expected values can be changed, so that a right answer fails them.

What is covered: the assertions that MultiPL-E writes, each language's described by a `Form`. Tests that consist of
these and what always stands around them are taken apart (`Form.assertions`). For the others, and for what needs a
negative control, expected values are changed (`Form.changes`). A value keeps its type: a
number becomes another number, a list stays a list. No assertion is negated, since an object that equals everything
fails a negated assertion and would look honest.
What is not: expected values without a literal in them, such as `std::nullopt`. They are left as they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from codecrucible.sandbox.job import Assertion, Change

STRING = r'"(?:\\.|[^"\\])*"'
"""Finds a string in double quotes."""

NUMBER = r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
"""Finds a number, without its sign."""

#: Below it, one more is another number in every floating-point type; above, the first digit changes.
_SMALL = 1_000_000

_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    r"""How an assertion of one language is written.

    Attributes:
        opening: Pattern of what it begins with, up to the arguments of the call, or up to the expected value where that
            comes first. Its group `called` is what the source of the call begins with.
        call_end: What ends the call, and is part of it if it is a bracket; "" where the expected value comes first.
        between: What may stand between the call and the expected value.
        end: What follows the expected value.
        literal: Finds what can be changed in an expected value.
        changed: The new text for what `literal` found.
        quotes: Characters that strings begin and end with.
        closing: Pattern of what follows the expected value, or the call where that comes last, up to the end of the
            statement.
        around: Pattern of what is left of tests when all their assertions are taken out; "" where they are never
            taken apart.

    >>> form = Form(opening=r"is\(f\(", between=(", ",), end=")", literal=re.compile(NUMBER), changed=lambda _: "7")
    >>> [change.of("is(f(1), [2, 3])") for change in form.changes("is(f(1), [2, 3])")]
    ['is(f(1), [2, 7])']
    """

    opening: str
    call_end: str = ")"
    between: tuple[str, ...] = ("",)
    end: str
    literal: re.Pattern[str]
    changed: Callable[[str], str]
    quotes: str = '"'
    closing: str = r"\);"
    around: str = ""

    def assertions(self, tests: str) -> tuple[Assertion, ...]:
        """All assertions of the tests, in their order; none if there is anything else in them that may be one.

        Args:
            tests: Source of the tests, as MultiPL-E writes them.
        """
        found: list[Assertion] = []
        left, at = [], 0
        for opening in (
            re.finditer(rf"^[ \t]*(?P<statement>{self.opening})", tests, re.MULTILINE) if self.around else ()
        ):
            assertion = self._assertion(tests, opening) if opening.start("statement") >= at else None
            if assertion:
                found.append(assertion)
                left.append(tests[at : assertion.start])
                at = assertion.end
        return tuple(found) if re.fullmatch(self.around, "".join((*left, tests[at:])), re.DOTALL) else ()

    def _assertion(self, tests: str, opening: re.Match[str]) -> Assertion | None:
        """The assertion that begins with `opening`; None if it does not go on as it should."""
        if self.call_end:
            ends = self._end_of_value(tests, opening.end(), self.call_end)
            call = opening.start("called"), ends + (len(self.call_end) if self.call_end in _CLOSING else 0)
            after = ends + len(self.call_end)
            between = next((between for between in self.between if tests.startswith(between, after)), None)
            if between is None:
                return None
            first = after + len(between)
            last = at = self._end_of_value(tests, first, self.end)
        else:  # the value comes first, and `end` is what parts the two, and what the call begins with
            first, last = opening.end(), self._end_of_value(tests, opening.end(), self.end)
            at = self._end_of_value(tests, last + len(self.end), ")") + 1
            call = last + len(self.end) - len(self.end.lstrip(", =")), at
        closing = re.compile(self.closing, re.DOTALL).match(tests, at)
        if closing is None:
            return None
        start = opening.start("statement")
        return Assertion(start=start, end=closing.end(), call=tests[slice(*call)], expected=tests[first:last])

    def changes(self, tests: str) -> Iterator[Change]:
        """Changes of one expected value each, one for every assertion that has a literal in its expected value.

        Args:
            tests: Source of the tests, as MultiPL-E writes them.
        """
        for start, end in self._expected_values(tests):
            literals = list(self.literal.finditer(tests, start, end))
            if literals:
                last = literals[-1]
                yield Change(start=last.start(), end=last.end(), text=self.changed(last[0]))

    def _expected_values(self, tests: str) -> Iterator[tuple[int, int]]:
        """Where each expected value begins and ends."""
        for opening in re.finditer(rf"^[ \t]*(?:{self.opening})", tests, re.MULTILINE):
            start = opening.end()
            if self.call_end:
                start = self._end_of_value(tests, start, self.call_end) + len(self.call_end)
            between = next((between for between in self.between if tests.startswith(between, start)), None)
            if between is not None:
                start += len(between)
                end = self._end_of_value(tests, start, self.end)
                if end < len(tests):
                    yield start, end

    def _end_of_value(self, text: str, at: int, stop: str) -> int:
        """Index of the first `stop` from `at` on that is in no string and in no bracket; the end if there is none."""
        depth = 0
        while at < len(text):
            character = text[at]
            if depth == 0 and text.startswith(stop, at):
                return at
            if character in self.quotes:
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


def changed(text: str, empty: Mapping[str, str]) -> str:
    r"""Another value of the same type, for a number, a truth value, a string, or an empty collection.

    Args:
        text: The literal.
        empty: What takes the place of each literal of an empty collection.

    >>> [changed(text, {"[]": "[0]"}) for text in ("41", "true", '"a"', "[]")]
    ['42', 'false', '"ax"', '[0]']
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in empty:
        return empty[text]
    return f"{text[:-1]}x{text[-1]}" if text[0] in "\"'" else _changed_number(text)
