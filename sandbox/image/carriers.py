"""What could tell one program of another: closed once before the first program, and wiped before each.

A program may leave no file and no process behind, and could still leave a bit: in the time at which a folder was last
changed, in a counter that only grows, in when something was first looked at. What cannot be closed from inside a
container is in docs/threat-model.md.
"""

import contextlib
import os
from collections.abc import Iterator

from . import leftovers

#: An access time so far ahead that reading never moves it on where a mount has `relatime`.
_FAR_AHEAD_S = 1 << 32
_DEVICES = "/dev"
_COUNTERS = "/sys/fs/cgroup"


class Carriers:
    """Closes the carriers that can be closed for good, and wipes the others.

    An entry of /proc or /sys gets the time of the moment at which it is first looked up, and keeps it while it is in
    memory: all are looked up now, and held for as long as this process lives.
    """

    def __init__(self) -> None:
        with contextlib.suppress(OSError):  # version 2 is mounted read-only: see docs/threat-model.md
            os.chmod(_COUNTERS, 0o700)  # noqa: PTH101 - pathlib costs the zygote memory
        for path in (_COUNTERS, *_below(_DEVICES)):
            with contextlib.suppress(OSError):
                os.utime(path, (_FAR_AHEAD_S, 0), follow_symlinks=False)
        for path in _lasting_entries():
            with contextlib.suppress(OSError):
                os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        # Engines mount /dev without `relatime`.
        links = [path for path in _below(_DEVICES) if os.path.islink(path)]  # noqa: PTH114 - as above
        self._wiped = (*leftovers.WRITABLE, _DEVICES, *links)

    def wipe(self) -> None:
        """Set the times of what programs write to and look at: what they say is when the next program began."""
        for path in self._wiped:
            os.utime(path, (0, 0), follow_symlinks=False)


def _lasting_entries() -> Iterator[str]:
    """What there is in /proc and /sys beside processes, control groups, and what the policy masks."""
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib costs the zygote memory
        if not name.isdecimal():
            yield f"/proc/{name}"
    yield from _below("/proc/sysvipc")
    for name in os.listdir("/sys/fs"):  # noqa: PTH208 - as above
        if name != "cgroup":
            yield f"/sys/fs/{name}"
            yield from _below(f"/sys/fs/{name}")


def _below(folder: str) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)
