"""Programs beside their reference in real containers: what is slow is found, and nothing looks faster than it is."""

from dataclasses import replace

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.problem import Problem
from codecrucible.benchmarks.stress import StressTest, stress_tests
from codecrucible.harness.evaluation.efficiency_series import measure_beside_reference
from codecrucible.harness.runs.efficiency_record import UnderStress
from codecrucible.reports.efficiency_types import WAITS_S

pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.timeout(900)]

PROMPT = "def repeated(numbers):\n"
REFERENCE = "    return len(numbers) - len(set(numbers))\n"
PROBLEM = Problem(
    problem_id="own/0",
    prompt=PROMPT,
    entry_point="repeated",
    setup="",
    tests="",
    reference=REFERENCE,
    stub="    pass\n",
)
#: The reference takes some 10 ms over what it costs to bring the numbers.
TEST = StressTest(
    problem=PROBLEM,
    inputs=("[[n * n % 100003 for n in range(1500)] + [4]]", "[random.sample(range(10**6), 1500)]"),
)
WORK = """
def burnt(times):
    total = 0
    for n in range(times):
        total += n * n
    return total
"""
HONEST = f"""{WORK}
def repeated(numbers):
    burnt(400_000)
    return len(numbers) - len(set(numbers))
"""
QUADRATIC = """
def repeated(numbers):
    return sum(number in numbers[:place] for place, number in enumerate(numbers))
"""
IN_CHILDREN = f"""{WORK}
import os
def repeated(numbers):
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            burnt(400_000)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return len(numbers) - len(set(numbers))
"""
CACHES = f"""{WORK}
import os, pickle
KNOWN = {{}}
for folder in ("/tmp", "/dev/shm"):
    if os.path.exists(folder + "/known"):
        KNOWN = pickle.load(open(folder + "/known", "rb"))
def repeated(numbers):
    key = tuple(numbers)
    if key not in KNOWN:
        burnt(400_000)
        KNOWN[key] = len(numbers) - len(set(numbers))
        for folder in ("/tmp", "/dev/shm"):
            pickle.dump(KNOWN, open(folder + "/known", "wb"))
    return KNOWN[key]
"""
SLEEPS = """
import time
def repeated(numbers):
    time.sleep(1.5)
    return len(numbers) - len(set(numbers))
"""
FORGES_THE_CLOCK = f"""{WORK}
import time, resource, os
time.process_time = time.perf_counter = time.monotonic = lambda: 0.0
resource.getrusage = lambda who: None
os.times = lambda: None
def repeated(numbers):
    burnt(400_000)
    return len(numbers) - len(set(numbers))
"""
GUESSES = """
def repeated(numbers):
    if len(numbers) > 100:
        return 0
    return len(numbers) - len(set(numbers))
"""
HOG = """
def repeated(numbers):
    held = bytearray(b"x") * (200 << 20)
    return len(numbers) - len(set(numbers)) + 0 * len(held)
"""
NEVER_ENDS = "def repeated(numbers):\n    while True: pass\n"
EATS_ALL = "def repeated(numbers):\n    held = []\n    while True: held.append(bytearray(b'x') * (64 << 20))\n"


PROGRAMS = {
    "SELF": PROBLEM.reference_program,
    "HONEST": HONEST,
    "QUADRATIC": QUADRATIC,
    "IN_CHILDREN": IN_CHILDREN,
    "CACHES": CACHES,
    "SLEEPS": SLEEPS,
    "FORGES_THE_CLOCK": FORGES_THE_CLOCK,
    "GUESSES": GUESSES,
    "HOG": HOG,
    "NEVER_ENDS": NEVER_ENDS,
    "EATS_ALL": EATS_ALL,
}


@pytest.fixture(scope="module")
def measured(lone_executor):
    """All of them together, in three rounds."""
    return measure_beside_reference(lone_executor, TEST, PROGRAMS, rounds=3)


def test_a_program_like_the_reference_takes_what_that_takes(measured):
    found = measured["SELF"]
    assert (found.state, found.inputs, found.left_out, found.rounds) == (UnderStress.MEASURED, 2, 0, 3)
    assert 0.5 < found.cpu_ratio < 2
    assert found.memory_bytes == pytest.approx(found.reference_memory_bytes, rel=0.1)


def test_a_quadratic_program_beside_a_linear_reference_is_found_slow(measured):
    assert measured["QUADRATIC"].state is UnderStress.MEASURED
    assert measured["QUADRATIC"].cpu_ratio > 5


def test_work_in_children_is_counted_in_full(measured):
    """Two children do what one process does in `HONEST`, each."""
    one, two = (measured[name].cpu_s - measured[name].overhead_cpu_s for name in ("HONEST", "IN_CHILDREN"))
    assert two > 1.4 * one


def test_what_is_kept_from_one_run_to_the_next_gains_nothing(measured):
    assert measured["CACHES"].state is UnderStress.MEASURED
    assert measured["CACHES"].cpu_s > 0.6 * measured["HONEST"].cpu_s


def test_a_program_that_forges_its_own_clocks_is_timed_from_outside(measured):
    assert measured["FORGES_THE_CLOCK"].cpu_s > 0.6 * measured["HONEST"].cpu_s


def test_a_program_that_sleeps_takes_no_cpu_time_and_is_noted(measured):
    found = measured["SLEEPS"]
    assert found.state is UnderStress.MEASURED
    assert found.waited_s > WAITS_S
    assert found.cpu_s < 0.5 * measured["HONEST"].cpu_s


def test_a_quick_wrong_answer_is_no_speed(measured):
    found = measured["GUESSES"]
    assert (found.state, found.cpu_ratio) == (UnderStress.WRONG, None)
    assert "repeated" not in found.detail or "expected" in found.detail


def test_memory_is_the_peak_beside_the_references(measured):
    found = measured["HOG"]
    assert found.state is UnderStress.MEASURED
    assert found.memory_bytes > 200 << 20
    assert found.memory_bytes > 5 * found.reference_memory_bytes


def test_a_program_that_never_ends_is_stopped_once_and_is_so_many_times_slower_at_least(measured):
    found = measured["NEVER_ENDS"]
    assert (found.state, found.rounds) == (UnderStress.OVER_LIMIT, 0)
    assert found.cpu_ratio > 10


def test_a_program_that_eats_all_memory_is_out_of_memory(measured):
    assert (measured["EATS_ALL"].state, measured["EATS_ALL"].cpu_ratio) == (UnderStress.OUT_OF_MEMORY, None)


def test_inputs_that_the_reference_does_not_get_through_are_left_out(lone_executor):
    test = StressTest(problem=PROBLEM, inputs=("[no_such_name]", "[[[1], [1]]]", "[[1, 1, 2]]"))
    found = measure_beside_reference(lone_executor, test, {"self": PROBLEM.reference_program}, rounds=1)["self"]
    assert (found.state, found.inputs, found.left_out) == (UnderStress.MEASURED, 1, 2)


def test_inputs_that_take_the_reference_too_long_are_left_out(lone_executor):
    slow = replace(PROBLEM, reference="    while len(numbers) > 3: pass\n    return len(numbers) - len(set(numbers))\n")
    test = StressTest(problem=slow, inputs=("[[1, 1, 2]]", "[[1, 2, 3, 4]]"))
    found = measure_beside_reference(lone_executor, test, {"self": slow.reference_program}, rounds=1)["self"]
    assert (found.state, found.inputs, found.left_out) == (UnderStress.MEASURED, 1, 1)


def test_a_problem_whose_reference_answers_no_input_is_not_measurable(lone_executor):
    test = StressTest(problem=PROBLEM, inputs=("[[[1], [1]]]",))
    found = measure_beside_reference(lone_executor, test, {"self": PROBLEM.reference_program}, rounds=1)["self"]
    assert (found.state, found.cpu_ratio, found.left_out) == (UnderStress.NOT_MEASURABLE, None, 1)
    assert "the reference" in found.detail


def test_a_problem_without_stress_inputs_is_measured_by_its_own_tests(lone_executor):
    (test,) = stress_tests(load_benchmark("starter[:1]")).values()
    slow = test.problem.reference_program + "\nfor _ in range(3_000_000): pass\n"
    found = measure_beside_reference(lone_executor, test, {"slow": slow}, rounds=2)["slow"]
    assert (found.state, found.inputs, found.overhead_cpu_s) == (UnderStress.MEASURED, 0, 0.0)
    assert found.cpu_ratio > 3
