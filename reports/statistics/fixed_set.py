"""Inference about these very problems: only the sampling of completions is chance, not the choice of the problems.

It sees smaller changes than a test over problems, and says nothing about other problems like these.
"""

from collections.abc import Sequence
from math import comb, fsum, sqrt

import numpy as np
from numpy.typing import NDArray

Counts = Sequence[tuple[int, int]]
"""For each problem: samples, samples that count (such as those that passed)."""


def fixed_set_p(base: Counts, candidate: Counts) -> float:
    """One-sided mid-p: how often the candidate has as few as it has when each problem's samples are dealt at random.

    Within a problem, if both sides draw from one distribution, every split of the samples is equally likely: the
    candidate's count is hypergeometric. The counts are added over problems and their exact distribution is used.

    Args:
        base: The baseline's counts.
        candidate: The candidate's, for the same problems in the same order; every problem has a sample on both sides.

    Returns:
        Between 0 and 1; small where the candidate has fewer, 0.5 where no split could have been another.

    Source:
        Permutation form of Mantel and Haenszel 1959.

    >>> fixed_set_p([(1, 1), (1, 1), (1, 1)], [(1, 0), (1, 0), (1, 0)])
    0.0625
    """
    distribution = np.ones(1)
    observed = 0
    for (base_n, base_c), (candidate_n, candidate_c) in zip(base, candidate, strict=True):
        chances, first = _hypergeometric(base_n, candidate_n, base_c + candidate_c)
        distribution = np.convolve(distribution, chances)
        observed += candidate_c - first
    return float(distribution[:observed].sum() + distribution[observed] / 2)


def smallest_fixed_set_p(base: Counts, candidate: Counts) -> float:
    """The p that these problems would have if the candidate had the fewest that it could have had.

    >>> smallest_fixed_set_p([(1, 0), (1, 1)], [(1, 1), (1, 1)])
    0.25
    """
    chance = 1.0
    for (base_n, base_c), (candidate_n, candidate_c) in zip(base, candidate, strict=True):
        chance *= float(_hypergeometric(base_n, candidate_n, base_c + candidate_c)[0][0])
    return chance / 2


def fixed_set_se(base: Counts, candidate: Counts) -> float | None:
    """Standard error of the mean difference of shares, from the spread of each problem's samples alone.

    Args:
        base: As in `fixed_set_p`.
        candidate: As in `fixed_set_p`.

    Returns:
        None where a problem has a single sample on one side, or where no problem's samples vary.

    >>> fixed_set_se([(2, 1)], [(2, 1)])
    0.7071067811865476
    """
    both = (*base, *candidate)
    if not both or min(n for n, _ in both) < 2:  # noqa: PLR2004  # one sample has no spread
        return None
    variance = fsum((c / n) * (1 - c / n) / (n - 1) for n, c in both)
    return sqrt(variance) / len(base) if variance > 0 else None


def _hypergeometric(base_n: int, candidate_n: int, total: int) -> tuple[NDArray[np.float64], int]:
    """Chances of the candidate's possible counts, and the first of these counts."""
    first, last = max(0, total - base_n), min(total, candidate_n)
    splits = comb(base_n + candidate_n, total)
    chances = [comb(candidate_n, c) * comb(base_n, total - c) / splits for c in range(first, last + 1)]
    return np.array(chances), first
