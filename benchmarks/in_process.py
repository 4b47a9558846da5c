"""Python tests in the program's own process, for a problem that the referee cannot judge, with a negative control.

What is covered: `assert` statements that compare a call with an expected value that has a literal in it.
What is not: a way for a program to be judged so that the referee could judge. `Problem.unproxiable` decides, which a
benchmark's loader declares; no program has a say in it.
"""

import ast
import math
from collections.abc import Callable, Iterator
from itertools import accumulate

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
    r"""Changes of one expected value each, one for every comparison in an `assert` that has a literal to change.

    >>> source = "assert f(21) == [1, 42]\n"
    >>> [change.of(source) for change in changes_in(source)]
    ['assert f(21) == [1, 43]\n']
    """
    change_of = changer(source)
    for statement in ast.walk(ast.parse(source)):
        if not (isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare)):
            continue
        compared = statement.test
        if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq | ast.Is):
            continue
        found = None
        # The side that calls nothing is what is expected.
        for side in (compared.left, *compared.comparators):
            if not any(isinstance(node, ast.Call) for node in ast.walk(side)):
                found = last_literal(side)
        if found is not None:
            yield change_of(*found)


def changer(source: str) -> Callable[[ast.expr, str], Change]:
    """Function of an expression in `source` and another text for it that gives the change."""
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]

    def at(line: int, column: int) -> int:
        """Index of what `ast` counts in bytes of UTF-8."""
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def change_of(node: ast.expr, text: str) -> Change:
        assert node.end_lineno is not None  # noqa: S101 - as `ast.parse` makes it
        assert node.end_col_offset is not None  # noqa: S101 - as above
        start, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)
        return Change(start=start, end=end, text=text)

    return change_of


def last_literal(side: ast.expr) -> tuple[ast.expr, str] | None:
    """The last literal of an expected value that can be changed, and the text for another one of its type."""
    literals = [
        (node, text) for node in ast.walk(side) if isinstance(node, ast.expr) and (text := _changed(node)) is not None
    ]
    return max(literals, key=lambda literal: (literal[0].lineno, literal[0].col_offset), default=None)


def _changed(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            return repr(not value)
        if isinstance(value, int):
            return repr(value + 1)
        if isinstance(value, float) and math.isfinite(value * 2):
            return repr(value * 2 + 1)  # so much that no tolerance covers it
        if isinstance(value, str):
            return repr(value + "x")
        if isinstance(value, bytes):
            return repr(value + b"x")
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return _EMPTY[type(node)]
    if isinstance(node, ast.Dict) and not node.keys:
        return _EMPTY[ast.Dict]
    return None
