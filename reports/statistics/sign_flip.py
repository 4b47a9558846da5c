"""Sign-flip test: could the differences between two runs just as well have come out the other way round?"""

from collections.abc import Sequence
from fractions import Fraction
from math import fsum, gcd, lcm

import numpy as np
from numpy.typing import NDArray

FLIPS = 20_000
SEED = 0
LARGEST_DENOMINATOR = 1000  # of a single score; pass@1 of n samples has the denominator n
ROUNDING = 1e-12  # of a difference of two shares
TIE = 1e-7  # steps between which two sums are one
MOST_STEPS = 50_000_000  # of the exact distribution: about 50 ms
MOST_SUMS = 1_000_000  # of the shorter parts of it
MOST_TILT = 15.0  # of the largest difference: a loss in all but 1e-13 of the draws
CHUNK = 1000  # flips drawn at a time, which bounds the memory

Numbers = NDArray[np.float64]


def sign_flip_p(differences: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """One-sided mid-p: how often the sum of `differences` is as low as it is when each sign is drawn at random.

    If the two runs are equally good, a problem's difference is as likely to be +d as -d. Outcomes as low as the
    observed one count in full, ties count half. With one sample a problem this is McNemar's mid-p test.

    The distribution is exact where the differences of one weight are multiples of a common fraction, as those of pass@1
    are, and the weights are few. Elsewhere (CodeBLEU, pass@k with a large k, three large benchmarks of different sizes)
    it is made of 20,000 flips with a fixed seed. Their signs are drawn so that half of the sums are as low as the
    observed one, and each counts for as often as a fair coin gives it (importance sampling), which leaves a p of 1e-9
    as well known as one of 0.05. None of it depends on the order of the differences.

    Args:
        differences: Candidate less baseline, one a problem, or one a cluster of problems; negative is worse.
        weights: What each counts for in the sum, more than 0; None where all count the same.

    Returns:
        Between 0 and 1; small where the candidate is worse, 0.5 where nothing differs.

    Source:
        Fisher 1935, The Design of Experiments, section 21. Mid-p: Fagerland, Lydersen, Laake 2013,
        doi:10.1186/1471-2288-13-91. Tilted draws: Siegmund 1976, doi:10.1214/aos/1176343541.

    >>> sign_flip_p([-1.0, -1.0, -1.0, 0.0])
    0.0625
    """
    moved = sorted(
        (weight, difference)
        for weight, difference in zip(weights or [1.0] * len(differences), differences, strict=True)
        if difference != 0
    )
    if not moved:
        return 0.5
    parts = _parts(moved)
    if parts is None:
        return _drawn(np.array([weight * difference for weight, difference in moved]))
    return _exact(parts)


def smallest_sign_flip_p(differences: Sequence[float]) -> float:
    """The p that these differences would have if every one of them were a loss: the test can say nothing stronger.

    >>> smallest_sign_flip_p([0.5, -0.5, 0.0])
    0.125
    """
    return 0.5 ** (1 + sum(difference != 0 for difference in differences))


def _parts(moved: Sequence[tuple[float, float]]) -> list[tuple[float, list[int]]] | None:
    """The differences of each weight as whole numbers, with what one of them is worth; None if that is too much."""
    of_weight: dict[float, list[float]] = {}
    for weight, difference in moved:
        of_weight.setdefault(weight, []).append(difference)
    parts, sums, lengths = [], 1, []
    for weight, differences in of_weight.items():
        whole = _whole_numbers(differences)
        if whole is None:
            return None
        unit, numbers = whole
        length = sum(map(abs, numbers))
        if len(numbers) * length > MOST_STEPS:
            return None
        parts.append((weight * unit, numbers))
        lengths.append(length + 1)
    for length in sorted(lengths)[:-1]:
        sums *= length
    return parts if sums <= MOST_SUMS else None


def _whole_numbers(moved: Sequence[float]) -> tuple[float, list[int]] | None:
    """The largest fraction that all differences are multiples of, and these; None if there is no such thing."""
    scale = 1
    for difference in set(moved):
        scale = lcm(scale, Fraction(difference).limit_denominator(LARGEST_DENOMINATOR).denominator)
        if scale > MOST_STEPS:
            return None
    numbers = [round(difference * scale) for difference in moved]
    if any(abs(number / scale - difference) > ROUNDING for number, difference in zip(numbers, moved, strict=True)):
        return None
    unit = gcd(*numbers)
    return unit / scale, [number // unit for number in numbers]


def _exact(parts: Sequence[tuple[float, Sequence[int]]]) -> float:
    """Mid-p from the distribution of the sum of gains when each difference is a gain or a loss by the toss of a coin.

    All sums of the shorter parts are listed; of the longest, the chance to stay below what is left is looked up.
    """
    gained = fsum(step * number for step, numbers in parts for number in numbers if number > 0)
    *shorter, (step, longest) = sorted(parts, key=lambda part: sum(map(abs, part[1])))
    sums, chances = np.zeros(1), np.ones(1)
    for each, numbers in shorter:
        of_part = _chances(numbers)
        sums = np.add.outer(sums, each * np.arange(len(of_part))).ravel()
        chances = np.multiply.outer(chances, of_part).ravel()
    of_longest = _chances(longest)
    below = np.concatenate((np.zeros(1), of_longest.cumsum()))  # below[i]: of fewer than i
    left = (gained - sums) / step
    nearest = np.rint(left)
    tied = np.abs(left - nearest) < TIE
    first = np.clip(np.where(tied, nearest, np.ceil(left)), 0, len(of_longest)).astype(np.int64)
    after = np.clip(np.where(tied, nearest + 1, first), 0, len(of_longest)).astype(np.int64)
    return float((chances * (below[first] + below[after])).sum() / 2)


def _chances(numbers: Sequence[int]) -> Numbers:
    """Chance of each sum of gains, from 0 on."""
    chance = np.ones(1)
    for number in map(abs, numbers):
        grown = np.zeros(len(chance) + number)
        grown[: len(chance)] += chance
        grown[number:] += chance
        chance = grown / 2
    return chance


def _drawn(moved: Numbers) -> float:
    """Mid-p from draws in which the signs are tilted towards the observed sum."""
    observed = float(moved.sum())
    if observed > 0:
        return 1 - _drawn(-moved)
    sizes, counts = np.unique(np.abs(moved).round(12), return_counts=True)
    losing = _losing_chances(sizes, counts, observed)
    loss, gain = np.log(0.5 / losing), np.log(0.5 / (1 - losing))  # what one is worth beside the fair coin's
    of_losses = np.stack((-2 * sizes, loss - gain), axis=1)
    source, whole, alone = np.random.default_rng(SEED), float(counts @ sizes), counts.max() == 1
    tie = 1e-9 * whole
    total = 0.0
    for _ in range(FLIPS // CHUNK):
        shape = (CHUNK, len(sizes))
        # As many uniform numbers take a fifth of the time.
        losses = source.random(shape) < losing if alone else source.binomial(counts, losing, shape)
        sums, worth = (losses @ of_losses).T
        above = whole + sums - observed
        total += float(np.exp(worth + counts @ gain) @ ((above < tie) - 0.5 * (np.abs(above) <= tie)))
    return float(min(0.5, max(total / FLIPS, 0.5 ** (1 + len(moved)))))


def _losing_chances(sizes: Numbers, counts: NDArray[np.int64], observed: float) -> Numbers:
    """Chance of each difference to be a loss, such that the sum is `observed` on average, and no chance is 1."""
    low, high = 0.0, MOST_TILT / float(sizes.max())
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if -(counts * sizes) @ np.tanh(middle * sizes) > observed else (low, middle)
    return np.asarray(1 / (1 + np.exp(-2 * low * sizes)))
