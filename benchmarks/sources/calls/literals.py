"""How values are written in languages that need no types."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from codecrucible.benchmarks.sources.calls.writer import Writer

#: The largest whole number of languages with numbers of 64 bits, and of those that have nothing but `double`.
_SIGNED, _DOUBLE = (1 << 63) - 1, (1 << 53) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Literals:
    """The literals of a language.

    Attributes:
        language: Its name, for messages.
        nothing: For `null`.
        truth: For `false` and `true`; () where the language has neither.
        string: From a text to its literal.
        sequence: What a list begins and ends with.
        mapping: What a map begins and ends with.
        pair: What stands before a key, and between it and its value.
        largest: The largest whole number that is exact; None if all are.
        holes: Whether `null` can stand in a list or a map.
    """

    language: str
    nothing: str
    truth: tuple[str, str] | tuple[()] = ("false", "true")
    string: Callable[[str], str]
    sequence: tuple[str, str] = ("[", "]")
    mapping: tuple[str, str] = ("{", "}")
    pair: tuple[str, str] = ("", " => ")
    largest: int | None = _SIGNED
    holes: bool = True

    def written(self, value: Any, _type: str = "") -> str:
        """Source of a value as JSON has it.

        Raises:
            ValueError: if the language has no literal for it; says what to do.
        """
        match value:
            case None:
                return self.nothing
            case bool():
                if not self.truth:
                    raise ValueError(f"{self.language} has no truth values: write 1, 0 or an empty string instead")
                return self.truth[value]
            case int() | float():
                return self._number(value)
            case str():
                return self.string(value)
            case list():
                return self.sequence[0] + ", ".join(map(self._inner, value)) + self.sequence[1]
        opening, between = self.pair
        pairs = (f"{opening}{self.string(key)}{between}{self._inner(item)}" for key, item in value.items())
        return self.mapping[0] + ", ".join(pairs) + self.mapping[1]

    def _inner(self, value: Any) -> str:
        if value is None and not self.holes:
            raise ValueError(f"a table of {self.language} holds no null: leave it out, or write another value")
        return self.written(value)

    def _number(self, value: float) -> str:
        if isinstance(value, int) and self.largest is not None and abs(value) > self.largest:
            raise ValueError(f"{self.language} has no exact number of this size: write a string, or a smaller one")
        return repr(value)


def escaped(text: str, special: str, other: Callable[[str], str]) -> str:
    r"""A literal in double quotes.

    Args:
        text: What it holds.
        special: Characters that are written with a backslash before them, beside it and the quote.
        other: How a character is written that is no printed one of ASCII.

    >>> print(escaped('a "$b"\n', "$", lambda character: f"\x{ord(character):02x}"))
    "a \"\$b\"\x0a"
    """
    written = (
        f"\\{character}" if character in f'"\\{special}' else character if " " <= character <= "~" else other(character)
        for character in text
    )
    return f'"{"".join(written)}"'


def in_bytes(escape: str) -> Callable[[str], str]:
    """How a character is written as the bytes of its UTF-8, each with `escape`."""
    return lambda character: "".join(escape.format(byte) for byte in character.encode())


_JAVASCRIPT = Literals(
    language="javascript",
    nothing="null",
    string=json.dumps,
    pair=("[", "]: "),  # with which "__proto__" is a key like any other
    largest=_DOUBLE,
)
_PHP = Literals(
    language="php",
    nothing="null",
    string=lambda text: escaped(text, "$", in_bytes("\\x{:02x}")),
    mapping=("[", "]"),
)
_RUBY = Literals(
    language="ruby",
    nothing="nil",
    string=lambda text: escaped(text, "#", lambda character: f"\\u{{{ord(character):x}}}"),
    largest=None,
)
_PERL = Literals(
    language="perl",
    nothing="undef",
    truth=(),
    string=lambda text: escaped(text, "$@", lambda character: f"\\x{{{ord(character):x}}}"),
    mapping=("+{", "}"),
)
_LUA = Literals(
    language="lua",
    nothing="nil",
    string=lambda text: escaped(text, "", in_bytes("\\x{:02x}")),
    sequence=("{", "}"),
    pair=("[", "] = "),
    holes=False,
)

_SCRIPT_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)

DYNAMIC = (
    Writer(language="javascript", value=_JAVASCRIPT.written, name=_SCRIPT_NAME),
    Writer(
        language="typescript",
        value=replace(_JAVASCRIPT, language="typescript").written,
        name=_SCRIPT_NAME,
        before="declare var require: any;\n",
    ),
    Writer(language="php", value=_PHP.written, keyword="{name}: {value}"),
    Writer(
        language="ruby",
        value=_RUBY.written,
        keyword="{name}: {value}",
        name=re.compile(r"[A-Za-z_]\w*[?!]?", re.ASCII),
    ),
    Writer(language="perl", value=_PERL.written),
    Writer(language="lua", value=_LUA.written),
)
"""Languages whose calls need no types, with a printer each."""
