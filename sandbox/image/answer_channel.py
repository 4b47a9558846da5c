"""The channel that a program's answers come through, and what they are compared with while they come.

An answer is `NUMBER LENGTH TEXT` and a newline: numbered from 1, and as many bytes of text as it says. What it has to
be is known here as a digest alone, in a process that no program can read.
"""

import hashlib
import os
from collections.abc import Sequence

ANSWER_BYTES = 8 << 20
"""The longest answer. A longer one is a wrong one."""

#: Of a wrong answer, for a person and for a comparison that is made elsewhere.
_TOLD_BYTES = 1 << 16
#: Of all of them.
_ALL_TOLD_BYTES = 1 << 20
_HEAD_BYTES = 32
_READ_BYTES = 1 << 16


class Channel:
    """Takes the answers of one program.

    Args:
        calls: Answers that are due.
        digests: What `digest_of` gives for each right one; None to keep them all, and compare none.
        exact: Whether an answer of another digest is a wrong one. If not, somebody else decides that.

    Attributes:
        fd: Where they are read from.
        write_fd: Where the program writes them.
        written: Bytes so far.
        open: Whether more can come.
        answers: How many came.
        different: Text of each whose digest is another one, by its number; cut off where `too_long` says so.
        too_long: Number of the answer that is too long to be looked at, 0 if none is.
        broken: What rule of the channel the program broke, "" for none.
    """

    def __init__(self, calls: int, digests: Sequence[str] | None, *, exact: bool) -> None:
        self._calls, self._digests, self._exact = calls, digests, exact
        self.fd, self.write_fd = os.pipe()
        os.set_blocking(self.fd, False)
        os.fchmod(self.write_fd, 0o222)  # so that a language that can only open a path can open it
        self._buffer = bytearray()
        self._length = -1  # of the answer that is coming
        self._told = 0
        self.written = self.answers = self.too_long = 0
        self.open = True
        self.different: dict[int, bytes] = {}
        self.broken = ""

    @property
    def lost(self) -> bool:
        """Whether no answer that could still come makes up for those that came."""
        return bool(self.broken or self.too_long or (self._exact and self.different))

    @property
    def complete(self) -> bool:
        """Whether each answer came that is due, and nothing else did."""
        return self.answers == self._calls and not self._buffer and not self.broken and not self.too_long

    def read(self) -> None:
        """Take what is there."""
        try:
            chunk = os.read(self.fd, _READ_BYTES)
        except BlockingIOError:
            return
        self.open = bool(chunk)
        self.written += len(chunk)
        if not self.lost:
            self._buffer += chunk
            while not self.lost and self._take():
                pass

    def finish(self) -> None:
        """Take what is left in the pipe, when nobody writes any more."""
        while self.open:
            self.read()
        os.close(self.fd)

    def _take(self) -> bool:
        """Take the next answer; False if it is not there as a whole."""
        if self._length < 0 and not self._take_head():
            return False
        if len(self._buffer) <= self._length:
            return False
        if self._buffer[self._length] != ord("\n"):
            self.broken = f"answer {self.answers + 1} is not as long as it says"
            return False
        self._judge(bytes(self._buffer[: self._length]))
        del self._buffer[: self._length + 1]
        self._length = -1
        return True

    def _take_head(self) -> bool:
        parts = bytes(self._buffer[:_HEAD_BYTES]).split(b" ", 2)
        if len(parts) < 3:  # noqa: PLR2004 - number, length, text
            if len(self._buffer) >= _HEAD_BYTES:
                self.broken = "what came through it is no answer"
            return False
        number, length, _ = parts
        if not (number.isdigit() and length.isdigit()):
            self.broken = "what came through it is no answer"
            return False
        if int(number) != self.answers + 1 or self.answers == self._calls:
            self.broken = f"answer {int(number)} came after {self.answers} of {self._calls}"
            return False
        self._length = int(length)
        del self._buffer[: len(number) + len(length) + 2]
        if self._length > ANSWER_BYTES:
            self.too_long = self.answers + 1
            self.different[self.too_long] = b""
        return not self.too_long

    def _judge(self, text: bytes) -> None:
        self.answers += 1
        if self._digests is None:
            self.different[self.answers] = text
        elif digest_of(text) != self._digests[self.answers - 1]:
            if not self._exact and (len(text) > _TOLD_BYTES or self._told + len(text) > _ALL_TOLD_BYTES):
                self.too_long = self.answers
            self._told += len(text)
            self.different[self.answers] = text[:_TOLD_BYTES]


def digest_of(text: bytes) -> str:
    """Hex SHA-256 of an answer."""
    return hashlib.sha256(text).hexdigest()
