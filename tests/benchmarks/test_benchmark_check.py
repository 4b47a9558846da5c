import json
from concurrent.futures import Future
from dataclasses import replace

import pytest

from codecrucible.benchmarks import DeadRow, Unproxiable, Verdict, check_benchmark, load_benchmark
from codecrucible.benchmarks.sources.multipl_e import REACHED
from codecrucible.sandbox.errors import SandboxLost
from codecrucible.sandbox.image.notes import NOT_DATA
from codecrucible.sandbox.job import Change, Ending, Execution, ExitCodeCheck
from codecrucible.sandbox.limits import Limits

BENCHMARK = load_benchmark("starter[:3]")


class Script:
    """Answers each job with what `decide` makes of it; the part of an Executor that a check uses."""

    def __init__(self, decide):
        self.decide = decide
        self.jobs = []

    def submit(self, job):
        self.jobs.append(job)
        future = Future()
        try:
            future.set_result(self.decide(job))
        except SandboxLost as error:
            future.set_exception(error)
        return future


def honest(job):
    stub = job.program.endswith("    return None\n")
    return Execution(ending=Ending.ASSERTION if stub else Ending.COMPLETED, calls=5)


def test_a_sound_benchmark_has_no_offenders():
    report = check_benchmark(BENCHMARK, Script(honest))

    assert report.ok
    assert (report.benchmark, report.problems) == ("starter[:3]", 3)
    assert (report.references_passed, report.stubs_passed, report.offenders) == (3, 0, ())


def test_what_is_executed_is_every_reference_and_a_stub_of_every_problem():
    script = Script(honest)
    check_benchmark(BENCHMARK, script, limits=Limits(cpu_s=2.0))

    expected = [p.prompt + body for p in BENCHMARK.problems for body in (p.reference, "    return None\n")]
    assert [job.program for job in script.jobs] == expected
    assert {job.limits.cpu_s for job in script.jobs} == {2.0}


def test_a_reference_that_fails_is_an_offender_with_its_judgement():
    def slow_max(job):
        if "max_of_two" in job.program:
            return Execution(ending=Ending.CPU_LIMIT, cpu_s=5.0)
        return honest(job)

    report = check_benchmark(BENCHMARK, Script(slow_max))
    (offender,) = report.offenders

    assert not report.ok
    assert (report.references_passed, report.stubs_passed) == (2, 0)
    assert (offender.problem_id, offender.completion) == ("starter/1", "reference")
    assert offender.judgement.verdict is Verdict.TIMEOUT


def test_a_stub_that_passes_is_an_offender():
    report = check_benchmark(BENCHMARK, Script(lambda job: Execution(ending=Ending.COMPLETED, calls=len(job.program))))

    assert not report.ok
    assert (report.references_passed, report.stubs_passed) == (3, 3)
    assert [offender.completion for offender in report.offenders] == ["stub"] * 3


def test_a_reference_that_cannot_get_through_is_told_apart_with_its_reason_and_is_no_offender():
    def silent(job):
        if "max_of_two" in job.program:
            return Execution(ending=Ending.ASSERTION, note=NOT_DATA)
        return honest(job)

    report = check_benchmark(BENCHMARK, Script(silent))

    assert report.unproxiable == (Unproxiable(problem_id="starter/1", reason=NOT_DATA, known=False),)
    assert (report.offenders, report.references_passed, report.ok) == ((), 2, False)


def test_a_benchmark_that_knows_its_unproxiable_problems_has_them_judged_in_their_own_process():
    problems = tuple(replace(problem, unproxiable="passes functions") for problem in BENCHMARK.problems)
    script = Script(honest)
    report = check_benchmark(replace(BENCHMARK, problems=problems), script)

    assert all(isinstance(job.check, ExitCodeCheck) for job in script.jobs)
    assert [(problem.reason, problem.known) for problem in report.unproxiable] == [("passes functions", True)] * 3
    assert (report.references_passed, report.stubs_passed, report.ok) == (3, 0, True)


def test_a_check_tells_its_progress():
    seen = []
    check_benchmark(BENCHMARK, Script(honest), lambda done, total: seen.append((done, total)))

    assert seen == [(i, 6) for i in range(1, 7)]


def test_a_failure_of_the_executor_is_no_finding_about_the_benchmark():
    def lost(job):
        raise SandboxLost(f"lost {job.check.entry_point}")

    with pytest.raises(SandboxLost, match="lost add"):
        check_benchmark(BENCHMARK, Script(lost))


def raising(**dead):
    """Three problems without a reference whose stubs raise; `dead` is for the second."""
    problems = [replace(problem, reference="", stub=f"raise {REACHED}") for problem in BENCHMARK.problems]
    problems[1] = replace(problems[1], **dead)
    return replace(BENCHMARK, problems=tuple(problems))


def raises(job):
    return Execution(ending=Ending.ASSERTION, stderr=f"Exception: {REACHED}\n")


def raises_where_it_compiles(job):
    if "max_of_two" in job.program:
        return Execution(ending=Ending.COMPILE_ERROR, stderr="In file main:\nmain:3: Error: no such type\n  int x\n")
    return raises(job)


def test_a_stub_that_is_reached_everywhere_leaves_no_problem_dead():
    report = check_benchmark(raising(), Script(raises))
    assert (report.dead, report.ok) == ((), True)


def test_a_problem_whose_stub_is_not_reached_is_dead_and_the_check_fails_until_it_is_declared():
    (row,) = check_benchmark(raising(), Script(raises_where_it_compiles)).dead
    assert (row.problem_id, row.fault) == ("starter/1", "not declared")
    assert "compiler refused" in row.cause
    assert row.cause.endswith("main:3: Error: no such type")

    declared = check_benchmark(raising(dead="a type is missing"), Script(raises_where_it_compiles))
    assert declared.dead == (DeadRow(problem_id="starter/1", cause="a type is missing", fault=""),)
    assert declared.ok


@pytest.mark.parametrize(
    ("script", "by_reading", "ok"),
    [
        (raises, False, False),
        (raises, True, True),
        (raises_where_it_compiles, True, False),
        (raises_where_it_compiles, False, True),
    ],
)
def test_a_declaration_has_to_say_whether_the_stub_is_reached(script, by_reading, ok):
    report = check_benchmark(raising(dead="nothing equals itself", dead_by_reading=by_reading), Script(script))
    assert report.ok is ok
    assert [(row.cause, bool(row.fault)) for row in report.dead] == [("nothing equals itself", not ok)]


CHANGES = tuple(Change(start=at, end=at + 1, text="7") for at in range(3))


def by_exit_status():
    """One problem with a reference and three changes of its tests, and no stub."""
    problem = replace(BENCHMARK.problems[0], tests="123", changes=CHANGES, stub="")
    return replace(BENCHMARK, problems=(problem,))


def ending(endings):
    """A script that ends the reference with each change as `endings` says."""
    return Script(lambda job: Execution(ending=endings[job.check.changes[0].start], exit_code=0))


def test_a_reference_is_the_negative_control_of_each_change_and_not_of_some_by_chance():
    script = ending([Ending.COMPLETED] * 3)
    report = check_benchmark(by_exit_status(), script)
    assert [job.check.changes for job in script.jobs] == [(change,) for change in CHANGES]
    assert (report.references, report.references_passed, report.dead, report.ok) == (1, 1, (), True)


@pytest.mark.parametrize("endings", [[Ending.CONTROL_PASSED] * 3, [Ending.UNCONFIRMED, *[Ending.CONTROL_PASSED] * 2]])
def test_a_problem_whose_reference_passes_the_control_too_is_dead(endings):
    report = check_benchmark(by_exit_status(), ending(endings))
    (row,) = report.dead
    assert (row.problem_id, row.fault) == ("starter/0", "not declared")
    assert row.cause.startswith("its own reference: the program passes the tests with a wrong expected value too")
    assert (report.references_passed, report.offenders, report.ok) == (0, (), False)


def test_a_reference_that_no_changed_test_compiles_with_leaves_its_problem_dead():
    (row,) = check_benchmark(by_exit_status(), ending([Ending.UNCONFIRMED] * 3)).dead
    assert "compiles with no changed expected value" in row.cause


def test_a_reference_that_some_changed_tests_accept_is_an_offender_and_says_how_many():
    report = check_benchmark(by_exit_status(), ending([Ending.COMPLETED, Ending.CONTROL_PASSED, Ending.UNCONFIRMED]))
    (offender,) = report.offenders
    assert offender.judgement.reason == "accepts_changed_tests"
    assert offender.judgement.detail.endswith(": 1 of the 3 that may be drawn")
    assert (report.references_passed, report.dead, report.ok) == (0, (), False)


def test_one_change_that_does_not_compile_is_no_fault_of_a_reference():
    assert check_benchmark(by_exit_status(), ending([Ending.COMPLETED, Ending.UNCONFIRMED, Ending.COMPLETED])).ok


def test_a_reference_that_fails_is_told_before_what_its_controls_did():
    report = check_benchmark(by_exit_status(), ending([Ending.COMPLETED, Ending.CONTROL_PASSED, Ending.ASSERTION]))
    assert [offender.judgement.reason for offender in report.offenders] == ["assertion"]


@pytest.mark.docker
def test_tests_that_expect_one_answer_always_are_found_out(executor, tmp_path):
    records = [
        {"task_id": name, "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": "    return 0 * x\n"}
        | {"test": f"def check(candidate):\n    assert candidate(1) == 0\n    assert candidate({other}) == {zero}\n"}
        for name, other, zero in (("same", 2, 0), ("two", "1.5", "[0][0]"))
    ]
    records.append(
        {"task_id": "sound", "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": "    return x\n"}
        | {"test": "def check(candidate):\n    assert candidate(1) == 1\n    assert candidate(2) == 2\n"}
    )
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    found = check_benchmark(load_benchmark(str(path)), executor)
    assert [(each.problem_id, each.completion) for each in found.offenders] == [
        ("same", "what the last test expects, whatever is asked"),
        ("two", "what the last test expects, whatever is asked"),
    ]
