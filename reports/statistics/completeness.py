"""Whether a run has too few judged samples for a decision on it: one rule for the gate and for the leaderboard."""

from collections.abc import Mapping
from typing import Any, Literal

MOST_MISSING = 0.01  # share of a run's samples; more is no evaluation of the whole benchmark


def gap_of(report: Mapping[str, Any]) -> Literal["", "unjudged", "missing"]:
    """What a run has too many of: samples without a verdict, of which one is too many, or samples never made.

    Args:
        report: What `build_report` returns.

    Returns:
        "" if neither.
    """
    if report["unjudged"]:
        return "unjudged"
    return "missing" if report["missing"]["samples"] > MOST_MISSING * asked_of(report) else ""


def asked_of(report: Mapping[str, Any]) -> int:
    """Samples that the run was to have."""
    return int(report["n"] * report["problems"])
