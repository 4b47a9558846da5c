"""What counts of the text that a program printed, as a digest: host and container make it in the same way."""

import hashlib
import io


def digest_of(text: bytes) -> str:
    r"""Hex SHA-256 of `text` without blanks at the ends of its lines and without empty lines at its end.

    >>> digest_of(b"1 2 \r\n3") == digest_of(b"1 2\n3\n\n")
    True
    >>> digest_of(b"1  2") == digest_of(b"1 2")
    False
    """
    digest, newlines = hashlib.sha256(), 0
    for line in io.BytesIO(text):
        kept = line.rstrip()
        if kept:
            digest.update(b"\n" * newlines + kept)
            newlines = 0
        newlines += 1
    return digest.hexdigest()
