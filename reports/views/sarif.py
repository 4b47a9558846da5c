"""Security findings as SARIF 2.1.0, for code scanning services."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codecrucible.reports.views.safe_text import for_terminal

MOST_RESULTS = 25_000  # GitHub takes no more of one run
_LEVEL = {"high": "error", "medium": "warning", "low": "note"}
_SECURITY_SEVERITY = {"high": "8.0", "medium": "5.0", "low": "2.0"}
_SUFFIXES = {"bandit": "py", "flawfinder": "cpp", "eslint-plugin-security": "js"}
_RANKS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFinding:
    """One rule's finding in one problem's completions.

    Attributes:
        benchmark: Its name.
        problem_id: The benchmark's task id.
        sample_index: First sample that has it.
        samples: Samples that have it.
        scanner: Name and version of what found it, such as "bandit 1.9.4".
        rule: The scanner's own rule id, such as "B307"; no two scanners have one alike.
        name: The rule's name.
        severity: "low", "medium" or "high".
        confidence: "low", "medium" or "high".
        cwe: CWE number, or None.
        line: Line in the program of that sample, from 1.
        message: What the scanner says of it.
        snippet: Text of that line.
    """

    benchmark: str
    problem_id: str
    sample_index: int
    samples: int
    scanner: str
    rule: str
    name: str
    severity: str
    confidence: str
    cwe: int | None
    line: int
    message: str
    snippet: str

    @property
    def fingerprint(self) -> str:
        """What stays the same when the model writes the same weakness again in other words."""
        told = json.dumps([self.benchmark, self.problem_id, self.rule])  # ASCII, and no two lists are written alike
        return hashlib.sha256(told.encode("ascii")).hexdigest()


def to_sarif(
    findings: Sequence[CodeFinding],
    *,
    version: str,
    category: str,
    known: frozenset[str] | None = None,
) -> dict[str, Any]:
    """SARIF log with one result a rule and problem, the gravest first.

    The location names a file such as `samples/<problem>/<index>.py` that no repository holds: a service shows the
    finding without its surroundings, and the snippet says what it is.

    Args:
        findings: At most one a benchmark, rule and problem.
        version: Version of codecrucible.
        category: Tells the logs of one repository apart, such as "humaneval".
        known: Fingerprints of the baseline's findings; None if there is no baseline.
    """
    ordered = gravest_first(findings)
    kept = ordered[:MOST_RESULTS]
    rules = sorted({each.rule for each in kept})
    driver = {
        "name": "codecrucible",
        "semanticVersion": version,
        "rules": [_rule(rule, [each for each in kept if each.rule == rule]) for rule in rules],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "automationDetails": {"id": f"codecrucible/{_slug(category)}/"},
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "scanners": sorted({for_terminal(each.scanner) for each in kept}),
                    "leftOut": len(ordered) - len(kept),
                },
                "results": [_result(each, rules.index(each.rule), known) for each in kept],
            }
        ],
    }


def gravest_first(findings: Sequence[CodeFinding]) -> list[CodeFinding]:
    """The findings in the order in which they are told."""
    return sorted(findings, key=lambda each: (-_RANKS.index(each.severity), each.rule, each.problem_id))


def file_of(finding: CodeFinding) -> str:
    """Relative path that stands for the sample: another for every problem, and the same each time."""
    suffix = _SUFFIXES.get(finding.scanner.partition(" ")[0], "txt")
    return f"samples/{_slug(finding.problem_id)}/{finding.sample_index:03d}.{suffix}"


def _rule(rule: str, findings: Sequence[CodeFinding]) -> dict[str, Any]:
    gravest = max((each.severity for each in findings), key=_RANKS.index)
    one = findings[0]
    name = for_terminal(one.name)
    tags = ["security", *([f"external/cwe/cwe-{one.cwe:03d}"] if one.cwe is not None else [])]
    scanner = for_terminal(one.scanner)
    text = f"{name}: found by {scanner} in programs that the model wrote."
    return {
        "id": rule,
        "name": name,
        "shortDescription": {"text": name},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} See its documentation of {rule}."},
        "defaultConfiguration": {"level": _LEVEL[gravest]},
        "properties": {
            "tags": tags,
            "precision": max((each.confidence for each in findings), key=_RANKS.index),
            "security-severity": _SECURITY_SEVERITY[gravest],
        },
    }


def _result(finding: CodeFinding, rule_index: int, known: frozenset[str] | None) -> dict[str, Any]:
    samples = f"{finding.samples} sample" + ("s" if finding.samples != 1 else "")
    place = f"{for_terminal(finding.problem_id)} of {for_terminal(finding.benchmark)}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{for_terminal(finding.message, longest=500)} ({place}, {samples})"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": file_of(finding)},
                    "region": {"startLine": finding.line, "snippet": {"text": for_terminal(finding.snippet)}},
                }
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint[:16]}:1",
            "crucibleFinding/v1": finding.fingerprint,
        },
        "properties": {
            "confidence": finding.confidence,
            "samples": finding.samples,
            "scanner": for_terminal(finding.scanner),
        },
    }
    if known is not None:
        result["baselineState"] = "unchanged" if finding.fingerprint in known else "new"
    return result


def _slug(text: str) -> str:
    """`text` as one part of a relative path, another for every text: what is not plainly an id gets its hash."""
    if re.fullmatch(r"[A-Za-z0-9-]{1,60}(/[0-9]{1,9})?", text):
        return text.replace("/", "_")
    plain = re.sub(r"[^A-Za-z0-9-]", "_", text[:60])
    return f"{plain}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
