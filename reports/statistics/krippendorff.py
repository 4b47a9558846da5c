"""How far raters agree: Krippendorff's alpha for ordinal values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import fsum


def krippendorff_alpha(units: Iterable[Sequence[float]]) -> float | None:
    """Agreement on values whose order alone has a meaning: 1 where all agree, 0 as by chance, less where they oppose.

    Args:
        units: For each thing that was rated, the values that it got, one a rater. Those with fewer than two say nothing
            of agreement and are left out.

    Returns:
        None where no thing was rated twice, or all values are the same, so that chance would agree as well.

    Source:
        Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, University of Pennsylvania, section F; the
        ordinal difference function is in section E.

    >>> krippendorff_alpha([(1, 1), (2, 2), (5, 5)])
    1.0
    >>> krippendorff_alpha([(1,), (2,)]) is None
    True
    """
    pairable = [values for values in units if len(values) > 1]
    counts = Counter(value for values in pairable for value in values)
    between = _squared_distances(counts)
    observed = fsum(
        between[one, other] / (len(values) - 1)
        for values in pairable
        for place, one in enumerate(values)
        for at, other in enumerate(values)
        if place != at
    )
    expected = fsum(counts[one] * counts[other] * square for (one, other), square in between.items())
    return None if expected == 0 else 1 - (counts.total() - 1) * observed / expected


def _squared_distances(counts: Counter[float]) -> dict[tuple[float, float], float]:
    """Square of how many of all values lie between any two, half of those that equal one of the two counted."""
    values = sorted(counts)
    up_to = dict(zip(values, accumulate(counts[value] for value in values), strict=True))
    middle = {value: up_to[value] - counts[value] / 2 for value in values}
    return {(one, other): (middle[one] - middle[other]) ** 2 for one in values for other in values}
