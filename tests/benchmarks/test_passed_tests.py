"""How many of a problem's tests a program passed, as far as its execution tells."""

import json
from dataclasses import replace

import pytest
from own_records import RECORD, write

from codecrucible.benchmarks import Problem, job_for, judge, load_benchmark
from codecrucible.benchmarks.passed_tests import PassedTests, passed_share, passed_tests
from codecrucible.sandbox import Ending, Execution, Limits, Strength


def execution(ending, **facts):
    return Execution(ending=ending, **{"strength": Strength.REFEREE, **facts})


def problem_with(tests):
    prompt = "def f(x):\n"
    return Problem(problem_id="p", prompt=prompt, entry_point="f", tests=tests, reference="", setup="", stub="")


@pytest.mark.parametrize(
    ("tests", "known"),
    [
        ("assert f(1) == 1\nassert 2 == f(2)\nassert not f(3)\nassert abs(f(4) - 4) < 1e-6\n", True),
        ("import math\nassert f(1) == 1\nassert f(2) == math.pi\nassert f(3)\nassert f(4)\n", True),
        ("for i in range(4):\n    assert f(i) == i\n", False),
        ("assert f(1) == f(2)\nassert f(3) == 3\n", False),
        ("assert all(f(i) for i in range(4))\nassert f(4)\n", False),
        ("assert f(1) or f(2)\nassert f(3)\n", False),
        ("g = f\nassert g(1)\nassert f(2)\n", False),
        ("def check(c, d):\n    assert c(1)\n    assert d(2)\n", False),
        ("assert f(1) ==\n", False),
        ("assert f(1) == 1\n", False),  # one test has no share
    ],
)
def test_a_share_is_known_where_each_assertion_is_one_call(tests, known):
    problem = problem_with(tests)
    failed = execution(Ending.ASSERTION, stage="check", calls=3)
    assert passed_share(problem, failed) == (0.5 if known else None)
    assert passed_share(problem, execution(Ending.COMPLETED, calls=4)) == 1
    assert passed_share(problem, execution(Ending.TAMPERED, calls=4)) == 0
    assert passed_share(problem, execution(Ending.RAISED, stage="load")) == (0 if known else None)
    by_control = execution(Ending.ASSERTION, strength=Strength.CONTROL, calls=3)
    assert passed_share(problem, by_control) is None


def test_a_share_below_all_is_never_1():
    problem = problem_with("assert f(1)\nassert f(2)\n")
    assert passed_share(problem, execution(Ending.EXITED, stage="check", calls=9)) == 0.5


def test_the_shares_of_practice_are_known():
    failed = execution(Ending.ASSERTION, stage="check", calls=2)
    shares = [passed_share(problem, failed) for problem in load_benchmark("practice").problems]
    assert len(shares) == 614
    assert all(share and 0 < share < 1 for share in shares)


def test_how_many_of_humaneval_s_problems_tell_it(public_data):
    failed = execution(Ending.ASSERTION, stage="check", calls=1)
    told = [passed_tests(problem, failed) for problem in load_benchmark("humaneval").problems]
    assert sum(each is None for each in told) == 47  # docs/verdicts.md says so


def test_a_judgement_without_its_problem_tells_none():
    assert judge(execution(Ending.COMPLETED, calls=4)).tests == 0


@pytest.mark.parametrize("plus", [[[[3.5]]], {}, []])
def test_inputs_are_counted_in_all_parts(plus):
    problem = replace(problem_with(""), calls=(json.dumps([[[1, 2]], [[]]]), json.dumps(plus)))
    count = 2 + len(plus)
    assert passed_tests(problem, execution(Ending.COMPLETED, calls=count)) == PassedTests(count, count)
    assert passed_tests(problem, execution(Ending.ASSERTION, calls=2)) == PassedTests(1, count)
    assert passed_tests(problem, execution(Ending.TAMPERED, calls=2)) == PassedTests(0, count)


def told(executor, problem, program):
    judgement = judge(executor.run(job_for(problem, program, limits=Limits())), problem)
    return judgement.verdict, judgement.tests_passed, judgement.tests


def test_the_referee_s_judgements_tell_it(executor, tmp_path):
    tests = "def check(c):\n    assert c(1, 2) == 3\n    assert c(2, 2) == 4\n    assert c(-1, 1) == 0\n"
    [problem] = load_benchmark(str(write(tmp_path / "own.jsonl", RECORD | {"test": tests}))).problems
    name = problem.entry_point
    assert told(executor, problem, f"def {name}(a, b): return a + b") == ("passed", 3, 3)
    assert told(executor, problem, f"def {name}(a, b): return abs(a) + b") == ("wrong_answer", 2, 3)
    assert told(executor, problem, f"def {name}(a, b): return 1 // (a - 2) and 3") == ("runtime_error", 1, 3)
    assert told(executor, problem, f"def {name}(a, b):\n    while a == 2: pass\n    return a + b") == ("timeout", 1, 3)
    assert told(executor, problem, "oops(") == ("syntax_error", 0, 3)


def test_the_judgements_of_answers_and_cases_tell_it(executor, image_of, tmp_path):
    image_of("javascript")
    calls = [{"arguments": [number], "expected": number * 2} for number in (1, 2, 3)]
    record = {
        "task_id": "own/twice",
        "prompt": "function twice(n) {\n",
        "entry_point": "twice",
        "language": "javascript",
    }
    [problem] = load_benchmark(str(write(tmp_path / "own.jsonl", record | {"calls": calls}))).problems
    assert told(executor, problem, "function twice(n) { return n * 2 }") == ("passed", 3, 3)
    assert told(executor, problem, "function twice(n) { return n < 3 ? n * 2 : 0 }") == ("wrong_answer", 2, 3)
    assert told(executor, problem, "function twice(n) { if (n == 2) process.exit(0); return n * 2 }")[1:] == (1, 3)
    cases = [{"stdin": f"{number}\n", "expected": f"{number * 2}\n"} for number in (1, 2, 3)]
    record = {"task_id": "own/double", "prompt": "# Print the double.\n", "language": "python", "cases": cases}
    [problem] = load_benchmark(str(write(tmp_path / "cases.jsonl", record))).problems
    assert told(executor, problem, "print(2 * int(input()))") == ("passed", 3, 3)
    assert told(executor, problem, "print(min(4, 2 * int(input())))") == ("wrong_answer", 2, 3)
    assert told(executor, problem, "1 / 0") == ("runtime_error", 0, 3)
