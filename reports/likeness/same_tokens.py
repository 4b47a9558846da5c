"""Whether a program's function is the reference, but for comments and layout, and but for its names.

A program is untrusted: it is cut into tokens and never parsed, compiled or executed.
"""

import builtins
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 100_000
"""Longest program that is looked at; a longer one is no reference."""

_SKIPPED = {tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER, tokenize.ENCODING}
_KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTokens:
    """One function without its docstring, comments and annotations.

    Attributes:
        kept: Its parameters and the tokens of its body, an indent and a dedent among them.
        canonical: The same with `v0`, `v1` and so on for its names in the order in which they come up, parameters
            first; what Python itself defines and what stands behind a dot keep their names.
    """

    kept: tuple[str, ...]
    canonical: tuple[str, ...]


def function_tokens(source: str, name: str) -> FunctionTokens | None:
    r"""The last function called `name` at the top level of `source`; None if it has none, or cannot be read.

    >>> one = function_tokens("def f(x):\n    'Twice.'\n    return x * 2  # so\n", "f")
    >>> other = function_tokens("def f(n: int) -> int:\n\n    return n*2\n", "f")
    >>> one.kept == other.kept, one.canonical == other.canonical
    (False, True)
    """
    if len(source) > MOST_CHARACTERS:
        return None
    found = None
    tokens: list[tokenize.TokenInfo] = []
    try:
        tokens.extend(
            each for each in tokenize.generate_tokens(io.StringIO(source).readline) if each.type not in _SKIPPED
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None  # what is wrong with it may be anywhere
    for place, token in enumerate(tokens[:-1]):
        if token.string == "def" and token.start[1] == 0 and tokens[place + 1].string == name:
            found = _function(tokens[place + 2 :], name) or found
    return found


def _function(tokens: Sequence[tokenize.TokenInfo], name: str) -> FunctionTokens | None:
    """The function whose tokens from its first parenthesis on begin `tokens`."""
    parameters, after = _parameters(tokens)
    body = list(_body(tokens[after:]))
    if not body:
        return None
    kept = (*parameters, ":", *(text for text, _ in body))
    names = {name: "f"}
    for each in parameters:
        names.setdefault(each, f"v{len(names) - 1}")
    canonical = []
    before = ""
    for text, is_name in body:
        own = is_name and before != "." and text not in _KNOWN
        canonical.append(names.setdefault(text, f"v{len(names) - 1}") if own else text)
        before = text
    return FunctionTokens(kept=kept, canonical=(*(names[each] for each in parameters), ":", *canonical))


def _parameters(tokens: Sequence[tokenize.TokenInfo]) -> tuple[list[str], int]:
    """Names of the parameters, and where the colon of the signature's end stands."""
    depth, names, before = 0, list[str](), ""
    for place, token in enumerate(tokens):
        text = token.string
        if depth == 1 and token.type == tokenize.NAME and before in ("(", ",", "*", "**"):
            names.append(text)
        depth += (text in _OPENING) - (text in _CLOSING)
        if not depth and text == ":":
            return names, place + 1
        before = text
    return names, len(tokens)


def _body(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[tuple[str, bool]]:
    """The tokens behind the signature's colon up to the end of the function, and whether each is a name."""
    start = 0
    while start < len(tokens) and tokens[start].type in (tokenize.NEWLINE, tokenize.INDENT):
        start += 1
    if start + 1 < len(tokens) and tokens[start].type == tokenize.STRING and tokens[start + 1].type == tokenize.NEWLINE:
        start += 2  # the docstring
    depth = 1
    for token in tokens[start:]:
        depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        if not depth:
            return
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE):
            yield {tokenize.INDENT: "<indent>", tokenize.DEDENT: "<dedent>"}.get(token.type, "<line>"), False
        else:
            yield token.string, token.type == tokenize.NAME
