"""Whether two printed values are the same but for what their numbers are worth, in the text of any printer."""

import re

from codecrucible.sandbox.job import Tolerance

_DIGITS = r"-?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?"
# Possessive, and an unclosed string goes to the end: each character of a hostile text is read once.
_TOKEN = re.compile(rf'("(?:\\.|[^"\\])*+"?)|(?<![\w.])({_DIGITS})[Lf]?(?![\w.])', re.DOTALL)
_QUOTED = re.compile(f'"({_DIGITS})"')
_PARTS = 3  # what stands before a token, the token as a string, and as a number


def close(answer: str, expected: str, *, tolerance: Tolerance, quoted_numbers: bool) -> bool:
    """Whether an answer is the expected value, with numbers compared by what they are worth.

    Args:
        answer: Text of a program's; may be anything.
        expected: Text of the same printer's.
        tolerance: How far a number may be off.
        quoted_numbers: As `Printer` has it.

    >>> none, some = Tolerance(), Tolerance(absolute=0.1)
    >>> close("[1, 2.0]", "[1, 2]", tolerance=none, quoted_numbers=False)
    True
    >>> [close("[1.05]", "[1]", tolerance=each, quoted_numbers=False) for each in (none, some)]
    [False, True]
    >>> [close('"1.0"', '"1"', tolerance=some, quoted_numbers=each) for each in (False, True)]
    [False, True]
    """
    ones, others = _TOKEN.split(answer), _TOKEN.split(expected)
    if len(ones) != len(others):
        return False
    for at, (one, other) in enumerate(zip(ones, others, strict=True)):
        if one == other:
            continue
        if one is None or other is None or at % _PARTS == 0:
            return False
        numbers = (one, other) if at % _PARTS == _PARTS - 1 else _quoted(one, other) if quoted_numbers else None
        if numbers is None or not _near(*numbers, tolerance):
            return False
    return True


def _quoted(one: str, other: str) -> tuple[str, str] | None:
    first, second = _QUOTED.fullmatch(one), _QUOTED.fullmatch(other)
    return (first[1], second[1]) if first and second else None


def _near(answer: str, expected: str, tolerance: Tolerance) -> bool:
    try:
        one, other = _number(answer), _number(expected)
        return one == other or abs(one - other) <= max(tolerance.absolute, tolerance.relative * abs(other))
    except (ValueError, OverflowError):  # more digits than anybody means
        return False


def _number(text: str) -> int | float:
    return float(text) if set(text) & set(".eE") else int(text)
