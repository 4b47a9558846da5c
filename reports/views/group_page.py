"""Scores and differences by group, as a page shows them: the sheets of `group_view`, and what is drawn above them."""

from collections.abc import Sequence
from typing import Any

from codecrucible.reports.groups import GroupedComparison, GroupedReport
from codecrucible.reports.statistics.by_group import GroupScores
from codecrucible.reports.statistics.worst_to_best import WorstToBest
from codecrucible.reports.views.group_view import (
    FOUR_FIFTHS,
    beside_the_line,
    grouped_comparison_sheets,
    grouped_sheets,
    shown_group,
)
from codecrucible.reports.views.sheet import Sheet, page_table, percent


def group_tables(reports: Sequence[GroupedReport]) -> list[dict[str, Any]]:
    """What a page shows of each run's groups: pass@1 and the ratio of worst to best are drawn, the latter on a line."""
    return [
        _table(sheet, drawing)
        for grouped in reports
        for sheet, drawing in zip(
            grouped_sheets([grouped]),
            (_scores(grouped.groups), None, _ratio(grouped.against.worst_to_best if grouped.against else None)),
            strict=False,
        )
    ]


def group_comparison_tables(comparisons: Sequence[GroupedComparison]) -> list[dict[str, Any]]:
    """What a page shows of two runs by group."""
    return [_table(sheet, None) for sheet in grouped_comparison_sheets(comparisons)]


def _table(sheet: Sheet, drawing: dict[str, Any] | None) -> dict[str, Any]:
    return {**page_table(sheet), "drawing": drawing}


def _scores(groups: Sequence[GroupScores]) -> dict[str, Any] | None:
    rows = [
        _drawn(shown_group(each.group), score.value, score.ci95, percent(score.value), scale=100, digits=1)
        for each in groups
        if (score := each.pass_at_1).value is not None
    ]
    return {"what": "pass@1", "line": None, "rows": rows} if rows else None


def _ratio(found: WorstToBest | None) -> dict[str, Any] | None:
    if found is None:
        return None
    row = _drawn(f"{found.worst} to {found.best}", found.ratio, found.ci95, f"{found.ratio:.3f}", scale=1, digits=3)
    return {"what": "ratio", "line": FOUR_FIFTHS, "rows": [{**row, "word": beside_the_line(found)}]}


def _drawn(
    label: str, value: float, ends: tuple[float, float] | None, text: str, *, scale: int, digits: int
) -> dict[str, Any]:
    """A line of a drawing; its numbers are written as those of the table are, not as a browser would round them."""
    low, high = ends or (None, None)
    interval = f"{scale * ends[0]:.{digits}f} to {scale * ends[1]:.{digits}f}" if ends else ""
    return {"label": label, "value": value, "low": low, "high": high, "text": text, "interval": interval}
