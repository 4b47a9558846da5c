"""The real executor: one warm container a core, each with a runner that forks a process a program."""

import atexit
import itertools
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Self

from codecrucible.sandbox.case_check import CasesCheck
from codecrucible.sandbox.docker import answers_frame as answers
from codecrucible.sandbox.docker import cases_frame as cases
from codecrucible.sandbox.docker import engine, images, referee_frame
from codecrucible.sandbox.docker import exit_code_frame as exit_code
from codecrucible.sandbox.docker import unittest_frame as unittests
from codecrucible.sandbox.docker.expected_values import ExpectedValues, chained
from codecrucible.sandbox.docker.lane import Lane
from codecrucible.sandbox.docker.observed import deadly_job, deadly_scan, execution_of, lost, scan_of
from codecrucible.sandbox.docker.scanning import SCAN_S, ScannerTasks, Scanning, scanner_worker
from codecrucible.sandbox.docker.tasks import Task, TaskQueue, done, failed
from codecrucible.sandbox.docker.worker import SharedCheck, Worker, command
from codecrucible.sandbox.errors import ImageMissing, SandboxError, SandboxUnavailable
from codecrucible.sandbox.image.conclude import WALL_STRETCH
from codecrucible.sandbox.job import AnswersCheck, Ending, Execution, FamilyCheck, Job, Strength, UnittestCheck
from codecrucible.sandbox.languages import FAMILIES, RUNTIMES, Family
from codecrucible.sandbox.limits import Limits
from codecrucible.sandbox.policy import Policy
from codecrucible.sandbox.scan import Scan, ScanState
from codecrucible.sandbox.scanners import SCANNERS

#: Seconds on top of a job's own, and of what it may wait for a core, before its container is given up.
_PATIENCE_S = 30.0

# Programs get uids from here on; the kernel counts processes by uid over all containers, so workers do not share any.
_FIRST_UID, _UIDS = 20_000, 20_000
# As many again for the families of languages, which share them in equal parts.
_FIRST_FAMILY_UID, _FAMILY_UIDS = 40_000, 20_000 // 40
#: Wide, so that a busy machine is not taken for a broken language.
_TRIAL_LIMITS = Limits(cpu_s=20.0, wall_s=60.0)


class DockerExecutor:
    """Runs jobs in containers, as many at a time as the engine has cores.

    Args:
        image: Tag or id of the sandbox image; None for the one that fits this version.
        workers: Containers at a time; None for one a core.
        policy: How far they are shut off; None for the default.
        scanned: Languages whose scanners start together with the workers; others start when they are asked for.
        executes: Whether jobs will come. If not, no container for programs is started, and a job that comes all the
            same does not start.

    Raises:
        EngineUnavailable: if no engine answers.
        ImageMissing: if the image is not built.
        PolicyNotApplied: if a container is not shut off as asked.
        SandboxUnavailable: if a container does not start.
    """

    def __init__(
        self,
        image: str | None = None,
        workers: int | None = None,
        policy: Policy | None = None,
        *,
        scanned: Collection[str] = (),
        executes: bool = True,
    ) -> None:
        self._executes = executes
        self._policy = policy or Policy()
        client = engine.connect()
        try:
            with engine.reaching_engine():
                self._engine = engine.facts(client)
                engine.prune_containers(client)
            self._image_info = images.find(client) if image is None else None
        finally:
            client.close()
        runtime, runtimes = self._policy.runtime, self._engine["runtimes"]
        if runtime and runtime not in runtimes:
            raise SandboxUnavailable(
                f"the engine has no runtime called {runtime!r}, only {', '.join(runtimes)}: add it to the engine's "
                "configuration, or choose another one with CRUCIBLE_RUNTIME"
            )
        self._image = image or (self._image_info.id if self._image_info else "")
        self._image_facts = images.as_json(self._image_info) if self._image_info else {"id": self._image}
        self._workers = workers or int(self._engine["cores"])
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._failure: SandboxError | None = None
        self._jobs = TaskQueue()
        start = partial(scanner_worker, self._policy)
        self._scanning = Scanning(start, self._open_lane, self._image, self._image_facts)
        self._families: dict[str, tuple[TaskQueue, dict[str, Any]]] = {}
        self._trying = threading.Lock()
        self._tried: dict[str, tuple[Future[Execution], Future[Execution]]] = {}
        self._expected = ExpectedValues()
        self._lanes: list[Lane] = []
        self._hello: dict[str, Any] = {}
        self._cores: list[str] = []
        try:
            with ThreadPoolExecutor(1) as beside:
                beside.submit(self._start_scanners, scanned)
                if executes:
                    self._start_workers()
        except BaseException:
            self.close()  # a scanner may have started
            raise
        atexit.register(self.close)

    def _start_workers(self) -> None:
        with engine.placing():
            with engine.connected() as client:
                self._cores = engine.least_used_cores(client, int(self._engine["cores"]))
            self._hello = self._open_lanes(self._start_worker, self._jobs)

    def _start_scanners(self, languages: Collection[str]) -> None:
        with suppress(SandboxError):  # whoever asks for it is told
            for language in languages:
                self.prepare_scanner(language)

    def _open_lanes(self, start: Callable[[int], Worker], tasks: TaskQueue) -> dict[str, Any]:
        """Start a container for each worker, all at once, and open their lanes; what the first one said of itself."""
        starts = [partial(start, index) for index in range(self._workers)]
        with ThreadPoolExecutor(self._workers) as pool:
            attempts = [pool.submit(start) for start in starts]
        errors = [error for attempt in attempts if (error := attempt.exception())]
        if errors:
            for attempt in attempts:
                if not attempt.exception():
                    attempt.result().close()
            raise errors[0]
        for attempt, restart in zip(attempts, starts, strict=True):
            self._open_lane(attempt.result(), restart, tasks)
        return attempts[0].result().hello

    def _start_worker(self, index: int) -> Worker:
        each = _UIDS // self._workers
        runner = command("runner", _FIRST_UID + index * each, each, self._policy.program_memory_bytes)
        return Worker(self._image, self._policy, runner, cores=self._cores[index % len(self._cores)])

    def _start_family_worker(self, family: Family, image: str, policy: Policy, index: int) -> Worker:
        each = _FAMILY_UIDS // self._workers
        first = _FIRST_FAMILY_UID + list(FAMILIES).index(family.name) * _FAMILY_UIDS + index * each
        runner = command("exit_code", first, each, policy.program_memory_bytes, ",".join(family.preload))
        return Worker(image, policy, runner, cores=self._cores[index % len(self._cores)])

    def _start_family(self, family: Family) -> None:
        """Start the containers of `family`, unless they run already.

        Raises:
            ImageMissing: if the image of the family is not built.
            SandboxError: if its containers do not start, or the executor is closed or broken.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if family.name not in self._families:
                image = images.find(family=family)
                policy = exit_code.policy_of(family, self._policy)
                tasks = TaskQueue()
                hello = self._open_lanes(partial(self._start_family_worker, family, image.id, policy), tasks)
                told = {"image": images.as_json(image), "toolchain": hello["toolchain"], "policy": policy.to_json()}
                self._families[family.name] = tasks, told

    def _open_lane(self, worker: Worker, restart: Callable[[], Worker], tasks: TaskQueue) -> None:
        lane = Lane(worker, restart, tasks, self._break)
        self._lanes.append(lane)
        lane.start()

    def prepare(self, language: str) -> None:
        """Start the containers for programs of `language` that are judged by exit status. See `Executor.prepare`."""
        right, wrong = self.try_out(language)
        if right.ending is not Ending.COMPLETED or wrong.ending is not Ending.ASSERTION:
            raise SandboxUnavailable(
                f"{language} is not judged as it should be here: a right program ended as {right.ending}, and a wrong "
                f"one as {wrong.ending}; no verdict would be worth anything. See `crucible sandbox doctor --languages "
                f"{language}`."
            )

    def try_out(self, language: str) -> tuple[Execution, Execution]:
        """What was observed of the right and the wrong program that `language` is declared with, executed once.

        Raises:
            ImageMissing: if its image is not built.
            SandboxUnavailable: if the language is not declared.
            SandboxError: if its containers do not start, or the programs do not.
        """
        if language not in RUNTIMES:
            known = ", ".join(RUNTIMES)
            raise SandboxUnavailable(f"nothing here executes {language!r}; there are {known}")
        self._start_family(FAMILIES[RUNTIMES[language].family])
        with self._trying:
            if language not in self._tried:
                check, trials = RUNTIMES[language].trial_check, RUNTIMES[language].trials(_TRIAL_LIMITS)
                right, wrong = (self._enqueue_to_family(job, check) for job in trials)
                self._tried[language] = right, wrong
            right, wrong = self._tried[language]
        try:
            if RUNTIMES[language].printer and right.result().strength is not Strength.ANSWERS:
                raise SandboxUnavailable(f"what prints the answers of {language} does not work here")
            return right.result(), wrong.result()
        except SandboxError:
            self._tried.pop(language, None)  # nothing is known of the language
            raise

    def submit(self, job: Job) -> Future[Execution]:
        """Future of what was observed of `job`. See `Executor.submit`."""
        if not self._executes:
            return failed(SandboxUnavailable("the job did not start: this executor was started to scan alone"))
        in_family = isinstance(job.check, FamilyCheck) and job.language in RUNTIMES
        policy = (
            exit_code.policy_of(FAMILIES[RUNTIMES[job.language].family], self._policy) if in_family else self._policy
        )
        allowed = policy.program_memory_bytes
        if job.limits.memory_bytes > allowed:
            return failed(
                SandboxUnavailable(
                    f"the job may use {job.limits.memory_bytes} bytes of memory, and the containers leave a program "
                    f"{allowed}: start the executor with a Policy of more memory_bytes"
                )
            )
        if isinstance(job.check, FamilyCheck):
            return self._submit_to_family(job, job.check)
        if job.language != "python":
            return failed(SandboxUnavailable(f"no referee tests {job.language!r}, only 'python': use ExitCodeCheck"))
        header, parts, check = referee_frame.frame_of(job, job.check)
        read = partial(execution_of, Strength.REFEREE)
        return self._enqueue(self._jobs, header, parts, check, job.limits.wall_s, read, deadly_job)

    def _submit_to_family(self, job: Job, check: FamilyCheck) -> Future[Execution]:
        try:
            self.prepare(job.language)
            return self._enqueue_to_family(job, check)
        except (ValueError, SandboxError) as error:
            return failed(SandboxUnavailable(f"the job did not start: {error}"))

    def _enqueue_to_family(self, job: Job, check: FamilyCheck) -> Future[Execution]:
        """Future of what was observed of `job`, whose family has been started.

        Raises:
            ValueError: if its tests are not what its language ends tests with, or nothing prints its answers.
        """
        tasks, told = self._families[RUNTIMES[job.language].family]
        if isinstance(check, AnswersCheck):
            key = answers.expected_key(job.language, check, told["image"]["id"])
            ask = partial(self._ask_expected, tasks, job.language, check)
            return chained(self._expected.of(key, ask), partial(self._enqueue_answers, tasks, job, check))
        if isinstance(check, CasesCheck):
            header, parts = cases.frame_of(job, check)
            own_s, strength = cases.longest_s(job.limits, check, job.language), Strength.CASES
        elif isinstance(check, UnittestCheck):
            header, parts = unittests.frame_of(job, check)
            own_s, read = unittests.longest_s(job.limits, check, job.language), partial(unittests.read, check)
            return self._enqueue(tasks, header, parts, None, own_s, read, deadly_job)
        else:
            header, parts = exit_code.frame_of(job, check)
            own_s, strength = exit_code.longest_s(job.limits, job.language), Strength.CONTROL
        return self._enqueue(tasks, header, parts, None, own_s, partial(execution_of, strength), deadly_job)

    def _ask_expected(self, tasks: TaskQueue, language: str, check: AnswersCheck) -> Future[dict[str, Any]]:
        header, parts = answers.expected_frame(language, check)
        own_s = answers.longest_s(answers.EXPECTED_LIMITS, language)
        return self._enqueue(tasks, header, parts, None, own_s, dict, partial(lost, "the expected values of its tests"))

    def _enqueue_answers(
        self, tasks: TaskQueue, job: Job, check: AnswersCheck, printed: dict[str, Any]
    ) -> Future[Execution]:
        expected = answers.read_expected(printed)
        if expected is None:
            control = check.control
            return self._enqueue_to_family(job, control) if control else done(answers.unprintable(printed))
        header, parts = answers.frame_of(job, check, expected)
        read = partial(answers.read, job.language, check, expected)
        return self._enqueue(tasks, header, parts, None, answers.longest_s(job.limits, job.language), read, deadly_job)

    def run(self, job: Job) -> Execution:
        """What was observed of `job`; as `submit`, and waits."""
        return self.submit(job).result()

    def prepare_scanner(self, language: str) -> None:
        """Start the container that scans sources in `language`. See `Executor.prepare_scanner`."""
        if language in SCANNERS:
            with suppress(ImageMissing):  # each scan will say so
                self._scanner(language)

    def submit_scan(self, source: str, *, language: str = "python") -> Future[Scan]:
        """Future of what `SCANNERS` has for `language` says of `source`. Their container starts with the first call."""
        if language not in SCANNERS:
            return done(Scan(state=ScanState.NO_SCANNER, reason=f"nothing here scans {language!r}"))
        try:
            scanner = self._scanner(language)
        except ImageMissing as error:
            return done(Scan(state=ScanState.NO_SCANNER, reason=str(error)))
        except SandboxError as error:
            return failed(SandboxUnavailable(str(error)))
        header, parts = {"language": language}, (source.encode("utf-8", "surrogatepass"),)
        name = scanner.names[language]
        read, deadly = partial(scan_of, name), partial(deadly_scan, name)
        return self._enqueue(scanner.tasks, header, parts, None, SCAN_S, read, deadly)

    def _scanner(self, language: str) -> ScannerTasks:
        """The scanner of `language`, whose container is started unless it runs already.

        Raises:
            ImageMissing: if the image is not built.
            SandboxError: if the container does not start, or the executor is closed or broken.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            return self._scanning.of(language)

    def _enqueue(
        self,
        tasks: TaskQueue,
        header: Mapping[str, Any],
        parts: Sequence[bytes],
        check: SharedCheck | None,
        own_s: float,
        read: Callable[[dict[str, Any]], Any],
        deadly: Callable[[str, str], Any],
    ) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._failure is not None:
                return failed(SandboxUnavailable(f"the job did not start: {self._failure}"))
            number = next(self._numbers)
            tasks.put(
                Task(
                    number=number,
                    header={"id": number, **header},
                    parts=parts,
                    check=check,
                    patience_s=WALL_STRETCH * own_s + _PATIENCE_S,
                    future=future,
                    read=read,
                    deadly=deadly,
                )
            )
        return future

    def _break(self, error: SandboxError) -> None:
        """Fail what waits and what comes: no container can be had any more, or the executor is closed."""
        with self._lock:
            self._failure = self._failure or error
            for tasks in self._queues():
                for task in tasks.drain():
                    if task.future.running() or task.future.set_running_or_notify_cancel():
                        task.future.set_exception(SandboxUnavailable(f"the job did not start: {error}"))

    def _queues(self) -> tuple[TaskQueue, ...]:
        families = (tasks for tasks, _ in self._families.values())
        return self._jobs, *families, *self._scanning.queues

    def describe(self) -> Mapping[str, Any]:
        """Facts for the run folder: engine, image, runtime, versions inside, workers, policy.

        `families` holds image, toolchain versions and policy of each family of languages that jobs came for so far, and
        `scanners` image and version of each scanner that sources came for.
        """
        return {
            "engine": self._engine,
            "image": self._image_facts,
            **{name: self._hello[name] for name in ("python", "numpy", "kernel", "machine") if self._executes},
            "bandit": self._image_info.bandit if self._image_info else "",
            "flawfinder": self._image_info.flawfinder if self._image_info else "",
            "workers": self._workers,
            "policy": self._policy.to_json(),
            "families": {name: told for name, (_, told) in self._families.items()},
            "scanners": self._scanning.describe(),
        }

    @property
    def failure(self) -> SandboxError | None:
        """Why nothing is run any more: no container can be had, or the executor is closed."""
        return self._failure

    @property
    def restarts(self) -> int:
        """Containers that died and were replaced so far."""
        return sum(lane.restarts for lane in self._lanes)

    @property
    def inside(self) -> Mapping[str, Any]:
        """What PID 1 of a worker sees of its container, see `sandbox.image.inside.facts`."""
        return self._hello

    def close(self) -> None:
        """Stop and remove every container that was started. May be called twice."""
        atexit.unregister(self.close)
        self._break(SandboxUnavailable("the sandbox is closed"))
        for lane in self._lanes:
            lane.stop()
        for lane in self._lanes:
            lane.join()
        with suppress(SandboxError), engine.connected() as client:
            engine.prune_containers(client)  # what an engine that was killed left of one that it was removing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
