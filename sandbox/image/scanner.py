"""PID 1 of the scanner's container: runs Bandit on one source after another, from memory.

It runs without any capability, under a uid that owns nothing. Bandit parses and never executes what it reads; a parser
that crashes takes this process down, and the host reports the source as unscannable.
"""

import io
import logging
import signal
import sys
import warnings
from importlib.metadata import version
from typing import Any, NoReturn

from sandbox.image import frames, inside, kernel

PACKAGES = "/opt/codecrucible/scanner-packages"
MAX_SOURCE_BYTES = 256 << 10
_NAME = "program.py"
#: Asserts are no weakness in a program that is graded; every other rule is kept.
_RULES_OFF = ("B101",)


class _OutOfTime(BaseException):
    """Not an `Exception`, which Bandit would take for a failure of one rule."""


def main(scan_s: int) -> NoReturn:
    """Serve until stdin ends.

    Args:
        scan_s: Seconds that one source may take.
    """
    kernel.install_seccomp()
    sys.path.append(PACKAGES)
    scan = _Bandit()
    answers = frames.Answers()
    answers.write({"hello": {**inside.facts(), "scanner": f"bandit {version('bandit')}"}})
    signal.signal(signal.SIGALRM, _give_up)
    for header, (source,) in frames.requests(answers.flush):
        signal.alarm(scan_s)
        try:
            answer = scan(source)
        except _OutOfTime:
            answer = {"reason": f"scanning took longer than {scan_s} s"}
        finally:
            signal.alarm(0)
        answers.write({"id": header["id"], **answer})
    sys.exit(0)


def _give_up(_signal: int, _frame: object) -> NoReturn:
    raise _OutOfTime


class _Bandit:
    """Bandit's manager on sources in memory; see `BanditManager._parse_file` of 1.9."""

    def __init__(self) -> None:
        from bandit.core.config import BanditConfig
        from bandit.core.manager import BanditManager

        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")  # about the source, from its parser
        # The program's own `# nosec` must not hide a finding, and no project's configuration is read.
        self._manager = BanditManager(BanditConfig(), "file", profile={"exclude": _RULES_OFF}, ignore_nosec=True)

    def __call__(self, source: bytes) -> dict[str, Any]:
        if len(source) > MAX_SOURCE_BYTES:
            return {"reason": f"{len(source)} bytes, above the limit of {MAX_SOURCE_BYTES}"}
        manager = self._manager
        manager.results, manager.skipped, manager.scores = [], [], []
        manager.metrics.data.pop(_NAME, None)
        try:
            manager._parse_file(_NAME, io.BytesIO(source), [_NAME])  # noqa: SLF001 - the pinned way in from memory
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
        "line": issue.lineno,
        "message": issue.text,
    }
