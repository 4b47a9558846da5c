"""Scores and differences by group: sheets, CSV and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from codecrucible.reports.counting import NO_TESTS
from codecrucible.reports.groups import Against, GroupDifference, GroupedComparison, GroupedReport
from codecrucible.reports.report_types import Report, Score
from codecrucible.reports.statistics.by_group import GroupScores
from codecrucible.reports.statistics.worst_to_best import WorstToBest
from codecrucible.reports.views.compare_view import (
    difference_json,
    difference_row,
    p_for_people,
    rounded,
    rounded_p,
    title_of,
)
from codecrucible.reports.views.sheet import (
    NOT_MEASURED,
    Sheet,
    percent,
    rows_to_csv,
    score_with_interval,
)

FOUR_FIFTHS = 0.8
"""The line that a ratio of groups is read by."""

NOT_STATED = "not stated"
"""What is shown for the group of a problem that says nothing of it."""

_LEGEND = (
    "95 % intervals are over the problems of the group, versions of one source problem as one cluster. Samples: judged "
    f"ones, or scanned ones where the benchmark has no tests. {NOT_MEASURED}: not measured."
)
_DIFFERENCES = (
    "Differences and 95 % intervals are paired by problem, in points. p: chance of a difference this large, either "
    "way, if there is none; by Holm: adjusted for all groups in this table whose test could have come out at all, "
    "whatever their problems had done. Lost and won: problems."
)


_DIFFERENCE_HEADINGS = ("difference", "95 % interval", "p", "by Holm", "lost", "won")
_RATIO = (
    "The lowest pass@1 of a group as a share of the highest. The interval is of the true ratio, whichever groups are "
    "the lowest and the highest in truth; the ratio itself is on average too low where groups are close. The line at "
    "0.8 is a mark to read the interval by, and no test of what is right."
)


def grouped_sheets(reports: Sequence[GroupedReport]) -> list[Sheet]:
    """Scores of each run by group, and, where that was asked for, the groups beside one, and worst to best."""
    sheets = []
    for each in reports:
        sheets.append(_score_sheet(each))
        if each.against:
            sheets += [_against_sheet(each, each.against), _ratio_sheet(each, each.against)]
    return sheets


def _score_sheet(grouped: GroupedReport) -> Sheet:
    return Sheet(
        title=f"{grouped.report.name} on {grouped.report.benchmark}, by {grouped.kind}",
        headings=(grouped.kind, "problems", "samples", "pass@1", "insecure rate", "secure-pass@1"),
        rows=tuple(
            (
                shown_group(each.group),
                str(each.problems),
                str(each.samples if grouped.report.tested else each.scanned),
                *map(score_with_interval, (each.pass_at_1, each.insecure_rate, each.secure_pass_at_1)),
            )
            for each in grouped.groups
        ),
        notes=(_LEGEND, *_left_out(grouped)),
    )


def _against_sheet(grouped: GroupedReport, against: Against) -> Sheet:
    name = grouped.report.name
    return Sheet(
        title=f"{name} on {grouped.report.benchmark}: pass@1 of each {grouped.kind} against {against.group}",
        headings=(grouped.kind, "source problems", against.group, "this group", *_DIFFERENCE_HEADINGS),
        rows=tuple(_difference_cells(each) for each in against.differences),
        notes=(
            f"Over the source problems that both groups have judged samples of. {_DIFFERENCES}",
            *(
                f"{shown_group(each.group)}: {each.difference.reason}."
                for each in against.differences
                if each.difference.reason
            ),
        ),
        dropped=(9, 8),
    )


def _ratio_sheet(grouped: GroupedReport, against: Against) -> Sheet:
    found = against.worst_to_best
    title = f"{grouped.report.name} on {grouped.report.benchmark}: worst to best {grouped.kind}, by pass@1"
    if found is None:
        return Sheet(title=title, headings=(), rows=(), notes=("No ratio: no group passes anything, or there is one.",))
    ends = found.ci95
    return Sheet(
        title=title,
        headings=("worst", "best", "ratio", "95 % interval", f"four-fifths line ({FOUR_FIFTHS:g})"),
        rows=(
            (
                found.worst,
                found.best,
                f"{found.ratio:.3f}",
                f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else NOT_MEASURED,
                beside_the_line(found),
            ),
        ),
        labels=2,
        notes=(_RATIO,),
    )


def beside_the_line(found: WorstToBest) -> str:
    """On which side of four fifths the whole interval is."""
    if found.ci95 is None:
        return NOT_MEASURED
    if found.ci95[0] >= FOUR_FIFTHS:
        return "above"
    return "below" if found.ci95[1] < FOUR_FIFTHS else "not decided"


def _left_out(grouped: GroupedReport) -> Iterator[str]:
    if not grouped.report.tested:
        yield f"pass@1 is {NO_TESTS}."
        return
    for each in grouped.groups:
        if each.pass_at_1.reason:
            yield f"{shown_group(each.group)}: pass@1: {each.pass_at_1.reason}."


def grouped_to_csv(reports: Sequence[GroupedReport]) -> str:
    """One line a group of each run; what was not measured is an empty cell."""
    return rows_to_csv(
        {
            **_run(grouped.report),
            "kind": grouped.kind,
            "group": each.group,
            "problems": each.problems,
            "samples": each.samples,
            "scanned": each.scanned,
            **{
                f"{name}{end}": value
                for name, score in _scores(each).items()
                for end, value in zip(("", "_low", "_high"), (score.value, *(score.ci95 or (None, None))), strict=True)
            },
        }
        for grouped in reports
        for each in grouped.groups
    )


def grouped_json(grouped: GroupedReport) -> dict[str, Any]:
    """JSON object of a run's groups; null is "not stated" for a group and "not measured" for a number."""
    return {
        **_run(grouped.report),
        "kind": grouped.kind,
        "groups": [
            {
                "group": each.group,
                "problems": each.problems,
                "samples": each.samples,
                "scanned": each.scanned,
                **{name: _score_json(score) for name, score in _scores(each).items()},
            }
            for each in grouped.groups
        ],
        **({"against": _against_json(grouped.against)} if grouped.against else {}),
    }


def _against_json(against: Against) -> dict[str, Any]:
    found = against.worst_to_best
    return {
        "group": against.group,
        "pass_at_1": [_difference_json(each) for each in against.differences],
        "worst_to_best": found
        and {
            "worst": found.worst,
            "best": found.best,
            "ratio": rounded(found.ratio),
            "ci95": [rounded(end) for end in found.ci95] if found.ci95 else None,
            "line": FOUR_FIFTHS,
        },
    }


def _difference_json(each: GroupDifference) -> dict[str, Any]:
    return {
        "group": each.group,
        **_without_gate(difference_json(each.difference)),
        "p_holm": rounded_p(each.p_holm),
    }


def grouped_comparison_sheets(comparisons: Sequence[GroupedComparison]) -> list[Sheet]:
    """One sheet a quantity of each comparison, with a row a group."""
    return [_difference_sheet(compared, family) for compared in comparisons for family in _families(compared)]


def _difference_sheet(compared: GroupedComparison, family: Sequence[GroupDifference]) -> Sheet:
    quantity = family[0].difference.quantity
    left_out = [f"{shown_group(each)}: no problem has judged samples on both sides." for each in compared.left_out]
    reasons = [f"{shown_group(each.group)}: {each.difference.reason}." for each in family if each.difference.reason]
    return Sheet(
        title=f"{title_of(compared.base, compared.candidate, compared.base.benchmark)}: {quantity.title} by "
        f"{compared.kind}",
        headings=(compared.kind, "problems", "baseline", "candidate", *_DIFFERENCE_HEADINGS),
        rows=tuple(_difference_cells(each) for each in family),
        notes=(_DIFFERENCES, *left_out, *reasons),
        dropped=(9, 8),
    )


def _difference_cells(each: GroupDifference) -> tuple[str, ...]:
    difference, ends = each.difference, each.difference.interval
    estimate = difference.estimate
    return (
        shown_group(each.group),
        str(estimate.problems if estimate else 0),
        percent(difference.base),
        percent(difference.candidate),
        f"{100 * estimate.delta:+.1f}" if estimate else NOT_MEASURED,
        f"{100 * ends[0]:+.1f} to {100 * ends[1]:+.1f}" if ends else NOT_MEASURED,
        p_for_people(difference.p_two_sided),
        p_for_people(each.p_holm),
        str(difference.lost) if estimate else NOT_MEASURED,
        str(difference.won) if estimate else NOT_MEASURED,
    )


def grouped_comparisons_to_csv(comparisons: Sequence[GroupedComparison]) -> str:
    """One line a group and quantity of each comparison."""
    return rows_to_csv(
        {
            "benchmark": compared.base.benchmark,
            "baseline_run": compared.base.run_id,
            "candidate_run": compared.candidate.run_id,
            "baseline_model": compared.base.name,
            "candidate_model": compared.candidate.name,
            "inference": compared.inference,
            "kind": compared.kind,
            "group": each.group,
            "quantity": each.difference.quantity.key,
            **_without_gate(difference_row(each.difference)),
            "p_holm": rounded_p(each.p_holm),
        }
        for compared in comparisons
        for each in compared.differences
    )


def grouped_comparison_json(compared: GroupedComparison) -> dict[str, Any]:
    """JSON object of a comparison by group."""
    return {
        "benchmark": compared.base.benchmark,
        "kind": compared.kind,
        "inference": compared.inference,
        "baseline": _run(compared.base),
        "candidate": _run(compared.candidate),
        "left_out": list(compared.left_out),
        "quantities": {
            family[0].difference.quantity.key: [_difference_json(each) for each in family]
            for family in _families(compared)
        },
    }


def shown_group(group: str | None) -> str:
    """A group's name as it came, or that it is not stated."""
    return NOT_STATED if group is None else group


def _families(compared: GroupedComparison) -> list[list[GroupDifference]]:
    """The differences of each quantity."""
    families: dict[str, list[GroupDifference]] = {}
    for each in compared.differences:
        families.setdefault(each.difference.quantity.key, []).append(each)
    return list(families.values())


def _without_gate(told: dict[str, Any]) -> dict[str, Any]:
    """A difference without what the gate makes of it, for groups are not gated."""
    return {key: value for key, value in told.items() if key not in {"gated", "p_worse", "p_worse_holm"}}


def _run(report: Report) -> dict[str, Any]:
    return {
        "run_id": report.run_id,
        "benchmark": report.benchmark,
        "model": report.model,
        "adapter": report.adapter,
    }


def _scores(each: GroupScores) -> dict[str, Score]:
    return {
        "pass_at_1": each.pass_at_1,
        "insecure_rate": each.insecure_rate,
        "secure_pass_at_1": each.secure_pass_at_1,
    }


def _score_json(score: Score) -> dict[str, Any]:
    return {
        "value": score.value,
        "ci95": list(score.ci95) if score.ci95 else None,
        "problems": score.problems,
        "reason": score.reason,
    }
