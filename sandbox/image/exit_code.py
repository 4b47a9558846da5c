"""PID 1 of a container for languages that are judged by exit status: compiles and runs one program after another.

    host ── frames over stdin and stdout ──> this process (uid 0 with CAP_SETUID and CAP_SETGID)
                                                 │ orders
                                             launcher zygote ── fork and exec ──> compiler, then program (own uid)

A job is a few files. The first is the program with its tests; if it passes, the second, in which one expected value is
changed, runs at once in the same way under another uid, and has to fail. The others are for a change that does not
compile.
"""

import contextlib
import math
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from sandbox.image import cgroup, frames, inside, kernel, launcher, leftovers, player
from sandbox.image.conclude import Evidence, conclude_compile, conclude_run
from sandbox.image.runner import start
from sandbox.image.supervisor import Capture, Limits

_TOOLCHAIN = "/opt/codecrucible/toolchain"


def main(first_uid: int, uids: int, memory_bytes: int) -> NoReturn:
    """Serve until stdin ends.

    Args:
        first_uid: First uid for programs; as for the runner.
        uids: Number of them.
        memory_bytes: Memory that is left for a program under the container's limit.
    """
    kernel.install_seccomp()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    zygote = start(launcher.zygote)
    answers = frames.Answers()
    answers.write({"hello": {**inside.facts(), "toolchain": toolchain()}})
    supervisor = Supervisor(zygote, range(first_uid, first_uid + uids), memory_bytes, answers.flush)
    for header, sources in frames.requests(answers.flush):
        answers.write({"id": header["id"], **supervisor.run(header["job"], sources)})
    os._exit(0)


def toolchain() -> dict[str, str]:
    """Version of each package that the image was built for."""
    try:
        with open(_TOOLCHAIN, encoding="ascii") as file:  # noqa: PTH123 - pathlib costs the zygote memory
            return dict(line.split() for line in file)
    except FileNotFoundError:  # the image that Python's referee runs in, whose version `inside.facts` tells
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A compiler or a program that was started and is gone.

    Attributes:
        evidence: What is known of its end, with the outcome "gone".
        facts: Fields of an `Execution` that say what it used and left, but for its output.
        stdout: What it wrote there.
        stderr: What it wrote there.
    """

    evidence: Evidence
    facts: dict[str, Any]
    stdout: Capture
    stderr: Capture


class Supervisor:
    """Carries out jobs, one at a time.

    Args:
        zygote: To the launcher.
        uids: For programs; each file gets one of them by chance, so that no program can tell from it which of the two
            files it is in.
        memory_bytes: What a program can use before it meets the container's own limit.
        waiting: Called when a step takes long, for what can be done meanwhile.
    """

    def __init__(self, zygote: socket.socket, uids: range, memory_bytes: int, waiting: Callable[[], None]) -> None:
        self._zygote, self._uids, self._memory_bytes, self._waiting = zygote, uids, memory_bytes, waiting
        self._oom = cgroup.OomKills()

    def run(self, job: dict[str, Any], sources: list[bytes]) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`; {"lost": why} if no control was compiled.

        Args:
            job: Limits, commands and tokens.
            sources: The program with its tests, then its controls.
        """
        observed = self._attempt(job, sources[0], job["tokens"][0])
        if observed["ending"] != "completed":
            return observed
        for source, token in zip(sources[1:], job["tokens"][1:], strict=True):
            doubt = self._attempt(job, source, token)
            if doubt["ending"] == "completed":
                return {**observed, "ending": "control_passed"}
            if doubt["stage"] != "compile":
                return observed
        if doubt["ending"] != "compile_error":
            return {"lost": f"its negative control was not compiled ({doubt['ending']})"}
        return {**observed, "ending": "tampered", "note": "it compiles with its own tests and with no changed ones"}

    def _attempt(self, job: dict[str, Any], source: bytes, token: str) -> dict[str, Any]:
        """What was observed of one file, compiled if its language is, run, and cleared away."""
        blur_counters()
        uid = self._uids[int.from_bytes(os.urandom(4)) % len(self._uids)]
        path = f"{player.SCRATCH}/{job['file_name']}"
        _write(path, source)
        made = 0
        stage = "compile" if job["compile"] else ""
        if stage:
            step = self._step(uid, job["compile"], job["environment"], job["compile_limits"])
            conclusion = conclude_compile(step.evidence)
            if conclusion["ending"] == "completed":
                stage = ""
                made = len(os.listdir(player.SCRATCH)) - 1  # noqa: PTH208 - pathlib costs the zygote memory
                # Needed no more; so the program finds neither tests nor token in a file.
                os.unlink(path)  # noqa: PTH108 - as above
        if not stage:
            step = self._step(uid, job["run"], job["environment"], job["limits"])
            evidence, last = step.evidence, f"{token}\n".encode()
            if evidence.status == 0 and step.stdout.tail.endswith(last):
                step.facts["output_bytes"] -= len(last)
                evidence = replace(evidence, outcome="completed")
            conclusion = conclude_run(evidence, exits=job["assertion_exits"], signals=job["assertion_signals"])
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 - pathlib costs the zygote memory
        removed = leftovers.remove(uid)
        return {
            **step.facts,
            "stdout": _without(token, step.stdout.text()),
            "stderr": _without(token, step.stderr.text()),
            "files_removed": max(0, removed - made),
            "stage": stage,
            **conclusion,
        }

    def _step(self, uid: int, arguments: list[str], environment: dict[str, str], limits: dict[str, Any]) -> Step:
        begin = time.monotonic()
        stdout, stderr = Capture(), Capture()
        outputs = [stdout.write_fd, stderr.write_fd]
        # A second above the limit that `Limits` sees to, whose clock is the finer one.
        kernel = {**limits, "kernel_cpu_s": math.ceil(limits["cpu_s"]) + 1}
        socket.send_fds(self._zygote, [launcher.order(uid, arguments, environment, kernel)], outputs)
        for fd in outputs:
            os.close(fd)
        enforced = Limits(uid, begin, limits, self._memory_bytes)
        _pid, status, killed, peak, cpu_s = player.PLAYED.unpack(self._watch(enforced, (stdout, stderr)))
        wall_s = time.monotonic() - begin
        stdout.finish()
        stderr.finish()
        output_bytes = stdout.written + stderr.written
        evidence = Evidence(
            outcome="gone",
            stopped=enforced.reached,
            status=status,
            cpu_s=cpu_s,
            cpu_limit_s=limits["cpu_s"],
            oom_kills=self._oom.new(),
            output_bytes=output_bytes,
            output_limit_bytes=limits["output_bytes"],
        )
        facts = {
            "cpu_s": cpu_s,
            "wall_s": wall_s,
            "memory_bytes": peak,
            "output_bytes": output_bytes,
            "output_truncated": stdout.truncated or stderr.truncated,
            "processes_killed": killed,
            "starved": enforced.reached == "wall" and enforced.awake and cpu_s < limits["cpu_s"] / 2,
        }
        return Step(evidence=evidence, facts=facts, stdout=stdout, stderr=stderr)

    def _watch(self, limits: Limits, captures: tuple[Capture, Capture]) -> bytes:
        """Wait for the proof that nothing of the step is left, and see to its limits until then.

        Raises:
            RuntimeError: if the launcher is gone.
        """
        poll = select.poll()
        for fd in (self._zygote.fileno(), *(capture.fd for capture in captures)):
            poll.register(fd, select.POLLIN)
        self._waiting()
        while True:
            now = time.monotonic()
            limits.enforce(now, sum(capture.written for capture in captures), finished=False)
            for fd, _event in poll.poll(max(0.0, limits.next_look - now) * 1000 + 1):
                if fd == self._zygote.fileno():
                    played = self._zygote.recv(player.PLAYED.size)
                    if not played:
                        raise RuntimeError("the launcher is gone")
                    return played
                capture = captures[fd == captures[1].fd]
                capture.read()
                if not capture.open:
                    poll.unregister(fd)


def blur_counters() -> None:
    """Move on what the kernel counts, each by a number that nobody can foresee.

    Process ids and inode numbers go up by the same few from one run to the next. A program that passed at even ones and
    failed at odd ones would pass its tests and fail their control every time.
    """
    for _ in range(_unforeseen()):
        thread = threading.Thread(target=int)  # takes a process id
        thread.start()
        thread.join()
    for _ in range(_unforeseen()):
        path = f"{player.SCRATCH}/.blur"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.unlink(path)  # noqa: PTH108 - pathlib costs the zygote memory
    for _ in range(_unforeseen()):
        for fd in os.pipe():
            os.close(fd)


def _unforeseen() -> int:
    """A number below 256, small ones more often: of each order of magnitude, so that it blurs counting modulo any."""
    magnitude, number = os.urandom(2)
    return number % (1 << magnitude % 9)


def _write(path: str, source: bytes) -> None:
    """Make a file that its program can read, and neither change nor remove."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source)
        os.fchmod(file.fileno(), 0o444)


def _without(token: str, text: str) -> str:
    return text.replace(f"{token}\n", "").replace(token, "")
