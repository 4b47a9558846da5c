"""Prints JSON: what `gate --retain 0.95` says of candidates that keep just so much, less, or all.

Each replicate draws 164 problems with pass rates from a U-shaped Beta distribution, and samples of a baseline and a
candidate; the p-values of pass@1 that the gate takes decide, of this one test.

Worlds:
    all       the candidate has the baseline's pass rates
    scaled    it has 0.95 of the baseline's pass rate in every problem: the boundary, where each word is an error
    lost      it loses each problem altogether with the chance 0.05: the same mean, and a long tail
    less      it has 0.85 of the baseline's pass rate in every problem

    python tests/performance/retention_errors.py --replicates 400
"""

import argparse
import json

import numpy as np
from numpy.typing import NDArray

from codecrucible.reports.statistics.ratio import Scored, ratio_of_means

PROBLEMS, ASKED, ALPHA = 164, 0.95, 0.05
WORLDS = ("all", "scaled", "lost", "less")


def decided(world: str, mean: float, n: int, source: np.random.Generator) -> str:
    """The word on one simulated evaluation."""
    rates: NDArray[np.float64] = source.beta(mean, 1 - mean, PROBLEMS)
    kept = {"all": 1.0, "scaled": ASKED, "lost": source.random(PROBLEMS) < ASKED, "less": 0.85}[world]
    base, candidate = (source.binomial(n, each) / n for each in (rates, rates * kept))
    found = ratio_of_means(
        *(
            [Scored(cluster=place, score=score) for place, score in enumerate(side.tolist())]
            for side in (candidate, base)
        )
    )
    below, above = found.p_below(ASKED), found.p_above(ASKED)
    if found.denominator == 0 or below is None or above is None:
        return "INCONCLUSIVE"
    return "REGRESSION" if below <= ALPHA else "PASS" if above <= ALPHA else "INCONCLUSIVE"


def simulated(world: str, mean: float, n: int, *, replicates: int, seed: int = 0) -> dict[str, float]:
    """Percent of each word."""
    source = np.random.default_rng(seed)
    words = [decided(world, mean, n, source) for _ in range(replicates)]
    return {word: round(100 * words.count(word) / replicates, 1) for word in ("PASS", "INCONCLUSIVE", "REGRESSION")}


def main() -> None:
    """Print a line a cell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--replicates", type=int, default=400)
    options = parser.parse_args()
    for world in WORLDS:
        for mean in (0.05, 0.35, 0.65, 0.88):
            for n in (1, 20):
                told = simulated(world, mean, n, replicates=options.replicates)
                print(json.dumps({"world": world, "mean": mean, "samples": n, **told}), flush=True)


if __name__ == "__main__":
    main()
