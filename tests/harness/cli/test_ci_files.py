"""The files of docs/ci: valid for their services, and their scripts really run, also on hostile input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from codecrucible.benchmarks import load_benchmark

CI = Path(__file__).parents[3] / "docs" / "ci"
CRUCIBLE = Path(sys.executable).with_name("crucible")
HOSTILE = [
    '"; touch pwned #',
    "$(touch pwned)",
    "`touch pwned`",
    "a\ntouch pwned",
    "--help",
    "${{ secrets.TOKEN }}",
    "",
]

ACTION = yaml.safe_load((CI / "github" / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
GITLAB = yaml.safe_load((CI / "gitlab" / "gitlab-ci.yml").read_text())["gate"]


def bash(script, *, cwd, path="", **environment):
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    plain["PATH"] = f"{path or CRUCIBLE.parent}:{plain['PATH']}"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]  # as GitHub starts it
    return subprocess.run(
        command, cwd=cwd, env=plain | environment, capture_output=True, text=True, check=False, timeout=240
    )


def defaults(step):
    """The step's environment when every input has its default."""
    names = {f"${{{{ inputs.{name} }}}}": told.get("default", "") for name, told in ACTION["inputs"].items()}
    return {key: names[value] for key, value in STEPS[step]["env"].items()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folder with the run `base` and, as the action leaves it, `crucible/candidate`, which is worse and insecure."""
    home = tmp_path_factory.mktemp("ci")
    for out, answer in (("base", None), ("crucible/candidate", "    return eval('None')\n")):
        lines = [
            json.dumps({"task_id": problem.problem_id, "completion": answer or problem.reference})
            for problem in load_benchmark("starter[:10]").problems
        ]
        (home / "samples.jsonl").write_text("\n".join(lines))
        arguments = ["evaluate", "samples.jsonl", "--benchmark", "starter[:10]", "--out", out, "--quiet"]
        subprocess.run([CRUCIBLE, *arguments], cwd=home, check=True, capture_output=True)
    return home


@pytest.fixture
def recorder(tmp_path):
    """Folder with a `crucible` that writes down what it is called with, one argument a line."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "crucible"
    fake.write_text("#!/bin/bash\nprintf '%s\\0' \"$@\" >> arguments\n")
    fake.chmod(0o755)
    return tmp_path / "bin"


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "github/action.yml"),
        ("vendor.github-workflows", "github/workflow.yml"),
        ("vendor.gitlab-ci", "gitlab/gitlab-ci.yml"),
    ],
)
def test_the_files_fit_the_schemas_of_their_services(schema, file):
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", schema, CI / file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_expression_is_written_into_a_script():
    workflow = yaml.safe_load((CI / "github" / "workflow.yml").read_text())
    steps = [*ACTION["runs"]["steps"], *workflow["jobs"]["gate"]["steps"]]
    assert not [step for step in steps if "${{" in step.get("run", "")]


@pytest.mark.docker
@pytest.mark.usefixtures("engine")
def test_the_gate_step_fails_a_regression_and_says_so_where_github_looks(runs, tmp_path):
    told = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_OUTPUT": str(tmp_path / "output")}
    environment = defaults("Gate") | {"BASELINE": "base"}
    done = bash(STEPS["Gate"]["run"], cwd=runs, GITHUB_ACTIONS="true", **environment, **told)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "output").read_text() == "decision=REGRESSION\n"
    assert "REGRESSION" in (tmp_path / "summary").read_text()
    assert "::error title=crucible gate REGRESSION::" in done.stderr
    for name in ("gate.xml", "findings.sarif", "comparison.html", "comparison.txt"):
        assert (runs / "crucible" / name).stat().st_size


@pytest.mark.docker
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("text", HOSTILE)
def test_the_gate_step_takes_a_hostile_baseline_for_a_path(runs, text):
    done = bash(STEPS["Gate"]["run"], cwd=runs, **defaults("Gate") | {"BASELINE": text})
    assert done.returncode == 2, done.stderr
    assert not (runs / "pwned").exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_the_step_that_evaluates_passes_each_input_on_as_one_argument(recorder, tmp_path, text):
    hostile = {"MODEL": text, "ADAPTER": text, "BENCHMARK": text, "RUN_ARGUMENTS": "--seed\n1\n\n-k\n1,10"}
    step = "Evaluate the candidate"
    done = bash(STEPS[step]["run"], cwd=tmp_path, path=recorder, **defaults(step) | hostile)
    assert done.returncode == 0, done.stderr
    arguments = (tmp_path / "arguments").read_text().split("\0")[:-1]
    adapter = [f"--adapter={text}"] if text else []
    assert arguments[:3] == ["run", f"--model={text}", f"--benchmark={text}"]
    assert arguments[-4 - len(adapter) :] == [*adapter, "--seed", "1", "-k", "1,10"]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_suite_is_all_that_the_action_runs(recorder, tmp_path, text):
    for step in ("Evaluate the candidate", "Gate"):
        done = bash(STEPS[step]["run"], cwd=tmp_path, path=recorder, **defaults(step) | {"SUITE": text, "MODEL": text})
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "arguments").read_text().split("\0")[:-1] == [
        "run",
        "--out=crucible",
        f"--model={text}",
        "--",
        text,
    ]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("text", HOSTILE[:-1])
@pytest.mark.parametrize("model", ["", "./step-2000"])
def test_a_suite_is_all_that_the_job_of_gitlab_runs(recorder, tmp_path, text, model):
    done = bash(
        GITLAB["script"][-1], cwd=tmp_path, path=recorder, **GITLAB["variables"] | {"SUITE": text, "MODEL": model}
    )
    assert done.returncode == 0, done.stderr
    arguments = (tmp_path / "arguments").read_text().split("\0")[:-1]
    assert arguments == ["run", "--out=crucible", *([f"--model={model}"] if model else []), "--", text]
    assert not (tmp_path / "pwned").exists()


def test_the_job_of_gitlab_samples_and_gates_without_a_suite(recorder, tmp_path):
    given = GITLAB["variables"] | {"MODEL": "a b", "BASELINE": "$(touch pwned)"}
    done = bash(GITLAB["script"][-1], cwd=tmp_path, path=recorder, **given)
    assert done.returncode == 0, done.stderr
    arguments = (tmp_path / "arguments").read_text().split("\0")[:-1]
    gate = arguments.index("gate")
    assert arguments[:3] == ["run", "--model=a b", "--benchmark=humaneval"]
    assert arguments[gate - 1] == "--out=crucible/candidate"
    assert arguments[-3:] == ["--", "$(touch pwned)", "crucible/candidate"]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("text", ["./codecrucible[model,server]", *HOSTILE])
@pytest.mark.parametrize("script", [STEPS["Install"]["run"].splitlines()[0], GITLAB["script"][0]])
def test_what_pip_installs_is_one_argument(recorder, tmp_path, script, text):
    (recorder / "crucible").rename(recorder / "python")
    done = bash(script, cwd=tmp_path, path=recorder, PACKAGE=text)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "arguments").read_text().split("\0")[-3:-1] == ["--", text]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.docker
@pytest.mark.usefixtures("engine")
def test_the_gate_of_gitlab_writes_what_its_reports_name(runs):
    (gate,) = [line for line in GITLAB["script"][-1].splitlines() if line.strip().startswith("crucible gate")]
    done = bash(gate, cwd=runs, BASELINE="base")
    assert done.returncode == 1, done.stderr
    for path in GITLAB["artifacts"]["reports"].values():
        assert (runs / path).stat().st_size
    entries = json.loads((runs / "crucible" / "codequality.json").read_text())
    assert {"B307"} == {each["check_name"] for each in entries}
    assert len({each["fingerprint"] for each in entries}) == len(entries) == 10
    assert entries[0]["location"] == {
        "path": "samples/starter_0/000.py",
        "lines": {"begin": entries[0]["location"]["lines"]["begin"]},
    }
    assert entries[0]["severity"] == "major"


@pytest.mark.docker
@pytest.mark.usefixtures("engine")
def test_the_sarif_log_fits_the_published_model_of_the_format(runs):
    from sarif_pydantic import Sarif

    arguments = ["gate", "base", "crucible/candidate", "--sarif", "f.sarif"]
    subprocess.run([CRUCIBLE, *arguments], cwd=runs, check=False, capture_output=True)
    log = Sarif.model_validate_json((runs / "f.sarif").read_text())
    assert len(log.runs[0].results) == 10
