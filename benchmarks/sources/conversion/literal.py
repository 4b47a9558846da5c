"""Values of JSON from the source of literals, as the tests of published files write them in eight languages.

What is covered: numbers, truth values, strings without interpolation, lists, maps, and what stands for none; in C++,
Java and Go with the type that is written before a list. The text may be hostile: what is read is bounded, and nothing
is executed.
What is not: any other expression. Tests that have one keep their source.
"""

import re
from collections.abc import Mapping
from typing import Any

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")
_SUFFIXED = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?:LL|[lLfFdD])(?![\w.])")
_WORD = re.compile(r"\$?[A-Za-z_]\w*")
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "nil": None, "undef": None}

_TYPE = r"[\w:.]+(?:\s*<[\w:.<>,\s*]{0,200}>)?"
#: What may stand before the bracket of a list, and says no more than that it is one.
_PREFIXES: Mapping[str, re.Pattern[str]] = {
    "php": re.compile(r"array(?=\()"),
    "cpp": re.compile(rf"(?:std::)?(?:vector|tuple|pair|map|unordered_map|string)(?:{_TYPE[7:]})?(?=[{{(])"),
    "java": re.compile(r"(?:Arrays\.asList|List\.of|new (?:ArrayList|LinkedList)<\w*>)(?=\()"),
    "go": re.compile(r"(?:\[\])+(?:\w+(?:\{\})?|map\[\w+\]\w+)(?=\{)|map\[\w+\](?:\[\])*\w+(?:\{\})?(?=\{)"),
}
#: What a call of it makes a list, or a string, of its arguments. `vector<int>(3)` is a list of another kind.
_CALLED = re.compile(r"array|(?:std::)?(?:tuple|pair|string)|Arrays|List|new ")
_CLOSING = {"[": "]", "{": "}", "(": ")"}
#: Which brackets hold a value.
_OPENING: Mapping[str, str] = {"cpp": "{(", "java": "(", "go": "{", "php": "[("}
_DEFAULT_OPENING = "[{"
_PAIRS: Mapping[str, str] = {"php": "=>", "perl": "=>", "ruby": "=>"}
_DEFAULT_PAIR = ":"
_TYPED = ("cpp", "java", "go")

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "/": "/", "b": "\b", "f": "\f"}
_INTERPOLATED: Mapping[str, str] = {"php": "$", "perl": "$@", "ruby": "#"}
_PLAIN_SINGLE = ("php", "perl", "ruby")
_MOST_LEVELS, _MOST_DIGITS = 50, 400


class NoLiteral(ValueError):
    """What stands there is no literal that is understood."""


class LiteralReader:
    """Reads values one after the other.

    Args:
        text: Source that holds them.
        language: As `Problem.language` has it.
        names: Values of names that may stand in the place of a literal.

    Attributes:
        at: Index of what is read next.
    """

    def __init__(self, text: str, language: str, names: Mapping[str, Any]) -> None:
        self.at = 0
        self._text, self._language, self._names = text, language, names
        self._openings = _OPENING.get(language, _DEFAULT_OPENING)
        self._pair = _PAIRS.get(language, _DEFAULT_PAIR)

    def takes(self, mark: str) -> bool:
        """Whether `mark` stands here, blanks aside, which is passed then."""
        self._skip()
        if not self._text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def matched(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What `pattern` matches here, blanks aside, which is passed then."""
        self._skip()
        found = pattern.match(self._text, self.at)
        if found:
            self.at = found.end()
        return found

    def ends(self) -> bool:
        """Whether nothing is left but blanks."""
        self._skip()
        return self.at == len(self._text)

    def arguments(self) -> list[Any]:
        """Values up to the bracket that closes a call, which is passed.

        Raises:
            NoLiteral: if there is something else.
        """
        return self._items(")", 0)[0]

    def value(self, level: int = 0) -> Any:
        """The value that begins here.

        Raises:
            NoLiteral: if none does.
        """
        self._skip()
        if level > _MOST_LEVELS:
            raise NoLiteral("too many levels")
        if number := _NUMBER.match(self._text, self.at):
            self.at = number.end()
            return _number(number[0])
        if self._language in _TYPED and (number := _SUFFIXED.match(self._text, self.at)):
            self.at = number.end()
            return _number(number[1])
        prefix = self._prefix()
        here = self._text[self.at : self.at + 1]
        if here in ('"', "'") and here:
            return self._string(here)
        if here and here in self._openings and (here != "(" or _CALLED.match(prefix)):
            return self._collection(here, prefix, level)
        word = _WORD.match(self._text, self.at)
        if prefix or word is None:
            raise self._fault()
        self.at = word.end()
        if word[0] in self._names:
            return self._names[word[0]]
        if word[0] not in _WORDS:
            raise NoLiteral(f"{word[0][:40]!r} is no literal")
        return _WORDS[word[0]]

    def _prefix(self) -> str:
        pattern = _PREFIXES.get(self._language)
        found = pattern.match(self._text, self.at) if pattern else None
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _collection(self, opening: str, prefix: str, level: int) -> Any:
        self.at += 1
        items, keyed = self._items(_CLOSING[opening], level + 1)
        if prefix.removeprefix("std::") == "string":  # `string("x")`
            if len(items) != 1 or not isinstance(items[0], str):
                raise self._fault()
            return items[0]
        if prefix.startswith("new ") and items:  # a copy of a list
            if len(items) != 1 or not isinstance(items[0], list):
                raise self._fault()
            return items[0]
        if opening == "{" and self._language not in _TYPED and not items:
            return {}
        if opening == "{" and self._language == "go" and prefix.startswith("map") and not items:
            return {}
        if opening == "{" and self._language not in _TYPED and not keyed:
            raise NoLiteral("a set")
        return dict(items) if keyed else items

    def _items(self, closing: str, level: int) -> tuple[list[Any], bool]:
        """Values, or pairs of a key and a value, up to `closing`, which is passed; and whether they are pairs."""
        items: list[Any] = []
        keyed: set[bool] = set()
        while not self.takes(closing):
            item = self._key() if (named := self._named_key()) else self.value(level)
            has_key = self.takes(self._pair) if closing != ")" or self._language == "php" else False
            if named and not has_key:
                raise self._fault()
            items.append((self._text_of(item), self.value(level)) if has_key else item)
            keyed.add(has_key)
            if not self.takes(","):
                if not self.takes(closing):
                    raise self._fault()
                break
        if len(keyed) > 1 or (True in keyed and len({name for name, _ in items}) < len(items)):
            raise NoLiteral("keys that are there twice, or beside values without any")
        return items, True in keyed

    def _named_key(self) -> bool:
        """Whether a key without quotes stands here, as JavaScript has it."""
        self._skip()
        return self._language in ("javascript", "typescript") and bool(
            re.compile(r"[A-Za-z_$][\w$]*\s*:").match(self._text, self.at)
        )

    def _key(self) -> str:
        found = re.compile(r"[A-Za-z_$][\w$]*").match(self._text, self.at)
        assert found is not None  # noqa: S101 - `_named_key` has seen it
        self.at = found.end()
        return found[0]

    def _text_of(self, key: Any) -> str:
        """A key as JSON has it."""
        if type(key) is int and self._language != "ruby":
            return str(key)
        if not isinstance(key, str):
            raise NoLiteral("a key that is no string")
        return key

    def _string(self, quote: str) -> str:
        made, at = [], self.at + 1
        plain = quote == "'" and self._language in _PLAIN_SINGLE
        while (character := self._text[at : at + 1]) != quote:
            if not character:
                raise NoLiteral("a string that does not end")
            if character == "\\":
                text, at = self._escape(at + 1, plain=plain, quote=quote)
                made.append(text)
                continue
            if not plain and character in _INTERPOLATED.get(self._language, ""):
                raise NoLiteral("a string with what is perhaps a variable")
            made.append(character)
            at += 1
        self.at = at + 1
        return "".join(made)

    def _escape(self, at: int, *, plain: bool, quote: str) -> tuple[str, int]:
        """What a backslash before `at` stands for, and where it ends."""
        character = self._text[at : at + 1]
        if plain:
            return (character, at + 1) if character in ("\\", quote) and character else ("\\", at)
        if character in ("x", "u"):
            found = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})").match(self._text, at)
            code = int(found[1] or found[2], 16) if found else 0
            if not found or 0xD800 <= code <= 0xDFFF or (found[1] and code > 127):  # noqa: PLR2004 - bytes or letters
                raise NoLiteral("an escape in a string")
            return chr(code), found.end()
        if character in _INTERPOLATED.get(self._language, "") and character:
            return character, at + 1
        if character not in _ESCAPES:
            raise NoLiteral("an escape in a string")
        return _ESCAPES[character], at + 1

    def _skip(self) -> None:
        while self._text[self.at : self.at + 1].isspace():
            self.at += 1

    def _fault(self) -> NoLiteral:
        return NoLiteral(f"{self._text[self.at : self.at + 40]!r} is no literal")


def literal_of(text: str, language: str, names: Mapping[str, Any]) -> Any:
    r"""The value that the whole of `text` is.

    Raises:
        NoLiteral: if it is none.

    >>> literal_of('vector<vector<string>>{{string("a")}, {}}', "cpp", {})
    [['a'], []]
    >>> literal_of("['a' => [1, -2.5], 'b' => x]", "php", {"x": None})
    {'a': [1, -2.5], 'b': None}
    """
    reader = LiteralReader(text, language, names)
    value = reader.value()
    if not reader.ends():
        raise NoLiteral(f"{text[reader.at : reader.at + 40]!r} stands behind a literal")
    return value


def _number(text: str) -> float:
    if len(text) > _MOST_DIGITS:
        raise NoLiteral("a number that is too long")
    if re.fullmatch(r"[-+]?\d+", text):
        if len(text) > 1 and text.lstrip("-+").startswith("0") and text.strip("-+0"):
            raise NoLiteral("a number in octal")
        return int(text)
    return float(text)
