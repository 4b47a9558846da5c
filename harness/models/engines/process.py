"""The process of an engine's server: started, waited for, and ended with everything that it started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from codecrucible.harness.models.engines.commands import HOST
from codecrucible.harness.models.errors import ModelNotFound, ModelUnusable

#: Becomes the program of its arguments, to which the kernel sends SIGTERM when this process is gone, were it by a kill.
#: Not done between fork and exec in this process, where a lock that another thread holds would stop it for ever.
_AS_LONG_AS_ITS_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]):
    os.execvp(sys.argv[2], sys.argv[2:])
"""

#: Between two looks at a server that is starting.
_LOOK_S = 0.25
#: Between two lines that say how it gets on.
_SAY_S = 15.0
#: For an answer about the server itself.
_ANSWER_S = 10.0
#: For a server to end when it is asked to.
_END_S = 20.0
#: Lines of its log that an error shows.
_SHOWN = 15


class EngineProcess:
    """A server in a process group of its own, until it is closed.

    Args:
        name: The engine's, for a person.
        command: Command line of the server.
        environment: Variables that it gets beside this process's own.
        port: Where it listens.

    Raises:
        ModelNotFound: there is no such program.
    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], port: int) -> None:
        if not shutil.which(command[0]):
            raise ModelNotFound(
                f"could not start {name}: {command[0]} is no program here; give its own: --engine {name}=PROGRAM"
            )
        self._name, self._port = name, port
        self._log = tempfile.NamedTemporaryFile(prefix=f"crucible-{name}-", suffix=".log")  # noqa: SIM115 - see close
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _AS_LONG_AS_ITS_PARENT, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )

    def wait_until_ready(self, tell: Callable[[str], None]) -> None:
        """Return when the server answers; every few seconds say how it gets on.

        Raises:
            ModelUnusable: it ended instead; the message has the end of its log.
        """
        began = said = time.monotonic()
        while True:
            if (code := self._process.poll()) is not None:  # looked at first: what answers then may be somebody else's
                told = "\n".join(self._last_lines(_SHOWN))
                raise ModelUnusable(f"{self._name} ended with code {code} before it was ready. Its log ends:\n{told}")
            if self._answers():
                return
            now = time.monotonic()
            if now - said >= _SAY_S:
                said = now
                tell(f"{self._name} is starting, {now - began:.0f} s: {''.join(self._last_lines(1))}")
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """End the server and all that it started. Raises nothing."""
        for number, patience_s in ((signal.SIGTERM, _END_S), (signal.SIGKILL, _END_S)):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        self._log.close()

    def _answers(self) -> bool:
        try:
            return own_server(self._port, "/health") is not None
        except (OSError, HTTPException):  # nobody listens yet, or it is not up to it
            return False

    def _last_lines(self, count: int) -> list[str]:
        with Path(self._log.name).open("rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 8192))
            text = log.read().decode("utf-8", "replace")
        return [line for line in text.splitlines() if line.strip()][-count:]


def own_server(port: int, path: str) -> bytes | None:
    """What our server answers, asked without a proxy; None if it is not ready.

    Raises:
        OSError: nobody listens.
        HTTPException: what comes is no answer.
    """
    with closing(HTTPConnection(HOST, port, timeout=_ANSWER_S)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return body if answer.status == HTTPStatus.OK else None


def free_port() -> int:
    """A port of `HOST` that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        return int(listening.getsockname()[1])
