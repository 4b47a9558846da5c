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
from typing import Any, ClassVar, TypeVar

from .set_order import history_of, made_at_once

T = TypeVar("T")

MAX_BYTES = 16 << 20
MAX_DEPTH = 200
MAX_ITEMS = 2_000_000

_INT = struct.Struct("<i")
_SMALLEST, _LARGEST = -(1 << 31), (1 << 31) - 1
_LENGTH = struct.Struct("<I")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")

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
            out.append(b"i" + _INT.pack(value))
        else:
            self._write_blob(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True), out)

    def _write_float(self, value: float, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"d" + _FLOAT.pack(value))

    def _write_complex(self, value: complex, out: list[bytes], depth: int) -> None:  # noqa: ARG002
        out.append(b"c" + _COMPLEX.pack(value.real, value.imag))

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
        out.append(b"D" + _LENGTH.pack(len(value)))
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
        out.append(b"o" + _LENGTH.pack(self._opaque(value)))

    def _write_blob(self, tag: bytes, blob: bytes, out: list[bytes]) -> None:
        if len(blob) > MAX_BYTES:
            raise NotData("too large")
        out.append(tag + _LENGTH.pack(len(blob)))
        out.append(blob)

    def _write_items(self, tag: bytes, items: list[object] | tuple[object, ...], out: list[bytes], depth: int) -> None:
        out.append(tag + _LENGTH.pack(len(items)))
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


_MALFORMED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError, struct.error)


class Decoder:
    """Reads values that a process we do not trust may have written.

    Args:
        named: Objects that may arrive by name.
        opaque: Object for a number that names one of the other side's.
    """

    def __init__(self, named: Mapping[str, object], opaque: Callable[[int], object]) -> None:
        self._named = named
        self._opaque = opaque
        self._data = b""
        self._at = 0
        self._items = 0

    def decode(self, data: bytes) -> Any:
        """The value of `data`.

        Raises:
            ValueError: if the bytes are not one well-formed value within the caps.
        """
        self._data, self._at, self._items = data, 0, 0
        try:
            value = self._read(0)
        except _MALFORMED as error:
            raise ValueError(f"not a value: {type(error).__name__}") from error
        if self._at != len(data):
            raise ValueError("not a value: bytes left over")
        return value

    def _read(self, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise ValueError("too deep or too many items")
        tag = self._data[self._at]
        self._at += 1
        return self._READERS[tag](self, depth)

    def _length(self) -> int:
        length: int = _LENGTH.unpack_from(self._data, self._at)[0]
        self._at += 4
        # Each item takes a byte at least: a length that lies is refused before anything is allocated for it.
        if length > len(self._data) - self._at:
            raise ValueError("longer than the data")
        return length

    def _read_blob(self) -> bytes:
        length = self._length()
        blob = self._data[self._at : self._at + length]
        self._at += length
        return blob

    def _read_items(self, depth: int) -> list[Any]:
        return [self._read(depth + 1) for _ in range(self._length())]

    def _read_int(self, depth: int) -> int:  # noqa: ARG002
        value: int = _INT.unpack_from(self._data, self._at)[0]
        self._at += 4
        return value

    def _read_big_int(self, depth: int) -> int:  # noqa: ARG002
        return int.from_bytes(self._read_blob(), "little", signed=True)

    def _read_float(self, depth: int) -> float:  # noqa: ARG002
        value: float = _FLOAT.unpack_from(self._data, self._at)[0]
        self._at += 8
        return value

    def _read_complex(self, depth: int) -> complex:  # noqa: ARG002
        real, imaginary = _COMPLEX.unpack_from(self._data, self._at)
        self._at += 16
        return complex(real, imaginary)

    def _read_str(self, depth: int) -> str:  # noqa: ARG002
        return self._read_blob().decode("utf-8", "surrogatepass")

    def _read_dict(self, depth: int) -> dict[Any, Any]:
        length = self._length()
        value = {}
        for _ in range(length):
            key = self._read(depth + 1)
            value[key] = self._read(depth + 1)
        return value

    def _read_all(self, kind: type[T], depth: int) -> list[T]:
        """Items of that very type; of others a constructor may make more than was sent: `Fraction("1e999999999")`."""
        items = self._read_items(depth)
        if any(type(item) is not kind for item in items):
            raise ValueError("items of another type")
        return items

    def _read_range(self, depth: int) -> range:
        start, stop, step = self._read_all(int, depth)
        return range(start, stop, step)

    def _read_values_view(self, depth: int) -> object:
        return dict(enumerate(self._read_items(depth))).values()

    def _read_decimal(self, depth: int) -> object:
        from decimal import Decimal

        (text,) = self._read_all(str, depth)
        return Decimal(text)

    def _read_fraction(self, depth: int) -> object:
        from fractions import Fraction

        numerator, denominator = self._read_all(int, depth)
        return Fraction(numerator, denominator)

    def _read_datetime(self, depth: int) -> object:
        from datetime import datetime

        (text,) = self._read_all(str, depth)
        return datetime.fromisoformat(text)

    def _read_date(self, depth: int) -> object:
        from datetime import date

        (text,) = self._read_all(str, depth)
        return date.fromisoformat(text)

    def _read_time(self, depth: int) -> object:
        from datetime import time

        (text,) = self._read_all(str, depth)
        return time.fromisoformat(text)

    def _read_timedelta(self, depth: int) -> object:
        from datetime import timedelta

        days, seconds, microseconds = self._read_all(int, depth)
        return timedelta(days, seconds, microseconds)

    def _read_array(self, depth: int) -> object:
        from . import arrays

        return arrays.rebuilt(*self._read_items(depth))

    def _read_object(self, depth: int) -> object:  # noqa: ARG002
        number = _LENGTH.unpack_from(self._data, self._at)[0]
        self._at += 4
        return self._opaque(number)

    def _read_constant(self, depth: int) -> bool | None:  # noqa: ARG002
        return {b"n": None, b"T": True, b"F": False}[self._data[self._at - 1 : self._at]]

    def _read_bytes(self, depth: int) -> bytes:  # noqa: ARG002
        return self._read_blob()

    def _read_bytearray(self, depth: int) -> bytearray:  # noqa: ARG002
        return bytearray(self._read_blob())

    def _read_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._read_items(depth))

    def _read_set(self, depth: int) -> set[Any]:
        return set(self._read_items(depth))

    def _read_set_at_once(self, depth: int) -> set[Any]:
        return made_at_once(self._read_items(depth))

    def _read_frozenset(self, depth: int) -> frozenset[Any]:
        return frozenset(self._read_items(depth))

    def _read_frozenset_at_once(self, depth: int) -> frozenset[Any]:
        return frozenset(dict.fromkeys(self._read_items(depth)))

    def _read_deque(self, depth: int) -> object:
        return collections.deque(self._read_items(depth))

    def _read_iterator(self, depth: int) -> object:
        return iter(self._read_items(depth))

    def _read_keys_view(self, depth: int) -> object:
        return dict.fromkeys(self._read_items(depth)).keys()

    def _read_pairs_view(self, depth: int) -> object:
        return dict(self._read_items(depth)).items()

    def _read_named(self, depth: int) -> object:  # noqa: ARG002
        return self._named[self._read_blob().decode("ascii")]

    _READERS: ClassVar[dict[int, Callable[[Any, int], Any]]] = {
        ord("n"): _read_constant,
        ord("T"): _read_constant,
        ord("F"): _read_constant,
        ord("i"): _read_int,
        ord("I"): _read_big_int,
        ord("d"): _read_float,
        ord("c"): _read_complex,
        ord("s"): _read_str,
        ord("y"): _read_bytes,
        ord("Y"): _read_bytearray,
        ord("l"): _read_items,
        ord("t"): _read_tuple,
        ord("S"): _read_set,
        ord("U"): _read_set_at_once,
        ord("Z"): _read_frozenset,
        ord("X"): _read_frozenset_at_once,
        ord("D"): _read_dict,
        ord("r"): _read_range,
        ord("q"): _read_deque,
        ord("K"): _read_keys_view,
        ord("V"): _read_values_view,
        ord("P"): _read_pairs_view,
        ord("g"): _read_iterator,
        ord("N"): _read_decimal,
        ord("Q"): _read_fraction,
        ord("E"): _read_datetime,
        ord("A"): _read_date,
        ord("M"): _read_time,
        ord("W"): _read_timedelta,
        ord("a"): _read_array,
        ord("B"): _read_named,
        ord("o"): _read_object,
    }
