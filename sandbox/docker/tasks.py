"""What containers are to do, in the order in which they get it."""

import math
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from codecrucible.sandbox.docker.worker import Check


@dataclass(slots=True, kw_only=True)
class Task:
    """Something a container is to do.

    Attributes:
        number: Of the task; its answer carries it.
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
    check: Check | None
    patience_s: float
    future: Future[Any]
    read: Callable[[dict[str, Any]], Any]
    deadly: Callable[[str, str], Any]
    deaths: int = 0
    starvations: int = 0
    alone: bool = False


class TaskQueue:
    """Hands tasks to the lanes that serve it.

    A task whose first attempt proved nothing (its container died, or other work on the machine kept it from running)
    is done again when all others are done, one at a time and with nothing else running. What comes meanwhile waits.

    Attributes:
        lanes: How many serve it.
    """

    def __init__(self) -> None:
        self._ready: SimpleQueue[Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._unsettled = 0
        self._again: deque[Task] = deque()
        self._held: deque[Task] = deque()
        self._one_alone = False
        self.lanes = 0

    @property
    def part(self) -> int:
        """How many of the tasks that wait one lane may have, where all are to have as many."""
        return math.ceil(self._ready.qsize() / max(1, self.lanes))

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
        return self._ready.get(block=block)

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
        self._ready.put(None)

    def drain(self) -> list[Task]:
        """Every task that nobody has taken; they are no longer in the queue."""
        with self._lock:
            waiting = [*self._again, *self._held]
            self._again.clear()
            self._held.clear()
            ends = 0
            while not self._ready.empty():
                task = self._ready.get()
                if task is None:
                    ends += 1
                else:
                    waiting.append(task)
                    self._unsettled -= 1
            for _ in range(ends):
                self._ready.put(None)
            return waiting

    def _hand_out(self, task: Task) -> None:
        self._unsettled += 1
        self._ready.put(task)

    def _go_on(self) -> None:
        if self._unsettled:
            return
        self._one_alone = bool(self._again)
        if self._one_alone:
            self._hand_out(self._again.popleft())
        while self._held and not self._one_alone:
            self._hand_out(self._held.popleft())
