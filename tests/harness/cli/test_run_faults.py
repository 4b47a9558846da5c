"""A run whose disk is full or read-only, whose process may open few files, whose clock jumps: nothing is lost."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from codecrucible.benchmarks import load_benchmark

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(180), pytest.mark.usefixtures("executor")]
COPIES = 4


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """File of right and wrong answers to `starter`, all distinct."""
    lines = [
        json.dumps({"task_id": problem.problem_id, "completion": f"{text}# {number}\n"})
        for problem in load_benchmark("starter").problems
        for number, text in enumerate((problem.reference, "    return None\n") * (COPIES // 2))
    ]
    path = tmp_path_factory.mktemp("samples") / "samples.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def small_disk(tmp_path):
    """Function that mounts a file system of a size, and then changes its options."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options):
        kind = ["-o", f"remount,{options}"] if place.is_mount() else ["-t", "tmpfs", "-o", options, "tmpfs"]
        done = subprocess.run(["mount", *kind, str(place)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


def evaluate(samples, folder, crucible=(CRUCIBLE,), **more):
    command = [*crucible, "evaluate", samples, "--benchmark", "starter", "--out", folder, "--quiet", "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **more)


def verdicts(folder):
    rows = map(json.loads, (folder / "judgements.jsonl").read_text().splitlines())
    return {(row["problem_id"], row["sample_index"]): row["verdict"] for row in rows}


@pytest.fixture(scope="module")
def undisturbed(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    assert evaluate(samples, folder).returncode == 0
    found = verdicts(folder)
    assert len(found) == 40 * COPIES
    assert list(found.values()).count("passed") == 20 * COPIES
    return found


@pytest.mark.parametrize("kilobytes", [4, 120, 240])
def test_a_disk_that_is_full_loses_nothing_whatever_is_written_then(samples, undisturbed, small_disk, kilobytes):
    folder = small_disk(f"size={kilobytes}k") / "run"
    full = evaluate(samples, folder)
    assert full.returncode == 4
    (line,) = full.stderr.strip().splitlines()
    assert "No space left on device. To resume, free some space and run the same command again" in line
    small_disk("size=10m")
    assert evaluate(samples, folder).returncode == 0
    assert verdicts(folder) == undisturbed
    assert not list(folder.glob("*.part"))


def test_a_folder_that_cannot_be_written_to_is_reported_on_and_not_run_in(samples, small_disk):
    folder = small_disk("size=10m") / "run"
    assert evaluate(samples, folder).returncode == 0
    small_disk("ro")
    refused = evaluate(samples, folder)
    assert refused.returncode == 4
    assert "Read-only file system. To resume, name a folder that can be written to" in refused.stderr
    shown = subprocess.run([CRUCIBLE, "report", folder, "--json"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["samples"] == 40 * COPIES


def test_a_process_that_may_open_too_few_files_says_so_and_goes_on_with_more(samples, undisturbed, tmp_path):
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    starved = evaluate(samples, tmp_path / "run", preexec_fn=few)
    assert starved.returncode == 4
    assert "Too many open files" in starved.stderr
    assert evaluate(samples, tmp_path / "run").returncode == 0
    assert verdicts(tmp_path / "run") == undisturbed


#: A command whose every look at the time of day shows a day before the last one.
CLOCK = """
import datetime, itertools, sys, time
from codecrucible.harness.cli.main import main
from codecrucible.harness.common import provenance
real, days = time.time, itertools.count(1)
time.time = lambda: real() - 86400 * next(days)
class Back(datetime.datetime):
    now = classmethod(lambda cls, tz: datetime.datetime.now(tz) - datetime.timedelta(days=next(days)))
provenance.datetime = Back
sys.exit(main())
"""


def test_a_clock_that_goes_back_changes_no_verdict_and_no_duration(samples, undisturbed, tmp_path):
    for _ in range(2):
        done = evaluate(samples, tmp_path / "run", crucible=(sys.executable, "-c", CLOCK))
        assert done.returncode == 0, done.stderr
        assert verdicts(tmp_path / "run") == undisturbed
    first, second = map(json.loads, (tmp_path / "run/sessions.jsonl").read_text().splitlines())
    created_utc = json.loads((tmp_path / "run/run.json").read_text())["created_utc"]
    assert first["started_utc"] < created_utc, "the clock did not go back"
    for session in (first, second):
        assert all(session[name] >= 0 for name in session if name.endswith("_s"))
        assert session["wall_s"] < 120
    rows = map(json.loads, (tmp_path / "run/executions.jsonl").read_text().splitlines())
    assert all(0 <= row["wall_s"] < 60 for row in rows)
