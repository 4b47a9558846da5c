"""Which share of a problem's tests a program passed, as far as its execution tells."""

import pytest

from codecrucible.benchmarks import Problem, load_benchmark
from codecrucible.benchmarks.passed_share import passed_share
from codecrucible.sandbox import Ending, Execution, Strength


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
