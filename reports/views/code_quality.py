"""Security findings in GitLab's code quality format, which a merge request shows."""

from collections.abc import Sequence
from typing import Any

from codecrucible.reports.views.safe_text import for_terminal
from codecrucible.reports.views.sarif import CodeFinding, file_of, gravest_first

_SEVERITY = {"high": "critical", "medium": "major", "low": "minor"}


def to_code_quality(findings: Sequence[CodeFinding]) -> list[dict[str, Any]]:
    """The report: a list with one entry a rule and problem, the gravest first.

    Args:
        findings: At most one a benchmark, rule and problem.
    """
    return [
        {
            "description": for_terminal(
                f"{finding.message} ({finding.problem_id} of {finding.benchmark}, {finding.samples} samples)",
                longest=500,
            ),
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITY[finding.severity],
            "location": {"path": file_of(finding), "lines": {"begin": finding.line}},
        }
        for finding in gravest_first(findings)
    ]
