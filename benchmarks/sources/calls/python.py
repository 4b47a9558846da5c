"""Calls in Python, which the referee makes: the function is in another process, and the answer is data here."""

import re
from collections.abc import Sequence

from codecrucible.benchmarks.sources.calls.call import Call, Signature, Unwritable
from codecrucible.benchmarks.sources.calls.writer import Writer
from codecrucible.sandbox.job import Tolerance

SETUP = '''\
class crucible_answer(tuple):
    """An answer, and how far its numbers may be off: equal to what JSON says of it, with a tuple for a list."""

    def __eq__(self, expected):
        return crucible_near(*self, expected)


def crucible(answer, absolute=0, relative=0):
    return crucible_answer((answer, absolute, relative))


def crucible_near(
    answer, absolute, relative, expected,
    abs=abs, all=all, bool=bool, dict=dict, float=float, int=int, isinstance=isinstance, len=len, list=list, max=max,
    tuple=tuple, type=type, zip=zip,
):
    kind = type(expected)
    if kind is list:
        return type(answer) in (list, tuple) and len(answer) == len(expected) and all(
            crucible_near(one, absolute, relative, other) for one, other in zip(answer, expected)
        )
    if kind is dict:
        return type(answer) is dict and len(answer) == len(expected) and all(
            key in answer and crucible_near(answer[key], absolute, relative, item) for key, item in expected.items()
        )
    if kind is not int and kind is not float:
        return type(answer) is kind and answer == expected
    if not isinstance(answer, (int, float)) or type(answer) is bool:
        return False
    try:
        return answer == expected or abs(answer - expected) <= max(absolute, relative * abs(expected))
    except OverflowError:
        return False


'''
"""Source of what compares. The names that it needs are its own: the function that is asked for may be called `abs`."""

_WRITER = Writer(language="python", value=lambda value, _: repr(value), keyword="{name}={value}")


def tests(entry_point: str, calls: Sequence[Call], tolerance: Tolerance) -> str:
    """Tests for the referee, an `assert` a call.

    Raises:
        Unwritable: if the function has a name that it cannot have; names the field.
    """
    if not _WRITER.name.fullmatch(entry_point) or re.match("crucible", entry_point):
        raise Unwritable("entry_point", "expected a name of a function in python")
    far = "" if tolerance == Tolerance() else f", {tolerance.absolute!r}, {tolerance.relative!r}"
    lines = []
    for number, call in enumerate(calls):
        source = _WRITER.call(entry_point, call, Signature(), field=f"calls[{number}]")
        due = f"in {(call.expected, *call.accepted)!r}" if call.accepted else f"== {call.expected!r}"
        lines.append(f"assert crucible({source}{far}) {due}\n")
    return "".join(lines)
