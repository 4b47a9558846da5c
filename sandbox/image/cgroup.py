"""The container's own control group, as it is seen from inside: version 1 and version 2."""

import os

_ROOT = "/sys/fs/cgroup"
_UNLIMITED = 1 << 60


def _first_number(*names: str) -> int | None:
    """The number in the first of these files that exists; None where it says "max" or none exists."""
    for name in names:
        try:
            with open(f"{_ROOT}/{name}", encoding="ascii") as file:  # noqa: PTH123 - pathlib costs the zygote memory
                text = file.read().strip()
        except OSError:
            continue
        if text == "max" or int(text) >= _UNLIMITED:
            return None
        return int(text)
    return None


def version() -> int:
    """1 or 2."""
    return 2 if os.path.exists(f"{_ROOT}/cgroup.controllers") else 1  # noqa: PTH110 - as above


def memory_limit() -> int | None:
    """Bytes that all processes of the container may use together, None for no limit."""
    return _first_number("memory.max", "memory/memory.limit_in_bytes")


def swap_limit() -> int | None:
    """Bytes of swap that they may use on top, None where the kernel keeps no account of it."""
    if version() == 2:  # noqa: PLR2004 - the version
        return _first_number("memory.swap.max")
    both = _first_number("memory/memory.memsw.limit_in_bytes")
    memory = memory_limit()
    return None if both is None or memory is None else both - memory


def memory_used() -> int:
    """Bytes in use now, files in a tmpfs included."""
    return _first_number("memory.current", "memory/memory.usage_in_bytes") or 0


def pids_limit() -> int | None:
    """Processes and threads that the container may have, None for no limit."""
    return _first_number("pids.max", "pids/pids.max")


class CpuTime:
    """CPU time of all processes that ever were in the container, however they ended and whoever waited for them.

    Raises:
        OSError: if the counter is not there; without it a program could hide what its children use.
    """

    def __init__(self) -> None:
        self._of_version_2 = version() == 2  # noqa: PLR2004 - the version
        name = "cpu.stat" if self._of_version_2 else "cpuacct/cpuacct.usage"
        self._fd = os.open(f"{_ROOT}/{name}", os.O_RDONLY)

    def read_s(self) -> float:
        """Seconds so far."""
        text = os.pread(self._fd, 4096, 0)
        return int(text.split(None, 2)[1]) / 1e6 if self._of_version_2 else int(text) / 1e9


class OomKills:
    """The kernel's count of processes it killed because the container's memory was used up.

    Raises:
        OSError: if the counter is not there; without it an end by memory could not be told from a crash.
        ValueError: as above, on a kernel whose file has no such line.
    """

    def __init__(self) -> None:
        name = "memory.events" if version() == 2 else "memory/memory.oom_control"  # noqa: PLR2004 - the version
        self._fd = os.open(f"{_ROOT}/{name}", os.O_RDONLY)
        self._seen = self._count()

    def _count(self) -> int:
        for line in os.pread(self._fd, 4096, 0).splitlines():
            key, _, number = line.partition(b" ")
            if key == b"oom_kill":
                return int(number)
        raise ValueError("the kernel counts no kills for want of memory in this container (needs Linux 4.13)")

    def new(self) -> int:
        """Kills since the last call."""
        count = self._count()
        fresh, self._seen = count - self._seen, count
        return fresh
