"""How an execution ended, decided from what the referee saw and what the kernel said. Pure."""

import os
import signal
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one execution when every process of the program is dead.

    Attributes:
        outcome: Kind of `referee.Outcome`, or "silent" if the referee had to be stopped. Without a referee:
            "completed" if it came to the end of its tests with exit status 0, or ended with it and had printed what it
            should, else "gone".
        stopped: Why the supervisor killed the program: "cpu", "wall", "memory", "output", "finished" (it went on
            after the referee was done), or "".
        status: Wait status of the program's process.
        cpu_s: CPU seconds of all its processes.
        cpu_limit_s: What it was allowed.
        oom_kills: Processes that the kernel killed because the container's memory was used up.
        output_bytes: Bytes written to stdout and stderr.
        output_limit_bytes: What it was allowed.
    """

    outcome: str
    stopped: str
    status: int
    cpu_s: float
    cpu_limit_s: float
    oom_kills: int
    output_bytes: int
    output_limit_bytes: int


def conclude(evidence: Evidence) -> dict[str, Any]:
    """The fields `ending`, `exit_code`, `signal` and `note` of an execution.

    What the referee finished wins over any limit that was reached meanwhile, except the one on output: whether that
    was noticed before or after the last answer is chance.
    """
    if evidence.output_bytes > evidence.output_limit_bytes:
        return {"ending": "output_limit"}
    if evidence.outcome == "completed":
        return {"ending": "completed"}
    if evidence.oom_kills:
        return {"ending": "memory_limit", "note": f"the kernel killed {evidence.oom_kills} of its processes"}
    if evidence.outcome in ("assertion", "raised", "syntax_error", "tampered"):
        return {"ending": evidence.outcome}
    if evidence.stopped in ("cpu", "wall", "memory"):
        return {"ending": f"{evidence.stopped}_limit"}
    if evidence.outcome == "silent":
        return {"ending": "wall_limit", "note": "the tests themselves were still running"}
    # One that ended by itself while it was about to be stopped has exited: which comes first is chance.
    if evidence.stopped == "finished" and not os.WIFEXITED(evidence.status):
        return {"ending": "tampered", "note": "the program closed the channel that its answers come through"}
    if os.WIFEXITED(evidence.status):
        return {"ending": "exited", "exit_code": os.WEXITSTATUS(evidence.status)}
    number = os.WTERMSIG(evidence.status)
    # What the kernel enforces is counted in ticks, what it reports is scaled to the time that really ran: on a busy
    # virtual machine the two are far apart.
    if number in (signal.SIGXCPU, signal.SIGKILL) and evidence.cpu_s >= 0.5 * evidence.cpu_limit_s:
        return {"ending": "cpu_limit"}
    return {"ending": "signalled", "signal": number}


def conclude_compile(evidence: Evidence) -> dict[str, Any]:
    """The same fields for a compiler: "completed" if it made something to run, a limit, or "compile_error"."""
    conclusion = conclude(evidence)
    if conclusion == {"ending": "exited", "exit_code": 0}:
        return {"ending": "completed"}
    return {"ending": "compile_error"} if conclusion["ending"] in ("exited", "signalled") else conclusion


def conclude_run(evidence: Evidence, *, exits: Collection[int], signals: Collection[int]) -> dict[str, Any]:
    """The same fields for a program that is judged by its exit status.

    Args:
        evidence: Of its process.
        exits: Exit statuses that a failed assertion has in its language.
        signals: Signals that a failed assertion ends with.
    """
    conclusion = conclude(evidence)
    match conclusion["ending"]:
        case "completed":
            return {**conclusion, "exit_code": 0}
        case "exited" if conclusion["exit_code"] == 0:
            return {**conclusion, "note": "the completion token was not the last that it printed"}
        case "exited":
            return {**conclusion, "ending": "assertion" if conclusion["exit_code"] in exits else "raised"}
        case "signalled" if conclusion["signal"] in signals:
            return {**conclusion, "ending": "assertion"}
    return conclusion


def conclude_case(evidence: Evidence) -> dict[str, Any]:
    """The same fields for a program that is judged by what it printed."""
    conclusion = conclude(evidence)
    if conclusion["ending"] != "exited":
        return conclusion
    return {"ending": "wrong_output"} if conclusion["exit_code"] == 0 else {**conclusion, "ending": "raised"}
