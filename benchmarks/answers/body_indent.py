"""How the body of a function in Python is indented, whose beginning a prompt is."""

import ast
import re

USUAL = "    "
"""How a body is indented, unless its prompt has begun it in another way."""

#: Ways to indent, found in a prompt, that are tried: each costs parsing it.
_MOST = 8


def body_indent(prompt: str, entry_point: str) -> str:
    r"""White space that goes on with the body of the function `entry_point` that a prompt ends with.

    The usual four spaces, unless only what the lines of the prompt begin with makes it compile.

    Raises:
        SyntaxError: or another error of the parser, if the prompt compiles with a body of `pass` in no way.
        LookupError: if it does not end with that function.

    >>> body_indent("def f(x):\n\t'Twice x.'\n", "f")
    '\t'
    """
    fault: Exception | None = None
    for indent in (USUAL, *_others(prompt)):
        try:
            last = ast.parse(f"{prompt}{indent}pass\n").body[-1]  # not empty: an indented line alone does not parse
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            fault = fault or error
            continue
        if isinstance(last, ast.FunctionDef) and last.name == entry_point:
            return indent
        raise LookupError(entry_point)
    assert fault is not None  # noqa: S101 - one way was tried at least
    raise fault


def _others(prompt: str) -> list[str]:
    """Ways to indent that the prompt's lines have, the last first."""
    found = (re.match(r"[ \t]*", line) for line in reversed(prompt.split("\n")) if line.strip())
    indents = dict.fromkeys(match[0] for match in found if match)
    return [indent for indent in indents if indent not in ("", USUAL)][:_MOST]


def reindented(body: str, indent: str) -> str:
    r"""`body` with `indent` in the place of what its first line begins with.

    >>> reindented("    if x:\n        return 1\n", "  ")
    '  if x:\n      return 1\n'
    """
    first = re.search(r"^([ \t]*)\S", body, re.MULTILINE)
    if not first or (indent == USUAL and "\t" not in first[1]):
        return body
    return re.sub(rf"^{first[1]}(?=[ \t]*\S)", indent, body, flags=re.MULTILINE)
