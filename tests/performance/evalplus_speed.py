"""Prints JSON: wall seconds of `crucible evaluate` beside EvalPlus on HumanEval+ or MBPP+, in one interleaved run.

Both judge the reference solutions, each copy made distinct by a comment, on all cores of this machine; ours also
isolates, scans with Bandit and computes CodeBLEU. "first" is with empty caches: EvalPlus computes the expected answers,
and ours measures how long the references take. "again" is with the caches of "first", and other programs.

    python -m venv peer && peer/bin/pip install evalplus==0.3.1
    CRUCIBLE_DATA=... python tests/performance/evalplus_speed.py --peer peer/bin/python --copies 1 --rounds 3
"""

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

#: File of the data, variable that EvalPlus reads its path from, and its own name.
DATASETS = {
    "humaneval+": ("HumanEvalPlus.jsonl.gz", "HUMANEVAL_OVERRIDE_PATH", "humaneval"),
    "mbpp+": ("MbppPlus.jsonl.gz", "MBPP_OVERRIDE_PATH", "mbpp"),
}


def write_samples(path: Path, rows: list[dict[str, Any]], copies: int, salt: str) -> None:
    """The references, `copies` times, in the form that both read."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            for copy in range(copies):
                solution = f"{row['prompt']}{row['canonical_solution']}\n# {salt} {copy}\n"
                file.write(json.dumps({"task_id": row["task_id"], "solution": solution}) + "\n")


def seconds_of(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Wall seconds and stdout of a command that must succeed."""
    started = time.perf_counter()
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr}")
    return time.perf_counter() - started, done.stdout


def measured(chosen: argparse.Namespace, rows: list[dict[str, Any]], turn: int, folder: Path) -> dict[str, Any]:
    """One round: both sides with empty caches, then both with those of before."""
    crucible = str(Path(sys.executable).with_name("crucible"))
    _, variable, name = DATASETS[chosen.dataset]
    theirs = {variable: str(folder / "data.jsonl"), "XDG_CACHE_HOME": str(folder / f"peer-cache-{turn}")}
    ours = {"XDG_CACHE_HOME": str(folder / f"cache-{turn}")}
    result: dict[str, Any] = {}
    for when in ("first", "again"):
        samples = folder / f"samples-{turn}-{when}.jsonl"
        write_samples(samples, rows, chosen.copies, f"{turn} {when}")
        out = str(folder / f"run-{turn}-{when}")
        command = [crucible, "evaluate", str(samples), "--benchmark", chosen.dataset, "--out", out, "--json", "--quiet"]
        here_s, printed = seconds_of(command, ours)
        cores = str(len(os.sched_getaffinity(0)))
        command = [chosen.peer, "-m", "evalplus.evaluate", name, "--samples", str(samples), "--parallel", cores]
        there_s, said = seconds_of(command, theirs)
        result[when] = {
            "crucible_s": here_s,
            "evalplus_s": there_s,
            "crucible_pass_at_1": json.loads(printed)["pass_at_k"]["1"]["value"],
            "evalplus_pass_at_1": float(re.findall(r"pass@1:\s+([\d.]+)", said)[-1]),
        }
    return result


def main() -> None:
    """Run the comparison and print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", required=True, metavar="PYTHON", help="of an environment that has EvalPlus")
    options.add_argument("--dataset", choices=DATASETS, default="humaneval+")
    options.add_argument("--copies", type=int, default=1, help="distinct samples per problem")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = gzip.decompress(
            (Path(os.environ["CRUCIBLE_DATA"]) / "evalplus" / DATASETS[chosen.dataset][0]).read_bytes()
        )
        (folder / "data.jsonl").write_bytes(data)
        rows = [json.loads(line) for line in data.splitlines()]
        rounds = [measured(chosen, rows, turn, folder) for turn in range(chosen.rounds)]
    result: dict[str, Any] = {"dataset": chosen.dataset, "samples": len(rows) * chosen.copies, "rounds": chosen.rounds}
    for when in ("first", "again"):
        of_all = [each[when] for each in rounds]
        result[when] = {key: round(statistics.median(each[key] for each in of_all), 3) for key in of_all[0]}
        ratios = [each["evalplus_s"] / each["crucible_s"] for each in of_all]
        result[when]["times_as_fast"] = round(statistics.median(ratios), 2)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
