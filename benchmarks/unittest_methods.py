"""The tests of a class of `unittest`, and of which of them an expected value can be changed.

What is covered: assertions of equality, and of how a mock was called, with an expected value that is a literal through
and through. The first such assertion of a method is changed, in two ways where there are two.
What is not: an assertion whose failure may be caught; what is true, an instance, a frame or an exception. A method of
such assertions alone has no change.
"""

import ast
import warnings
from collections.abc import Collection, Iterator

from codecrucible.benchmarks.in_process import borrowed_literal, changer, last_literal
from codecrucible.sandbox.job import UnittestMethod

_CLASS = "TestCases"

#: Makes one class of several: each test as one of `TestCases`, with all that its own class does around it. What is
#: called while a test runs is looked up in no name that the program could have bound.
_JOINED = """

def _joined_test(kind, name):
    def test(self):
        kind.setUpClass()
        case = kind(name)
        try:
            case.setUp()
            try:
                kind.__dict__[name](case)
            finally:
                case.tearDown()
                case.doCleanups()
        finally:
            kind.tearDownClass()

    return test


class TestCases(unittest.TestCase):
    pass


for _kind in ({classes},):
    for _name in unittest.TestLoader().getTestCaseNames(_kind):
        setattr(TestCases, f"test_{{_kind.__name__}}_{{_name}}", _joined_test(_kind, _name))
"""
_EQUAL = {
    "assertEqual",
    "assertEquals",
    "assertListEqual",
    "assertDictEqual",
    "assertTupleEqual",
    "assertSetEqual",
    "assertCountEqual",
    "assertAlmostEqual",
}
_CALLED = {"assert_called_with", "assert_called_once_with"}
_LITERAL = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.unaryop, ast.expr_context)


def methods_of(
    tests: str, unchanged: Collection[str] = (), classes: Collection[str] = ()
) -> tuple[UnittestMethod, ...]:
    r"""The methods of the class `TestCases`, in the order of their names.

    Args:
        tests: Source.
        unchanged: Names of methods for which no change is looked for.
        classes: Names of the classes that `joined` makes one of, instead of that one.

    Raises:
        ValueError: if there is no such class, or no method that tests in it.

    >>> source = (
    ...     "class TestCases(unittest.TestCase):\n"
    ...     "    def test_b(self):\n"
    ...     "        self.assertEqual(f(21), [1, 42])\n"
    ...     "    def test_a(self):\n"
    ...     "        self.assertTrue(f(1))\n"
    ... )
    >>> [(each.name, [change.text for change in each.changes]) for each in methods_of(source)]
    [('test_a', []), ('test_b', ['24'])]
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an escape such as "\\#", which is the dataset's
        parsed = ast.parse(tests)
    defined = {node.name: node for node in parsed.body if isinstance(node, ast.ClassDef)}
    tested = {
        f"test_{name}_{node.name}" if classes else node.name: node
        for name in classes or (_CLASS,)
        if name in defined
        for node in defined[name].body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    }
    if not tested or not defined.keys() >= set(classes):
        names = ", ".join(classes or (_CLASS,))
        raise ValueError(f"the tests define no class {names} with a method that tests")
    change_of = changer(tests)
    values = {name: list(_expected_values(node)) for name, node in sorted(tested.items())}
    methods = []
    for name, sides in values.items():
        changes = []
        if sides and name not in unchanged and (found := last_literal(sides[0])):
            others = [side for each in values.values() for side in each if side is not sides[0]]
            changes = [change_of(*found)]
            changes += [change_of(*each, borrowed=True) for each in borrowed_literal(sides[0], others)]
        methods.append(UnittestMethod(name=name, changes=tuple(changes)))
    return tuple(methods)


def joined(tests: str, classes: Collection[str]) -> str:
    """The tests with a class `TestCases` behind them that has the methods of all `classes`."""
    return tests + _JOINED.format(classes=", ".join(classes))


def _expected_values(method: ast.FunctionDef) -> Iterator[ast.expr]:
    """Expected values of a method that have a literal to change, in their order."""
    caught = {id(node) for tried in ast.walk(method) if isinstance(tried, ast.Try) for node in ast.walk(tried)}
    calls = [node for node in ast.walk(method) if isinstance(node, ast.Call) and id(node) not in caught]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        expected = call.args[:2] if name in _EQUAL else call.args if name in _CALLED else []
        for side in reversed(expected):
            if name == "assertCountEqual" and isinstance(side, ast.Constant):
                continue  # of a text the letters are counted, in whatever order
            if all(isinstance(node, _LITERAL) for node in ast.walk(side)) and last_literal(side):
                yield side
