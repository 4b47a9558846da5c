"""Processes for work that turns out to be much."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Self, TypeVar

ITEMS_WORTH_A_POOL = 4000  # fewer pairs of programs are compared in the time that the processes take to start
CHUNK = 16  # tens of milliseconds of comparing

One = TypeVar("One")
Other = TypeVar("Other")


class WorkPool:
    """Maps functions over items, in other processes from when there were many; a context manager.

    Args:
        workers: Processes; 1 does everything in this one.
        worth: So many items are done in this process, before others are started.
    """

    def __init__(self, workers: int, *, worth: int = ITEMS_WORTH_A_POOL) -> None:
        self._workers, self._left = workers, worth
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[One], Other], items: Sequence[One]) -> Iterable[Other]:
        """What `function`, which can be pickled, makes of each item, in their order."""
        self._left -= len(items)
        if self._left >= 0 or self._workers == 1:
            return map(function, items)
        if self._pool is None:
            # Started anew rather than forked: the caller may hold threads (torch, the container engine).
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        return self._pool.map(function, items, chunksize=CHUNK)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
