"""Tests, for `make cluster`: completions from generators on a Ray cluster, on the CPUs of nodes that are this machine.

What is shown is what Ray and we do, not what a network or a GPU does.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from processes import actors, running
from ray import cluster_utils

MODEL = "bundled:smollm2-135m-instruct"
SETTINGS = (
    *("--benchmark", "starter[:6]", "-n", "4", "--temperature", "0.8", "--max-new-tokens", "12"),
    *("--batch-size", "2", "--dtype", "float32", "--prompt-form", "completion"),
)
SAMPLES = 24

pytestmark = [
    pytest.mark.model,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("default"),  # Ray's own
]


@pytest.fixture(scope="module")
def cluster():
    """A head that runs nothing, a node for programs alone, and one for a generator."""
    cluster = cluster_utils.Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, "num_gpus": 0}
    )
    cluster.add_node(num_cpus=4, num_gpus=0, resources={"sandbox": 1})
    cluster.add_node(num_cpus=1, num_gpus=0)
    yield cluster
    cluster.shutdown()


@pytest.fixture
def other(cluster):
    """A second node for a generator."""
    node = cluster.add_node(num_cpus=1, num_gpus=0)
    yield node
    if node in cluster.worker_nodes:
        cluster.remove_node(node)


def command(out, *options, model=MODEL, name="generate"):
    return [sys.executable, "-m", "codecrucible", name, "--model", model, *SETTINGS, "--out", str(out), *options]


def on_cluster(cluster, count):
    return "--cluster", cluster.address, "--generators", str(count)


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The samples that a model in the command's own process writes."""
    out = tmp_path_factory.mktemp("local") / "run"
    subprocess.run(command(out), check=True, capture_output=True)
    return samples(out)


def lines(folder):
    """Whole lines of the samples' file."""
    file = folder / "samples.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]


def samples(folder):
    """Samples by problem and index, each of which stands there once."""
    found = {(line["problem_id"], line["sample_index"]): line for line in lines(folder)}
    assert len(found) == len(lines(folder))
    return found


def manifest(folder):
    return json.loads((folder / "run.json").read_text())


def wait_for_samples(folder, count, process):
    while not (folder / "samples.jsonl").exists() or len(lines(folder)) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def left(cluster, within_s=20.0):
    """Generators that are still there."""
    end = time.monotonic() + within_s
    while actors(cluster, "GeneratorActor") and time.monotonic() < end:
        time.sleep(0.1)
    return actors(cluster, "GeneratorActor")


def test_completions_are_those_of_one_process_and_where_they_were_made_is_recorded(cluster, other, local, tmp_path):
    out = tmp_path / "run"
    done = subprocess.run(
        command(out, *on_cluster(cluster, 2), "--json"), check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert json.loads(done.stdout)["samples"] == SAMPLES  # and nothing else is on stdout
    assert samples(out) == local
    first, second = manifest(out)["machine"]["generators"]
    assert first["device"] == second["device"] == "cpu"
    assert first["name"].partition(" on ")[2] != second["name"].partition(" on ")[2]
    assert all(f"{each['name']} made " in done.stderr for each in (first, second))
    assert left(cluster) == set()


@pytest.mark.parametrize("killed", ["generator", "node"])
def test_what_is_killed_in_the_middle_costs_no_sample(cluster, other, local, tmp_path, killed):
    out = tmp_path / "run"
    with running(command(out, *on_cluster(cluster, 2))) as process:
        wait_for_samples(out, 2, process)
        if killed == "generator":
            os.kill(min(actors(cluster, "GeneratorActor")), signal.SIGKILL)
        else:
            cluster.remove_node(other, allow_graceful=False)
        _, stderr = process.communicate()
    assert process.returncode == 0, stderr
    assert "was lost, and its 2 completions, which are made again" in stderr
    assert samples(out) == local


def test_without_any_generator_left_the_command_fails_and_goes_on_later(cluster, local, tmp_path):
    out = tmp_path / "run"
    with running(command(out, *on_cluster(cluster, 1))) as process:
        wait_for_samples(out, 4, process)
        os.kill(*actors(cluster, "GeneratorActor"), signal.SIGKILL)
        _, stderr = process.communicate()
    assert process.returncode == 4, stderr
    assert "no generator is left on the cluster" in stderr
    assert 4 <= len(samples(out)) < SAMPLES
    subprocess.run(command(out, *on_cluster(cluster, 1)), check=True, capture_output=True)
    assert samples(out) == local


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_ended_command_leaves_no_generator_and_its_run_goes_on_in_one_process(cluster, local, tmp_path, sent):
    out = tmp_path / "run"
    with running(command(out, *on_cluster(cluster, 1))) as process:
        wait_for_samples(out, 4, process)
        process.send_signal(sent)
        process.communicate()
    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    assert left(cluster) == set()
    assert len(samples(out)) < SAMPLES
    subprocess.run(command(out), check=True, capture_output=True)
    assert samples(out) == local


@pytest.mark.docker
@pytest.mark.usefixtures("executor")
def test_completions_and_programs_of_one_run_share_a_cluster(cluster, local, tmp_path):
    out = tmp_path / "run"
    arguments = command(out, *on_cluster(cluster, 1), "--workers", "1", "--json", name="run")
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["unjudged"] == 0
    assert samples(out) == local
    (node,), (generator,) = manifest(out)["sandbox"]["nodes"], manifest(out)["machine"]["generators"]
    assert node["name"] not in generator["name"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--model", "/nowhere/model"), "generator 1 on .*/nowhere/model.* put it there under the same path"),
        (("--adapter", "nowhere"), "generator 1 on .*nowhere holds no adapter_config.json"),
        (("--generators", "9"), "--generators 9: the nodes for them have 1 CPUs"),
        (("--device", "cuda"), "have 0 GPUs"),
    ],
)
def test_what_the_cluster_cannot_do_is_told(cluster, tmp_path, options, told):
    arguments = command(tmp_path / "run", *on_cluster(cluster, 1), *options)
    done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert re.search(told, done.stderr), done.stderr
    assert left(cluster) == set()


def test_each_gpu_that_a_cluster_says_it_has_gets_a_generator(cluster, local, tmp_path):
    node = cluster.add_node(num_cpus=1, num_gpus=2)  # which Ray believes
    out = tmp_path / "run"
    try:
        subprocess.run(command(out, "--cluster", cluster.address), check=True, capture_output=True)
    finally:
        cluster.remove_node(node)
    assert len(manifest(out)["machine"]["generators"]) == 2
    assert samples(out) == local


def test_a_cluster_without_a_gpu_leaves_the_model_to_the_command(cluster, local, tmp_path):
    out = tmp_path / "run"
    done = subprocess.run(command(out, "--cluster", cluster.address), check=True, capture_output=True, text=True)
    assert "no GPU of the cluster is used, so the model is loaded here" in done.stderr
    assert samples(out) == local
    assert "generators" not in manifest(out)["machine"]
