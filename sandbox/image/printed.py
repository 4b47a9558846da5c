"""What counts of the text that a program printed, as digests: host and container make them in the same way."""

import hashlib
import io
from collections.abc import Iterator, Sequence

TEXT, NUMBERS = "text", "numbers"
"""How two texts are compared, see `sandbox.Comparison`."""


def is_expected(text: bytes, expected: Sequence[str], comparison: str) -> bool:
    """Whether `text` is what has the digests `expected`; the later ones are made only where the first differ."""
    return any(found == due for found, due in zip(digests_of(text, comparison), expected, strict=True))


def digests_of(text: bytes, comparison: str) -> Iterator[str]:
    """Hex SHA-256s of `text`; of two texts that are equal in the sense of `comparison`, one of them is the same."""
    if comparison == NUMBERS:
        lines = [line.strip() for line in text.decode("utf-8", "surrogateescape").strip().split("\n")]
        for made in (lines, map(_as_numbers, lines)):
            yield hashlib.sha256("\n".join(made).encode("utf-8", "surrogateescape")).hexdigest()
    else:
        yield digest_of(text)


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


def _as_numbers(line: str) -> str:
    """A text that two lines of equal decimal numbers share, and no others; one of any other line alone.

    >>> _as_numbers("1.0  2e1") == _as_numbers("+1 20") != _as_numbers("1 20.01")
    True
    """
    from decimal import Decimal, InvalidOperation  # slow to fork, and seldom needed

    try:
        numbers = [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return f":{line}"
    if any(number.is_nan() for number in numbers):  # which equals nothing, itself included
        return f":{line}"
    written = ["="]
    for number in numbers:
        digits, _, exponent = f"{number:e}".partition("e")
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        written.append(f"{digits}e{exponent}" if number else "0")
    return " ".join(written)
