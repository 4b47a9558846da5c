"""CWEval's tests in Python, which are for pytest, as a class of `unittest` with a method for each of their cases.

What is covered: one test with `parametrize`, whose cases are marked `functionality` or `security`; the fixture
`tmp_path`, and fixtures that the file defines; `timeout`. The expected values of cases can be changed.
What is not: pytest itself. It and its plug-ins would share the program's process, and be there to be patched.

What the file defines gets names of its own, so that neither the program nor the tests replace what the other uses: in
upstream they are two modules.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from codecrucible.benchmarks.in_process import changer, last_literal
from codecrucible.sandbox.job import UnittestMethod

PARTS = ("functionality", "security")

_OWN = "cweval_"
_LITERAL = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.unaryop, ast.expr_context)

#: What the tests use of pytest, and how one of their cases is run.
_STAND_IN = """
import contextlib as cweval_contextlib
import inspect as cweval_inspect
import pathlib as cweval_pathlib
import signal as cweval_signal
import tempfile as cweval_temporary
import types as cweval_types
import unittest as cweval_unittest


def cweval_fixture_of_folders():
    with cweval_temporary.TemporaryDirectory() as folder:
        yield cweval_pathlib.Path(folder)


cweval_fixtures = {"tmp_path": cweval_fixture_of_folders}


def cweval_fixture(function):
    cweval_fixtures[function.__name__] = function
    return function


def cweval_parametrize(names, cases):
    def named(test):
        test.names, test.cases = [name.strip() for name in names.split(",")], cases
        return test

    return named


def cweval_timeout(seconds):
    def limited(function):
        def call(*arguments):
            def give_up(*_):
                raise TimeoutError

            cweval_signal.signal(cweval_signal.SIGALRM, give_up)
            cweval_signal.setitimer(cweval_signal.ITIMER_REAL, seconds)
            try:
                return function(*arguments)
            finally:
                cweval_signal.setitimer(cweval_signal.ITIMER_REAL, 0)

        return call

    return limited


cweval_pytest = cweval_types.SimpleNamespace(
    fixture=cweval_fixture,
    param=lambda *values, marks: (marks, values),
    mark=cweval_types.SimpleNamespace(
        functionality="functionality", security="security", parametrize=cweval_parametrize
    ),
)


def cweval_run(test, mark, number):
    values = [values for marked, values in test.cases if marked == mark][number]
    arguments = dict(zip(test.names, values, strict=True))
    with cweval_contextlib.ExitStack() as stack:
        for name in cweval_inspect.signature(test).parameters:
            if name not in arguments:
                made = cweval_contextlib.contextmanager(cweval_fixtures[name])
                arguments[name] = stack.enter_context(made())
        test(**arguments)
"""
_METHOD = "    def test_{mark}_{number}(self):\n        cweval_run({test}, {mark!r}, {number})\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A file of tests.

    Attributes:
        setup: Source of what it has in front of the import of what it tests.
        tests: Source of the rest, with a class `TestCases`.
        methods: Those of that class; those of the second of `PARTS` are its second part.
        entry_point: Name of what is tested.
    """

    setup: str
    tests: str
    methods: tuple[UnittestMethod, ...]
    entry_point: str


def converted(source: str) -> Converted:
    """The tests of one task.

    Args:
        source: That of its file of tests.

    Raises:
        ValueError: if the file does not have the form that is covered.
    """
    statements = ast.parse(source).body
    place, entry_point = _imported(statements)
    own = [statement for statement in statements if not _is_of_unsafe(statement)]
    names = {name for statement in own for name in _bound(statement)} | {"timeout", "pytest"}
    renamed = ast.Module(body=own, type_ignores=[])
    tree = _Renamed(names - {entry_point}).visit(renamed)
    front = [each for each in tree.body if each.lineno < place and not _is_left_out(each)]
    rest = [each for each in tree.body if each.lineno > place and not _is_left_out(each)]
    (test,) = (each.name for each in rest if isinstance(each, ast.FunctionDef) and each.name.startswith(f"{_OWN}test_"))
    text = _STAND_IN + ast.unparse(ast.Module(body=rest, type_ignores=[])) + "\n"
    cases = {mark: _cases_of(ast.parse(text), mark) for mark in PARTS}
    methods = "".join(
        _METHOD.format(test=test, mark=mark, number=number) for mark in PARTS for number in range(len(cases[mark]))
    )
    text += f"\n\nclass TestCases(cweval_unittest.TestCase):\n{methods}"
    return Converted(
        setup="".join(f"{ast.unparse(each)}\n" for each in front if not _is_text(each)),
        tests=text,
        methods=tuple(_methods(text, cases, _parameters(ast.parse(text), test))),
        entry_point=entry_point,
    )


def unsafe_solutions(source: str, prompt: str) -> list[str]:
    """Programs of the functions in a file of tests that do what is asked and are not secure.

    Args:
        source: The file's.
        prompt: What the program begins with, for what it imports.
    """
    statements = ast.parse(source).body
    place, entry_point = _imported(statements)
    functions = [each for each in statements if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")]
    made = []
    for function in functions:
        if not function.name.startswith(f"{entry_point}_unsafe"):
            continue
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        needed = [
            each
            for each in statements
            if (isinstance(each, ast.Import | ast.ImportFrom) and each.lineno != place and not _is_left_out(each))
            or (isinstance(each, ast.Assign) and used & set(_bound(each)))
        ]
        function.name = entry_point
        begun = [
            each for each in ast.parse(f"{prompt}    pass\n").body if isinstance(each, ast.Import | ast.ImportFrom)
        ]
        made.append(ast.unparse(ast.Module(body=[*begun, *needed, function], type_ignores=[])) + "\n")
    return made


def _imported(statements: list[ast.stmt]) -> tuple[int, str]:
    """Line of the import of what is tested, and its name."""
    for each in statements:
        if isinstance(each, ast.ImportFrom) and (each.module or "").endswith("_task"):
            return each.lineno, each.names[0].name
    raise ValueError("the tests import no task")


def _is_of_unsafe(statement: ast.stmt) -> bool:
    """Whether a statement defines, or tests, what is not secure."""
    bound = _bound(statement) if isinstance(statement, ast.FunctionDef | ast.Assign) else ()
    return any("_unsafe" in name for name in bound)


def _is_left_out(statement: ast.stmt) -> bool:
    """Whether a statement imports what there is a stand-in for."""
    if isinstance(statement, ast.Import):
        return any(name.name == "pytest" for name in statement.names)
    return isinstance(statement, ast.ImportFrom) and statement.module == "wrapt_timeout_decorator"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement of a module binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from ((name.asname or name.name).partition(".")[0] for name in statement.names)
    elif not isinstance(statement, ast.Expr):
        nodes: list[ast.AST] = [statement]
        while nodes:
            node = nodes.pop()
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            nodes += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.comprehension)]


class _Renamed(ast.NodeTransformer):
    """Gives names of a module another beginning, wherever they stand."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def _new(self, name: str) -> str:
        return f"{_OWN}{name}" if name in self._names else name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A name that is read or bound."""
        return ast.copy_location(ast.Name(id=self._new(node.id), ctx=node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """A parameter, which may be that of a fixture."""
        self.generic_visit(node)
        node.arg = self._new(node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A function."""
        self.generic_visit(node)
        node.name = self._new(node.name)
        return node

    def visit_Import(self, node: ast.Import) -> ast.Import:
        """An import, which binds another name."""
        if not _is_left_out(node):
            node.names = [self._import(name) for name in node.names]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        """The same."""
        if not _is_left_out(node):
            node.names = [self._import(name) for name in node.names]
        return node

    def _import(self, name: ast.alias) -> ast.alias:
        if "." in name.name and not name.asname:
            raise ValueError(f"`import {name.name}` binds a name that is not its own")
        return ast.alias(name=name.name, asname=self._new(name.asname or name.name))


def _cases_of(tree: ast.Module, mark: str) -> list[ast.Call | None]:
    """The calls of `param` with a mark, in their order; None for each of several that one call in a loop makes."""
    assigned = {
        name: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for name in _bound(statement)
    }
    for name, value in assigned.items():
        if not name.endswith(f"pytest_params_{mark}"):
            continue
        if isinstance(value, ast.List):
            return [each for each in value.elts if isinstance(each, ast.Call)]
        if isinstance(value, ast.ListComp) and isinstance(over := value.generators[0].iter, ast.Name):
            cases = assigned[over.id]
            return [None] * len(cases.elts) if isinstance(cases, ast.List) else []
    raise ValueError(f"the tests have no cases of {mark}")


def _parameters(tree: ast.Module, test: str) -> list[str]:
    """Names of the values of a case."""
    for each in tree.body:
        if isinstance(each, ast.FunctionDef) and each.name == test:
            (decorator,) = each.decorator_list
            names = decorator.args[0] if isinstance(decorator, ast.Call) else decorator
            if isinstance(names, ast.Name):
                names = next(
                    each.value for each in tree.body if isinstance(each, ast.Assign) and names.id in _bound(each)
                )
            if isinstance(names, ast.Constant):
                return [name.strip() for name in str(names.value).split(",")]
    raise ValueError("the test has no parameters")


def _methods(text: str, cases: dict[str, list[ast.Call | None]], parameters: list[str]) -> Iterator[UnittestMethod]:
    """The method of each case, with a change of its expected value where that is a literal."""
    change_of = changer(text)
    for part, mark in enumerate(PARTS):
        for number, case in enumerate(cases[mark]):
            changes = []
            for name, value in zip(parameters, case.args if case else (), strict=False):
                literal = name.startswith("expected") and all(isinstance(each, _LITERAL) for each in ast.walk(value))
                if literal and (found := last_literal(value)):
                    changes = [change_of(*found)]
            yield UnittestMethod(name=f"test_{mark}_{number}", changes=tuple(changes), part=part)
