"""The container engine: how to reach it, what it is, and which of its containers are ours."""

import fcntl
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from codecrucible.sandbox.errors import EngineUnavailable

if TYPE_CHECKING:
    from docker import APIClient

OURS = "codecrucible"
_OWNER_HOST, _OWNER_PID, _OWNER_BORN = f"{OURS}.owner.host", f"{OURS}.owner.pid", f"{OURS}.owner.born"
_CORES = f"{OURS}.cores"

_TIMEOUT = "DOCKER_CLIENT_TIMEOUT"
_TIMEOUT_S = 60
_PLACING_S = 20.0
_LOCAL = "unix:///var/run/docker.sock"


def connect(timeout_s: int | None = None) -> "APIClient":
    """A client of the engine at DOCKER_HOST, or of the local one.

    Args:
        timeout_s: Seconds that one request may take; None for those in DOCKER_CLIENT_TIMEOUT, by default 60.

    Raises:
        EngineUnavailable: if none answers.
    """
    import docker

    with reaching_engine():
        _knock(docker.utils.kwargs_from_env().get("base_url") or _LOCAL)
        client = docker.APIClient(
            **docker.utils.kwargs_from_env(),
            version="auto",
            timeout=timeout_s or _timeout_s(),
        )
        # Of all its requests, the one that attaches goes out without a timeout.
        client.request = partial(client.request, timeout=client.timeout)
        client.ping()
    return client


@contextmanager
def connected(timeout_s: int | None = None) -> "Iterator[APIClient]":
    """A client as from `connect`, closed at the end.

    Raises:
        EngineUnavailable: if no engine answers, or it stops answering.
    """
    client = connect(timeout_s)
    try:
        with reaching_engine():
            yield client
    finally:
        client.close()


def _timeout_s() -> int:
    given = os.environ.get(_TIMEOUT, "")
    if given and not (given.isdecimal() and int(given)):
        raise EngineUnavailable(f"{_TIMEOUT} is {given!r}: give whole seconds from 1, or unset it")
    return int(given or _TIMEOUT_S)


def _knock(url: str) -> None:
    """Connect to a local engine's socket once: the client leaves its own open when nobody answers.

    Raises:
        OSError: if nobody does.
    """
    if url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knock:
            knock.connect(url.removeprefix("unix://"))


@contextmanager
def reaching_engine() -> Iterator[None]:
    """Turn what the client raises when no engine answers into `EngineUnavailable`."""
    import docker
    import requests

    try:
        yield
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
        # An answer, even a refusal, means that there is an engine.
        if isinstance(error, docker.errors.APIError):
            raise
        where = os.environ.get("DOCKER_HOST") or "the default socket"
        raise EngineUnavailable(
            f"no container engine answers at {where}: {error}. "
            "Start one with `sudo systemctl start docker`, or point DOCKER_HOST at one."
        ) from error


def facts(client: "APIClient") -> dict[str, Any]:
    """Name, versions, runtimes, control groups and kernel of the engine, and its number of cores."""
    version, info = client.version(), client.info()
    return {
        "name": (version.get("Platform") or {}).get("Name") or "Docker Engine",
        "version": version["Version"],
        "api_version": client.api_version,
        "runtime": info.get("DefaultRuntime", ""),
        "runtimes": sorted(info.get("Runtimes") or {}),
        "cgroup_version": int(info.get("CgroupVersion") or 1),
        "kernel": info.get("KernelVersion", ""),
        "operating_system": info.get("OperatingSystem", ""),
        "architecture": info.get("Architecture", ""),
        "cores": int(info.get("NCPU") or 1),
        "memory_bytes": int(info.get("MemTotal") or 0),
    }


def owner_labels(cores: str = "") -> dict[str, str]:
    """Labels of a container that this process starts, on those cores alone if any are named."""
    pid = os.getpid()
    placed = {_CORES: cores} if cores else {}
    return {OURS: "1", _OWNER_HOST: _host(), _OWNER_PID: str(pid), _OWNER_BORN: _born(pid), **placed}


@contextmanager
def placing() -> Iterator[None]:
    """While this user's other processes choose no cores; without that where no file can be locked, or none in time."""
    with ExitStack() as stack:
        with suppress(OSError):
            path = Path(tempfile.gettempdir()) / f"{OURS}-{os.getuid()}.lock"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            _lock(stack.enter_context(os.fdopen(descriptor)))
        yield


def _lock(file: IO[str]) -> None:
    """Lock a file, unless another process has it for so long that it must have been stopped."""
    until = time.monotonic() + _PLACING_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def least_used_cores(client: "APIClient", count: int) -> list[str]:
    """The engine's cores, `count` of them, those first on which the fewest containers of ours are."""
    containers = client.containers(all=True, filters={"label": _CORES})
    placed = Counter(container["Labels"][_CORES] for container in containers)
    return sorted(map(str, range(count)), key=lambda core: placed[core])


def is_abandoned(labels: Mapping[str, str]) -> bool:
    """Whether the process that a container belongs to is dead. Only where it lived can that be known."""
    pid = labels.get(_OWNER_PID, "")
    return labels.get(_OWNER_HOST) == _host() and pid.isdecimal() and _born(int(pid)) != labels.get(_OWNER_BORN)


def _host() -> str:
    """This machine and, since processes of others cannot be seen, the namespace of this process' number."""
    return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"


def _born(pid: int) -> str:
    """When the process began, in ticks since the machine did, since numbers are given again; "" if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # proc(5); the name before it may hold anything


#: States of a container that nothing brings back to life: each is started once.
_ENDED = ("dead", "exited")


def prune_containers(client: "APIClient") -> list[str]:
    """Remove containers whose process is dead, and those that ended and are still there; their ids.

    The engine removes a container of ours when it ends, unless it is killed itself just then.
    """
    import docker

    removed = []
    for container in client.containers(all=True, filters={"label": OURS}):
        if container.get("State") in _ENDED or is_abandoned(container.get("Labels") or {}):
            with suppress(docker.errors.APIError):  # the engine cannot yet; it is looked at again
                remove_container(client, container["Id"])
                removed.append(container["Id"])
    return removed


#: Between the kernel's kill and the end of a container that died of it; the engine tells of both within that, too.
_TOLD_S = 2.0


def memory_was_used_up(client: "APIClient", container: str) -> bool:
    """Whether a container that is dead ended together with a kill for want of memory in it.

    The engine removes it at once, and remembers for a while what it told of it.
    """
    until = datetime.fromisoformat(client.info()["SystemTime"]).timestamp() + _TOLD_S
    filters = {"container": container, "event": ["oom", "die"]}
    told: dict[str, int] = {}
    for event in client.events(since=0, until=until, filters=filters, decode=True):
        told[event["status"]] = event["timeNano"]
    return "oom" in told and "die" in told and abs(told["die"] - told["oom"]) < _TOLD_S * 1e9


def remove_container(client: "APIClient", container: str) -> None:
    """Kill and remove a container, which may be gone already."""
    import docker

    try:
        client.remove_container(container, force=True, v=True)
    except docker.errors.NotFound:
        pass
    except docker.errors.APIError as error:
        # 409: the engine is removing it already, as we asked it to when PID 1 ends.
        if error.status_code != 409:  # noqa: PLR2004 - Conflict
            raise
