"""Sign-flip test: could the differences between two runs just as well have come out the other way round?"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np

FLIPS = 20_000
SEED = 0
LARGEST_DENOMINATOR = 1000  # of a single score; pass@1 of n samples has the denominator n
ROUNDING = 1e-12  # of a difference of two shares
MOST_STEPS = 50_000_000  # of the exact distribution: about 50 ms
CHUNK = 1000  # flips drawn at a time, which bounds the memory


def sign_flip_p(differences: Sequence[float]) -> float:
    """One-sided mid-p: how often the sum of `differences` is as low as it is when each sign is drawn at random.

    If the two runs are equally good, a problem's difference is as likely to be +d as -d. Outcomes as low as the
    observed one count in full, ties count half. With one sample a problem this is McNemar's mid-p test.

    The distribution is exact where the differences are multiples of a common fraction, as those of pass@1 are.
    Elsewhere (CodeBLEU, pass@k with a large k) it is made of 20,000 flips with a fixed seed. Neither depends on the
    order of the differences.

    Args:
        differences: Candidate less baseline, one a problem, or one a cluster of problems; negative is worse.

    Returns:
        Between 0 and 1; small where the candidate is worse, 0.5 where nothing differs.

    Source:
        Fisher 1935, The Design of Experiments, section 21. Mid-p: Fagerland, Lydersen, Laake 2013,
        doi:10.1186/1471-2288-13-91.

    >>> sign_flip_p([-1.0, -1.0, -1.0, 0.0])
    0.0625
    """
    moved = sorted(difference for difference in differences if difference != 0)
    if not moved:
        return 0.5
    weights = _whole_numbers(moved)
    if weights is None or len(weights) * sum(map(abs, weights)) > MOST_STEPS:
        return _drawn(np.array(moved))
    return _exact(weights)


def smallest_sign_flip_p(differences: Sequence[float]) -> float:
    """The p that these differences would have if every one of them were a loss: the test can say nothing stronger.

    >>> smallest_sign_flip_p([0.5, -0.5, 0.0])
    0.125
    """
    return 0.5 ** (1 + sum(difference != 0 for difference in differences))


def _whole_numbers(moved: Sequence[float]) -> list[int] | None:
    """The differences in units of the largest fraction that all are multiples of; None if there is no such thing."""
    scale = 1
    for difference in set(moved):
        scale = lcm(scale, Fraction(difference).limit_denominator(LARGEST_DENOMINATOR).denominator)
        if scale > MOST_STEPS:
            return None
    weights = [round(difference * scale) for difference in moved]
    if any(abs(weight / scale - difference) > ROUNDING for weight, difference in zip(weights, moved, strict=True)):
        return None
    unit = gcd(*weights)
    return [weight // unit for weight in weights]


def _exact(weights: Sequence[int]) -> float:
    """Mid-p from the distribution of the sum of gains when each weight is a gain or a loss by the toss of a coin."""
    chance = np.ones(1)
    for weight in map(abs, weights):
        grown = np.zeros(len(chance) + weight)
        grown[: len(chance)] += chance
        grown[weight:] += chance
        chance = grown / 2
    gained = sum(weight for weight in weights if weight > 0)
    return float(chance[:gained].sum() + chance[gained] / 2)


def _drawn(moved: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    source = np.random.default_rng(SEED)
    observed, tie = moved.sum(), 1e-9 * np.abs(moved).sum()
    lower = 0.5  # the observed outcome is one of those that count, as a tie
    for _ in range(FLIPS // CHUNK):
        sums = (2.0 * source.integers(0, 2, (CHUNK, len(moved))) - 1.0) @ moved
        lower += (sums < observed - tie).sum() + 0.5 * (np.abs(sums - observed) <= tie).sum()
    return float(lower / (FLIPS + 1))
