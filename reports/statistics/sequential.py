"""Looking before all samples are drawn, without more false alarms than looking once."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import erfc, sqrt

import numpy as np

STEPS = 600  # of the grid on which the path of the test is followed
SMALLEST = 1e-300  # level of a look, however early it is; nothing is lost by it


def obrien_fleming_levels(looks: Sequence[int], alpha: float) -> list[float]:
    """One-sided p at or below which each look may stop: strict at first, almost `alpha` at the last.

    The test's path is taken for a Brownian motion in the number of samples; all looks have the same boundary for it.

    Args:
        looks: Samples a problem at each look, increasing; declared before the first.
        alpha: Chance of a false alarm over all looks, below 0.5.

    Raises:
        ValueError: if `looks` is empty or does not increase.

    Source:
        O'Brien and Fleming 1979, A Multiple Testing Procedure for Clinical Trials, Biometrics 35.

    >>> [round(level, 4) for level in obrien_fleming_levels([5, 10, 15, 20], 0.05)]
    [0.0003, 0.0071, 0.0227, 0.0415]
    """
    if not looks or looks[0] < 1 or any(later <= sooner for sooner, later in pairwise(looks)):
        raise ValueError(f"Cannot look at {list(looks)} samples per problem; give numbers in rising order.")
    times = tuple(look / looks[-1] for look in looks)
    boundary = _boundary(times, alpha)
    return [max(SMALLEST, erfc(boundary / sqrt(2 * time)) / 2) for time in times]


@lru_cache(maxsize=64)
def _boundary(times: tuple[float, ...], alpha: float) -> float:
    """Height that a Brownian motion reaches at one of `times` with probability `alpha`."""
    low, high = 0.0, 10.0
    while high - low > 1e-6:  # noqa: PLR2004  # far below what a p-value is known to
        middle = (low + high) / 2
        low, high = (middle, high) if _reached(middle, times) > alpha else (low, middle)
    return (low + high) / 2


def _reached(boundary: float, times: tuple[float, ...]) -> float:
    """Probability that the motion is above `boundary` at one of `times`."""
    # Midpoints between the boundary and 8 standard deviations below zero; `density` is of the paths still below.
    width = (boundary + 8) / STEPS
    grid = boundary - width * (np.arange(STEPS) + 0.5)
    spread = sqrt(times[0])
    density = np.exp(-((grid / spread) ** 2) / 2) / spread
    for sooner, later in pairwise(times):
        spread = sqrt(later - sooner)
        steps = (grid[:, None] - grid[None, :]) / spread
        density = np.exp(-(steps**2) / 2) @ density * width / (spread * sqrt(2 * np.pi))
    return float(1 - density.sum() * width / sqrt(2 * np.pi))
