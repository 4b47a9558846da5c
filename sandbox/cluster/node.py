"""What a node of a cluster does: it runs jobs on its own engine, many to a call."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

from codecrucible.sandbox.docker.executor import DockerExecutor
from codecrucible.sandbox.docker.images import expected_tag
from codecrucible.sandbox.errors import SandboxError, SandboxUnavailable
from codecrucible.sandbox.job import Execution, Job
from codecrucible.sandbox.policy import Policy
from codecrucible.sandbox.scan import Scan

#: An answer waits this long for others to come with it: a call costs about as much CPU time as a tenth of a program.
_LINGER_S = 0.04

Facts: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be scanned.

    Attributes:
        text: Untrusted.
        language: Name of the language, in lower case.
    """

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a node has to say at a time.

    Attributes:
        answers: What came of tasks, by their number.
        broken: Why the node runs nothing any more, if so.
    """

    answers: Mapping[int, Execution | Scan | SandboxError]
    broken: SandboxError | None


class ClusterNode:
    """Owns the executor of a node. A cluster wraps what is raised, so failures of the sandbox are returned."""

    def __init__(self) -> None:
        self._executor: DockerExecutor | None = None
        self._done: SimpleQueue[tuple[int, Future[Any]]] = SimpleQueue()

    def start(self, image_tag: str, workers: int | None, policy: Policy) -> Facts | SandboxError:
        """Start the containers; what the executor says of itself, or why it does not start.

        Args:
            image_tag: Tag of the image that the driver would take. Tags are digests of what an image is made of.
            workers: Containers at a time; None for one a core.
            policy: How far they are shut off.
        """
        if image_tag != expected_tag():
            return SandboxUnavailable(
                f"its sandbox image is {expected_tag()}, and that of the driver is {image_tag}: install the same "
                "version of codecrucible on both"
            )
        return self._telling(lambda: self._open(workers, policy))

    def prepare(self, language: str) -> Facts | SandboxError:
        """As `Executor.prepare`, and then `Executor.describe`."""
        return self._telling(lambda: self._opened.prepare(language))

    def prepare_scanner(self, language: str) -> Facts | SandboxError:
        """As `Executor.prepare_scanner`, and then `Executor.describe`."""
        return self._telling(lambda: self._opened.prepare_scanner(language))

    def exchange(self, tasks: Sequence[tuple[int, Job | Source]], wait_s: float) -> Exchange:
        """Begin `tasks`, and give what came of these and of earlier ones.

        Args:
            tasks: Numbers and what is to be done.
            wait_s: Seconds to wait for the first answer.
        """
        for number, task in tasks:
            self._submit(task).add_done_callback(partial(self._note, number))
        answers = {}
        try:
            number, future = self._done.get(timeout=wait_s)
            answers[number] = _outcome(future)
            time.sleep(_LINGER_S)
            while True:
                number, future = self._done.get_nowait()
                answers[number] = _outcome(future)
        except Empty:
            return Exchange(answers=answers, broken=self._opened.failure)

    def close(self) -> None:
        """Stop and remove the containers."""
        if self._executor is not None:
            self._executor.close()

    @property
    def _opened(self) -> DockerExecutor:
        if self._executor is None:
            raise SandboxUnavailable("the node was not started")
        return self._executor

    def _open(self, workers: int | None, policy: Policy) -> None:
        self._executor = DockerExecutor(workers=workers, policy=policy)

    def _telling(self, act: Callable[[], None]) -> Facts | SandboxError:
        try:
            act()
        except SandboxError as error:
            return error
        return self._opened.describe()

    def _note(self, number: int, future: Future[Any]) -> None:
        self._done.put((number, future))

    def _submit(self, task: Job | Source) -> Future[Any]:
        if isinstance(task, Source):
            return self._opened.submit_scan(task.text, language=task.language)
        return self._opened.submit(task)


def _outcome(future: Future[Any]) -> Execution | Scan | SandboxError:
    error = future.exception()
    if error is None:
        result: Execution | Scan = future.result()
        return result
    if isinstance(error, SandboxError):
        return error
    raise error
