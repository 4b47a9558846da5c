"""Every hostile program that is asked many calls at a time ends as its first line says, and passes no part by it."""

from pathlib import Path

import pytest
from sandbox_jobs import DOUBLE_CALLS, NOTHING_IS_LEFT, job

from codecrucible.sandbox import Ending

PROGRAMS = sorted(Path(__file__).parent.glob("hostile_calls/*.py"))
LIMITS = {"cpu_s": 0.3, "wall_s": 2.0, "output_bytes": 4 << 20}

pytestmark = [pytest.mark.docker, pytest.mark.timeout(60)]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_does_not_pass_calls_that_it_did_not_answer(lone_executor, path):
    first, _, program = path.read_text().partition("\n")
    expected = first.removeprefix("# ending: ").split("|")
    execution = lone_executor.run(job(program, DOUBLE_CALLS, **LIMITS))
    follower = lone_executor.run(job(NOTHING_IS_LEFT, DOUBLE_CALLS))
    if "cpu_limit" in expected:  # as much a timeout, and on a busy machine which of the two comes first is chance
        expected.append("wall_limit")
    assert execution.ending in expected, execution
    assert execution.ending is not Ending.COMPLETED
    assert execution.parts_completed < len(DOUBLE_CALLS.parts)
    assert (follower.ending, follower.parts_completed) == (Ending.COMPLETED, 2), follower


def test_a_part_that_a_child_of_the_program_answered_is_not_passed(lone_executor):
    program = (
        "import os\nif os.fork():\n    while True: os.wait()\ndef double(x):\n    return None if x == 99 else x * 2\n"
    )
    execution = lone_executor.run(job(program, DOUBLE_CALLS))
    assert execution.calls > 89
    assert execution.parts_completed == 0


def test_no_hostile_program_cost_a_container(lone_executor):
    """It runs after them, in the same file: they all met the same PID 1."""
    assert lone_executor.restarts == 0
