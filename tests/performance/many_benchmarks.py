"""Prints JSON: what a gate over many benchmarks finds with and without testing all of them as one.

Ten languages of 164 source problems, as in MultiPL-E. A problem's pass rate is U-shaped (mean 0.5) and moves by N(0, 1)
in logits from language to language. pass@1 alone is gated.

Worlds without a regression:
    same          the candidate has the baseline's rates
    reshuffled    each source problem's logit moves by N(0, 1), by the same in all languages, and the means stay
    other         a fifth of the source problems have new rates in all languages at once: equal on average
Worlds with one:
    every         each language falls by 3 points
    broken        6 in 100 problems fail in each language, others in each: 3 points
    shared        6 in 100 source problems fail in every language
    one           one language falls by 10 points, the others stay

"each" is Holm's method over the ten languages, "pooled" the test of their mean at the whole level, "shipped" the gate.

    python tests/performance/many_benchmarks.py --replicates 500 --with-a-drop 200
"""

import argparse
import json
import time
from typing import Any

import numpy as np
from gate_error_rates import Rates, drawn, moved_to, report_with

from codecrucible.reports.comparison import Comparison
from codecrucible.reports.gate import GateState, decide
from codecrucible.reports.statistics.difference import Quantity, difference_of
from codecrucible.reports.statistics.multiplicity import holm

LANGUAGES, PROBLEMS = 10, 164
MEAN = 0.5
NULLS = ("same", "reshuffled", "other")
WORLDS = (*NULLS, "every", "broken", "shared", "one")
ALPHA = 0.05
BROKEN = 0.06
SIZES = (1, 5)
PASS_AT_1 = Quantity(key="pass_at_1", title="pass@1", sign=1, share=True, score=lambda row: row.c / row.n, counts=None)


def rates_of(source: np.random.Generator) -> Rates:
    """Pass rates: a row a language."""
    shared = np.clip(source.beta(MEAN, 1 - MEAN, PROBLEMS), 1e-6, 1 - 1e-6)
    logits = np.log(shared / (1 - shared)) + source.normal(size=(LANGUAGES, PROBLEMS))
    return np.asarray(1 / (1 + np.exp(-logits)))


def candidate_rates(world: str, base: Rates, source: np.random.Generator) -> Rates:
    """The candidate's pass rates in a world."""
    if world == "reshuffled":
        moved = np.log(base / (1 - base)) + source.normal(size=PROBLEMS)
        moved = np.clip(1 / (1 + np.exp(-moved)), 1e-9, 1 - 1e-9)
        return np.stack([moved_to(row, was.mean()) for row, was in zip(moved, base, strict=True)])
    if world == "other":
        return np.where(source.random(PROBLEMS) < 1 / 5, rates_of(source), base)
    if world == "every":
        return np.stack([moved_to(row, row.mean() - 0.03) for row in base])
    if world == "broken":
        return np.where(source.random(base.shape) < BROKEN, 0.0, base)
    if world == "shared":
        return np.where(source.random(PROBLEMS) < BROKEN, 0.0, base)
    if world == "one":
        return np.stack([moved_to(base[0], base[0].mean() - 0.1), *base[1:]])
    return base


def _comparison(place: int, rows: tuple[Rates, Rates], n: int, source: np.random.Generator) -> Comparison:
    """One language's comparison of pass@1, from the rates of the baseline and of the candidate."""
    base, candidate = (
        report_with(
            drawn(row, np.zeros(PROBLEMS), n, source), n, benchmark=f"language {place}", name=f"HumanEval_{{}}_{place}"
        )
        for row in rows
    )
    pairs = list(zip(base.per_problem, candidate.per_problem, strict=True))
    return Comparison(
        benchmark=base.benchmark,
        language="",
        base=base,
        candidate=candidate,
        inference="problems",
        differences=(difference_of(PASS_AT_1, [pairs], "problems"),),
        changes=(),
        left_out=(),
    )


def cell(world: str, n: int, *, replicates: int) -> dict[str, Any]:
    """Percent of the replicates in which each way to gate says that there is a regression."""
    source = np.random.default_rng([n, WORLDS.index(world)])
    found = {"each": 0, "pooled": 0, "shipped": 0}
    for _ in range(replicates):
        base = rates_of(source)
        candidate = candidate_rates(world, base, source)
        result = decide(
            [_comparison(place, rows, n, source) for place, rows in enumerate(zip(base, candidate, strict=True))]
        )
        pooled, *each = (quantity.difference.p_worse for quantity in result.gated)
        found["each"] += min(holm([p for p in each if p is not None])) <= ALPHA
        found["pooled"] += pooled is not None and pooled <= ALPHA
        found["shipped"] += result.state is GateState.REGRESSION
    return {name: round(100 * count / replicates, 1) for name, count in found.items()}


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=500, help="of each world without a regression")
    options.add_argument("--with-a-drop", type=int, default=200, help="replicates of each world with one")
    asked = options.parse_args()
    started = time.process_time()
    replicates = {world: asked.replicates if world in NULLS else asked.with_a_drop for world in WORLDS}
    table = {f"n {n}": {world: cell(world, n, replicates=replicates[world]) for world in WORLDS} for n in SIZES}
    told = {"replicates": replicates, "percent": table, "cpu_s": round(time.process_time() - started, 1)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
