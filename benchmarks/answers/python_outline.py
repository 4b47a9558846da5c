"""What a piece of Python binds and uses at its top level, read by tokens.

A piece is untrusted and may be any text: each character is read once, nothing raises, and there is no parser that a
text could bring down. Scopes are not told apart: a name that is bound anywhere in a piece counts as its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from keyword import iskeyword

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f]++|\\\r?\n)
    | (?P<comment>\#[^\n]*+)
    | (?P<newline>\n)
    | (?P<string>[rRbBuUfF]{0,2}+(?:
          \"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
        | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'?))
    | (?P<name>[^\W\d]\w*+)
    | (?P<number>\d[\w.]*+)
    | (?P<operator>:=|->|(?:\*\*|//|>>|<<|[-+*/%@&|^=<>!])?=|\*\*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"[ \t]*+(?:async[ \t]+)?(?:def|class)\b[^\n]*[:(,]|@\w")
_WORD = re.compile(r"[^\W\d]\w*")
_COMPOUND = frozenset({"if", "elif", "else", "try", "except", "finally", "for", "while", "with", "match", "case"})
_CONTINUED = frozenset({"elif", "else", "except", "finally"})
_BLOCKS = _COMPOUND | {"def", "class", "async"}
_VALUES = frozenset({"all", "any", "dict", "filter", "list", "map", "max", "min", "reduce", "set", "sorted", "sum",
                     "tuple", "zip", "print", "len", "str", "int", "float"})  # fmt: skip
"""What is called with a function and gives none back."""

FACTORIES = frozenset({"partial", "getattr", "itemgetter", "attrgetter", "methodcaller"})
_MAIN = "__name__"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is neither white space nor a comment; `depth` counts the brackets around it."""

    kind: str
    text: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A logical line.

    Attributes:
        start: Where it starts, comments, blank lines and decorators before it included.
        end: Where it ends.
        indent: Columns of its indentation.
        tokens: At least one.
        binds: Names that it gives a value.
        comments: Text of the comments before and in it.
    """

    start: int
    end: int
    indent: int
    tokens: tuple[Token, ...]
    binds: frozenset[str]
    comments: str

    @property
    def word(self) -> str:
        """The word that says what kind of line it is."""
        first = self.tokens[0].text
        return self.tokens[1].text if first == "async" and len(self.tokens) > 1 else first

    @property
    def value(self) -> tuple[Token, ...]:
        """What is assigned; () if it is no assignment."""
        equals = [at for at, token in enumerate(self.tokens) if token.text == "=" and not token.depth]
        return self.tokens[equals[-1] + 1 :] if equals and self.word not in {"def", "class"} else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement at the top level.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        lines: Numbers of its logical lines.
        binds: Names that are bound when it was executed.
        runs: Whether it does more than to bind names.
    """

    start: int
    end: int
    lines: range
    binds: frozenset[str]
    runs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a piece of code is made of.

    Attributes:
        lines: Its logical lines.
        outer: Numbers of the lines that are executed with the piece itself, so in no function or class; not those of
            `if __name__ == ...`.
        statements: At the top level.
        free: Names that it uses and nowhere binds.
        returns: Whether it returns outside of any function, as the body of one does.
        unfinished: Whether a bracket, a string or a statement is open at its end.
    """

    lines: tuple[Line, ...]
    outer: tuple[int, ...]
    statements: tuple[Statement, ...]
    free: frozenset[str]
    returns: bool
    unfinished: bool

    @property
    def binds(self) -> frozenset[str]:
        """Names that its statements bind."""
        return frozenset().union(*(statement.binds for statement in self.statements))

    @property
    def runs(self) -> bool:
        """Whether a statement does more than to bind names."""
        return any(statement.runs for statement in self.statements)


@lru_cache(maxsize=256)
def outline(code: str) -> Outline:
    """Outline of `code`."""
    lines, is_open = _lines(code)
    outer = tuple(_outer(lines))
    used: set[str] = set()
    bound: set[str] = set()
    shared: set[str] = set()
    for line in lines:
        bound |= line.binds
        if line.word in {"global", "nonlocal"}:
            shared |= {token.text for token in line.tokens[1:] if token.kind == "name"}
        _add_names(line, used, bound)
    top = frozenset().union(*(lines[number].binds for number in outer))
    return Outline(
        lines=tuple(lines),
        outer=outer,
        statements=tuple(_statements(lines, set(outer), len(code))),
        free=frozenset((used - bound) | (shared - top)),
        returns=any(lines[number].word == "return" for number in outer),
        unfinished=is_open or (bool(lines) and _dangles(lines[-1])),
    )


def defines_function(line: Line, functions: frozenset[str], name: str) -> bool:
    """Whether a line that binds `name` binds it to what can be called, as far as that can be seen.

    Args:
        line: Line of the outer ones.
        functions: Names of what is known to be callable.
        name: That it binds.
    """
    if line.word in {"def", "class"}:
        return True
    value = _without_parentheses(line.value)
    if not value or value[0].text == "lambda":
        return bool(value)
    if any(token.text == name and before.text != "." for before, token in pairwise((value[0], *value))):
        return False
    if value[-1].text == "]":
        return value[0].text == "globals"
    if value[-1].text == ")":
        return _gives_function(value, functions)
    plain = {".", "(", ")", "[", "]", "if", "else"}
    is_reference = any(token.text == "if" for token in value) or all(
        token.kind == "name" or token.depth or token.text in plain for token in value
    )
    return value[-1].kind == "name" and value[0].text in functions and is_reference


def _gives_function(value: Sequence[Token], functions: frozenset[str]) -> bool:
    """Whether a call gives back a function: one known to, or one that is called with a function."""
    opening = max(at for at, token in enumerate(value) if token.text == "(" and not token.depth)
    called = value[opening - 1].text if opening else ""
    if called in FACTORIES:
        return True
    arguments = value[opening:]
    return called not in _VALUES and any(
        before.text in {"(", ","} and (token.text == "lambda" or (token.text in functions and after.text in ",.)"))
        for before, token, after in zip(arguments, arguments[1:], arguments[2:], strict=False)
        if token.depth == 1
    )


def _without_parentheses(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """An expression without the parentheses around all of it; its outermost tokens have depth 0."""
    outer = 0
    while len(tokens) > 1 and tokens[0].text == "(" and all(token.depth > outer for token in tokens[1:-1]):
        tokens, outer = tokens[1:-1], outer + 1
    return tuple(Token(token.kind, token.text, token.depth - outer) for token in tokens)


def _lines(code: str) -> tuple[list[Line], bool]:
    """Logical lines of `code`, and whether a bracket or a string is open at its end."""
    lines: list[Line] = []
    tokens: list[Token] = []
    comments: list[str] = []
    start = indent = depth = 0
    line_start = 0
    is_open = follows = False
    for found in _TOKEN.finditer(code):
        kind, text = str(found.lastgroup), found[0]
        if kind == "newline":
            line_start = found.end()
            if depth and _HEADER.match(code, line_start) and not code[line_start : line_start + 1].isspace():
                depth = 0  # what was open never closed: a definition goes on
            if tokens and not depth:
                lines.append(_line(tokens, start, line_start, indent, comments))
                start, tokens, comments = line_start, [], []
            follows = False
        elif kind == "comment":
            comments.append(text)
        elif kind != "space":
            if not tokens and not follows:
                indent = found.start() - line_start
            depth = max(0, depth - 1) if text in {")", "]", "}"} else depth
            tokens.append(Token(kind, text, depth))
            depth += text in {"(", "[", "{"}
            if text == ";" and not depth and tokens[0].text not in _BLOCKS:
                lines.append(_line(tokens, start, found.end(), indent, comments))
                start, tokens, comments, follows = found.end(), [], [], True
            is_open = kind == "string" and _is_open(text)
        elif text[0] == "\\" and not tokens:
            line_start = found.end()
    if tokens:
        lines.append(_line(tokens, start, len(code), indent, comments))
    elif comments and lines:  # behind the last line
        lines[-1] = replace(lines[-1], comments="\n".join([lines[-1].comments, *comments]))
    return lines, bool(depth) or is_open


def _is_open(text: str) -> bool:
    """Whether a string has no end."""
    body = text.lstrip("rRbBuUfF")
    mark = body[:3] if body[:3] in {'"""', "'''"} else body[:1]
    return len(body) < 2 * len(mark) or not body.endswith(mark)


def _line(tokens: list[Token], start: int, end: int, indent: int, comments: list[str]) -> Line:
    return Line(
        start=start,
        end=end,
        indent=indent,
        tokens=tuple(tokens),
        binds=frozenset(_bound(tokens)),
        comments="\n".join(comments),
    )


def _bound(tokens: Sequence[Token]) -> Iterator[str]:
    """Names that a logical line binds outside of its expressions."""
    words = [token.text for token in tokens]
    if words[0] == "async":
        words = words[1:]
    colons = [at for at, token in enumerate(tokens) if token.text == ":" and not token.depth]
    if words and words[0] in _COMPOUND and colons and colons[0] + 1 < len(tokens):  # a block on the same line
        yield from _bound(tokens[colons[0] + 1 :])
    first = words[0] if words else ""
    if first in {"def", "class"}:
        yield from (word for word in words[1:2] if _is_name(word))
    elif first in {"import", "from"}:
        yield from _imported(words)
    else:
        equals = [at for at, token in enumerate(tokens) if token.text == "=" and not token.depth]
        if equals and first not in _COMPOUND:
            yield from _targets(tokens[: equals[-1]])
        if first in {"for", "with", "except"}:
            yield from (word for before, word in pairwise(words) if before == "as")
            if first == "for" and "in" in words:
                yield from filter(_is_name, words[1 : words.index("in")])


def _imported(words: list[str]) -> Iterator[str]:
    if words[0] == "from":
        words = words[words.index("import") :] if "import" in words else []
    for before, word, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        if (_is_name(word) or word == "*") and (before == "as" or (before in {"import", ",", "("} and after != "as")):
            yield word


def _targets(tokens: Sequence[Token]) -> Iterator[str]:
    """Names that are assigned to; those of an annotation, a subscript or an attribute are not."""
    grouped = tokens[0].text in {"(", "["}
    for at, token in enumerate(tokens):
        if token.text == ":" and not token.depth:
            return
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        before = tokens[at - 1].text if at else ""
        if token.kind == "name" and (grouped or not token.depth) and after not in {".", "[", "("} and before != ".":
            yield token.text


def _add_names(line: Line, used: set[str], bound: set[str]) -> None:
    """Add the names that a line uses, and those that it binds within its expressions: parameters, loops, walruses."""
    tokens = line.tokens
    is_def = line.word == "def"
    is_import = line.word in {"import", "from"}
    in_lambda = in_for = False
    for at, token in enumerate(tokens):
        text = token.text
        before = tokens[at - 1].text if at else ""
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if text == "lambda":
            in_lambda = True
        elif text == "for":
            in_for = True
        elif text == "in":
            in_for = False
        elif text == ":" and in_lambda:
            in_lambda = False
        elif token.kind == "string" and "f" in token.text[:2].lower():
            used.update(_WORD.findall(text))
        if not (token.kind == "name" and _is_name(text)) or is_import or before == ".":
            continue
        is_parameter = (is_def and token.depth == 1 and before in {"(", ",", "*", "**"}) or (
            in_lambda and before in {"lambda", ",", "*", "**"}
        )
        if is_parameter or in_for or after == ":=":
            bound.add(text)
        elif not (token.depth and after == "="):  # the name of an argument
            used.add(text)


def _outer(lines: list[Line]) -> Iterator[int]:
    """Numbers of the lines in no function and no class, and not behind `if __name__ == ...`."""
    hidden = -1  # indentation of what hides the lines below it
    for number, line in enumerate(lines):
        if 0 <= hidden < line.indent:
            continue
        hidden = -1
        yield number
        is_main = line.word == "if" and any(token.text == _MAIN for token in line.tokens)
        if line.word in {"def", "class"} or is_main:
            hidden = line.indent


def _statements(lines: list[Line], outer: set[int], end: int) -> Iterator[Statement]:
    starts = [
        at
        for at, line in enumerate(lines)
        if not line.indent and line.word not in _CONTINUED and not (at and lines[at - 1].word == "@")
    ]
    if not lines:
        return
    if starts[:1] != [0]:
        starts.insert(0, 0)
    for first, after in zip(starts, [*starts[1:], len(lines)], strict=True):
        inside = range(first, after)
        yield Statement(
            start=lines[first].start,
            end=lines[after].start if after < len(lines) else end,
            lines=inside,
            binds=frozenset().union(*(lines[number].binds for number in inside if number in outer)),
            runs=any(_runs(lines[number]) for number in inside if number in outer),
        )


def _runs(line: Line) -> bool:
    if line.word in {"def", "class", "import", "from", "try", "except", "else", "elif", "finally", "pass",
                     "@"}:  # fmt: skip
        return False
    if line.word == "if":
        return any(token.text == _MAIN for token in line.tokens)
    if line.word in _COMPOUND:
        return True
    return not line.value and not all(token.kind == "string" for token in line.tokens)


def _dangles(line: Line) -> bool:
    """Whether a line cannot be the last of a program."""
    last = line.tokens[-1].text
    if line.tokens[-1].kind == "name":
        return last in {"and", "or", "not", "in", "is", "if", "elif", "while", "for", "with", "as", "def", "class",
                        "lambda", "import", "from", "del", "assert"}  # fmt: skip
    return line.tokens[-1].kind == "operator" and last not in {")", "]", "}", ";", "."}


def _is_name(word: str) -> bool:
    return word.isidentifier() and not iskeyword(word)
