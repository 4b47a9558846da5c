"""Every reference of every benchmark through the real referee: all of them can be judged there, and no stub passes."""

import json
from dataclasses import replace

import pytest

from codecrucible.benchmarks import (
    PromptForm,
    Unproxiable,
    Verdict,
    check_benchmark,
    extract,
    job_for,
    judge,
    load_benchmark,
)
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.benchmarks.sources.mbpp import FULL
from codecrucible.sandbox import Ending, Limits

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]


@pytest.mark.parametrize("benchmark_name", ["humaneval", "starter", "mbpp:all", "mbpp:sanitized"], indirect=True)
def test_every_reference_passes_and_no_stub_does(executor, benchmark_name):
    report = check_benchmark(load_benchmark(benchmark_name), executor, limits=Limits(cpu_s=60.0, wall_s=180.0))

    assert report.offenders == report.unproxiable == ()
    assert report.references_passed == report.problems
    assert report.stubs_passed == 0


def test_a_problem_whose_tests_pass_a_function_is_unproxiable(executor):
    plain = load_benchmark("starter[:1]")
    problem = replace(
        plain.problems[0],
        problem_id="t/0",
        prompt="def apply(function, x):\n",
        entry_point="apply",
        setup="",
        tests="assert apply(lambda x: x + 1, 2) == 3\n",
        reference="    return function(x)\n",
    )
    report = check_benchmark(replace(plain, problems=(problem,)), executor)

    reason = "the tests passed something that cannot travel to the program"
    assert report.unproxiable == (Unproxiable(problem_id="t/0", reason=reason, known=False),)
    assert (report.offenders, report.ok) == ((), False)


@pytest.mark.parametrize(
    ("tests", "believed"),
    [
        ("    assert candidate('a1b').issuperset({'a'})\n    assert not candidate('1')\n", True),
        ("    assert candidate('ab').isdisjoint({'1'})\n    assert candidate('a')\n", True),
        ("    assert candidate('a1b') == {'a', 'b'}\n    assert not candidate('1')\n", False),
    ],
)
def test_tests_that_ask_the_answer_itself_are_told_and_those_that_compare_it_are_not(
    executor, tmp_path, tests, believed
):
    record = {
        "task_id": "mine/0",
        "prompt": 'def letters(text: str) -> set:\n    """The letters in text."""\n',
        "entry_point": "letters",
        "canonical_solution": "    return {each for each in text if each.isalpha()}\n",
        "test": f"def check(candidate):\n{tests}",
    }
    (tmp_path / "mine.jsonl").write_text(json.dumps(record) + "\n")
    report = check_benchmark(load_benchmark(str(tmp_path / "mine.jsonl")), executor)
    assert (report.references_passed, report.stubs_passed, report.ok) == (1, 0, not believed)
    offenders = [offender.completion for offender in report.offenders]
    assert offenders == ["an answer that says yes to everything"] * believed


@pytest.mark.parametrize(
    ("tests", "expected", "told"),
    [
        ("}\n[[ $(one) = 41 && $(one) -lt 42 ]] || exit 1\n", ["41"], ""),
        ("}\n[[ $(one) = 41 && $(one) -lt 42 ]] || true\n", ["41", "42"], "dead"),
        ("}\n[[ $(one) = 41 && $(one) -lt 98 ]] || exit 1\n", ["41", "98"], "1 of the 4 that may be drawn"),
    ],
)
def test_tests_that_accept_the_reference_with_a_changed_value_are_told(
    executor, image_of, tmp_path, tests, expected, told
):
    image_of("bash")
    record = {
        "problem_id": "mine/0",
        "language": "bash",
        "prompt": "one() {\n",
        "entry_point": "one",
        "reference": "    echo 41\n",
        "tests": tests,
        "expected": expected,
    }
    (tmp_path / "mine.jsonl").write_text(json.dumps(record) + "\n")
    report = check_benchmark(load_benchmark(str(tmp_path / "mine.jsonl")), executor)
    assert report.ok is (not told)
    assert [row.problem_id for row in report.dead] == ["mine/0"] * (told == "dead")
    assert [told in offender.judgement.detail for offender in report.offenders] == [True] * ("drawn" in told)


@pytest.mark.usefixtures("public_data")
def test_every_reference_passes_the_challenge_tests_of_its_problem(executor):
    problems = {problem.problem_id: problem for problem in load_benchmark("mbpp:all").problems}
    records = [json.loads(line) for line in read_data_file(FULL).content.splitlines()]
    futures = {}
    for record in records:
        problem = problems[f"MBPP/{record['task_id']}"]
        for number, test in enumerate(record["challenge_test_list"]):
            program = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
            job = job_for(replace(problem, tests=test), program, limits=Limits(cpu_s=60.0, wall_s=180.0))
            futures[problem.problem_id, number] = executor.submit(job)

    assert len({problem_id for problem_id, _ in futures}) == 11
    assert [key for key, future in futures.items() if future.result().ending is not Ending.COMPLETED] == []


APPLY = "def apply(function, x):\n"
APPLY_TESTS = (
    "def check(candidate):\n"
    "    assert candidate(lambda x: x + 1, 2) == 3\n"
    "    assert candidate(lambda x: [x, 'ä'], 'ö') == ['ö', 'ä']\n"
    "    assert candidate(lambda x: [], 0) == []\n"
    "check(apply)\n"
)


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        ("    return function(x)\n", Verdict.PASSED, "completed"),
        ("    return x\n", Verdict.WRONG_ANSWER, "assertion"),
        ("    import os\n    os._exit(0)\n", Verdict.EARLY_EXIT, "exited"),
        (
            "    class Any:\n        def __eq__(self, other):\n            return True\n    return Any()\n",
            Verdict.WRONG_ANSWER,
            "accepts_changed_tests",
        ),
    ],
)
def test_an_unproxiable_problem_is_judged_in_the_programs_process_with_a_negative_control(
    executor, body, verdict, reason
):
    problem = replace(
        load_benchmark("starter[:1]").problems[0],
        prompt=APPLY,
        entry_point="apply",
        setup=APPLY + "    pass\n",
        tests=APPLY_TESTS,
        unproxiable="the tests pass a function",
    )
    judgement = judge(executor.run(job_for(problem, APPLY + body, limits=Limits())))
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    if verdict is Verdict.PASSED:
        assert judgement.detail == "all tests passed, and the negative control did not"


@pytest.mark.parametrize("name", ["humaneval", "mbpp:all"])
def test_references_that_are_judged_in_their_own_process_pass_too(executor, request, name):
    if name != "humaneval":
        request.getfixturevalue("public_data")
    problems = [problem for problem in load_benchmark(name).problems if "== " in problem.tests][::20]
    futures = {}
    for problem in problems:
        program = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
        job = job_for(replace(problem, unproxiable="to be tried"), program, limits=Limits(cpu_s=60.0, wall_s=180.0))
        futures[problem.problem_id] = executor.submit(job)
    assert [key for key, future in futures.items() if future.result().ending is not Ending.COMPLETED] == []
