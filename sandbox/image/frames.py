"""Frames between the host and a container's PID 1: a length, a JSON header, and raw parts that the header announces."""

import json
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_LENGTH = struct.Struct("!I")
#: Half of what a host has asked for and not been answered, so that it can ask for more while the rest is done.
ANSWERS_AT_A_TIME = 4
#: An answer is a few hundred bytes and two tails of output.
_MAX_ANSWER = 16 << 20


def pack(header: Mapping[str, Any], *parts: bytes) -> bytes:
    """One frame. The lengths of `parts` travel in the header."""
    head = json.dumps({**header, "parts": [len(part) for part in parts]}).encode()
    return b"".join((_LENGTH.pack(len(head)), head, *parts))


def take(buffer: bytearray) -> dict[str, Any] | None:
    """Remove the first answer from `buffer`; None if it is not there in full yet.

    Raises:
        ValueError: if what is there is no answer.
    """
    if len(buffer) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack_from(buffer)
    if length > _MAX_ANSWER:
        raise ValueError(f"an answer of {length} bytes")
    end = _LENGTH.size + length
    if len(buffer) < end:
        return None
    try:
        header: Any = json.loads(bytes(buffer[_LENGTH.size : end]))
    except RecursionError:
        raise ValueError("an answer that is nested too deep") from None
    del buffer[:end]
    if not isinstance(header, dict) or header.pop("parts", None) != []:
        raise ValueError("an answer that is no object without parts")
    return header


def requests(before_waiting: Callable[[], None]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Header and parts of each frame on stdin, until it ends.

    Args:
        before_waiting: Called whenever there is no whole frame to go on with.
    """
    received, at = b"", 0

    def need(size: int) -> bool:
        nonlocal received, at
        while len(received) - at < size:
            before_waiting()
            chunk = os.read(0, 1 << 18)
            if not chunk:
                return False
            received, at = received[at:] + chunk, 0
        return True

    def taken(size: int) -> bytes:
        nonlocal at
        at += size
        return received[at - size : at]

    while need(_LENGTH.size):
        (length,) = _LENGTH.unpack(taken(_LENGTH.size))
        if not need(length):
            return
        header = json.loads(taken(length))
        lengths = header["parts"]
        if not need(sum(lengths)):
            return
        yield header, [taken(size) for size in lengths]


class Answers:
    """Writes frames to what was stdout, which from then on is stderr, so that a stray `print` breaks nothing.

    A few are written at a time: each write wakes every process on the way to the host.
    """

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)
        self._kept: list[bytes] = []

    def write(self, header: Mapping[str, Any]) -> None:
        """Keep one frame, and write what is kept if that is enough."""
        self._kept.append(pack(header))
        if len(self._kept) >= ANSWERS_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Write what is kept."""
        view = memoryview(b"".join(self._kept))
        self._kept.clear()
        while view:
            view = view[os.write(self._fd, view) :]
