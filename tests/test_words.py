"""The words of CONTRIBUTING.md, where a reader meets them: help, documents, messages and docstrings."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from codecrucible.harness.cli.parser import parser

HOME = Path(__file__).resolve().parent.parent
DOCUMENTS = [HOME / "README.md", HOME / "CHANGELOG.md", *sorted((HOME / "docs").rglob("*.md"))]
SOURCES = [
    path
    for folder in ("codecrucible/__init__.py", "codecrucible/_runs.py", "harness", "benchmarks", "reports", "sandbox")
    for path in ([HOME / folder] if folder.endswith(".py") else sorted((HOME / folder).rglob("*.py")))
    if HOME / "sandbox" / "image" not in path.parents  # a changed byte there makes another image
]
#: Of the column "not" of CONTRIBUTING.md, what no other sense of its words needs.
AVOIDED = re.compile(
    r"\bgo(?:es|ing)? on from\b|\bleaves? (?:it |them )?away\b|\bleft away\b|\bd(?:o|oes|one) without\b"
    r"|\bcr(?:y|ies) wolf\b|\bat hand\b|\bvouche[sd] for\b|\bgate's word\b",
    re.IGNORECASE,
)
#: A sentence, or a field's, without the noun that it is about.
BARE_OF = re.compile(r"\A\s*Of |^\s*\w+: Of ", re.MULTILINE)


def helps(command: argparse.ArgumentParser) -> Iterator[str]:
    yield command.description or ""
    for action in command._actions:
        yield action.help or ""
        if isinstance(action, argparse._SubParsersAction):
            for each in dict.fromkeys(action.choices.values()):
                yield from helps(each)


def texts(tree: ast.AST) -> Iterator[str]:
    """Docstrings, also those of attributes, and what messages are made of."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def test_the_word_list_is_in_the_guide_for_contributors():
    guide = (HOME / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {"resume", "omit", "mirror, copy", "false alarm"} <= set(re.findall(r"^\| (.*?) \|", guide, re.MULTILINE))


def test_no_help_has_a_word_of_the_list():
    assert [text for text in helps(parser()) if AVOIDED.search(text) or BARE_OF.search(text)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_has_a_word_of_the_list(path):
    assert AVOIDED.findall(path.read_text(encoding="utf-8")) == []


def test_no_message_and_no_docstring_has_a_word_of_the_list():
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [(path.name, text) for text in texts(tree) if AVOIDED.search(text)]
        found += [(path.name, text) for text in docstrings(tree) if BARE_OF.search(text)]
    assert found == []
