"""The field `expected` of a problem of one's own: which values of its tests the negative control may change.

Each item is the text of a value that is in the tests once, or an object that says which: its `occurrence`, counted from
1, or its `offset` in characters, counted from 0, beside its `literal`; or a `pattern`, a part of the tests that is in
them once, with `{}` for the value.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from codecrucible.benchmarks.negative_control import NUMBER, STRING, borrowed, changed
from codecrucible.sandbox.job import Change

LITERAL = re.compile(rf"-?(?:{NUMBER})|{STRING}|'(?:\\.|[^'\\])*'|true|false", re.DOTALL)
"""Finds a value that can be changed."""

_A_LITERAL = "expected the text of a number, of true or false, or of a string in quotes"
_FORMS = "expected a string, or an object of 'literal' and 'occurrence' or 'offset', or of 'pattern'"
_HOLE = "{}"

#: Bounds of what is looked at for a pattern: a file may be hostile.
_MOST_PLACES, _LONGEST_LITERAL = 100, 4_000


class NotFound(ValueError):
    """An item that names no value of the tests.

    Attributes:
        part: What of the item is wrong, such as ".offset"; "" for the item itself.
        what: Is wrong with it.
    """

    def __init__(self, part: str, what: str) -> None:
        super().__init__(what)
        self.part, self.what = part, what


Place = tuple[int, int]
"""Where a value begins, without its sign, and where it ends."""


def changes_at(tests: str, places: Sequence[Place]) -> Iterator[Change]:
    """For each value a change to another one, and one to that of another place where one is of its type."""
    texts = [tests[start:end] for start, end in places]
    for place, (start, end) in enumerate(places):
        text, elsewhere = texts[place], [*texts[place + 1 :], *texts[:place]]
        yield Change(start=start, end=end, text=changed(text, {}))
        if other := borrowed(text, elsewhere, {text}):
            yield Change(start=start, end=end, text=other, borrowed=True)


def place_of(tests: str, item: Any) -> Place:
    """Where the value of `tests` is that `item` names.

    Raises:
        NotFound: if it names none, or several.
    """
    if isinstance(item, str):
        return _place(item, _only(tests, _literal(item, ""), ""))
    if not isinstance(item, dict):
        raise NotFound("", _A_LITERAL)
    if item.keys() == {"pattern"}:
        return _by_pattern(tests, item["pattern"])
    if item.keys() == {"literal", "occurrence"}:
        return _by_occurrence(tests, _literal(item["literal"], ".literal"), item["occurrence"])
    if item.keys() == {"literal", "offset"}:
        text, offset = _literal(item["literal"], ".literal"), item["offset"]
        if type(offset) is not int or offset < 0 or not tests.startswith(text, offset):
            raise NotFound(".offset", f"there is no {text[:100]!r} at character {offset} of 'tests'")
        return _place(text, offset)
    raise NotFound("", _FORMS)


def _by_occurrence(tests: str, text: str, occurrence: Any) -> Place:
    if type(occurrence) is not int or not 1 <= occurrence <= tests.count(text):
        raise NotFound(".occurrence", f"{text[:100]!r} is {tests.count(text)} times in 'tests', counted from 1")
    start = -1
    for _ in range(occurrence):
        start = tests.index(text, start + 1 if start < 0 else start + len(text))
    return _place(text, start)


def _by_pattern(tests: str, pattern: Any) -> Place:
    if not isinstance(pattern, str) or pattern.count(_HOLE) != 1:
        raise NotFound(".pattern", f"expected a part of 'tests' with {_HOLE} once, in the place of the value")
    before, after = pattern.split(_HOLE)
    if not before:
        raise NotFound(".pattern", f"expected something before {_HOLE}")
    found = []
    start, places = tests.find(before), 0
    while start >= 0:
        places += 1
        if places > _MOST_PLACES:
            raise NotFound(".pattern", f"begins at more than {_MOST_PLACES} places in 'tests'; give more of them")
        at = start + len(before)
        literal = LITERAL.match(tests, at, at + _LONGEST_LITERAL)
        if literal and tests.startswith(after, literal.end()):
            found.append(literal)
        start = tests.find(before, start + 1)
    if len(found) != 1:
        raise NotFound(".pattern", f"is {len(found)} times in 'tests'; it has to be there once")
    return _place(found[0][0], found[0].start())


def _literal(text: Any, part: str) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST_LITERAL or not LITERAL.fullmatch(text):
        raise NotFound(part, _A_LITERAL)
    return text


def _only(tests: str, text: str, part: str) -> int:
    """Where `text` begins, which is in the tests once."""
    if tests.count(text) != 1:
        raise NotFound(
            part,
            f"{text[:100]!r} is {tests.count(text)} times in 'tests'; it has to be there once, or give its "
            "'occurrence', its 'offset' or a 'pattern'",
        )
    return tests.index(text)


def _place(text: str, start: int) -> Place:
    return start + text.startswith("-"), start + len(text)
