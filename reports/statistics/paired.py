"""How far a candidate is from its baseline over the same problems, and how well that is known."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist

from codecrucible.reports.statistics.student_t import student_t_upper_quantile

POWER = 0.8  # with which a change of the minimum detectable size is seen
# Where fewer clusters of problems than this are unlike the others, the spread that was seen is too little to go by.
FEWEST_DIFFERING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedEstimate:
    """Mean difference between two runs over the same problems.

    Attributes:
        delta: Candidate less baseline.
        se: Standard error of `delta`; None where one cluster leaves nothing to estimate it from.
        degrees_of_freedom: Degrees of freedom of Student's t; None for the normal distribution.
        problems: Pairs that entered.
    """

    delta: float
    se: float | None
    degrees_of_freedom: int | None
    problems: int

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Two-sided interval for the difference, or None without a standard error."""
        if self.se is None:
            return None
        reach = self._reach((1 - confidence) / 2) * self.se
        return self.delta - reach, self.delta + reach

    def lower_bound(self, alpha: float) -> float | None:
        """What the difference is above with confidence 1 - `alpha`, or None without a standard error."""
        return None if self.se is None else self.delta - self._reach(alpha) * self.se

    def upper_bound(self, alpha: float) -> float | None:
        """What the difference is below with confidence 1 - `alpha`, or None without a standard error."""
        return None if self.se is None else self.delta + self._reach(alpha) * self.se

    def minimum_detectable_effect(self, alpha: float) -> float | None:
        """Size of the change that a one-sided test at `alpha` finds four times out of five, in the unit of `delta`.

        Source:
            Miller 2024, arXiv:2411.00640, section 5.
        """
        if self.se is None:
            return None
        return (NormalDist().inv_cdf(POWER) - NormalDist().inv_cdf(alpha)) * self.se

    def _reach(self, tail: float) -> float:
        """Standard errors beyond which a share of `tail` lies; not by way of 1 - `tail`, which may be 1."""
        if self.degrees_of_freedom is None:
            return -NormalDist().inv_cdf(tail)
        return student_t_upper_quantile(tail, df=self.degrees_of_freedom)


def paired_difference(
    differences: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    shares: bool = True,
) -> PairedEstimate:
    """Mean of `differences` with a standard error over problems, or over clusters of problems.

    The standard error of few differing problems is too small, and with none it would be zero, as if certainty had
    been measured. Where fewer than 5 clusters differ from what most have, which is mostly no difference at all, shares
    therefore get at least the standard error that they would have with one more problem lost and one more won, whole.

    Args:
        differences: Candidate less baseline, one a problem.
        clusters: For each difference the source problem it belongs to, such as one problem in several languages;
            None where every problem is its own.
        strata: For each difference the benchmark it belongs to, all of which count the same whatever their sizes;
            None where there is one.
        shares: Whether the scores lie in [0, 1].

    Raises:
        ValueError: if there is no difference.

    Source:
        Clustered and paired standard errors: Miller 2024, arXiv:2411.00640, sections 2.2 and 4. One more of each:
        Bonett and Price 2012, doi:10.3102/1076998611411915.

    >>> estimate = paired_difference([-0.5, 0.0, 0.5, 0.4] * 5)
    >>> [round(end, 3) for end in estimate.interval()]
    [-0.089, 0.289]
    """
    count = len(differences)
    if not count:
        raise ValueError("Cannot compare two runs over no problem: pass at least one difference.")
    delta, deviations = stratified(differences, strata)
    sums = cluster_sums(deviations, clusters)
    differing = apart(cluster_sums(differences, clusters))
    groups = len(sums)
    if groups == 1:
        return PairedEstimate(delta=delta, se=None, degrees_of_freedom=None, problems=count)
    squares = fsum(total * total for total in sums)
    se = sqrt(squares * groups / (groups - 1)) / count
    if shares and differing < FEWEST_DIFFERING:
        se = max(se, sqrt(squares + 2) / (count + 2))
    return PairedEstimate(delta=delta, se=se, degrees_of_freedom=groups - 1, problems=count)


def apart(sums: Sequence[float]) -> int:
    """How many of `sums` are not what most of them are.

    >>> apart([0.0, 0.0, -1.0])
    1
    """
    return len(sums) - max(Counter(sums).values())


def stratified(values: Sequence[float], strata: Sequence[Hashable] | None) -> tuple[float, list[float]]:
    """Mean of the means of the strata, and how far each value is from its own stratum's.

    The deviations are weighted by what the value counts for in that mean, and their weights are 1 on average, so that
    the standard error of the mean is computed from them as from those of a plain mean.

    >>> stratified([1.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"])
    (0.75, [0.5, -0.5, 0.0, 0.0])
    """
    if strata is None:
        mean = fsum(values) / len(values)
        return mean, [value - mean for value in values]
    members: dict[Hashable, list[float]] = {}
    for value, stratum in zip(values, strata, strict=True):
        members.setdefault(stratum, []).append(value)
    means = {stratum: fsum(group) / len(group) for stratum, group in members.items()}
    weights = {stratum: len(values) / (len(members) * len(group)) for stratum, group in members.items()}
    deviations = [weights[stratum] * (value - means[stratum]) for value, stratum in zip(values, strata, strict=True)]
    return fsum(means.values()) / len(means), deviations


def weighted_cluster_sums(
    differences: Sequence[float], clusters: Sequence[Hashable], strata: Sequence[Hashable]
) -> tuple[list[float], list[float]]:
    """Sum of `differences` in each cluster and what it counts for; all strata count the same whatever their sizes.

    A cluster in strata of different sizes has its weights in its sum, and counts for 1.

    >>> weighted_cluster_sums([1.0, 0.5, 0.25], ["x", "x", "y"], ["a", "b", "b"])
    ([1.875, 0.25], [1.0, 0.75])
    """
    sizes = Counter(strata)
    weights = {stratum: len(strata) / (len(sizes) * size) for stratum, size in sizes.items()}
    members: dict[Hashable, list[tuple[float, float]]] = {}
    for difference, cluster, stratum in zip(differences, clusters, strata, strict=True):
        members.setdefault(cluster, []).append((weights[stratum], difference))
    sums, counts_for = [], []
    for (weight, difference), *others in members.values():
        if all(each == weight for each, _ in others):
            sums.append(round(fsum((difference, *(other for _, other in others))), 12))
            counts_for.append(weight)
        else:
            sums.append(round(fsum((weight * difference, *(each * other for each, other in others))), 12))
            counts_for.append(1.0)
    return sums, counts_for


def cluster_sums(values: Sequence[float], clusters: Sequence[Hashable] | None) -> list[float]:
    """`values` added up by cluster, in the order in which the clusters come up first.

    >>> cluster_sums([1.0, 2.0, 3.0], ["a", "b", "a"])
    [4.0, 2.0]
    """
    if clusters is None:
        return list(values)
    members: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        members.setdefault(cluster, []).append(value)
    # Rounded, so that +0.1 and -0.1 in two languages add up to nothing.
    return [round(fsum(group), 12) for group in members.values()]
