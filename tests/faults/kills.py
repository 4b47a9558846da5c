"""Prints JSON: a run that is killed at random moments and goes on each time, beside one that nothing disturbs.

The run samples from a server on this machine, executes, scans, judges and reports. Every cycle is a run of its own: it
is killed (SIGKILL, the whole process group) at a random moment after it has begun its folder, within the time that an
undisturbed run takes from there, as often as `--kills-a-run` says, and then goes on to its end. Its folder must then
be that of the undisturbed run: the same samples, observations, findings, judgements and report, but for the time that
things took and the order of lines.

    python tests/faults/kills.py --kills 200
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from codecrucible.sandbox.docker.engine import connect, is_abandoned

CRUCIBLE = Path(sys.executable).with_name("crucible")
SERVER = Path(__file__).parents[1] / "helpers" / "scripted_server.py"
#: Of an execution or a report: what a second execution of the same program changes.
TAKES_TIME = {"cpu_s", "wall_s", "memory_bytes", "timing", "inputs", "run_id", "completion_per_s"}
#: Files of a run folder by what stands there last: the run's own facts, and how long its sessions took.
NOT_COMPARED = {"run.json", "sessions.jsonl", "run.lock"}


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server on this machine that answers with programs; its URL."""
    (folder / "script.json").write_text(json.dumps({"hang_s": 0.1, "text": "    return a + b\n"}))
    command = [sys.executable, str(SERVER), str(folder / "script.json"), os.devnull]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"openai:http://127.0.0.1:{process.stdout.readline().strip()}/v1#tiny"
        finally:
            process.kill()


def run_command(url: str, folder: Path) -> list[str]:
    """The run, of 12 samples of each of the 40 problems."""
    options = ("--benchmark", "starter", "-n", "12", "--temperature", "0.8", "--prompt-form", "completion", "--quiet")
    return [str(CRUCIBLE), "run", "--model", url, *options, "--out", str(folder)]


def finish(command: list[str], folder: Path) -> tuple[float, float]:
    """Run the command to its end; seconds until its folder was begun, and until it ended."""
    started, begun_s = time.monotonic(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            if not begun_s and (folder / "run.json").exists():
                begun_s = time.monotonic() - started
            time.sleep(0.01)
        if process.returncode and process.stderr:
            sys.exit(f"{command} ended with {process.returncode}:\n{process.stderr.read()[-2000:]}")
    return begun_s, time.monotonic() - started


def kill_after(command: list[str], folder: Path, seconds: float) -> bool:
    """Start the command and kill its process group so long after its folder is there; whether it was still alive."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and not (folder / "run.json").exists():
        time.sleep(0.01)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def stage_of(folder: Path) -> str:
    """How far the run in `folder` had come."""
    written = {path.name for path in folder.glob("*") if path.stat().st_size}
    for name, stage in (
        ("report.json", "reported"),
        ("judgements.jsonl", "judged"),
        ("executions.jsonl", "executing"),
        ("samples.jsonl", "sampling"),
        ("run.json", "begun"),
    ):
        if name in written:
            return stage
    return "nothing written"


def content_of(folder: Path) -> dict[str, Any]:
    """What a run folder holds, without times and the order of lines."""
    content: dict[str, Any] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".jsonl" and path.name not in NOT_COMPARED:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            content[path.name] = sorted(json.dumps(_timeless(row), sort_keys=True) for row in rows)
        elif path.name == "report.json":
            content[path.name] = _timeless(json.loads(path.read_text(encoding="utf-8")))
        elif path.name not in NOT_COMPARED:
            content[path.name] = "there"
    return content


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(each) for key, each in value.items() if key not in TAKES_TIME}
    return [_timeless(each) for each in value] if isinstance(value, list) else value


def leftovers() -> int:
    """Containers of runs that are dead."""
    with closing(connect()) as client:
        containers = client.containers(all=True, filters={"label": "codecrucible"})
        return sum(is_abandoned(container["Labels"]) for container in containers)


def main() -> None:
    """Run the comparison and print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="in all")
    options.add_argument("--kills-a-run", type=int, default=2, help="before a run goes on to its end")
    options.add_argument("--seed", type=int, default=0, help="of the moments")
    chosen = options.parse_args()
    source = random.Random(chosen.seed)  # noqa: S311 - draws, no secrets
    killed, runs, different = Counter[str](), 0, []
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as url:
        undisturbed = Path(home) / "undisturbed"
        begun_s, takes_s = finish(run_command(url, undisturbed), undisturbed)
        expected = content_of(undisturbed)
        while killed.total() < chosen.kills:
            folder, runs = Path(home) / f"run-{runs}", runs + 1
            for _ in range(chosen.kills_a_run):
                later_s = source.uniform(0, takes_s - begun_s) + (begun_s if folder.exists() else 0)
                if kill_after(run_command(url, folder), folder, later_s):
                    killed[stage_of(folder)] += 1
            finish(run_command(url, folder), folder)
            found = content_of(folder)
            different += [f"{folder.name}/{name}" for name in expected | found if expected.get(name) != found.get(name)]
            print(f"{killed.total()} kills, {runs} runs, {len(different)} files differ", file=sys.stderr)
        left = leftovers()
    shown = {
        "kills": killed.total(),
        "kills_by_stage": dict(killed),
        "runs": runs,
        "samples_a_run": len(expected["samples.jsonl"]),
        "files_that_differ": different,
        "containers_left": left,
        "undisturbed_s": round(takes_s, 1),
    }
    print(json.dumps(shown, indent=2))


if __name__ == "__main__":
    main()
