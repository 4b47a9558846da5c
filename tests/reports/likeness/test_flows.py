"""Data flows against what the package's extractor reads of the parser's own tree."""

from collections import Counter
from contextlib import suppress

import pytest
from codebleu import dataflow_match
from codebleu.parser import tree_to_token_index
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Parser

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.flows import Flow, flows_of, origins_by_package
from codecrucible.reports.likeness.python_flows import PythonFlows, UnclearFlow
from codecrucible.reports.likeness.syntax import DEEPEST_TREE, Origins, Tree, grammar, parse

STATEMENTS = [
    "a.b = 'c'\n",  # three parts on either side
    "a, b = b, a\n",
    "(a, b) = (1, c)\n",
    "a = b = c\n",
    "a: int\n",
    "a: int = b\n",
    "a += a\n",
    "a[b] = c.d(a)\n",
    "x = [i + j for i in a if i for j in i]\n",
    "x = {k: (v, a) for k, v in b.items()}\n",
    "def f(p, q=a, *r, s: int = lambda t=b: t, **u):\n    return f'{p!r}{q}'\n",
    "if (n := a) > b:\n    c = n\nelif a:\n    c = b\n    a = 1\nelse:\n    b = c\n",
    "if a:\n    b = a\n",
    "for i, (j, k) in enumerate(a):\n    s += i\n    for m in j:\n        a = m\nelse:\n    s = 0\n",
    "while a and not b:\n    a, b = b, a - 1\n    if a not in c:\n        break\n",
    "try:\n    a = b\nexcept E as e:\n    c = e\n",
    "with a as b, c:\n    b = c\n",
    "class C(a):\n    b = c\n",
    "lambda x, y=a: x + y\n",
    "del a\n",
    "for in a:\n",
    "a = \n",
    "= b\n",
    "if a b:\n  c\n",
    "x = (1,\n",
]


def by_package_on_its_own_tree(tree: Tree) -> Origins | None:
    """None where the extractor fails over the tree."""
    own = Parser(grammar("python")).parse(tree.source).root_node
    places = tree_to_token_index(own)
    try:
        edges, _ = dataflow_match.dfg_function["python"](own, dict(zip(places, enumerate(tree.texts), strict=True)), {})
    except (AttributeError, LookupError, TypeError):
        return None
    found: Origins = {}
    for _, at, relation, _, sources in edges:
        found[at] = relation, found.get(at, ("", frozenset()))[1].union(sources)
    return found


def both(source: str) -> tuple[Origins | None, Origins | None]:
    """Ours, and the package's extractor on the copied tree."""
    tree = parse(source, "python", "source")
    flows, ours, theirs = PythonFlows(), None, None
    with suppress(AttributeError, LookupError, TypeError):
        flows.visit(tree.root, {})
        ours = flows.origins
    with suppress(AttributeError, LookupError, TypeError):
        theirs = origins_by_package(tree, "python")
    return ours, theirs


def assert_the_same(source: str) -> None:
    expected = by_package_on_its_own_tree(parse(source, "python", "source"))
    assert both(source) == (expected, expected), source


def test_the_flows_of_all_references_and_of_their_halves_are_the_packages():
    for problem in load_humaneval().problems:
        function = problem.prompt + problem.reference
        for source in (function, function[: len(function) // 2], function[len(function) // 3 :]):
            assert_the_same(source)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_flows_of_each_kind_of_statement_are_the_packages(statement):
    assert_the_same("a = b = c = 1\n" + statement + statement)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_flows_of_statements_in_any_order_and_depth_are_the_packages(data):
    source = ""
    for _ in range(data.draw(st.integers(1, 6))):
        statement = data.draw(st.sampled_from(STATEMENTS))
        frame = data.draw(
            st.sampled_from(["{}", "{}", "if a:\n{}", "for a in b:\n{}", "while c:\n{}", "def f(a=b):\n{}"])
        )
        body = "".join(f"    {line}\n" for line in statement.splitlines())
        source += frame.format(statement if frame == "{}" else body)
    with suppress(UnclearFlow):  # the package decides then
        assert_the_same(source)


@pytest.mark.parametrize("opening", ["if a:", "while a:", "def f(b=a):"])
def test_the_deepest_tree_that_is_measured_overflows_no_stack(opening):
    depth = 10 if opening == "while a:" else DEEPEST_TREE // 2 - 4
    assert_the_same("".join(f"{' ' * level}{opening}\n" for level in range(depth)) + " " * depth + "a = 1\n")
    assert_the_same("a = " * (DEEPEST_TREE - 6) + "1\n")


@pytest.mark.parametrize("source", ["if e:\n  /\n,=2", 'def r():\n.lambda=""', "def l(:\n f ii):\n ,=t"])
def test_a_place_with_two_relations_is_left_to_the_package(source):
    with pytest.raises(UnclearFlow):
        both(source)
    tree = parse(source, "python", "source")
    expected = by_package_on_its_own_tree(tree)
    assert expected is not None
    assert_that_flows_follow(flows_of(tree, "python"), expected)


def assert_that_flows_follow(flows: Counter[Flow], expected: Origins) -> None:
    linked = {at for at, (_, sources) in expected.items() if sources}.union(*(each[1] for each in expected.values()))
    assert Counter(relation for _, relation, _ in flows.elements()) == Counter(
        relation for at, (relation, _) in expected.items() if at in linked
    )
