"""What containers are to do, in the order in which they get it."""

import math
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty
from typing import Any

from codecrucible.sandbox.docker.worker import SharedCheck
from codecrucible.sandbox.errors import SandboxError
from codecrucible.sandbox.job import Execution
from codecrucible.sandbox.scan import Scan


@dataclass(slots=True, kw_only=True)
class Task:
    """Something a container is to do.

    Attributes:
        number: Number of the task; its answer carries it.
        header: What is sent, with `parts` and, for a job, `check`.
        parts: The sources.
        check: What it shares with other tasks, if anything.
        patience_s: Seconds within which the answer must come.
        future: Gets the result.
        read: Result of an answer.
        deadly: Called when containers died while they had it, with the reason, and with "memory_limit" or "wall_limit"
            where it is certain that the last one died of that limit; else "". The result, or an exception.
        deaths: How many containers died while they had it.
        starvations: How many times other work on the machine kept it from running.
        alone: Whether it is being done again with nothing else running.
    """

    number: int
    header: Mapping[str, Any]
    parts: Sequence[bytes]
    check: SharedCheck | None
    patience_s: float
    future: Future[Any]
    read: Callable[[dict[str, Any]], Any]
    deadly: Callable[[str, str], Any]
    deaths: int = 0
    starvations: int = 0
    alone: bool = False


#: Of the tasks that wait, the first so many are handed out in random order.
_WINDOW = 256


class TaskQueue:
    """Hands tasks to the lanes that serve it.

    Those that wait are handed out in random order, so that the samples of one problem are spread over containers and
    none of them knows which one was there before it.

    A task whose first attempt proved nothing (its container died, or other work on the machine kept it from running)
    is done again when all others are done, one at a time and with nothing else running. What comes meanwhile waits.

    Args:
        window: How many of the tasks that wait are drawn from.

    Attributes:
        lanes: How many serve it.
    """

    def __init__(self, window: int = _WINDOW) -> None:
        self._window = window
        self._ready: deque[Task] = deque()
        self._ends = 0
        self._lock = threading.Lock()
        self._there = threading.Condition(self._lock)
        self._unsettled = 0
        self._again: deque[Task] = deque()
        self._held: deque[Task] = deque()
        self._one_alone = False
        self.lanes = 0

    @property
    def part(self) -> int:
        """How many of the tasks that wait one lane may have, where all are to have as many."""
        return math.ceil(len(self._ready) / max(1, self.lanes))

    def put(self, task: Task) -> None:
        """Add a new task."""
        with self._lock:
            if self._one_alone:
                self._held.append(task)
            else:
                self._hand_out(task)

    def get(self, *, block: bool) -> Task | None:
        """The next task, or None when a lane is to end.

        Raises:
            queue.Empty: if there is none and `block` is false.
        """
        with self._there:
            while block and not self._ready and not self._ends:
                self._there.wait()
            if self._ready:
                drawn = random.randrange(min(self._window, len(self._ready)))  # noqa: S311 - only programs could mind
                self._ready[0], self._ready[drawn] = self._ready[drawn], self._ready[0]
                return self._ready.popleft()
            if not self._ends:
                raise Empty
            self._ends -= 1
            return None

    def settle(self) -> None:
        """Say that a task that was taken is done."""
        with self._lock:
            self._unsettled -= 1
            self._go_on()

    def again(self, task: Task) -> None:
        """Give back a task that was taken, to be done alone."""
        with self._lock:
            task.alone = True
            self._again.append(task)
            self._unsettled -= 1
            self._go_on()

    def end_one(self) -> None:
        """Make one lane end."""
        with self._there:
            self._ends += 1
            self._there.notify()

    def drain(self) -> list[Task]:
        """Every task that nobody has taken; they are no longer in the queue."""
        with self._lock:
            waiting = [*self._again, *self._held, *self._ready]
            self._unsettled -= len(self._ready)
            for tasks in (self._again, self._held, self._ready):
                tasks.clear()
            return waiting

    def _hand_out(self, task: Task) -> None:
        self._unsettled += 1
        self._ready.append(task)
        self._there.notify()

    def _go_on(self) -> None:
        if self._unsettled:
            return
        self._one_alone = bool(self._again)
        if self._one_alone:
            self._hand_out(self._again.popleft())
        while self._held and not self._one_alone:
            self._hand_out(self._held.popleft())


def done(result: Execution | Scan) -> Future[Any]:
    """A future whose result is there."""
    future: Future[Any] = Future()
    future.set_result(result)
    return future


def failed(error: SandboxError) -> Future[Any]:
    """A future that ended with an error."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
