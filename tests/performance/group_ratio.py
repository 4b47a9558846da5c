"""Prints JSON: how often the interval of the worst group's score to the best group's misses the true ratio.

Each replicate draws 80 source problems with pass rates from a U-shaped Beta distribution, asked in each of some groups;
the logit of each version moves by N(0, 1), so that groups have the same problems in common and are not alike. The code
that is shipped makes the interval.

Worlds:
    level    all groups have the same distribution: the true ratio is 1
    one      one group passes 3 of 4 of what the others pass
    ladder   the groups pass from 3 of 4 to all of what the first passes

Beside the misses: the mean of the plain ratio, which is too low on average, and how often a percentile bootstrap of the
plain ratio over source problems would have missed.

    python tests/performance/group_ratio.py --replicates 200    # 15 minutes on one core, nearly all of it 23 groups
"""

import argparse
import json

import numpy as np
from numpy.typing import NDArray

from codecrucible.reports.statistics.ratio import Scored
from codecrucible.reports.statistics.worst_to_best import worst_to_best

PROBLEMS = 80
WORLDS = {
    "level": np.ones,
    "one": lambda groups: np.where(np.arange(groups) == 0, 0.75, 1.0),
    "ladder": lambda groups: np.linspace(0.75, 1.0, groups),
}
RESAMPLES = 500
SETTINGS = ((0.1, 1), (0.35, 1), (0.65, 5), (0.35, 10))
"""Pass@1 where nothing is lost, and samples per problem."""

Shares = NDArray[np.float64]


def shares_of(shares_kept: Shares, mean: float, n: int, source: np.random.Generator) -> Shares:
    """Share of n samples that passed, of each source problem in each group."""
    rates = np.clip(source.beta(mean, 1 - mean, PROBLEMS), 1e-9, 1 - 1e-9)
    logits = np.log(rates / (1 - rates))[:, None] + source.normal(0, 1, (PROBLEMS, len(shares_kept)))
    passed: Shares = source.binomial(n, shares_kept / (1 + np.exp(-logits))) / n
    return passed


def interval_of(shares: Shares) -> tuple[float, tuple[float, float]]:
    """The plain ratio, and the interval that is shipped."""
    groups = {
        str(group): [Scored(cluster=place, score=score) for place, score in enumerate(column.tolist())]
        for group, column in enumerate(shares.T)
    }
    found = worst_to_best(groups)
    if found is None or found.ci95 is None:
        return 0.0, (0.0, 1.0)
    return found.ratio, found.ci95


def bootstrapped(shares: Shares, source: np.random.Generator) -> tuple[float, float]:
    """The percentile interval of the plain ratio."""
    drawn = source.integers(0, len(shares), (RESAMPLES, len(shares)))
    means = shares[drawn].mean(axis=1)
    low, high = np.quantile(means.min(axis=1) / np.maximum(means.max(axis=1), 1e-9), (0.025, 0.975))
    return float(low), float(high)


def simulated(world: str, groups: int, mean: float, n: int, *, replicates: int, seed: int = 0) -> dict[str, float]:
    """Percent of intervals that lie above the true ratio, and below it."""
    source = np.random.default_rng(seed)
    kept = WORLDS[world](groups)
    truth = float(kept.min() / kept.max())
    above = below = bootstrap = 0
    ratios, lengths = [], []
    for _ in range(replicates):
        shares = shares_of(kept, mean, n, source)
        ratio, (low, high) = interval_of(shares)
        above, below = above + (low > truth), below + (high < truth)
        naive = bootstrapped(shares, source)
        bootstrap += not naive[0] <= truth <= naive[1]
        ratios.append(ratio)
        lengths.append(high - low)
    return {
        "above": round(100 * above / replicates, 1),
        "below": round(100 * below / replicates, 1),
        "bootstrap_misses": round(100 * bootstrap / replicates, 1),
        "truth": truth,
        "mean_ratio": round(float(np.mean(ratios)), 3),
        "mean_length": round(float(np.mean(lengths)), 3),
    }


def main() -> None:
    """Print a line a world."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--groups", type=int, nargs="+", default=[2, 5, 23])
    options = parser.parse_args()
    for world in WORLDS:
        for groups in options.groups:
            for mean, n in SETTINGS:
                found = simulated(world, groups, mean, n, replicates=options.replicates)
                print(json.dumps({"world": world, "groups": groups, "mean": mean, "samples": n, **found}), flush=True)


if __name__ == "__main__":
    main()
