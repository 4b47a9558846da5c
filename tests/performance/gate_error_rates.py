"""Prints JSON: how often the shipped gate cries wolf, and how often it sees a drop, in simulated evaluations.

Each replicate draws 164 problems with pass rates from a U-shaped Beta distribution, as HumanEval's are, and samples of
a baseline and a candidate; the gate's own code decides. Beside pass@1, the insecure rate and secure-pass@1 are gated;
the chance that a sample is insecure never changes, whether it passes or not.

Worlds without a regression:
    identical   the candidate has the baseline's pass rates
    reshuffled  each problem's logit is moved by N(0, 1), then all of them so that the mean stays exactly
    superpop    a fifth of the problems have a new rate from the same distribution: equal on average over benchmarks
Worlds with one: all logits are lowered together, so that the mean falls by the number of points.

    python tests/performance/gate_error_rates.py --replicates 2000
    python tests/performance/gate_error_rates.py --replicates 400 --inference fixed-set
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.gate import GateResult, GateRule, GateState, decide
from codecrucible.reports.report_types import (
    CodeBleuScore,
    FindingCounts,
    Missing,
    ProblemRow,
    Report,
    Security,
    Timing,
)
from codecrucible.reports.statistics.difference import Inference

PROBLEMS = 164
MEANS = (0.35, 0.65, 0.88)
INSECURE = 0.05
SIZES = ((1, 1), (5, 5), (20, 20), (50, 20))
NULLS = ("identical", "reshuffled", "superpop")
DROPS = (2, 3, 5)
LOOKS = (5, 10, 15, 20)

Rates = NDArray[np.float64]
Counts = NDArray[np.int64]


def rates_of(mean: float, source: np.random.Generator) -> Rates:
    """Pass rates of the problems."""
    return np.clip(source.beta(mean, 1 - mean, PROBLEMS), 1e-9, 1 - 1e-9)


def moved_to(rates: Rates, mean: float) -> Rates:
    """`rates` with all logits moved alike, so that their mean is `mean`."""
    logits = np.log(rates / (1 - rates))
    low, high = -60.0, 60.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if _logistic(logits + middle).mean() > mean else (middle, high)
    return _logistic(logits + low)


def _logistic(logits: Rates) -> Rates:
    return np.asarray(1 / (1 + np.exp(-logits)))


def candidate_rates(world: str | int, base: Rates, mean: float, source: np.random.Generator) -> Rates:
    """The candidate's pass rates in a world; a number is a drop in points."""
    if isinstance(world, int):
        return moved_to(base, max(1e-6, base.mean() - world / 100))
    if world == "reshuffled":
        logits = np.log(base / (1 - base)) + source.normal(size=PROBLEMS)
        return moved_to(np.clip(_logistic(logits), 1e-9, 1 - 1e-9), base.mean())
    if world == "superpop":
        return np.where(source.random(PROBLEMS) < 1 / 5, rates_of(mean, source), base)
    return base


def report_of(rates: Rates, insecure: Rates, n: int, source: np.random.Generator) -> Report:
    """What `build_report` would say of a run with these rates, as far as a comparison reads it."""
    return report_with(drawn(rates, insecure, n, source), n)


def drawn(
    rates: Rates, insecure: Rates, n: int, source: np.random.Generator, *, of_passes: Rates | None = None
) -> Counts:
    """Passes, insecure passes and insecure failures of each problem.

    Args:
        rates: Chance that a sample passes.
        insecure: Chance that it is insecure.
        n: Samples a problem.
        source: Of the draws.
        of_passes: Chance that a passing sample is insecure, where that is another.
    """
    passed = source.binomial(n, rates)
    found_in_passes = source.binomial(passed, insecure if of_passes is None else of_passes)
    return np.stack((passed, found_in_passes, source.binomial(n - passed, insecure)))


def report_with(
    samples: Counts, n: int, *, unseen: Counts | None = None, benchmark: str = "simulated", name: str = "{}"
) -> Report:
    """What `build_report` would say of a run with these samples.

    Args:
        samples: From `drawn`.
        n: Samples a problem.
        unseen: Insecure passes of each problem that no scanner can read; none if None.
        benchmark: Its name.
        name: Of a problem, with a place for its number.
    """
    hidden = np.zeros(samples.shape[1], dtype=np.int64) if unseen is None else unseen
    rows = [
        ProblemRow(
            problem_id=name.format(place),
            language="python",
            n=n,
            samples=n,
            c=int(passed),
            secure=int(passed - found),
            insecure=int(found + others - without),
            scanned=int(n - without),
            unscannable=int(without),
        )
        for place, (passed, found, others, without) in enumerate(zip(*samples, hidden, strict=True))
    ]
    return report_of_rows(rows, n, benchmark)


def report_of_rows(rows: Sequence[ProblemRow], n: int, benchmark: str) -> Report:
    """The report of a run with these rows, and with nothing else that is not known of them."""
    return Report(
        run_id="simulated",
        benchmark=benchmark,
        model="m",
        problems=len(rows),
        samples=n * len(rows),
        n=n,
        pass_at_k={},
        verdicts={},
        unjudged=0,
        missing=Missing(problems=(), samples=0),
        codebleu=CodeBleuScore(),
        security=Security(
            scanned=sum(row.scanned for row in rows),
            unscannable=sum(row.unscannable for row in rows),
            no_scanner=0,
            not_scanned=0,
            findings=FindingCounts(high=0, medium=0, low=0),
            scanners={},
            insecure_samples=sum(row.insecure for row in rows),
            insecure_rate=None,
            secure_pass_at_1=None,
        ),
        tokens={},
        truncated=0,
        timing=Timing(),
        per_problem=tuple(rows),
    )


def gated(
    world: str | int, mean: float, sizes: tuple[int, int], source: np.random.Generator, inference: Inference
) -> GateResult:
    """The gate's decision in one simulated evaluation."""
    base = rates_of(mean, source)
    insecure = rates_of(INSECURE, source)
    candidate = candidate_rates(world, base, mean, source)
    reports = (report_of(rates, insecure, n, source) for rates, n in zip((base, candidate), sizes, strict=True))
    return decide([compare_reports(*reports, inference=inference)])


def cell(
    world: str | int,
    mean: float,
    sizes: tuple[int, int],
    *,
    replicates: int,
    inference: Inference = "problems",
    seed: int = 20240607,
) -> dict[str, float]:
    """Percent of the replicates: pass@1's own test rejects, and each word of the whole gate."""
    source = np.random.default_rng([seed, *sizes, round(100 * mean), abs(hash_of(world))])
    results = [gated(world, mean, sizes, source, inference) for _ in range(replicates)]
    words = [result.state.value for result in results]
    alone = sum(result.gated[0].difference.p_worse <= result.rule.alpha for result in results)  # type: ignore[operator]
    return {
        "pass_at_1_alone": round(100 * alone / replicates, 2),
        **{word.lower(): round(100 * words.count(word) / replicates, 2) for word in sorted(set(words))},
    }


def looked_cell(
    world: str | int, mean: float, looks: tuple[int, ...], *, replicates: int, seed: int = 20240607
) -> dict[str, float]:
    """Percent of the replicates by the word that ends them, when the gate looks while samples are drawn."""
    source = np.random.default_rng([seed, *looks, round(100 * mean), hash_of(world)])
    words, drawn = [], 0
    for _ in range(replicates):
        result, n = looked(world, mean, looks, source)
        words.append(result.state.value)
        drawn += n
    return {
        **{word: round(100 * words.count(word.upper()) / replicates, 2) for word in ("regression", "pass")},
        "mean_samples": round(drawn / replicates, 1),
    }


def looked(
    world: str | int, mean: float, looks: tuple[int, ...], source: np.random.Generator
) -> tuple[GateResult, int]:
    """The gate's last word in one simulated evaluation, and the samples per problem it took."""
    base, insecure = rates_of(mean, source), rates_of(INSECURE, source)
    candidate = candidate_rates(world, base, mean, source)
    samples = np.zeros((2, 3, PROBLEMS), dtype=np.int64)
    for sooner, n in pairwise((0, *looks)):
        samples += np.stack([drawn(rates, insecure, n - sooner, source) for rates in (base, candidate)])
        reports = (report_with(side, n) for side in samples)
        result = decide([compare_reports(*reports)], GateRule(looks=looks))
        if result.state is not GateState.INCONCLUSIVE:
            break
    return result, n


def hash_of(world: str | int) -> int:
    """A number of its own for each world, the same in every process."""
    return world if isinstance(world, int) else 100 + NULLS.index(world)


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=2000, help="of each world without a regression")
    options.add_argument("--inference", choices=("problems", "fixed-set"), default="problems", help="as of the gate")
    chosen = options.parse_args()
    started = time.perf_counter()
    table = {}
    for sizes in SIZES:
        for world in (*NULLS, *DROPS):
            replicates = chosen.replicates if isinstance(world, str) else max(1, chosen.replicates // 4)
            name = f"n {sizes[0]} x {sizes[1]}, {world if isinstance(world, str) else f'drop of {world} points'}"
            table[name] = {
                str(mean): cell(world, mean, sizes, replicates=replicates, inference=chosen.inference) for mean in MEANS
            }
            print(f"{name}: {table[name]}", file=sys.stderr)
    looked_table = {
        str(world): {str(mean): looked_cell(world, mean, LOOKS, replicates=chosen.replicates // 4) for mean in MEANS}
        for world in (*NULLS, *DROPS)
    }
    alarms = [
        (cells["pass_at_1_alone"], cells.get("regression", 0.0))
        for name, by_mean in table.items()
        for cells in by_mean.values()
        if "drop" not in name
    ]
    json.dump(
        {
            "problems": PROBLEMS,
            "inference": chosen.inference,
            "replicates": chosen.replicates,
            "replicates_with_a_drop": max(1, chosen.replicates // 4),
            "percent_by_world_and_mean_pass_at_1": table,
            "percent_with_looks_at_5_10_15_20": looked_table,
            "worst_false_alarms_pass_at_1_alone": max(alone for alone, _ in alarms),
            "worst_false_alarms_gate": max(gate for _, gate in alarms),
            "mean_false_alarms_gate": round(sum(gate for _, gate in alarms) / len(alarms), 2),
            "seconds": round(time.perf_counter() - started, 1),
        },
        sys.stdout,
        indent=2,
    )
    print()


if __name__ == "__main__":
    main()
