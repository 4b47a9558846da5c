"""numpy's arrays as parts that can travel, imported when one does.

An array of numbers is rebuilt as an array, so that tests meet what they would meet in an ordinary interpreter: a
comparison with a list that has no single truth value, for one. Any other array stays an object of the program's own.
"""

import math
from typing import Any

import numpy as np  # type: ignore[import-not-found,unused-ignore] # in the image

_NUMBERS = frozenset(
    ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
)
_MOST_DIMENSIONS = 32
_LONGEST = 1 << 32


def parts(array: Any) -> tuple[str, tuple[int, ...], bytes]:
    """Type of the items, shape, and the items in C order.

    Raises:
        TypeError: for a subclass, whose meaning may be another, and for items that are no numbers.
    """
    if type(array) is not np.ndarray or array.dtype.str not in _NUMBERS:
        raise TypeError("no plain array of numbers")
    return array.dtype.str, array.shape, np.ndarray.tobytes(array)


def rebuilt(kind: object, shape: object, items: object) -> object:
    """The array of these parts, which may come from anybody.

    Raises:
        ValueError: if they are not those of an array.
        TypeError: as above.
    """
    if kind not in _NUMBERS or type(items) is not bytes or type(shape) is not tuple or len(shape) > _MOST_DIMENSIONS:
        raise ValueError("no parts of an array")
    if not all(type(length) is int and 0 <= length < _LONGEST for length in shape):
        raise ValueError("no shape")
    dtype = np.dtype(kind)
    if math.prod(shape) * dtype.itemsize != len(items):
        raise ValueError("a shape that does not fit the items")
    return np.frombuffer(items, dtype).reshape(shape).copy()
