"""Whole messages over a SEQPACKET socket, of any size up to a cap.

Message boundaries are the kernel's, so nothing that one side sends can be read as the end of one message and the start
of another.
"""

import os

from sandbox.image.values import MAX_BYTES

#: Below the smallest default socket buffer, so that one packet always fits.
_PACKET = 60_000
_MORE, _LAST = b"+", b"."


class ChannelBroken(Exception):
    """The other side sent something that is no message, or more than the cap."""


def send(fd: int, message: bytes) -> None:
    """Send one message.

    Raises:
        OSError: if the other side is gone.
    """
    start = 0
    while len(message) - start > _PACKET:
        os.write(fd, _MORE + message[start : start + _PACKET])
        start += _PACKET
    os.write(fd, _LAST + message[start:])


def receive(fd: int, cap: int = MAX_BYTES) -> bytes:
    """The next message.

    Raises:
        EOFError: if the other side is gone.
        ChannelBroken: if what came is no message.
    """
    packet = os.read(fd, _PACKET + 1)
    if packet[:1] == _LAST:
        return packet[1:]
    parts = bytearray()
    while True:
        if not packet:
            raise EOFError
        if packet[:1] not in (_MORE, _LAST):
            raise ChannelBroken("a packet of no kind that is known")
        parts += packet[1:]
        if len(parts) > cap:
            raise ChannelBroken(f"a message above {cap} bytes")
        if packet[:1] == _LAST:
            return bytes(parts)
        packet = os.read(fd, _PACKET + 1)
