"""Bandit's plugins over a syntax tree, in a quarter of the time that its `BanditManager` takes.

The plugins are Bandit's functions, in its order, and its visitor tells them what they look at. What is left out makes
no finding: the manager describes also the nodes that no plugin looks at, copies the description for each of its forty
plugins, adds up scores, counts lines, and looks for comments that hide findings, which hide nothing here. It is held by
a test against the manager.
"""

import ast
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bandit.core import blacklisting
from bandit.core.config import BanditConfig
from bandit.core.context import Context
from bandit.core.node_visitor import BanditNodeVisitor
from bandit.core.test_set import BanditTestSet

_NAME = "program.py"
#: No plugin looks at them, and they have no parts.
_MARKS = frozenset(
    mark
    for kind in (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
    for mark in kind.__subclasses__()
)
_WITHOUT_PARTS = frozenset((ast.Name, ast.Constant))
_NAMESPACES = frozenset((ast.ClassDef, ast.FunctionDef))
#: Calls of which the blacklist looks up an argument, in place of their name.
_IMPORTING = ("__import__", "importlib.import_module", "importlib.__import__")


class _Plugin(NamedTuple):
    """A function of Bandit's: its name and id, what is called, and what it is called with after the context."""

    name: str
    rule: str
    call: Callable[..., Any]
    configuration: tuple[Any, ...]


_Plugins = Mapping[str, Sequence[_Plugin]]
"""By the kind of node that they look at."""


class Plugins:
    """Bandit's plugins but for some; no project's configuration is read.

    Args:
        rules_off: Ids of those that are left out.
    """

    def __init__(self, rules_off: Sequence[str]) -> None:
        chosen = BanditTestSet(BanditConfig(), {"exclude": list(rules_off)})
        self._plugins = {kind: [_plugin(found) for found in tests] for kind, tests in chosen.tests.items()}

    def issues_in(self, source: bytes) -> list[Any]:
        """Bandit's `Issue` of each finding, in its order.

        Raises:
            SyntaxError: the source is none.
            Exception: the source is too deep, or has a zero byte in it.
        """
        walk = _Walk(source, self._plugins)
        walk.generic_visit(ast.parse(source))
        if not source.isascii():  # what the plugins for a whole file look for is beyond
            walk.context = {"file_data": walk.fdata, "filename": _NAME, "lineno": 0, "col_offset": 0}
            walk.run_tests(walk.context, "File")
        return walk.issues


def _plugin(found: Any) -> _Plugin:
    call, configuration = found, (found._config,) if hasattr(found, "_config") else ()  # noqa: SLF001 - where Bandit keeps it
    if found is blacklisting.blacklist:
        call = _Blacklist(*configuration)
    return _Plugin(name=found.__name__, rule=found._test_id, call=call, configuration=configuration)  # noqa: SLF001


class _Blacklist:
    """Bandit's blacklist, asked only of calls that it can have something against."""

    def __init__(self, lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._calls = {name for check in lists["Call"] for name in check["qualnames"]}.union(_IMPORTING)

    def __call__(self, context: Context, lists: Any) -> Any:
        node = context.node
        if (
            isinstance(node, ast.Call)
            and context.call_function_name_qual not in self._calls
            and getattr(node.func, "id", "") not in _IMPORTING  # which may be an alias of something else
        ):
            return None
        return blacklisting.blacklist(context, lists)


class _Walk(BanditNodeVisitor):  # type: ignore[misc]  # Bandit has no types
    """Bandit's visitor on its way through one tree; it is its own tester.

    Attributes:
        issues: What was found so far.
    """

    def __init__(self, source: bytes, plugins: _Plugins) -> None:
        super().__init__(_NAME, io.BytesIO(source), None, None, False, None, None)
        self.issues: list[Any] = []
        self.tester = self
        self._plugins = plugins

    def generic_visit(self, node: ast.AST) -> None:
        """Have plugins look at the parts of `node` and at theirs, in Bandit's order; each level is a call deep."""
        for field in node._fields:
            value = getattr(node, field, None)
            for part in value if isinstance(value, list) else (value,):
                kind: type[Any] = type(part)
                if kind in _MARKS or not isinstance(part, ast.AST):
                    continue
                part._bandit_parent = node  # type: ignore[attr-defined]  # noqa: SLF001 - plugins look it up there
                visit = _VISITS.get(kind)
                if visit:
                    visit(self, part)
                if kind not in _WITHOUT_PARTS:
                    self.generic_visit(part)
                    if kind in _NAMESPACES:
                        self.post_visit(part)

    def describe(self, node: Any) -> None:
        """Begin the description of `node` that plugins get."""
        self.context = {
            "imports": self.imports,
            "import_aliases": self.import_aliases,
            "lineno": node.lineno,
            "col_offset": node.col_offset,
            "end_col_offset": node.end_col_offset,
            "node": node,
            "filename": self.fname,
            "file_data": self.fdata,
        }

    def run_tests(self, description: dict[str, Any], kind: str) -> None:
        """Have the plugins for that kind of node look at it; one that fails finds nothing, as Bandit has it."""
        context = Context(description)
        for plugin in self._plugins.get(kind, ()):
            try:
                issue = plugin.call(context, *plugin.configuration)
            except Exception:  # noqa: BLE001, S112 - whatever a source does to it
                continue
            if issue is not None:
                if issue.lineno is None:
                    issue.lineno = description["lineno"]
                issue.test = plugin.name
                issue.test_id = issue.test_id or plugin.rule
                self.issues.append(issue)

    def update_scores(self, _: None) -> None:
        """Nobody asks for them."""


def _visit_constant(walk: _Walk, node: Any) -> None:
    docstring = isinstance(node._bandit_parent, ast.Expr)  # noqa: SLF001 - as Bandit takes it
    if isinstance(node.value, str | bytes) and not docstring:
        walk.describe(node)
        kind = "str" if isinstance(node.value, str) else "bytes"
        walk.context[kind] = node.value
        walk.run_tests(walk.context, kind.capitalize())


def _visit_handler(walk: _Walk, node: Any) -> None:
    walk.describe(node)
    walk.run_tests(walk.context, "ExceptHandler")


def _by_bandit(visit: Callable[[Any, Any], None]) -> Callable[[_Walk, Any], None]:
    def described(walk: _Walk, node: Any) -> None:
        walk.describe(node)
        visit(walk, node)

    return described


_VISITS: Mapping[type[ast.AST], Callable[[_Walk, Any], None]] = {
    ast.Constant: _visit_constant,
    ast.ExceptHandler: _visit_handler,
    ast.ClassDef: BanditNodeVisitor.visit_ClassDef,
    ast.Call: _by_bandit(BanditNodeVisitor.visit_Call),
    ast.FunctionDef: _by_bandit(BanditNodeVisitor.visit_FunctionDef),
    ast.Import: _by_bandit(BanditNodeVisitor.visit_Import),
    ast.ImportFrom: _by_bandit(BanditNodeVisitor.visit_ImportFrom),
}
"""Of the nodes that a plugin looks at, or that name what is in them."""
