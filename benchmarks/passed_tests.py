"""How many of a problem's tests a program passed, as far as its execution tells."""

import ast
import json
from dataclasses import dataclass
from functools import lru_cache

from codecrucible.benchmarks.problem import Problem
from codecrucible.sandbox.job import Ending, Execution, Strength

_NONE_PASSED = frozenset(
    {Ending.TAMPERED, Ending.CONTROL_PASSED, Ending.UNCONFIRMED, Ending.OUTPUT_LIMIT, Ending.SYNTAX_ERROR}
)

_SIMPLE = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)
"""Statements that may stand between assertions, if they do not name the function."""

_BRANCHES = (ast.BoolOp, ast.IfExp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""Expressions in which a call is made any number of times."""


@dataclass(frozen=True, slots=True)
class PassedTests:
    """How many tests a program passed before the first that it did not.

    Attributes:
        passed: At least so many.
        count: All that the problem has.
    """

    passed: int
    count: int


def passed_tests(problem: Problem, execution: Execution) -> PassedTests | None:
    """How many of the tests passed; None where the form of the tests cannot tell.

    Tests end at the first failure, so what would have passed after it is not known. All of them where the program
    passed, never all where it did not, and none where it broke the rules. Known of: cases; assertions that were taken
    apart; Python's assertions of one call each, in their order; inputs of a function; parts of tests, where a class of
    `unittest` has several. Not of tests that loop, of one class of `unittest`, or where only a negative control
    confirms a pass.

    Args:
        problem: Whose tests.
        execution: What was observed.
    """
    passed, count = _passed(problem, execution)
    if not count:
        return None
    if execution.ending is Ending.COMPLETED:
        return PassedTests(count, count)
    if execution.ending in _NONE_PASSED:
        return PassedTests(0, count)
    return PassedTests(max(0, min(passed, count - 1)), count)


def passed_share(problem: Problem, execution: Execution) -> float | None:
    """Share of the tests that passed, see `passed_tests`; None where that is not known.

    Always known where the program passed, or broke the rules. One test that failed has no share.

    Args:
        problem: Whose tests.
        execution: What was observed.
    """
    if execution.ending is Ending.COMPLETED:
        return 1.0
    if execution.ending in _NONE_PASSED:
        return 0.0
    tests = passed_tests(problem, execution)
    return tests.passed / tests.count if tests and tests.count > 1 else None


def _passed(problem: Problem, execution: Execution) -> tuple[int, int]:
    """Tests that passed, and how many there are; 0 of them where that is not known."""
    failed_itself = execution.ending is Ending.ASSERTION
    if problem.cases:
        return execution.calls - 1, len(problem.cases)
    if problem.assertions:
        known = execution.strength is Strength.ANSWERS
        return execution.calls - failed_itself, len(problem.assertions) if known else 0
    if problem.methods:
        parts = 1 + max(method.part for method in problem.methods)
        return execution.parts_completed, parts if parts > 1 else 0
    if execution.strength is not Strength.REFEREE:
        return 0, 0
    if problem.calls:
        return execution.calls - 1, _inputs(problem.calls)
    return execution.calls - 1, _assertions_of_one_call(problem.tests, problem.entry_point)


@lru_cache(maxsize=4096)
def _inputs(calls: tuple[str, ...]) -> int:
    """Number of the calls that data makes: one of each input in a list, and one of what is no list."""
    parts = map(json.loads, calls)
    return sum(len(part) if isinstance(part, list | dict) else 1 for part in parts)


@lru_cache(maxsize=4096)
def _assertions_of_one_call(tests: str, entry_point: str) -> int:
    """Number of the assertions, if the tests are nothing else and each calls the function once; else 0.

    They stand at top level, or in a function `check` whose argument the function is.
    """
    try:
        body = ast.parse(tests).body
    except SyntaxError:
        return 0
    name = entry_point
    check = next((each for each in body if isinstance(each, ast.FunctionDef) and each.name == "check"), None)
    if check:
        others = [each for each in body if each is not check and not _is_call_of_check(each)]
        if len(check.args.args) != 1 or not all(_is_aside(each, entry_point) for each in others):
            return 0
        body, name = check.body, check.args.args[0].arg
    assertions = [each for each in body if isinstance(each, ast.Assert)]
    others = [each for each in body if not isinstance(each, ast.Assert)]
    plain = all(_calls_once(each, name) for each in assertions) and all(_is_aside(each, name) for each in others)
    return len(assertions) if plain else 0


def _is_call_of_check(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id == "check"
    )


def _is_aside(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, _SIMPLE) and not any(_names(each, name) for each in ast.walk(statement))


def _calls_once(assertion: ast.Assert, name: str) -> bool:
    inside = list(ast.walk(assertion))
    calls = [each for each in inside if isinstance(each, ast.Call) and _names(each.func, name)]
    named = [each for each in inside if _names(each, name)]
    return len(calls) == len(named) == 1 and not any(isinstance(each, _BRANCHES) for each in inside)


def _names(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
