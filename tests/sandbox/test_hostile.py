"""Every hostile program ends as its first line says, and leaves nothing for the next one."""

from pathlib import Path

import pytest
from sandbox_jobs import NOTHING_IS_LEFT, job

from codecrucible.sandbox import Ending

PROGRAMS = sorted(Path(__file__).parent.glob("hostile/*.py"))
LIMITS = {"cpu_s": 0.5, "wall_s": 3.0, "output_bytes": 4 << 20}


@pytest.mark.docker
@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_ends_as_it_should_and_the_next_one_passes(lone_executor, path):
    first, _, program = path.read_text().partition("\n")
    expected = first.removeprefix("# ending: ").split("|")
    execution = lone_executor.run(job(program, **LIMITS))
    follower = lone_executor.run(job(NOTHING_IS_LEFT))
    if "cpu_limit" in expected:  # as much a timeout, and on a busy machine which of the two comes first is chance
        expected.append("wall_limit")
    assert execution.ending in expected, execution
    assert execution.ending is not Ending.COMPLETED
    assert follower.ending is Ending.COMPLETED, follower


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_no_hostile_program_cost_a_container(lone_executor):
    """It runs after them, in the same file: they all met the same PID 1."""
    assert lone_executor.restarts == 0
