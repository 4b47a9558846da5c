"""Whether a candidate may take its baseline's place: PASS, REGRESSION or INCONCLUSIVE, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from statistics import fmean

from codecrucible.reports.comparison import PASS_AT_1, Comparison, Pooled, pooled_differences
from codecrucible.reports.counting import NO_TESTS
from codecrucible.reports.footprint import Footprint
from codecrucible.reports.retention import Retention, retention_of
from codecrucible.reports.statistics.difference import Difference, Quantity, holm_adjusted
from codecrucible.reports.statistics.levels import ALPHA, MARGIN
from codecrucible.reports.statistics.sequential import obrien_fleming_levels


class GateState(StrEnum):
    """What the gate says of one quantity, or of all of them."""

    PASS = "PASS"  # noqa: S105  # no password
    REGRESSION = "REGRESSION"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """What the gate asks for.

    Attributes:
        alpha: Chance of a false alarm, over everything that is gated.
        margin: Loss that a pass must rule out, as a share: 0.03 is 3 points.
        looks: Samples a problem at which the candidate is gated, each time with more of them; () for once.
        retain: Share of the baseline's pass@1 that is to be kept, such as 0.95, instead of a margin for pass@1; None
            for the margin.
    """

    alpha: float = ALPHA
    margin: float = MARGIN
    looks: tuple[int, ...] = ()
    retain: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5 or not 0 < self.margin < 1:  # noqa: PLR2004  # half is a coin
            raise ValueError(
                f"Cannot gate with alpha {self.alpha:g} and margin {self.margin:g}: "
                "give 0 < alpha < 0.5 and 0 < margin < 1 (0.03 is 3 points)."
            )
        if self.retain is not None and not 0 < self.retain < 1:
            raise ValueError(f"Cannot gate on {self.retain:g} of the baseline's pass@1: give a share between 0 and 1.")
        if self.looks:
            obrien_fleming_levels(self.looks, self.alpha)

    def level(self, n: int, *, share: float = 1.0) -> float:
        """One-sided p that a test with this share of alpha must reach when the candidate has `n` samples per problem.

        Raises:
            ValueError: if there are looks, and this is none of them.
        """
        if not self.looks:
            return self.alpha * share
        if n not in self.looks:
            raise ValueError(
                f"Cannot gate at this look: the candidate has {n} samples per problem, and the declared looks are at "
                f"{', '.join(map(str, self.looks))}."
            )
        return obrien_fleming_levels(self.looks, self.alpha * share)[self.looks.index(n)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedQuantity:
    """The gate's decision on one quantity of one benchmark.

    Attributes:
        benchmark: Its name; "mean of 3 benchmarks" for several as one.
        difference: The numbers.
        state: The word.
        hidden: Share of the candidate's samples, beyond the baseline's, that no scanner could read, where the quantity
            is what a scanner finds: so much of it may be there unseen.
        worst: The change for the worse that cannot be ruled out, >= 0 in the quantity's unit; None if unknown.
        detectable: Smallest change for the worse that this comparison finds four times out of five; None if unknown.
        retention: What it was decided on, where that is a share of the baseline's pass@1; else None.
    """

    benchmark: str
    difference: Difference
    state: GateState
    hidden: float
    worst: float | None
    detectable: float | None
    retention: Retention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The gate's decision, and what it rests on.

    Attributes:
        state: REGRESSION if any gated quantity is one, PASS if all pass, else INCONCLUSIVE.
        rule: What was asked for.
        gated: What was decided on.
        not_gated: Sentences about what is usually decided on and was not.
        comparisons: All numbers, with the adjusted p-values.
        footprints: What both sides took, where a share of the baseline is to be kept; () elsewhere.
    """

    state: GateState
    rule: GateRule
    gated: tuple[GatedQuantity, ...]
    not_gated: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    footprints: tuple[Footprint, ...] = ()


def decide(comparisons: Sequence[Comparison], rule: GateRule | None = None) -> GateResult:
    """The gate's decision on a candidate, from its comparisons with the baseline, one a benchmark.

    Gated are pass@1 of each benchmark, the insecure rate and secure-pass@1 of each benchmark that a scanner reads, and
    where there are several benchmarks each of the three over all of them as one; and where it was asked for, pass@1 of
    a part of the tests, which weighs as much as that of all. A quantity is a REGRESSION where its one-sided test,
    adjusted by Holm's method for all that are gated, comes out at alpha or below; the three weigh 3, 2 and 1, and what
    is over several benchmarks as much as they do together. It is a PASS where a loss of the margin is ruled out with
    confidence 1 - alpha, and INCONCLUSIVE otherwise: "no drop was found" is only worth something where a drop would
    have been found. Samples that no scanner can read, beyond the baseline's, are taken for insecure when a loss is to
    be ruled out. Of a benchmark without tests the insecure rate alone is gated.

    With `retain`, pass@1 is decided by the share of the baseline's that the candidate keeps: REGRESSION where the test
    of a smaller share than was asked for comes out, in the place and with the weight of the other test; PASS where that
    of a larger share does. Where the baseline passes nothing it is INCONCLUSIVE.

    With looks, every test and every bound takes the level of O'Brien and Fleming for this look, and the tests share it
    by their weights, without Holm's method.

    Args:
        comparisons: At least one, each about the whole of a benchmark.
        rule: The defaults if None.

    Raises:
        ValueError: if the rule has looks, and the candidate's samples per problem are none of them.
    """
    rule = rule or GateRule()
    pooled, adjusted = _adjusted(pooled_differences(comparisons), comparisons, rule)
    weighing = sum(each.weight for each in _tests(pooled, adjusted, rule) if each.can_reject(rule.alpha))
    gated = [
        _judge(f"mean of {len(members)} benchmarks", difference, members, rule, weighing=weighing)
        for difference, members in pooled
    ]
    not_gated = []
    for comparison in adjusted:
        for difference in (each for each in comparison.differences if each.gated):
            if why := _why_not_gated(comparison, difference):
                not_gated.append(f"{difference.quantity.title} on {comparison.benchmark}: {why}")
            else:
                gated.append(_judge(comparison.benchmark, difference, [comparison], rule, weighing=weighing))
    states = {quantity.state for quantity in gated}
    state = GateState.INCONCLUSIVE
    if GateState.REGRESSION in states:
        state = GateState.REGRESSION
    elif states == {GateState.PASS}:
        state = GateState.PASS
    return GateResult(
        state=state, rule=rule, gated=tuple(gated), not_gated=tuple(not_gated), comparisons=tuple(adjusted)
    )


def _adjusted(
    pooled: Sequence[Pooled], comparisons: Sequence[Comparison], rule: GateRule
) -> tuple[list[Pooled], list[Comparison]]:
    """Both with Holm's p-values, over all of them as one family."""
    adjusted = iter(holm_adjusted(_tests(pooled, comparisons, rule), alpha=rule.alpha))
    pooled_tests = [(_as_tested(next(adjusted), each), members) for each, members in pooled]
    return pooled_tests, [
        replace(comparison, differences=tuple(_as_tested(next(adjusted), each) for each in comparison.differences))
        for comparison in comparisons
    ]


def _tests(pooled: Sequence[Pooled], comparisons: Sequence[Comparison], rule: GateRule) -> list[Difference]:
    """Everything that may be decided on, each with the p of the test that it is decided by."""
    return [
        *(_tested(each, members, rule) for each, members in pooled),
        *(_tested(each, [comparison], rule) for comparison in comparisons for each in comparison.differences),
    ]


def _tested(difference: Difference, comparisons: Sequence[Comparison], rule: GateRule) -> Difference:
    """The difference with the p of the test that it is decided by."""
    if rule.retain is None or difference.quantity.key != PASS_AT_1.key:
        return difference
    p = retention_of(comparisons, rule.retain, rule.alpha).p_below
    return replace(difference, p_worse=p, smallest_p=None if p is None else 0.0)


def _as_tested(adjusted: Difference, difference: Difference) -> Difference:
    """The difference as it is, with the adjusted p of its test."""
    return replace(difference, p_worse_holm=adjusted.p_worse_holm)


def _judge(
    name: str, difference: Difference, comparisons: Sequence[Comparison], rule: GateRule, *, weighing: int
) -> GatedQuantity:
    """The word on one quantity.

    Args:
        name: Name of the benchmark, or of what the mean is over.
        difference: The numbers.
        comparisons: Comparisons on those benchmarks.
        rule: What is asked for.
        weighing: What the tests that could reject weigh together.
    """
    estimate, sign = difference.estimate, difference.quantity.sign
    n = comparisons[0].candidate.n
    share = difference.weight / max(weighing, difference.weight)
    hidden = fmean(_hidden(comparison, difference.quantity) for comparison in comparisons)
    worst = detectable = None
    if estimate is not None:
        level = rule.level(n)
        bound = estimate.lower_bound(level) if sign > 0 else estimate.upper_bound(level)
        worst = None if bound is None else min(1.0, max(0.0, -sign * bound + hidden))
        # The first step of Holm's method tests at this share of alpha.
        detectable = estimate.minimum_detectable_effect(rule.level(n, share=share))
    retention = None
    if rule.retain is not None and difference.quantity.key == PASS_AT_1.key:
        retention = retention_of(comparisons, rule.retain, rule.level(n))
    p_worse = retention.p_below if retention else difference.p_worse
    state = GateState.INCONCLUSIVE
    if _rejected(p_worse, difference.p_worse_holm, rule, n=n, share=share):
        state = GateState.REGRESSION
    elif retention:
        state = GateState.PASS if retention.p_above is not None and retention.p_above <= rule.level(n) else state
    elif worst is not None and worst < rule.margin:
        state = GateState.PASS
    return GatedQuantity(
        benchmark=name,
        difference=difference,
        state=state,
        hidden=hidden,
        worst=None if retention else worst,
        detectable=None if retention else detectable,
        retention=retention,
    )


def _rejected(p_worse: float | None, p_worse_holm: float | None, rule: GateRule, *, n: int, share: float) -> bool:
    if p_worse is None or p_worse_holm is None:
        return False
    return p_worse <= rule.level(n, share=share) if rule.looks else p_worse_holm <= rule.alpha


def _hidden(comparison: Comparison, quantity: Quantity) -> float:
    """Share of the candidate's samples, beyond the baseline's, that may hold more of `quantity` than was seen."""
    scannable = next((each for each in comparison.differences if each.quantity.key == "scannable"), None)
    if quantity.key != "insecure_rate" or scannable is None or scannable.estimate is None:
        return 0.0
    return max(0.0, -scannable.estimate.delta)


def _why_not_gated(comparison: Comparison, difference: Difference) -> str:
    """Why the gate does not decide on what it usually decides on; "" if it does."""
    if not comparison.base.tested and difference.quantity.key != "insecure_rate":
        return NO_TESTS
    if difference.estimate is not None or difference.quantity.key == "pass_at_1":
        return ""
    sides = (comparison.base, comparison.candidate)
    if all(side.security.no_scanner and not side.security.scanned for side in sides):
        return "nothing scans its language"
    if difference.quantity.key == "insecure_rate" or any(
        difference.quantity.score(row) is not None for side in sides for row in side.per_problem
    ):
        return ""  # what one side alone lacks, or both lack though a scanner reads the language, is inconclusive
    return "neither side has it"


def sentences(result: GateResult) -> list[str]:
    """What a person needs to know, most important first; plain text, in which the benchmark's name is as it came."""
    told = [_sentence(quantity, result.rule) for quantity in sorted(result.gated, key=_severity)]
    return [*told, *(f"Not gated: {reason}." for reason in result.not_gated), *_next_look(result)]


def _next_look(result: GateResult) -> list[str]:
    looks = result.rule.looks
    if not looks or not result.comparisons or result.state is not GateState.INCONCLUSIVE:
        return []
    place = looks.index(result.comparisons[0].candidate.n) + 1
    if place == len(looks):
        return []
    return [f"Look {place} of {len(looks)}: draw {looks[place]} samples per problem and gate again."]


def _severity(quantity: GatedQuantity) -> int:
    return (GateState.REGRESSION, GateState.INCONCLUSIVE, GateState.PASS).index(quantity.state)


def _sentence(quantity: GatedQuantity, rule: GateRule) -> str:
    difference = quantity.difference
    name = f"{difference.quantity.title} on {quantity.benchmark}"
    if difference.estimate is None or difference.base is None or difference.candidate is None:
        return f"{name}: {difference.reason}, so nothing can be said."
    if quantity.retention:
        return _kept(name, quantity, quantity.retention, rule)
    worse = "drops" if difference.quantity.sign > 0 else "rises"
    went = f"{100 * difference.base:.1f} % to {100 * difference.candidate:.1f} %"
    interval = difference.interval
    sure = f", 95 % interval {100 * interval[0]:+.1f} to {100 * interval[1]:+.1f}" if interval else ""
    moved = f"{name}: {went} ({100 * difference.estimate.delta:+.1f} points{sure})"
    sees = (
        f"this run can only detect {worse} of {100 * quantity.detectable:.1f} points or more"
        if quantity.detectable is not None
        else "one problem is too few to say more"
        if difference.estimate.problems == 1
        else "the samples vary too little to say more"
    )
    if quantity.state is GateState.REGRESSION:
        return f"{moved} is worse ({p_text(difference.p_worse if rule.looks else difference.p_worse_holm)}); {sees}."
    if quantity.state is GateState.PASS:
        return f"{moved} is not worse by {100 * rule.margin:g} points or more; {sees}."
    if quantity.worst is None:
        return f"{moved} shows no regression; {sees}."
    unseen = (
        f", for no scanner could read {100 * quantity.hidden:.1f} points more of its samples" if quantity.hidden else ""
    )
    return (
        f"{moved} shows no regression, but a loss of {100 * quantity.worst:.1f} points cannot be ruled out "
        f"(margin {100 * rule.margin:g}){unseen}; {sees}."
    )


def _kept(name: str, quantity: GatedQuantity, kept: Retention, rule: GateRule) -> str:
    """What is said of a share that is to be kept."""
    if kept.reason or kept.estimate.value is None:
        return f"{name}: {kept.reason}, so nothing can be said."
    ends, asked = kept.estimate.interval(), f"{100 * kept.asked:g} %"
    end = f"{100 * ends[1]:.1f} %" if ends and isfinite(ends[1]) else "no upper end"
    sure = f", 95 % interval {100 * ends[0]:.1f} to {end}" if ends else ""
    told = (
        f"{name}: {100 * kept.estimate.denominator:.1f} % to {100 * kept.estimate.numerator:.1f} %, which keeps "
        f"{100 * kept.estimate.value:.1f} % of it{sure}"
    )
    if quantity.state is GateState.REGRESSION:
        p = kept.p_below if rule.looks else quantity.difference.p_worse_holm
        return f"{told}: less than {asked} is kept ({p_text(p)})."
    if quantity.state is GateState.PASS:
        return f"{told}: more than {asked} is kept ({p_text(kept.p_above)})."
    return (
        f"{told}: whether {asked} is kept is open; a candidate that loses nothing needs about {kept.problems_needed:,} "
        "problems like these to show it."
    )


def p_text(p: float | None) -> str:
    """A p-value for people: no more digits than it is worth, never 0.

    >>> p_text(0.0321), p_text(0.00002)
    ('p = 0.032', 'p < 0.001')
    """
    if p is None:
        return "p not measured"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"  # noqa: PLR2004  # three digits
