"""Starts one compiler or program after another, sees to its limits, and gathers the evidence of its end."""

import contextlib
import fcntl
import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import cgroup, launcher, player
from .answer_channel import Channel
from .capture import TAIL_BYTES, Capture
from .carriers import Carriers
from .conclude import Evidence, kernel_cpu_s, proves_nothing
from .meter import Meter
from .supervisor import EnforcedLimits


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


class Steps:
    """Runs steps, one at a time.

    Args:
        zygote: To the launcher.
        memory_bytes: What a program can use before it meets the container's own limit.
        meter: Of their CPU time.
        carriers: Of what one could tell the next.
        waiting: Called when a step takes long, for what can be done meanwhile.
    """

    def __init__(
        self,
        zygote: socket.socket,
        memory_bytes: int,
        meter: Meter,
        carriers: Carriers,
        waiting: Callable[[], None],
    ) -> None:
        self._zygote, self._memory_bytes, self._waiting = zygote, memory_bytes, waiting
        self._meter, self._carriers = meter, carriers
        self._oom = cgroup.OomKills()

    def run(
        self,
        uid: int,
        arguments: list[str],
        environment: dict[str, str],
        limits: dict[str, Any],
        *,
        stdin: bytes = b"",
        stdout_bytes: int = TAIL_BYTES,
        channel: Channel | None = None,
    ) -> Step:
        """The step that `arguments` are, when nothing of it is left.

        Args:
            uid: That it gets.
            arguments: Of the command, its name first.
            environment: All of it.
            limits: Fields of `sandbox.Limits`.
            stdin: What it can read there.
            stdout_bytes: How much of what it wrote last is kept.
            channel: For its answers, if it is to give any.
        """
        begin = time.monotonic()
        self._carriers.wipe()
        self._meter.begin()
        stdout, stderr = Capture(stdout_bytes), Capture()
        streams: list[Capture | Channel] = [stdout, stderr, *([channel] if channel else [])]
        descriptors = [stdout.write_fd, stderr.write_fd, _readable(stdin), *([channel.write_fd] if channel else [])]
        kernel = {**limits, "kernel_cpu_s": kernel_cpu_s(limits["cpu_s"])}
        socket.send_fds(self._zygote, [launcher.order(uid, arguments, environment, kernel)], descriptors)
        for fd in descriptors:
            os.close(fd)
        enforced = EnforcedLimits(uid, begin, limits, self._memory_bytes, self._meter)
        _pid, status, killed, peak, cpu_s = player.PLAYED.unpack(self._watch(enforced, streams, channel))
        cpu_s = max(enforced.seen_cpu_s, self._meter.end(cpu_s))
        wall_s = time.monotonic() - begin
        for stream in streams:
            stream.finish()
        output_bytes = stdout.written + stderr.written
        evidence = Evidence(
            outcome="gone",
            stopped=enforced.reached,
            status=status,
            cpu_s=cpu_s,
            cpu_limit_s=limits["cpu_s"],
            oom_kills=self._oom.new(),
            output_bytes=output_bytes + (channel.written if channel else 0),
            output_limit_bytes=limits["output_bytes"],
            awake=enforced.awake,
            stretched=enforced.stretched,
        )
        facts = {
            "cpu_s": cpu_s,
            "wall_s": wall_s,
            "memory_bytes": peak,
            "output_bytes": output_bytes,
            "output_truncated": stdout.truncated or stderr.truncated,
            "processes_killed": killed,
            "starved": proves_nothing(evidence),
        }
        return Step(evidence=evidence, facts=facts, stdout=stdout, stderr=stderr)

    def _watch(self, limits: EnforcedLimits, streams: Sequence[Capture | Channel], channel: Channel | None) -> bytes:
        """Wait for the proof that nothing of the step is left, and see to its limits until then.

        One that can only lose from here on, by an answer that it has given, is stopped.

        Raises:
            RuntimeError: if the launcher is gone.
        """
        poll = select.poll()
        by_fd = {stream.fd: stream for stream in streams}
        for fd in (self._zygote.fileno(), *by_fd):
            poll.register(fd, select.POLLIN)
        self._waiting()
        while True:
            now = time.monotonic()
            lost = channel is not None and channel.lost
            if lost:
                limits.deadline = min(limits.deadline, now)
            limits.enforce(now, sum(stream.written for stream in streams), finished=lost)
            for fd, _event in poll.poll(max(0.0, limits.next_look - now) * 1000 + 1):
                if fd == self._zygote.fileno():
                    played = self._zygote.recv(player.PLAYED.size)
                    if not played:
                        raise RuntimeError("the launcher is gone")
                    return played
                stream = by_fd[fd]
                stream.read()
                if not stream.open:
                    poll.unregister(fd)


def _readable(content: bytes) -> int:
    """Descriptor of a file in memory that can be read, by whoever has it, and not be changed.

    A pipe would have to be filled while the program runs, and would hold up who fills it for a program that reads none.
    """
    fd = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        os.fchmod(fd, 0o444)
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
        return os.open(f"/proc/self/fd/{fd}", os.O_RDONLY)
    finally:
        os.close(fd)


def write_source(path: str, source: bytes) -> None:
    """Make a file that its program can read, and neither change nor remove."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source)
        os.fchmod(file.fileno(), 0o444)


def write_files(folder: str, files: dict[str, str]) -> list[str]:
    """Paths of files that a job brings along, made in `folder` as `write_source` makes its own."""
    paths = []
    for name, text in files.items():
        paths.append(f"{folder}/{name}")
        write_source(paths[-1], text.encode())
    return paths


def remove_files(paths: list[str]) -> None:
    """Remove what was written, as far as it is still there."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 - pathlib costs the zygote memory
