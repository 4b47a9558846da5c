"""Calls in C++."""

import re
from typing import Any

from codecrucible.benchmarks.sources.calls.call import Signature
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

_INT = {
    **dict.fromkeys(("short", "int16_t"), (16, True)),
    **dict.fromkeys(("int", "int32_t"), (32, True)),
    **dict.fromkeys(("long", "long int", "long long", "long long int", "int64_t", "ptrdiff_t"), (64, True)),
    **dict.fromkeys(("unsigned", "unsigned int", "uint32_t"), (32, False)),
    **dict.fromkeys(("unsigned long", "unsigned long long", "size_t", "uint64_t"), (64, False)),
}
_INTEGERS = {f"{space}{name}": bits for name, bits in _INT.items() for space in ("", "std::")}


_OF_STD = {
    *("string", "vector", "map", "unordered_map", "optional", "tuple", "pair", "size_t", "ptrdiff_t"),
    *(f"{prefix}int{bits}_t" for prefix in ("", "u") for bits in (16, 32, 64)),
}
"""What a program may write without `std::`, and who has no `using` may not."""


def _value(value: Any, type_: str) -> str:
    return _written(value, _parsed(type_))


def _parsed(text: str) -> Type:
    return _of_std(parsed(text))


def _of_std(type_: Type) -> Type:
    name = f"std::{type_.name}" if type_.name in _OF_STD else type_.name
    return Type(name=name, of=tuple(map(_of_std, type_.of)))


def _written(value: Any, type_: Type) -> str:
    match type_.name.removeprefix("std::"), type_.of:
        case "bool", ():
            return truth(value, type_)
        case "float" | "double", ():
            return f"({type_}){real(value, type_)}"
        case "char", () if isinstance(value, str) and len(value) == 1 and value.isascii():
            return f"(char){ord(value)}"
        case "string", ():
            data = text(value, type_).encode()
            return f'std::string("{"".join(map(_escaped, data))}", {len(data)})'
        case "vector", (inner,):
            return f"{type_}{{{', '.join(_written(each, inner) for each in items(value, type_))}}}"
        case (("map" | "unordered_map"), (key, item)):
            written = (
                f"std::pair<const {key}, {item}>({_written(name, key)}, {_written(each, item)})"
                for name, each in pairs(value, type_, _INTEGERS)
            )
            return f"{type_}{{{', '.join(written)}}}"
        case "optional", (inner,):
            return f"{type_}({'' if value is None else _written(value, inner)})"
        case (("tuple" | "pair"), inners):
            each = zip(items(value, type_, len(inners)), inners, strict=True)
            return f"{type_}({', '.join(_written(one, inner) for one, inner in each)})"
        case _, () if type_.name in _INTEGERS:
            bits, signed = _INTEGERS[type_.name]
            return f"({type_}){whole(value, type_, bits, signed=signed)}{'LL' if signed else 'ULL'}"
    raise unknown(type_)


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}"  # noqa: PLR2004 - printed ASCII


def _types(prompt: str, entry_point: str) -> Signature | None:
    """The types of the function that a prompt declares, without what only says how they are passed."""
    found = re.search(
        rf"^[ \t]*(?P<result>[A-Za-z_][^\n(){{}};=]{{0,300}}?)[ \t&]{{1,9}}{re.escape(entry_point)}[ \t]{{0,9}}"
        r"\((?P<parameters>[^{};]{0,4000}?)\)[ \t\n]{0,9}[{;]",
        prompt,
        re.MULTILINE,
    )
    if not found:
        return None
    parameters = [_by_value(split_off(part)) for part in parts_of(found["parameters"])]
    return Signature(arguments=tuple(parameters), result=_by_value(found["result"]))


def _by_value(type_: str) -> str:
    """A type without `const`, and without the `&` of what is not changed; what is changed in place keeps it."""
    plain = re.sub(r"\b(?:const|static|inline)\b", "", type_).strip()
    return plain.rstrip(" &") if re.search(r"\bconst\b", type_) else plain


WRITER = Writer(
    language="cpp",
    value=_value,
    types=_types,
    result=lambda type_: str(_parsed(type_)),
    before="int main() {\n",
    indent="    ",
    after="}\n",
)
