"""`crucible run` on a real model in real containers: whole, interrupted, killed and resumed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CRUCIBLE = Path(sys.executable).with_name("crucible")
ARGUMENTS = (
    *("run", "--model", "bundled:smollm2-135m-instruct", "--benchmark", "starter[:4]", "-n", "3", "-k", "1,3"),
    *("--temperature", "0.8", "--max-new-tokens", "24", "--batch-size", "3", "--dtype", "float32"),
    *("--out", "run", "--json"),
)
#: The same of a model that is made here and answers anything: where the command is what is looked at, not the model.
TINY = ("--prompt-form", "completion", "--device", "cpu")
pytestmark = [pytest.mark.docker, pytest.mark.model, pytest.mark.usefixtures("engine")]


def run(folder, *command):
    """Exit code, output and messages of a command that begins in `folder`."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=240)
    return done.returncode, done.stdout, done.stderr


def of_the_tiny_model(tiny_folder, *, benchmark="starter[:4]"):
    """The arguments, with the tiny model and the benchmark in their places."""
    places = {"bundled:smollm2-135m-instruct": tiny_folder, "starter[:4]": benchmark}
    return (*(places.get(argument, argument) for argument in ARGUMENTS), *TINY)


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def without_times(report):
    report = json.loads(report)
    return {key: value for key, value in report.items() if key not in {"timing", "inputs"}}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A run folder and its report that nothing interrupted."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, out, err = run(folder, CRUCIBLE, *ARGUMENTS)
    assert code == 0, err
    return folder / "run", without_times(out)


@pytest.fixture(scope="module")
def undisturbed_tiny(tmp_path_factory, tiny_folder):
    """The same of the tiny model."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, out, err = run(folder, CRUCIBLE, *of_the_tiny_model(tiny_folder))
    assert code == 0, err
    return folder / "run", without_times(out)


@pytest.mark.weights
def test_every_sample_is_recorded_executed_judged_and_scanned(undisturbed):
    run, report = undisturbed
    samples = [json.loads(line) for line in lines(run / "samples.jsonl")]
    assert {(sample["problem_id"], sample["sample_index"]) for sample in samples} == {
        (f"starter/{problem}", index) for problem in range(4) for index in range(3)
    }
    assert all(sample["prompt_form"] == "chat" and "<|im_start|>user" in sample["prompt"] for sample in samples)
    assert len(lines(run / "judgements.jsonl")) == report["samples"] == 12
    assert report["unjudged"] == 0
    programs = {(sample["problem_id"], sample["program_sha256"]) for sample in samples if sample["program"]}
    assert len(lines(run / "executions.jsonl")) == len(lines(run / "findings.jsonl")) == len(programs)
    manifest = json.loads((run / "run.json").read_text())
    assert manifest["sampling"]["top_k"] == 0
    assert manifest["sandbox"]["image"]["id"].startswith("sha256:")
    assert len(manifest["model"]["sha256"]) == 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "kind", "count", "code"),
    [
        (signal.SIGINT, "Sample", 4, 130),
        (signal.SIGTERM, "ExecutionRecord", 2, 143),
        (signal.SIGKILL, "FindingsRecord", 1, -signal.SIGKILL),
    ],
)
def test_an_interrupted_run_goes_on_to_the_same_report(
    tmp_path, tiny_folder, undisturbed_tiny, sent, kind, count, code
):
    whole, report = undisturbed_tiny
    samples = tmp_path / "run" / "samples.jsonl"
    arguments = of_the_tiny_model(tiny_folder)
    script = Path(__file__).parents[2] / "helpers" / "stopped_at.py"
    ended, _, err = run(tmp_path, sys.executable, script, str(int(sent)), kind, str(count), *arguments)
    assert ended == code, err
    kept = lines(samples)
    assert kept
    assert not (tmp_path / "run" / "report.json").exists(), "the signal came before the end"
    code, out, err = run(tmp_path, CRUCIBLE, *arguments)
    assert code == 0, err
    assert lines(samples)[: len(kept)] == kept
    assert sorted(lines(samples)) == sorted(lines(whole / "samples.jsonl"))
    executions = [json.loads(line)["job_sha256"] for line in lines(tmp_path / "run" / "executions.jsonl")]
    assert len(executions) == len(set(executions))
    assert without_times(out) == report


def test_a_greedy_run_of_several_samples_is_refused(tmp_path):
    done = subprocess.run(
        [CRUCIBLE, *ARGUMENTS, "--temperature", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 2
    assert "identical samples" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.weights
@pytest.mark.usefixtures("public_data")
def test_few_shot_prompts_are_not_asked_as_chat(tmp_path):
    arguments = ["mbpp:3shot[:2]" if argument == "starter[:4]" else argument for argument in ARGUMENTS]
    done = subprocess.run([CRUCIBLE, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "give --prompt-form completion" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_several_benchmarks_have_a_run_folder_each_and_the_same_command_goes_on_in_both(tmp_path, tiny_folder):
    arguments = of_the_tiny_model(tiny_folder, benchmark="starter[:1],humaneval[:1]")
    for _ in range(2):
        code, out, err = run(tmp_path, CRUCIBLE, *arguments)
        assert code == 0, err
        reports = json.loads(out)
        assert [report["benchmark"] for report in reports] == ["starter[:1]", "humaneval[:1]"]
        assert err.count("loading ") == 1
    folders = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert folders == ["humaneval--1-", "starter--1-"]
    assert [len(lines(tmp_path / "run" / folder / "samples.jsonl")) for folder in folders] == [3, 3]
