"""What the container looks like from inside: the facts that the host checks before it sends a job."""

import os
import platform
from typing import Any

from . import cgroup, leftovers

_MOUNT_FLAGS = {os.ST_NOEXEC: "noexec", os.ST_NOSUID: "nosuid", os.ST_NODEV: "nodev"}


def facts() -> dict[str, Any]:
    """Capabilities, filters, file systems, network and limits of this process, as the kernel states them."""
    status = _status()
    scratch, shared = (os.statvfs(folder) for folder in leftovers.WRITABLE)
    return {
        "python": platform.python_version(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cgroup_version": cgroup.version(),
        "uid": os.getuid(),
        "capabilities": int(status["CapPrm"], 16) | int(status["CapEff"], 16) | int(status["CapBnd"], 16),
        "no_new_privileges": int(status["NoNewPrivs"]),
        "seccomp_mode": int(status["Seccomp"]),
        "seccomp_filters": int(status["Seccomp_filters"]) if "Seccomp_filters" in status else None,
        "root_read_only": bool(os.statvfs("/").f_flag & os.ST_RDONLY),
        "interfaces": _interfaces(),
        "memory_bytes": cgroup.memory_limit(),
        "swap_bytes": cgroup.swap_limit(),
        "host_swap_bytes": _host_swap(),
        "pids": cgroup.pids_limit(),
        "scratch_bytes": scratch.f_blocks * scratch.f_frsize,
        "scratch_files": scratch.f_files,
        "scratch_options": _options(scratch),
        "shared_bytes": shared.f_blocks * shared.f_frsize,
        "shared_files": shared.f_files,
        "shared_options": _options(shared),
        "numpy": _numpy(),
    }


def _options(mounted: os.statvfs_result) -> list[str]:
    """Restrictions that a file system is mounted with."""
    return sorted(name for flag, name in _MOUNT_FLAGS.items() if mounted.f_flag & flag)


def _numpy() -> str:
    """Version of numpy that programs can import, "" without one."""
    folder = "/usr/lib/python3/dist-packages"
    names = os.listdir(folder) if os.path.isdir(folder) else []  # noqa: PTH112, PTH208 - as above
    found = [name.split("-")[1] for name in names if name.startswith("numpy-")]
    return found[0].removesuffix(".egg") if found else ""


def _status() -> dict[str, str]:
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123 - pathlib costs the zygote memory
        lines = (line.split(":", 1) for line in file)
        return {key: value.strip() for key, value in lines}


def _interfaces() -> list[str]:
    with open("/proc/net/dev", encoding="ascii") as file:  # noqa: PTH123 - as above
        return sorted(line.partition(":")[0].strip() for line in file if ":" in line)


def _host_swap() -> int:
    with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123 - as above
        for line in file:
            if line.startswith("SwapTotal:"):
                return int(line.split()[1]) * 1024
    return 0
