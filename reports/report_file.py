"""A report as `report.json` has it, written and read.

What is covered: reports of this release, byte for byte, and of earlier ones; a field that they lack has its default.
What is not: reports of a later release, with fields that nobody here knows. Those are refused, as is a value of
another type, so that nothing of a file is believed because of its name alone.
"""

import dataclasses
import json
import reprlib
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Never

from codecrucible.reports.report_types import Report, Security

_NEVER = object()
_SCALARS = (str, int, float, bool, types.NoneType)


def report_json(report: Report | Security) -> dict[str, Any]:
    """JSON object of a report, or of what it says on security; shares are in [0, 1], and null is "not measured"."""
    made: dict[str, Any] = _plain(report)
    return made


def to_json_text(value: Report | Mapping[str, Any] | Sequence[Any]) -> str:
    """`value` as the text of a JSON file: pure ASCII, two spaces of indentation, a line feed at its end.

    The same report gives the same bytes. Lone surrogates and control characters are escaped, so that the text is
    valid UTF-8 whatever a model wrote.

    Raises:
        ValueError: if a number is infinite or not a number.
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def report_from_json(text: str | bytes) -> Report:
    """The report that a `report.json` holds.

    Args:
        text: Text of the file; anybody may have written it.

    Raises:
        ValueError: if it is no report; the message names the field.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("report.json is nested too deep") from None
    report: Report = _typed(Report, value, "report.json")
    return report


def _plain(value: Any) -> Any:
    """What `json` writes of a value: objects, lists and texts."""
    if isinstance(value, _SCALARS):  # nearly all that there is
        return value
    if dataclasses.is_dataclass(value):
        return {
            each.name: _plain(found)
            for each in dataclasses.fields(value)
            if (found := getattr(value, each.name)) != _left_out_where(each)
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value]


def _left_out_where(field: "dataclasses.Field[Any]") -> Any:
    """The value with which an optional field is not written; nothing equals what it is of another."""
    if not field.metadata:
        return _NEVER
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _typed(hint: Any, value: Any, where: str) -> Any:
    """`value` as `hint` wants it: a dataclass, a mapping, a tuple, a union with None, or a plain type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if len(options := _options_of(hint)) > 1:
        wanted = next(each for each in options if each is not types.NoneType)
        return None if value is None else _typed(wanted, value, where)
    if dataclasses.is_dataclass(hint):
        return _record(hint, value, where)
    if origin is Mapping:
        key_type, of = arguments
        known = _expect(dict, value, where)
        return {key_type(key): _typed(of, each, f"{where}: {key!r}") for key, each in known.items()}
    if origin is tuple:
        items = _expect(list, value, where)
        of_each = [arguments[0]] * len(items) if arguments[-1] is Ellipsis else arguments
        if len(items) != len(of_each):
            _refuse(f"a list of {len(of_each)}", value, where)
        return tuple(
            _typed(of, item, f"{where}[{at}]") for at, (of, item) in enumerate(zip(of_each, items, strict=True))
        )
    # A whole number is a float as well, and stays as it was written.
    return value if hint is float and type(value) is int else _expect(hint, value, where)


def _record(kind: Any, value: Any, where: str) -> Any:
    known, hints = _expect(dict, value, where), _hints_of(kind)
    if unknown := known.keys() - hints.keys():
        raise ValueError(f"{where}: {kind.__name__} has no field {min(unknown)!r}")
    arguments = {}
    for name, each in known.items():
        hint, scalars = hints[name]
        arguments[name] = each if type(each) in scalars else _typed(hint, each, f"{where}: {name!r}")
    try:
        return kind(**arguments)
    except TypeError as error:  # names the fields that are missing
        raise ValueError(f"{where}: {error}") from None


@cache
def _hints_of(kind: Any) -> dict[str, tuple[Any, frozenset[type]]]:
    """Type of each field, and the plain types whose values are taken as they are."""
    hints = typing.get_type_hints(kind)
    return {name: (hint, frozenset(set(_options_of(hint)) & {*_SCALARS})) for name, hint in hints.items()}


def _options_of(hint: Any) -> tuple[Any, ...]:
    """The members of a union; another type is its only one."""
    return typing.get_args(hint) if typing.get_origin(hint) in {types.UnionType, typing.Union} else (hint,)


def _expect(kind: type, value: Any, where: str) -> Any:
    return value if type(value) is kind else _refuse(kind.__name__, value, where)


def _refuse(wanted: str, value: Any, where: str) -> Never:
    raise ValueError(f"{where}: expected {wanted}, found {type(value).__name__} {reprlib.repr(value)}")
