"""Calls in Java: of a static method of the class `Problem`, which the prompt opens and the tests close."""

import re
from typing import Any

from codecrucible.benchmarks.sources.calls.call import Signature
from codecrucible.benchmarks.sources.calls.literals import escaped
from codecrucible.benchmarks.sources.calls.types import (
    Type,
    items,
    pairs,
    parsed,
    parts_of,
    real,
    split_off,
    text,
    truth,
    unknown,
    whole,
)
from codecrucible.benchmarks.sources.calls.writer import Writer

_BITS = {"short": 16, "Short": 16, "int": 32, "Integer": 32, "long": 64, "Long": 64}
_LISTS = {"List": "ArrayList", "ArrayList": "ArrayList", "Collection": "ArrayList", "LinkedList": "LinkedList"}
_MAPS = {"Map": "HashMap", "HashMap": "HashMap", "TreeMap": "TreeMap", "LinkedHashMap": "LinkedHashMap"}
_TUPLES = ("Pair", "Triplet", "Quartet", "Quintet")
_REFERENCES = ("Short", "Integer", "Long", "Float", "Double", "Boolean", "String")


def _value(value: Any, type_: str) -> str:
    return _written(value, parsed(type_))


def _written(value: Any, type_: Type) -> str:
    name = type_.name.rpartition(".")[2]
    if value is None and name in (*_REFERENCES, *_LISTS, *_MAPS):
        return f"({type_}) null"
    match name, type_.of:
        case (("boolean" | "Boolean"), ()):
            return truth(value, type_)
        case (("float" | "Float" | "double" | "Double"), ()):
            return f"{real(value, type_)}{'f' if name in ('float', 'Float') else ''}"
        case (("char" | "Character"), ()) if isinstance(value, str) and len(value) == 1 and value <= "\uffff":
            return f"(char) {ord(value)}"
        case "String", ():
            return escaped(text(value, type_), "", _utf16)
        case _, () if name in _BITS:
            number = whole(value, type_, _BITS[name], signed=True)
            return f"({name.lower()}) {number}" if _BITS[name] == 16 else f"{number}{'L' if _BITS[name] == 64 else ''}"  # noqa: PLR2004
        case _, (inner,) if name in _LISTS:
            values = ", ".join(_written(each, inner) for each in items(value, type_))
            return f"new java.util.{_LISTS[name]}<{inner}>(java.util.Arrays.<{inner}>asList({values}))"
        case _, (key, item) if name in _MAPS:
            return _map(value, type_, key, item)
        case "Optional", (inner,):
            of = "empty()" if value is None else f"of({_written(value, inner)})"
            return f"java.util.Optional.<{inner}>{of}"
        case _, inners if name in _TUPLES and len(inners) == _TUPLES.index(name) + 2:
            each = zip(items(value, type_, len(inners)), inners, strict=True)
            written = ", ".join(_written(one, inner) for one, inner in each)
            return f"org.javatuples.{name}.<{', '.join(map(str, inners))}>with({written})"
    raise unknown(type_)


def _map(value: Any, type_: Type, key: Type, item: Type) -> str:
    written = [
        f"java.util.Map.<{key}, {item}>entry({_written(one, key)}, {_written(each, item)})"
        for one, each in pairs(value, type_, _BITS)
    ]
    if None in value.values():
        raise ValueError("a map of Java is made without null: leave it out, or give the problem 'tests' instead")
    made = f"java.util.Map.<{key}, {item}>ofEntries({', '.join(written)})"
    return f"new java.util.{_MAPS[type_.name.rpartition('.')[2]]}<{key}, {item}>({made})"


def _utf16(character: str) -> str:
    r"""A character as octal, where `\u` would be read before the string is, else as `\u` of its UTF-16."""
    if ord(character) < 128:  # noqa: PLR2004 - ASCII
        return f"\\{ord(character):03o}"
    data = character.encode("utf-16-be")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(data[::2], data[1::2], strict=True))


def _types(prompt: str, entry_point: str) -> Signature | None:
    """The types of the method that a prompt declares."""
    found = re.search(
        rf"\bstatic[ \t]+(?P<result>[\w.][^\n(){{}};=]{{0,300}}?)[ \t]+{re.escape(entry_point)}[ \t]{{0,9}}"
        r"\((?P<parameters>[^{};]{0,4000}?)\)[^{};()]{0,200}\{",
        prompt,
    )
    if not found:
        return None
    parameters = [re.sub(r"\bfinal\b", "", split_off(part)).strip() for part in parts_of(found["parameters"])]
    return Signature(arguments=tuple(parameters), result=found["result"])


WRITER = Writer(
    language="java",
    value=_value,
    types=_types,
    result=lambda type_: parsed(type_).name,
    before="    public static void main(String[] args) throws Exception {\n",
    indent="        ",
    after="    }\n}\n",
)
