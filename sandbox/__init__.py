"""Runs programs that nobody trusts, in containers, and says what was observed of them.

    with DockerExecutor() as executor:
        execution = executor.run(Job(program=..., check=Check(setup=..., tests=..., entry_point=...)))

A program runs alone in a process with a uid of its own. The tests run in another process under another uid, the
referee, which calls the program through frames of data and compares values that it rebuilt itself. Tests that are data
themselves (`CallsCheck`) travel many calls to a frame.

Other languages, and Python where a test cannot be put through frames, are judged by exit status (`ExitCodeCheck`): the
tests share a process with the program there, so each pass is confirmed by a negative control. A whole program in any
language is judged by what it prints (`CasesCheck`), which is compared outside of its reach.

What is covered and what is not (`crucible sandbox doctor` shows these two lists):

Covered
    - a program that ends early, exits with 0, kills, traces or reads other processes, or prints what a passing
      program prints: none of it is a pass
    - objects that compare equal to everything, patched builtins, patched modules, stack walking, changed arguments:
      the tests and their expected values are never in the program's process
    - endless loops, fork bombs, memory, file and output floods: ended at their limit, and known by it
    - daemons, threads and files left behind: dead and removed before the next program starts
    - the network, the host's files, the engine's socket and other containers: not reachable
    - answers sent before they were asked for, malformed, too large or too deep
    - where the exit status judges: early exits, patched assertions, hooks and forged endings; a program that also
      passes tests with a changed expected value is known for it

Not covered
    - the kernel is shared with the host: an exploit of it gets out; give `Policy` the runtime of a virtual machine or
      of gVisor where that matters
    - answers learnt by heart: a program that knows the tests' inputs passes them
    - where the exit status judges: a program that cheats by chance, and happens not to in the negative control
    - CPU caches, clocks and load, through which containers on one machine can notice each other
    - the engine, its daemon and whoever may talk to it
    - tests that are wrong or too weak
"""

from typing import TYPE_CHECKING, Any

from sandbox.errors import (
    EngineUnavailable,
    ImageBuildFailed,
    ImageMissing,
    PolicyNotApplied,
    SandboxError,
    SandboxLost,
    SandboxUnavailable,
)
from sandbox.executor import Executor
from sandbox.job import CallsCheck, Case, CasesCheck, Change, Check, Ending, Execution, ExitCodeCheck, Job, Limits
from sandbox.policy import Policy
from sandbox.scan import Finding, Scan, ScanState

if TYPE_CHECKING:
    from sandbox.docker_executor import DockerExecutor
    from sandbox.doctor import Fact, examine
    from sandbox.scripted import ScriptedExecutor

__all__ = [
    "CallsCheck",
    "Case",
    "CasesCheck",
    "Change",
    "Check",
    "DockerExecutor",
    "Ending",
    "EngineUnavailable",
    "Execution",
    "Executor",
    "ExitCodeCheck",
    "Fact",
    "Finding",
    "ImageBuildFailed",
    "ImageMissing",
    "Job",
    "Limits",
    "Policy",
    "PolicyNotApplied",
    "SandboxError",
    "SandboxLost",
    "SandboxUnavailable",
    "Scan",
    "ScanState",
    "ScriptedExecutor",
    "examine",
]

_LATE = {
    "DockerExecutor": "sandbox.docker_executor",
    "Fact": "sandbox.doctor",
    "ScriptedExecutor": "sandbox.scripted",
    "examine": "sandbox.doctor",
}


def __getattr__(name: str) -> Any:
    """What talks to an engine is imported when it is asked for, so that `import sandbox` stays light."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATE[name]), name)
