"""Bandit on sources in memory, for Python.

It reads the text that the interpreter compiles, and no coding cookie in it counts for either: the player is given text,
and a whole program's file says in its first line that it is in UTF-8 (`sandbox.languages.python`).
"""

import logging
import sys
import warnings
from importlib.metadata import version
from typing import Any

#: Asserts are no weakness in a program that is graded; every other rule is kept.
_RULES_OFF = ("B101",)
#: In front of a source, so that no comment of it is where a coding cookie counts; Bandit's parser would follow one.
_BEFORE = b"\n\n"
#: What Python compiles under its own limit of 1,000 is up to 3,000 deep, and Bandit takes a call or two for each level.
#: Under a much higher limit Python's own parser would exhaust its stack.
_RECURSION = 7000


class Bandit:
    """Bandit's plugins, set up once for all sources; they find what its `BanditManager` finds."""

    def __init__(self) -> None:
        from .bandit_walk import Plugins

        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")  # about the source, from its parser
        self._plugins = Plugins(_RULES_OFF)
        self.name = f"bandit {version('bandit')}"
        sys.setrecursionlimit(_RECURSION)

    def __call__(self, source: bytes) -> dict[str, Any]:
        """{"findings": [...]} with the fields of a `Finding` each, or {"reason": why there are none to be had}."""
        try:
            issues = self._plugins.issues_in(_BEFORE + source)
        except SyntaxError:
            return {"reason": "syntax error while parsing AST from file"}
        except Exception:  # noqa: BLE001 - in the words of Bandit's manager, whatever a source did to it
            return {"reason": "exception while scanning file"}
        return {"findings": [_finding(issue) for issue in issues]}


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
