"""What a run says of a benchmark whose lines are refused, or whose tests nothing confirms."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.problem import RefusedRow
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.provenance import of_benchmark

RECORD = {
    "task_id": "mine/0",
    "prompt": 'def one():\n  """Return 1."""\n',
    "entry_point": "one",
    "canonical_solution": "  return 1\n",
    "test": "def check(candidate):\n    assert candidate() == 1\n",
}
BROKEN = {**RECORD, "task_id": "mine/1", "prompt": "def one(:\n"}
WRONG = {**RECORD, "task_id": "mine/2", "canonical_solution": "  return 2\n"}
UNVOUCHED = {name: value for name, value in (RECORD | {"task_id": "mine/3"}).items() if name != "canonical_solution"}


def crucible(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "codecrucible", *map(str, arguments)],
        cwd=cwd, env=os.environ, capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.mark.docker
@pytest.mark.timeout(180)
def test_a_run_says_what_is_refused_what_has_no_reference_and_which_reference_fails(executor, tmp_path):
    write(tmp_path / "mine.jsonl", RECORD, BROKEN, WRONG, UNVOUCHED)
    ids = ("mine/0", "mine/2", "mine/3")
    write(tmp_path / "answers.jsonl", *({"task_id": each, "completion": "  return 1\n"} for each in ids))
    done = crucible("evaluate", "answers.jsonl", "--benchmark", "./mine.jsonl", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    refused, unvouched, failed = report["cautions"]
    assert refused.startswith(f"1 line of {tmp_path}/mine.jsonl holds no problem and is LEFT OUT: mine.jsonl:2: field")
    assert unvouched.startswith("1 of 3 problems have no reference solution, so that nothing confirms their tests: mi")
    assert failed.startswith("the references of 1 of 2 problems do NOT PASS their own tests")
    assert "mine/2" in failed
    assert all(caution in done.stdout for caution in report["cautions"])
    assert (report["problems"], report["verdicts"]["passed"]) == (3, 3)
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert manifest["benchmark"]["refused"] == [{"place": "mine.jsonl:2", "problem_id": "mine/1"}]
    assert manifest["benchmark"]["problem_ids"] == list(ids)
    assert manifest["failed_references"] == ["mine/2"]

    checked = crucible("benchmarks", "check", "./mine.jsonl", cwd=tmp_path)
    assert (
        "1 lines hold no problem and are left out\n  mine.jsonl:2: field 'prompt': does not compile" in checked.stdout
    )


@pytest.mark.parametrize("command", [("evaluate", "answers.jsonl"), ("benchmarks", "check")])
def test_a_strict_command_refuses_a_file_for_one_line(tmp_path, command):
    write(tmp_path / "mine.jsonl", RECORD, BROKEN)
    write(tmp_path / "answers.jsonl", {"task_id": "mine/0", "completion": "  return 1\n"})
    benchmark = ["./mine.jsonl"] if command[0] == "benchmarks" else ["--benchmark", "./mine.jsonl"]
    done = crucible(*command, *benchmark, "--strict", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "mine.jsonl:2: field 'prompt': does not compile" in done.stderr


def test_a_problem_that_is_asked_for_by_the_id_of_a_refused_line_is_told_why(tmp_path):
    write(tmp_path / "mine.jsonl", RECORD, BROKEN)
    with pytest.raises(Exception, match=r"'mine/1' is on a line that is refused: mine.jsonl:2: field 'prompt'"):
        load_benchmark(f"{tmp_path}/mine.jsonl[mine/1]")


def test_a_benchmark_without_refused_lines_is_recorded_as_it_always_was():
    benchmark = load_benchmark("starter[:1]")
    assert to_json(of_benchmark(benchmark)).keys() == {"name", "source", "revision", "sha256", "licence", "problem_ids"}
    row = RefusedRow(place="f:2", problem_id="x", reason="f:2: no")
    assert to_json(of_benchmark(replace(benchmark, refused=(row,))))["refused"] == [{"place": "f:2", "problem_id": "x"}]
