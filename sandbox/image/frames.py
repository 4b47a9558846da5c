"""Frames between the host and a container's PID 1: a length, a JSON header, and raw parts that the header announces."""

import json
import os
import struct
from collections.abc import Iterator, Mapping
from typing import Any

_LENGTH = struct.Struct("!I")
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
    header: dict[str, Any] = json.loads(bytes(buffer[_LENGTH.size : end]))
    del buffer[:end]
    if header.pop("parts"):
        raise ValueError("an answer with parts")
    return header


def requests() -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Header and parts of each frame on stdin, until it ends."""
    with open(0, "rb", buffering=1 << 16) as stdin:
        while len(prefix := stdin.read(_LENGTH.size)) == _LENGTH.size:
            header = json.loads(stdin.read(_LENGTH.unpack(prefix)[0]))
            yield header, [stdin.read(length) for length in header["parts"]]


class Answers:
    """Writes frames to what was stdout, which from then on is stderr, so that a stray `print` breaks nothing."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)

    def write(self, header: Mapping[str, Any]) -> None:
        """Write one frame, whole."""
        view = memoryview(pack(header))
        while view:
            view = view[os.write(self._fd, view) :]
