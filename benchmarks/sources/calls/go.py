"""Calls in Go."""

import re
from typing import Any

from codecrucible.benchmarks.sources.calls.call import Signature
from codecrucible.benchmarks.sources.calls.literals import escaped
from codecrucible.benchmarks.sources.calls.types import (
    Type,
    items,
    pairs,
    parts_of,
    real,
    text,
    truth,
    unknown,
    whole,
)
from codecrucible.benchmarks.sources.calls.writer import Writer

_INTEGERS = {
    f"{sign}int{bits}": (int(bits or 64), not sign) for sign in ("", "u") for bits in ("", "8", "16", "32", "64")
} | {"byte": (8, False), "rune": (32, True)}
_LETTERS = ("byte", "rune")
_MOST_LEVELS = 20


def _value(value: Any, type_: str, level: int = 0) -> str:
    type_ = type_.strip()
    named = Type(name=type_)
    if level > _MOST_LEVELS:
        raise unknown(named)
    if type_.startswith("[]"):
        return f"{type_}{{{', '.join(_value(each, type_[2:], level + 1) for each in items(value, named))}}}"
    if found := re.match(r"map\[(\w+)\]", type_):
        mapping = Type(name=type_, of=(Type(name=found[1]),))
        written = (
            f"{_value(key, found[1])}: {_value(item, type_[found.end() :], level + 1)}"
            for key, item in pairs(value, mapping, _INTEGERS)
        )
        return f"{type_}{{{', '.join(written)}}}"
    if type_.startswith("*"):
        inner = type_[1:]
        if value is None:
            return f"({type_})(nil)"
        return f"func() {type_} {{ var v {inner} = {_value(value, inner, level + 1)}; return &v }}()"
    if type_ in ("any", "interface{}"):
        return _untyped(value)
    if type_ in _LETTERS and isinstance(value, str) and len(value) == 1:
        return f"{type_}({whole(ord(value), named, *_INTEGERS[type_][:1], signed=_INTEGERS[type_][1])})"
    if type_ in _INTEGERS:
        bits, signed = _INTEGERS[type_]
        return f"{type_}({whole(value, named, bits, signed=signed)})"
    match type_:
        case "bool":
            return truth(value, named)
        case "string":
            return _string(text(value, named))
        case "float32" | "float64":
            return f"{type_}({real(value, named)})"
    raise unknown(named)


def _untyped(value: Any) -> str:
    """A value of any type: those that JSON's are read as."""
    match value:
        case None:
            return "interface{}(nil)"
        case bool():
            return _value(value, "bool")
        case int():
            return _value(value, "int")
        case float():
            return _value(value, "float64")
        case str():
            return _string(value)
        case list():
            return _value(value, "[]interface{}")
    return _value(value, "map[string]interface{}")


def _string(value: str) -> str:
    return escaped(value, "", lambda character: f"\\U{ord(character):08x}")


def _types(prompt: str, entry_point: str) -> Signature | None:
    """The types of the function that a prompt declares."""
    found = re.search(
        rf"^func[ \t]+{re.escape(entry_point)}[ \t]{{0,9}}\((?P<parameters>[^();]{{0,4000}}?)\)[ \t]{{0,9}}"
        r"(?P<result>[^(){\n]{1,300}(?:\{\}[^(){\n]{0,300})?)\{",
        prompt,
        re.MULTILINE,
    )
    if not found:
        return None
    types: list[str] = []
    for part in reversed(parts_of(found["parameters"])):
        _, _, type_ = part.partition(" ")
        types.append(type_.strip() or (types[-1] if types else ""))  # `a, b int` gives the type once
    return Signature(arguments=tuple(reversed(types)), result=found["result"].strip())


WRITER = Writer(
    language="go",
    value=_value,
    types=_types,
    before="func TestCalls(t *testing.T) {\n\t_ = []struct{ actual interface{} }{\n",
    indent="\t\t",
    after="\t}\n}\n",
)
