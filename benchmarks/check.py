"""Whether a benchmark measures what it says: every reference passes, a stub nowhere, and the tests call the stub.

For tests that nobody else has checked, also whether they believe an answer that says yes to whatever it is asked, and
one that is always what the last test expects.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from codecrucible.benchmarks.answers.extraction import PromptForm, extract
from codecrucible.benchmarks.judging import Judgement, job_for, judge
from codecrucible.benchmarks.problem import Benchmark, Problem, RefusedRow, Verdict
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED
from codecrucible.sandbox.executor import Executor
from codecrucible.sandbox.job import Ending, Execution, ExitCodeCheck, Job, UnittestCheck
from codecrucible.sandbox.limits import Limits

#: Programs whose answer has every method there is: each says yes, and the answer itself is true or false.
_BELIEVED = """
class Answer:
    def __getattr__(self, name):
        return lambda *args, **kwargs: True
    def __bool__(self):
        return {truth}
def {name}(*args, **kwargs):
    return Answer()
"""

#: How a program ends that passes its tests, and whose passing the negative control does not confirm.
_NOT_CONFIRMED = (Ending.CONTROL_PASSED, Ending.UNCONFIRMED)
_UNTOLD = "not declared"
_REFERENCE, _STUB, _YES = "reference", "stub", "an answer that says yes to everything"
_LAST = "what the last test expects, whatever is asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """A reference that did not pass or a stub that did.

    Attributes:
        problem_id: The benchmark's task id.
        completion: "reference", "stub", or what else was tried.
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
        offenders: Each reference that did not pass, and each stub or other answer without content that did, in the
            order of the problems; without the references of `unproxiable`.
        unproxiable: Problems that the referee cannot judge, in their order.
        dead: Problems that no completion can pass, in their order.
        refused: Lines of the file that hold no problem, and were not checked.
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
    refused: tuple[RefusedRow, ...] = ()

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
        (problem, name, program)
        for problem in benchmark.problems
        for name, program in _programs(problem, vouched=benchmark.vouched)
    ]
    limits = limits or Limits()
    futures = [
        [executor.submit(job) for job in _jobs(problem, program, limits, each_change=name == _REFERENCE)]
        for problem, name, program in cases
    ]
    passed = Counter[str]()
    offenders: list[Offender] = []
    unproxiable = [
        Unproxiable(problem_id=problem.problem_id, reason=problem.unproxiable, known=True)
        for problem in benchmark.problems
        if problem.unproxiable
    ]
    dead, alive = [], set()
    for done, ((problem, name, _), future) in enumerate(zip(cases, futures, strict=True), start=1):
        executions = [each.result() for each in future]
        execution = min(executions, key=_telling)
        judgement = _with_share(judge(execution), executions)
        has_passed = judgement.verdict is Verdict.PASSED
        passed[name] += has_passed
        if name == _REFERENCE and has_passed and not problem.dead:
            alive.add(problem.problem_id)  # and a stub that does not run there is written for other prompts
        row = None
        if name == _REFERENCE and all(each.ending in _NOT_CONFIRMED for each in executions):
            cause = problem.dead or f"its own reference: {judgement.detail}"
            row = DeadRow(problem_id=problem.problem_id, cause=cause, fault="" if problem.dead else _UNTOLD)
            alive.add(problem.problem_id)  # the stub has nothing to add
        elif name == _STUB and not has_passed and problem.problem_id not in alive:
            row = _dead_row(problem, execution, judgement)
        if row:
            dead.append(row)
        if name == _REFERENCE and execution.unproxiable:
            found = Unproxiable(problem_id=problem.problem_id, reason=execution.unproxiable, known=False)
            unproxiable.append(found)
        elif has_passed is (name != _REFERENCE) and not row:
            offender = Offender(problem_id=problem.problem_id, completion=name, judgement=judgement)
            if offender not in offenders[-1:]:  # the answers that say yes are two, and said once
                offenders.append(offender)
        if progress:
            progress(done, len(cases))
    if not benchmark.vouched:
        offenders += [_constant(problem) for problem in benchmark.problems if _expects_one_value(problem)]
        places = {problem.problem_id: place for place, problem in enumerate(benchmark.problems)}
        offenders.sort(key=lambda offender: places[offender.problem_id])
    return CheckReport(
        benchmark=benchmark.name,
        problems=len(benchmark.problems),
        stubs=sum(name == _STUB for _, name, _ in cases),
        references=sum(name == _REFERENCE for _, name, _ in cases),
        references_passed=passed[_REFERENCE],
        stubs_passed=passed[_STUB],
        offenders=tuple(offenders),
        unproxiable=tuple(unproxiable),
        dead=tuple(dead),
        refused=benchmark.refused,
    )


def _programs(problem: Problem, *, vouched: bool) -> Iterator[tuple[str, str]]:
    """What each program that is tried on a problem is called, and its source."""
    for name, completion in ((_REFERENCE, problem.reference), (_STUB, problem.stub)):
        if completion:
            yield name, extract(problem, completion, form=PromptForm.COMPLETION).source
    if (
        not vouched
        and problem.language == "python"
        and not (problem.cases or problem.changes or problem.calls or problem.reader or problem.methods)
    ):
        for truth in (True, False):
            yield _YES, _BELIEVED.format(truth=truth, name=problem.entry_point)
        if expected := _last_expected(problem.tests):
            yield _LAST, f"def {problem.entry_point}(*args, **kwargs):\n    return {expected}\n"


def _expects_one_value(problem: Problem) -> bool:
    """Whether several calls expect the same value. Not of Python, where a program that answers it is tried."""
    expected = {assertion.expected for assertion in problem.assertions}
    return problem.tolerance is not None and len(problem.assertions) > 1 and len(expected) == 1


def _constant(problem: Problem) -> Offender:
    """What passes where every call expects the same; known without executing it."""
    detail = (
        f"every call expects {problem.assertions[0].expected[:100]}, so a function that answers nothing else passes"
    )
    judgement = Judgement(verdict=Verdict.PASSED, reason="one_value", detail=detail)
    return Offender(problem_id=problem.problem_id, completion=_LAST, judgement=judgement)


def _last_expected(tests: str) -> str:
    """Source of the value that the last `assert` compares a call with; "" where there is none, or no other `assert`."""
    asserts = sorted((node for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Assert)), key=_line_of)
    if len(asserts) > 1 and isinstance(test := asserts[-1].test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        for side in (test.left, test.comparators[0]):
            if not any(isinstance(each, ast.Call | ast.Name) for each in ast.walk(side)):
                return ast.unparse(side)
    return ""


def _line_of(node: ast.Assert) -> int:
    return node.lineno


def _jobs(problem: Problem, program: str, limits: Limits, *, each_change: bool) -> list[Job]:
    """The job of a program; a job a change if each is to be the negative control for once, and not one by chance."""
    job = job_for(problem, program, limits=limits)
    if each_change and isinstance(job.check, UnittestCheck):
        return [replace(job, check=replace(job.check, every=True))]
    if not each_change or not isinstance(job.check, ExitCodeCheck):
        return [job]
    checks = [replace(job.check, changes=(change,)) for change in job.check.changes]
    return [replace(job, check=check) for check in checks]


def _telling(execution: Execution) -> int:
    """Rank of what is told of a reference first. A change that does not compile is no harm if another does."""
    order = (Ending.CONTROL_PASSED, Ending.COMPLETED, Ending.UNCONFIRMED)
    return order.index(execution.ending) if execution.ending in order else -1


def _with_share(judgement: Judgement, executions: Sequence[Execution]) -> Judgement:
    """The judgement, saying how many changes of the tests it is of if it is not of all."""
    accepted = sum(execution.ending is Ending.CONTROL_PASSED for execution in executions)
    if not 0 < accepted < len(executions):
        return judgement
    return replace(judgement, detail=f"{judgement.detail}: {accepted} of the {len(executions)} that may be drawn")


def _dead_row(problem: Problem, execution: Execution, judgement: Judgement) -> DeadRow | None:
    """What the execution of a stub shows; None of a live problem, and of one whose stub would not say that it ran."""
    reached = REACHED not in problem.stub or REACHED in execution.stdout + execution.stderr
    if reached and not problem.dead:
        return None
    fault = ""
    if not reached and not problem.dead:
        fault = _UNTOLD
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
