"""Calls in Rust."""

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
    text,
    truth,
    unknown,
    whole,
)
from codecrucible.benchmarks.sources.calls.writer import Writer

_INTEGERS = {
    f"{sign}{bits}": (64 if bits == "size" else int(bits), sign == "i")
    for sign in "iu"
    for bits in ("8", "16", "32", "64", "128", "size")
}
_MAPS = {"HashMap": "std::collections::HashMap", "BTreeMap": "std::collections::BTreeMap"}


def _value(value: Any, type_: str) -> str:
    return _written(value, parsed(type_))


def _written(value: Any, type_: Type) -> str:
    match type_.name.rpartition("::")[2], type_.of:
        case "bool", ():
            return truth(value, type_)
        case ("f32" | "f64") as name, ():
            return f"{real(value, type_)}{name}"
        case "char", () if isinstance(value, str) and len(value) == 1:
            return f"'\\u{{{ord(value):x}}}'"
        case "String", ():
            return f"String::from({_string(value, type_)})"
        case "Vec", (inner,):
            return f"Vec::<{inner}>::from([{_all(items(value, type_), inner)}])"
        case "Option", (inner,):
            return f"None::<{inner}>" if value is None else f"Some::<{inner}>({_written(value, inner)})"
        case ("HashMap" | "BTreeMap") as name, (key, item):
            written = (
                f"({_written(one, key)}, {_written(each, item)})" for one, each in pairs(value, type_, _INTEGERS)
            )
            return f"{_MAPS[name]}::<{key}, {item}>::from([{', '.join(written)}])"
        case "()", inners if inners:
            each = zip(items(value, type_, len(inners)), inners, strict=True)
            return f"({''.join(f'{_written(one, inner)}, ' for one, inner in each)})"
        case "&", (Type(name="str"),):
            return _string(value, type_)
        case "&", (inner,):
            return f"&{_written(value, inner)}"
        case name, () if name in _INTEGERS:
            bits, signed = _INTEGERS[name]
            return f"{whole(value, type_, bits, signed=signed)}{name}"
    raise unknown(type_)


def _all(values: list[Any], type_: Type) -> str:
    return ", ".join(_written(each, type_) for each in values)


def _string(value: Any, type_: Type) -> str:
    return escaped(text(value, type_), "", lambda character: f"\\u{{{ord(character):x}}}")


def _types(prompt: str, entry_point: str) -> Signature | None:
    """The types of the function that a prompt declares."""
    found = re.search(
        rf"\bfn[ \t]+{re.escape(entry_point)}[ \t]{{0,9}}\((?P<parameters>[^{{}};]{{0,4000}}?)\)[ \t\n]{{0,9}}"
        r"->[ \t]{0,9}(?P<result>[^{};\n]{1,300})\{",
        prompt,
    )
    if not found:
        return None
    parameters = [_lent(part.partition(":")[2]) for part in parts_of(found["parameters"])]
    return Signature(arguments=tuple(parameters), result=_lent(found["result"]))


def _lent(type_: str) -> str:
    """A type without its lifetimes, and with a vector for a slice."""
    plain = re.sub(r"&[ \t]*'\w+[ \t]*", "&", type_).strip()
    return re.sub(r"&\[([^\[\];]+)\]", r"&Vec<\1>", plain)


WRITER = Writer(
    language="rust", value=_value, types=_types, result=_lent, before="fn main() {\n", indent="    ", after="}\n"
)
