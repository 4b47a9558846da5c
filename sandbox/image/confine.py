"""What holds a program: identity, limits, and an end that leaves nothing behind.

Nothing here needs more than CAP_SETUID and CAP_SETGID.
"""

import contextlib
import os
import resource
import signal
import stat
from collections.abc import Collection, Iterator

#: Real uid of whoever kills a program. It differs from every program's uid, so that no program can signal the killer.
KILLER_UID = 10_000
#: That of the zygote, when it is the killer: of two killers with one real uid each would kill the other.
ZYGOTE_KILLER_UID = 10_001
REFEREE_UID = 15_000

# --- identity and limits --------------------------------------------------------------------------------------------


def prefer_as_oom_victim() -> None:
    """Have the kernel pick this process before any other when the container's memory is used up."""
    fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    os.write(fd, b"1000")
    os.close(fd)


def limit_all_programs() -> None:
    """Set the limits that are the same for every program; what is forked from here on inherits them.

    There is none on address space: memory is the container's limit, so that a runtime may reserve what it likes.
    """
    for kind, limit in (
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_STACK, 8 << 20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        # /dev/mqueue is writable in every container; with this no queue can be made there.
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def limit_program(cpu_s: int, file_bytes: int, processes: int) -> None:
    """Set the limits of one program's process, which all that it starts inherit.

    Args:
        cpu_s: CPU seconds of one process. The supervisor counts all of them together and is the one that decides.
        file_bytes: Size of a file.
        processes: Processes and threads of the program's uid.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))


def become(uid: int) -> None:
    """Drop to `uid`, with a group of the same number and no capability. There is no way back."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


# --- the end --------------------------------------------------------------------------------------------------------


def kill_everything_of(uid: int, *, killer: int = KILLER_UID) -> None:
    """Kill every process of `uid`, however fast it forks.

    With an effective uid of `uid` the kernel lets us signal exactly its processes; with another real uid and a saved
    uid of 0 none of them can signal us. The kernel walks the processes under the lock that a fork needs as well.

    Args:
        uid: Whose processes.
        killer: Real uid to do it with, which no other process has at that moment.
    """
    os.setresuid(killer, uid, 0)
    try:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    finally:
        os.setresuid(0, 0, 0)


_DEPTH = 64
_ROUNDS = 4096


def empty_folder(path: str, uid: int, kept: Collection[str] = ()) -> int:
    """Remove all that `uid` left in `path`, but for the names in `kept`, which are not its own.

    To be called when no process of `uid` is alive, so that nothing changes meanwhile. Links are not followed, and
    trees deeper than a few dozen levels are taken apart in rounds.

    Returns:
        Number of files and folders removed.

    Raises:
        OSError: if something cannot be removed.
    """
    removed = 0
    os.setresuid(KILLER_UID, uid, 0)
    try:
        top = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for _ in range(_ROUNDS):
                if set(os.listdir(top)) <= set(kept):  # noqa: PTH208 - a descriptor
                    return removed
                removed += _empty_level(top, top, 0, kept)
            raise OSError(f"{path} still holds files after {_ROUNDS} rounds")
        finally:
            os.close(top)
    finally:
        os.setresuid(0, 0, 0)


def _empty_level(folder: int, top: int, depth: int, kept: Collection[str] = ()) -> int:
    removed = 0
    entries = [entry for entry in os.scandir(folder) if entry.name not in kept]
    for name, is_folder in [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]:
        if not is_folder:
            os.unlink(name, dir_fd=folder)
            removed += 1
            continue
        os.chmod(name, 0o700, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        try:
            if depth < _DEPTH:
                removed += _empty_level(inner, top, depth + 1)
            else:
                _hoist(inner, top)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=folder)
        removed += 1
    return removed


def make_read_only(path: str, uid: int) -> None:
    """Let everyone read and execute what `uid` left in `path`, and nobody else change it.

    To be called when no process of `uid` is alive. In a folder with the sticky bit nobody else can then replace it.

    Raises:
        OSError: if a folder is closed, or lies deeper than a path may be long.
    """
    os.setresuid(KILLER_UID, uid, 0)
    try:
        for folder, folders, files in os.walk(path, onerror=_raise):
            for name in (*folders, *files):
                found = os.lstat(f"{folder}/{name}")
                if found.st_uid == uid and not stat.S_ISLNK(found.st_mode):
                    os.chmod(f"{folder}/{name}", 0o755)  # noqa: S103, PTH101 - it is for all; pathlib costs memory
    finally:
        os.setresuid(0, 0, 0)


def _raise(error: OSError) -> None:
    raise error


def _hoist(folder: int, top: int) -> None:
    """Move what is in `folder` up to `top`, where the next round finds it."""
    for name in os.listdir(folder):
        os.rename(name, f"hoisted-{os.urandom(12).hex()}", src_dir_fd=folder, dst_dir_fd=top)


# --- what it used ---------------------------------------------------------------------------------------------------

_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
#: Of the kernel's flags of a process: it closes its files only after this is set.
_EXITING = 0x4


def cpu_of(uid: int) -> float:
    """CPU seconds of the processes of `uid`, so far."""
    ticks = 0
    for folder in _processes_of(uid):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, _stat(folder)[11:13]))  # utime stime
    return ticks / _CLOCK_TICKS


def cpu_of_process(pid: int) -> float:
    """CPU seconds of one process, so far."""
    return sum(map(int, _stat(f"/proc/{pid}")[11:13])) / _CLOCK_TICKS


def cpu_of_children(pid: int) -> float:
    """CPU seconds of the children that a process has waited for."""
    return sum(map(int, _stat(f"/proc/{pid}")[13:15])) / _CLOCK_TICKS


def waited_by(uid: int) -> float:
    """Seconds that the main process of `uid` was ready to run and had no core; of its threads, the one that had most.

    Its other processes do not count: whoever has many has them wait for each other.
    """
    longest, main = 0, _main_process_of(uid)
    for folder in _threads_in(main) if main else ():
        with contextlib.suppress(OSError):
            longest = max(longest, int(_read(f"{folder}/schedstat").split()[1]))
    return longest / 1e9


def all_asleep(uid: int) -> bool:
    """Whether `uid` has processes, and each of their threads waits for an event, or for the child of its `vfork`."""
    asleep = [_is_asleep(thread) for thread in _stats_of(uid)]
    return bool(asleep) and all(asleep)


def any_awake(uid: int) -> bool:
    """Whether a thread of `uid` has something to do."""
    return not all(_is_asleep(thread) for thread in _stats_of(uid))


def _is_asleep(stat: list[bytes]) -> bool:
    """Whether a thread waits for an event."""
    return stat[0] in (b"S", b"T", b"D")


def _stats_of(uid: int) -> Iterator[list[bytes]]:
    for folder in _threads_of(uid):
        with contextlib.suppress(OSError):
            yield _stat(folder)


def is_at_work(uid: int) -> bool:
    """Whether the main process of `uid` is alive and not about to end."""
    main = _main_process_of(uid)
    with contextlib.suppress(OSError):
        return bool(main) and not int(_stat(main)[6]) & _EXITING  # flags
    return False


def _main_process_of(uid: int) -> str:
    """The one that began first, "" if there is none."""
    found = []
    for folder in _processes_of(uid):
        with contextlib.suppress(OSError):
            found.append((int(_stat(folder)[19]), int(folder.rpartition("/")[2]), folder))  # starttime pid
    return min(found)[2] if found else ""


def _threads_of(uid: int) -> Iterator[str]:
    for folder in _processes_of(uid):
        yield from _threads_in(folder)


def _threads_in(process: str) -> Iterator[str]:
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"{process}/task"):  # noqa: PTH208 - pathlib costs the zygote memory
            yield f"{process}/task/{thread}"


def _processes_of(uid: int) -> Iterator[str]:
    for name in os.listdir("/proc"):  # noqa: PTH208 - as above
        if name.isdecimal():
            # A process may end between the listing and the reading.
            with contextlib.suppress(OSError):
                if _uid_of(name) == uid:
                    yield f"/proc/{name}"


def _stat(folder: str) -> list[bytes]:
    """Fields of proc(5)'s stat from the state on."""
    return _read(f"{folder}/stat").rpartition(b")")[2].split()


def _uid_of(pid: str) -> int:
    # Not from the owner of /proc/PID: a process that changed its uid is shown as root's.
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith(b"Uid:"):
            return int(line.split()[1])
    return -1


def _read(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, 8192)
    finally:
        os.close(fd)
