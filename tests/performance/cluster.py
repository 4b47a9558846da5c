"""Prints JSON: wall seconds of `crucible evaluate` on this machine's engine and on a Ray cluster of two nodes on it.

    python tests/performance/cluster.py [--copies 20] [--rounds 3]

Needs the extra `ray`. Both sides have as many containers as the machine has cores, the cluster half of them on each
node, and judge the same distinct programs, copies of the 164 canonical solutions of HumanEval, in rounds that take
turns. `execute_s` is from the first program handed over to the last verdict, as in `report.json`; `wall_s` is the whole
command, with joining the cluster; `cpu_s` is CPU time of the command and of Ray's processes, containers and engine left
out, which is what to look at where other work runs on the machine. What is measured is what Ray costs: both nodes are
this machine, so there is no network between them, and all processes of Ray take their time from the same cores.
"""

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from evaluate import write_samples
from ray.cluster_utils import Cluster

NODES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One command."""

    wall_s: float
    execute_s: float
    cpu_s: float


def evaluate(cluster: Cluster, samples: Path, out: Path, *options: str) -> Measured:
    """What judging the samples took."""
    command = [sys.executable, "-m", "codecrucible", "evaluate", str(samples), "--benchmark", "humaneval", "--json"]
    started, cpu_s = time.perf_counter(), cpu_seconds(cluster)
    done = subprocess.run([*command, "--out", str(out), *options], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr}")
    wall_s = time.perf_counter() - started
    report = json.loads(done.stdout)
    assert report["verdicts"]["passed"] == report["samples"], report["verdicts"]
    used_s = cpu_seconds(cluster) - cpu_s
    return Measured(wall_s=wall_s, execute_s=report["timing"]["execute_s"], cpu_s=used_s)


def cpu_seconds(cluster: Cluster) -> float:
    """CPU seconds so far of the commands that ended, and of the cluster's processes and their children."""
    commands = resource.getrusage(resource.RUSAGE_CHILDREN)
    wanted = {
        each.process.pid
        for node in cluster.list_all_nodes()
        for processes in node.all_processes.values()
        for each in processes
    }
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)], ticks[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    for _ in range(3):  # generations of children
        wanted |= {pid for pid, parent in parents.items() if parent in wanted}
    rays = sum(ticks.get(pid, 0) for pid in wanted) / os.sysconf("SC_CLK_TCK")
    return commands.ru_utime + commands.ru_stime + rays


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=20, help="distinct samples per problem")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(NODES):
        cluster.add_node(num_cpus=0, resources={"sandbox": 1})
    local: list[Measured] = []
    clustered: list[Measured] = []
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.rounds):
            samples = Path(folder) / f"samples-{turn}.jsonl"
            count = write_samples(samples, options.copies, f"round {turn}")
            workers = ("--workers", str(max(1, cores // NODES)))
            local.append(evaluate(cluster, samples, Path(folder) / f"local-{turn}"))
            there = ("--cluster", cluster.address, *workers)
            clustered.append(evaluate(cluster, samples, Path(folder) / f"cluster-{turn}", *there))
    cluster.shutdown()
    overheads = [there.execute_s / here.execute_s - 1 for here, there in zip(local, clustered, strict=True)]
    result = {
        "samples": count,
        "rounds": options.rounds,
        "containers": cores,
        "nodes": NODES,
        "local": _medians(local),
        "cluster": _medians(clustered),
        "execute_overhead_percent": [round(100 * overhead, 1) for overhead in overheads],
        "median_execute_overhead_percent": round(100 * statistics.median(overheads), 1),
    }
    print(json.dumps(result, indent=2))


def _medians(measured: list[Measured]) -> dict[str, float]:
    return {
        name: round(statistics.median(getattr(each, name) for each in measured), 2)
        for name in ("wall_s", "execute_s", "cpu_s")
    }


if __name__ == "__main__":
    main()
