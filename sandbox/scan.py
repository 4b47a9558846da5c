"""What a security scanner said of one source text."""

from dataclasses import dataclass
from enum import StrEnum


class ScanState(StrEnum):
    """The four things that can be known; only the first two are a measurement."""

    CLEAN = "clean"
    FINDINGS = "findings"
    UNSCANNABLE = "unscannable"  # the scanner could not read the source; not the same as clean
    NO_SCANNER = "no_scanner"  # nothing scans this language


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One security finding.

    Attributes:
        rule: The scanner's own rule id, such as "B307" or "FF1001".
        name: The rule's name, such as "blacklist", or the call that it found.
        severity: "low", "medium" or "high".
        confidence: "low", "medium" or "high".
        cwe: CWE number, or None.
        line: Line in the scanned source, from 1.
        message: What the scanner says of it.
    """

    rule: str
    name: str
    severity: str
    confidence: str
    cwe: int | None
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Result of scanning one source text.

    Attributes:
        state: What is known.
        scanner: Name and version, such as "bandit 1.9.4"; "" for `NO_SCANNER`.
        findings: In line order; empty unless `state` is `FINDINGS`.
        reason: Why the source could not be scanned, else "".
    """

    state: ScanState
    scanner: str = ""
    findings: tuple[Finding, ...] = ()
    reason: str = ""
