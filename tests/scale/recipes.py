"""Tests, for `make recipes`: the recipes fit their schedulers' schemas, and run as far as one machine can run them.

What stands for the schedulers here is what they give a task: a number in the environment, a folder that all see, and
artifacts that are handed on. No SLURM, Kubernetes or GitHub is asked.
"""

import fnmatch
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs" / "scale"
SERVER = ROOT / "tests" / "harness" / "scripted_server.py"
BIN = Path(sys.executable).parent
SMALL = "--benchmark starter[:8] -n 2 --temperature 0.8 --prompt-form completion --quiet"
pytestmark = pytest.mark.usefixtures("executor")


def shell(script, folder, *arguments, **environment):
    """Run a script in bash, with our command on the path; what it said of an error."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", *arguments, script],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def server(folder):
    """A server that answers with programs; how `--model` names it."""
    (folder / "script.json").write_text(json.dumps({"text": "    return a + b\n"}))
    command = [sys.executable, SERVER, folder / "script.json", os.devnull]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"openai:http://127.0.0.1:{process.stdout.readline().strip()}/v1#tiny"
        finally:
            process.kill()


def report_of(folder):
    return json.loads((folder / "report.json").read_text())


def replaced(text, **by):
    for old, new in by.items():
        assert old in text, f"the recipe has no {old!r} any more"
        text = text.replace(old, new)
    return text


def save_image(path):
    """Save the sandbox image as the recipe for GitHub does."""
    told = subprocess.run([BIN / "crucible", "sandbox", "build", "--json"], capture_output=True, check=True).stdout
    subprocess.run(["docker", "save", "--output", path, json.loads(told)["tag"]], check=True)


def test_the_manifests_fit_the_schema_of_kubernetes():
    command = [BIN / "kubernetes-validate", "--strict", RECIPES / "kubernetes.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_fits_the_schema_of_github():
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", RECIPES / "github.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tasks_of_a_slurm_array_make_a_run(tmp_path):
    save_image(tmp_path / "sandbox.tar")
    array = {"SLURM_ARRAY_TASK_MAX": "3", "SLURM_ARRAY_JOB_ID": "7", "SANDBOX_IMAGE": "sandbox.tar"}
    with server(tmp_path) as model:
        for task in (3, 1, 2, 2):  # the last one is started again
            script = f"{RECIPES / 'slurm.sh'} --model {model} {SMALL}"
            done = shell(f"bash {script}", tmp_path, "-c", SLURM_ARRAY_TASK_ID=str(task), **array)
            assert done.returncode == 0, done.stderr
    merged = shell("crucible merge runs/slurm-7/shard-* --out runs/candidate", tmp_path, "-c")
    assert merged.returncode == 0, merged.stderr
    report = report_of(tmp_path / "runs/candidate")
    assert (report["samples"], report["unjudged"], report["benchmark"]) == (16, 0, "starter[:8]")


def test_the_pods_of_an_indexed_job_make_a_run(tmp_path):
    shards, merge = yaml.safe_load_all((RECIPES / "kubernetes.yaml").read_text())
    container = shards["spec"]["template"]["spec"]["containers"][0]
    with server(tmp_path) as model:
        small = {"/shared/checkpoint": model, "--benchmark humaneval -n 20 -k 1,10": SMALL, "/shared/": f"{tmp_path}/"}
        script = replaced(container["args"][0], **small)
        for index in range(shards["spec"]["completions"]):
            done = shell(script, tmp_path, "-c", JOB_COMPLETION_INDEX=str(index), SHARDS=container["env"][1]["value"])
            assert done.returncode == 0, done.stderr
    script = replaced(merge["spec"]["template"]["spec"]["containers"][0]["args"][0], **{"/shared/": f"{tmp_path}/"})
    merged = shell(script, tmp_path, "-c")
    assert merged.returncode == 0, merged.stderr
    assert report_of(tmp_path / "runs/candidate")["samples"] == 16


def test_the_jobs_of_a_workflow_make_a_run(tmp_path):
    jobs = yaml.safe_load((RECIPES / "github.yml").read_text())["jobs"]
    artifacts = tmp_path / "artifacts"
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    row = json.dumps({"task_id": "HumanEval/0", "completion": "    return True\n"})
    for name, values in (("image", [0]), ("shard", numbers), ("merge", [0])):
        for value in values:
            runner = tmp_path / f"{name}-{value}"
            runner.mkdir()
            (runner / "samples.jsonl").write_text(row + "\n")
            for step in jobs[name]["steps"]:
                take_step(step, runner, artifacts, {"matrix.shard": value, "strategy.job-total": len(numbers)})
    assert report_of(artifacts / "run")["samples"] == 1


def take_step(step, runner, artifacts, context):
    """Do what a step of a workflow does, on this machine; the package is installed, and the code checked out."""
    text = json.dumps(step)
    for name, value in context.items():
        text = text.replace(f"${{{{ {name} }}}}", str(value))
    step = json.loads(text)
    given, uses = step.get("with", {}), step.get("uses", "")
    if "upload-artifact" in uses:
        source, place = runner / given["path"], artifacts / given["name"]
        place.mkdir(parents=True)
        if source.is_dir():
            shutil.copytree(source, place, dirs_exist_ok=True)
        else:
            shutil.copy(source, place)
    elif "download-artifact" in uses:
        for artifact in artifacts.iterdir():
            if artifact.name == given.get("name"):
                shutil.copytree(artifact, runner / given.get("path", "."), dirs_exist_ok=True)
            elif fnmatch.fnmatch(artifact.name, given.get("pattern", "")):
                shutil.copytree(artifact, runner / given["path"] / artifact.name)
    elif "run" in step and not step["run"].startswith("pip "):
        done = shell(step["run"], runner, "-c", **step.get("env", {}))
        assert done.returncode == 0, done.stderr
