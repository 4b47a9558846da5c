"""Answers that are cheap to give and dear to look at: the tests' time and memory are bounded, and it is their fault."""

import time

import pytest
from sandbox_jobs import HONEST, checking, job

from codecrucible.sandbox import CallsCheck, Ending

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(120)]

SET = checking("assert set(f()) == {1}\n")
EQUAL = checking("assert f() == 1\n")
COSTLY = {
    "a set of a range without an end": ("def f(): return range(10**12)\n", SET),
    "a list of one": ("def f(): return range(10**12)\n", checking("assert list(f())[:1] == [1]\n")),
    "a sorted one": ("def f(): return range(10**12)\n", checking("assert sorted(f())[:1] == [1]\n")),
    "the text of one that is caught": (
        "def f(): return range(10**12)\n",
        checking("try:\n    assert list(f()) == 1\nexcept MemoryError:\n    assert False\n"),
    ),
    "a million deques": (
        "from collections import deque\ndef f():\n    one = deque()\n    return [one] * 1_900_000\n",
        EQUAL,
    ),
    "a number of many digits as text": ("def f(): return 1 << 12_000_000\n", checking("assert hex(f()) == '0x1'\n")),
    "a decimal of many digits as a number": (
        "from decimal import Decimal\ndef f(): return Decimal('1e999999999')\n",
        checking("assert int(f()) == 1\n"),
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_an_answer_that_asks_too_much_of_the_tests_is_a_wrong_one_at_once(lone_executor, name):
    program, check = COSTLY[name]
    start, restarts = time.monotonic(), lone_executor.restarts
    execution = lone_executor.run(job(program, check))
    took = time.monotonic() - start
    assert execution.ending is Ending.ASSERTION, execution
    assert took < 30
    assert lone_executor.run(job(HONEST)).ending is Ending.COMPLETED
    assert lone_executor.restarts == restarts


FRACTION = """
import os
from fractions import Fraction
def f():
    answer = Fraction(1)
    answer._numerator, answer._denominator = (int.from_bytes(os.urandom(7_000_000), "big") for _ in range(2))
    return answer
"""
POWER = checking("assert pow(f(), f(), 2 ** 100_000 - 1) == 1\n")


@pytest.mark.parametrize(
    ("program", "check"),
    [(FRACTION, EQUAL), ("def f(): return 3 ** 1_000_000\n", POWER)],
    ids=["a fraction that has to be reduced", "a power"],
)
def test_an_answer_that_takes_the_tests_too_long_is_a_timeout_and_not_tried_again(lone_executor, program, check):
    start, restarts = time.monotonic(), lone_executor.restarts
    execution = lone_executor.run(job(program, check, cpu_s=30.0, wall_s=60.0))
    took = time.monotonic() - start
    assert (execution.ending, execution.note) == (
        Ending.CPU_LIMIT,
        "the tests used up their CPU time on what it answered",
    )
    assert took < 40
    assert lone_executor.run(job(HONEST)).ending is Ending.COMPLETED
    assert lone_executor.restarts == restarts


def test_an_oracle_that_cannot_hold_an_answer_calls_it_wrong(lone_executor):
    check = CallsCheck(
        oracle=(
            "class Sets:\n"
            "    def calls(self, inputs): return [()]\n"
            "    def expected(self): return [1]\n"
            "    def comparison(self): return lambda answer, expected: set(answer) == set(expected)\n"
            "oracle = Sets()\n"
        ),
        parts=("[]",),
        entry_point="f",
    )
    execution = lone_executor.run(job("def f(): return range(10**12)\n", check))
    assert execution.ending is Ending.ASSERTION
    assert lone_executor.run(job(HONEST)).ending is Ending.COMPLETED


def test_a_large_answer_that_is_right_is_still_right(lone_executor):
    program = "def f(): return list(range(1_900_000))\n"
    execution = lone_executor.run(job(program, checking("assert f() == list(range(1_900_000))\n")))
    assert execution.ending is Ending.COMPLETED, execution
