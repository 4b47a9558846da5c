"""Bandit on sources in memory, for Python.

It gets the text that is executed. Two read a program: the player, which is given text and takes no notice of a coding
cookie in it, and the interpreter of whole programs, which is given a file and decodes it as its cookie says. Where the
two differ, both texts are scanned.
"""

import io
import logging
import sys
import tokenize
import warnings
from importlib.metadata import version
from typing import Any

_NAME = "program.py"
#: Asserts are no weakness in a program that is graded; every other rule is kept.
_RULES_OFF = ("B101",)
#: In front of a source, so that no comment of it is where a coding cookie counts; Bandit's parser would follow one.
_BEFORE = b"\n\n"
#: What Python compiles under its own limit of 1,000 is up to 3,000 deep, and Bandit takes a call or two for each level.
#: Under a much higher limit Python's own parser would exhaust its stack.
_RECURSION = 7000


class Bandit:
    """Bandit's manager, used again for each source; see `BanditManager._parse_file` of 1.9."""

    def __init__(self) -> None:
        from bandit.core.config import BanditConfig
        from bandit.core.manager import BanditManager

        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")  # about the source, from its parser
        # The program's own `# nosec` must not hide a finding, and no project's configuration is read.
        self._manager = BanditManager(BanditConfig(), "file", profile={"exclude": _RULES_OFF}, ignore_nosec=True)
        self.name = f"bandit {version('bandit')}"
        sys.setrecursionlimit(_RECURSION)

    def __call__(self, source: bytes) -> dict[str, Any]:
        """{"findings": [...]} with the fields of a `Finding` each, or {"reason": why there are none to be had}.

        A reading that does not parse is executed by nobody, and counts only if no other does.
        """
        answers = [self._scan(reading) for reading in _readings(source)]
        found = [answer["findings"] for answer in answers if "findings" in answer]
        return {"findings": _merged(found)} if found else answers[0]

    def _scan(self, text: bytes) -> dict[str, Any]:
        """As above, of text in UTF-8, whatever cookie is in it."""
        manager = self._manager
        manager.results, manager.skipped, manager.scores = [], [], []
        manager.metrics.data.pop(_NAME, None)
        try:
            manager._parse_file(_NAME, io.BytesIO(_BEFORE + text), [_NAME])  # noqa: SLF001 - the pinned way in from memory
        except (RecursionError, MemoryError) as error:
            return {"reason": f"{type(error).__name__} while scanning"}
        if manager.skipped:
            return {"reason": manager.skipped[0][1]}
        return {"findings": [_finding(issue) for issue in manager.results]}


def _readings(source: bytes) -> list[bytes]:
    """What is executed for `source`, in UTF-8: the text as it stands, and as a file if that is another one."""
    lines = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(lines).readline)
        decoded = lines.decode(encoding).encode()
    except (SyntaxError, LookupError, ValueError):  # the interpreter refuses the file for it as well
        return [source]
    return [source] if decoded == lines else [source, decoded]


def _merged(readings: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The findings of all readings in line order, each once."""
    merged: list[dict[str, Any]] = []
    for finding in (finding for findings in readings for finding in findings):
        if finding not in merged:
            merged.append(finding)
    return sorted(merged, key=lambda finding: int(finding["line"])) if len(readings) > 1 else merged


def _finding(issue: Any) -> dict[str, Any]:
    return {
        "rule": issue.test_id,
        "name": issue.test,
        "severity": issue.severity.lower(),
        "confidence": issue.confidence.lower(),
        "cwe": issue.cwe.id or None,
        "line": max(1, issue.lineno - _BEFORE.count(b"\n")),
        "message": issue.text,
    }
