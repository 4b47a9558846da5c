"""Prints JSON: what the numbers of a run cost, in milliseconds on one core.

Pairs are HumanEval functions: each reference with itself is left out, so that nothing is equal and every pair is
measured. The report is that of a whole HumanEval run.

    python tests/performance/scores.py --candidates 10 --rounds 5
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports import (
    RunFacts,
    SampleRow,
    WorkPool,
    build_report,
    code_bleu,
    code_bleu_many,
    code_bleu_method,
)
from codecrucible.reports import pass_at_k as estimate_pass_at_k


def milliseconds(work: Callable[[], object], *, rounds: int) -> float:
    """Median over `rounds` runs of `work`."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--candidates", type=int, default=10, help="distinct candidates a reference, at most 163")
    options.add_argument("--rounds", type=int, default=5, help="runs of which the median is taken")
    options.add_argument("--workers", type=int, default=2, help="processes for the pool's number")
    chosen = options.parse_args()
    problems = load_humaneval().problems
    functions = [problem.prompt + problem.reference for problem in problems]
    pairs = [
        (reference, functions[(place + step) % len(functions)])
        for place, reference in enumerate(functions)
        for step in range(1, chosen.candidates + 1)
    ]
    code_bleu(*pairs[0])  # the grammar is loaded once
    distinct_ms = milliseconds(lambda: code_bleu_many(pairs), rounds=chosen.rounds)
    repeated_ms = milliseconds(lambda: code_bleu_many(pairs * 20), rounds=chosen.rounds)
    with WorkPool(chosen.workers, worth=0) as pool:
        pooled_ms = milliseconds(lambda: code_bleu_many(pairs, pool=pool), rounds=1)
    rows = [
        SampleRow(
            problem_id=problem.problem_id,
            sample_index=index,
            verdict="passed" if index % 3 else "wrong_answer",
            scan_state="clean",
            codebleu=0.5,
        )
        for problem in problems
        for index in range(20)
    ]
    facts = RunFacts(
        run_id="r", benchmark="humaneval", model="m", problem_ids=tuple(each.problem_id for each in problems), n=20
    )
    json.dump(
        {
            "codebleu_pairs": len(pairs),
            "codebleu_ms_per_pair": round(distinct_ms / len(pairs), 3),
            "codebleu_ms_per_pair_each_20_times": round(repeated_ms / len(pairs) / 20, 4),
            f"codebleu_ms_per_pair_{chosen.workers}_workers": round(pooled_ms / len(pairs), 3),
            "codebleu_method": code_bleu_method(),
            "report_ms_3280_samples": round(
                milliseconds(lambda: build_report(rows, facts=facts, k=(1, 10)), rounds=chosen.rounds), 2
            ),
            "pass_at_100_of_1000_us": round(
                milliseconds(lambda: estimate_pass_at_k(n=1000, c=300, k=100), rounds=99) * 1000, 1
            ),
            "python": sys.version.split()[0],
        },
        sys.stdout,
        indent=2,
    )
    print()


if __name__ == "__main__":
    main()
