"""How much of a baseline's pass@1 a candidate keeps: what the gate decides on under `--retain`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from codecrucible.reports.comparison import Comparison
from codecrucible.reports.statistics.paired import POWER
from codecrucible.reports.statistics.ratio import RatioEstimate, Scored, ratio_of_means
from codecrucible.reports.statistics.source_problem import source_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The candidate's pass@1 as a share of the baseline's.

    Attributes:
        asked: The share that is to be kept, between 0 and 1.
        estimate: The share that was.
        p_below: One-sided: small where less is kept than was asked for; None where that cannot be told.
        p_above: One-sided: small where more is kept; None where that cannot be told.
        problems_needed: Source problems like these with which a candidate that loses nothing passes four times out of
            five; None where that cannot be told.
        reason: Why nothing can be told; "" if something can.
    """

    asked: float
    estimate: RatioEstimate
    p_below: float | None
    p_above: float | None
    problems_needed: int | None
    reason: str


def retention_of(comparisons: Sequence[Comparison], asked: float, alpha: float) -> Retention:
    """What a candidate keeps over one benchmark, or over several that count the same whatever their sizes.

    Args:
        comparisons: At least one, each about the whole of a benchmark.
        asked: The share that is to be kept.
        alpha: Level of the test that more is kept.
    """
    base: list[Scored] = []
    candidate: list[Scored] = []
    for place, comparison in enumerate(comparisons):
        for each in comparison.changes:
            cluster = source_problem(each.problem_id)
            for side, (n, c) in ((base, each.base), (candidate, each.candidate)):
                side.append(Scored(cluster=cluster, score=c / n, stratum=place))
    estimate = ratio_of_means(candidate, base)
    reason = ""
    if estimate.denominator == 0:
        reason = "the baseline passes nothing, of which no share can be kept"
    elif not estimate.spreads:
        reason = "one problem is too few"
    return Retention(
        asked=asked,
        estimate=estimate,
        p_below=None if reason else estimate.p_below(asked),
        p_above=None if reason else estimate.p_above(asked),
        problems_needed=None if reason else _needed(estimate, asked, alpha),
        reason=reason,
    )


def _needed(estimate: RatioEstimate, asked: float, alpha: float) -> int:
    """As many source problems as make the standard error small enough for what lies between all and `asked`."""
    distance = (1 - asked) * estimate.denominator
    reach = NormalDist().inv_cdf(POWER) - NormalDist().inv_cdf(alpha)
    spread = (estimate.se(asked) or 0.0) * sqrt(len(estimate.moves))
    return ceil((reach * spread / distance) ** 2)
