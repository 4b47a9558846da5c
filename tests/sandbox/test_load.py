"""Verdicts under load, on a few samples; `tests/performance/load.py` does it on many."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from sandbox_jobs import HONEST, checking, job

from codecrucible.sandbox import DockerExecutor, Ending
from codecrucible.sandbox.docker.engine import OURS, connected
from codecrucible.sandbox.docker.tasks import Task, TaskQueue
from codecrucible.sandbox.image.conclude import WALL_STRETCH

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SCRIPT = Path(__file__).parent.parent / "performance" / "load.py"


@pytest.mark.docker
def test_verdicts_are_the_same_with_four_busy_loops(executor):
    command = [sys.executable, str(SCRIPT), "--samples=410", "--times=1"]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert said["identical"], said
    assert {"passed", "wrong_answer", "timeout", "output_limit"} <= set(said["verdicts"])
    assert (said["forged"], said["unjudged"]) == (0, 0)
    assert said["longest_in_wall_limits"] <= 3


@pytest.mark.docker
def test_a_program_that_got_no_core_is_run_again_alone(executor):
    program = (
        "import time\n"
        "def f():\n"
        "    start = time.process_time()\n"
        "    while time.process_time() - start < 0.2:\n"
        "        pass\n"
        "    return 1\n"
    )
    with DockerExecutor(workers=1) as lone, connected() as client:
        container = client.containers(filters={"label": f"{OURS}.owner.pid={os.getpid()}"})[0]["Id"]
        # A fiftieth of a core: not its CPU time within what its wall time can be stretched to.
        client.update_container(container, cpu_period=100_000, cpu_quota=2_000)
        future = lone.submit(job(program, checking("assert f() == 1\n"), cpu_s=0.5, wall_s=2.0))
        while not lone._jobs._one_alone:
            assert not future.done()
            time.sleep(0.05)
        client.update_container(container, cpu_quota=-1)
        assert future.result().ending is Ending.COMPLETED


@pytest.mark.docker
def test_a_program_that_sleeps_is_not_run_again(lone_executor):
    sleeper = lone_executor.submit(
        job("import time\ndef f(): time.sleep(9)\n", checking("f()\n"), cpu_s=1.0, wall_s=1.0)
    )
    while not sleeper.running():
        time.sleep(0.01)
    follower = lone_executor.submit(job(HONEST))
    assert follower.result().ending is Ending.COMPLETED
    assert sleeper.done()  # a second time would have come after all others
    assert sleeper.result().ending is Ending.WALL_LIMIT


IDLE_SPINNERS = """
import os
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
for _ in range(30):
    if os.fork() == 0:
        while True: pass
def f():
    while True: pass
"""
SLEEPING = checking("f()\n")


def task(number):
    return Task(number=number, header={}, parts=(), check=None, patience_s=1.0, future=Future(), read=dict, deadly=max)


def test_what_is_done_again_has_nothing_beside_it():
    queue = TaskQueue(window=1)
    for number in range(3):
        queue.put(task(number))
    first, second, third = (queue.get(block=False) for _ in range(3))
    queue.again(first)
    queue.settle()
    queue.put(task(3))
    fourth = queue.get(block=False)
    assert (second.number, third.number, fourth.number) == (1, 2, 3)
    queue.settle()
    queue.again(fourth)
    assert queue.get(block=False) is first
    queue.put(task(4))
    assert not queue._ready
    queue.settle()
    assert queue.get(block=False) is fourth
    assert not queue._ready
    queue.settle()
    assert queue.get(block=False).number == 4
    assert (first.alone, fourth.alone, second.alone) == (True, True, False)


def test_draining_gives_every_task_that_nobody_took():
    queue = TaskQueue(window=1)
    for number in range(3):
        queue.put(task(number))
    first = queue.get(block=False)
    queue.end_one()
    assert {each.number for each in queue.drain()} == {1, 2}
    queue.again(first)
    queue.put(task(3))
    assert {each.number for each in queue.drain()} == {0, 3}
    ended = []
    thread = threading.Thread(target=lambda: ended.append(queue.get(block=True)))
    thread.start()
    thread.join()
    assert ended == [None]


@pytest.mark.docker
@pytest.mark.parametrize(
    ("program", "ending"),
    [
        ("def f():\n    while True: pass\n", Ending.CPU_LIMIT),
        ("import os\nos.nice(19)\ndef f():\n    while True: pass\n", Ending.CPU_LIMIT),
        (IDLE_SPINNERS, Ending.CPU_LIMIT),
        ("import subprocess\ndef f(): subprocess.run(['sleep', '60'])\n", Ending.WALL_LIMIT),
        ("import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGKILL)\n", Ending.SIGNALLED),
    ],
)
def test_a_limit_of_time_is_never_stretched_to_three_times_itself(lone_executor, program, ending):
    execution = lone_executor.run(job(program, checking("f()\n"), cpu_s=0.5, wall_s=3.0))
    assert execution.wall_s <= 3 * 3.0
    # Both are a timeout: which of the two comes first is the machine's.
    assert execution.ending in {ending, Ending.WALL_LIMIT}
    if execution.ending is Ending.CPU_LIMIT:
        assert execution.cpu_s >= 0.5


@pytest.mark.docker
def test_what_waits_is_not_kept_behind_a_slow_job_while_another_container_is_idle(executor):
    with DockerExecutor(workers=2) as pair:
        # Four that sleep, dealt to both containers, and none queued behind another that could run.
        sleepers = [job(f"import time\ndef f(): time.sleep({seconds})\n", SLEEPING) for seconds in (4, 1, 1, 1)]
        start = time.monotonic()
        futures = [pair.submit(sleeper) for sleeper in sleepers]
        for future in futures[1:]:
            assert future.result().ending is Ending.COMPLETED
        assert not futures[0].done(), time.monotonic() - start
        assert futures[0].result().ending is Ending.COMPLETED


def test_a_lane_may_have_its_part_of_what_waits():
    queue = TaskQueue(window=1)
    queue.lanes = 2
    assert queue.part == 0
    for number in range(5):
        queue.put(task(number))
    assert queue.part == 3


@pytest.mark.docker
def test_a_container_is_not_given_up_while_a_program_may_still_wait_for_a_core(executor):
    with DockerExecutor(workers=1) as lone:
        sleeper = lone.submit(job("import time\ndef f(): time.sleep(2)\n", SLEEPING))
        while not sleeper.running():
            time.sleep(0.01)
        waits = lone.submit(job(HONEST, wall_s=60.0))
        (waiting,) = lone._jobs.drain()
        assert waiting.future is waits
        assert waiting.patience_s > WALL_STRETCH * 60.0
        waits.cancel()
        assert sleeper.result().ending is Ending.COMPLETED
