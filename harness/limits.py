"""The limits of a run's executions: what a problem's own reference needs on this machine, times a factor.

A limit of so many seconds says another thing on each machine. Here CPU seconds are `max(floor, factor x reference)`,
where the reference solution is measured through the same executor before anything of the run is executed. What was
measured stays in the run folder, so that a run that goes on judges by the limits it began with, and in a cache, so that
the next run does not measure again.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import Benchmark, Problem, PromptForm, extract, job_for
from benchmarks.cache_folder import cache_home
from harness.codec import dumps, from_json, to_json
from harness.progress import Progress
from harness.provenance import machine
from harness.records import image_id_of, job_sha256, text_sha256
from harness.run_folder import Manifest, RunWriter
from sandbox import Ending, Execution, Executor, Job, Limits, SandboxLost

#: As EvalPlus gives a program; a solution in the reference's own way needs 1.
CPU_FACTOR = 4.0
#: Wall seconds for each CPU second, at least: another load on the machine is not the program's.
WALL_PER_CPU = 3.0
#: Of a reference while it is measured, or a benchmark checked.
REFERENCE_LIMITS = Limits(cpu_s=60.0, wall_s=180.0)
#: Where the factor brings a reference past this part of the floor, the median of several runs counts.
_NEAR_FLOOR = 0.5
_RUNS_NEAR_FLOOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """Limits of each problem of a run.

    Attributes:
        floor: Of every problem that is not in `cpu_s`.
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
    floor, _ = _rule(manifest)
    return RunLimits(floor=floor, cpu_s=manifest.problem_cpu_s or {})


def limits_json(floor: Limits, cpu_factor: float) -> dict[str, Any]:
    """What `Manifest.limits` holds; a factor of 0 leaves the floor alone."""
    return {**to_json(floor), "cpu_factor": cpu_factor}


def _rule(manifest: Manifest) -> tuple[Limits, float]:
    """Floor and factor."""
    floor = dict(manifest.limits)
    cpu_factor = float(floor.pop("cpu_factor", 0.0))
    return from_json(Limits, floor, where="run.json: limits"), cpu_factor


def fix_limits(writer: RunWriter, benchmark: Benchmark, executor: Executor, progress: Progress) -> None:
    """Measure the references of the run's problems and write its limits down, unless that was done before.

    Raises:
        SandboxUnavailable: the executor runs nothing; the limits are not fixed then.
    """
    manifest = writer.folder.manifest
    floor, cpu_factor = _rule(manifest)
    if manifest.problem_cpu_s is not None or not cpu_factor:
        return
    near_s = _NEAR_FLOOR * floor.cpu_s / cpu_factor
    limits = {}
    measured = reference_cpu_s(benchmark, executor, progress, near_s=near_s)
    for problem_id, reference_s in measured.items():
        cpu_s = round(cpu_factor * reference_s, 2)
        if cpu_s > floor.cpu_s:
            limits[problem_id] = cpu_s
    referenced = (problem.problem_id for problem in benchmark.problems if problem.reference)
    failed = tuple(problem_id for problem_id in referenced if problem_id not in measured)
    writer.record_problem_cpu_s(limits, failed=failed)


def reference_cpu_s(benchmark: Benchmark, executor: Executor, progress: Progress, *, near_s: float) -> dict[str, float]:
    """CPU seconds of each problem's reference solution on the machine of `executor`, by problem id.

    A problem whose reference does not pass is left out. Measured once for a benchmark's data, an image and a machine.

    Args:
        benchmark: Whose references.
        executor: Runs them.
        progress: Gets "measure" advances.
        near_s: From here on the median of several runs counts.

    Raises:
        SandboxUnavailable: the executor runs nothing.
    """
    facts = executor.describe()
    image_id = image_id_of(facts)
    measured = _Measured(_entry(benchmark, image_id, facts))
    jobs = {problem.problem_id: _job(problem) for problem in benchmark.problems}
    keys = {problem_id: job_sha256(job, image_id) for problem_id, job in jobs.items()}
    try:
        for number in range(1, _RUNS_NEAR_FLOOR + 1):
            wanted = {
                key: jobs[problem_id]
                for problem_id, key in keys.items()
                if measured.wants(key, number=number, near_s=near_s)
            }
            if wanted:
                _measure(wanted, measured, executor, progress)
    finally:
        measured.keep()
    return {problem_id: median(measured.runs[key]) for problem_id, key in keys.items() if key in measured.runs}


def _job(problem: Problem) -> Job:
    program = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
    return job_for(problem, program, limits=REFERENCE_LIMITS)


def _measure(jobs: Mapping[str, Job], measured: "_Measured", executor: Executor, progress: Progress) -> None:
    """Run each job once."""
    progress.stage("measure", total=len(jobs))
    futures: dict[str, Future[Execution]] = {key: executor.submit(job) for key, job in jobs.items()}
    for key, future in futures.items():
        with contextlib.suppress(SandboxLost):  # nothing is known of this one; the floor holds
            execution = future.result()
            if execution.ending is Ending.COMPLETED:
                measured.runs.setdefault(key, []).append(execution.cpu_s)
        progress.advance("measure")


class _Measured:
    """Runs of references, kept in a file.

    Attributes:
        runs: CPU seconds of each run, by the hash of the job.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.runs: dict[str, list[float]] = {}
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):  # a damaged cache is made again
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.runs = {key: [float(cpu_s) for cpu_s in runs] for key, runs in kept.items() if runs}
        self._known = dumps(self.runs)

    def wants(self, key: str, *, number: int, near_s: float) -> bool:
        """Whether the run of that number, from 1, is to be made of that job."""
        runs = self.runs.get(key, [])
        return len(runs) < number and (number == 1 or (bool(runs) and median(runs) >= near_s))

    def keep(self) -> None:
        """Write the file, if there is something new for it."""
        if dumps(self.runs) == self._known:
            return
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            part.write_text(dumps(self.runs), encoding="utf-8")
            part.replace(self._path)


def _entry(benchmark: Benchmark, image_id: str, facts: Mapping[str, Any]) -> Path:
    """File for what was measured of this data with this image on this machine."""
    engine = facts.get("engine", {})
    name = text_sha256(dumps([benchmark.sha256, image_id, machine(), dict(engine), *facts.get("nodes", [])]))
    return cache_home() / "references" / f"{name}.json"
