"""How far a container is shut off: one object, rendered for the engine and checked against what the engine did.

`render` and the two checks are pure. The checks are made on every container before it gets a job, since an engine that
cannot apply a limit often starts the container all the same.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from codecrucible.sandbox.errors import PolicyNotApplied
from codecrucible.sandbox.limits import MEBIBYTE

#: The runner, the zygotes and the referee.
RUNNER_MEMORY_BYTES = 128 * MEBIBYTE

# Bits of capabilities(7).
_CAPABILITY_BITS = {"SETGID": 6, "SETUID": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Isolation of one container.

    What is not here is not for choosing: no network, a read-only root, no host folder, no capability but
    `capabilities`, no new privileges, no log, the engine's own seccomp profile (and the runner's filter on top).

    Attributes:
        memory_bytes: Memory of all processes together, files in the scratch folder included; there is no swap.
        pids: Processes and threads.
        scratch_bytes: Size of the scratch folder, the only place to write to.
        scratch_files: Files and folders in it.
        scratch_executable: Whether a file in it may be executed, which compiled programs need.
        shared_bytes: Size of /dev/shm, which named semaphores and shared memory are made of (`multiprocessing`).
        shared_files: Files in it.
        capabilities: What PID 1 keeps, in order to give each program a uid of its own. Programs have none.
        user: "uid:gid" of PID 1.
        runtime: OCI runtime by the name the engine knows it under, such as gVisor's "runsc"; "" for the engine's
            default. The environment variable CRUCIBLE_RUNTIME sets it for every command.
    """

    memory_bytes: int = 512 * MEBIBYTE + RUNNER_MEMORY_BYTES
    pids: int = 64
    scratch_bytes: int = 64 * MEBIBYTE
    scratch_files: int = 4096
    scratch_executable: bool = False
    shared_bytes: int = 16 * MEBIBYTE
    shared_files: int = 256
    capabilities: tuple[str, ...] = ("SETGID", "SETUID")
    user: str = "0:0"
    runtime: str = field(default_factory=lambda: os.environ.get("CRUCIBLE_RUNTIME", ""))

    @property
    def program_memory_bytes(self) -> int:
        """Memory that the runner leaves to a program."""
        return self.memory_bytes - RUNNER_MEMORY_BYTES

    def to_json(self) -> dict[str, Any]:
        """For the run folder."""
        return {**asdict(self), "capabilities": list(self.capabilities)}


def render(policy: Policy, *, cores: str = "") -> dict[str, Any]:
    """Keyword arguments for `docker.APIClient.create_host_config`.

    Args:
        policy: What is asked for.
        cores: Cores the container may run on, such as "0" or "0-3"; "" for all.
    """
    arguments: dict[str, Any] = {
        "network_mode": "none",
        "ipc_mode": "none",
        "read_only": True,
        "tmpfs": _tmpfs(policy),
        "cap_drop": ["ALL"],
        "cap_add": list(policy.capabilities),
        "security_opt": ["no-new-privileges"],
        "pids_limit": policy.pids,
        "mem_limit": policy.memory_bytes,
        "memswap_limit": policy.memory_bytes,
        "log_config": {"type": "none"},
        # The engine removes the container when PID 1 ends, which it does when we are gone and its stdin ends.
        "auto_remove": True,
    }
    if cores:
        arguments["cpuset_cpus"] = cores
    if policy.runtime:
        arguments["runtime"] = policy.runtime
    return arguments


MASKED = (
    # What engines mask by default.
    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
    "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    # Counters of the whole machine, and thousands of entries whose times say when they were first looked at.
    "/proc/bus", "/proc/driver", "/proc/fs", "/proc/irq", "/proc/pressure", "/proc/sys", "/proc/tty", "/sys/block",
    "/sys/bus", "/sys/class", "/sys/dev", "/sys/devices", "/sys/kernel", "/sys/module", "/sys/power",
)  # fmt: skip
"""What is empty or unreadable in every container, where it exists."""


def _tmpfs(policy: Policy) -> dict[str, str]:
    """Mount options of the folders that a program may write to."""
    return {
        folder: f"rw,{execution},nosuid,nodev,size={size},nr_inodes={files},mode=1777"
        for folder, execution, size, files in (
            ("/tmp", _execution(policy), policy.scratch_bytes, policy.scratch_files),  # noqa: S108 - in the container
            ("/dev/shm", "noexec", policy.shared_bytes, policy.shared_files),  # noqa: S108 - as above
        )
    }


def _execution(policy: Policy) -> str:
    return "exec" if policy.scratch_executable else "noexec"


def verify(policy: Policy, inspected: Mapping[str, Any], *, cores: str = "") -> None:
    """Check what the engine says that it applied.

    Args:
        policy: What was asked for.
        inspected: The container as `docker inspect` shows it.
        cores: As for `render`.

    Raises:
        PolicyNotApplied: naming each flag that did not take, with what was asked and what was got.
    """
    host = inspected.get("HostConfig") or {}
    config = inspected.get("Config") or {}
    asked_and_got: dict[str, tuple[Any, Any]] = {
        "network": ("none", host.get("NetworkMode")),
        "ipc": ("none", host.get("IpcMode")),
        "privileged": (False, host.get("Privileged")),
        "read-only root": (True, host.get("ReadonlyRootfs")),
        "host folders": ([], (host.get("Binds") or []) + (host.get("Mounts") or [])),
        "devices": ([], host.get("Devices") or []),
        "scratch": (_tmpfs(policy), host.get("Tmpfs")),
        "dropped capabilities": (["ALL"], host.get("CapDrop")),
        "capabilities": (sorted(policy.capabilities), sorted(_bare(name) for name in host.get("CapAdd") or [])),
        "security options": (["no-new-privileges"], host.get("SecurityOpt")),
        "pids": (policy.pids, host.get("PidsLimit")),
        "memory": (policy.memory_bytes, host.get("Memory")),
        "memory and swap": (policy.memory_bytes, host.get("MemorySwap")),
        "out-of-memory killer": (False, bool(host.get("OomKillDisable"))),
        "log": ("none", (host.get("LogConfig") or {}).get("Type")),
        "user": (policy.user, config.get("User")),
        "masked paths": (sorted(MASKED), sorted(host.get("MaskedPaths") or [])),
        "pid namespace": ("", host.get("PidMode") or ""),
        "cores": (cores, host.get("CpusetCpus") or ""),
    }
    if policy.runtime:
        asked_and_got["runtime"] = (policy.runtime, host.get("Runtime"))
    _refuse_differences("the engine", asked_and_got)


def _bare(capability: str) -> str:
    return capability.removeprefix("CAP_")


def verify_inside(policy: Policy, facts: Mapping[str, Any]) -> None:
    """Check what PID 1 sees of its container.

    Args:
        policy: What was asked for.
        facts: As `sandbox.image.inside.facts` states them.

    Raises:
        PolicyNotApplied: naming each flag that did not take, with what was asked and what was got.
    """
    asked_and_got: dict[str, tuple[Any, Any]] = {
        "uid": (int(policy.user.partition(":")[0]), facts.get("uid")),
        "capabilities": (
            f"{sum(1 << _CAPABILITY_BITS[name] for name in policy.capabilities):#x}",
            f"{facts.get('capabilities', -1):#x}",
        ),
        "no new privileges": (1, facts.get("no_new_privileges")),
        "seccomp mode": (2, facts.get("seccomp_mode")),
        "read-only root": (True, facts.get("root_read_only")),
        "network interfaces": (["lo"], facts.get("interfaces")),
        "memory": (policy.memory_bytes, facts.get("memory_bytes")),
        "pids": (policy.pids, facts.get("pids")),
        "scratch bytes": (policy.scratch_bytes, facts.get("scratch_bytes")),
        "scratch files": (policy.scratch_files, facts.get("scratch_files")),
        "scratch options": (sorted({_execution(policy), "nodev", "nosuid"} - {"exec"}), facts.get("scratch_options")),
        "shared bytes": (policy.shared_bytes, facts.get("shared_bytes")),
        "shared files": (policy.shared_files, facts.get("shared_files")),
        "shared options": (["nodev", "noexec", "nosuid"], facts.get("shared_options")),
    }
    if facts.get("seccomp_filters") is not None:  # Linux 5.9 and newer say how many
        asked_and_got["seccomp filters, the engine's and ours"] = (2, facts["seccomp_filters"])
    if facts.get("host_swap_bytes"):
        asked_and_got["swap"] = (0, facts.get("swap_bytes"))
    _refuse_differences("the kernel", asked_and_got)


def _refuse_differences(witness: str, asked_and_got: Mapping[str, tuple[Any, Any]]) -> None:
    differences = [
        f"{name}: asked {asked!r}, got {got!r}" for name, (asked, got) in asked_and_got.items() if asked != got
    ]
    if differences:
        raise PolicyNotApplied(
            f"the container is not shut off as asked, so nothing was run in it. According to {witness}: "
            f"{'; '.join(differences)}. See `crucible sandbox doctor`."
        )
