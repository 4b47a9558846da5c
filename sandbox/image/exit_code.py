"""PID 1 of a container for programs that no referee judges: compiles and runs one program after another.

    host ── frames over stdin and stdout ──> this process (uid 0 with CAP_SETUID and CAP_SETGID)
                                                 │ orders
                                             launcher zygote ── fork and exec ──> compiler, then program (own uid)

A job that is judged by exit status is a few files. The first is the program with its tests; if it passes, others, in
each of which one expected value is changed, run in the same way under other uids, and have to fail: see `controls`. One
of them may run before it. A job of answers is one file: see `answers`. A job of cases is one file and what its program
gets to read: see `cases`. A job of `unittest` is a few files: see `unittests`.
"""

import os
import signal
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, NoReturn

from . import frames, inside, kernel, launcher
from .answers import Answers
from .attempts import Attempts
from .blurring import blur_counters
from .carriers import Carriers
from .cases import Cases
from .conclude import conclude_run
from .controls import confirmed
from .meter import Meter
from .runner import start
from .steps import Steps
from .unittests import UnittestJudge

_TOOLCHAIN = "/opt/codecrucible/toolchain"


def main(first_uid: int, uids: int, memory_bytes: int, preload: str) -> NoReturn:
    """Serve until stdin ends.

    Args:
        first_uid: First uid for programs; as for the runner.
        uids: Number of them.
        memory_bytes: Memory that is left for a program under the container's limit.
        preload: Modules that programs find imported, with commas between them; "" for none.
    """
    kernel.install_seccomp()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    zygote, pid = start(partial(launcher.zygote, preload=preload))
    zygote.recv(1)  # it is ready: none of the time that it took is a program's
    answers = frames.Answers()
    answers.write({"hello": {**inside.facts(), "toolchain": toolchain()}})
    steps = Steps(zygote, memory_bytes, Meter([pid]), Carriers(), answers.flush)
    programs = range(first_uid, first_uid + uids)
    attempts = Attempts(steps, programs)
    by_exit_status, by_answers, by_cases = ExitStatusJudge(attempts), Answers(attempts), Cases(steps, programs)
    by_unittest = UnittestJudge(attempts)
    for header, parts in frames.requests(answers.flush):
        job = header["job"]
        if "expected" in job:
            observed = by_cases.run(job, *parts)
        elif "answers" in job:
            observed = by_answers.run(job, *parts)
        elif "parts" in job:
            observed = by_unittest.run(job, parts)
        else:
            observed = by_exit_status.run(job, parts)
        answers.write({"id": header["id"], **observed})
    os._exit(0)


def toolchain() -> dict[str, str]:
    """Version of each package that the image was built for."""
    try:
        with open(_TOOLCHAIN, encoding="ascii") as file:  # noqa: PTH123 - pathlib costs the zygote memory
            return dict(line.split() for line in file)
    except FileNotFoundError:  # the image that Python's referee runs in, whose version `inside.facts` tells
        return {}


class ExitStatusJudge:
    """Carries out jobs that are judged by exit status, one at a time.

    Args:
        attempts: Compiles and runs them.
    """

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def run(self, job: dict[str, Any], sources: list[bytes]) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`; {"lost": why} if no control was compiled.

        Args:
            job: Limits, commands and tokens.
            sources: The program with its tests, then its controls.
        """
        attempts = [partial(self._attempt, job, *each) for each in zip(sources, job["tokens"], strict=True)]
        early = [attempts.pop(1)()] if job["control_first"] else []
        observed = attempts[0]()
        if observed["ending"] == "completed":
            return confirmed(observed, chain(early, (attempt() for attempt in attempts[1:])))
        if observed["ending"] in ("assertion", "raised") and not self._attempts.parses(job, sources[0]):
            return {**observed, "ending": "syntax_error"}
        return observed

    def _attempt(self, job: dict[str, Any], source: bytes, token: str) -> dict[str, Any]:
        """What was observed of one file."""
        blur_counters()
        attempt = self._attempts.run(job, source)
        told = attempt.told
        told["stdout"], told["stderr"] = _without(token, told["stdout"]), _without(token, told["stderr"])
        if attempt.refused:
            return told
        step, evidence, last = attempt.step, attempt.step.evidence, f"{token}\n".encode()
        if evidence.status == 0 and step.stdout.tail.endswith(last):
            told["output_bytes"] -= len(last)
            evidence = replace(evidence, outcome="completed")
        return {**told, **conclude_run(evidence, exits=job["assertion_exits"], signals=job["assertion_signals"])}


def _without(token: str, text: str) -> str:
    return text.replace(f"{token}\n", "").replace(token, "")
