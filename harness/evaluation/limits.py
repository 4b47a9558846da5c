"""The limits of a run's executions: what a problem's own reference needs on this machine, times a factor.

A limit of so many seconds says another thing on each machine. Here CPU seconds are `max(floor, factor x reference)`,
where the reference solution is measured through the same executor before anything of the run is executed. Each
measurement goes into a cache as it comes in, so that neither a run that is ended meanwhile nor the next one measures
again. The limits that follow stay in the run folder, so that a run that is resumed judges by those it began with.
"""

import contextlib
import os
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from queue import SimpleQueue
from statistics import median
from typing import Any

from codecrucible.benchmarks import Benchmark, Problem, PromptForm, extract, job_for
from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.common.codec import dumps, loads
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.limit_defaults import REFERENCE_LIMITS, WALL_PER_CPU
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.provenance import machine
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.records import image_id_of, job_sha256
from codecrucible.sandbox import Ending, Execution, Executor, Job, Limits, SandboxLost

#: Where the factor brings a reference to this many floors, the median of several runs counts. Far beyond them chance
#: moves a limit by little, and a run costs most.
_NEAR_FLOOR = (0.5, 2.0)
_RUNS_NEAR_FLOOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """Limits of each problem of a run.

    Attributes:
        floor: Limits of every problem that is not in `cpu_s`.
        cpu_s: CPU seconds of the problems whose reference asks for more than the floor, by problem id.
    """

    floor: Limits
    cpu_s: Mapping[str, float]

    def of(self, problem_id: str) -> Limits:
        """The limits of a program of that problem."""
        cpu_s = self.cpu_s.get(problem_id)
        if cpu_s is None:
            return self.floor
        return replace(self.floor, cpu_s=cpu_s, wall_s=max(self.floor.wall_s, WALL_PER_CPU * cpu_s))


def limits_of(manifest: Manifest) -> RunLimits:
    """The limits that the run's executions are under, as far as they are fixed yet."""
    return RunLimits(floor=manifest.limits.floor, cpu_s=manifest.problem_cpu_s or {})


def fix_limits(writer: RunWriter, benchmark: Benchmark, executor: Executor, progress: Progress) -> None:
    """Measure the references of the run's problems and write its limits down, unless that was done before.

    Raises:
        SandboxUnavailable: the executor runs nothing; the limits are not fixed then.
    """
    manifest = writer.folder.manifest
    floor, cpu_factor = manifest.limits.floor, manifest.limits.cpu_factor
    if manifest.problem_cpu_s is not None or not cpu_factor:
        return
    limits, failed = measured_limits(benchmark, executor, progress, floor=floor, cpu_factor=cpu_factor)
    writer.record_problem_cpu_s(dict(limits.cpu_s), failed=failed)


def measured_limits(
    benchmark: Benchmark, executor: Executor, progress: Progress, *, floor: Limits, cpu_factor: float
) -> tuple[RunLimits, tuple[str, ...]]:
    """Limits of each problem, from what its reference needs here, and the problems whose reference did not pass.

    Args:
        benchmark: Whose references.
        executor: Runs them.
        progress: Gets "measure" advances.
        floor: The least limits that any problem has.
        cpu_factor: What a reference's CPU seconds are multiplied by; above 0.

    Raises:
        SandboxUnavailable: the executor runs nothing.
    """
    limits = {}
    measured = reference_cpu_s(benchmark, executor, progress, floor_s=floor.cpu_s / cpu_factor)
    for problem_id, reference_s in measured.items():
        cpu_s = round(cpu_factor * reference_s, 2)
        if cpu_s > floor.cpu_s:
            limits[problem_id] = cpu_s
    referenced = (problem.problem_id for problem in benchmark.problems if problem.reference)
    failed = tuple(problem_id for problem_id in referenced if problem_id not in measured)
    return RunLimits(floor=floor, cpu_s=limits), failed


def reference_cpu_s(
    benchmark: Benchmark, executor: Executor, progress: Progress, *, floor_s: float
) -> dict[str, float]:
    """CPU seconds of each problem's reference solution on the machine of `executor`, by problem id.

    A problem whose reference does not pass is left out. Measured once for a benchmark's data, an image and a machine.

    Args:
        benchmark: Whose references.
        executor: Runs them.
        progress: Gets "measure" advances.
        floor_s: CPU seconds near which the median of several runs counts.

    Raises:
        SandboxUnavailable: the executor runs nothing.
    """
    facts = executor.describe()
    image_id = image_id_of(facts)
    measured = _Measured(_entry(benchmark, image_id, facts))
    jobs = {problem.problem_id: _job(problem) for problem in benchmark.problems if problem.tested}
    keys = {problem_id: job_sha256(job, image_id) for problem_id, job in jobs.items()}
    wanted = {key: jobs[problem_id] for problem_id, key in keys.items() if measured.wants(key, floor_s=floor_s)}
    if wanted:
        _measure(wanted, measured, executor, progress, floor_s=floor_s)
    return {problem_id: median(measured.runs[key]) for problem_id, key in keys.items() if key in measured.runs}


def _job(problem: Problem) -> Job:
    program = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
    return job_for(problem, program, limits=REFERENCE_LIMITS)


def _measure(
    jobs: Mapping[str, Job], measured: "_Measured", executor: Executor, progress: Progress, *, floor_s: float
) -> None:
    """Run each job as often as it is wanted: all at once, and again as soon as it is known that once is not enough."""
    done: SimpleQueue[tuple[str, Future[Execution]]] = SimpleQueue()

    def submit(key: str) -> None:
        executor.submit(jobs[key]).add_done_callback(lambda future: done.put((key, future)))

    progress.stage("measure", total=len(jobs))
    for key in jobs:
        submit(key)
    running = len(jobs)
    while running:
        key, future = done.get()
        running -= 1
        with contextlib.suppress(SandboxLost):  # nothing is known of this one; the floor holds
            execution = future.result()
            if execution.ending is Ending.COMPLETED:
                measured.add(key, execution.cpu_s)
                if measured.wants(key, floor_s=floor_s):
                    running += 1
                    progress.grow("measure")
                    submit(key)
        progress.advance("measure")


class _Measured:
    """Runs of references, each a line of a file from the moment that it ended.

    Attributes:
        runs: CPU seconds of each run, by the hash of the job.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.runs: dict[str, list[float]] = {}
        lines: list[bytes] = []
        with contextlib.suppress(OSError):
            lines = path.read_bytes().split(b"\n")
        # A line that was cut off is not continued.
        self._before = b"\n" if lines and lines[-1] else b""
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):  # a damaged line is measured again
                key, cpu_s = loads(line)
                if type(key) is str and type(cpu_s) is float and 0 <= cpu_s < inf:
                    self.runs.setdefault(key, []).append(cpu_s)

    def wants(self, key: str, *, floor_s: float) -> bool:
        """Whether that job is to be run, or once more."""
        runs = self.runs.get(key, [])
        least, most = _NEAR_FLOOR
        return not runs or (len(runs) < _RUNS_NEAR_FLOOR and least * floor_s <= median(runs) <= most * floor_s)

    def add(self, key: str, cpu_s: float) -> None:
        """Add a run, and write it down; other processes may write into the same file."""
        self.runs.setdefault(key, []).append(cpu_s)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(fd, self._before + dumps([key, float(cpu_s)]).encode() + b"\n")
                self._before = b""
            finally:
                os.close(fd)


def _entry(benchmark: Benchmark, image_id: str, facts: Mapping[str, Any]) -> Path:
    """File for what was measured of this data with this image on this machine."""
    engine = facts.get("engine", {})
    name = text_sha256(dumps([benchmark.sha256, image_id, machine(), dict(engine), *facts.get("nodes", [])]))
    return cache_home() / "references" / f"{name}.jsonl"
