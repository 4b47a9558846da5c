"""The passing programs of a run, measured on the stress inputs of their problems: `crucible efficiency`.

One thread a container, each with an executor of its own, so that all runs of a problem are made in one container. What
becomes known of a problem is written when it is whole; a run that was ended resumes with the others.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from codecrucible.benchmarks import Benchmark, Verdict
from codecrucible.benchmarks.stress import StressTest, stress_tests
from codecrucible.harness.common.codec import dumps
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.limit_defaults import EFFICIENCY_ROUNDS
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.efficiency_series import REFERENCE_LIMITS, measure_beside_reference
from codecrucible.harness.evaluation.session import Outcome
from codecrucible.harness.results.report import benchmark_of, make_report
from codecrucible.harness.runs.efficiency_record import EfficiencyRecord, Role
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.records import current_judgement, image_id_of, job_sha256
from codecrucible.harness.runs.remote import mirrored
from codecrucible.harness.runs.shards import part_of
from codecrucible.sandbox import DockerExecutor, SandboxError

_FORMAT = 1
"""Format of a measurement's record; one of another format is measured again."""

_STAGE = "efficiency"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """A program that is to be measured."""

    role: Role
    source: str
    sha256: str
    measured_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """The programs of one problem that are not measured yet."""

    test: StressTest
    programs: tuple[_Program, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What a thread has to say of a task: its records, or why there are none."""

    task: _Task
    records: tuple[EfficiencyRecord, ...] = ()
    error: BaseException | None = None


def measure_efficiency(
    folder: Path,
    *,
    rounds: int = EFFICIENCY_ROUNDS,
    workers: int | None = None,
    sync: str | None = None,
    quiet: bool = False,
) -> Outcome:
    """Outcome of measuring what passed in a run and was not measured yet.

    Args:
        folder: Run folder.
        rounds: Runs of each program, and of the reference beside it.
        workers: Containers at a time; None for one a core.
        sync: URL that the folder is mirrored to, or None.
        quiet: Whether to show no progress.

    Raises:
        HarnessError: there is no run, another process writes to it, or its problems have no stress inputs.
        BenchmarkError: COFFE's data cannot be had.
        SandboxError: nothing can be executed here.
        KeyboardInterrupt: after everything known was written.
    """
    with mirrored(folder, sync), RunWriter(folder) as writer, Progress(quiet=quiet) as progress:
        manifest = writer.folder.manifest
        benchmark = benchmark_of(manifest)
        tests = stress_tests(part_of(benchmark, manifest.shard))
        if not tests:
            raise UsageError(f"{benchmark.name} has neither stress inputs nor references to measure programs against")
        failures = _measure(writer, benchmark, tests, progress, rounds=rounds, workers=workers)
        writer.sync()
        return Outcome(folder=folder, report=make_report(writer.folder, benchmark), failures=failures)


def _measure(
    writer: RunWriter,
    benchmark: Benchmark,
    tests: Mapping[str, StressTest],
    progress: Progress,
    *,
    rounds: int,
    workers: int | None,
) -> dict[str, int]:
    """Measure what is not measured yet; number of programs by what the sandbox said of them."""
    failures = Counter[str]()
    with ExitStack() as stack:
        first = stack.enter_context(DockerExecutor(workers=1))
        for language in sorted(benchmark.without_referee):
            first.prepare(language)
        facts = first.describe()
        tasks, known = _tasks(writer.folder, tests, image_id_of(facts), rounds)
        progress.stage(_STAGE, total=known + sum(len(task.programs) for task in tasks), done=known)
        cores = workers or int(facts["engine"]["cores"])
        others = [stack.enter_context(DockerExecutor(workers=1)) for _ in range(min(cores, len(tasks)) - 1)]
        for done in _done(tasks, [first, *others], rounds):
            if done.error is None:
                for record in done.records:
                    writer.append(record)
            elif isinstance(done.error, SandboxError):
                failures[f"{type(done.error).__name__}: {done.error}"] += len(done.task.programs)
            else:
                raise done.error
            progress.advance(_STAGE, len(done.task.programs))
    return dict(failures)


def _tasks(folder: RunFolder, tests: Mapping[str, StressTest], image_id: str, rounds: int) -> tuple[list[_Task], int]:
    """What is to be measured, in the benchmark's order, and how many programs are measured already."""
    measured = {record.measured_sha256 for record in folder.efficiency()}
    passing = _passing_programs(folder)
    tasks, known = [], 0
    for problem_id, test in tests.items():
        wanted = list(_programs(test, passing.get(problem_id, {}), image_id, rounds))
        missing = tuple(each for each in wanted if each.measured_sha256 not in measured)
        known += len(wanted) - len(missing)
        if missing:
            tasks.append(_Task(test=test, programs=missing))
    return tasks, known


def _passing_programs(folder: RunFolder) -> dict[str, dict[str, str]]:
    """Source of each distinct program that passed, by problem id and digest."""
    judgements, found = folder.judgements(), dict[str, dict[str, str]]()
    for sample in folder.samples():
        judgement = current_judgement(judgements, sample)
        if judgement and judgement.verdict is Verdict.PASSED:
            found.setdefault(sample.problem_id, {})[sample.program_sha256] = sample.program
    return found


def _programs(test: StressTest, passing: Mapping[str, str], image_id: str, rounds: int) -> Iterator[_Program]:
    reference = test.problem.reference_program
    beside = job_sha256(test.job(reference, limits=REFERENCE_LIMITS), image_id)

    def program(role: Role, source: str, sha256: str) -> _Program:
        own = job_sha256(test.job(source, limits=REFERENCE_LIMITS), image_id)
        decides = text_sha256(dumps([_FORMAT, role, own, beside, rounds]))
        return _Program(role=role, source=source, sha256=sha256, measured_sha256=decides)

    yield program(Role.REFERENCE, reference, text_sha256(reference))
    if test.best:
        yield program(Role.BEST, test.best, text_sha256(test.best))
    for sha256, source in passing.items():
        yield program(Role.SAMPLE, source, sha256)


# --- the threads ----------------------------------------------------------------------------------------------------


def _done(tasks: Sequence[_Task], executors: Sequence[DockerExecutor], rounds: int) -> Iterator[_Done]:
    """What becomes of each task, as it becomes known. Threads end with the task in hand if nobody asks any more."""
    waiting: SimpleQueue[_Task] = SimpleQueue()
    for task in tasks:
        waiting.put(task)
    done: SimpleQueue[_Done] = SimpleQueue()
    stopped = threading.Event()

    def work(executor: DockerExecutor) -> None:
        while not stopped.is_set():
            try:
                task = waiting.get_nowait()
            except Empty:
                return
            try:
                done.put(_Done(task=task, records=_records_of(task, executor, rounds)))
            except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
                done.put(_Done(task=task, error=error))

    for executor in executors:
        # A daemon: after Ctrl-C its executor is closed, which ends what it waits for.
        threading.Thread(target=work, args=(executor,), name=_STAGE, daemon=True).start()
    try:
        for _ in tasks:
            yield _next(done)
    finally:
        stopped.set()


def _next(done: "SimpleQueue[_Done]") -> _Done:
    while True:
        try:
            return done.get(timeout=0.2)  # in slices, so that Ctrl-C is seen
        except Empty:
            continue


def _records_of(task: _Task, executor: DockerExecutor, rounds: int) -> tuple[EfficiencyRecord, ...]:
    sources = {each.measured_sha256: each.source for each in task.programs}
    measured = measure_beside_reference(executor, task.test, sources, rounds=rounds)
    load = _load()
    return tuple(
        EfficiencyRecord(
            problem_id=task.test.problem.problem_id,
            program_sha256=each.sha256,
            measured_sha256=each.measured_sha256,
            role=each.role,
            load=load,
            **asdict(measured[each.measured_sha256]),
        )
        for each in task.programs
    )


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None
