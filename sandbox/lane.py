"""A thread that keeps one container busy: hands it tasks, a few ahead, and replaces it when it dies."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sandbox.errors import SandboxError, SandboxUnavailable
from sandbox.worker import Worker, WorkerDied

#: Enough that a container never waits for us; more would only queue behind a slow job.
_AHEAD = 4


@dataclass(slots=True, kw_only=True)
class Task:
    """Something a container is to do.

    Attributes:
        number: Of the task; its answer carries it.
        frame: What is sent.
        patience_s: Seconds within which the answer must come.
        future: Gets the result.
        read: Result of an answer.
        deadly: Called when the container died of it, with the reason and how often it has: the result, or an
            exception, or None to try again.
        deaths: How many containers died of it.
    """

    number: int
    frame: bytes
    patience_s: float
    future: Future[Any]
    read: Callable[[dict[str, Any]], Any]
    deadly: Callable[[str, int], Any]
    deaths: int = field(default=0)


class Lane(threading.Thread):
    """Serves tasks from a queue that it may share, until it gets None.

    Args:
        worker: The container to start with.
        restart: Starts another one.
        tasks: Where tasks come from; what a dead container left undone goes back there.
        broken: Told when no container can be started any more.

    Attributes:
        restarts: Containers that died and were replaced.
    """

    def __init__(
        self,
        worker: Worker,
        restart: Callable[[], Worker],
        tasks: "SimpleQueue[Task | None]",
        broken: Callable[[SandboxError], None],
    ) -> None:
        super().__init__(daemon=True, name="sandbox-lane")
        self._worker, self._restart, self._tasks, self._broken = worker, restart, tasks, broken
        self._in_hand: deque[Task] = deque()
        self._closing = False
        self.restarts = 0

    def run(self) -> None:
        """What the thread does."""
        try:
            while self._fill():
                try:
                    for answer in self._worker.wait(self._in_hand[0].patience_s):
                        self._settle(answer)
                except WorkerDied as death:
                    if self._closing:
                        break
                    self._blame(str(death))
                    self._replace()
        except SandboxError as error:
            self._broken(error)
        finally:
            self._worker.close()
            for task in self._in_hand:
                task.future.set_exception(SandboxUnavailable("the sandbox was closed before the job had ended"))

    def stop(self) -> None:
        """End the thread now, from another one."""
        self._closing = True
        self._tasks.put(None)
        self._worker.hang_up()

    def _fill(self) -> bool:
        """Take tasks until enough are in hand; False when there is none and never will be."""
        while len(self._in_hand) < _AHEAD:
            try:
                task = self._tasks.get(block=not self._in_hand)
            except Empty:
                break
            if task is None:
                self._closing = True
                break
            if task.deaths or task.future.running() or task.future.set_running_or_notify_cancel():
                self._in_hand.append(task)
                self._worker.send(task.frame)
        return bool(self._in_hand)

    def _settle(self, answer: dict[str, Any]) -> None:
        task = self._in_hand.popleft()
        if answer["id"] != task.number:
            self._in_hand.appendleft(task)
            raise WorkerDied(f"it answered {answer['id']} where {task.number} was asked")
        if "lost" in answer:
            self._count_death(task, answer["lost"])
        else:
            task.future.set_result(task.read(answer))

    def _blame(self, why: str) -> None:
        """Hold the first task in hand to account: containers do one after another. The others never started."""
        if self._in_hand:
            self._count_death(self._in_hand.popleft(), why)
        while self._in_hand:
            self._tasks.put(self._in_hand.popleft())

    def _count_death(self, task: Task, why: str) -> None:
        task.deaths += 1
        result = task.deadly(why, task.deaths)
        if result is None:
            self._tasks.put(task)
        elif isinstance(result, BaseException):
            task.future.set_exception(result)
        else:
            task.future.set_result(result)

    def _replace(self) -> None:
        self._worker.close()
        self._worker = self._restart()
        self.restarts += 1
        if self._closing:
            self._worker.hang_up()
