"""Prints JSON: wall seconds of `crucible evaluate` on this machine's engine and on a Ray cluster of two nodes on it.

    python tests/performance/cluster.py [--copies 20] [--rounds 3]

Needs the extra `ray`. Both sides have as many containers as the machine has cores, the cluster half of them on each
node, and judge the same distinct programs, copies of the 164 canonical solutions of HumanEval, in rounds that take
turns. `execute_s` is from the first program handed over to the last verdict, as in `report.json`; `wall_s` is the whole
command, with joining the cluster. What is measured is what Ray costs: both nodes are this machine, and so there is no
network between them, and the processes of Ray, head included, take their time from the same cores.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from evaluate import write_samples
from ray.cluster_utils import Cluster

NODES = 2


def evaluate(samples: Path, out: Path, *options: str) -> tuple[float, float]:
    """Wall seconds of the command and of its executions."""
    command = [sys.executable, "-m", "harness.cli", "evaluate", str(samples), "--benchmark", "humaneval", "--json"]
    started = time.perf_counter()
    done = subprocess.run([*command, "--out", str(out), *options], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr}")
    wall_s = time.perf_counter() - started
    report = json.loads(done.stdout)
    assert report["verdicts"] == {"passed": report["samples"]}, report["verdicts"]
    return wall_s, report["timing"]["execute_s"]


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=20, help="distinct samples a problem")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(NODES):
        cluster.add_node(num_cpus=0, resources={"sandbox": 1})
    local, clustered, count = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.rounds):
            samples = Path(folder) / f"samples-{turn}.jsonl"
            count = write_samples(samples, options.copies, f"round {turn}")
            workers = ("--workers", str(max(1, cores // NODES)))
            local.append(evaluate(samples, Path(folder) / f"local-{turn}"))
            there = ("--cluster", cluster.address, *workers)
            clustered.append(evaluate(samples, Path(folder) / f"cluster-{turn}", *there))
    cluster.shutdown()
    overheads = [there[1] / here[1] - 1 for here, there in zip(local, clustered, strict=True)]
    result = {
        "samples": count,
        "rounds": options.rounds,
        "containers": cores,
        "nodes": NODES,
        "local": {"wall_s": _median(local, 0), "execute_s": _median(local, 1)},
        "cluster": {"wall_s": _median(clustered, 0), "execute_s": _median(clustered, 1)},
        "execute_overhead_percent": [round(100 * overhead, 1) for overhead in overheads],
        "median_execute_overhead_percent": round(100 * statistics.median(overheads), 1),
    }
    print(json.dumps(result, indent=2))


def _median(measured: list[tuple[float, float]], place: int) -> float:
    return round(statistics.median(each[place] for each in measured), 2)


if __name__ == "__main__":
    main()
