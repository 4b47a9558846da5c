"""What a job that is judged by exit status needs: a frame that carries it, and a container for its language."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from codecrucible.sandbox.job import Change, ExitCodeCheck, Job, SetUpFile
from codecrucible.sandbox.languages import LANGUAGES, Family, Language
from codecrucible.sandbox.limits import MEBIBYTE, Limits
from codecrucible.sandbox.policy import RUNNER_MEMORY_BYTES, Policy

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp"}  # noqa: S108 - in the container
"""Environment of every compiler and program."""

#: Room for the threads of the runtimes that start many.
_PIDS = 192
_COMPILED_BYTES = 256 * MEBIBYTE
#: Of a job. Two have to fail, the others are for changes that do not compile.
_CONTROLS = 4

_random = secrets.SystemRandom()


def policy_of(family: Family, policy: Policy) -> Policy:
    """`policy` as containers of `family` need it: more processes and memory, and a scratch folder to compile in."""
    memory_bytes = max(policy.memory_bytes, family.memory_bytes + RUNNER_MEMORY_BYTES)
    policy = replace(policy, pids=max(policy.pids, _PIDS), memory_bytes=memory_bytes)
    if not family.compiles:
        return policy
    scratch_bytes = max(policy.scratch_bytes, _COMPILED_BYTES)
    return replace(policy, scratch_executable=True, scratch_bytes=scratch_bytes)


def header_of(language: Language, limits: Limits, files: Sequence[SetUpFile] = ()) -> dict[str, Any]:
    """How one source is compiled and run, within which limits and beside which files: what all headers begin with."""
    return {
        "file_name": language.file_name,
        "compile": language.compile,
        "syntax": language.syntax,
        "run": language.run,
        "environment": {**ENVIRONMENT, **language.environment},
        "limits": asdict(replace(limits, processes=max(limits.processes, language.processes))),
        "compile_limits": asdict(language.compile_limits),
        "files": {file.name: file.text for file in files},
    }


def frame_of(job: Job, check: ExitCodeCheck) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for `job`, with new tokens, and changes of the tests that were drawn for it.

    Raises:
        ValueError: if the tests are not what its language ends tests with.
    """
    language = LANGUAGES[job.language]
    tests = [check.tests, *(change.of(check.tests) for change in drawn_controls(check.changes))]
    tokens = [secrets.token_hex(16) for _ in tests]
    sources = [language.source(job.program, each, token) for each, token in zip(tests, tokens, strict=True)]
    header = header_of(language, job.limits, job.files) | {
        "tokens": tokens,
        "control_first": control_first(),
        "assertion_exits": language.assertion_exits,
        "assertion_signals": language.assertion_signals,
    }
    return {"job": header}, [source.encode("utf-8", "surrogatepass") for source in sources]


def drawn_controls(changes: Sequence[Change]) -> list[Change]:
    """Some of the changes in random order, the first two of different kinds where there are two kinds."""
    drawn = _random.sample(changes, len(changes))
    other = next((change for change in drawn if change.borrowed is not drawn[0].borrowed), None)
    if other:
        drawn.remove(other)
        drawn.insert(1, other)
    return drawn[:_CONTROLS]


def control_first() -> bool:
    """Whether a control is to run before the tests themselves: no program that counts its runs knows which this is."""
    return _random.random() < 1 / 2


def longest_s(limits: Limits, language: str) -> float:
    """Seconds that a job with these limits takes at most: compiled or looked at, and run, and its controls as well."""
    declared = LANGUAGES[language]
    compile_s = declared.compile_limits.wall_s if declared.compile or declared.syntax else 0.0
    return (1 + _CONTROLS) * (limits.wall_s + compile_s)
