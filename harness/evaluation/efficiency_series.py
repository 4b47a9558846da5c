"""Programs of one problem measured beside its reference, run after run in the same container.

Each run is a process of its own that has seen nothing before, and is timed from outside of it. In each round the
reference runs, then a few programs, then the reference again, and so on: what slows one of them down slows down what it
is compared with. What start, arguments and answers cost is measured in the same round and taken off both sides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from codecrucible.benchmarks import judge
from codecrucible.benchmarks.stress import StressTest
from codecrucible.harness.common.limit_defaults import EFFICIENCY_ROUNDS
from codecrucible.harness.runs.efficiency_record import UnderStress
from codecrucible.sandbox import Ending, Execution, Executor, Job, Limits

NOISE_S, NOISE_SHARE = 0.001, 0.15
"""CPU seconds that nothing is told by: at least, and as a share of those that were measured; see docs/efficiency.md."""

#: A program may use so many times what the reference does, and no less than so many CPU seconds.
LIMIT_FACTOR, LEAST_LIMIT_S = 10.0, 2.0
#: Of the reference, while it is found out which inputs can be used: more tells nothing that these do not.
_USABLE_LIMITS = Limits(cpu_s=4.0, wall_s=300.0)
REFERENCE_LIMITS = Limits(cpu_s=60.0, wall_s=300.0)

#: Programs between two runs of the reference.
_BETWEEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What became of one program; see `EfficiencyRecord`."""

    state: UnderStress
    inputs: int = 0
    left_out: int = 0
    rounds: int = 0
    cpu_s: float = 0.0
    reference_cpu_s: float = 0.0
    overhead_cpu_s: float = 0.0
    cpu_ratio: float | None = None
    memory_bytes: int = 0
    reference_memory_bytes: int = 0
    waited_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """One run of a program, the reference's before it, and the overhead in CPU seconds at that time."""

    program: Execution
    reference: Execution
    overhead_s: float

    @property
    def cpu_ratio(self) -> float:
        return ratio_of(self.program.cpu_s, self.reference.cpu_s, self.overhead_s)


@dataclass(slots=True, kw_only=True)
class _Contestant:
    """A program that is being measured: its runs so far, and what put it out, if anything did."""

    job: Job
    runs: list[_Beside] = field(default_factory=list)
    out: Measured | None = None


def ratio_of(cpu_s: float, reference_cpu_s: float, overhead_s: float) -> float:
    """CPU seconds of a program over the reference's, both less the overhead.

    >>> ratio_of(0.012, 0.007, 0.002)
    2.0
    >>> ratio_of(0.0021, 0.0025, 0.002)  # both are below what can be told from nothing
    1.0
    """
    least_s = noise_s(overhead_s)
    return max(cpu_s - overhead_s, least_s) / max(reference_cpu_s - overhead_s, least_s)


def noise_s(cpu_s: float) -> float:
    """CPU seconds that nothing is told by, where `cpu_s` were measured."""
    return max(NOISE_S, NOISE_SHARE * cpu_s)


def measure_beside_reference(
    executor: Executor, test: StressTest, programs: Mapping[str, str], *, rounds: int = EFFICIENCY_ROUNDS
) -> dict[str, Measured]:
    """What became of each of `programs`, by its key.

    Args:
        executor: Has one container, so that everything runs in the same one.
        test: Their problem's.
        programs: Sources.
        rounds: At least 1.

    Raises:
        SandboxError: if a job did not start, or its end was not observed.
    """
    usable = _usable(executor, test)
    if isinstance(usable, Measured):
        return dict.fromkeys(programs, usable)
    test, left_out, first = usable
    overhead_jobs = test.overhead_jobs(limits=REFERENCE_LIMITS)
    if overhead_jobs and (reason := _why_not(executor, overhead_jobs)):
        return dict.fromkeys(programs, Measured(state=UnderStress.NOT_MEASURABLE, left_out=left_out, detail=reason))
    limits = _limits_beside(first.cpu_s)
    reference = test.job(test.problem.reference_program, limits=REFERENCE_LIMITS)
    contestants = {key: _Contestant(job=test.job(source, limits=limits)) for key, source in programs.items()}
    _look(executor, contestants.values(), first)
    for _ in range(rounds):
        overhead_s = _overhead_s(executor, overhead_jobs) if overhead_jobs else 0.0
        still = [each for each in contestants.values() if each.out is None]
        for start in range(0, len(still), _BETWEEN):
            before = _of_reference(executor, reference)
            for each in still[start : start + _BETWEEN]:
                _run(executor, each, before, overhead_s)
    facts = {"inputs": len(test.inputs), "left_out": left_out}
    return {key: each.out or _summary(each.runs, **facts) for key, each in contestants.items()}


def _usable(executor: Executor, test: StressTest) -> tuple[StressTest, int, Execution] | Measured:
    """The test with the inputs that the reference gets through, how many others there are, and its run on these."""
    left_out, detail = 0, ""
    while True:
        limits = _USABLE_LIMITS if len(test.inputs) > 1 else REFERENCE_LIMITS
        seen = executor.run(test.job(test.problem.reference_program, limits=limits))
        if seen.ending is Ending.COMPLETED:
            return test, left_out, seen
        detail = detail or f"the reference: {judge(seen).detail}"
        if len(test.inputs) <= 1:
            return Measured(state=UnderStress.NOT_MEASURABLE, left_out=left_out + len(test.inputs), detail=detail)
        # Inputs are parts of the tests. Where none of them can be read, no part says which one it was.
        test, left_out = test.without(min(seen.parts_completed, len(test.inputs) - 1)), left_out + 1


def _why_not(executor: Executor, jobs: Sequence[Job]) -> str:
    """Why the overhead cannot be measured; "" if it can."""
    for job in jobs:
        seen = executor.run(job)
        if seen.ending is not Ending.COMPLETED:
            return f"what takes the arguments and works nothing out: {judge(seen).detail}"
    return ""


def _limits_beside(reference_cpu_s: float) -> Limits:
    cpu_s = max(LEAST_LIMIT_S, LIMIT_FACTOR * reference_cpu_s)
    return Limits(cpu_s=cpu_s, wall_s=60.0 + 3 * cpu_s)


def _look(executor: Executor, contestants: Iterable[_Contestant], first: Execution) -> None:
    """Run each once, and see who does not get through; what it took is not counted."""
    for each in contestants:
        each.out = _put_out(executor.run(each.job), first)


def _run(executor: Executor, each: _Contestant, before: Execution, overhead_s: float) -> None:
    seen = executor.run(each.job)
    each.out = _put_out(seen, before)
    each.runs.append(_Beside(program=seen, reference=before, overhead_s=overhead_s))


def _of_reference(executor: Executor, job: Job) -> Execution:
    """A run of the reference; one that does not get through is repeated once."""
    seen = executor.run(job)
    return seen if seen.ending is Ending.COMPLETED else executor.run(job)


def _overhead_s(executor: Executor, jobs: Sequence[Job]) -> float:
    idle, echo, silent = (executor.run(job).cpu_s for job in jobs)
    return idle + max(0.0, echo - silent)


def _put_out(seen: Execution, reference: Execution) -> Measured | None:
    """What became of a program that did not get through; None of one that did."""
    if seen.ending is Ending.COMPLETED:
        return None
    state, ratio = UnderStress.WRONG, None
    if seen.ending in (Ending.CPU_LIMIT, Ending.WALL_LIMIT):
        state = UnderStress.OVER_LIMIT
    elif seen.ending is Ending.MEMORY_LIMIT:
        state = UnderStress.OUT_OF_MEMORY
    if seen.ending is Ending.CPU_LIMIT:
        ratio = seen.cpu_s / max(reference.cpu_s, NOISE_S)
    return Measured(
        state=state,
        cpu_s=seen.cpu_s,
        reference_cpu_s=reference.cpu_s,
        cpu_ratio=ratio,
        memory_bytes=seen.memory_bytes,
        reference_memory_bytes=reference.memory_bytes,
        detail=judge(seen).detail,
    )


def _summary(runs: Sequence[_Beside], *, inputs: int, left_out: int) -> Measured:
    # A busy machine makes all wait for a core, in proportion to what they compute.
    slowest = max(run.reference.wall_s / max(run.reference.cpu_s, NOISE_S) for run in runs)
    waited_s = min(run.program.wall_s - slowest * run.program.cpu_s for run in runs)
    cpu_s, reference_cpu_s = median(run.program.cpu_s for run in runs), median(run.reference.cpu_s for run in runs)
    overhead_s = median(run.overhead_s for run in runs)
    differs = abs(cpu_s - reference_cpu_s) > noise_s(max(overhead_s, reference_cpu_s))
    return Measured(
        state=UnderStress.MEASURED,
        inputs=inputs,
        left_out=left_out,
        rounds=len(runs),
        cpu_s=cpu_s,
        reference_cpu_s=reference_cpu_s,
        overhead_cpu_s=overhead_s,
        cpu_ratio=median(run.cpu_ratio for run in runs) if differs else 1.0,
        memory_bytes=round(median(run.program.memory_bytes for run in runs)),
        reference_memory_bytes=round(median(run.reference.memory_bytes for run in runs)),
        waited_s=max(0.0, waited_s),
    )
