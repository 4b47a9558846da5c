"""Processes for work that turns out to be much."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from queue import SimpleQueue
from typing import Any, Self, TypeVar

ITEMS_WORTH_A_PROCESS = 300  # fewer pairs of programs are compared in the time that a process takes to start
CHUNK = 32  # tens of milliseconds of comparing

One = TypeVar("One")
Other = TypeVar("Other")

_SERVE = "from codecrucible.reports.likeness.work_pool import serve; serve()"


class WorkPool:
    """Maps functions over items, in other processes from when there were many; a context manager.

    They are processes of our own, since those of `multiprocessing` are either forked, and the caller may hold threads
    (torch, the container engine), or import the caller's script again, which need not be made for that.

    Args:
        workers: Processes at most, one for each `ITEMS_WORTH_A_PROCESS` items; with 1, `map` does everything in this.
        worth: So many items are mapped in this process, before others are started.
    """

    def __init__(self, workers: int, *, worth: int = ITEMS_WORTH_A_PROCESS) -> None:
        self.workers, self._left = workers, worth
        self._submitted = 0
        self._processes: list[_Process] = []
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work-pool")

    def map(self, function: Callable[[One], Other], items: Sequence[One]) -> Iterable[Other]:
        """What `function`, which can be pickled, makes of each item, in their order."""
        self._left -= len(items)
        if self._left >= 0 or self.workers == 1:
            return map(function, items)
        chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
        futures = [self.submit(function, chunk) for chunk in chunks]
        return chain.from_iterable(future.result() for future in futures)

    def submit(self, function: Callable[[One], Other], items: Sequence[One]) -> Future[list[Other]]:
        """Future of what `function`, which can be pickled, makes of each item in another process."""
        self._submitted += len(items)
        if len(self._processes) < min(self.workers, 1 + self._submitted // ITEMS_WORTH_A_PROCESS):
            self._processes.append(_Process())
            self._idle.put(self._processes[-1])
        return self._threads.submit(self._call, function, items)

    def _call(self, function: Callable[[One], Other], items: Sequence[One]) -> list[Other]:
        process = self._idle.get()
        try:
            return process.call(function, items)
        finally:
            self._idle.put(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()


class _Process:
    """Another process, and the pipes to it."""

    def __init__(self) -> None:
        path = os.pathsep.join(sys.path)
        self._child = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
        )

    def call(self, function: Callable[[One], Other], items: Sequence[One]) -> list[Other]:
        """What `function` makes of each item.

        Raises:
            RuntimeError: the process is gone.
            Exception: what the function raised.
        """
        assert self._child.stdin is not None  # noqa: S101  # both are pipes
        assert self._child.stdout is not None  # noqa: S101
        try:
            pickle.dump((function, items), self._child.stdin)
            self._child.stdin.flush()
            made, error = pickle.load(self._child.stdout)  # noqa: S301  # our own process wrote it
        except (OSError, EOFError) as gone:
            raise RuntimeError(f"a process for {function} ended with status {self._child.wait()}") from gone
        if error is not None:
            raise error
        return made  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let it end."""
        self._child.communicate()


def serve() -> None:
    """Do what comes in through stdin until it is closed, and answer through stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started this process
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    while True:
        try:
            function, items = pickle.load(sys.stdin.buffer)  # noqa: S301  # the one that started this process wrote it
        except EOFError:
            return
        answer: tuple[list[Any] | None, Exception | None]
        try:
            answer = [function(item) for item in items], None
        except Exception as error:  # noqa: BLE001  # raised where the work was asked for
            answer = None, error
        pickle.dump(answer, answers)
        answers.flush()
