"""The page on the sandbox names tests, and they exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = TESTS.parents[1] / "docs" / "sandbox.md"


def test_every_row_of_the_page_names_a_test_that_exists():
    defined = {
        name
        for file in TESTS.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    claims = PAGE.read_text().partition("## What it costs")[0]
    tables = [line for line in claims.splitlines() if line.startswith("| ")]
    rows = [line for line in tables if not line.endswith(("| attacked by |", "| held by |"))]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert defined.issuperset(named), row


def test_what_the_page_says_is_not_covered_is_in_the_packages_list():
    from codecrucible.sandbox.scope import NOT_COVERED

    listed = " ".join(NOT_COVERED)
    for word in ("kernel", "answers", "load", "engine"):
        assert word in listed
        assert word in PAGE.read_text().partition("## What it does not do")[2]


@pytest.mark.parametrize("page", ["generation.md", "robustness.md", "sandbox.md", "threat-model.md"])
def test_every_test_that_a_page_names_exists(page):
    files = [*TESTS.parent.rglob("test_*.py"), *TESTS.parent.rglob("faults/*.py")]
    defined = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)}
    text = (PAGE.parent / page).read_text()
    assert set(re.findall(r"`(test_\w+)`", text)) <= defined
    for path in re.findall(r"`(tests/[\w/]+\.py)`", text):
        assert (TESTS.parents[1] / path).is_file(), path
