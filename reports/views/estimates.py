"""Means with their intervals, as cells of a sheet and as JSON."""

from typing import Any

from codecrucible.reports.gate import p_text
from codecrucible.reports.statistics.interval import Estimate
from codecrucible.reports.views.compare_view import rounded
from codecrucible.reports.views.sheet import NOT_MEASURED, Cell, percent


def estimate_cell(estimate: Estimate | None) -> Cell:
    """A share in percent, and below it the ends of its interval if it has one."""
    if estimate is None:
        return NOT_MEASURED
    if estimate.low is None or estimate.high is None:
        return percent(estimate.value)
    return percent(estimate.value), f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f}"


def estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    """JSON object of a share in [0, 1]; None where there is none."""
    if estimate is None:
        return None
    ends = None if estimate.low is None else [rounded(estimate.low), rounded(estimate.high)]
    return {"value": rounded(estimate.value), "ci95": ends}


def p_cell(p: float) -> str:
    """A p-value below a heading that says p."""
    return p_text(p).removeprefix("p ").removeprefix("= ")
