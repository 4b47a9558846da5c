"""The tests' conversation with the program: a proxy that calls it, and answers rebuilt from what came back."""

import builtins
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from . import channel
from .calls import list_frame
from .decoder import Decoder
from .failure import shown
from .notes import CANNOT_TRAVEL, NOT_DATA, TOO_LARGE
from .values import CALLABLE_NAMES, TYPES, Encoder, NotData

#: Of a packet's sender, as the kernel states them: pid, uid, gid.
_CREDENTIALS = struct.Struct("3i")
_CREDENTIALS_SPACE = socket.CMSG_SPACE(_CREDENTIALS.size)

_LENGTH = struct.Struct("!I")
#: Of the calls of one message: so few that what is done after a wrong answer is little, and that they fit a packet.
_MOST_CALLS, _MOST_BYTES = 64, 50_000


class Outcome(NamedTuple):
    """What the referee saw.

    Attributes:
        kind: "completed", "assertion", "raised", "syntax_error", "tampered", or "gone" when the player stopped
            answering, whose reason the supervisor knows.
        exception: Name of the builtin exception, or "".
        stage: "load", "check" or "".
        calls: Calls of the entry point.
        note: One line for a person.
        player: Process that answered, 0 if none did.
        parts_completed: Parts of a `CallsCheck` that are done with, all answers right.
    """

    kind: str
    exception: str = ""
    stage: str = ""
    calls: int = 0
    note: str = ""
    player: int = 0
    parts_completed: int = 0


class Over(BaseException):
    """The check ends here, whatever its code catches."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.kind)
        self.outcome = outcome


class ProgramRaised(Exception):
    """Stands for an exception of the program that cannot be raised by its own name."""


_RAISABLE: Mapping[str, type[Exception]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type)
    and issubclass(value, Exception)
    # Raised inside `all(map(...))` either would end the loop early, and the check with it.
    and name not in ("StopIteration", "StopAsyncIteration")
}


def _exception(name: str) -> Exception:
    """An exception of class `name`, made without the arguments that some classes ask for."""
    kind = _RAISABLE.get(name, ProgramRaised)
    try:
        return kind.__new__(kind, "raised by the program")
    except TypeError:
        return ProgramRaised(name)


def _tokens() -> Iterator[bytes]:
    """Eight bytes that cannot be guessed: an answer that was sent before its question must not count."""
    while True:
        pool = os.urandom(4096)
        for start in range(0, len(pool), 8):
            yield pool[start : start + 8]


_TOKENS = _tokens()


class Session:
    """One check's conversation with one player.

    Attributes:
        over: What ended it early; set even if the tests caught the exception.
        player: Process that answers, 0 before it did.
        calls: Calls of the entry point so far.
        parts_completed: Parts of a `CallsCheck` so far.
        raised: Name of the builtin class of each exception of the program, by the id of the one raised here.
        last_call: Arguments of the last call of the entry point by the tests, and the bytes that they took.
        last_answer: What was answered to it, and the bytes of that; None if nothing was.
        last_arguments: Encoded, of the last call of `call_each`.
    """

    def __init__(self, player: socket.socket) -> None:
        self._socket = player
        self._encoder = Encoder(CALLABLE_NAMES, _number_of)
        self._decoder = Decoder(TYPES, lambda number: Handle(self, number, borrowed=self._keeping))
        self._keeping = False
        self._stage = "load"
        self.over: Outcome | None = None
        self.player = 0
        self.calls = 0
        self.parts_completed = 0
        self.raised: dict[int, tuple[Exception, str]] = {}
        self.last_call: tuple[tuple[object, ...], dict[str, object], int] | None = None
        self.last_answer: tuple[object, int] | None = None
        self.last_arguments = b""
        self._asked_bytes = self._answered_bytes = 0

    def end(self, kind: str, *, exception: str = "", note: str = "") -> NoReturn:
        """End the check.

        Raises:
            Over: always.
        """
        if self.over is None:
            self.over = Outcome(kind=kind, exception=exception, stage=self._stage, calls=self.calls, note=note)
        raise Over(self.over)

    def opaque(self) -> NoReturn:
        """End the check because the tests looked into an object of the program's own."""
        self.end("assertion", note=NOT_DATA)

    def wait_until_loaded(self) -> None:
        """Wait for the program's top level to have been executed.

        Raises:
            Over: if it cannot be compiled or raises.
        """
        message = self._receive(bytes(8))
        kind, name = message[:1], message[1:]
        if kind == b"k":
            self._stage = "check"
            return
        if kind == b"y":
            self.end("syntax_error", exception=self._known_name(name))
        if kind == b"l":
            self.end("raised", exception=self._known_name(name))
        self.end("tampered", note="the player's first message is of no kind that is known")

    def call(self, *args: object, **kwargs: object) -> object:
        """What the program's function answers; stands for it in the tests."""
        self.calls += 1
        self.last_call, self.last_answer, self._asked_bytes = (args, kwargs, 0), None, 0
        try:
            answer = self.ask(b"c", False, None, args, kwargs)
        finally:
            self.last_call = (args, kwargs, self._asked_bytes)
        self.last_answer = (answer, self._answered_bytes)
        return answer

    def call_each(self, arguments: Sequence[bytes]) -> Iterator[object]:
        """What the program's function answers to one call after another.

        The calls of one message are as many as were made before, so that no more are made in vain than were needed.

        Args:
            arguments: Encoded tuple of each call's.

        Raises:
            Exception: of the builtin class that the program raised.
            Over: if the player is gone or broke the rules.
        """
        done = 0
        while done < len(arguments):
            asked = _in_one_message(arguments, done)
            message = self._exchange(b"m-" + list_frame(arguments[done : done + asked]))
            answers = self._split(message, most=asked)
            for asked_for, answer in zip(arguments[done:], answers, strict=False):
                self.calls += 1
                self.last_arguments = asked_for
                yield self._answered(answer)
            done += len(answers)

    def answer_text(self, answer: object) -> str:
        """The last answer, for a person."""
        return shown(answer, self._answered_bytes)

    def _split(self, message: bytes, *, most: int) -> list[bytes]:
        answers, at = [], 1
        while at + _LENGTH.size <= len(message):
            start = at + _LENGTH.size
            at = start + _LENGTH.unpack_from(message, at)[0]
            answers.append(message[start:at])
        if message[:1] != b"w" or at != len(message) or not 0 < len(answers) <= most:
            self.end("tampered", note="the player answered more or less than was asked")
        return answers

    def truth(self, handle: "Handle") -> bool:
        """Whether an object of the program's is true, by what it says itself."""
        truth = self.ask(b"t", False, handle)
        if type(truth) is not bool:
            self.end("tampered", note="the player said of an object neither that it is true nor that it is false")
        return truth

    def ask(self, kind: bytes, keep: bool, *parts: object) -> Any:
        """The player's answer to one request.

        Args:
            kind: What is asked, see `player._Answers`.
            keep: Whether the answer stays an object over there, whatever it is.
            parts: What the request is made of.

        Raises:
            Exception: of the builtin class that the program raised.
            Over: if the player is gone or broke the rules.
        """
        if self.over is not None:
            raise Over(self.over)
        try:
            request = kind + (b"k" if keep else b"-") + self._encoder.encode(parts)
        except NotData:
            raise TypeError(CANNOT_TRAVEL) from None
        self._asked_bytes = len(request)
        return self._answered(self._exchange(request), keep=keep)

    def _exchange(self, request: bytes) -> bytes:
        token = next(_TOKENS)
        try:
            channel.send(self._socket.fileno(), token + request)
        except OSError:
            self.end("gone")
        return self._receive(token)

    def _answered(self, message: bytes, *, keep: bool = False) -> Any:
        """The value that an answer holds, or what it says was raised."""
        kind, payload = message[:1], message[1:]
        self._answered_bytes = len(payload)
        if kind == b"r":
            name = self._known_name(payload)
            error = _exception(name)
            self.raised[id(error)] = (error, name)
            raise error
        if kind != b"v" or (keep and payload[:1] != b"o"):
            self.end("tampered", note="the player answered in no way that is known")
        self._keeping = keep
        try:
            answer = self._decoder.decode(payload)
        except ValueError as error:
            self.end("tampered", note=f"the player's answer is {error}")
        except MemoryError:
            self.end("assertion", note=TOO_LARGE)
        return answer

    def _receive(self, token: bytes) -> bytes:
        try:
            message = channel.receive(self._packet)
        except (EOFError, OSError):
            self.end("gone")
        except channel.ChannelBroken as error:
            self.end("tampered", note=f"the player sent {error}")
        except MemoryError:
            self.end("assertion", note=TOO_LARGE)
        if message[:8] != token:
            self.end("tampered", note="the player answered something that was not asked")
        return message[8:]

    def _packet(self) -> bytes:
        """The next packet, from the process that sent the first one.

        The kernel says which one that is. What a program forks does not answer for it, nor when it is dead.
        """
        packet, ancillary, _flags, _address = self._socket.recvmsg(channel.PACKET, _CREDENTIALS_SPACE)
        if packet:
            ((_level, kind, credentials),) = ancillary
            sender: int = _CREDENTIALS.unpack(credentials)[0]
            if kind != socket.SCM_CREDENTIALS or sender != (self.player or sender):
                self.end("tampered", note="more than one process answered")
            self.player = sender
        return packet

    def _known_name(self, name: bytes) -> str:
        text = name.decode("ascii", "replace")
        known = TYPES.get(text)
        if not (isinstance(known, type) and issubclass(known, BaseException)):
            self.end("tampered", note="the player named an exception that does not exist")
        return text


class Handle:
    """An object of the program's own. It can be called, looked into by attribute, passed back, and be true or false.

    To compare it, or to use it as data in any other way, would let the program decide the outcome (`__eq__` that is
    always true), so it ends the check. Whether it is true (the `re.Match` of MBPP/737) it may say, once: an answer of
    True or False says as much. What a borrowed one gives stays with the player: it is there to be passed back, not to
    be expected.
    """

    __slots__ = ("_borrowed", "_number", "_session", "_truth")

    _session: Session
    _number: int
    _borrowed: bool
    _truth: bool | None

    def __init__(self, session: Session, number: int, *, borrowed: bool) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_borrowed", borrowed)
        object.__setattr__(self, "_truth", None)

    def __bool__(self) -> bool:
        if self._borrowed:
            self._session.opaque()
        if self._truth is None:
            object.__setattr__(self, "_truth", self._session.truth(self))
        return bool(self._truth)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """What the player's object answers."""
        return self._session.ask(b"c", self._borrowed, self, args, kwargs)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._session.ask(b"a", self._borrowed, self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._session.ask(b"s", False, self, name, value)

    def __repr__(self) -> str:
        return "<object of the program>"


def _refuse(self: Handle, *_arguments: object) -> NoReturn:
    session: Session = object.__getattribute__(self, "_session")
    session.opaque()


# What a value can be asked by way of an operator, a builtin or a statement. Without `next`: the rest would pass for an
# iterator, and its absence is a TypeError.
_REFUSED = (
    "eq ne lt le gt ge hash len length_hint iter aiter reversed contains getitem setitem delitem delattr dir str "
    "format bytes int float complex index round trunc floor ceil abs neg pos invert add radd sub rsub mul rmul matmul "
    "rmatmul truediv rtruediv floordiv rfloordiv mod rmod divmod rdivmod pow rpow lshift rlshift rshift rrshift and "
    "rand or ror xor rxor iadd isub imul enter exit await"
)
for _name in _REFUSED.split():
    setattr(Handle, f"__{_name}__", _refuse)


def _number_of(value: object) -> int:
    if type(value) is not Handle:
        raise NotData(type(value).__name__)
    number: int = object.__getattribute__(value, "_number")
    return number


def _in_one_message(arguments: Sequence[bytes], done: int) -> int:
    """How many of the calls from `done` on go into one message: at least one."""
    most = min(done or 1, _MOST_CALLS)
    size, count = 0, 0
    for each in arguments[done : done + most]:
        size += len(each)
        if count and size > _MOST_BYTES:
            break
        count += 1
    return count
