"""How a mean over problems compares with another as a share of it, and how well that share is known.

A bound for the ratio is where the test of `numerator - r * denominator` turns (Fieller): nothing is divided, so that a
small denominator makes the interval wide, or open, and never wrong. The two means may be over the same problems, over
some in common or over none: what they have in common is paired.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import fsum, inf, sqrt

from codecrucible.reports.statistics.paired import FEWEST_DIFFERING, apart
from codecrucible.reports.statistics.student_t import student_t_tail, student_t_upper_quantile

PRECISION = 1e-9  # of a bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The score of one problem.

    Attributes:
        cluster: The source problem that it belongs to.
        score: In [0, 1].
        stratum: The benchmark that it belongs to, all of which count the same whatever their sizes.
    """

    cluster: Hashable
    score: float
    stratum: Hashable = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Variance of `numerator - r * denominator` as a function of r: of the one, of both together, of the other."""

    numerator: float
    both: float
    denominator: float

    def at(self, ratio: float) -> float:
        """The variance at r."""
        return max(0.0, self.numerator - 2 * ratio * self.both + ratio * ratio * self.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioEstimate:
    """One mean as a share of another.

    Attributes:
        numerator: The one, in [0, 1].
        denominator: The other.
        spreads: Whichever is largest at r is the variance there; () where one cluster leaves nothing to estimate.
        degrees_of_freedom: Degrees of freedom of Student's t.
        moves: What each source problem moves the one mean by, and the other, in scores.
    """

    numerator: float
    denominator: float
    spreads: tuple[Spread, ...]
    degrees_of_freedom: int
    moves: tuple[tuple[float, float], ...] = ()

    @property
    def value(self) -> float | None:
        """The ratio; None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator > 0 else None

    def contrast(self, ratio: float) -> float:
        """How far the numerator is above so much of the denominator."""
        return self.numerator - ratio * self.denominator

    def se(self, ratio: float) -> float | None:
        """Standard error of `contrast`."""
        return sqrt(max(spread.at(ratio) for spread in self.spreads)) if self.spreads else None

    def p_below(self, ratio: float) -> float | None:
        """One-sided p of a true ratio of at least `ratio`: small where the numerator is below so much of the other."""
        return max((self._tail(-t) for t in self._statistics(ratio)), default=None)

    def p_above(self, ratio: float) -> float | None:
        """One-sided p of a true ratio of at most `ratio`: small where the numerator is above so much of the other."""
        return max((self._tail(t) for t in self._statistics(ratio)), default=None)

    def _tail(self, t: float) -> float:
        tail = student_t_tail(abs(t), df=self.degrees_of_freedom)
        return tail if t >= 0 else 1 - tail

    def _statistics(self, ratio: float) -> tuple[float, ...]:
        """What Student's t is to be compared with: contrast by standard error, plain and corrected for skewness.

        A numerator that loses a few problems altogether has differences with a long tail on one side, of which a plain
        t says too often that nothing is lost. Hall's cubic is monotone and removes that error to the first order; where
        a score is near 0 it says too much itself. A p is therefore the larger one of both. () without a standard error.

        Source:
            Hall 1992, On the Removal of Skewness by Transformation, Journal of the Royal Statistical Society B 54.
        """
        se = self.se(ratio)
        if not se:
            return ()
        t = self.contrast(ratio) / se
        bent = self._skewness(ratio) / sqrt(len(self.moves))
        return t, t + bent * t**2 / 3 + bent**2 * t**3 / 27 + bent / 6

    def _skewness(self, ratio: float) -> float:
        """Skewness of the source problems' contributions to the contrast, with those given to the standard error."""
        values = [one - ratio * other for one, other in self.moves]
        if max(spread.at(ratio) for spread in self.spreads) > self.spreads[0].at(ratio):
            values += [1.0, -ratio]
        squares = fsum(value**2 for value in values) / len(values)
        return fsum(value**3 for value in values) / len(values) / squares**1.5 if squares > 0 else 0.0

    def lower_bound(self, alpha: float) -> float | None:
        """What the true ratio is above with confidence 1 - `alpha`, >= 0; None without a standard error."""
        if not self.spreads:
            return None
        t = student_t_upper_quantile(alpha, df=self.degrees_of_freedom)
        # Concave in r, so that it is positive up to one place at most.
        return _turn(lambda ratio: self.contrast(ratio) - t * (self.se(ratio) or 0.0))

    def upper_bound(self, alpha: float) -> float | None:
        """What the true ratio is below with confidence 1 - `alpha`; infinite where the denominator may be 0.

        None without a standard error.
        """
        if not self.spreads:
            return None
        t = student_t_upper_quantile(alpha, df=self.degrees_of_freedom)
        if self.denominator <= t * sqrt(max(spread.denominator for spread in self.spreads)):
            return inf
        # Convex in r, and in the end below 0.
        return _turn(lambda ratio: self.contrast(ratio) + t * (self.se(ratio) or 0.0))

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Two-sided interval of the ratio, whose upper end may be infinite; None without a standard error."""
        tail = (1 - confidence) / 2
        low, high = self.lower_bound(tail), self.upper_bound(tail)
        return None if low is None or high is None else (low, high)


def ratio_of_means(numerator: Sequence[Scored], denominator: Sequence[Scored]) -> RatioEstimate:
    """The mean of one set of scores as a share of the mean of another.

    The standard error of `numerator - r * denominator` is over source problems; at r = 1 and over the same problems it
    is that of `paired_difference`. Where fewer than 5 source problems differ from what most do, it is therefore at
    least the one with a problem more that the first alone passes, and one more that the second alone passes.

    Args:
        numerator: At least one score.
        denominator: At least one score.

    Raises:
        ValueError: if a side has no score.

    Source:
        Fieller 1954, Some Problems in Interval Estimation, Journal of the Royal Statistical Society B 16. One more of
        each: Bonett and Price 2012, doi:10.3102/1076998611411915.

    >>> base = [Scored(cluster=place, score=1.0) for place in range(100)]
    >>> candidate = [Scored(cluster=place, score=float(place >= 10)) for place in range(100)]
    >>> [round(end, 3) for end in ratio_of_means(candidate, base).interval()]
    [0.84, 0.96]
    """
    if not numerator or not denominator:
        raise ValueError("Cannot compare the means of no problems: pass at least one score for each.")
    one, other = _Side.of(numerator), _Side.of(denominator)
    fewest = min(len(one.moves), len(other.moves))
    spreads: list[Spread] = []
    if fewest > 1:
        squares = _squares(one.moves, other.moves)
        spreads.append(_scaled(squares, 1.0, 1.0, fewest / (fewest - 1)))
        if _differing(one, other) < FEWEST_DIFFERING:
            more, most = len(numerator) + 2, len(denominator) + 2
            shrunk = _scaled(squares, len(numerator) / more, len(denominator) / most, 1.0)
            spreads.append(
                Spread(
                    numerator=shrunk.numerator + 1 / more**2,
                    both=shrunk.both,
                    denominator=shrunk.denominator + 1 / most**2,
                )
            )
    return RatioEstimate(
        numerator=one.mean,
        denominator=other.mean,
        spreads=tuple(spreads),
        degrees_of_freedom=fewest - 1,
        moves=tuple(
            (len(numerator) * one.moves.get(cluster, 0.0), len(denominator) * other.moves.get(cluster, 0.0))
            for cluster in {**one.moves, **other.moves}
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One mean: by cluster what it moves the mean by, and the sum of its scores."""

    mean: float
    moves: dict[Hashable, float]
    sums: dict[Hashable, float]

    @classmethod
    def of(cls, scores: Sequence[Scored]) -> "_Side":
        """The mean over strata of the means of their scores."""
        strata: dict[Hashable, list[float]] = {}
        for each in scores:
            strata.setdefault(each.stratum, []).append(each.score)
        means = {stratum: fsum(values) / len(values) for stratum, values in strata.items()}
        moves: dict[Hashable, list[float]] = {}
        sums: dict[Hashable, list[float]] = {}
        for each in scores:
            weight = 1 / (len(strata) * len(strata[each.stratum]))
            moves.setdefault(each.cluster, []).append(weight * (each.score - means[each.stratum]))
            sums.setdefault(each.cluster, []).append(each.score)
        return cls(
            mean=fsum(means.values()) / len(means),
            moves={cluster: fsum(values) for cluster, values in moves.items()},
            sums={cluster: fsum(values) for cluster, values in sums.items()},
        )


def _squares(one: dict[Hashable, float], other: dict[Hashable, float]) -> Spread:
    return Spread(
        numerator=fsum(move * move for move in one.values()),
        both=fsum(move * other.get(cluster, 0.0) for cluster, move in one.items()),
        denominator=fsum(move * move for move in other.values()),
    )


def _scaled(spread: Spread, one: float, other: float, factor: float) -> Spread:
    return Spread(
        numerator=factor * one * one * spread.numerator,
        both=factor * one * other * spread.both,
        denominator=factor * other * other * spread.denominator,
    )


def _differing(one: _Side, other: _Side) -> int:
    """How many clusters are unlike the most of their kind: of those in both means, in the one alone, in the other."""
    kinds: dict[tuple[bool, bool], list[float]] = {}
    for cluster in {**one.sums, **other.sums}:
        difference = round(one.sums.get(cluster, 0.0) - other.sums.get(cluster, 0.0), 12)
        kinds.setdefault((cluster in one.sums, cluster in other.sums), []).append(difference)
    return sum(apart(differences) for differences in kinds.values())


def _turn(function: Callable[[float], float]) -> float:
    """Where a function that ends below 0 is positive no more, from 0 on."""
    if function(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while function(high) > 0:
        low, high = high, 2 * high
    while high - low > PRECISION * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
