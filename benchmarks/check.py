"""Whether a benchmark measures what it says: every reference passes and a stub that does nothing passes nowhere."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.extraction import PromptForm, extract
from benchmarks.judging import Judgement, job_for, judge
from benchmarks.problem import Benchmark, Verdict
from sandbox.executor import Executor
from sandbox.job import Limits


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
class CheckReport:
    """What a check of one benchmark found.

    Attributes:
        benchmark: Its name.
        problems: Problems checked.
        references: Problems that have a reference.
        references_passed: References that passed; all of them should.
        stubs_passed: Stubs that passed; none should.
        offenders: Each reference that did not pass and each stub that did, in the order of the problems; without the
            references of `unproxiable`.
        unproxiable: Problems that the referee cannot judge, in their order.
    """

    benchmark: str
    problems: int
    references: int
    references_passed: int
    stubs_passed: int
    offenders: tuple[Offender, ...]
    unproxiable: tuple[Unproxiable, ...]

    @property
    def ok(self) -> bool:
        """Whether no stub passed and every reference did, but those of problems that are known to be unproxiable."""
        return not self.offenders and all(problem.known for problem in self.unproxiable)


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
    for done, ((problem, name, _), future) in enumerate(zip(cases, futures, strict=True), start=1):
        execution = future.result()
        judgement = judge(execution)
        has_passed = judgement.verdict is Verdict.PASSED
        passed[name] += has_passed
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
        references=len(cases) - len(benchmark.problems),
        references_passed=passed["reference"],
        stubs_passed=passed["stub"],
        offenders=tuple(offenders),
        unproxiable=tuple(unproxiable),
    )
