"""Types as C++, Java and Rust write them: a name, and perhaps others in angle brackets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][\w:.]*(?:\s+[A-Za-z_]\w*)*|&)|(?P<mark>[<>,()]))")
_MOST_LEVELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type.

    Attributes:
        name: The type's, "()" for a tuple of Rust, "&" for what is lent.
        of: What stands in its brackets.
    """

    name: str
    of: tuple["Type", ...] = ()

    def __str__(self) -> str:
        """As it is written."""
        inner = ", ".join(map(str, self.of))
        if self.name == "()":
            return f"({inner}{',' if len(self.of) == 1 else ''})"
        return f"&{inner}" if self.name == "&" else f"{self.name}<{inner}>" if self.of else self.name


def parsed(text: str) -> Type:
    """The type that `text` is.

    Raises:
        ValueError: if it is none that is understood.

    >>> str(parsed("std::map<std::string,std::vector<long long>>")), str(parsed("Vec<(&str, f64)>"))
    ('std::map<std::string, std::vector<long long>>', 'Vec<(&str, f64)>')
    """
    found, at = _type(text, 0, 0)
    if text[at:].strip():
        raise _fault(text)
    return found


def parts_of(text: str) -> list[str]:
    """What commas part in `text`, outside of its brackets; none if there is nothing."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<([{") - (character in ">)]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts] if text.strip() else []


def split_off(parameter: str) -> str:
    """The type of a parameter that its name follows."""
    return re.sub(r"\s*\b\w+$", "", parameter)


def items(value: Any, type_: Type, number: int | None = None) -> list[Any]:
    """The items of a list, which are `number` if that is given.

    Raises:
        ValueError: if it is no such list.
    """
    right = isinstance(value, list) and number in (None, len(value))
    _need(right, f"a {type_} is written as a list{f' of {number}' if number is not None else ''}")
    return list(value)


def pairs(value: Any, type_: Type, integers: Iterable[str]) -> list[tuple[Any, Any]]:
    """Keys and values of a map. Where the type of its keys is one of `integers`, they are whole numbers in strings.

    Raises:
        ValueError: if it is none.
    """
    _need(isinstance(value, dict), f"a {type_} is written as an object")
    if type_.of[0].name not in integers:
        return list(value.items())
    exact = all(re.fullmatch(r"0|-?[1-9][0-9]{0,18}", key) for key in value)
    _need(exact, f'the keys of a {type_} are whole numbers in strings, such as "42"')
    return [(int(key), item) for key, item in value.items()]


def whole(value: Any, type_: Type, bits: int, *, signed: bool) -> int:
    """A whole number of so many bits.

    Raises:
        ValueError: if it is none, or too large.
    """
    _need(type(value) is int, f"{type_} is a whole number")
    least = 1 - (1 << bits - 1) if signed else 0
    _need(least <= value < 1 << bits - signed, f"{type_} has no number of this size")
    return int(value)


def real(value: Any, type_: Type) -> str:
    """A number as a literal with a point.

    Raises:
        ValueError: if it is none.
    """
    _need(type(value) in (int, float), f"{type_} is a number")
    return repr(float(value))


def text(value: Any, type_: Type) -> str:
    """A string.

    Raises:
        ValueError: if it is none.
    """
    _need(isinstance(value, str), f"{type_} is a string")
    return str(value)


def truth(value: Any, type_: Type) -> str:
    """A truth value, as all of these languages write it.

    Raises:
        ValueError: if it is none.
    """
    _need(isinstance(value, bool), f"{type_} is true or false")
    return "true" if value else "false"


def _need(right: bool, what: str) -> None:
    if not right:
        raise ValueError(what)


def unknown(type_: Type) -> ValueError:
    """The error of a type that JSON has no values of."""
    return ValueError(f"no value of JSON is a {str(type_)[:60]}: give the problem 'tests' instead")


def _type(text: str, at: int, level: int) -> tuple[Type, int]:
    token = _TOKEN.match(text, at)
    if token is None or level > _MOST_LEVELS:
        raise _fault(text)
    if token["name"] == "&":
        inner, at = _type(text, token.end(), level + 1)
        return Type(name="&", of=(inner,)), at
    if token["mark"] == "(":
        of, at = _inner(text, token.end(), ")", level)
        return Type(name="()", of=of), at
    if not token["name"]:
        raise _fault(text)
    name, at = " ".join(token["name"].split()), token.end()
    opening = _TOKEN.match(text, at)
    if opening is None or opening["mark"] != "<":
        return Type(name=name), at
    of, at = _inner(text, opening.end(), ">", level)
    return Type(name=name, of=of), at


def _inner(text: str, at: int, closing: str, level: int) -> tuple[tuple[Type, ...], int]:
    """Types up to a bracket that closes, and where they end."""
    found: list[Type] = []
    while True:
        token = _TOKEN.match(text, at)
        if token and token["mark"] == closing:
            return tuple(found), token.end()
        inner, at = _type(text, at, level + 1)
        found.append(inner)
        token = _TOKEN.match(text, at)
        if token is None or token["mark"] not in (",", closing):
            raise _fault(text)
        at = token.start() if token["mark"] == closing else token.end()


def _fault(text: str) -> ValueError:
    return ValueError(f"{text.strip()[:60]!r} is no type that is understood: give the problem 'tests' instead")
