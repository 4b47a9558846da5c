"""Starts a compiler, an interpreter or a compiled program in a process of its own, and sees it off.

A zygote as the player's: it has never seen a program, and what it forks becomes the command it was told, under a uid of
its own and with nothing open but its stdin, its output and, where it is to give answers, the channel for these.
"""

import json
import os
import shutil
import signal
import socket
from typing import Any, NoReturn

from . import confine, kernel, player, preloaded

#: Above the longest order there is: arguments and a few variables.
_MAX_ORDER = 1 << 16
_CANNOT_EXECUTE = 127
#: What the descriptors of an order become; the last is the channel for answers, where there is one.
_TARGETS = (1, 2, 0, 3)


def order(uid: int, arguments: list[str], environment: dict[str, str], limits: dict[str, Any]) -> bytes:
    """What `zygote` is told to start; descriptors for stdout, stderr, stdin, and for answers if any, go with it."""
    return json.dumps([uid, arguments, environment, limits]).encode()


def zygote(control: socket.socket, *, preload: str) -> NoReturn:
    """Start each command that is ordered, and report as the player's zygote does when nothing of it is left.

    Args:
        control: To who orders; gets a byte as soon as orders are taken.
        preload: Modules for `preloaded.load`, "" for none.

    Raises:
        FileNotFoundError: if the image lacks a tool: that is our failure, and no program's.
    """
    kernel.become_subreaper()
    confine.limit_all_programs()
    os.chdir(player.SCRATCH)
    os.umask(0o077)
    if preload:
        preloaded.load(preload)
    control.send(b".")
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, _MAX_ORDER, len(_TARGETS))
        if not message:
            os._exit(0)
        uid, arguments, environment, limits = json.loads(message)
        is_ours = not arguments[0].startswith("./") and arguments[0] != preloaded.NAME
        if is_ours and not shutil.which(arguments[0], path=environment["PATH"]):
            raise FileNotFoundError(f"the image has no {arguments[0]!r}")
        pid = os.fork()
        if pid == 0:
            try:
                _enter(uid, limits, descriptors)
            except BaseException:
                # Not the program's fault, and not to be mistaken for its end: without a zygote the worker is replaced.
                os.kill(os.getppid(), signal.SIGKILL)
                raise
            try:
                if arguments[0] == preloaded.NAME:
                    preloaded.run(arguments[1], environment)
                os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - this is what the sandbox is for
            finally:
                os._exit(_CANNOT_EXECUTE)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(player.see_off(pid, uid))


def _enter(uid: int, limits: dict[str, Any], descriptors: list[int]) -> None:
    """Turn a fresh fork of the zygote into the place that a command runs in."""
    moved = [os.dup2(fd, 200 + index) for index, fd in enumerate(descriptors)]
    for fd, target in zip(moved, _TARGETS, strict=False):
        os.dup2(fd, target)
    os.closerange(len(moved), 0x7FFFFFFF)
    # Python ignores these two, and what is executed would inherit that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.setsid()
    confine.prefer_as_oom_victim()
    confine.limit_program(limits["kernel_cpu_s"], limits["file_bytes"], limits["processes"])
    confine.become(uid)
