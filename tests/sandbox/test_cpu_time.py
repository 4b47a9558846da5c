"""CPU time is what the control group counts, less our own: nothing that a program starts is in nobody's account."""

from pathlib import Path

import pytest
from sandbox_jobs import checking, job

from codecrucible.sandbox import Ending

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(120)]

HIDING = sorted(Path(__file__).parent.glob("hostile/hides_cpu_time*.py"))


@pytest.mark.parametrize("path", HIDING, ids=lambda path: path.stem)
def test_cpu_time_that_no_process_is_charged_with_counts(lone_executor, path):
    execution = lone_executor.run(job(path.read_text(), cpu_s=0.5, wall_s=60.0))
    assert execution.ending is Ending.CPU_LIMIT
    assert execution.cpu_s >= 0.5


def test_the_time_of_the_tests_is_not_the_programs(lone_executor):
    burn = "import time\nbegin = time.process_time()\nwhile time.process_time() - begin < 1.5:\n    pass\n"
    slow = checking(burn + "assert f() == 1\n")
    execution = lone_executor.run(job("def f(): return 1\n", slow, cpu_s=0.5, wall_s=20.0))
    assert execution.ending is Ending.COMPLETED, execution
    assert execution.cpu_s < 0.2


def test_what_a_program_used_is_what_it_says_of_itself(lone_executor):
    program = """
import time
def f():
    while time.process_time() < 0.4: pass
    print(time.process_time())
    return 1
"""
    execution = lone_executor.run(job(program, checking("assert f() == 1\n"), cpu_s=2.0, wall_s=20.0))
    assert execution.cpu_s == pytest.approx(float(execution.stdout), abs=0.06)


def test_no_priority_is_to_be_had_but_the_usual_one(lone_executor):
    program = """
import os
def f():
    os.nice(19)
    os.setpriority(os.PRIO_PROCESS, 0, -5)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    os.setpriority(os.PRIO_PROCESS, 0, 10)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    return os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0) == os.SCHED_OTHER
"""
    execution = lone_executor.run(job(program, checking("assert f() == (0, True)\n")))
    assert execution.ending is Ending.COMPLETED, execution
