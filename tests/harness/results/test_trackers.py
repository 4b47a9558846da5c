"""What a run is logged with, and what services that are absent, or refuse, are told with.

MLflow and Weights & Biases are tried for real where they are installed; they are large, and no part of the development
extra.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.results.report import make_report
from codecrucible.harness.results.trackers import metrics_of, settings_of
from codecrucible.harness.runs.folder import RunFolder

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run folder of three right and one wrong program."""
    home = tmp_path_factory.mktemp("loggers")
    lines = [
        {"task_id": problem.problem_id, "completion": problem.reference if place else "    return None\n"}
        for place, problem in enumerate(load_benchmark("starter[:4]").problems)
    ]
    (home / "s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [CRUCIBLE, "evaluate", "s.jsonl", "--benchmark", "starter[:4]", "--out", "run", "--quiet"]
    subprocess.run(command, cwd=home, check=True, capture_output=True)
    return home / "run"


def report(run, *arguments, **environment):
    command = [CRUCIBLE, "report", str(run), *arguments]
    known = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW", "WANDB"))}
    done = subprocess.run(
        command, cwd=run.parent, env=known | environment, capture_output=True, text=True, check=False, timeout=240
    )
    return done.returncode, done.stdout, done.stderr


def test_metrics_have_names_that_both_services_take_and_no_holes(run):
    made = make_report(RunFolder(run), load_benchmark("starter[:4]"))
    found = metrics_of(made)
    assert found["starter_:4_/pass_at_1"] == 0.75
    assert {"starter_:4_/pass_at_1_low", "starter_:4_/codebleu", "starter_:4_/wall_s"} <= found.keys()
    assert all(isinstance(value, float) for value in found.values())


def test_settings_are_flat_and_say_what_the_run_was_made_with(run):
    found = settings_of(RunFolder(run))
    assert found["benchmark.name"] == "starter[:4]"
    assert found["limits.cpu_s"]
    assert "benchmark.problem_ids" not in found
    assert all(isinstance(value, str) and len(value) <= 500 for value in found.values())


@pytest.mark.parametrize("service", ["mlflow", "wandb"])
def test_a_service_that_is_not_installed_is_named_with_its_extra(run, service):
    try:
        __import__(service)
    except ImportError:
        code, _, told = report(run, "--report-to", service)
        assert code == 2
        assert f"pip install 'codecrucible[{service}]'" in told
    else:
        pytest.skip(f"{service} is installed")


def test_mlflow_has_the_scores_and_the_files(run, tmp_path):
    mlflow = pytest.importorskip("mlflow")
    uri = f"file:{tmp_path}/mlruns"
    code, _, told = report(run, "--report-to", "mlflow", MLFLOW_TRACKING_URI=uri, MLFLOW_ALLOW_FILE_STORE="true")
    assert code == 0, told
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    mlflow.set_tracking_uri(uri)
    (logged,) = mlflow.search_runs(experiment_names=["codecrucible"], output_format="list")
    assert logged.data.metrics["starter_:4_/pass_at_1"] == 0.75
    assert logged.data.params["benchmark.name"] == "starter[:4]"
    assert list(tmp_path.rglob("samples.jsonl"))


def test_a_service_that_refuses_leaves_the_report_and_exits_with_4(run):
    pytest.importorskip("mlflow")
    (run / "report.json").unlink()
    code, _, told = report(run, "--report-to", "mlflow", MLFLOW_TRACKING_URI="nonsense://here")
    assert code == 4
    assert "was reported and not logged to mlflow" in told
    assert (run / "report.json").exists()


def test_wandb_offline_keeps_a_run(run, tmp_path):
    pytest.importorskip("wandb")
    code, _, told = report(run, "--report-to", "wandb", WANDB_MODE="offline", WANDB_DIR=str(tmp_path))
    assert code == 0, told
    assert list(tmp_path.rglob("*.wandb"))


@pytest.mark.parametrize("definition", ["corpus", "package"])
def test_codebleu_of_the_corpus_takes_the_place_of_the_mean_in_what_is_shown(run, definition):
    code, told, _ = report(run, "--codebleu", definition, "--json")
    assert code == 0
    found = json.loads(told)["codebleu"]
    assert found["definition"] == definition
    assert found["samples"] == 4
    assert sum(score for name, score in found["components"].items() if name != "codebleu") / 4 == pytest.approx(
        found["value"], abs=1e-6
    )
    assert "definition" not in json.loads((run / "report.json").read_text())["codebleu"]
    assert "CodeBLEU is of all samples together" in report(run, "--codebleu", definition, "--format", "markdown")[1]


def test_similarity_stands_beside_codebleu_and_is_1_for_what_equals_the_reference(run):
    pytest.importorskip("sacrebleu")
    code, told, _ = report(run, "--similarity", "--json")
    assert code == 0
    found = json.loads(told)["similarity"]
    assert found["exact_match"] == 0.75
    assert 0.75 < found["bleu"] < 1
    assert 0.75 < found["chrf"] < 1
    assert 0.75 < found["edit_similarity"] < 1
    assert (found["measured"], found["samples"]) == (4, 4)
    assert "nrefs:1" in found["method"]
    code, told, _ = report(run, "--similarity", "--format", "markdown")
    assert "decides nothing" in told
    assert report(run, "--similarity", "--format", "csv")[0] == 2
