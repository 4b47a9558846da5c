"""Keys and tokens of the environment are in nothing that a run leaves or says, and not in its containers."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from codecrucible.sandbox.docker.engine import OURS, connected

CRUCIBLE = Path(sys.executable).with_name("crucible")
SECRETS = {name: f"canary-{name.lower()}-4711" for name in ("OPENAI_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")}
pytestmark = [pytest.mark.docker, pytest.mark.timeout(180), pytest.mark.usefixtures("executor")]

#: A program that tells all that it can find out of what surrounds it.
TELLTALE = """
    import os, sys
    told = [dict(os.environ)]
    for name in ("self", "1", *filter(str.isdecimal, os.listdir("/proc"))):
        for file in ("environ", "cmdline"):
            try:
                told.append(open(f"/proc/{name}/{file}", "rb").read())
            except OSError as error:
                told.append(error)
    print(told, file=sys.stderr)
    return told
"""


def run(url, folder):
    """What the command said; it runs with the secrets in its environment, and tells all it can."""
    command = [
        CRUCIBLE,
        "run",
        "--model",
        f"openai:{url}#tiny",
        "--benchmark",
        "starter[:2]",
        "-n",
        "2",
        "--out",
        folder,
        "--debug",
    ]
    command += ["--prompt-form", "completion"]
    return subprocess.run(command, capture_output=True, env=os.environ | SECRETS, check=False, timeout=120)


def leaks(*places):
    """Secrets that are found in bytes, or in the files of folders."""
    contents = []
    for place in places:
        files = [path for path in place.rglob("*") if path.is_file()] if isinstance(place, Path) else []
        contents += [path.read_bytes() for path in files] if files else [place] if isinstance(place, bytes) else []
    return sorted({name for name, secret in SECRETS.items() for content in contents if secret.encode() in content})


def environments(stop, found):
    """Put the environments of the containers that come and go into `found`, until told to stop."""
    with connected() as client:
        while not stop.is_set():
            for container in client.containers(filters={"label": OURS}):
                try:
                    found.append(json.dumps(client.inspect_container(container["Id"])).encode())
                except Exception:  # noqa: BLE001, S112 - it is gone already
                    continue
            time.sleep(0.1)


def test_no_secret_is_in_a_run_or_its_containers_whatever_a_program_tells(serve, tmp_path):
    stop, found = threading.Event(), []
    watching = threading.Thread(target=environments, args=(stop, found))
    watching.start()
    try:
        done = run(serve(text=TELLTALE), tmp_path / "run")
    finally:
        stop.set()
        watching.join()
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "log.jsonl").read_bytes()
    assert SECRETS["OPENAI_API_KEY"].encode() in asked, "the server got the key"
    executed = (tmp_path / "run" / "executions.jsonl").read_text()
    assert "PYTHONHASHSEED" in executed, "the programs told their environment"
    assert found, "containers were looked at"
    assert leaks(tmp_path / "run", done.stdout, done.stderr, *found) == []


@pytest.mark.parametrize("status", [401, 403, 400])
def test_no_secret_is_in_an_error_or_its_traceback_though_the_server_repeats_it(serve, tmp_path, status):
    done = run(serve(refuses={"completions": status}), tmp_path / "run")
    assert done.returncode not in (0, 1)
    assert SECRETS["OPENAI_API_KEY"].encode() in (tmp_path / "log.jsonl").read_bytes()
    assert b"Traceback" in done.stderr
    assert leaks(tmp_path / "run", done.stdout, done.stderr) == []
