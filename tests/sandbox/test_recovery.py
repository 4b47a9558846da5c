"""Containers that die, and an executor that goes on."""

import os
import subprocess
import sys
import time

import pytest
from containers import containers_of, kill
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import DockerExecutor, Ending, SandboxLost, SandboxUnavailable
from codecrucible.sandbox.docker import executor as real_executor
from codecrucible.sandbox.docker.engine import OURS, connect, connected, owner_labels, prune_containers

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(120)]


@pytest.fixture
def lone(executor):
    before = containers_of(os.getpid())
    with DockerExecutor(workers=1) as lone:
        (container,) = containers_of(os.getpid()) - before
        yield lone, container


def test_a_container_killed_amid_its_jobs_changes_no_result(lone):
    executor, container = lone
    slow = "import time\ntime.sleep(0.05)\n"
    programs = [slow + (HONEST if number % 2 else "def double(x): return x\n") for number in range(40)]
    futures = [executor.submit(job(program)) for program in programs]
    futures[5].result()
    kill(container)
    endings = [future.result().ending for future in futures]
    assert endings == [Ending.COMPLETED if number % 2 else Ending.ASSERTION for number in range(40)]
    assert executor.restarts == 1


def test_a_job_that_costs_two_containers_is_lost_and_the_next_one_is_not(lone):
    executor, container = lone
    sleeper = executor.submit(job("import time\ntime.sleep(5)\n" + HONEST))
    follower = executor.submit(job(HONEST))
    time.sleep(0.3)
    before = containers_of(os.getpid())
    kill(container)
    for _ in range(100):
        fresh = containers_of(os.getpid()) - before
        if fresh:
            break
        time.sleep(0.05)
    assert follower.result().ending is Ending.COMPLETED
    time.sleep(1.0)  # the sleeper is done again after it
    kill(fresh.pop())
    with pytest.raises(SandboxLost, match="2 containers died"):
        sleeper.result()


def test_a_container_that_gives_no_sign_with_one_program_alone_in_it_is_that_programs_timeout(executor, monkeypatch):
    monkeypatch.setattr(real_executor, "_PATIENCE_S", 0.5)
    others = containers_of(os.getpid())
    with DockerExecutor(workers=1) as lone, connected() as client:
        future = lone.submit(job("import time\ntime.sleep(5)\n" + HONEST, cpu_s=0.5, wall_s=1.0))
        for deaths in range(2):
            while lone.restarts < deaths:
                time.sleep(0.05)
            time.sleep(0.3)
            (container,) = containers_of(os.getpid()) - others
            client.pause(container)
        execution = future.result()
    assert (execution.ending, execution.note) == (
        Ending.WALL_LIMIT,
        "its container died of it, with nothing else in it",
    )


def test_an_image_that_is_gone_when_a_container_is_replaced_ends_it_in_words_and_decides_nothing(lone, monkeypatch):
    executor, container = lone
    first = executor.run(job(HONEST))
    monkeypatch.setattr(executor, "_image", f"sha256:{'0' * 64}")  # the engine keeps it while a container uses it
    future = executor.submit(job("import time\ntime.sleep(5)\n" + HONEST))
    time.sleep(0.3)
    kill(container)
    with pytest.raises(SandboxUnavailable, match=r"sha256:0.*did not start: No such image"):
        future.result(timeout=60)
    assert first.ending is Ending.COMPLETED


def test_closing_ends_what_runs_and_leaves_no_container(executor):
    before = containers_of(os.getpid())
    closing = DockerExecutor(workers=2)
    futures = [closing.submit(job("import time\ntime.sleep(9)\n" + HONEST)) for _ in range(10)]
    time.sleep(0.3)
    start = time.monotonic()
    closing.close()
    assert time.monotonic() - start < 5
    for future in futures:
        with pytest.raises(SandboxUnavailable):
            future.result(timeout=0)
    assert containers_of(os.getpid()) <= before  # those before it may be on their way out


@pytest.mark.parametrize(
    "end",
    ["", "raise ValueError", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
    ids=["end", "raise", "kill"],
)
def test_a_process_that_ends_without_closing_leaves_no_container(executor, end, begin):
    begun = "executor = DockerExecutor(workers=1)\nprint('up', flush=True)"
    source = f"from codecrucible.sandbox import DockerExecutor\n{begun}\n{end}\n"
    process = begin([sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout.readline() == b"up\n"
    process.wait(timeout=60)
    for _ in range(100):
        if not containers_of(process.pid):
            return
        time.sleep(0.05)
    pytest.fail("a container is left")


def test_containers_of_dead_processes_are_pruned_and_those_of_live_ones_are_not(executor):
    client = connect()
    try:
        mine = containers_of(os.getpid())
        dead = subprocess.Popen(["true"])
        dead.wait()
        labels = owner_labels() | {f"{OURS}.owner.pid": str(dead.pid)}
        image = executor.describe()["image"]["built"]["id"]
        left = client.create_container(image, ["sleep", "1"], labels=labels)["Id"]
        assert left in prune_containers(client)
        assert mine == containers_of(os.getpid())
    finally:
        client.close()


def test_a_job_that_wants_more_memory_than_there_is_does_not_start(executor):
    with pytest.raises(SandboxUnavailable, match="Policy of more memory_bytes"):
        executor.run(job(HONEST, memory_bytes=1 << 40))


def test_from_nothing_to_the_first_verdict_takes_less_than_two_seconds(executor):
    start = time.monotonic()
    with DockerExecutor(workers=1) as fresh:
        assert fresh.run(job(HONEST)).ending is Ending.COMPLETED
        took = time.monotonic() - start
    assert took < 2.0


NONSENSE = """
import json, os, struct, sys
sys.path.insert(0, "/opt/codecrucible")
from sandbox.image import frames, inside, kernel
kernel.install_seccomp()
answers = frames.Answers()
answers.write({"hello": inside.facts()})
answers.flush()
for header, _ in frames.requests(lambda: None):
    said = SAID.replace(b"NUMBER", str(header["id"]).encode())
    os.write(answers._fd, LENGTH(said) + said)
"""
FRAME = "lambda said: struct.pack('!I', len(said))"


@pytest.mark.parametrize(
    ("said", "length"),
    [
        (b"no JSON", FRAME),
        (b"[1, 2]", FRAME),
        (b"[" * 100_000, FRAME),
        (b'{"id": NUMBER, "ending": "completed", "parts": [5]}', FRAME),
        (b'{"id": NUMBER, "parts": []}', FRAME),
        (b'{"id": NUMBER, "ending": "won", "parts": []}', FRAME),
        (b'{"id": NUMBER, "ending": ["completed"], "parts": []}', FRAME),
        (b'{"id": NUMBER, "ending": "completed", "verdict": "passed", "parts": []}', FRAME),
        (b'{"id": 12345, "ending": "completed", "parts": []}', FRAME),
        (b'{"hello": {}, "parts": []}', FRAME),
        (b"", "lambda said: b'\\xff' * 4"),
    ],
    ids=[
        "no JSON",
        "a list",
        "too deep",
        "with parts",
        "no ending",
        "no such ending",
        "an ending of another type",
        "a field too many",
        "of another job",
        "hello again",
        "a length that lies",
    ],
)
def test_a_runner_that_speaks_nonsense_decides_nothing_and_holds_nothing_up(executor, monkeypatch, said, length):
    code = NONSENSE.replace("SAID", repr(said)).replace("LENGTH(", f"({length})(")
    monkeypatch.setattr("codecrucible.sandbox.docker.executor.command", lambda *_: ["python3", "-B", "-c", code])
    with DockerExecutor(workers=1) as mad:
        for future in [mad.submit(job(HONEST)) for _ in range(2)]:
            with pytest.raises(SandboxLost, match="2 containers died while they had the job"):
                future.result(timeout=60)
