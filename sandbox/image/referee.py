"""The trusted half: runs the dataset's tests in a process that never executes a line of the program.

The tests call a proxy. Its arguments go to the player as copies and its answers are rebuilt here from bytes, so every
comparison is made by the referee, between objects that it made itself.
"""

import json
import math
import os
import random
import resource
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import NoReturn, TypeVar

from . import confine, seeding
from .calls import PreparedCalls, prepare_calls
from .checks import CompiledCheck, compile_check
from .failure import call_text, line_of, shown
from .notes import TOO_LARGE
from .session import Outcome, Over, Session
from .values import TYPES

T = TypeVar("T")

#: A referee that lives long saves the cost of forking it; a fresh one now and then bounds what one could pile up.
JOBS_PER_REFEREE = 2000
_KEPT_CHECK_BYTES = 16 << 20

#: What the tests may use over one program's answers: CPU seconds, and bytes on top of what the referee has by then.
#: HumanEval+/130 takes more than 256 MiB over right ones.
CPU_S, MEMORY_BYTES = 10, 384 << 20
#: What a referee may keep for the programs to come, of the memory that is theirs.
_KEPT_BYTES = 192 << 20

#: Supervisor to referee: number of the job, hash of the check. With it come the player's socket and the check.
REFEREE_JOB = struct.Struct("!Q32s")

_STOPPED = 3  # exit status of a referee whose supervisor hung up


def judge(check: CompiledCheck | PreparedCalls, session: Session, limits: "_OwnLimits") -> Outcome:
    """What became of `check` with the player at the other end of `session`."""
    try:
        session.wait_until_loaded()
        if isinstance(check, PreparedCalls):
            _compare(check, session, limits)
        else:
            _run(check, session)
        outcome = Outcome(kind="completed", calls=session.calls)
    except Over as over:
        outcome = over.outcome
    except BaseException as error:  # noqa: BLE001 - whatever reached the end of the tests is the outcome
        try:
            outcome = _outcome_of(error, session, check)
        except MemoryError:
            outcome = Outcome(kind="assertion", stage="check", calls=session.calls, note=TOO_LARGE)
    if session.over is not None:
        outcome = session.over
    elif session.calls == 0 and outcome.kind == "completed":
        outcome = Outcome(kind="assertion", stage="check", note="the tests never called the program")
    return outcome._replace(player=session.player, parts_completed=session.parts_completed)


def _run(check: CompiledCheck, session: Session) -> None:
    """Execute the tests, which call the program."""
    namespace: dict[str, object] = {name: __import__(name) for name in check.modules}
    for name in check.borrowed:
        # A name that the program lacks too stays undefined, as it is for the program itself.
        try:
            namespace[name] = session.ask(b"g", True, name)
        except KeyError:
            session.raised.clear()
    random.seed(0)  # HumanEval/38, 50 and 53 draw their inputs
    if "numpy.random" in sys.modules:  # if not, it is seeded when the check imports it
        sys.modules["numpy.random"].seed(0)
    exec(check.setup, namespace)  # noqa: S102 - the dataset's own code
    namespace[check.entry_point] = session.call
    exec(check.tests, namespace)  # noqa: S102


def _compare(check: PreparedCalls, session: Session, limits: "_OwnLimits") -> None:
    """Put one call after another to the program, and each answer to the oracle."""
    for part in check.parts:
        is_right = check.comparison()
        for number, answer in enumerate(session.call_each(part)):
            known = check.knows(part[number])
            expected = check.expected(part[number]) if known else limits.uncounted(check.expected, part[number])
            try:
                right = bool(is_right(answer, expected))
            except Exception:  # noqa: BLE001 - the oracle may not be able to compare the two at all
                right = False
            if not right:
                raise AssertionError(f"answered {session.answer_text(answer)}, expected {shown(expected)}")
        session.parts_completed += 1


def _outcome_of(error: BaseException, session: Session, check: CompiledCheck | PreparedCalls) -> Outcome:
    calls = session.calls
    if id(error) in session.raised:
        _, name = session.raised[id(error)]
        note = _circumstances(error, session, check)
        return Outcome(kind="raised", exception=name, stage="check", calls=calls, note=note)
    if isinstance(error, MemoryError):
        return Outcome(kind="assertion", stage="check", calls=calls, note=TOO_LARGE)
    name = next(base.__name__ for base in type(error).__mro__ if TYPES.get(base.__name__) is base)
    if isinstance(error, AssertionError):
        note = _circumstances(error, session, check)
        return Outcome(kind="assertion", exception=name, stage="check", calls=calls, note=note)
    # Ours or the tests' text, and short: the program's own messages do not cross.
    note = f"in the tests: {error}"[:200] if not session.raised else ""
    return Outcome(kind="raised", exception=name, stage="check", calls=calls, note=note.replace("\n", " "))


def _circumstances(error: BaseException, session: Session, check: CompiledCheck | PreparedCalls) -> str:
    """Which line of the tests it was, the last call and its answer."""
    if isinstance(check, PreparedCalls):
        encoded = session.last_arguments
        told = call_text("", check.arguments(encoded), {}, len(encoded))
        return told if id(error) in session.raised else f"{told} {error}"
    line = line_of(error.__traceback__, check.sources)
    if session.last_call is None:
        return line
    told = call_text(check.entry_point, *session.last_call)
    if session.last_answer is not None:
        told += f" answered {shown(*session.last_answer)}"
    return f"{line}; {told}"


# --- the processes --------------------------------------------------------------------------------------------------


def zygote(control: socket.socket) -> NoReturn:
    """Keep one referee at work: a fresh one after `JOBS_PER_REFEREE` jobs, or after anything unusual.

    A referee that ends in another way than by its own decision is reported to the supervisor.
    """
    sys.meta_path.insert(0, seeding.SeededRandom())
    while True:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                confine.become(confine.REFEREE_UID)
                status = _serve(control)
            finally:
                os._exit(status)
        _, wait_status = os.waitpid(pid, 0)
        if wait_status != 0:
            if os.WIFEXITED(wait_status) and os.WEXITSTATUS(wait_status) == _STOPPED:
                os._exit(0)
            control.send(json.dumps({"died": wait_status}).encode())


class _OwnLimits:
    """What the kernel allows this process, so that no answer can make the tests hold anything up.

    A program is not to decide how long it takes to compare what it answered (`set(range(10**12))`). At the limit of
    memory `MemoryError` is raised, at that of CPU time the kernel ends the process; both are the answer's fault.
    """

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        self._first = self._data_bytes()
        self._until_s = 0.0
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def renew(self) -> None:
        """Give the next program's answers their CPU time and memory."""
        self._until_s = time.process_time() + CPU_S
        self._apply(math.ceil(self._until_s))
        most = self._data_bytes() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))

    def uncounted(self, work: Callable[[bytes], T], of: bytes) -> T:
        """What `work` gives, which is no answer's fault, however long it takes (24 s for all of Mbpp/599)."""
        begin_s = time.process_time()
        self._apply(resource.RLIM_INFINITY)
        try:
            return work(of)
        finally:
            self._until_s += time.process_time() - begin_s
            self._apply(math.ceil(self._until_s))

    def _apply(self, cpu_s: int) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, resource.RLIM_INFINITY))

    @property
    def kept_much(self) -> bool:
        """Whether so much is left of the programs so far that a fresh referee should take over."""
        return self._data_bytes() > self._first + _KEPT_BYTES

    def _data_bytes(self) -> int:
        """As RLIMIT_DATA counts."""
        return int(os.pread(self._statm, 256, 0).split()[5]) * resource.getpagesize()


def _serve(control: socket.socket) -> int:
    """Judge jobs until a fresh referee should take over; the exit status."""
    limits = _OwnLimits()
    checks: dict[bytes, CompiledCheck | PreparedCalls | Outcome] = {}
    kept_bytes = 0
    for _ in range(JOBS_PER_REFEREE):
        message, descriptors, _flags, _address = socket.recv_fds(control, REFEREE_JOB.size, 2)
        if not message:
            return _STOPPED
        job, key = REFEREE_JOB.unpack(message)
        player_fd, check_fd = descriptors
        if key not in checks:
            source = os.pread(check_fd, os.fstat(check_fd).st_size, 0)
            kept_bytes += len(source)
            checks[key] = limits.uncounted(_compiled, source)
        os.close(check_fd)
        check = checks[key]
        limits.renew()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, player_fd) as player:
            outcome = check if isinstance(check, Outcome) else judge(check, Session(player), limits)
        control.send(json.dumps({"job": job, **outcome._asdict()}).encode())
        usual = outcome.kind in ("completed", "assertion", "raised", "syntax_error")
        changed = isinstance(check, CompiledCheck) and check.changes_objects
        if not usual or changed or kept_bytes > _KEPT_CHECK_BYTES or limits.kept_much:
            break
    return 0


def _compiled(source: bytes) -> CompiledCheck | PreparedCalls | Outcome:
    """The check of that source, or what becomes of every job with it: a dataset's mistake is not the program's."""
    try:
        check = json.loads(source)
        return prepare_calls(check["oracle"], check["parts"]) if "oracle" in check else compile_check(**check)
    except Exception as error:  # noqa: BLE001 - `compile` raises half a dozen kinds
        note = f"the tests do not compile: {error}"[:200]
        return Outcome(kind="raised", exception="SyntaxError", stage="check", note=note)
