"""The lowest of several means as a share of the highest, with an interval that knows that both were picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from codecrucible.reports.statistics.ratio import Scored, ratio_of_means

TAIL = 0.025  # of the interval, at each end


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstToBest:
    """The worst group's mean as a share of the best group's.

    Attributes:
        worst: Group with the lowest mean; the first of several.
        best: Group with the highest mean.
        ratio: In [0, 1]; on average below the true one where groups are close, for chance picks both.
        ci95: 95 % interval of the true ratio of the lowest to the highest; None where a group has a single problem.
    """

    worst: str
    best: str
    ratio: float
    ci95: tuple[float, float] | None


def worst_to_best(groups: Mapping[str, Sequence[Scored]]) -> WorstToBest | None:
    """The lowest mean of the groups as a share of the highest; None for one group, or where all means are 0.

    The true ratio is the lowest of the ratios of all ordered pairs. So it is above the lowest of the pairs' lower
    bounds, each of which holds by itself with 97.5 %: the pair that is the lowest in truth has one of them. It is below
    the lowest of the pairs' upper bounds if all of these hold together: by Bonferroni, their tails share the 2.5 %.
    Which groups came out lowest and highest decides nothing, so that picking them biases neither end.

    Args:
        groups: At least one score each.

    Source:
        Intersection of one-sided tests: Berger 1982, doi:10.1080/00401706.1982.10487790.
    """
    pairs = [(one, other, ratio_of_means(groups[one], groups[other])) for one, other in permutations(groups, 2)]
    if not pairs:
        return None
    means = {group: pair.numerator for group, _, pair in pairs}
    worst, best = min(means, key=lambda group: means[group]), max(means, key=lambda group: means[group])
    if means[best] == 0:
        return None
    lowest = [pair.lower_bound(TAIL) for *_, pair in pairs]
    highest = [pair.upper_bound(TAIL / len(pairs)) for *_, pair in pairs]
    lows, highs = ([end for end in ends if end is not None] for ends in (lowest, highest))
    return WorstToBest(
        worst=worst,
        best=best,
        ratio=means[worst] / means[best],
        ci95=(min(1.0, *lows), min(1.0, *highs)) if len(lows) == len(highs) == len(pairs) else None,
    )
