"""Bandit on sources in memory, for Python.

It reads the text that the interpreter compiles, and no coding cookie in it counts for either: the player is given text,
and a whole program's file says in its first line that it is in UTF-8 (`sandbox.languages.python`).
"""

import io
import logging
import sys
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
        """{"findings": [...]} with the fields of a `Finding` each, or {"reason": why there are none to be had}."""
        manager = self._manager
        manager.results, manager.skipped, manager.scores = [], [], []
        manager.metrics.data.pop(_NAME, None)
        try:
            manager._parse_file(_NAME, io.BytesIO(_BEFORE + source), [_NAME])  # noqa: SLF001 - the pinned way in from memory
        except (RecursionError, MemoryError) as error:
            return {"reason": f"{type(error).__name__} while scanning"}
        if manager.skipped:
            return {"reason": manager.skipped[0][1]}
        return {"findings": [_finding(issue) for issue in manager.results]}


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
