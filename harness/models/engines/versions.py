"""Which version of an engine answers."""

import json
import subprocess
from http.client import HTTPException

from codecrucible.harness.models.engines.commands import LLAMA_CPP
from codecrucible.harness.models.engines.process import own_server


def engine_version(engine: str, program: str, port: int) -> str:
    """Its version, "" if it does not say it."""
    return _of_server(port) if engine == LLAMA_CPP else _of_package(engine, program)


def _of_package(engine: str, python: str) -> str:
    code = f"from importlib.metadata import version; print(version({engine!r}))"
    try:
        told = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()


def _of_server(port: int) -> str:
    try:
        told = json.loads(own_server(port, "/props") or b"{}")
    except (OSError, HTTPException, ValueError):
        return ""
    return str(told.get("build_info", "")) if isinstance(told, dict) else ""
