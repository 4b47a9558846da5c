"""One started container, and the stream to its PID 1. No bind mount and no file: it works with a remote engine too."""

import contextlib
import select
import ssl
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from codecrucible.sandbox.docker import engine
from codecrucible.sandbox.errors import SandboxError, SandboxUnavailable
from codecrucible.sandbox.image import frames
from codecrucible.sandbox.policy import MASKED, Policy, render, verify, verify_inside

#: Seconds that the start of a container may take, with what it imports first, on a busy machine.
_START_S = 120
_READ_BYTES = 1 << 18
_STDERR_TAIL = 4096
#: Each is an open file over there.
_KEPT_CHECKS = 1000
#: The engine's own framing of stdout and stderr on one stream: kind, three unused bytes, length.
_MULTIPLEXED = struct.Struct("!BxxxI")
_STDERR = 2

#: `-P`: the current folder, which is the scratch folder, is no place to import from.
_PYTHON = ("python3", "-s", "-P", "-B", "-c")


class SharedCheck(NamedTuple):
    """What several frames share.

    Attributes:
        key: Hash of the content.
        content: Bytes that need not travel with each of them.
    """

    key: str
    content: bytes


class WorkerDied(Exception):
    """PID 1 is gone or does not answer; the message says what it left on stderr.

    Args:
        message: For a person.
        silent: Whether it said nothing for so long that it was given up.
    """

    def __init__(self, message: str, *, silent: bool = False) -> None:
        super().__init__(message)
        self.silent = silent


def command(module: str, *arguments: int | str) -> list[str]:
    """Arguments that make `module` of the image PID 1."""
    call = f"{module}.main({', '.join(repr(argument) for argument in arguments)})"
    find = "import sys; sys.path.insert(0, '/opt/codecrucible')"
    return [*_PYTHON, f"{find}; from sandbox.image import {module}; {call}"]


class Worker:
    """A container that was started, checked against the policy, and said hello.

    Args:
        image: Tag or id.
        policy: How far it is shut off.
        arguments: What PID 1 is.
        cores: Cores it may run on, "" for all.

    Attributes:
        hello: What PID 1 said of itself and of what it sees.

    Raises:
        EngineUnavailable: if no engine answers.
        PolicyNotApplied: if a part of the policy did not take.
        SandboxUnavailable: if it does not start.
    """

    def __init__(self, image: str, policy: Policy, arguments: Sequence[str], *, cores: str = "") -> None:
        import docker

        self._in, self._out = bytearray(), bytearray()
        self._checks: set[str] = set()
        self._answers = bytearray()
        self._stderr = b""
        self._client = engine.connect()
        self._container = ""
        self._attached: Any = None
        try:
            with engine.reaching_engine():
                self._start(image, policy, arguments, cores)
                inspected = self._client.inspect_container(self._container)
            verify(policy, inspected, cores=cores)
            hello = self.wait(_START_S)[0].get("hello")
            if not isinstance(hello, dict):
                raise WorkerDied("it did not say hello")  # noqa: TRY301 - one way out of here
            self.hello: dict[str, Any] = hello
            verify_inside(policy, self.hello)
        except (docker.errors.APIError, WorkerDied) as error:
            self.close()
            why = getattr(error, "explanation", None) or error  # the engine's own words, where there are any
            raise SandboxUnavailable(f"a container of {image} did not start: {why}{self._said()}") from error
        except BaseException:
            self.close()
            raise

    def _start(self, image: str, policy: Policy, arguments: Sequence[str], cores: str) -> None:
        created = self._client.create_container(
            image,
            list(arguments),
            user=policy.user,
            hostname="sandbox",
            stdin_open=True,
            network_disabled=True,
            labels=engine.owner_labels(cores),
            host_config={**self._client.create_host_config(**render(policy, cores=cores)), "MaskedPaths": list(MASKED)},
        )
        self._container = created["Id"]
        # Attached before the start, so that nothing PID 1 says is lost: there is no log.
        self._attached = self._client.attach_socket(
            self._container, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        )
        self._socket = getattr(self._attached, "_sock", self._attached)
        self._socket.setblocking(False)
        self._client.start(self._container)

    def send(self, header: Mapping[str, Any], parts: Sequence[bytes], check: SharedCheck | None = None) -> None:
        """Send a frame; what does not go out at once goes out while `wait` waits.

        Args:
            header: What is to be done.
            parts: What it is done with.
            check: What several frames share; it travels with the first of them.
        """
        if check is None:
            self._out += frames.pack(header, *parts)
            return
        forget = len(self._checks) >= _KEPT_CHECKS
        if forget:
            self._checks.clear()
        shared = () if check.key in self._checks else (check.content,)
        self._checks.add(check.key)
        self._out += frames.pack({**header, "forget": forget}, *parts, *shared)

    def wait(self, timeout_s: float) -> list[dict[str, Any]]:
        """The answers that are there, one at least.

        Raises:
            WorkerDied: if PID 1 is gone, says something that is no answer, or says nothing for `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        poll = select.poll()
        while True:
            try:
                self._give()
                if answers := self._taken():
                    return answers
                poll.register(self._socket.fileno(), select.POLLIN | (select.POLLOUT if self._out else 0))
                events = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
                if not events:
                    raise WorkerDied(f"no answer for {timeout_s:.0f} s", silent=True)
                if events[0][1] & ~select.POLLOUT:
                    self._take()
            except OSError as error:
                raise WorkerDied(f"the stream to it broke: {error}{self._said()}") from error

    def _give(self) -> None:
        with contextlib.suppress(BlockingIOError, ssl.SSLWantWriteError):
            while self._out:
                del self._out[: self._socket.send(self._out[:_READ_BYTES])]

    def _take(self) -> None:
        try:
            data = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        if not data:
            raise WorkerDied(f"its PID 1 ended{self._said()}")
        self._in += data
        self._demultiplex()

    def _demultiplex(self) -> None:
        while len(self._in) >= _MULTIPLEXED.size:
            kind, length = _MULTIPLEXED.unpack_from(self._in)
            end = _MULTIPLEXED.size + length
            if len(self._in) < end:
                return
            payload = bytes(self._in[_MULTIPLEXED.size : end])
            del self._in[:end]
            if kind == _STDERR:
                self._stderr = (self._stderr + payload)[-_STDERR_TAIL:]
            else:
                self._answers += payload

    def _taken(self) -> list[dict[str, Any]]:
        answers = []
        try:
            while (answer := frames.take(self._answers)) is not None:
                answers.append(answer)
        except ValueError as error:
            raise WorkerDied(f"it said something that is no answer: {error}{self._said()}") from error
        return answers

    def _said(self) -> str:
        text = self._stderr.decode("utf-8", "replace").strip()
        return f"; on stderr: {text}" if text else ""

    def died_for_want_of_memory(self) -> bool:
        """Whether the kernel killed for it in the container when its PID 1 ended, by what the engine tells of both."""
        with contextlib.suppress(SandboxError), engine.reaching_engine():
            return engine.memory_was_used_up(self._client, self._container)
        return False

    def hang_up(self) -> None:
        """Make a `wait` in another thread fail now."""
        import socket

        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # it is hung up already
            return

    def close(self) -> None:
        """Remove the container. May be called twice."""
        if self._attached is not None:
            attached, self._attached = self._attached, None
            self.hang_up()
            attached.close()
            self._socket.close()
        if self._container:
            container, self._container = self._container, ""
            try:
                with engine.reaching_engine():
                    engine.remove_container(self._client, container)
            except SandboxError:
                pass  # the engine is gone, and its containers' stdin with it: PID 1 ends by itself
        self._client.close()
