"""A thread that keeps one node of a cluster busy: hands it tasks, a few ahead, and passes them on when it dies."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from codecrucible.sandbox.cluster.node import Exchange, Source
from codecrucible.sandbox.errors import SandboxError, SandboxLost, SandboxUnavailable
from codecrucible.sandbox.job import Execution, Job
from codecrucible.sandbox.scan import Scan

#: Jobs, and as many scans, that a node has in hand at most for each of its containers: what these do while answers are
#: on their way. The two are counted apart, or the slower kind would fill the hand and leave nothing to do for the
#: other.
AHEAD = 32
#: At first, and where nothing is done for a while: what a node has in hand another one cannot do.
_AHEAD_OF_SLOW = 2
#: Lanes that neighbours in the queue are dealt out to, so that the samples of a slow problem are not all one node's.
_SPREAD = 8
#: Nodes that may die while they have a task, as with containers.
_LOSSES = 2
#: How often in a row a node is started again without an answer in between.
_STARTS = 2
_WAIT_S = 0.2


class NodeLost(Exception):
    """A node, or what we run on it, died."""


@dataclass(slots=True, kw_only=True)
class NodeTask:
    """Something a node is to do.

    Attributes:
        number: Number of the task; its answer carries it.
        work: The job, or the source to be scanned.
        future: Gets the result.
        losses: How many nodes died while they had it.
    """

    number: int
    work: Job | Source
    future: Future[Any]
    losses: int = 0

    @property
    def kind(self) -> type[Job | Source]:
        """Whether it is a job or a scan."""
        return type(self.work)

    def begin(self) -> bool:
        """Whether it is still wanted."""
        return self.future.running() or self.future.set_running_or_notify_cancel()


class Node(Protocol):
    """A node as the driver sees it."""

    @property
    def name(self) -> str:
        """For a person."""
        ...

    @property
    def workers(self) -> int:
        """Its containers."""
        ...

    def exchange(self, tasks: list[tuple[int, Job | Source]], wait_s: float) -> Exchange:
        """As `ClusterNode.exchange`.

        Raises:
            NodeLost: if it died.
        """
        ...

    def restart(self) -> None:
        """Start again what died on it.

        Raises:
            NodeLost: if the node itself is gone.
            SandboxError: if it does not start.
        """
        ...

    def close(self) -> None:
        """Remove what runs on it. Raises nothing."""
        ...


class Waiting:
    """Tasks that no node has, in the order in which they came; what a dead node left comes first."""

    def __init__(self) -> None:
        self._tasks: dict[type[Job | Source], deque[NodeTask]] = {Job: deque(), Source: deque()}
        self._changed = threading.Condition()
        self._failure: SandboxError | None = None

    def put(self, task: NodeTask) -> None:
        """Add a new task.

        Raises:
            SandboxError: what `close` was told.
        """
        with self._changed:
            if self._failure is not None:
                raise self._failure
            self._tasks[task.kind].append(task)
            self._changed.notify()

    def put_back(self, tasks: Iterable[NodeTask]) -> None:
        """Give back tasks that were taken."""
        back = [*tasks]
        with self._changed:
            if self._failure is None:
                for task in reversed(back):
                    self._tasks[task.kind].appendleft(task)
                self._changed.notify_all()
                return
        _fail(back, self._failure)

    def take(self, most: Mapping[type[Job | Source], int], *, lanes: int, block: bool) -> list[NodeTask]:
        """An equal part of what waits, at most so much of each kind; nothing once this is closed."""
        with self._changed:
            while block and not any(self._tasks.values()) and self._failure is None:
                self._changed.wait()
            return [task for kind, tasks in self._tasks.items() for task in _deal(tasks, most[kind], max(lanes, 1))]

    @property
    def failure(self) -> SandboxError | None:
        """What `close` was told first."""
        return self._failure

    def close(self, failure: SandboxError) -> None:
        """Fail what waits and what comes."""
        with self._changed:
            self._failure = self._failure or failure
            waiting = [task for tasks in self._tasks.values() for task in tasks]
            for tasks in self._tasks.values():
                tasks.clear()
            self._changed.notify_all()
        _fail(waiting, failure)


def _deal(tasks: deque[NodeTask], most: int, lanes: int) -> list[NodeTask]:
    """One of each few tasks from the front, as many as one of the lanes may have."""
    dealt, passed = [], []
    for _ in range(min(most, ceil(len(tasks) / lanes))):
        dealt.append(tasks.popleft())
        passed += [tasks.popleft() for _ in range(min(min(lanes, _SPREAD) - 1, len(tasks)))]
    tasks.extendleft(reversed(passed))
    return dealt


def _fail(tasks: Iterable[NodeTask], failure: SandboxError) -> None:
    """Say of each task why it did not start."""
    for task in tasks:
        if task.begin():
            task.future.set_exception(SandboxUnavailable(f"the job did not start: {failure}"))


class NodeLane(threading.Thread):
    """Serves tasks until there will be no more, or its node is gone.

    Args:
        node: What it keeps busy.
        waiting: Where tasks come from, and where those go that a dead node had.
        lanes: How many lanes there are now.
        tell: Gets a line for a person when the node dies.
        ended: Told at the end, with the reason if it is not that there will be no more.

    Attributes:
        node: As given.
        done: Answers of the node so far.
    """

    def __init__(
        self,
        node: Node,
        waiting: Waiting,
        *,
        lanes: Callable[[], int],
        tell: Callable[[str], None],
        ended: Callable[["NodeLane", str], None],
    ) -> None:
        super().__init__(daemon=True, name=f"node-lane-{node.name}")
        self.node, self.done = node, 0
        self._waiting, self._lanes, self._tell, self._ended = waiting, lanes, tell, ended
        self._in_hand: dict[int, NodeTask] = {}
        self._starts = 0
        self._ahead = _AHEAD_OF_SLOW

    def run(self) -> None:
        """What the thread does."""
        why = ""
        try:
            while not why and self._waiting.failure is None:
                why = self._serve(self._take())
        except BaseException as error:
            why = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._waiting.put_back(self._in_hand.values())
            self.node.close()
            self._ended(self, why)

    def _take(self) -> list[NodeTask]:
        """Tasks that are new in hand."""
        room = dict.fromkeys((Job, Source), self._ahead * self.node.workers)
        for task in self._in_hand.values():
            room[task.kind] -= 1
        taken = self._waiting.take(room, lanes=self._lanes(), block=not self._in_hand)
        new = [task for task in taken if task.begin()]
        self._in_hand |= {task.number: task for task in new}
        return new

    def _serve(self, new: list[NodeTask]) -> str:
        """Hand over what is new and settle what is done; why the node is of no more use, if so."""
        if not self._in_hand:
            return ""
        try:
            exchange = self.node.exchange([(task.number, task.work) for task in new], _WAIT_S)
        except NodeLost as death:
            return self._recover(str(death))
        for number, answer in exchange.answers.items():
            # What a broken node did not start is for another one; it stays in hand and is put back.
            if not (exchange.broken and isinstance(answer, SandboxUnavailable)):
                _settle(self._in_hand.pop(number).future, answer)
        self.done += len(exchange.answers)
        self._ahead = min(2 * self._ahead, AHEAD) if exchange.answers else max(self._ahead // 2, _AHEAD_OF_SLOW)
        self._starts = 0 if exchange.answers else self._starts
        return str(exchange.broken or "")

    def _recover(self, why: str) -> str:
        """Pass on what was in hand and start the node again; why it is of no more use, if so."""
        self._tell(f"{self.node.name} was lost, and {len(self._in_hand)} programs with it, which are done again: {why}")
        for task in self._in_hand.values():
            task.losses += 1
            if task.losses == _LOSSES:
                lost = SandboxLost(
                    f"{_LOSSES} nodes died while they had the job, so its end is unknown; the last: {why}"
                )
                task.future.set_exception(lost)
        self._waiting.put_back(task for task in self._in_hand.values() if task.losses < _LOSSES)
        self._in_hand.clear()
        self._starts += 1
        if self._starts > _STARTS:
            return why
        try:
            self.node.restart()
        except (NodeLost, SandboxError) as error:
            return str(error)
        return ""


def _settle(future: Future[Any], answer: Execution | Scan | SandboxError) -> None:
    if isinstance(answer, SandboxError):
        future.set_exception(answer)
    else:
        future.set_result(answer)
