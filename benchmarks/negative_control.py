"""Where the assertions of some tests are, and which expected values can be changed, so that a right answer fails them.

What is covered: the assertions that MultiPL-E writes, each language's described by a `Form`. Tests that consist of
these and what always stands around them are taken apart (`Form.assertions`). For the others, and for what needs a
negative control, expected values are changed (`Form.changes`), so that they go on looking like data. A value keeps its
type: a number becomes another number, a list stays a list. No assertion is negated, since an object that equals
everything fails a negated assertion and would look honest.
What is not: expected values without a literal in them, such as `std::nullopt`. They are left as they are.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codecrucible.sandbox.job import Assertion, Change

STRING = r'"(?:\\.|[^"\\])*"'
"""Finds a string in double quotes."""

NUMBER = r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
"""Finds a number, without its sign."""

#: Below it, one more is another number in every floating-point type; above, the first digits change.
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
    >>> [change.of("is(f(1), 3)\nis(f(2), 8)") for change in form.changes("is(f(1), 3)\nis(f(2), 8)")][1]
    'is(f(1), 8)\nis(f(2), 8)'
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
        """Changes of one expected value each, two for every assertion where there are two kinds of them.

        The last literal of its expected value becomes another one, and the last for which the tests expect another one
        elsewhere becomes that.

        Args:
            tests: Source of the tests, as MultiPL-E writes them.
        """
        values = [list(self.literal.finditer(tests, start, end)) for start, end in self._expected_values(tests)]
        for place, literals in enumerate(values):
            if not literals:
                continue
            last = literals[-1]
            yield Change(start=last.start(), end=last.end(), text=self.changed(last[0]))
            elsewhere = [each[0] for value in (*values[place + 1 :], *values[:place]) for each in value]
            beside = {each[0] for each in literals}
            for literal in reversed(literals):
                if text := borrowed(literal[0], elsewhere, beside):
                    yield Change(start=literal.start(), end=literal.end(), text=text, borrowed=True)
                    break

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


#: What of a string is a run of letters or of digits; before it, what means something else in one of the languages.
_RUN = re.compile(
    r"\\(?:[uUx]\{?[0-9A-Fa-f]+\}?|\d+|.)|[$@][\w{]*|#\{\w*|(?P<run>[a-z]+|[A-Z]+|[0-9]+)", re.DOTALL | re.ASCII
)
_MARKS = re.compile(r"[!%&'()*+,./:;<=>?^_|~\[\]{}-]+")
_LIKE_NUMBERS = re.compile(r"[-+.,\s\d]*\d[-+.,\s\d]*")
_WORDS = {"true": "false", "false": "true"}


def changed(text: str, empty: Mapping[str, str]) -> str:
    r"""Another value of the same type, for a number, a truth value, a string, or an empty collection.

    Two neighbouring digits or letters change places; where there are no two that differ, one becomes its neighbour.
    Nothing in the result says that it is one: what was changed into it could have been expected as well.

    Args:
        text: The literal.
        empty: What takes the place of each literal of an empty collection.

    >>> [changed(text, {"[]": "[0]"}) for text in ("41", "7", "true", '"Hello"', '"a"', "[]")]
    ['14', '8', 'false', '"Hlelo"', '"b"', '[0]']
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in empty:
        return empty[text]
    return f"{text[0]}{other_text(text[1:-1])}{text[-1]}" if text[0] in "\"'" else other_number(text)


def other_number(text: str) -> str:
    """A number that differs by 1 at least, and is no larger if it is large; an integer stays one.

    Args:
        text: A number's, without its sign.
    """
    found = re.match(r"\d+", text)
    assert found is not None  # noqa: S101 - a number begins with digits
    whole, rest = found[0], text[found.end() :]
    if "-" in rest:  # of a small one's exponent
        return text.replace("-", "")
    large = int(whole) >= _SMALL
    swapped = _swapped(whole, lambda other: other[0] != "0" and not (large and int(other) > int(whole)), first=large)
    if swapped:
        return f"{swapped}{rest}"
    if large:
        return f"{2 if whole[0] == '1' else int(whole[0]) - 1}{whole[1:]}{rest}"
    neighbour = int(whole) + (1 if whole == "0" or int(whole) % 2 else -1)  # never 0, which would show behind a sign
    return f"{neighbour}{rest}"


def other_text(content: str) -> str:
    """A text that differs in letters or digits, of the same length if there is anything in it to change.

    Args:
        content: Between the quotes, with its escapes.
    """
    runs = [(found.start("run"), found["run"]) for found in _RUN.finditer(content) if found["run"]]
    for start, run in runs:
        if swapped := _swapped(run, lambda other: other[0] != "0"):
            return content[:start] + swapped + content[start + len(run) :]
    if runs:
        start, run = runs[-1]
        return content[:start] + run[:-1] + _neighbour(run[-1]) + content[start + len(run) :]
    for found in _MARKS.finditer(content):
        if "\\" not in content and (swapped := _swapped(found[0], bool)):
            return content[: found.start()] + swapped + content[found.end() :]
    return f"{content}a"


def _swapped(run: str, fits: Callable[[str], bool], *, first: bool = False) -> str:
    """`run` with two neighbours that differ in each other's place, if the result `fits`; "" if none does.

    Args:
        run: Letters, digits or marks.
        fits: Whether a result is taken.
        first: Whether it is the first two for which there is one, and not those that are nearest to the middle.
    """
    places = sorted(range(len(run) - 1), key=lambda at: 0 if first else abs(2 * at + 2 - len(run)))
    for at in places:
        swapped = run[:at] + run[at + 1] + run[at] + run[at + 2 :]
        if run[at] != run[at + 1] and fits(swapped):
            return swapped
    return ""


def _neighbour(character: str) -> str:
    """The letter or digit beside one, so that each is the other's."""
    first = "0" if character.isdigit() else "a" if character.islower() else "A"
    return chr(ord(first) + ((ord(character) - ord(first)) ^ 1))


def borrowed(text: str, elsewhere: Sequence[str], beside: Collection[str]) -> str:
    """The first literal of the same type that stands elsewhere, and is in the other's place no right answer; else "".

    One that holds the other might do for a comparison that looks for a part.

    Args:
        text: The literal.
        elsewhere: Literals of other expected values.
        beside: All literals of its own expected value, of which none may be there twice.

    >>> borrowed("12", ["[]", "12", "2", '"40"', "35"], {"12", "3"})
    '35'
    """
    return next(
        (
            other
            for other in elsewhere
            if _type(other) == _type(text) != "" and other not in beside and not _holds(text, other)
        ),
        "",
    )


def _type(text: str) -> str:
    """What literals of one type have in common; "" of those that have no other value, or are no text and no number."""
    if text[0] in "\"'":
        content = text[1:-1]
        return "" if content in _WORDS else f"{text[0]}number" if _LIKE_NUMBERS.fullmatch(content) else text[0]
    if not text[0].isdigit() or re.search(r"[eE]", text):
        return ""
    return "." if "." in text else "large" if int(text) >= _SMALL else "small"


def _holds(one: str, other: str) -> bool:
    """Whether two literals may be taken for equal, or one for a part of the other."""
    one, other = (text.strip("\"'").casefold() for text in (one, other))
    if one[:1].isdigit() and "." in one + other and _is_near(one, other):
        return True
    return one in other or other in one


def _is_near(one: str, other: str) -> bool:
    try:
        return abs(float(one) - float(other)) < 1
    except ValueError:
        return False
