"""The recipes for schedulers are whole: they parse, their parts fit together, their commands are commands of ours.

`make recipes` checks them against the schedulers' schemas and runs what can be run on one machine.
"""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from codecrucible.harness.cli.parser import parser

RECIPES = Path(__file__).parents[2] / "docs" / "scale"
SLURM, KUBERNETES, GITHUB = (RECIPES / name for name in ("slurm.sh", "kubernetes.yaml", "github.yml"))
#: What the shell puts in before a command is read.
EXPANDED = {
    '"$@"': "--model M --benchmark starter",
    '"$SLURM_ARRAY_TASK_ID/$shards"': "1/4",
    '"$shard/$SHARDS"': "1/4",
    '"$SHARD"': "1/4",
}


def commands(path):
    """Command lines of ours in a recipe, comments included."""
    text = path.read_text().replace("\\\n", " ")
    for shell, value in EXPANDED.items():
        text = text.replace(shell, value)
    found = re.findall(r"\bcrucible (?:run|merge|evaluate|sandbox) [^\n'>]*", text)
    return [command[: command.rindex('"')] if command.count('"') % 2 else command for command in found]


@pytest.mark.parametrize("path", [SLURM, KUBERNETES, GITHUB], ids=lambda path: path.name)
def test_the_commands_of_a_recipe_can_be_parsed(path):
    found = commands(path)
    kinds = {parser().parse_args(shlex.split(command)[1:]).command._name for command in found}
    assert "merge" in kinds
    assert kinds & {"run", "evaluate"}


def test_the_slurm_script_is_bash_and_refuses_to_run_outside_of_an_array():
    assert subprocess.run(["bash", "-n", SLURM], check=False).returncode == 0
    alone = subprocess.run([shutil.which("bash"), SLURM], env={}, capture_output=True, text=True, check=False)
    assert alone.returncode != 0
    assert "submit this as an array: sbatch --array=1-8" in alone.stderr


def test_the_job_for_kubernetes_has_a_pod_for_each_shard_and_an_engine_without_a_port():
    shards, merge = yaml.safe_load_all(KUBERNETES.read_text())
    spec, pod = shards["spec"], shards["spec"]["template"]["spec"]
    shard, (engine, _) = pod["containers"][0], pod["initContainers"]
    environment = {each["name"]: each["value"] for each in shard["env"]}
    assert spec["completionMode"] == "Indexed"
    assert str(spec["completions"]) == environment["SHARDS"]
    assert pod["restartPolicy"] == "Never"  # which retries by index ask for
    assert engine["args"] == ["dockerd", f"--host={environment['DOCKER_HOST']}"]
    assert environment["DOCKER_HOST"].startswith("unix:///engine/")
    assert [each["metadata"]["labels"]["step"] for each in (shards, merge)] == ["shards", "merge"]


def test_every_volume_that_is_mounted_on_kubernetes_is_there():
    for job in yaml.safe_load_all(KUBERNETES.read_text()):
        pod = job["spec"]["template"]["spec"]
        mounted = {
            mount["name"]
            for each in (*pod.get("initContainers", ()), *pod["containers"])
            for mount in each["volumeMounts"]
        }
        assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_the_workflow_for_github_counts_its_shards_from_one_and_passes_on_what_it_makes():
    jobs = yaml.safe_load(GITHUB.read_text())["jobs"]
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [job.get("needs") for job in jobs.values()] == [None, "image", "shard"]
    steps = [step for job in jobs.values() for step in job["steps"] if "artifact" in step.get("uses", "")]
    told = [(step["uses"].partition("@")[0], step["with"].get("name") or step["with"]["pattern"]) for step in steps]
    assert told == [
        ("actions/upload-artifact", "sandbox-image"),
        ("actions/download-artifact", "sandbox-image"),
        ("actions/upload-artifact", "shard-${{ matrix.shard }}"),
        ("actions/download-artifact", "shard-*"),
        ("actions/upload-artifact", "run"),
    ]
