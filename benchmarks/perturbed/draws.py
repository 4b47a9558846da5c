"""Numbers that a text decides, the same in every version of Python."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A sequence of numbers that follows from `key` alone: SHA-256 of the key and a count.

    >>> [Draws("a").below(10), Draws("a").below(10), Draws("b").below(10)]
    [8, 8, 4]
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._count = 0

    def below(self, number: int) -> int:
        """One of 0 to `number` - 1; that they are not quite equally likely shows in no text."""
        digest = hashlib.sha256(f"{self._count}\n{self._key}".encode()).digest()
        self._count += 1
        return int.from_bytes(digest[:8], "big") % number

    def one_of(self, values: Sequence[T]) -> T:
        """One of `values`."""
        return values[self.below(len(values))]
