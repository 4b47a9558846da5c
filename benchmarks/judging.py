"""What is executed for a program, and which verdict follows from what was observed."""

import signal
from dataclasses import dataclass

from codecrucible.benchmarks.answers.thinking import UNCLOSED
from codecrucible.benchmarks.in_process import in_process_check
from codecrucible.benchmarks.passed_tests import passed_tests
from codecrucible.benchmarks.problem import METHOD, Problem, Verdict
from codecrucible.sandbox.case_check import CasesCheck
from codecrucible.sandbox.job import (
    AnswersCheck,
    CallsCheck,
    Check,
    Ending,
    Execution,
    ExitCodeCheck,
    FamilyCheck,
    Job,
    Strength,
    UnittestCheck,
)
from codecrucible.sandbox.limits import Limits

_VERDICTS = {
    Ending.COMPLETED: Verdict.PASSED,
    Ending.ASSERTION: Verdict.WRONG_ANSWER,
    Ending.WRONG_OUTPUT: Verdict.WRONG_ANSWER,
    Ending.RAISED: Verdict.RUNTIME_ERROR,
    Ending.SYNTAX_ERROR: Verdict.SYNTAX_ERROR,
    Ending.COMPILE_ERROR: Verdict.COMPILE_ERROR,
    Ending.EXITED: Verdict.EARLY_EXIT,
    Ending.SIGNALLED: Verdict.CRASHED,
    Ending.CPU_LIMIT: Verdict.TIMEOUT,
    Ending.WALL_LIMIT: Verdict.TIMEOUT,
    Ending.MEMORY_LIMIT: Verdict.OUT_OF_MEMORY,
    Ending.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ending.TAMPERED: Verdict.FORGED,
    # Most who end so return what a loose comparison takes for anything, such as PHP's `true`. That is no tampering.
    Ending.CONTROL_PASSED: Verdict.WRONG_ANSWER,
    Ending.UNCONFIRMED: Verdict.WRONG_ANSWER,
}
_ACCEPTS_CHANGED_TESTS = "accepts_changed_tests"
"""The reason of a wrong answer that passed its tests and their negative control."""

_NO_PART = frozenset({Ending.OUTPUT_LIMIT, Ending.TAMPERED, Ending.CONTROL_PASSED})

_STAGES = {
    "compile": " while the program was compiled",
    "load": " while the program was loaded",
    "check": " while the tests ran",
}

REFUSED = "refused"
"""Why there is no answer: a server would not complete the prompt, or held the answer back."""

NO_ANSWERS = {
    UNCLOSED: "the thought never ends, and no draft in it counts; give more --max-new-tokens or a --reasoning-budget",
    REFUSED: "the server refused the prompt, or its filter held the answer back",
}
"""What a person is told of a completion without an answer, by the reason for that."""

_DETAIL_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one program, and why.

    Attributes:
        verdict: What became of it.
        reason: A short word for programs to read: the ending, and the stage if one is known, such as "raised:check"; of
            a wrong answer that passes with a changed expected value too, "accepts_changed_tests".
        detail: One line for a person; may hold text of the program's, so it decides nothing.
        parts_passed: Parts of the tests that the program passed, see `Benchmark.parts`.
        strength: How the verdict was established.
        tests: How many tests the problem has; 0 where their form cannot tell, see `passed_tests`.
        tests_passed: How many of them passed before the first that did not, at least.
    """

    verdict: Verdict = Verdict.UNJUDGED
    reason: str = ""
    detail: str = ""
    parts_passed: int = 0
    strength: Strength = Strength.UNKNOWN
    tests: int = 0
    tests_passed: int = 0


def job_for(problem: Problem, program: str, *, limits: Limits) -> Job:
    """Job that puts `program`, the source of one, to the tests of `problem`.

    A problem with `cases` is judged by what its program prints, one with `assertions` by its answers, and one with
    `methods` by `unittest`, the dataset's own set-up before the program. Another one with `changes` is judged by exit
    status, and so is one in Python that the referee cannot judge. Any other is judged by the referee. There the tests
    run after the dataset's own set-up, so a helper that it defines is never the program's.
    What the problem has as a `preamble` stands before all that.
    Where the problem has a `reader`, that is what is executed, and `program` is a string in it. An empty program has no
    job: `judge_empty`.

    Raises:
        ValueError: if the problem has no tests, or is unproxiable and none of its expected values can be changed.
    """
    if not problem.tested:
        raise ValueError(f"{problem.problem_id} has no tests that a program could be put to")
    check: Check | CallsCheck | FamilyCheck
    if problem.cases:
        check = CasesCheck(cases=problem.cases, comparison=problem.comparison)
    elif problem.assertions:
        check = AnswersCheck(
            tests=problem.tests,
            assertions=problem.assertions,
            result=problem.result,
            changes=problem.changes,
            tolerance=problem.tolerance,
        )
    elif problem.methods:
        check = UnittestCheck(tests=problem.tests, methods=problem.methods)
    elif problem.changes:
        check = ExitCodeCheck(tests=problem.tests, changes=problem.changes)
    elif problem.calls:
        check = CallsCheck(oracle=problem.setup, parts=problem.calls, entry_point=problem.entry_point)
    elif problem.unproxiable:
        check = in_process_check(problem)
    else:
        entry_point = METHOD if problem.method else problem.entry_point
        check = Check(setup=problem.setup, tests=problem.tests, entry_point=entry_point)
    executed = f"ANSWER = {program!a}\n{problem.reader}" if problem.reader else program
    if problem.methods:
        executed = problem.setup + program
    executed = problem.preamble + executed + _bound_method(problem)
    language = problem.runtime or problem.language
    limits = problem.limits.within(limits)
    return Job(program=executed, check=check, limits=limits, language=language, files=problem.files)


def _bound_method(problem: Problem) -> str:
    """What makes of the method that is tested a function of the program's module; "" where none is."""
    if not problem.method:
        return ""
    made = f"{problem.entry_point}().{problem.method}"
    return f"\n\n{METHOD} = {made} if {problem.entry_point!r} in globals() else {problem.method}\n"


def judge(execution: Execution, problem: Problem | None = None) -> Judgement:
    """Judgement that follows from what was observed. The ending alone decides the verdict.

    Args:
        execution: What was observed.
        problem: Whose tests the program was put to; without it, how many of them passed is left out.
    """
    tests = passed_tests(problem, execution) if problem else None
    return Judgement(
        verdict=_VERDICTS[execution.ending],
        reason=_reason(execution),
        detail=_one_line(f"{_told(execution)}: {execution.note}" if execution.note else _told(execution)),
        # Which part a flood of output began in is chance, and one who tampers or accepts changed tests passed nothing.
        parts_passed=0 if execution.ending in _NO_PART else execution.parts_completed,
        strength=execution.strength,
        tests=tests.count if tests else 0,
        tests_passed=tests.passed if tests else 0,
    )


def _reason(execution: Execution) -> str:
    if execution.ending is Ending.CONTROL_PASSED:
        return _ACCEPTS_CHANGED_TESTS
    return f"{execution.ending}:{execution.stage}" if execution.stage else str(execution.ending)


def judge_empty(no_answer: str = "") -> Judgement:
    """Judgement of a completion that leaves nothing to run, for the reason `no_answer` if one is known."""
    detail = NO_ANSWERS.get(no_answer, "the completion leaves nothing to run")
    return Judgement(verdict=Verdict.EMPTY, reason=no_answer or "empty", detail=detail)


def judge_untested() -> Judgement:
    """Judgement of a program of a problem without tests: none that any score is made of."""
    return Judgement(verdict=Verdict.UNTESTED, reason="untested", detail="the problem has no tests, so it is not run")


def _told(execution: Execution) -> str:
    stage = _STAGES.get(execution.stage, "")
    calls = f"{execution.calls} call{'' if execution.calls == 1 else 's'}"
    match execution.ending:
        case Ending.COMPLETED if execution.stage == "case":
            return f"it printed what is expected in {execution.calls} case{'' if execution.calls == 1 else 's'}"
        case Ending.WRONG_OUTPUT:
            return "it printed something else than is expected"
        case Ending.COMPLETED if execution.exit_code is not None:
            return "all tests passed, and the negative control did not"
        case Ending.COMPLETED:
            return f"all tests passed in {calls}"
        case Ending.ASSERTION if execution.exit_code is not None:
            return f"ended with exit status {execution.exit_code}, as by a failed assertion"
        case Ending.ASSERTION if execution.signal is not None:
            return f"ended by {_signal_name(execution.signal)}, as by a failed assertion"
        case Ending.ASSERTION if execution.strength is Strength.CONTROL:
            return "an assertion failed"
        case Ending.ASSERTION:
            return f"a test's assertion failed after {calls}"
        case Ending.RAISED if execution.exit_code is not None:
            return f"ended with exit status {execution.exit_code}"
        case Ending.RAISED:
            return f"{execution.exception or 'an exception'} was raised{stage}"
        case Ending.COMPILE_ERROR:
            return "the compiler refused the program together with its tests"
        case Ending.SYNTAX_ERROR:
            return f"the program does not compile ({execution.exception or 'SyntaxError'})"
        case Ending.EXITED:
            code = "" if execution.exit_code is None else f" with exit status {execution.exit_code}"
            return f"the program ended itself{code}{stage}, before the tests did"
        case Ending.SIGNALLED:
            return f"the program died of {_signal_name(execution.signal)}{stage}"
        case Ending.CPU_LIMIT:
            return f"stopped at the CPU time limit after {execution.cpu_s:.1f} s of CPU time{stage}"
        case Ending.WALL_LIMIT:
            return f"stopped at the wall time limit after {execution.wall_s:.1f} s{stage}"
        case Ending.MEMORY_LIMIT:
            return f"stopped at the memory limit with {execution.memory_bytes / (1 << 20):.0f} MiB resident{stage}"
        case Ending.OUTPUT_LIMIT:
            return f"stopped at the output limit after {execution.output_bytes} bytes{stage}"
        case Ending.TAMPERED:
            return f"the program broke the rules of the channel for its answers{stage}"
        case Ending.CONTROL_PASSED:
            return "the program passes the tests with a wrong expected value too, so its answers are not what passes"
        case Ending.UNCONFIRMED:
            return (
                "the program passes the tests, and compiles with no changed expected value, so that nothing confirms it"
            )


def _signal_name(number: int | None) -> str:
    if number is None:
        return "a signal"
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have a number only
        return f"signal {number}"


def _one_line(text: str) -> str:
    # A note may quote the program: no line break, terminal escape, bidi override or lone surrogate of it gets further.
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= _DETAIL_CHARACTERS else line[: _DETAIL_CHARACTERS - 1] + "…"
