"""Whole messages over a SEQPACKET socket, of any size up to a cap.

Message boundaries are the kernel's, so nothing that one side sends can be read as the end of one message and the start
of another.
"""

import os
from collections.abc import Callable

from .values import MAX_BYTES

#: Of a message: one value of the largest size, and the small ones that may come before it.
_MOST_BYTES = MAX_BYTES + (2 << 20)
#: Below the smallest default socket buffer, so that one packet always fits.
_PART = 60_000
PACKET = _PART + 1
_MORE, _LAST = b"+", b"."


class ChannelBroken(Exception):
    """The other side sent something that is no message, or more than the cap."""


def send(fd: int, message: bytes) -> None:
    """Send one message.

    Raises:
        OSError: if the other side is gone.
    """
    start = 0
    while len(message) - start > _PART:
        os.write(fd, _MORE + message[start : start + _PART])
        start += _PART
    os.write(fd, _LAST + message[start:])


def receive(packet: Callable[[], bytes], cap: int = _MOST_BYTES) -> bytes:
    """The next message.

    Args:
        packet: The next packet, of `PACKET` bytes at most; b"" when there will be none.
        cap: Bytes of a message.

    Raises:
        EOFError: if the other side is gone.
        ChannelBroken: if what came is no message.
    """
    received = packet()
    if received[:1] == _LAST:
        return received[1:]
    parts = bytearray()
    while True:
        if not received:
            raise EOFError
        if received[:1] not in (_MORE, _LAST):
            raise ChannelBroken("a packet of no kind that is known")
        parts += received[1:]
        if len(parts) > cap:
            raise ChannelBroken(f"a message above {cap} bytes")
        if received[:1] == _LAST:
            return bytes(parts)
        received = packet()
