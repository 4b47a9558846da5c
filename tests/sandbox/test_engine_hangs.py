"""An engine that takes a request and never answers: a bounded wait, one sentence, and nothing is lost."""

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.sandbox.docker.engine import OURS

CRUCIBLE = Path(sys.executable).with_name("crucible")
TIMEOUT_S = 1
pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(120), pytest.mark.usefixtures("executor")]


class Proxy:
    """A socket in front of the engine's that swallows the requests that `stuck` names, and what comes behind them."""

    def __init__(self, path, stuck):
        self.host, self._stuck, self.swallowed = f"unix://{path}", stuck, 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client):
        with client, socket.socket(socket.AF_UNIX) as engine:
            engine.connect("/var/run/docker.sock")
            other, stuck = {client: engine, engine: client}, False
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    try:
                        data = ready.recv(1 << 16)
                    except ConnectionError:
                        data = b""
                    if not data:
                        return
                    stuck = stuck or (ready is client and self._stuck in data)
                    self.swallowed += stuck
                    if not stuck:
                        other[ready].sendall(data)

    def close(self):
        self._listener.close()


@pytest.fixture
def samples(tmp_path):
    rows = [
        {"task_id": each.problem_id, "completion": each.reference} for each in load_benchmark("starter[:3]").problems
    ]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def evaluate(samples, folder, **environment):
    arguments = ("--benchmark", "starter[:3]", "--out", str(folder), "--workers", "1", "--quiet", "--json")
    return subprocess.run(
        [CRUCIBLE, "evaluate", samples, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={**os.environ, **environment},
    )


def containers(folder):
    """Containers of the process that wrote to the folder of a run last."""
    pid = (folder / "run.lock").read_text().split()[1]
    command = ["docker", "ps", "--all", "--quiet", "--filter", f"label={OURS}.owner.pid={pid}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.skipif("DOCKER_HOST" in os.environ, reason="the proxy stands before the engine at the default socket")
@pytest.mark.parametrize("stuck", [b"/version", b"/containers/create", b"/attach", b"/start"])
def test_an_engine_that_hangs_is_told_in_time_and_the_same_command_goes_on(samples, tmp_path, stuck):
    proxy, run = Proxy(tmp_path / "engine.sock", stuck), tmp_path / "run"
    begin = time.monotonic()
    hung = evaluate(samples, run, DOCKER_HOST=proxy.host, DOCKER_CLIENT_TIMEOUT=str(TIMEOUT_S))
    assert time.monotonic() - begin < 30
    proxy.close()
    left = containers(run)
    assert proxy.swallowed
    assert hung.returncode == 4, hung.stderr
    assert f"no container engine answers at {proxy.host}" in hung.stderr
    assert "timed out" in hung.stderr
    assert "3 samples are left unjudged" in hung.stderr
    assert len((run / "samples.jsonl").read_text().splitlines()) == 3
    after = evaluate(samples, run)
    assert after.returncode == 0, after.stderr
    assert json.loads(after.stdout)["pass_at_k"]["1"]["value"] == 1.0
    assert containers(run) == []
    listed = subprocess.run(["docker", "ps", "--all", "--quiet"], capture_output=True, text=True, check=True)
    assert not set(left) & set(listed.stdout.split())
