"""PID 1 of the scanner's container: scans one source after another, each with the scanner of its language.

It runs without any capability, under a uid that owns nothing. A scanner parses and never executes what it reads; one
that crashes takes this process down or ends by itself, and the source is reported as unscannable.
"""

import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from . import frames, inside, kernel
from .bandit_scan import Bandit
from .eslint_scan import Eslint
from .flawfinder_scan import Flawfinder

PACKAGES = "/opt/codecrucible/scanner-packages"
MAX_SOURCE_BYTES = 256 << 10


_Scanners = Mapping[str, Callable[[bytes], dict[str, Any]]]


class _OutOfTime(BaseException):
    """Not an `Exception`, which Bandit would take for a failure of one rule."""


def main(scan_s: int, family: str) -> NoReturn:
    """Serve until stdin ends.

    Args:
        scan_s: Seconds that one source may take.
        family: Of the image, which says what scanners are in it.
    """
    kernel.install_seccomp()
    scanners, names = _of_eslint() if family == "eslint" else _of_python()
    answers = frames.Answers()
    answers.write({"hello": {**inside.facts(), "scanners": names}})
    signal.signal(signal.SIGALRM, _give_up)
    for header, (source,) in frames.requests(answers.flush):
        signal.alarm(scan_s)
        try:
            if len(source) > MAX_SOURCE_BYTES:
                answer = {"reason": f"{len(source)} bytes, above the limit of {MAX_SOURCE_BYTES}"}
            else:
                answer = scanners[header["language"]](source)
        except _OutOfTime:
            answer = {"reason": f"scanning took longer than {scan_s} s"}
        finally:
            signal.alarm(0)
        answers.write({"id": header["id"], **answer})
    sys.exit(0)


def _of_python() -> tuple[_Scanners, dict[str, str]]:
    """Scanner and its name and version, each by language."""
    sys.path.append(PACKAGES)
    bandit, flawfinder = Bandit(), Flawfinder(PACKAGES)
    names = {"python": bandit.name, "c": flawfinder.name, "cpp": flawfinder.name}
    return {"python": bandit, "c": flawfinder, "cpp": flawfinder}, names


def _of_eslint() -> tuple[_Scanners, dict[str, str]]:
    eslint, languages = Eslint(), ("javascript", "typescript")
    return {language: partial(eslint, language) for language in languages}, dict.fromkeys(languages, eslint.name)


def _give_up(_signal: int, _frame: object) -> NoReturn:
    raise _OutOfTime
