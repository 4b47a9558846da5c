"""Where the tests were when they failed, in one line for a person: it decides nothing."""

import reprlib
from collections.abc import Mapping
from itertools import islice
from types import TracebackType

#: Characters of a line of the tests, and of each value.
_LONGEST_LINE, _LONGEST_VALUE = 160, 120
#: Bytes on the way of what is written out: more is not worth the time.
_MOST_BYTES = 10_000

#: Items of a set or dictionary that is written out; they are sorted for it.
_MOST_SORTED = 1000

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 4
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxfrozenset = _SHORT.maxdict = 10
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 80


def shown(value: object, size: int = 0) -> str:
    """`value` as Python writes it, shortened.

    Args:
        value: The tests' own, or rebuilt here from an answer.
        size: Bytes that it took on its way, 0 if it was on none.
    """
    if size > _MOST_BYTES:
        return f"a value of {size} bytes"
    if isinstance(value, set | frozenset | dict) and len(value) > _MOST_SORTED:
        return f"a {type(value).__name__} of {len(value)} items"
    try:
        text = _SHORT.repr(value)
    except Exception:  # noqa: BLE001 - an int of thousands of digits, an object of the tests' with a `__repr__` that fails
        return f"a value of type {type(value).__name__}"
    return _cut(text, _LONGEST_VALUE)


def call_text(name: str, args: tuple[object, ...], kwargs: Mapping[str, object], size: int) -> str:
    """A call as Python writes it, shortened."""
    if size > _MOST_BYTES:
        return f"{name}(arguments of {size} bytes)"
    parts = [*(shown(value, size) for value in args), *(f"{key}={shown(value, size)}" for key, value in kwargs.items())]
    return f"{name}({_cut(', '.join(parts), 2 * _LONGEST_VALUE)})"


def line_of(traceback: TracebackType | None, sources: Mapping[str, str]) -> str:
    """The innermost line of `sources`, or statement over several, that `traceback` went through.

    Args:
        traceback: Of what was raised.
        sources: Texts by the name that each was compiled with.
    """
    found = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        source = sources.get(code.co_filename)
        if source is not None:
            first, last, _, _ = next(islice(code.co_positions(), traceback.tb_lasti // 2, None))
            if first is not None and last is not None:
                found = " ".join(line.strip() for line in source.split("\n")[first - 1 : last])
        traceback = traceback.tb_next
    return _cut(found, _LONGEST_LINE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 3] + "..."
