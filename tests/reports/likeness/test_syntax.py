"""What is read of a syntax tree, against the parser's own nodes and the package's own walk."""

import pytest
from codebleu.parser import index_to_code_token, tree_to_token_index
from tree_sitter import Node, Parser

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.syntax import grammar, parse, subtrees_of

BROKEN = [
    "def f(:\n  return (((",
    "x = ((1, 2)\nfor in y:",
    "a not in b and (c is not d)",
    "",
    "x = f'{y!r}(' ",
    "if (:\n)",
]


@pytest.fixture(scope="module")
def sources() -> list[str]:
    functions = [problem.prompt + problem.reference for problem in load_humaneval().problems]
    return functions + [function[: len(function) // 2] for function in functions] + BROKEN


def strings_of(node: Node, *, top: bool = True) -> list[str]:
    own = [str(node)] if top or node.children else []
    return own + [text for child in node.children for text in strings_of(child, top=False)]


def test_the_subtrees_are_what_the_parser_prints_of_each_node(sources):
    for source in sources:
        tree = parse(source, "python", "source")
        own = Parser(grammar("python")).parse(tree.source).root_node
        assert sorted(subtrees_of(tree)) == sorted(strings_of(own)), source


def test_the_texts_are_the_tokens_of_the_package(sources):
    for source in sources:
        tree = parse(source, "python", "source")
        own = Parser(grammar("python")).parse(tree.source).root_node
        lines = tree.source.decode("latin-1").split("\n")
        assert tree.texts == [index_to_code_token(place, lines) for place in tree_to_token_index(own)], source
