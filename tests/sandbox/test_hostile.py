"""Every hostile program ends as its first line says, and leaves nothing for the next one."""

from pathlib import Path

import pytest
from sandbox_jobs import HONEST, job

from sandbox import Ending

PROGRAMS = sorted(Path(__file__).parent.glob("hostile/*.py"))
LIMITS = {"cpu_s": 0.5, "wall_s": 3.0, "output_bytes": 4 << 20}

NOTHING_IS_LEFT = (
    """
import os
left = os.listdir("/tmp") + os.listdir("/dev/mqueue")
others = [pid for pid in os.listdir("/proc") if pid.isdecimal() and int(pid) != os.getpid()]
strangers = [pid for pid in others if 20000 <= int(open(f"/proc/{pid}/status").read().split("Uid:")[1].split()[0])]
assert not left and not strangers, (left, strangers)
"""
    + HONEST
)


@pytest.fixture(scope="module")
def lone_executor(executor):
    """One container, so that what follows a hostile program runs where it ran."""
    from sandbox import DockerExecutor

    with DockerExecutor(workers=1) as lone:
        yield lone


@pytest.mark.docker
@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_ends_as_it_should_and_the_next_one_passes(lone_executor, path):
    first, _, program = path.read_text().partition("\n")
    expected = first.removeprefix("# ending: ").split("|")
    execution = lone_executor.run(job(program, **LIMITS))
    follower = lone_executor.run(job(NOTHING_IS_LEFT))
    assert execution.ending in expected, execution
    assert execution.ending is not Ending.COMPLETED
    assert follower.ending is Ending.COMPLETED, follower


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_no_hostile_program_cost_a_container(lone_executor):
    """It runs after them, in the same file: they all met the same PID 1."""
    assert lone_executor.restarts == 0
