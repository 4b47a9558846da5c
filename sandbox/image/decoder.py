"""Reads values that a process we do not trust may have written, see `values`."""

import collections
import struct
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from .set_order import made_at_once
from .values import COMPLEX, FLOAT, INT, LENGTH, MAX_DEPTH, MAX_ITEMS

T = TypeVar("T")

_MALFORMED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, struct.error)


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
            MemoryError: if the value is too large for this process.
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
        length: int = LENGTH.unpack_from(self._data, self._at)[0]
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
        value: int = INT.unpack_from(self._data, self._at)[0]
        self._at += 4
        return value

    def _read_big_int(self, depth: int) -> int:  # noqa: ARG002
        return int.from_bytes(self._read_blob(), "little", signed=True)

    def _read_float(self, depth: int) -> float:  # noqa: ARG002
        value: float = FLOAT.unpack_from(self._data, self._at)[0]
        self._at += 8
        return value

    def _read_complex(self, depth: int) -> complex:  # noqa: ARG002
        real, imaginary = COMPLEX.unpack_from(self._data, self._at)
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
        number = LENGTH.unpack_from(self._data, self._at)[0]
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
