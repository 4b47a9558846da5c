"""Dataclasses to JSON objects and back, strictly.

Reading rejects unknown keys, missing keys and values of another type, and names the place. `json` keeps lone
surrogates as escapes, so every str survives the round trip.
"""

import dataclasses
import json
import reprlib
import types
import typing
from collections.abc import Callable, Hashable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from codecrucible.harness.common.errors import BadRecord

T = TypeVar("T")

_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))
_AS_THEY_ARE = frozenset((str, int, float, bool, types.NoneType))

UNLESS_DEFAULT: Mapping[str, bool] = types.MappingProxyType({"unless_default": True})
"""`metadata` of a field that JSON has only where its value is another than the default."""

INLINE: Mapping[str, bool] = types.MappingProxyType({"inline": True})
"""`metadata` of a field that is a dataclass whose own fields stand in its place in JSON, one level up."""


def dumps(value: Any) -> str:
    """One line of JSON: ASCII, without NaN and without spaces that carry nothing."""
    return _ENCODER.encode(value)


def loads(text: str | bytes) -> Any:
    """Value of a JSON text that anybody may have written.

    Raises:
        ValueError: if it is none, or is nested too deep to be read.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def to_json(record: Any) -> dict[str, Any]:
    """JSON object of a dataclass instance; nested dataclasses become objects, tuples become lists."""
    written: dict[str, Any] = {}
    cls: Any = type(record)
    for name, field in _fields(cls).items():
        value = getattr(record, name)
        if field.inlined:
            written |= to_json(value)
        elif field.left_out is dataclasses.MISSING or value != field.left_out:
            written[name] = value if type(value) in _AS_THEY_ARE else _plain(value)
    return written


def _default(field: "dataclasses.Field[Any]") -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _plain(value: Any) -> Any:
    cls: Any = type(value)
    written_as = _written_as(cls)
    return written_as(value) if written_as else value


@cache
def _written_as(cls: Any) -> Callable[[Any], Any] | None:
    """What makes JSON of a value of that type; None where it is taken as it is."""
    if dataclasses.is_dataclass(cls):
        return to_json
    if issubclass(cls, StrEnum):
        return attrgetter("value")
    if issubclass(cls, tuple | list):
        return lambda items: [_plain(item) for item in items]
    if issubclass(cls, Mapping):
        return lambda items: {key: _plain(item) for key, item in items.items()}
    return None


def from_json(cls: type[T], value: Any, *, where: str) -> T:
    """Instance of the dataclass `cls` built from the JSON object `value`.

    Args:
        cls: A dataclass whose fields are str, int, float, bool, StrEnum, None-able, dict, tuple[X, ...], dataclasses,
            or unions of dataclasses, which are told apart by their fields.
        value: What `json.loads` returned.
        where: File and line, for the message.

    Raises:
        BadRecord: on a missing or unknown key, a value of another type, or one that `cls` refuses with a `ValueError`;
            names `where` and the field.
    """
    if not isinstance(value, dict):
        raise BadRecord(f"{where}: expected a JSON object, found {_kind(value)}")
    expected = _fields(typing.cast("Hashable", cls))
    if unknown := value.keys() - _keys(typing.cast("Hashable", cls)).keys():
        keys = ", ".join(_keys(typing.cast("Hashable", cls)))
        raise BadRecord(f"{where}: unknown field {min(unknown)!r} (a {cls.__name__} has {keys})")
    arguments = {}
    for name, field in expected.items():
        if field.inlined:
            own = {key: value[key] for key in field.inlined if key in value}
            arguments[name] = from_json(field.hint, own, where=where)
        elif name in value:
            item = value[name]
            fits = type(item) in field.scalars  # of a run's millions of values all but a few
            arguments[name] = item if fits else _typed(field.hint, item, where=f"{where}: field {name!r}")
        elif field.required:
            raise BadRecord(f"{where}: field {name!r} is missing")
    try:
        return cls(**arguments)
    except ValueError as error:
        raise BadRecord(f"{where}: {error}") from None


def differing(one: Any, other: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Name and both values, as JSON and not too long, of each part in which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one | other:
            yield from differing(one.get(key), other.get(key), f"{name}.{key}".lstrip("."))
    elif loads(dumps(one)) != loads(dumps(other)):  # a tuple and its list are one
        yield name, dumps(one)[:99], dumps(other)[:99]


class _Field(typing.NamedTuple):
    """What a field takes, and how it is written.

    Attributes:
        hint: Its type.
        scalars: The types whose values are taken as they stand.
        required: Whether it has no default.
        inlined: Keys that stand in its place; () unless it is `INLINE`.
        left_out: The value at which it is not written; MISSING where it always is.
    """

    hint: Any
    scalars: tuple[type, ...]
    required: bool
    inlined: tuple[str, ...]
    left_out: Any


@cache
def _fields(cls: Any) -> dict[str, _Field]:
    hints = typing.get_type_hints(cls)
    return {
        field.name: _Field(
            hint=hints[field.name],
            scalars=_scalars(hints[field.name]),
            required=field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
            inlined=tuple(_keys(hints[field.name])) if field.metadata == INLINE else (),
            left_out=_default(field) if field.metadata == UNLESS_DEFAULT else dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
    }


@cache
def _keys(cls: Any) -> dict[str, None]:
    """The keys that the JSON object of a dataclass may have, in order."""
    fields = _fields(cls).items()
    return dict.fromkeys(key for name, field in fields for key in field.inlined or (name,))


def _scalars(hint: Any) -> tuple[type, ...]:
    options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    return tuple(each for each in options if each in (str, int, float, bool, types.NoneType))


def _typed(hint: Any, value: Any, *, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        options = typing.get_args(hint)
        if value is None and type(None) in options:
            return None
        rest = [option for option in options if option is not type(None)]
        classes = [option for option in rest if dataclasses.is_dataclass(option)]
        told_apart = len(classes) > 1 and isinstance(value, dict)
        return _typed(_nearest(classes, value) if told_apart else rest[0], value, where=where)
    if origin is tuple:
        if not isinstance(value, list):
            raise BadRecord(f"{where}: expected a list, found {_kind(value)}")
        item_hint = typing.get_args(hint)[0]
        scalars = _scalars(item_hint)
        return tuple(
            item if type(item) in scalars else _typed(item_hint, item, where=f"{where}[{i}]")
            for i, item in enumerate(value)
        )
    if hint is Any:
        return value
    if origin in (dict, Mapping):
        if not isinstance(value, dict):
            raise BadRecord(f"{where}: expected an object, found {_kind(value)}")
        item_hint = typing.get_args(hint)[1]
        if item_hint is Any:
            return value
        return {key: _typed(item_hint, item, where=f"{where}[{key!r}]") for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast("type[Any]", hint), value, where=where)
    if issubclass(hint, StrEnum):
        try:
            return hint(value)
        except ValueError:
            raise BadRecord(f"{where}: {value!r} is not one of {', '.join(hint)}") from None
    return _scalar(hint, value, where=where)


def _nearest(options: list[Any], value: dict[str, Any]) -> Any:
    """The dataclass among `options` that fits the object's keys best; of two that do, the one with fewer fields."""

    def distance(option: Any) -> tuple[int, int]:
        expected = _fields(typing.cast("Hashable", option))
        missing = [name for name, field in expected.items() if field.required and name not in value]
        return len(value.keys() - expected.keys()) + len(missing), len(expected)

    return min(options, key=distance)


def _scalar(hint: type, value: Any, *, where: str) -> Any:
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise BadRecord(f"{where}: expected {hint.__name__}, found {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    return f"{type(value).__name__} {reprlib.repr(value)}"
