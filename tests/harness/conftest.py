"""Tiny real models, made once a session, and a server that says what it is told to."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from llama_cpp import NEEDED

HELPERS = Path(__file__).parents[1] / "helpers"

# As `load_model` sets it, for the tests that import torch before they come to it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """Checkpoint folder of a tiny Llama with random weights, float32, without a chat template."""
    from tiny_models import save_tiny_llama

    return save_tiny_llama(tmp_path_factory.mktemp("checkpoints") / "tiny-llama")


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory, monkeypatch, request):
    """Digests and converted models of a test stay with it; the real models keep the user's cache, to be fast."""
    if "bundled" not in request.node.nodeid:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def serve(tmp_path):
    """Function that starts a scripted server and gives its URL; `log.jsonl` there holds what it was asked."""
    started = []

    def start(**script):
        (tmp_path / "script.json").write_text(json.dumps(script))
        server = HELPERS / "scripted_server.py"
        command = [sys.executable, str(server), str(tmp_path / "script.json"), str(tmp_path / "log.jsonl")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def llama_cpp(tmp_path):
    """Function that starts llama.cpp's server on a GGUF file and gives its address."""
    if not find_spec("xllamacpp"):
        if os.environ.get("CI"):
            pytest.fail(NEEDED)
        pytest.skip(NEEDED)
    started = []

    def start(file):
        command = [sys.executable, str(HELPERS / "llama_cpp.py"), "serve", str(file)]
        with (tmp_path / "llama_cpp.log").open("w") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        started.append(process)
        address = process.stdout.readline().strip()
        assert address, (tmp_path / "llama_cpp.log").read_text()
        return address

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
