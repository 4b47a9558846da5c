"""Sets are iterated over in the program as they are in the tests, and the other way round."""

import ast
import random
import subprocess
import sys

import pytest
from sandbox_jobs import checking, job
from travelling import there_and_back

from codecrucible.benchmarks import load_benchmark
from codecrucible.sandbox import Ending
from codecrucible.sandbox.image import set_order
from codecrucible.sandbox.image.decoder import Decoder
from codecrucible.sandbox.image.values import TYPES

MADE_BY = {
    "display": lambda items: {*frozenset(items)},
    "growing": set,
    "dictionary": lambda items: set(dict.fromkeys(items)),
    "union": lambda items: set(items[::2]) | set(items[1::2]),
    "frozen": frozenset,
    "frozen copy": lambda items: frozenset(set(items)),
}


def sets(make, sizes):
    chance = random.Random(7)  # noqa: S311 - the same ones each time
    for size in sizes:
        for largest in (2 * size + 10, 1000 * size, 1 << 40):
            numbers = chance.sample(range(-largest // 3, largest), size)
            yield make(numbers)
            yield make([(number, -number) for number in numbers])
            yield make([number + 0.5 for number in numbers])


@pytest.mark.parametrize("made_by", MADE_BY)
def test_a_set_comes_back_in_the_order_it_had(made_by):
    for value in sets(MADE_BY[made_by], [*range(10), 12, 15, 18, 30, 50, 70]):
        back = there_and_back(value)
        assert back == value
        assert type(back) is type(value)
        assert [*map(repr, back)] == [*map(repr, value)]


def test_a_set_that_lost_items_or_is_large_comes_back_equal():
    emptied = set(range(100)) - {0, *range(5, 100)}
    for value in (emptied, set(range(5000)), {0.5, 1, "a", b"b", (1, "c"), frozenset({2})}):
        assert there_and_back(value) == value


def test_items_that_cannot_be_hashed_again_are_written_as_they_come():
    class Once:
        hashed = 0

        def __hash__(self):
            Once.hashed += 1
            if Once.hashed > 2:
                raise ValueError
            return Once.hashed

    value = {Once(), Once()}
    assert set_order.history_of(value) == (False, list(value))


@pytest.mark.parametrize("tag", [b"U", b"X"])
def test_a_set_of_what_has_no_hash_is_refused(tag):
    with pytest.raises(ValueError, match="not a value"):
        Decoder(TYPES, repr).decode(tag + b"\x01\x00\x00\x00l\x00\x00\x00\x00")


@pytest.mark.docker
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "given", ["{12, 13, 14, 15, 16}", "{15, 7}", "set([12, 13, 14, 15, 16])", "frozenset([33, 1, 65])", "{'b', 'a'}"]
)
def test_a_program_meets_a_set_in_the_order_that_its_tests_have_it_in(executor, given):
    tests = f"given = {given}\nassert f(given) == tuple(given)\nassert list(f(given, back=True)) == list(given)\n"
    program = "def f(given, back=False): return given if back else tuple(given)\n"
    assert executor.run(job(program, checking(tests))).ending is Ending.COMPLETED


@pytest.mark.docker
@pytest.mark.timeout(120)
def test_the_sets_of_mbpp_are_iterated_over_as_in_a_plain_interpreter(executor, public_data):
    problems = [problem for problem in load_benchmark("mbpp:all").problems if has_sets(problem.tests)]
    seen = {}
    for problem in problems:
        lines = "".join(f"try:\n    {line}\nexcept Exception: pass\n" for line in problem.tests.strip().splitlines())
        program = f"def {problem.entry_point}(*arguments):\n    print(arguments, flush=True)\n"
        execution = executor.run(job(program, checking(lines, entry_point=problem.entry_point)))
        plain = subprocess.run([sys.executable, "-c", program + lines], capture_output=True, check=True, text=True)
        seen[problem.problem_id] = (execution.stdout, plain.stdout)
    assert len(seen) == 7
    assert {name for name, (here, there) in seen.items() if here != there or not here} == set()


def has_sets(tests):
    return any(isinstance(node, ast.Set) for node in ast.walk(ast.parse(tests)))
