"""A run's scores by group, and two runs' differences by group, made of the rows of their reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.report_types import Report
from codecrucible.reports.statistics.by_group import GroupScores, groups_in, kinds_of, scores_by_group
from codecrucible.reports.statistics.difference import Difference, Inference
from codecrucible.reports.statistics.levels import ALPHA
from codecrucible.reports.statistics.multiplicity import holm


class UnknownKind(ValueError):
    """No problem of a report has a group of the kind that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedReport:
    """The scores of a run's groups.

    Attributes:
        report: The run's.
        kind: The kind of group, such as "language".
        groups: One each, in the benchmark's order; the one that is not stated is last.
    """

    report: Report
    kind: str
    groups: tuple[GroupScores, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDifference:
    """One quantity of one group on both sides.

    Attributes:
        group: Its name; None for the problems of which the group is not stated.
        difference: Over the problems of the group that both sides have judged samples of.
        p_holm: Two-sided p, adjusted for all groups of this quantity; None where there is no p.
    """

    group: str | None
    difference: Difference
    p_holm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedComparison:
    """A candidate beside its baseline, by group.

    Attributes:
        base: The baseline's report.
        candidate: The candidate's.
        kind: The kind of group.
        inference: About problems like these, or about these alone.
        differences: By quantity, and of each by group; quantities that no group has on both sides are left out.
        left_out: Groups without a problem that both sides have judged samples of.
    """

    base: Report
    candidate: Report
    kind: str
    inference: Inference
    differences: tuple[GroupDifference, ...]
    left_out: tuple[str | None, ...]


def grouped_report(report: Report, kind: str) -> GroupedReport:
    """The scores of each group of a kind.

    Raises:
        UnknownKind: if no problem has a group of that kind; the message lists the kinds that there are.
    """
    refuse_unknown_kind(report, kind)
    return GroupedReport(report=report, kind=kind, groups=scores_by_group(report.per_problem, kind))


def grouped_comparison(
    base: Report, candidate: Report, kind: str, *, inference: Inference = "problems", alpha: float = ALPHA
) -> GroupedComparison:
    """What is gated, of each group of a kind, paired by problem.

    The groups of one quantity are one family of tests for Holm. A group whose test could not have come out at `alpha`
    or below, whatever its problems had done, does not count as one of the family and keeps its p.

    Args:
        base: Report of the baseline, whose rows say which problem is in which group.
        candidate: Report of the candidate, of the same benchmark.
        kind: The kind of group.
        inference: About problems like these, or about these alone.
        alpha: Level of the family.

    Raises:
        UnknownKind: if no problem of `base` has a group of that kind.
    """
    refuse_unknown_kind(base, kind)
    by_quantity: dict[str, list[GroupDifference]] = {}
    left_out = []
    for group, rows in groups_in(base.per_problem, kind).items():
        try:
            compared = compare_reports(replace(base, per_problem=tuple(rows)), candidate, inference=inference)
        except ValueError:  # no problem that both have judged samples of
            left_out.append(group)
            continue
        for each in compared.differences:
            if each.gated:
                found = GroupDifference(group=group, difference=each)
                by_quantity.setdefault(each.quantity.key, []).append(found)
    return GroupedComparison(
        base=base,
        candidate=candidate,
        kind=kind,
        inference=inference,
        differences=tuple(
            each
            for family in by_quantity.values()
            if any(each.difference.estimate for each in family)
            for each in _with_holm(family, alpha)
        ),
        left_out=tuple(left_out),
    )


def refuse_unknown_kind(report: Report, kind: str) -> None:
    """Raise `UnknownKind` where no problem has a group of the kind."""
    kinds = kinds_of(report.per_problem)
    if kind not in kinds:
        raise UnknownKind(
            f"the problems of run {report.run_id}, of {report.benchmark}, are in no groups of the kind {kind!r}; "
            + (f"there are {', '.join(kinds)}" if kinds else "they are in no groups at all")
        )


def _with_holm(family: Sequence[GroupDifference], alpha: float) -> list[GroupDifference]:
    adjusted = {place: each.difference.p_two_sided for place, each in enumerate(family)}
    tested = [place for place, each in enumerate(family) if each.difference.can_reject(alpha / 2)]
    p_values = holm([p for place in tested if (p := adjusted[place]) is not None])
    adjusted.update(zip(tested, p_values, strict=True))
    return [replace(each, p_holm=adjusted[place]) for place, each in enumerate(family)]
