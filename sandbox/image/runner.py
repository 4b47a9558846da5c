"""PID 1 of a worker's container: takes one job at a time from stdin, has it executed, writes what was observed.

    host ── frames over stdin and stdout ──> supervisor (uid 0 with CAP_SETUID and CAP_SETGID)
                    ┌──────────────────────────┴───────────────┐
            player zygote (never sees a job)            referee (own uid, runs the tests)
                    │ fork                                      │
            the program (own uid and gid)  <── one socket ──────┘

If anything here fails the process ends, the engine removes the container, and the host starts another.
"""

import os
import signal
import socket
from collections.abc import Callable
from typing import NoReturn

from sandbox.image import confine, player


def main(first_uid: int, uids: int, memory_bytes: int) -> NoReturn:
    """Serve until stdin ends.

    Args:
        first_uid: First uid for programs. Workers have ranges of their own, because the kernel counts a uid's
            processes over all containers.
        uids: Number of them.
        memory_bytes: Memory that is left for a program under the container's limit.
    """
    confine.install_seccomp()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    zygote = start(player.zygote)
    # Imported when the zygote is on its way: what it does not have in memory makes its forks cheaper.
    import itertools

    from sandbox.image import frames, inside, referee
    from sandbox.image.supervisor import Checks, Supervisor

    referee_control = start(referee.zygote, zygote)
    answers = frames.Answers()
    answers.write({"hello": inside.facts()})
    uid_cycle = itertools.cycle(range(first_uid, first_uid + uids))
    supervisor = Supervisor(zygote, referee_control, uid_cycle, memory_bytes, answers.flush)
    checks = Checks()
    for header, (program, *check) in frames.requests(answers.flush):
        if header["forget"]:
            checks.forget()
        job = header["job"]
        check_fd = checks.file(job["check_sha256"], check[0] if check else None)
        answers.write({"id": header["id"], **supervisor.run(job, check_fd, program)})
    os._exit(0)


def start(serve: Callable[[socket.socket], NoReturn], *inherited: socket.socket) -> socket.socket:
    """Fork a process that runs `serve`; our end of the socket to it.

    Args:
        serve: Gets the other end.
        inherited: What the process is not to keep open.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
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
    return ours
