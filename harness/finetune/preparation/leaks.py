"""Secrets and e-mail addresses in a text, and the text without them.

What is covered: what the detectors of detect-secrets for one kind of key each know, passwords that are assigned, and
e-mail addresses outside of the domains that are reserved for examples. What is not: keys that nothing but their
randomness gives away, because digests and encoded data look the same; passwords in lines of more than 300 characters.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

SECRET = "<secret>"  # noqa: S105  # what stands in its place
EMAIL = "<email>"

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w@])")
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid)$", re.IGNORECASE)
_PRIVATE_KEY = "Private Key"
#: Detectors that find randomness, or what is public.
_LEFT_OUT = frozenset({"Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector"})
_SHORTEST = 4
#: Characters of the lines in which passwords are looked for.
_PASSWORD_LINE = 300
_BLANKS = re.compile(r"[^\S\n]{2,}")


class PrivateKey(Exception):
    """A text holds a private key, of which no part can be told from other text."""


def without_leaks(text: str) -> tuple[str, int]:
    """`text` with each secret and address replaced, and how many there were.

    Raises:
        PrivateKey: if it holds one.
    """
    secrets = _secrets(text)
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, SECRET)
    found = len(secrets)

    def replaced(match: re.Match[str]) -> str:
        nonlocal found
        if _RESERVED.search(match[1]):
            return match[0]
        found += 1
        return EMAIL

    return _EMAIL.sub(replaced, text), found


def _secrets(text: str) -> set[str]:
    found: set[str] = set()
    text = _BLANKS.sub(" ", text)  # several detectors take quadratic time over blanks, and no secret has two in a row
    for detector in _detectors():
        patterns = getattr(detector, "denylist", None)
        if patterns is None:  # the one for passwords knows a line at a time, and what not to report
            found.update(secret for line in _password_lines(text) for secret in detector.analyze_string(line))
            continue
        matches = [match for pattern in patterns for match in pattern.finditer(text)]
        if matches and detector.secret_type == _PRIVATE_KEY:
            raise PrivateKey
        found.update(map(_secret, matches))
    return {secret for secret in found if len(secret) >= _SHORTEST and SECRET not in secret}


def _secret(match: re.Match[str]) -> str:
    """The key in a match: a group of its own after a name that is assigned to, else all of it."""
    longest = max((group for group in match.groups() if group), key=len, default="")
    return longest if len(longest) >= _SHORTEST else match[0]


def _password_lines(text: str) -> list[str]:
    """Lines in which the detector of passwords may find one, without those over which it would take minutes."""
    return [line for line in text.splitlines() if len(line) <= _PASSWORD_LINE and _password_words().search(line)]


@cache
def _password_words() -> re.Pattern[str]:
    """What every line has in which the detector of passwords finds one."""
    from detect_secrets.plugins.keyword import DENYLIST

    return re.compile("|".join(DENYLIST), re.IGNORECASE)


@cache
def _detectors() -> tuple[Any, ...]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    plugins: Iterable[Any] = get_mapping_from_secret_type_to_class().values()
    chosen = [plugin for plugin in plugins if plugin.__name__ not in _LEFT_OUT]
    return tuple(plugin() for plugin in sorted(chosen, key=lambda plugin: str(plugin.__name__)))
