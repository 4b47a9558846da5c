"""A thread that keeps one container busy: hands it tasks, a few ahead, and replaces it when it dies."""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty
from typing import Any

from codecrucible.sandbox.docker.tasks import Task, TaskQueue
from codecrucible.sandbox.docker.worker import Worker, WorkerDied
from codecrucible.sandbox.errors import EngineUnavailable, SandboxError, SandboxUnavailable
from codecrucible.sandbox.image.frames import ANSWERS_AT_A_TIME

#: Enough that a container never waits for us; more would only queue behind a slow job.
_AHEAD = 2 * ANSWERS_AT_A_TIME
#: A job that takes longer is slow: nothing is to queue behind it that another container could do.
_QUICK_S = 0.1
#: Containers that may die while they have a task: the second one had nothing else to do.
_DEATHS = 2
#: How often a task may meet a limit of time for want of a core before that is taken for its end.
_STARVATIONS = 3
#: How long an engine that is gone may take to come back, and how often it is asked.
_ENGINE_PATIENCE_S, _ENGINE_LOOK_S = 60.0, 0.5


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
        tasks: TaskQueue,
        broken: Callable[[SandboxError], None],
    ) -> None:
        super().__init__(daemon=True, name="sandbox-lane")
        self._worker, self._restart, self._tasks, self._broken = worker, restart, tasks, broken
        self._in_hand: deque[Task] = deque()
        self._ahead = 1
        tasks.lanes += 1
        self._closing = False
        self.restarts = 0

    def run(self) -> None:
        """What the thread does."""
        try:
            while self._fill():
                begin = time.monotonic()
                try:
                    answers = self._worker.wait(self._in_hand[0].patience_s)
                    quick = time.monotonic() - begin < _QUICK_S * len(answers)
                    self._ahead = min(2 * self._ahead, _AHEAD) if quick else 1
                    for answer in answers:
                        self._settle(answer)
                except WorkerDied as death:
                    if self._closing:
                        break
                    self._blame(death)
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
        self._tasks.end_one()
        self._worker.hang_up()

    def _fill(self) -> bool:
        """Take tasks until enough are in hand; False when there is none and never will be.

        Enough is one until the jobs have shown that they are quick, and never more than this lane's part of what waits.
        """
        while len(self._in_hand) < max(1, min(self._ahead, self._tasks.part)):
            try:
                task = self._tasks.get(block=not self._in_hand)
            except Empty:
                break
            if task is None:
                self._closing = True
                break
            if task.alone or task.future.set_running_or_notify_cancel():
                self._in_hand.append(task)
                self._worker.send(task.header, task.parts, task.check)
            else:
                self._tasks.settle()
        return bool(self._in_hand)

    def _settle(self, answer: dict[str, Any]) -> None:
        task = self._in_hand[0]
        if answer.get("id") != task.number:
            raise WorkerDied(f"it answered {str(answer.get('id'))[:99]} where {task.number} was asked")
        lost, starved = "lost" in answer, answer.pop("starved", False)
        task.starvations += starved
        starved = starved and task.starvations < _STARVATIONS
        try:
            result = None if lost or starved else task.read(answer)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise WorkerDied(f"its answer cannot be read: {type(error).__name__}: {str(error)[:99]}") from error
        self._in_hand.popleft()
        if lost:
            self._count_death(task, task.deadly(str(answer["lost"]), ""))
        elif starved:
            self._tasks.again(task)
        else:
            task.future.set_result(result)
            self._tasks.settle()

    def _blame(self, death: WorkerDied) -> None:
        """Hold all tasks in hand to account: which of them was being done is not known, unless it was alone."""
        while self._in_hand:
            task = self._in_hand.popleft()
            # Of one that had the container to itself nobody else can have done it.
            self._count_death(task, task.deadly(str(death), self._limit_of(death) if task.alone else ""))

    def _limit_of(self, death: WorkerDied) -> str:
        """The limit that a container died of, "" if of none that is known."""
        if death.silent:
            return "wall_limit"
        return "memory_limit" if self._worker.died_for_want_of_memory() else ""

    def _count_death(self, task: Task, result: Any) -> None:
        """Have it done again, alone; if it was done again already, `result` is what became of it."""
        task.deaths += 1
        if task.deaths < _DEATHS:
            self._tasks.again(task)
            return
        if isinstance(result, BaseException):
            task.future.set_exception(result)
        else:
            task.future.set_result(result)
        self._tasks.settle()

    def _replace(self) -> None:
        """Start another container; an engine that is being restarted gets time to come back.

        Raises:
            SandboxError: if none can be had.
        """
        self._worker.close()
        until = time.monotonic() + _ENGINE_PATIENCE_S
        while True:
            try:
                self._worker = self._restart()
                break
            except EngineUnavailable:
                if self._closing or time.monotonic() > until:
                    raise
                time.sleep(_ENGINE_LOOK_S)
        self.restarts += 1
        if self._closing:
            self._worker.hang_up()
