"""Which braces of a source close which, comments and strings left out, without parsing the language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Possessive throughout, and an unclosed token goes to the end: each character of a hostile text is read once.
_C_COMMENTS = r"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_HASH_COMMENT = r"(?<![$\w{\\&])\#[^\n]*+"
_LINE_STRING = r'"(?:\\.|[^"\\\n])*+"?'
_LONG_STRING = r'"""(?:[^"]|"(?!""))*+(?:"{3,}+)?'
_STRING = r'"(?:\\.|[^"\\])*+"?'
_QUOTED = r"'(?:\\.|[^'\\\n])*+'?"
_CHARACTER = r"'(?:\\[^\n']{1,10}+|\\'|[^'\\\n])'"  # not the ' of a Rust lifetime
_BACKQUOTED = r"`(?:\\.|[^`\\])*+`?"


def _tokens(*skipped: str) -> re.Pattern[str]:
    skip = "|".join(f"(?:{one})" for one in skipped)
    return re.compile(rf"{skip}|(?P<brace>[{{}}])", re.DOTALL)


BRACES: Mapping[str, re.Pattern[str]] = {
    "bash": _tokens(r"\\.", r"(?<![^\s;])\#[^\n]*+", _STRING, r"'[^']*+'?"),
    "cpp": _tokens(_C_COMMENTS, r'R"\((?:[^)]|\)(?!"))*+(?:\)")?', _LINE_STRING, _CHARACTER),
    "csharp": _tokens(_C_COMMENTS, _LONG_STRING, r'\$?@\$?"(?:[^"]|"")*+"?', _LINE_STRING, _CHARACTER),
    "d": _tokens(_C_COMMENTS, r"/\+(?:[^+]|\+(?!/))*+", r"`[^`]*+`?", _STRING, _CHARACTER),
    "dart": _tokens(_C_COMMENTS, _LONG_STRING, _LINE_STRING, _QUOTED),
    "go": _tokens(_C_COMMENTS, r"`[^`]*+`?", _LINE_STRING, _CHARACTER),
    "java": _tokens(_C_COMMENTS, _LONG_STRING, _LINE_STRING, _CHARACTER),
    "javascript": _tokens(_C_COMMENTS, _LINE_STRING, _QUOTED, _BACKQUOTED),
    "perl": _tokens(r"\\.", _HASH_COMMENT, _STRING, _QUOTED),
    "php": _tokens(_C_COMMENTS, r"\#(?!\[)[^\n]*+", _STRING, r"'(?:\\.|[^'\\])*+'?"),
    "r": _tokens(r"\#[^\n]*+", _STRING, r"'(?:\\.|[^'\\])*+'?", r"`[^`\n]*+`?"),
    "rust": _tokens(_C_COMMENTS, r'\br\#"(?:[^"]|"(?!\#))*+(?:"\#)?', _STRING, _CHARACTER),
    "scala": _tokens(_C_COMMENTS, _LONG_STRING, _LINE_STRING, _CHARACTER),
    "swift": _tokens(_C_COMMENTS, _LONG_STRING, _LINE_STRING),
    "typescript": _tokens(_C_COMMENTS, _LINE_STRING, _QUOTED, _BACKQUOTED),
}
"""What matches a brace, as the group `brace`, or what may hold one that is none, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Braces:
    """The braces of a source.

    Attributes:
        blocks: Offsets of `{` and of the `}` that closes it, ascending.
        unclosed: Offsets of each `{` that nothing closes.
        unopened: Offsets of each `}` that closes nothing.
    """

    blocks: tuple[tuple[int, int], ...]
    unclosed: tuple[int, ...]
    unopened: tuple[int, ...]


def braces(source: str, language: str) -> Braces:
    """Braces of `source`; of a language that blocks are not in braces, none."""
    opened: list[int] = []
    blocks, unopened = [], []
    for token in BRACES[language].finditer(source) if language in BRACES else ():
        if token["brace"] == "{":
            opened.append(token.start())
        elif token["brace"] and opened:
            blocks.append((opened.pop(), token.start()))
        elif token["brace"]:
            unopened.append(token.start())
    return Braces(blocks=tuple(sorted(blocks)), unclosed=tuple(opened), unopened=tuple(unopened))
