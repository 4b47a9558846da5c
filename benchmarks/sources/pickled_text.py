"""The text in a pickle of one `str`, read without unpickling: no opcode of it is carried out.

What is covered: what `pickle.dumps` writes of a `str`, by any protocol, whole or within base64 and zlib.
What is not: any other pickle. Whatever it holds, it is refused at the first opcode that a text does not need.
"""

import base64
import binascii
import pickletools
import zlib
from io import BytesIO

#: Opcodes of a pickled `str` in their order; of each group there is one, or none where "" is among them.
_GROUPS = (
    ("PROTO", ""),
    ("FRAME", ""),
    ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"),
    ("MEMOIZE", "BINPUT", "LONG_BINPUT", "PUT", ""),
    ("STOP",),
)
_TEXT = _GROUPS[2]


def text_in_pickle(data: bytes) -> str:
    r"""The text that `data` is a pickle of.

    Raises:
        ValueError: if it is no pickle of one text and nothing else; says which opcode is not one of a text's.

    >>> text_in_pickle(b"\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00\x8c\x05[1,2]\x94.")
    '[1,2]'
    """
    stream, text, group = BytesIO(data), "", 0
    for opcode, argument, place in pickletools.genops(stream):
        while group < len(_GROUPS) and opcode.name not in _GROUPS[group]:
            if "" not in _GROUPS[group]:
                raise ValueError(f"opcode {opcode.name} at byte {place} is none of a pickled text: it is refused")
            group += 1
        if opcode.name in _TEXT:
            text = str(argument)
        group += 1
    if stream.tell() != len(data):
        raise ValueError(f"{len(data) - stream.tell()} bytes follow the pickled text: it is refused")
    return text


def unpacked_text(packed: str, *, most_bytes: int) -> str:
    """The text that was pickled, compressed by zlib and written in base64.

    Args:
        packed: In base64.
        most_bytes: Largest pickle; no more is ever unpacked.

    Raises:
        ValueError: if it is none, or larger; says at which of the three.
    """
    try:
        compressed = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"expected base64: {error}") from None
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(compressed, most_bytes + 1)
    except zlib.error as error:
        raise ValueError(f"expected zlib within base64: {error}") from None
    if len(data) > most_bytes:
        raise ValueError(f"unpacks to more than {most_bytes} bytes")
    if not inflater.eof or inflater.unused_data:
        raise ValueError("expected zlib within base64, whole and with nothing behind it")
    return text_in_pickle(data)
