"""SandboxFusion's form of "run this program": requests and answers as verl's reward manager sends and reads them.

Source: ByteDance's SandboxFusion, `POST /run_code`. What is not there: files to put in or to fetch, and output of more
than 8 KiB, of which the end is given.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from codecrucible.sandbox import Case, CasesCheck, Ending, Execution, Job, Limits
from codecrucible.sandbox.languages import LANGUAGES
from codecrucible.sandbox.limits import MEBIBYTE

#: A program of a client who waits longer than this for it is not taken.
MOST_RUN_S = 120.0
_MARGIN_S = 5.0
_TIMES_OUT = {Ending.CPU_LIMIT, Ending.WALL_LIMIT}
_NAMES = {"nodejs": "javascript", "python3": "python", "R": "r", "c++": "cpp"}


class RunCode(BaseModel):
    """The request. Times in seconds."""

    model_config = ConfigDict(extra="ignore")

    code: str
    stdin: str | None = None
    language: str = "python"
    compile_timeout: float = Field(default=10.0, gt=0)
    run_timeout: float = Field(default=10.0, gt=0, le=MOST_RUN_S)
    memory_limit_MB: int = -1  # noqa: N815  # the protocol's name
    files: dict[str, str | None] = {}
    fetch_files: list[str] = []


def job_of(asked: RunCode) -> Job:
    """The job that runs the program once.

    Raises:
        ValueError: nothing here can run it; says why.
    """
    if asked.files or asked.fetch_files:
        raise ValueError("files and fetch_files are not supported: programs run with stdin alone")
    language = _NAMES.get(asked.language, asked.language)
    if language not in LANGUAGES:
        raise ValueError(f"language {asked.language[:40]!r} does not run here; there are {', '.join(LANGUAGES)}")
    cpu_s, most = max(0.1, asked.run_timeout), Limits().memory_bytes
    memory_bytes = min(asked.memory_limit_MB * MEBIBYTE, most) if asked.memory_limit_MB > 0 else most
    limits = Limits(cpu_s=cpu_s, wall_s=cpu_s + _MARGIN_S, memory_bytes=memory_bytes)
    # What is printed goes back; nothing is expected of it.
    check = CasesCheck(cases=(Case(stdin=asked.stdin or "", expected=""),))
    return Job(program=asked.code, check=check, limits=limits, language=language)


def patience_s(asked: RunCode) -> float:
    """Seconds that the client waits for the answer, of which it is told in time if there will be none."""
    return asked.compile_timeout + asked.run_timeout + _MARGIN_S


def answer_of(execution: Execution) -> dict[str, Any]:
    """The answer on a program that was run."""
    seen = {
        "execution_time": round(execution.wall_s, 3),
        "return_code": execution.exit_code if execution.signal is None else -execution.signal,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
    }
    if execution.stage == "compile":
        status = "TimeLimitExceeded" if execution.ending in _TIMES_OUT else "Finished"
        return _answer("Failed", compile_result={**seen, "status": status}, run_result=None)
    if execution.ending in _TIMES_OUT:
        return _answer("Failed", run_result={**seen, "status": "TimeLimitExceeded", "return_code": None})
    if execution.ending in {Ending.COMPLETED, Ending.WRONG_OUTPUT}:
        return _answer("Success", run_result={**seen, "status": "Finished", "return_code": 0})
    seen["stderr"] = "\n".join(filter(None, (execution.stderr, execution.note)))
    return _answer("Failed", run_result={**seen, "status": "Finished", "return_code": seen["return_code"] or 1})


def failure(why: str) -> dict[str, Any]:
    """The answer where the program was not run."""
    return _answer("SandboxError", message=why, run_result=None)


def _answer(status: str, **fields: Any) -> dict[str, Any]:
    return {"status": status, "message": "", "compile_result": None, "executor_pod_name": None, "files": {}, **fields}
