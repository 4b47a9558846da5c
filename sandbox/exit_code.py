"""What a job that is judged by exit status needs: a frame that carries it, and a container for its language."""

import secrets
from dataclasses import asdict, replace
from typing import Any

from sandbox.job import MEBIBYTE, ExitCodeCheck, Job, Limits
from sandbox.languages import LANGUAGES, Family
from sandbox.policy import Policy

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp"}  # noqa: S108 - in the container
#: Room for the threads of the runtimes that start many.
_PIDS = 192
_COMPILED_BYTES = 256 * MEBIBYTE


def policy_of(family: Family, policy: Policy) -> Policy:
    """`policy` as containers of `family` need it: more processes, and a scratch folder to run what is compiled in."""
    policy = replace(policy, pids=max(policy.pids, _PIDS))
    if not family.compiles:
        return policy
    scratch_bytes = max(policy.scratch_bytes, _COMPILED_BYTES)
    return replace(policy, scratch_executable=True, scratch_bytes=scratch_bytes)


def frame_of(job: Job, check: ExitCodeCheck) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for `job`, with two new tokens and a change of the tests that was drawn for it.

    Raises:
        ValueError: if the tests are not what its language ends tests with.
    """
    language = LANGUAGES[job.language]
    token, control_token = secrets.token_hex(16), secrets.token_hex(16)
    source = language.source(job.program, check.tests, token)
    control = language.source(job.program, secrets.choice(check.changes).of(check.tests), control_token)
    header = {
        "file_name": language.file_name,
        "compile": language.compile,
        "run": language.run,
        "environment": {**_ENVIRONMENT, **language.environment},
        "limits": asdict(replace(job.limits, processes=max(job.limits.processes, language.processes))),
        "compile_limits": asdict(language.compile_limits),
        "token": token,
        "control_token": control_token,
        "assertion_exits": language.assertion_exits,
        "assertion_signals": language.assertion_signals,
    }
    return {"job": header}, [source.encode("utf-8", "surrogatepass"), control.encode("utf-8", "surrogatepass")]


def longest_s(limits: Limits, language: str) -> float:
    """Seconds that a job with these limits takes at most: compiled and run, and its control as well."""
    declared = LANGUAGES[language]
    return 2 * (limits.wall_s + (declared.compile_limits.wall_s if declared.compile else 0.0))
