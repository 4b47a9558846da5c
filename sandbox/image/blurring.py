"""Keeps what the kernel counts from telling a program which run of it this is."""

import os
import threading

from . import player


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
