"""Which rows repeat others: exactly, or by the Jaccard similarity of their runs of five tokens.

Candidates come from an index of MinHash signatures and are verified by the exact similarity, for which their texts are
read again from a file: of what was seen only the index stays in memory.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

SHINGLE = 5
"""Tokens of one shingle."""

# 120 hashes in bands of 10 find 99 % of the pairs at 0.9, and 31 % at 0.7: 1 - (1 - s**10)**12.
_BANDS = 12
_BAND_HASHES = 10
#: Rows of one band value that are compared, at most: text that very many rows share would make it quadratic.
_MOST_CANDIDATES = 16

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A row that was seen before and is like another.

    Attributes:
        number: Number of the earlier row.
        jaccard: Similarity of the two, in [0, 1].
    """

    number: int
    jaccard: float


class ExactIndex:
    """Texts that were seen, by a digest: 16 bytes and what a set takes for an entry."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def is_new(self, text: str) -> bool:
        """Whether `text` was not seen before; it is from now on."""
        digest = blake2b(text.encode(), digest_size=16).digest()
        before = len(self._seen)
        self._seen.add(digest)
        return len(self._seen) > before


class NearIndex:
    """The rows that are kept, by their MinHash signatures.

    `datasketch.MinHashLSH` would keep them in a Python set a band and a row. Here a row costs an entry a band in one
    dictionary of integers, which `tests/performance/prepare.py` measures.

    Args:
        text_of: Text of a row that was added, by its number.
        seed: Random seed of the hash functions.
    """

    def __init__(self, text_of: Callable[[int], str], *, seed: int) -> None:
        from datasketch import MinHash  # type: ignore[import-untyped]

        self._text_of = text_of
        self._empty = MinHash(num_perm=_BANDS * _BAND_HASHES, seed=seed % (1 << 32))
        self._rows: dict[int, int | list[int]] = {}

    def likenesses(self, text: str, *, at_least: float) -> tuple[list[Likeness], list[int]]:
        """Earlier rows that are as similar as `at_least`, and the keys under which `add` puts this one."""
        shingles = shingles_of(text)
        keys = self._keys(shingles)
        found = []
        for number in sorted(self._candidates(keys)):
            similarity = jaccard(shingles, shingles_of(self._text_of(number)))
            if similarity >= at_least:
                found.append(Likeness(number=number, jaccard=similarity))
        return found, keys

    def add(self, number: int, keys: Iterable[int]) -> None:
        """Remember a row under the keys of its text."""
        for key in keys:
            there = self._rows.get(key)
            if there is None:
                self._rows[key] = number
            elif isinstance(there, int):
                self._rows[key] = [there, number]
            elif len(there) < _MOST_CANDIDATES:
                there.append(number)

    def _candidates(self, keys: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for key in keys:
            there = self._rows.get(key)
            if isinstance(there, int):
                found.add(there)
            elif there is not None:
                found.update(there)
        return found

    def _keys(self, shingles: frozenset[str]) -> list[int]:
        signature: Any = self._empty.copy()
        signature.update_batch([shingle.encode() for shingle in shingles])
        bands = signature.hashvalues.reshape(_BANDS, _BAND_HASHES)
        return [
            int.from_bytes(blake2b(bytes([place]) + band.tobytes(), digest_size=8).digest())
            for place, band in enumerate(bands)
        ]


def shingles_of(text: str) -> frozenset[str]:
    """Runs of `SHINGLE` tokens in `text`; all of it if it has fewer."""
    tokens = _TOKEN.findall(text)
    if len(tokens) <= SHINGLE:
        return frozenset([" ".join(tokens)])
    return frozenset(" ".join(tokens[start : start + SHINGLE]) for start in range(len(tokens) - SHINGLE + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of the members of either that both have, in [0, 1].

    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    0.5
    """
    both = len(a & b)
    return both / (len(a) + len(b) - both)
