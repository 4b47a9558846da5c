"""Runs programs that nobody trusts, in containers, and says what was observed of them.

    with DockerExecutor() as executor:
        execution = executor.run(Job(program=..., check=Check(setup=..., tests=..., entry_point=...)))

A program runs alone in a process with a uid of its own. The tests run in another process under another uid, the
referee, which calls the program through frames of data and compares values that it rebuilt itself. Tests that are data
themselves (`CallsCheck`) travel many calls to a frame.

In other languages the program prints its answers (`AnswersCheck`), which are compared outside of its reach with
expected values that never came near it. A whole program in any language is judged so by all that it prints
(`CasesCheck`).

Where neither is possible, the exit status judges (`ExitCodeCheck`), or `unittest` does (`UnittestCheck`): the tests
share a process with the program, and each pass is confirmed by a negative control. Which of the four it was,
`Execution.strength` says.

What is covered and what is not stands in `sandbox.scope`; `crucible sandbox doctor` shows it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codecrucible.sandbox.case_check import Case, CasesCheck, Comparison
    from codecrucible.sandbox.docker.executor import DockerExecutor
    from codecrucible.sandbox.doctor import Fact, examine
    from codecrucible.sandbox.errors import (
        EngineUnavailable,
        ImageBuildFailed,
        ImageMissing,
        PolicyNotApplied,
        SandboxError,
        SandboxLost,
        SandboxUnavailable,
    )
    from codecrucible.sandbox.executor import Executor
    from codecrucible.sandbox.job import (
        AnswersCheck,
        Assertion,
        CallsCheck,
        Change,
        Check,
        Ending,
        Execution,
        ExitCodeCheck,
        Job,
        SetUpFile,
        Strength,
        Tolerance,
        UnittestCheck,
        UnittestMethod,
    )
    from codecrucible.sandbox.limits import Limits
    from codecrucible.sandbox.policy import Policy
    from codecrucible.sandbox.scan import Finding, Scan, ScanState
    from codecrucible.sandbox.scripted import ScriptedExecutor

__all__ = [
    "AnswersCheck",
    "Assertion",
    "CallsCheck",
    "Case",
    "CasesCheck",
    "Change",
    "Check",
    "Comparison",
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
    "SetUpFile",
    "Strength",
    "Tolerance",
    "UnittestCheck",
    "UnittestMethod",
    "examine",
]

_HOMES = {
    "Strength": "job",
    "Assertion": "job",
    "AnswersCheck": "job",
    "CallsCheck": "job",
    "Case": "case_check",
    "CasesCheck": "case_check",
    "Change": "job",
    "Check": "job",
    "Comparison": "case_check",
    "DockerExecutor": "docker.executor",
    "Ending": "job",
    "EngineUnavailable": "errors",
    "Execution": "job",
    "Executor": "executor",
    "ExitCodeCheck": "job",
    "Fact": "doctor",
    "Finding": "scan",
    "ImageBuildFailed": "errors",
    "ImageMissing": "errors",
    "Job": "job",
    "Limits": "limits",
    "Policy": "policy",
    "PolicyNotApplied": "errors",
    "SandboxError": "errors",
    "SandboxLost": "errors",
    "SandboxUnavailable": "errors",
    "Scan": "scan",
    "ScanState": "scan",
    "SetUpFile": "job",
    "ScriptedExecutor": "scripted",
    "Tolerance": "job",
    "UnittestCheck": "job",
    "UnittestMethod": "job",
    "examine": "doctor",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """What is exported is imported when it is asked for, so that `import codecrucible.sandbox` stays light."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
