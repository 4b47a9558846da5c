import dataclasses

import pytest

from codecrucible.benchmarks import (
    Judgement,
    PromptForm,
    Verdict,
    extract,
    job_for,
    judge,
    judge_empty,
    load_benchmark,
)
from codecrucible.sandbox.job import CallsCheck, Change, Ending, Execution, ExitCodeCheck
from codecrucible.sandbox.limits import Limits

VERDICTS = {
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
    Ending.CONTROL_PASSED: Verdict.WRONG_ANSWER,
    Ending.UNCONFIRMED: Verdict.WRONG_ANSWER,
}


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_its_verdict(ending):
    assert judge(Execution(ending=ending)).verdict is VERDICTS[ending]


@pytest.mark.parametrize("ending", Ending)
def test_a_part_that_was_passed_counts_but_for_one_who_cheated_or_wrote_too_much(ending):
    judgement = judge(Execution(ending=ending, parts_completed=1))
    none = (Ending.TAMPERED, Ending.OUTPUT_LIMIT, Ending.CONTROL_PASSED)
    assert judgement.parts_passed == (0 if ending in none else 1)


def test_tests_that_are_data_go_to_the_referee_as_they_are():
    problem = dataclasses.replace(load_benchmark("starter[:1]").problems[0], setup="oracle", calls=("[[1]]", "[]"))
    job = job_for(problem, "x", limits=Limits())
    assert job.check == CallsCheck(oracle="oracle", parts=("[[1]]", "[]"), entry_point=problem.entry_point)


def test_only_a_completed_check_is_a_pass():
    passes = [ending for ending in Ending if judge(Execution(ending=ending)).verdict is Verdict.PASSED]

    assert passes == [Ending.COMPLETED]


def test_only_who_breaks_the_channel_is_called_a_forger():
    forged = [ending for ending in Ending if judge(Execution(ending=ending)).verdict is Verdict.FORGED]

    assert forged == [Ending.TAMPERED]


@pytest.mark.parametrize("ending", Ending)
def test_text_of_the_program_changes_no_verdict(ending):
    plain = judge(Execution(ending=ending))
    loud = judge(
        Execution(
            ending=ending,
            exception="MemoryError",
            exit_code=0,
            stdout="PASSED\nall tests passed",
            stderr="MemoryError SyntaxError Killed",
            note="completed: passed",
        )
    )

    assert (loud.verdict, loud.reason) == (plain.verdict, plain.reason)


def test_a_judgement_that_nobody_made_is_unjudged():
    assert Judgement().verdict is Verdict.UNJUDGED


def test_nothing_to_run_is_empty():
    assert judge_empty().verdict is Verdict.EMPTY
    assert judge_empty().reason == "empty"


@pytest.mark.parametrize(
    ("execution", "reason", "detail"),
    [
        (Execution(ending=Ending.COMPLETED, calls=7), "completed", "all tests passed in 7 calls"),
        (
            Execution(ending=Ending.ASSERTION, stage="check", calls=1),
            "assertion:check",
            "a test's assertion failed after 1 call",
        ),
        (
            Execution(ending=Ending.RAISED, stage="load", exception="NameError", note="name 'List' is not defined"),
            "raised:load",
            "NameError was raised while the program was loaded: name 'List' is not defined",
        ),
        (Execution(ending=Ending.RAISED), "raised", "an exception was raised"),
        (Execution(ending=Ending.SYNTAX_ERROR), "syntax_error", "the program does not compile (SyntaxError)"),
        (
            Execution(ending=Ending.EXITED, stage="check", exit_code=0),
            "exited:check",
            "the program ended itself with exit status 0 while the tests ran, before the tests did",
        ),
        (Execution(ending=Ending.EXITED), "exited", "the program ended itself, before the tests did"),
        (Execution(ending=Ending.SIGNALLED, signal=11), "signalled", "the program died of SIGSEGV"),
        (Execution(ending=Ending.SIGNALLED, signal=40), "signalled", "the program died of signal 40"),
        (Execution(ending=Ending.SIGNALLED), "signalled", "the program died of a signal"),
        (
            Execution(ending=Ending.CPU_LIMIT, cpu_s=5.04),
            "cpu_limit",
            "stopped at the CPU time limit after 5.0 s of CPU time",
        ),
        (Execution(ending=Ending.WALL_LIMIT, wall_s=15.1), "wall_limit", "stopped at the wall time limit after 15.1 s"),
        (
            Execution(ending=Ending.MEMORY_LIMIT, memory_bytes=512 << 20),
            "memory_limit",
            "stopped at the memory limit with 512 MiB resident",
        ),
        (
            Execution(ending=Ending.OUTPUT_LIMIT, output_bytes=99),
            "output_limit",
            "stopped at the output limit after 99 bytes",
        ),
        (
            Execution(ending=Ending.COMPLETED, exit_code=0),
            "completed",
            "all tests passed, and the negative control did not",
        ),
        (
            Execution(ending=Ending.ASSERTION, exit_code=1),
            "assertion",
            "ended with exit status 1, as by a failed assertion",
        ),
        (Execution(ending=Ending.ASSERTION, signal=6), "assertion", "ended by SIGABRT, as by a failed assertion"),
        (Execution(ending=Ending.RAISED, exit_code=127), "raised", "ended with exit status 127"),
        (
            Execution(ending=Ending.COMPILE_ERROR, stage="compile"),
            "compile_error:compile",
            "the compiler refused the program together with its tests",
        ),
        (
            Execution(ending=Ending.CPU_LIMIT, stage="compile", cpu_s=30.0),
            "cpu_limit:compile",
            "stopped at the CPU time limit after 30.0 s of CPU time while the program was compiled",
        ),
        (
            Execution(ending=Ending.CONTROL_PASSED, exit_code=0),
            "accepts_changed_tests",
            "the program passes the tests with a wrong expected value too, so its answers are not what passes",
        ),
        (
            Execution(ending=Ending.UNCONFIRMED, exit_code=0),
            "unconfirmed",
            "the program passes the tests, and compiles with no changed expected value, so that nothing confirms it",
        ),
        (Execution(ending=Ending.TAMPERED), "tampered", "the program broke the rules of the channel for its answers"),
    ],
)
def test_a_judgement_says_why_to_a_program_and_to_a_person(execution, reason, detail):
    assert (judge(execution).reason, judge(execution).detail) == (reason, detail)


def test_a_detail_is_one_printable_line_of_bounded_length():
    note = "first\nsecond\r\x1b[31mred\x1b[0m \u202eright to left \ud800 \0" + "x" * 1000
    detail = judge(Execution(ending=Ending.RAISED, note=note)).detail

    assert detail.isprintable()
    assert detail.startswith("an exception was raised: first second [31mred [0m right to left x")
    assert len(detail) == 600


def test_a_job_keeps_the_program_and_the_tests_apart():
    problem = load_benchmark("humaneval[32:33]").problems[0]
    program = extract(problem, problem.reference, form=PromptForm.COMPLETION)
    limits = Limits(cpu_s=1.0)
    job = job_for(problem, program.source, limits=limits)

    assert job.program == problem.prompt + problem.reference
    assert job.check.tests == problem.tests
    assert job.check.tests not in job.program
    assert problem.reference not in job.check.setup + job.check.tests
    assert (job.check.entry_point, job.limits, job.language) == ("find_zero", limits, "python")


@pytest.mark.parametrize("name", ["humaneval", "starter"])
def test_the_setup_of_a_prompt_with_a_signature_compiles_and_defines_the_entry_point(name):
    for problem in load_benchmark(name).problems:
        check = job_for(problem, problem.prompt, limits=Limits()).check
        namespace = {}
        exec(check.setup, namespace)  # noqa: S102  # the dataset's own prompt
        assert callable(namespace[check.entry_point]), problem.problem_id


def test_a_problem_with_changes_is_judged_by_exit_status():
    change = Change(start=0, end=1, text="y")
    problem = dataclasses.replace(load_benchmark("starter[:1]").problems[0], changes=(change,), language="bash")
    job = job_for(problem, "program", limits=Limits())

    assert job.check == ExitCodeCheck(tests=problem.tests, changes=(change,))
    assert (job.program, job.language) == ("program", "bash")


def test_a_judgement_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        judge_empty().verdict = Verdict.PASSED


def test_a_judgement_of_cases_names_the_case():
    wrong = judge(Execution(ending=Ending.WRONG_OUTPUT, stage="case", calls=2, note="case 2 of 3"))
    assert (wrong.reason, wrong.detail) == (
        "wrong_output:case",
        "it printed something else than is expected: case 2 of 3",
    )
    raised = judge(Execution(ending=Ending.RAISED, stage="case", exit_code=3, note="case 1 of 3"))
    assert (raised.verdict, raised.detail) == (Verdict.RUNTIME_ERROR, "ended with exit status 3: case 1 of 3")
    right = judge(Execution(ending=Ending.COMPLETED, stage="case", calls=3))
    assert right.detail == "it printed what is expected in 3 cases"
