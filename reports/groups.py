"""A run's scores by group, and two runs' differences by group, made of the rows of their reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codecrucible.reports.comparison import PASS_AT_1, compare_reports
from codecrucible.reports.report_types import ProblemRow, Report
from codecrucible.reports.statistics.by_group import (
    GroupScores,
    by_source,
    groups_in,
    kinds_of,
    passed,
    scores_by_group,
)
from codecrucible.reports.statistics.difference import Difference, Inference, difference_of
from codecrucible.reports.statistics.levels import ALPHA
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.ratio import Scored
from codecrucible.reports.statistics.source_problem import source_problem
from codecrucible.reports.statistics.worst_to_best import WorstToBest, worst_to_best


class UnknownKind(ValueError):
    """No problem of a report has a group of the kind that was asked for, or is in the group that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDifference:
    """One quantity of one group on both sides.

    Attributes:
        group: Its name; None for the problems of which the group is not stated.
        difference: Over the problems that both sides have judged samples of.
        p_holm: Two-sided p, adjusted for all groups of this quantity; None where there is no p.
    """

    group: str | None
    difference: Difference
    p_holm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The pass@1 of a run's groups beside that of one of them.

    Attributes:
        group: That one.
        differences: For every other group, its pass@1 less that of the one, over the source problems that they share.
        worst_to_best: Over all groups that are stated; None where none passes anything, or there is one.
    """

    group: str
    differences: tuple[GroupDifference, ...]
    worst_to_best: WorstToBest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedReport:
    """The scores of a run's groups.

    Attributes:
        report: The run's.
        kind: The kind of group, such as "language".
        groups: One each, in the benchmark's order; the one that is not stated is last.
        against: The groups beside one of them; None where that was not asked for.
    """

    report: Report
    kind: str
    groups: tuple[GroupScores, ...]
    against: Against | None = None


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


def grouped_report(report: Report, kind: str, *, against: str = "", alpha: float = ALPHA) -> GroupedReport:
    """The scores of each group of a kind.

    Args:
        report: The run's.
        kind: The kind of group.
        against: The group that the others are to be held against; "" for none.
        alpha: Level of these tests together.

    Raises:
        UnknownKind: if no problem has a group of that kind, or is in `against`; the message lists those that there are.
    """
    refuse_unknown_kind(report, kind)
    beside = _against(report, kind, against, alpha) if against else None
    return GroupedReport(report=report, kind=kind, groups=scores_by_group(report.per_problem, kind), against=beside)


def _against(report: Report, kind: str, group: str, alpha: float) -> Against:
    groups = groups_in(report.per_problem, kind)
    if group not in groups:
        raise UnknownKind(
            f"no problem of run {report.run_id} is in the group {group!r} of the kind {kind!r}; there are "
            f"{', '.join(each for each in groups if each)}"
        )
    reference = by_source(groups[group])
    differences = []
    for name, rows in groups.items():
        if name != group:
            pairs = [(reference[source], row) for source, row in by_source(rows).items() if source in reference]
            pairs = [(one, other) for one, other in pairs if one.n and other.n]
            differences.append(GroupDifference(group=name, difference=_paired(pairs, group)))
    scored = {name: [_scored(row) for row in rows if row.n] for name, rows in groups.items() if name}
    return Against(
        group=group,
        differences=tuple(_with_holm(differences, alpha)),
        worst_to_best=worst_to_best({name: scores for name, scores in scored.items() if scores}),
    )


def _paired(pairs: Sequence[tuple[ProblemRow, ProblemRow]], group: str) -> Difference:
    if not pairs:
        return Difference(quantity=PASS_AT_1, reason=f"shares no source problem with {group}")
    return difference_of(PASS_AT_1, [pairs], "problems")


def _scored(row: ProblemRow) -> Scored:
    return Scored(cluster=source_problem(row.problem_id), score=passed(row) or 0.0)


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
