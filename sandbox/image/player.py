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
import functools
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
import typing  # noqa: F401
from builtins import compile as compile_source
from collections.abc import Callable
from typing import NoReturn

from . import channel, confine, own_module, seeding
from .decoder import Decoder
from .values import CALLABLE_NAMES, CALLABLES, MAX_BYTES, TYPE_NAMES, TYPES, Encoder, NotData

#: Supervisor to zygote: uid, CPU seconds, bytes of a file, processes. With it come the program's three descriptors.
PLAY = struct.Struct("!IIQI")
#: Zygote to supervisor: pid, wait status, processes killed, peak memory in bytes, CPU seconds.
PLAYED = struct.Struct("!iiIQd")

CHANNEL_FD = 3
#: Bytes of answers after which no further call of one request is made.
_ENOUGH_BYTES = 1 << 20
_DESCRIPTORS = struct.Struct("3i")
_LENGTH = struct.Struct("!I")
SCRATCH = "/tmp"  # noqa: S108 - the container's own tmpfs, empty for each program


# --- the zygote -----------------------------------------------------------------------------------------------------


def zygote(control_fd: int, preload: str) -> NoReturn:
    """Fork a process for each program that the supervisor announces, and report when nothing of it is left.

    Descriptors 1 to 3 are free between programs. What comes with an announcement gets the lowest numbers that are
    free, so a program's stdout, stderr and channel are in their places without being moved.

    Args:
        control_fd: To the supervisor.
        preload: Module for programs that are known to import it, and too slow to import for each of them; or "".
    """
    confine.limit_all_programs()
    os.setgroups([])
    os.chdir(SCRATCH)
    os.umask(0o077)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # what was printed before a kill is kept
    sys.argv = ["program.py"]
    own_module.prepare()
    sys.path[:] = [folder for folder in sys.path if folder.startswith("/usr/")]
    _rehearse()
    sys.meta_path.insert(0, seeding.SeededRandom())
    if preload:
        __import__(preload)
    oom_score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    kept = [os.dup2(fd, 200 + index) for index, fd in enumerate((control_fd, oom_score))]
    os.closerange(1, 200)
    control, oom_score = socket.socket(fileno=kept[0]), kept[1]
    space = socket.CMSG_SPACE(_DESCRIPTORS.size)
    gc.collect()
    gc.freeze()
    while True:
        message, ancillary, _flags, _address = control.recvmsg(PLAY.size, space)
        if not message or _DESCRIPTORS.unpack(ancillary[0][2]) != (1, 2, CHANNEL_FD):
            os._exit(0)
        uid, cpu_s, file_bytes, processes = PLAY.unpack(message)
        os.write(oom_score, b"1000")  # the child inherits it, without having to find its own file
        pid = os.fork()
        if pid == 0:
            try:
                os.closerange(CHANNEL_FD + 1, 0x7FFFFFFF)
                os.setsid()
                confine.limit_program(cpu_s, file_bytes, processes)
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
                seeding.seed_again()
            except BaseException:
                # Not the program's fault, and not to be mistaken for its end: without a zygote the worker is replaced.
                os.kill(os.getppid(), signal.SIGKILL)
                raise
            try:
                play()
            finally:
                os._exit(70)
        os.write(oom_score, b"0")
        os.closerange(1, CHANNEL_FD + 1)
        control.send(see_off(pid, uid))


def _rehearse() -> None:
    """Go through what every program's process goes through, in the zygote.

    A fork then finds the compiler set up, the interpreter's caches filled and free memory in its heap, and has fewer
    pages to copy: measured, a third of the CPU time of a HumanEval program.
    """
    referee, program = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    encode = Encoder(CALLABLE_NAMES, len).encode  # type: ignore[arg-type] # nothing here is opaque
    for _ in range(_REHEARSALS):
        namespace: dict[str, object] = {}
        exec(compile_source(_REHEARSED, "<rehearsal>", "exec", dont_inherit=True), namespace)  # noqa: S102
        answers = _Answers(namespace, namespace["f"])
        for argument in ([1, 2.5, "x"], "text", (True, None), {"a": [1 << 40]}, 3):
            for request in (b"c-" + encode((None, (argument,), {})), b"m-" + encode([(argument,)])):
                channel.send(referee.fileno(), bytes(8) + request)
                answers.serve_one(program.fileno())
                os.read(referee.fileno(), channel.PACKET)
    referee.close()
    program.close()


_REHEARSALS = 12  # the interpreter specialises code that ran eight times
_REHEARSED = '''
from typing import Dict, List, Optional, Tuple
import math


def helper(numbers: List[int], limit: Optional[int] = None) -> Tuple[int, ...]:
    """ Text.
    >>> helper([1])
    """
    return tuple(sorted(set(numbers), key=lambda number: -number))[:limit]


def f(x):
    counts: Dict[str, int] = {}
    for index, item in enumerate(str(x)):
        if item.isalpha() and index % 2 == 0:
            counts[item] = counts.get(item, 0) + 1
    while len(counts) > 3:
        counts.popitem()
    return [x, helper([len(item) for item in counts]), "-".join(counts), math.sqrt(2.0)]
'''


def see_off(pid: int, uid: int) -> bytes:
    """Wait for the program's process, kill what it left, and prove that nothing of it is alive."""
    _, status, usage = os.wait4(pid, 0)
    cpu_s, peak, killed = usage.ru_utime + usage.ru_stime, usage.ru_maxrss, 0
    while True:
        try:
            other, other_status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:  # the proof: every process below the zygote has been waited for
            return PLAYED.pack(pid, status, killed, peak * 1024, cpu_s)
        if other == 0:
            confine.kill_everything_of(uid, killer=confine.ZYGOTE_KILLER_UID)
            _, other_status, usage = os.wait4(-1, 0)
        cpu_s += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss)
        killed += os.WIFSIGNALED(other_status) and os.WTERMSIG(other_status) == signal.SIGKILL


# --- the program's process ------------------------------------------------------------------------------------------


def pack_program(entry_point: str, program: bytes) -> bytes:
    """The first message on a program's channel."""
    name = entry_point.encode("utf-8", "surrogatepass")
    return struct.pack("!I", len(name)) + name + program


def _receive(fd: int) -> bytes:
    return channel.receive(functools.partial(os.read, fd, channel.PACKET), sys.maxsize)


def play() -> NoReturn:
    """Load the program and answer the referee until it hangs up."""
    message = _receive(CHANNEL_FD)
    start = 4 + struct.unpack_from("!I", message)[0]
    entry_point = message[4:start].decode("utf-8", "surrogatepass")
    source = message[start:].decode("utf-8", "surrogatepass")
    try:
        code = compile_source(source, own_module.PATH, "exec", dont_inherit=True)
    except Exception as error:  # noqa: BLE001 - NUL, surrogates, nesting: each has its own class
        _fail_to_load(b"y", error)
    namespace = own_module.namespace(source)
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
        self._encoder = Encoder(TYPE_NAMES, self._number)
        self._decoder = Decoder(CALLABLES, self._objects.__getitem__)
        self._shown = False
        self._kinds: dict[bytes, Callable[..., object]] = {
            b"c": self._call,
            b"a": getattr,
            b"s": setattr,
            b"t": bool,
            b"g": self._namespace.__getitem__,
        }

    def _number(self, value: object) -> int:
        self._objects.append(value)
        return len(self._objects) - 1

    def _call(self, target: object, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        return (self._entry_point if target is None else target)(*args, **kwargs)  # type: ignore[operator]

    def serve(self) -> NoReturn:
        channel.send(CHANNEL_FD, bytes(8) + b"k")
        try:
            while True:
                self.serve_one(CHANNEL_FD)
        except EOFError:
            _leave(0)

    def serve_one(self, fd: int) -> None:
        request = _receive(fd)
        answer = self._answer_many if request[8:9] == b"m" else self._answer
        channel.send(fd, request[:8] + answer(request))

    def _answer(self, request: bytes) -> bytes:
        keep = request[9:10] == b"k"
        try:
            value = self._kinds[request[8:9]](*self._decoder.decode(request[10:]))
            return b"v" + (self._encode_object(value) if keep else self._encode(value))
        except SystemExit as error:
            _leave(error.code)
        except BaseException as error:  # noqa: BLE001 - whatever it raised is the answer
            return self._raised(error)

    def _answer_many(self, request: bytes) -> bytes:
        """Answers to the first of many calls: to all, unless one raises or what there is to send is large."""
        reply, size = [b"w"], 0
        for arguments in self._decoder.decode(request[10:]):
            answer = self._answer_one(arguments)
            reply += (_LENGTH.pack(len(answer)), answer)
            size += len(answer)
            if answer[:1] == b"r" or size > _ENOUGH_BYTES:
                break
        return b"".join(reply)

    def _answer_one(self, arguments: tuple[object, ...]) -> bytes:
        # As deep below the program's function as `_call`: see `own_module`.
        try:
            return b"v" + self._encode(self._entry_point(*arguments))  # type: ignore[operator]
        except SystemExit as error:
            _leave(error.code)
        except BaseException as error:  # noqa: BLE001 - as above
            return self._raised(error)

    def _raised(self, error: BaseException) -> bytes:
        if not self._shown:
            self._shown = True
            _show(error)
        return b"r" + _builtin_name(error)

    def _encode(self, value: object) -> bytes:
        try:
            encoded = self._encoder.encode(value)
        except NotData:
            return self._encode_object(value)
        return encoded if len(encoded) <= MAX_BYTES else self._encode_object(value)

    def _encode_object(self, value: object) -> bytes:
        return b"o" + struct.pack("<I", self._number(value))
