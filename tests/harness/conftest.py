"""Tiny real models, made once a session."""

import os

import pytest

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
