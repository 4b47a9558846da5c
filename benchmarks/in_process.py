"""Python tests in the program's own process, for a problem that the referee cannot judge, with a negative control.

What is covered: `assert` statements that compare a call with an expected value that has a literal in it.
What is not: a way for a program to be judged so that the referee could judge. `Problem.unproxiable` decides, which a
benchmark's loader declares; no program has a say in it.
"""

import ast
import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from codecrucible.benchmarks.negative_control import borrowed, other_number, other_text
from codecrucible.benchmarks.problem import Problem
from codecrucible.sandbox.job import Change, ExitCodeCheck

_EMPTY = {ast.List: "[0]", ast.Tuple: "(0,)", ast.Dict: "{0: 0}"}


def in_process_check(problem: Problem) -> ExitCodeCheck:
    """Tests of a Python problem that follow the program in one file.

    Raises:
        ValueError: if no expected value of the tests can be changed, so that nothing could confirm a pass.
    """
    name = problem.entry_point
    # What the dataset sets up may define a function of that name: the prompt of HumanEval with an empty body does.
    tests = f"__answer = {name}\n{problem.setup}\n{name} = __answer\n{problem.tests}\n"
    return ExitCodeCheck(tests=tests, changes=tuple(changes_in(tests)))


def changes_in(source: str) -> Iterator[Change]:
    r"""Changes of one expected value each, two for every comparison in an `assert` where there are two kinds of them.

    >>> source = "assert f(21) == [1, 42]\nassert f(3) == [5]\n"
    >>> [change.of(source).splitlines()[0] for change in changes_in(source)][:2]
    ['assert f(21) == [1, 24]', 'assert f(21) == [1, 5]']
    """
    change_of = changer(source)
    sides = [side for statement in ast.walk(ast.parse(source)) if (side := _expected_side(statement)) is not None]
    for place, side in enumerate(sides):
        found = last_literal(side)
        if found is not None:
            yield change_of(*found)
            others = [*sides[place + 1 :], *sides[:place]]
            yield from (change_of(*each, borrowed=True) for each in borrowed_literal(side, others))


def _expected_side(statement: ast.AST) -> ast.expr | None:
    """The side of a comparison in an `assert` that is what is expected, and has a literal to change; else None."""
    if not (isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare)):
        return None
    compared = statement.test
    if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq | ast.Is):
        return None
    # The side that calls nothing is what is expected.
    for side in reversed((compared.left, *compared.comparators)):
        if not any(isinstance(node, ast.Call) for node in ast.walk(side)) and last_literal(side) is not None:
            return side
    return None


class _ChangeOf(Protocol):
    def __call__(self, node: ast.expr, text: str, *, borrowed: bool = False) -> Change: ...


def changer(source: str) -> _ChangeOf:
    """Function of an expression in `source` and another text for it that gives the change."""
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]

    def at(line: int, column: int) -> int:
        """Index of what `ast` counts in bytes of UTF-8."""
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def change_of(node: ast.expr, text: str, *, borrowed: bool = False) -> Change:
        assert node.end_lineno is not None  # noqa: S101 - as `ast.parse` makes it
        assert node.end_col_offset is not None  # noqa: S101 - as above
        start, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)
        return Change(start=start, end=end, text=text, borrowed=borrowed)

    return change_of


def last_literal(side: ast.expr) -> tuple[ast.expr, str] | None:
    """The last literal of an expected value that can be changed, and the text for another one of its type."""
    literals = [(node, text) for node in ast.walk(side) if isinstance(node, ast.expr) and (text := _changed(node))]
    return max(literals, key=lambda literal: (literal[0].lineno, literal[0].col_offset), default=None)


def borrowed_literal(side: ast.expr, others: Sequence[ast.expr]) -> Iterator[tuple[ast.expr, str]]:
    """The last literal of an expected value in whose place one of `others` has another of its type, and that one.

    Args:
        side: Expected value.
        others: Those of the other assertions.
    """
    elsewhere = [text for each in others for _, text in _borrowable(each)]
    literals = _borrowable(side)
    beside = {text for _, text in literals}
    for node, text in reversed(literals):
        if other := borrowed(text, elsewhere, beside):
            yield node, other
            return


def _borrowable(side: ast.expr) -> list[tuple[ast.Constant, str]]:
    """Strings and integers of an expected value, in their order, each with its text."""
    found = [node for node in ast.walk(side) if isinstance(node, ast.Constant) and type(node.value) in (int, str)]
    return [(node, repr(node.value)) for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))]


def _changed(node: ast.expr) -> str:
    """Text for another value of the type of a literal; "" where none is known."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            return repr(not value)
        if isinstance(value, int):
            return other_number(repr(value))
        if isinstance(value, float) and math.isfinite(value * 2):
            return repr(value * 2 + 1)  # so much that no tolerance covers it
        if isinstance(value, str):
            return repr(other_text(value))
        if isinstance(value, bytes):
            return repr(other_text(value.decode("latin-1")).encode("latin-1"))
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return _EMPTY[type(node)]
    if isinstance(node, ast.Dict) and not node.keys:
        return _EMPTY[ast.Dict]
    return ""
