"""How far one number of two runs is apart, over the problems of a benchmark, or of several as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import fsum, sqrt
from statistics import fmean
from typing import Literal

from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.statistics.fixed_set import fixed_set_p, fixed_set_se, smallest_fixed_set_p
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.paired import PairedEstimate, paired_difference, weighted_cluster_sums
from codecrucible.reports.statistics.sign_flip import sign_flip_p, smallest_sign_flip_p
from codecrucible.reports.statistics.source_problem import source_problem

Pairs = Sequence[tuple[ProblemRow, ProblemRow]]  # the baseline's and the candidate's row of each problem
Inference = Literal["problems", "fixed-set"]

GATED = {"pass_at_1": 3, "insecure_rate": 2, "secure_pass_at_1": 1}
"""What the gate decides on, with the weight of its test in each benchmark: pass@1 has half of the level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something that is compared.

    Attributes:
        key: Its name in JSON and CSV.
        title: Its name for people.
        sign: 1 if more is better, -1 if less is better, 0 if neither.
        share: Whether it lies in [0, 1] and is shown in percent.
        score: Its value for one problem, None where it was not measured.
        counts: (samples, samples that count) of one problem where it is such a share, else None.
        over: Opens the sentence that says how many problems have a score, where not all do.
        weight: That of its test in each benchmark, where the gate decides on it; else 0.
    """

    key: str
    title: str
    sign: int
    share: bool
    score: Callable[[ProblemRow], float | None]
    counts: Callable[[ProblemRow], tuple[int, int]] | None = None
    over: str = "measured on both sides for"
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One quantity of two runs.

    Attributes:
        quantity: Which.
        base: The baseline's mean over the problems that it measured, as in its report; None if a side measured none.
        candidate: The candidate's.
        estimate: Candidate less baseline; None together with them.
        p_worse: One-sided: the chance of a change for the worse this large if there is none; None where neither
            direction is worse or the inference does not apply.
        smallest_p: The least that `p_worse` could have been.
        p_worse_holm: Adjusted for all gated tests of the same command; None for what is not gated.
        weight: Weight of its test among those that the gate decides on; 0 for what it does not.
        lost: Problems that both sides measured and on which the candidate is worse.
        won: Those on which it is better.
        reason: What the numbers leave out, or why there are none; "" if nothing.
    """

    quantity: Quantity
    base: float | None = None
    candidate: float | None = None
    estimate: PairedEstimate | None = None
    p_worse: float | None = None
    smallest_p: float | None = None
    p_worse_holm: float | None = None
    weight: int = 0
    lost: int = 0
    won: int = 0
    reason: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the difference, kept to what is possible."""
        ends = self.estimate.interval() if self.estimate else None
        if ends is None or not self.quantity.share:
            return ends
        return max(-1.0, ends[0]), min(1.0, ends[1])

    @property
    def p_two_sided(self) -> float | None:
        """Chance of a change this large in either direction if there is none."""
        return None if self.p_worse is None else min(1.0, 2 * min(self.p_worse, 1 - self.p_worse))

    @property
    def gated(self) -> bool:
        """Whether the gate decides on it."""
        return self.weight > 0

    def can_reject(self, alpha: float) -> bool:
        """Whether its test could have come out at `alpha` or below."""
        return self.smallest_p is not None and self.smallest_p <= alpha


def difference_of(quantity: Quantity, benchmarks: Sequence[Pairs], inference: Inference) -> Difference:
    """One quantity over the pairs of a benchmark, or of several that count the same whatever their sizes.

    A side's mean is over the problems that it measured. Where a problem was measured on one side alone, the estimate
    takes it into that side's mean, and the test takes the mean of all that was measured for the other side: whether a
    problem has a value must not decide which problems the two sides are compared on.

    Args:
        quantity: Which.
        benchmarks: The pairs of each.
        inference: About problems like these, or about these alone.
    """
    weight = (quantity.weight or GATED.get(quantity.key, 0)) * len(benchmarks)
    parts = [_Part.of(quantity, pairs) for pairs in benchmarks]
    if not all(part.base and part.candidate for part in parts):
        return Difference(quantity=quantity, weight=weight, reason="not measured on both sides")
    strata = [place for place, part in enumerate(parts) for _ in part.scored]
    clusters = [source_problem(one.problem_id) for part in parts for one, *_ in part.scored]
    estimate = paired_difference(
        [change for part in parts for change in part.changes()],
        clusters=clusters,
        strata=strata,
        shares=quantity.share,
    )
    gains = [quantity.sign * gain for part in parts for gain in part.gains()]
    p_worse = smallest_p = None
    if inference == "fixed-set":
        estimate, p_worse, smallest_p = _over_fixed_set(quantity, estimate, parts)
    elif quantity.sign:
        sums, counts_for = weighted_cluster_sums(gains, clusters, strata)
        p_worse, smallest_p = sign_flip_p(sums, counts_for), smallest_sign_flip_p(sums)
    both = [quantity.sign * (after - before) for part in parts for *_, before, after in part.both]
    of = sum(map(len, benchmarks))
    return Difference(
        quantity=quantity,
        base=fmean(fmean(part.base) for part in parts),
        candidate=fmean(fmean(part.candidate) for part in parts),
        estimate=estimate,
        p_worse=p_worse,
        smallest_p=smallest_p,
        weight=weight,
        lost=sum(gain < 0 for gain in both),
        won=sum(gain > 0 for gain in both),
        reason="" if len(both) == of else f"{quantity.over} {len(both)} of {of} problems",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The problems of one benchmark that a side or both measured: their rows, and both scores, None if not measured."""

    scored: Sequence[tuple[ProblemRow, ProblemRow, float | None, float | None]]

    @classmethod
    def of(cls, quantity: Quantity, pairs: Pairs) -> "_Part":
        every = [(one, other, quantity.score(one), quantity.score(other)) for one, other in pairs]
        return cls(scored=[each for each in every if each[2] is not None or each[3] is not None])

    @property
    def base(self) -> list[float]:
        """What the baseline measured."""
        return [before for *_, before, _ in self.scored if before is not None]

    @property
    def candidate(self) -> list[float]:
        """What the candidate measured."""
        return [after for *_, after in self.scored if after is not None]

    @property
    def both(self) -> list[tuple[ProblemRow, ProblemRow, float, float]]:
        """The problems that both measured."""
        return [
            (one, other, before, after)
            for one, other, before, after in self.scored
            if before is not None and after is not None
        ]

    def changes(self) -> list[float]:
        """Numbers with the mean of candidate less baseline, each with what its problem moves that by."""
        if len(self.both) == len(self.scored):
            return [after - before for *_, before, after in self.both]
        base, candidate, count = self.base, self.candidate, len(self.scored)
        middle, end = fmean(base), fmean(candidate)
        moves = [
            (0.0 if after is None else count / len(candidate) * (after - end))
            - (0.0 if before is None else count / len(base) * (before - middle))
            for *_, before, after in self.scored
        ]
        return [end - middle + move for move in moves]

    def gains(self) -> list[float]:
        """What turns its sign when the two sides change places; a side without a score has what all have on average."""
        middle = fmean((*self.base, *self.candidate))
        return [
            (middle if after is None else after) - (middle if before is None else before)
            for *_, before, after in self.scored
        ]


def _over_fixed_set(
    quantity: Quantity, estimate: PairedEstimate, parts: Sequence[_Part]
) -> tuple[PairedEstimate, float | None, float | None]:
    """Estimate and p when only the samples are chance; without them where the quantity is no count of samples."""
    counts = quantity.counts
    if counts is None:
        return replace(estimate, se=None, degrees_of_freedom=None), None, None
    errors: list[float | None] = []
    for part in parts:
        base = [counts(one) for one, _, before, _ in part.scored if before is not None]
        candidate = [counts(other) for _, other, _, after in part.scored if after is not None]
        errors.append(fixed_set_se(base, candidate))
    known = [error for error in errors if error is not None]
    se = sqrt(fsum(error**2 for error in known)) / len(parts) if len(known) == len(errors) else None
    estimate = replace(estimate, se=se, degrees_of_freedom=None)
    if not quantity.sign:
        return estimate, None, None
    base = [counts(one) for part in parts for one, *_ in part.both]
    candidate = [counts(other) for part in parts for _, other, *_ in part.both]
    if quantity.sign < 0:  # fewer of what is bad is better: count the others
        base, candidate = ([(n, n - c) for n, c in side] for side in (base, candidate))
    return estimate, fixed_set_p(base, candidate), smallest_fixed_set_p(base, candidate)


def holm_adjusted(differences: Sequence[Difference], *, alpha: float) -> list[Difference]:
    """The differences with Holm's p-values in what is gated, over all of them as one family.

    A test that could not have come out at `alpha` or below, whatever had been lost, is no chance for a false alarm: it
    does not count as one of the family, and keeps its p.
    """
    adjusted = {place: each.p_worse for place, each in enumerate(differences) if each.gated}
    family = [place for place in adjusted if differences[place].can_reject(alpha)]
    tests = [(differences[place].p_worse, differences[place].weight) for place in family]
    p_values = holm([p for p, _ in tests if p is not None], [weight for _, weight in tests])
    adjusted.update(zip(family, p_values, strict=True))
    return [replace(each, p_worse_holm=adjusted.get(place)) for place, each in enumerate(differences)]
