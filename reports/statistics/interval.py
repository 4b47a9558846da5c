"""How far a benchmark's mean score can be trusted: a 95 % interval over problems."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from codecrucible.reports.statistics.paired import cluster_sums, stratified
from codecrucible.reports.statistics.student_t import student_t_quantile

# Below this many problems' worth of passes, or of failures, the normal approximation behind t is too optimistic;
# held by test_the_interval_covers_the_truth_as_often_as_it_says.
FEWEST_EXPECTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over problems with its 95 % interval.

    Attributes:
        value: The mean, in [0, 1].
        low: Lower end of the interval, in [0, value]; None where one problem leaves nothing to estimate it from.
        high: Upper end, in [value, 1]; None together with `low`.
        problems: Problems that entered the mean.
    """

    value: float
    low: float | None
    high: float | None
    problems: int


def mean_with_interval(
    scores: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
) -> Estimate:
    """Mean of one score a problem, with a 95 % interval for problems like these.

    The samples of one problem are one cluster: they enter as the problem's score, and the standard error is taken
    over problems. The interval is mean +- t(0.975, N - 1) * sd / sqrt(N), clipped to [0, 1]. One problem in several
    languages is one cluster again: with `clusters`, deviations are added within a cluster before they are squared.

    Near 0 and near 1 that interval is too short, and at exactly 0 or 1 its width is zero, as if certainty had been
    measured. Where the mean is worth fewer than 5 passes or 5 failures over the N problems, it is therefore extended
    to the Wilson score interval with the same t quantile, which treats each problem as one all-or-nothing trial: no
    score in [0, 1] with that mean varies more.

    Args:
        scores: One number in [0, 1] a problem, such as the share of its samples that passed.
        clusters: For each score the source problem it belongs to; None where every problem is its own.
        strata: For each score the benchmark it belongs to, all of which count the same whatever their sizes; None
            where there is one.

    Raises:
        ValueError: if there is no score, or one outside [0, 1].

    Source:
        Clustered standard error: Miller 2024, arXiv:2411.00640, section 2.2. Score interval: Wilson 1927.

    >>> all_failed = mean_with_interval([0.0] * 20)
    >>> (all_failed.value, all_failed.low, round(all_failed.high, 3))
    (0.0, 0.0, 0.18)
    """
    if not scores or not all(0 <= score <= 1 for score in scores):
        raise ValueError(
            f"Cannot take the mean of {len(scores)} problem scores: at least one is needed, and each must be in [0, 1]."
        )
    count = len(scores)
    mean, deviations = stratified(scores, strata)
    sums = cluster_sums(deviations, clusters)
    groups = len(sums)
    if groups == 1:
        return Estimate(value=mean, low=None, high=None, problems=count)
    t = student_t_quantile(0.975, df=groups - 1)
    reach = t * sqrt(fsum(total**2 for total in sums) * groups / (groups - 1)) / count
    low, high = mean - reach, mean + reach
    if groups * min(mean, 1 - mean) < FEWEST_EXPECTED:
        wilson_low, wilson_high = _wilson(mean, groups, t)
        low, high = min(low, wilson_low), max(high, wilson_high)
    return Estimate(value=mean, low=max(0.0, min(low, mean)), high=min(1.0, max(high, mean)), problems=count)


def _wilson(mean: float, trials: int, z: float) -> tuple[float, float]:
    """Wilson's score interval for a share `mean` of `trials`."""
    shrink = 1 + z * z / trials
    centre = (mean + z * z / (2 * trials)) / shrink
    reach = z * sqrt(mean * (1 - mean) / trials + (z / (2 * trials)) ** 2) / shrink
    return centre - reach, centre + reach
