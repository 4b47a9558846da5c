"""What holds a program: identity, limits, a filter on system calls, and an end that leaves nothing behind.

Nothing here needs more than CAP_SETUID and CAP_SETGID.
"""

import contextlib
import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterator

#: Real uid of whoever kills a program. It differs from every program's uid, so that no program can signal the killer.
KILLER_UID = 10_000
REFEREE_UID = 15_000

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_SECCOMP_MODE_FILTER = 2

_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_AF_UNIX = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *arguments: object) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    if _libc.prctl(option, *(ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")


def become_subreaper() -> None:
    """Make every orphan among our descendants our own child, so that `wait4` can prove that none is left."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


# --- system calls ---------------------------------------------------------------------------------------------------

# Objects that outlive a process, ways to reach into another process, and the kernel's larger attack surfaces.
_DENIED_X86_64 = {
    "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "shmdt": 67, "msgget": 68,
    "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "semtimedop": 220, "mq_open": 240, "mq_unlink": 241,
    "mq_timedsend": 242, "mq_timedreceive": 243, "mq_notify": 244, "mq_getsetattr": 245, "ptrace": 101,
    "process_vm_readv": 310, "process_vm_writev": 311, "unshare": 272, "setns": 308, "mount": 165, "umount2": 166,
    "pivot_root": 155, "chroot": 161, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "add_key": 248,
    "request_key": 249, "keyctl": 250,
}  # fmt: skip
_DENIED_AARCH64 = {
    "shmget": 194, "shmctl": 195, "shmat": 196, "shmdt": 197, "semget": 190, "semctl": 191, "semtimedop": 192,
    "semop": 193, "msgget": 186, "msgctl": 187, "msgrcv": 188, "msgsnd": 189, "mq_open": 180, "mq_unlink": 181,
    "mq_timedsend": 182, "mq_timedreceive": 183, "mq_notify": 184, "mq_getsetattr": 185, "ptrace": 117,
    "process_vm_readv": 270, "process_vm_writev": 271, "unshare": 97, "setns": 268, "mount": 40, "umount2": 39,
    "pivot_root": 41, "chroot": 51, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "add_key": 217,
    "request_key": 218, "keyctl": 219,
}  # fmt: skip
_DENIED_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442,
}  # fmt: skip
_CLONE3 = 435

_ARCHITECTURES = {  # machine: (AUDIT_ARCH, denied, socket)
    "x86_64": (0xC000003E, _DENIED_X86_64, 41),
    "aarch64": (0xC00000B7, _DENIED_AARCH64, 198),
}

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_FIRST_ARGUMENT = 0, 4, 16
_KILL_PROCESS, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_X32_BIT = 0x40000000


def seccomp_program(machine: str) -> bytes:
    """Classic BPF that denies what a program has no use for, on top of the engine's own filter.

    `clone3` answers ENOSYS, not EPERM: only then does glibc fall back to `clone`, without which no thread starts.

    Args:
        machine: As `uname -m` says it.

    Raises:
        KeyError: for a machine without a table of system calls.
    """
    architecture, denied, socket_call = _ARCHITECTURES[machine]
    code = [
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
    ]
    if machine == "x86_64":
        code += [(_JUMP_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    for number in sorted({**denied, **_DENIED_EVERYWHERE}.values()):
        code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    code += [(_JUMP_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    code += [
        (_JUMP_EQUAL, 0, 3, socket_call),
        (_LOAD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _ERRNO | _EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install_seccomp() -> None:
    """Filter the system calls of this process and of all that it will ever start.

    Raises:
        OSError: if the kernel refuses the filter.
    """
    code = seccomp_program(os.uname().machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _FilterProgram(len(code) // 8, ctypes.addressof(buffer))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))


# --- identity and limits --------------------------------------------------------------------------------------------


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


def kill_everything_of(uid: int) -> None:
    """Kill every process of `uid`, however fast it forks.

    With an effective uid of `uid` the kernel lets us signal exactly its processes; with another real uid and a saved
    uid of 0 none of them can signal us. The kernel walks the processes under the lock that a fork needs as well.
    """
    os.setresuid(KILLER_UID, uid, 0)
    try:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    finally:
        os.setresuid(0, 0, 0)


_DEPTH = 64
_ROUNDS = 4096


def empty_folder(path: str, uid: int) -> int:
    """Remove all that `uid` left in `path`.

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
                if not os.listdir(top):  # noqa: PTH208 - a descriptor
                    return removed
                removed += _empty_level(top, top, 0)
            raise OSError(f"{path} still holds files after {_ROUNDS} rounds")
        finally:
            os.close(top)
    finally:
        os.setresuid(0, 0, 0)


def _empty_level(folder: int, top: int, depth: int) -> int:
    removed = 0
    for name, is_folder in [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(folder)]:
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


def _hoist(folder: int, top: int) -> None:
    """Move what is in `folder` up to `top`, where the next round finds it."""
    for name in os.listdir(folder):
        os.rename(name, f"hoisted-{os.urandom(12).hex()}", src_dir_fd=folder, dst_dir_fd=top)


# --- what it used ---------------------------------------------------------------------------------------------------

_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(uid: int) -> float:
    """CPU seconds of the processes of `uid` and of their reaped children, so far."""
    ticks = 0
    for folder in _processes_of(uid):
        with contextlib.suppress(OSError):
            ticks += sum(int(field) for field in _stat(folder)[11:15])  # utime stime cutime cstime
    return ticks / _CLOCK_TICKS


def waited_by(uid: int) -> float:
    """Seconds that the process of `uid` that waited longest was ready to run and had no core."""
    longest = 0
    for folder in _processes_of(uid):
        with contextlib.suppress(OSError):
            longest = max(longest, int(_read(f"{folder}/schedstat").split()[1]))
    return longest / 1e9


def any_awake(*uids: int) -> bool:
    """Whether a process of `uids` has something to do, instead of waiting for an event."""
    for uid in uids:
        for folder in _processes_of(uid):
            with contextlib.suppress(OSError):
                if any(_stat(f"{folder}/task/{thread}")[0] not in b"SZTX" for thread in os.listdir(f"{folder}/task")):  # noqa: PTH208 - pathlib costs the zygote memory
                    return True
    return False


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
