"""ESLint with eslint-plugin-security, for JavaScript and TypeScript: a program of its own that is asked line by line.

Its rules look at the tree of a source, and execute nothing. Where it crashes or hangs it is started again.
"""

import json
import subprocess
from typing import Any

_FOLDER = "/opt/codecrucible/eslint"
_ARGUMENTS = ("node", "--max-old-space-size=320", "scan.js")


class Eslint:
    """Starts the program, and starts it again after a source that it did not get over."""

    def __init__(self) -> None:
        self._program, self.name = _started()

    def __call__(self, language: str, source: bytes) -> dict[str, Any]:
        """{"findings": [...]} with the fields of a `Finding` each, or {"reason": why there are none to be had}."""
        if self._program.returncode is not None:
            self._program, _ = _started()
        request = json.dumps({"language": language, "source": source.decode("utf-8", "replace")})
        answer = b""
        try:
            answer = _asked(self._program, request)
        finally:  # also when time is up: its late answer must not be taken for that to the next source
            if not answer:
                self._program.kill()
                self._program.wait()
        return json.loads(answer) if answer else {"reason": "ESLint crashed on it"}


def _started() -> tuple[Any, str]:
    """The program as a `Popen`, and its name and version."""
    pipe = subprocess.PIPE
    program: Any = subprocess.Popen(_ARGUMENTS, cwd=_FOLDER, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    return program, json.loads(program.stdout.readline())["name"]


def _asked(program: Any, request: str) -> bytes:
    """One line of its answer; b"" if it ended instead."""
    try:
        program.stdin.write(request.encode() + b"\n")
        program.stdin.flush()
    except BrokenPipeError:
        return b""
    line = program.stdout.readline()
    return line if line.endswith(b"\n") else b""
