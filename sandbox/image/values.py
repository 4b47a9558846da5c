"""Values as bytes, for the two processes that do not trust each other.

The referee must never run code that the player chose, so what crosses is data in a format of our own: no pickle, no
marshal. A decoder builds exact builtin objects (a list subclass whose `__eq__` is always true arrives as a list) and
turns everything that is not data into a number that names an object on the other side.
"""

import builtins
import collections
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import BuiltinFunctionType, MappingProxyType
from typing import Any, ClassVar

from .set_order import history_of

MAX_BYTES = 16 << 20
MAX_DEPTH = 200
MAX_ITEMS = 2_000_000

INT = struct.Struct("<i")
_SMALLEST, _LARGEST = -(1 << 31), (1 << 31) - 1
LENGTH = struct.Struct("<I")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")

#: Builtin types travel by their name (MBPP/533 passes `str`).
TYPES: Mapping[str, object] = MappingProxyType(
    {name: value for name, value in vars(builtins).items() if isinstance(value, type)}
)
#: The referee may pass builtin functions as well: the player is free to call what it likes.
CALLABLES: Mapping[str, object] = MappingProxyType(
    {name: value for name, value in vars(builtins).items() if isinstance(value, type | BuiltinFunctionType)}
)


def _by_identity(named: Mapping[str, object]) -> Mapping[int, str]:
    return {id(value): name for name, value in named.items()}


#: Names by `id`, for the encoders.
TYPE_NAMES = _by_identity(TYPES)
CALLABLE_NAMES = _by_identity(CALLABLES)


class NotData(Exception):
    """The value cannot travel: too deep, too large, or an object without a name on the other side."""


class Encoder:
    """Writes values.

    Args:
        names: Names of the objects that travel by name, by their `id`.
        opaque: Number for an object that is not data; raises `NotData` to refuse it.
    """

    def __init__(self, names: Mapping[int, str], opaque: Callable[[object], int]) -> None:
        self._names = names
        self._opaque = opaque
        self._items = 0

    def encode(self, value: object) -> bytes:
        """Bytes of `value`.

        Raises:
            NotData: if it, or something in it, cannot travel.
        """
        self._items = 0
        out: list[bytes] = []
        try:
            self._write(value, out, 0)
        except RecursionError as error:
            raise NotData("too deep") from error
        return b"".join(out)

    def _write(self, value: object, out: list[bytes], depth: int) -> None:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise NotData("too deep or too many items")
        writer = self._WRITERS.get(type(value))
        if writer is not None:
            writer(self, value, out, depth)
        else:
            self._write_unusual(value, out, depth)

    def _write_none(self, value: None, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"n")

    def _write_bool(self, value: bool, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"T" if value else b"F")

    def _write_int(self, value: int, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        if _SMALLEST <= value <= _LARGEST:
            out.append(b"i" + INT.pack(value))
        else:
            self._write_blob(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True), out)

    def _write_float(self, value: float, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"d" + FLOAT.pack(value))

    def _write_complex(self, value: complex, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"c" + COMPLEX.pack(value.real, value.imag))

    def _write_str(self, value: str, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        self._write_blob(b"s", value.encode("utf-8", "surrogatepass"), out)

    def _write_bytes(self, value: bytes, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        self._write_blob(b"y", value, out)

    def _write_bytearray(self, value: bytearray, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        self._write_blob(b"Y", bytes(value), out)

    def _write_list(self, value: list[object], out: list[bytes], depth: int) -> None:
        self._write_items(b"l", value, out, depth)

    def _write_tuple(self, value: tuple[object, ...], out: list[bytes], depth: int) -> None:
        self._write_items(b"t", value, out, depth)

    def _write_set(self, value: set[object], out: list[bytes], depth: int) -> None:
        at_once, items = history_of(value)
        self._write_items(b"U" if at_once else b"S", items, out, depth)

    def _write_frozenset(self, value: frozenset[object], out: list[bytes], depth: int) -> None:
        at_once, items = history_of(value)
        self._write_items(b"X" if at_once else b"Z", items, out, depth)

    def _write_dict(self, value: dict[object, object], out: list[bytes], depth: int) -> None:
        out.append(b"D" + LENGTH.pack(len(value)))
        for key, item in value.items():
            self._write(key, out, depth + 1)
            self._write(item, out, depth + 1)

    def _write_range(self, value: range, out: list[bytes], depth: int) -> None:
        self._write_items(b"r", (value.start, value.stop, value.step), out, depth)

    def _write_keys(self, value: Iterable[object], out: list[bytes], depth: int) -> None:
        self._write_items(b"K", list(value), out, depth)

    def _write_values(self, value: Iterable[object], out: list[bytes], depth: int) -> None:
        self._write_items(b"V", list(value), out, depth)

    def _write_pairs(self, value: Iterable[object], out: list[bytes], depth: int) -> None:
        self._write_items(b"P", list(value), out, depth)

    def _write_deque(self, value: Iterable[object], out: list[bytes], depth: int) -> None:
        self._write_items(b"q", list(value), out, depth)

    def _write_unusual(self, value: object, out: list[bytes], depth: int) -> None:
        """Named builtins, subclasses of data types, a few types of the standard library, iterators, objects."""
        name = self._names.get(id(value))
        if name is not None:
            self._write_blob(b"B", name.encode(), out)
            return
        for base in type(value).__mro__:
            plain = _PLAIN.get(base)
            if plain is not None:
                # The base's own method, so that an honest subclass with odd iteration travels as what it holds.
                self._write(plain(value), out, depth)
                return
            path = (base.__module__, base.__name__)
            if getattr(sys.modules.get(path[0]), path[1], None) is not base:
                continue
            if path in _NUMBERS:
                self._write(_NUMBERS[path](value), out, depth)
                return
            if path in _LIBRARY:
                tag, take = _LIBRARY[path]
                self._write_items(tag, take(value), out, depth)
                return
        if isinstance(value, Iterator):
            self._write_items(b"g", _materialised(value), out, depth)
            return
        out.append(b"o" + LENGTH.pack(self._opaque(value)))

    def _write_blob(self, tag: bytes, blob: bytes, out: list[bytes]) -> None:
        if len(blob) > MAX_BYTES:
            raise NotData("too large")
        out.append(tag + LENGTH.pack(len(blob)))
        out.append(blob)

    def _write_items(self, tag: bytes, items: list[object] | tuple[object, ...], out: list[bytes], depth: int) -> None:
        out.append(tag + LENGTH.pack(len(items)))
        for item in items:
            self._write(item, out, depth + 1)

    _WRITERS: ClassVar[dict[type, Callable[[Any, Any, list[bytes], int], None]]] = {
        type(None): _write_none,
        bool: _write_bool,
        int: _write_int,
        float: _write_float,
        complex: _write_complex,
        str: _write_str,
        bytes: _write_bytes,
        bytearray: _write_bytearray,
        list: _write_list,
        tuple: _write_tuple,
        set: _write_set,
        frozenset: _write_frozenset,
        dict: _write_dict,
        range: _write_range,
        collections.deque: _write_deque,
        type({}.keys()): _write_keys,
        type({}.values()): _write_values,
        type({}.items()): _write_pairs,
    }


def _materialised(iterator: Iterator[object]) -> list[object]:
    items = []
    for item in iterator:
        items.append(item)
        if len(items) > MAX_ITEMS:  # `itertools.count()` is an iterator too
            raise NotData("an iterator that does not end")
    return items


_PLAIN: dict[type, Callable[[Any], object]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
    bytearray: lambda value: bytearray(bytes(memoryview(value))),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    collections.deque: lambda value: collections.deque(collections.deque.__iter__(value)),
}


def _array_parts(value: object) -> tuple[object, ...]:
    from . import arrays

    try:
        return arrays.parts(value)
    except TypeError as error:
        raise NotData(str(error)) from error


# By name, so that a process need not import a module whose values it never meets: the player's zygote stays small.
_LIBRARY: dict[tuple[str, str], tuple[bytes, Callable[[Any], tuple[object, ...]]]] = {
    ("decimal", "Decimal"): (b"N", lambda value: (str(value),)),
    ("fractions", "Fraction"): (b"Q", lambda value: (value.numerator, value.denominator)),
    ("datetime", "datetime"): (b"E", lambda value: (value.isoformat(),)),
    ("datetime", "date"): (b"A", lambda value: (value.isoformat(),)),
    ("datetime", "time"): (b"M", lambda value: (value.isoformat(),)),
    ("datetime", "timedelta"): (b"W", lambda value: (value.days, value.seconds, value.microseconds)),
    ("numpy", "ndarray"): (b"a", _array_parts),
}

# numpy's scalars, which compare as the numbers that they travel as.
_NUMBERS: dict[tuple[str, str], Callable[[Any], object]] = {
    ("numpy", "bool_"): bool,
    ("numpy", "integer"): int,
    ("numpy", "floating"): float,
    ("numpy", "complexfloating"): complex,
}
