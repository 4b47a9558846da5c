"""How an execution ended, decided from what the referee saw and what the kernel said. Pure."""

import math
import os
import signal
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

#: How many times its wall time a program may last that waits for a core: with the time that a kill takes, below 3.
WALL_STRETCH = 2.5
#: Endings that say nothing of what a program answers.
OUT_OF_TIME = ("cpu_limit", "wall_limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one execution when every process of the program is dead.

    Attributes:
        outcome: Kind of `session.Outcome`, "silent" if the referee had to be stopped, or what `outcome_of_death` says
            of one that died. Without a referee: "completed" if it came to the end of its tests with exit status 0, or
            ended with it and had printed what it should, else "gone".
        stopped: Why the supervisor killed the program: "cpu", "wall", "memory", "output", "finished" (it went on
            after the referee was done), or "".
        status: Wait status of the program's process.
        cpu_s: CPU seconds of all its processes.
        cpu_limit_s: What it was allowed.
        oom_kills: Processes that the kernel killed because the container's memory was used up.
        output_bytes: Bytes written to stdout and stderr.
        output_limit_bytes: What it was allowed.
        at_work: Whether its process was alive, and not about to end, when it was stopped as "finished". One that is
            about to end has closed the channel because of that.
        awake: Whether, when its wall time was up, the program or the referee had something to do.
        stretched: Whether its wall time was up although it had been waiting for a core for as long as is made up for.
    """

    outcome: str
    stopped: str
    status: int
    cpu_s: float
    cpu_limit_s: float
    oom_kills: int
    output_bytes: int
    output_limit_bytes: int
    at_work: bool = False
    awake: bool = False
    stretched: bool = False


def conclude(evidence: Evidence) -> dict[str, Any]:
    """The fields `ending`, `exit_code`, `signal` and `note` of an execution.

    What the referee finished wins over any limit that was reached meanwhile, except the one on output: whether that
    was noticed before or after the last answer is chance. Any limit wins over what became of the channel: whoever is
    killed loses it. That the program tampered is said only of what no death can explain.
    """
    if evidence.output_bytes > evidence.output_limit_bytes:
        return {"ending": "output_limit"}
    if evidence.outcome == "completed":
        return {"ending": "completed"}
    if evidence.oom_kills:
        return {"ending": "memory_limit", "note": f"the kernel killed {evidence.oom_kills} of its processes"}
    if evidence.outcome in ("assertion", "raised", "syntax_error"):
        return {"ending": evidence.outcome}
    if evidence.outcome == "overtaxed":
        return {"ending": "cpu_limit", "note": "the tests used up their CPU time on what it answered"}
    if evidence.outcome == "broken":
        return {"ending": "assertion", "note": "the process of the tests crashed on what it answered"}
    if evidence.stopped in ("cpu", "wall", "memory"):
        return {"ending": f"{evidence.stopped}_limit"}
    if evidence.outcome == "silent":
        return {"ending": "wall_limit", "note": "the tests themselves were still running"}
    if evidence.outcome == "tampered":
        return {"ending": "tampered"}
    # One that ended by itself while it was about to be stopped has exited: which comes first is chance.
    if os.WIFEXITED(evidence.status):
        return {"ending": "exited", "exit_code": os.WEXITSTATUS(evidence.status)}
    number = os.WTERMSIG(evidence.status)
    if _by_the_kernels_clock(evidence):
        return {"ending": "cpu_limit"}
    if evidence.stopped == "finished" and evidence.at_work and number == signal.SIGKILL:
        return {"ending": "tampered", "note": "the program closed the channel that its answers come through"}
    return {"ending": "signalled", "signal": number}


#: Signals by which the kernel ends a process for what it did itself.
_OWN_DOING = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)


def outcome_of_death(status: int, oom_kills: int) -> str:
    """What the death of a referee says of the answers that it had in hand; "" if it says nothing.

    Args:
        status: Its wait status.
        oom_kills: As in `Evidence`.
    """
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return "overtaxed"
    if number in _OWN_DOING:
        return "broken"
    return "silent" if number == signal.SIGKILL and oom_kills else ""


def proves_nothing(evidence: Evidence) -> bool:
    """Whether it met a limit of time for want of a core, and is to be run again with nothing beside it."""
    ending = conclude(evidence)["ending"]
    if evidence.outcome in ("overtaxed", "broken"):  # by limits of its own, which no load moves
        return False
    if ending == "cpu_limit":
        return evidence.stopped != "cpu" and evidence.cpu_s < evidence.cpu_limit_s
    if ending != "wall_limit" or not evidence.awake:
        return False
    return evidence.stretched or evidence.cpu_s < 0.5 * evidence.cpu_limit_s


def _by_the_kernels_clock(evidence: Evidence) -> bool:
    """Whether the kernel's own limit on CPU time ended it.

    What the kernel enforces is counted in ticks, what it reports is scaled to the time that really ran: on a busy
    virtual machine the two are far apart.
    """
    by_kernel = os.WTERMSIG(evidence.status) in (signal.SIGXCPU, signal.SIGKILL)
    return by_kernel and evidence.cpu_s >= 0.5 * evidence.cpu_limit_s


def kernel_cpu_s(cpu_s: float) -> int:
    """Seconds for the kernel's own limit on the CPU time of one process, behind that of the supervisor.

    Far behind: the kernel counts whole ticks, of which a busy virtual machine ran a part, and would stop at 4.2 s what
    may use 5.
    """
    return 3 * math.ceil(cpu_s) + 1


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


def conclude_answers(evidence: Evidence, answers: int, calls: int, broken: str) -> dict[str, Any]:
    """The same fields for a program whose answers are compared.

    Args:
        evidence: Of its process.
        answers: Answers that came.
        calls: Answers that were due.
        broken: What rule of their channel it broke, "" for none.
    """
    conclusion = conclude(evidence)
    came = f"{answers} of {calls} answers had come"
    match conclusion["ending"]:
        case "tampered":
            return {**conclusion, "note": broken}
        case "exited" if conclusion["exit_code"] == 0:
            return {**conclusion, "note": came}
        case "exited":
            return {**conclusion, "ending": "raised", "note": came}
    return conclusion
