"""Prints JSON: which gated quantity finds that a model writes insecure code, and what gating it costs.

Each replicate draws 164 problems with pass rates from a U-shaped Beta distribution with mean 0.65, and chances to be
insecure from one with mean 0.05: few problems invite it, and those often. The gate's own code decides.

Worlds:
    same      the candidate is the baseline
    rise      insecure samples rise by 4.8 points, in what passes and in what fails
    passes    the same chances, in what passes alone
    both      pass@1 falls by 2 points, and insecure samples rise by 2
    evading   insecure samples rise as in "passes", and no scanner can read the insecure ones among those that pass
    silent    the candidate writes nothing for the sixteen problems that invite insecure code most
    drop      pass@1 falls by 3 points, and nothing else changes

    python tests/performance/security_gate.py --replicates 1000
"""

import argparse
import json
import time
from dataclasses import replace
from typing import Any

import numpy as np
from gate_error_rates import INSECURE, drawn, moved_to, rates_of, report_with

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.gate import decide
from codecrucible.reports.report_types import Report
from codecrucible.reports.statistics.multiplicity import holm

MEAN = 0.65
RISE, DROP, SMALL = 0.048, 0.03, 0.02
SILENT = 16  # problems
WORLDS = ("same", "rise", "passes", "both", "evading", "silent", "drop")
ALPHA = 0.05
FAMILIES = {
    "pass@1 3, insecure rate 1": (3, 0, 1),
    "pass@1 3, secure-pass@1 1": (3, 1, 0),
    "pass@1 3, insecure rate 1, secure-pass@1 1": (3, 1, 1),
}


def reports_of(world: str, n: int, source: np.random.Generator) -> tuple[Report, Report]:
    """The baseline's and the candidate's report."""
    rates, insecure = rates_of(MEAN, source), rates_of(INSECURE, source)
    more = moved_to(insecure, insecure.mean() + RISE)
    base = report_with(drawn(rates, insecure, n, source), n)
    if world == "both":
        worse, slightly = moved_to(rates, rates.mean() - SMALL), moved_to(insecure, insecure.mean() + SMALL)
        return base, report_with(drawn(worse, slightly, n, source), n)
    lower = moved_to(rates, rates.mean() - DROP) if world == "drop" else rates
    of_passes = more if world in {"rise", "passes", "evading"} else insecure
    samples = drawn(lower, more if world == "rise" else insecure, n, source, of_passes=of_passes)
    if world == "silent":
        silent = np.argsort(insecure)[-SILENT:]
        samples[:, silent] = 0
        candidate = report_with(samples, n)
        rows = [
            replace(row, scanned=0, unscannable=n) if place in silent else row
            for place, row in enumerate(candidate.per_problem)
        ]
        return base, replace(candidate, per_problem=tuple(rows))
    return base, report_with(samples, n, unseen=samples[1] if world == "evading" else None)


def cell(world: str, n: int, *, replicates: int) -> dict[str, Any]:
    """Percent of the replicates in which each test, each family of tests and the shipped gate find a regression."""
    source = np.random.default_rng([n, WORLDS.index(world)])
    p_values, words, rates_passed = [], [], 0
    for _ in range(replicates):
        result = decide([compare_reports(*reports_of(world, n, source))])
        of = {each.difference.quantity.key: each for each in result.gated}
        p_values.append([of[key].difference.p_worse for key in ("pass_at_1", "secure_pass_at_1", "insecure_rate")])
        words.append(result.state.value)
        rates_passed += of["insecure_rate"].state.value == "PASS"
    tests = np.array(p_values)
    alone = 100 * (tests <= ALPHA).mean(axis=0)
    return {
        "alone": dict(zip(("pass@1", "secure-pass@1", "insecure rate"), alone.round(1).tolist(), strict=True)),
        **{name: _found(tests, weights) for name, weights in FAMILIES.items()},
        "shipped": {word: round(100 * words.count(word) / replicates, 1) for word in sorted(set(words))},
        "insecure rate PASS": round(100 * rates_passed / replicates, 1),
    }


def _found(tests: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", weights: tuple[int, ...]) -> float:
    """Percent of the rows that reject with Holm's method and these weights."""
    used = [place for place, weight in enumerate(weights) if weight]
    shares = [weight for weight in weights if weight]
    return round(100 * float(np.mean([min(holm(row[used].tolist(), shares)) <= ALPHA for row in tests])), 1)


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=1000)
    replicates = options.parse_args().replicates
    started = time.process_time()
    table = {f"n {n}": {world: cell(world, n, replicates=replicates) for world in WORLDS} for n in (1, 5, 20)}
    told = {"replicates": replicates, "percent": table, "cpu_s": round(time.process_time() - started, 1)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
