"""Prints values of JavaScript as JSON, and says which of them `assert.deepEqual` takes for equal.

What JSON has no word for is an object whose key "@" says what it is; own keys that begin with "@" get a second one.
`deepEqual` compares loosely: `"1"` equals `1`, and `null` equals `undefined`. No text can say that, so two texts are
compared by `loosely_equal`, which follows Node.js 18.
"""

import json
import math
import re
from typing import Any

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
const crucibleAnswer: any = (() => {
  const { writeSync } = require("fs"), { Buffer } = require("buffer"), tagOf = Object.prototype.toString;
  const own = (value) => Object.keys(value).sort(), path = [];
  const deep = (value) => {
    if (path.includes(value) || path.length > 200) return '{"@":"endless"}';
    path.push(value);
    const text = whole(value);
    path.pop();
    return text;
  };
  const fields = (value, keys) =>
    keys.map((key) => JSON.stringify(key[0] === "@" ? "@" + key : key) + ":" + print(value[key])).join(",");
  const elements = (value) => {
    const texts = [];
    for (let at = 0; at < value.length; at++) {
      texts.push(Object.prototype.hasOwnProperty.call(value, at) ? print(value[at]) : '{"@":"hole"}');
    }
    return "[" + texts.join(",") + "]";
  };
  const whole = (value) => {
    const tag = tagOf.call(value);
    if (Array.isArray(value)) {
      const keys = Object.keys(value).length > value.length ? own(value).filter((key) => !/^\d+$/.test(key)) : [];
      return keys.length ? `{"@":"array","of":${elements(value)},"own":{${fields(value, keys)}}}` : elements(value);
    }
    if (tag === "[object Object]") return `{${fields(value, own(value))}}`;
    let of = "";
    const pair = ([key, item]) => `[${print(key)},${print(item)}]`;
    if (value instanceof Map) of = Array.from(value, pair).sort().join(",");
    else if (value instanceof Set) of = Array.from(value, print).sort().join(",");
    else if (value instanceof Error) of = print(`${value.name}: ${value.message}`);
    else if (value instanceof RegExp) of = print(String(value));
    else if (value instanceof Date || value instanceof Number || value instanceof String || value instanceof Boolean) {
      of = print(value.valueOf());
    }
    return `{"@":${JSON.stringify(tag)},"of":[${of}],"own":{${fields(value, own(value))}}}`;
  };
  const print = (value) => {
    if (value === null) return "null";
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : `{"@":"number","is":"${value}"}`;
    if (typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
    if (typeof value === "bigint") return `{"@":"bigint","is":"${value}"}`;
    return typeof value === "object" ? deep(value) : `{"@":"${typeof value}"}`;
  };
  return (number, value) => {
    const text = Buffer.from(print(value));
    const whole = Buffer.concat([Buffer.from(`${number} ${text.length} `), text, Buffer.from("\n")]);
    for (let at = 0; at < whole.length; ) at += writeSync(3, whole, at);
  };
})();
"""
_STATEMENT = "crucibleAnswer({number}, {value});"

_BLANK = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_OUTER_BLANKS = re.compile(f"^[{_BLANK}]+|[{_BLANK}]+$")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)", re.ASCII)

_RADIX = {"0x": 16, "0o": 8, "0b": 2}
_UNDEFINED: dict[str, Any] = {"@": "undefined"}
_PRIMITIVES = ("undefined", "number", "bigint", "function", "symbol")


def loosely_equal(answer: str, expected: str) -> bool:
    """Whether `assert.deepEqual` takes two printed values for equal.

    >>> [loosely_equal(a, b) for a, b in (('["1"]', "[1]"), ("null", '{"@":"undefined"}'), ("[]", '""'))]
    [True, True, False]
    """
    try:
        return _equal(*(json.loads(text, parse_int=float) for text in (answer, expected)))
    except (ValueError, TypeError, LookupError, RecursionError):  # it is no text of the printer's
        return False


def _equal(one: Any, other: Any) -> bool:
    if _is_primitive(one) or _is_primitive(other):
        return _is_primitive(one) and _is_primitive(other) and _same_primitive(one, other)
    if isinstance(one, list) or isinstance(other, list):
        return isinstance(one, list) and isinstance(other, list) and _all_equal(one, other)
    if "@" not in one and "@" not in other:
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if one.get("@") != other.get("@") or one["@"] == "endless":
        return False
    if one["@"] == "hole":
        return True
    unordered = one["@"] in ("[object Set]", "[object Map]")
    same = _matched(one["of"], other["of"]) if unordered else _all_equal(one["of"], other["of"])
    return same and _equal(one["own"], other["own"])


def _all_equal(ones: list[Any], others: list[Any]) -> bool:
    return len(ones) == len(others) and all(_equal(one, other) for one, other in zip(ones, others, strict=True))


def _matched(ones: list[Any], others: list[Any]) -> bool:
    """Whether each of `ones` has an equal of its own among `others`."""
    left = list(others)
    for one in ones:
        place = next((place for place, other in enumerate(left) if _equal(one, other)), None)
        if place is None:
            return False
        del left[place]
    return not left


def _is_primitive(value: Any) -> bool:
    return not isinstance(value, list | dict) or (isinstance(value, dict) and value.get("@") in _PRIMITIVES)


def _same_primitive(one: Any, other: Any) -> bool:
    """`==`, and NaN equals itself."""
    nothing = (None, _UNDEFINED)
    if one in nothing or other in nothing:
        return one in nothing and other in nothing
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    numbers = _number(one), _number(other)
    if None in numbers:  # functions and symbols are equal to themselves alone
        return False
    if all(isinstance(each, float) and math.isnan(each) for each in numbers):
        return not isinstance(one, str) and not isinstance(other, str)
    return numbers[0] == numbers[1]


def _number(value: Any) -> float | int | None:
    """The number that `==` compares a primitive by."""
    if isinstance(value, bool | float):
        return float(value)
    if isinstance(value, str):
        return _number_of_text(_OUTER_BLANKS.sub("", value))
    if value.get("@") == "bigint":
        return int(value["is"])
    return float(value["is"].replace("Infinity", "inf")) if value.get("@") == "number" else None


def _number_of_text(text: str) -> float | int:
    if not text:
        return 0.0
    if text[:2].lower() in _RADIX:
        digits = text[2:]
        return float(int(digits, _RADIX[text[:2].lower()])) if digits.isalnum() else math.nan
    if text.lstrip("+-") == "Infinity" and len(text) <= len("+Infinity"):
        return float(text.replace("Infinity", "inf"))
    return float(text) if _DECIMAL.fullmatch(text) else math.nan


PRINTER = Printer(text=_TEXT.replace(": any", ""), statement=_STATEMENT, equal=loosely_equal)
"""JavaScript's."""

TYPED_PRINTER = Printer(
    text=_TEXT,
    statement=_STATEMENT,
    expected="declare var require: any;\n{printer}\n{statements}\n",
    equal=loosely_equal,
)
"""TypeScript's."""
