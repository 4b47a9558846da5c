"""Other layouts of a prompt that make the same program: blank lines, a signature over several lines, comments."""

import ast
from collections.abc import Sequence

from codecrucible.benchmarks.perturbed.draws import Draws
from codecrucible.benchmarks.perturbed.prompt import UNREADABLE, Prompt, Unchanged, tokens_of

MOST_BLANK_LINES = 2
"""In one place."""


def with_blank_lines(prompt: Prompt, draws: Draws) -> str:
    """The prompt with blank lines before statements and around the docstring, in one place at least.

    Raises:
        Unchanged: there is no such place.
    """
    lines = prompt.text.split("\n")
    body = ast.parse(f"{prompt.text}{_indent(prompt)}pass\n").body
    places = {_first_line(each) for each in body[1:]}
    if prompt.docstring:
        first = prompt.function.body[0]
        places |= {first.lineno, (first.end_lineno or first.lineno) + 1}
    before = sorted(place for place in places if place <= len(lines))  # lines that a blank one may go before
    if not before or not prompt.text.endswith("\n"):
        raise Unchanged("no place for a blank line")
    kept = draws.below(len(before))
    for number, place in reversed(list(enumerate(before))):
        if number == kept or draws.below(2):
            lines[place - 1 : place - 1] = [""] * (1 + draws.below(MOST_BLANK_LINES))
    return "\n".join(lines)


def _indent(prompt: Prompt) -> str:
    """The indentation of the function's body, as far as it is begun."""
    first = prompt.function.body[0]
    return " " * first.col_offset if first.col_offset else "    "


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def with_split_signature(prompt: Prompt) -> str:
    """The prompt with each parameter on a line of its own.

    Raises:
        Unchanged: the function has no parameters, or a signature over several lines already.
    """
    start = prompt.index(prompt.function.lineno, prompt.function.col_offset)
    opened, closed, commas = _parentheses(prompt.text, start)
    inner = prompt.text[opened + 1 : closed]
    if not inner.strip() or "\n" in inner or "#" in inner:
        raise Unchanged("a signature that cannot be split")
    ends = [*commas, closed]
    parts = [prompt.text[one + 1 : other].strip() for one, other in zip([opened, *commas], ends, strict=True)]
    split = "".join(f"\n    {part}," for part in parts if part)
    return f"{prompt.text[: opened + 1]}{split}\n{prompt.text[closed:]}"


def _parentheses(text: str, start: int) -> tuple[int, int, Sequence[int]]:
    """Index of the first parenthesis from `start` on, of the one that closes it, and of the commas between them."""
    depth, opened, commas = 0, 0, list[int]()
    try:
        for token in tokens_of(text):
            if token.start < start:
                continue
            if token.string in ("(", "[", "{"):
                opened = opened if depth else token.start
                depth += 1
            elif token.string in (")", "]", "}"):
                depth -= 1
                if not depth:
                    return opened, token.start, commas
            elif token.string == "," and depth == 1:
                commas.append(token.start)
    except UNREADABLE:
        pass  # what follows cannot be read alone
    raise Unchanged("a signature that cannot be split")


def with_comments(prompt: Prompt) -> str:
    """The prompt with its docstring as comments in the same place.

    Raises:
        Unchanged: there is no docstring on lines of its own.
    """
    found = prompt.docstring
    words_start, words_end = prompt.words
    if not found:
        raise Unchanged("no docstring")
    line_start = prompt.text.rfind("\n", 0, found[0]) + 1
    indent = prompt.text[line_start : found[0]]
    line_end = prompt.text.find("\n", found[1])
    after = prompt.text[found[1] : line_end if line_end >= 0 else len(prompt.text)]
    if indent.strip() or after.strip() or "\t" in indent:
        raise Unchanged("no docstring on lines of its own")
    lines = prompt.text[words_start:words_end].strip().split("\n")
    told = [line[len(indent) :] if line.startswith(indent) else line.lstrip() for line in lines]
    comments = "\n".join(f"{indent}# {line}".rstrip() for line in told)
    rest = prompt.text[line_end:] if line_end >= 0 else "\n"
    return f"{prompt.text[:line_start]}{comments}{rest}"
