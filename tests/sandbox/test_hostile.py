"""Every hostile program ends as its first line says, and leaves nothing for the next one."""

from pathlib import Path

import pytest
from sandbox_jobs import NOTHING_IS_LEFT, job

from codecrucible.sandbox import Ending

PROGRAMS = sorted(Path(__file__).parent.glob("hostile/*.py"))
#: Takes its container down, and another one when it is alone; and takes some time to do so.
TAKES_DOWN = "holds_memory_that_belongs_to_no_process"
LIMITS = {"cpu_s": 0.5, "wall_s": 3.0, "output_bytes": 4 << 20}


@pytest.mark.docker
@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_ends_as_it_should_and_the_next_one_passes(lone_executor, path):
    first, _, program = path.read_text().partition("\n")
    expected = first.removeprefix("# ending: ").split("|")
    before = lone_executor.restarts
    limits = {"cpu_s": 10.0, "wall_s": 20.0} if path.stem == TAKES_DOWN else LIMITS
    execution = lone_executor.run(job(program, **limits))
    follower = lone_executor.run(job(NOTHING_IS_LEFT))
    if "cpu_limit" in expected:  # as much a timeout, and on a busy machine which of the two comes first is chance
        expected.append("wall_limit")
    assert execution.ending in expected, execution
    assert execution.ending is not Ending.COMPLETED
    assert follower.ending is Ending.COMPLETED, follower
    assert lone_executor.restarts - before == (2 if path.stem == TAKES_DOWN else 0)
