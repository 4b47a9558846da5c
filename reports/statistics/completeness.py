"""Whether a run has too few judged samples for a decision on it: one rule for the gate and for the leaderboard."""

from typing import Literal

from codecrucible.reports.report_types import Report

MOST_MISSING = 0.01  # share of a run's samples; more is no evaluation of the whole benchmark


def gap_of(report: Report) -> Literal["", "unjudged", "unscanned", "missing"]:
    """What a run has too many of: samples without a verdict, of which one is too many, or samples never made.

    Where there are no tests, a sample that was not scanned is what elsewhere one without a verdict is.

    Returns:
        "" if neither.
    """
    if not report.tested and report.security.not_scanned:
        return "unscanned"
    if report.unjudged:
        return "unjudged"
    return "missing" if report.missing.samples > MOST_MISSING * report.asked else ""
