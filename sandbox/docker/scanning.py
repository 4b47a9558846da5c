"""The containers that scan sources, one for each family of scanners."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from codecrucible.sandbox.docker import images
from codecrucible.sandbox.docker.tasks import TaskQueue
from codecrucible.sandbox.docker.worker import Worker, command
from codecrucible.sandbox.languages import PYTHON, Family
from codecrucible.sandbox.policy import Policy
from codecrucible.sandbox.scanners import SCANNERS

#: Seconds that one source may take.
SCAN_S = 10

_USER = "15000:15000"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerTasks:
    """A container that scans.

    Attributes:
        tasks: What it takes its sources from.
        image: Facts of its image, for the run folder.
        names: Name and version of its scanner, by language.
    """

    tasks: TaskQueue
    image: Mapping[str, Any]
    names: Mapping[str, str]


class Scanning:
    """The scanners of an executor, each started when it is first asked for; one thread at a time may ask.

    Args:
        start: Starts a container with the scanners of a family, from the image of that id.
        open_lane: Has a container serve a queue; takes also what starts it again.
        own_image: Tag or id of the executor's own image, which has the scanners of the family `PYTHON`.
        own_facts: Facts of that image, for the run folder.
    """

    def __init__(
        self,
        start: Callable[[Family, str], Worker],
        open_lane: Callable[[Worker, Callable[[], Worker], TaskQueue], None],
        own_image: str,
        own_facts: Mapping[str, Any],
    ) -> None:
        self._start, self._open_lane = start, open_lane
        self._own_image, self._own_facts = own_image, own_facts
        self._started: dict[str, ScannerTasks] = {}

    def of(self, language: str) -> ScannerTasks:
        """The scanner of `language`, one of `SCANNERS`.

        Raises:
            ImageMissing: if its image is not built.
            SandboxError: if its container does not start.
        """
        family = SCANNERS[language]
        if family.name not in self._started:
            found = None if family is PYTHON else images.find(family=family)
            image = images.as_json(found) if found else self._own_facts
            start = partial(self._start, family, found.id if found else self._own_image)
            worker, tasks = start(), TaskQueue()
            self._open_lane(worker, start, tasks)
            self._started[family.name] = ScannerTasks(tasks=tasks, image=image, names=worker.hello["scanners"])
        return self._started[family.name]

    @property
    def queues(self) -> list[TaskQueue]:
        """What the containers take their sources from."""
        return [scanner.tasks for scanner in self._started.values()]

    def describe(self) -> dict[str, Any]:
        """Name, version and image of each scanner that was started, by language."""
        return {
            language: {"scanner": name, "image": scanner.image}
            for scanner in self._started.values()
            for language, name in scanner.names.items()
        }


def scanner_worker(policy: Policy, family: Family, image: str) -> Worker:
    """A started container with the scanners of `family`, shut off further than `policy` asks."""
    return Worker(image, replace(policy, capabilities=(), user=_USER), command("scanner", SCAN_S, family.name))
