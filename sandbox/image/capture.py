"""What a program prints: how much, and the end of it, in no more room than it is worth."""

import json
import os

TAIL_BYTES = 8192


class Capture:
    """One of the program's output streams: what was written last, and how much there was.

    Args:
        kept_bytes: How much of what was written last is kept.
    """

    def __init__(self, kept_bytes: int = TAIL_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self.fd, self.write_fd = os.pipe()
        os.set_blocking(self.fd, False)
        self.written = 0
        self.open = True
        self._tail = bytearray()

    def read(self) -> None:
        """Take what is there."""
        try:
            chunk = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return
        self.open = bool(chunk)
        self.written += len(chunk)
        self._tail += chunk
        del self._tail[: -self._kept_bytes]

    def finish(self) -> None:
        """Take what is left in the pipe, when nobody writes any more."""
        while self.open:
            self.read()
        os.close(self.fd)

    @property
    def truncated(self) -> bool:
        """Whether the text is less than what was written."""
        return self.written > TAIL_BYTES or fitting(self._decoded()) > 0

    @property
    def tail(self) -> bytes:
        """What was written last."""
        return bytes(self._tail)

    def text(self) -> str:
        """The end of the tail, decoded: as much of it as takes `TAIL_BYTES` in JSON."""
        decoded = self._decoded()
        return decoded[fitting(decoded) :]

    def _decoded(self) -> str:
        return self._tail[-TAIL_BYTES:].decode("utf-8", "replace")


#: Of one character in JSON: the longest escape is a pair of surrogates.
_LONGEST_ESCAPE = 12


def fitting(text: str) -> int:
    r"""Where the end of `text` begins that takes `TAIL_BYTES` in JSON, but for the escapes of line ends.

    What is no text takes six times its room there.

    >>> fitting("x\n" * 4096), fitting("\0" * 8192)
    (0, 6827)
    """
    if len(text) * _LONGEST_ESCAPE <= TAIL_BYTES or _room_of(text) <= TAIL_BYTES:
        return 0
    room = TAIL_BYTES
    for place in range(len(text) - 1, -1, -1):
        room -= _room_of(text[place])
        if room < 0:
            return place + 1
    return 0


def _room_of(text: str) -> int:
    return len(json.dumps(text)) - 2 - text.count("\n")
