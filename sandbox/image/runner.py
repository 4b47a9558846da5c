"""PID 1 of a worker's container: takes one job at a time from stdin, has it executed, writes what was observed.

    host ── frames over stdin and stdout ──> supervisor (uid 0 with CAP_SETUID and CAP_SETGID)
                    ┌──────────────────────────┴───────────────┐
            player zygote (never sees a job)            referee (own uid, runs the tests)
                    │ fork                                      │
            the program (own uid and gid)  <── one socket ──────┘

If anything here fails the process ends, the engine removes the container, and the host starts another.
"""

import itertools
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from . import frames, inside, kernel, referee
from .carriers import Carriers
from .meter import Meter
from .supervisor import Checks, Supervisor


def main(first_uid: int, uids: int, memory_bytes: int) -> NoReturn:
    """Serve until stdin ends.

    Args:
        first_uid: First uid for programs. Workers have ranges of their own, because the kernel counts a uid's
            processes over all containers.
        uids: Number of them.
        memory_bytes: Memory that is left for a program under the container's limit.
    """
    kernel.install_seccomp()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    player_zygote, player_pid = start(partial(_player_zygote, preload=""))
    referee_control, referee_pid = start(referee.zygote, player_zygote)
    zygotes, ours = {"": player_zygote}, [player_pid, referee_pid]
    answers = frames.Answers()
    answers.write({"hello": inside.facts()})
    # Drawn from all, so that two executors on one machine do not have programs under the same uid at the same time.
    # Not one after another, so that no program can tell from its own how many there were before it.
    drawn = (first_uid + int.from_bytes(os.urandom(4)) % uids for _ in itertools.count())
    supervisor = Supervisor(referee_control, drawn, memory_bytes, Meter(ours, referee_pid), Carriers(), answers.flush)
    checks = Checks()
    for header, (program, *check) in frames.requests(answers.flush):
        if header["forget"]:
            checks.forget()
        job = header["job"]
        check_fd = checks.file(job["check_sha256"], check[0] if check else None)
        preload = job["preload"]
        if preload not in zygotes:
            zygotes[preload], pid = start(partial(_player_zygote, preload=preload))
            ours.append(pid)
        answers.write({"id": header["id"], **supervisor.run(job, zygotes[preload], check_fd, program)})
    os._exit(0)


def start(serve: Callable[[socket.socket], NoReturn], *inherited: socket.socket) -> tuple[socket.socket, int]:
    """Fork a process that runs `serve`; our end of the socket to it, and its number.

    Args:
        serve: Gets the other end.
        inherited: What the process is not to keep open.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        try:
            for end in (ours, *inherited):
                end.close()
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            serve(theirs)
        finally:
            os._exit(70)
    theirs.close()
    return ours, pid


def _player_zygote(control: socket.socket, *, preload: str) -> NoReturn:
    """Become an interpreter with nothing in memory but what programs need: it makes forks cheaper."""
    kernel.become_subreaper()  # survives what follows
    os.set_inheritable(control.fileno(), True)
    find = f"import sys; sys.path.insert(0, {sys.path[0]!r})"
    script = f"{find}; from sandbox.image import player; player.zygote({control.fileno()}, {preload!r})"
    os.execv(sys.executable, [sys.executable, "-s", "-P", "-B", "-c", script])  # noqa: S606 - no shell is wanted
