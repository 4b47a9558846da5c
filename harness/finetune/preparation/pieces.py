"""A file that is too long to be learned in one go, in pieces that end where a definition does."""

import ast
from collections.abc import Callable, Iterator

from codecrucible.harness.finetune.preparation.rows import tree_of


def pieces(text: str, fits: Callable[[str], bool]) -> list[str]:
    r"""Parts of `text`, which together are all of it, as many statements to a part as fit.

    What does not fit and has statements of its own that are no part of a function, such as a class, is cut between
    these. So a part fits unless it is one statement, or a text that is no Python.

    >>> pieces("a = 1\nb = 2\n\ndef f():\n    return a\n", lambda part: len(part) < 24)
    ['a = 1\nb = 2\n', '\ndef f():\n    return a\n']
    """
    if fits(text) or (tree := tree_of(text)) is None:
        return [text]
    lines = text.splitlines(keepends=True)
    if "".join(lines) != text or len(lines) != len(text.split("\n")) - text.endswith("\n"):
        return [text]  # it has line ends that Python does not count
    found: list[str] = []
    for unit in _units(tree.body, lines, 0, len(lines), fits):
        joined = found[-1] + unit if found else unit
        if found and fits(joined):
            found[-1] = joined
        else:
            found.append(unit)
    return found


def _units(body: list[ast.stmt], lines: list[str], start: int, end: int, fits: Callable[[str], bool]) -> Iterator[str]:
    """The lines from `start` to `end` by statement of `body`, each with what stands before it."""
    ends = [statement.end_lineno or end for statement in body[:-1]] + [end]
    for statement, after in zip(body, ends, strict=True):
        if after <= start:  # on the line of the one before
            continue
        inner = [] if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else getattr(statement, "body", [])
        unit = "".join(lines[start:after])
        if len(inner) > 1 and not fits(unit):
            yield from _units(inner, lines, start, after, fits)
        else:
            yield unit
        start = after
