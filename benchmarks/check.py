"""Whether a benchmark measures what it says: every reference passes, a stub nowhere, and the tests call the stub."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.extraction import PromptForm, extract
from benchmarks.judging import Judgement, job_for, judge
from benchmarks.multipl_e.translation import REACHED
from benchmarks.problem import Benchmark, Problem, Verdict
from sandbox.executor import Executor
from sandbox.job import Execution, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """A reference that did not pass or a stub that did.

    Attributes:
        problem_id: The benchmark's task id.
        completion: "reference" or "stub".
        judgement: What became of it.
    """

    problem_id: str
    completion: str
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproxiable:
    """A problem whose tests cannot be put to a program in another process: its own reference does not get through.

    Attributes:
        problem_id: The benchmark's task id.
        reason: What cannot travel.
        known: Whether the benchmark says so itself, in `Problem.unproxiable`.
    """

    problem_id: str
    reason: str
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadRow:
    """A problem that no completion can pass, by what the benchmark declares or by what its stub shows.

    Attributes:
        problem_id: The benchmark's task id.
        cause: What the benchmark declares, else what was observed.
        fault: What is wrong with the declaration, "" if it says what the stub shows.
    """

    problem_id: str
    cause: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check of one benchmark found.

    Attributes:
        benchmark: Its name.
        problems: Problems checked.
        stubs: Problems that have a stub. One with cases has none: its data tells whether a silent program passes.
        references: Problems that have a reference.
        references_passed: References that passed; all of them should.
        stubs_passed: Stubs that passed; none should.
        offenders: Each reference that did not pass and each stub that did, in the order of the problems; without the
            references of `unproxiable`.
        unproxiable: Problems that the referee cannot judge, in their order.
        dead: Problems that no completion can pass, in their order.
    """

    benchmark: str
    problems: int
    stubs: int
    references: int
    references_passed: int
    stubs_passed: int
    offenders: tuple[Offender, ...]
    unproxiable: tuple[Unproxiable, ...]
    dead: tuple[DeadRow, ...]

    @property
    def ok(self) -> bool:
        """Whether no stub passed, every reference did, and what is unproxiable or dead is known to be so."""
        known = all(problem.known for problem in self.unproxiable) and not any(row.fault for row in self.dead)
        return known and not self.offenders


def check_benchmark(
    benchmark: Benchmark,
    executor: Executor,
    progress: Callable[[int, int], None] | None = None,
    *,
    limits: Limits | None = None,
) -> CheckReport:
    """What `executor` observes of every reference and of a stub for every problem.

    Args:
        benchmark: The benchmark to check.
        executor: What runs the programs.
        progress: Called with programs done and programs in all, after each.
        limits: What one program may use; the default of `Limits` if None.

    Raises:
        SandboxError: if the executor failed on a program; nothing is known of the benchmark then.
    """
    cases = [
        (problem, name, completion)
        for problem in benchmark.problems
        for name, completion in (("reference", problem.reference), ("stub", problem.stub))
        if completion
    ]
    limits = limits or Limits()
    futures = [
        executor.submit(
            job_for(problem, extract(problem, completion, form=PromptForm.COMPLETION).source, limits=limits),
        )
        for problem, _, completion in cases
    ]
    passed = {"reference": 0, "stub": 0}
    offenders = []
    unproxiable = [
        Unproxiable(problem_id=problem.problem_id, reason=problem.unproxiable, known=True)
        for problem in benchmark.problems
        if problem.unproxiable
    ]
    dead, alive = [], set()
    for done, ((problem, name, _), future) in enumerate(zip(cases, futures, strict=True), start=1):
        execution = future.result()
        judgement = judge(execution)
        has_passed = judgement.verdict is Verdict.PASSED
        passed[name] += has_passed
        if name == "reference" and has_passed and not problem.dead:
            alive.add(problem.problem_id)  # and a stub that does not run there is written for other prompts
        row = None
        if name == "stub" and not has_passed and problem.problem_id not in alive:
            row = _dead_row(problem, execution, judgement)
        if row:
            dead.append(row)
        if name == "reference" and execution.unproxiable:
            found = Unproxiable(problem_id=problem.problem_id, reason=execution.unproxiable, known=False)
            unproxiable.append(found)
        elif has_passed is (name == "stub"):
            offenders.append(Offender(problem_id=problem.problem_id, completion=name, judgement=judgement))
        if progress:
            progress(done, len(cases))
    return CheckReport(
        benchmark=benchmark.name,
        problems=len(benchmark.problems),
        stubs=sum(name == "stub" for _, name, _ in cases),
        references=sum(name == "reference" for _, name, _ in cases),
        references_passed=passed["reference"],
        stubs_passed=passed["stub"],
        offenders=tuple(offenders),
        unproxiable=tuple(unproxiable),
        dead=tuple(dead),
    )


def _dead_row(problem: Problem, execution: Execution, judgement: Judgement) -> DeadRow | None:
    """What the execution of a stub shows; None of a live problem, and of one whose stub would not say that it ran."""
    reached = REACHED not in problem.stub or REACHED in execution.stdout + execution.stderr
    if reached and not problem.dead:
        return None
    fault = ""
    if not reached and not problem.dead:
        fault = "not declared"
    elif reached is not problem.dead_by_reading:
        fault = "declared to be found by its stub, which is reached" if reached else "declared to reach its stub"
    return DeadRow(
        problem_id=problem.problem_id,
        cause=problem.dead or f"{judgement.detail}: {_error_line(execution)}",
        fault=fault,
    )


def _error_line(execution: Execution) -> str:
    """The line of the output that is most likely to say what is wrong."""
    lines = [line.strip() for line in f"{execution.stderr}\n{execution.stdout}".splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "no output")
