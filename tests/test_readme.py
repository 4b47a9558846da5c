"""The commands of the README and of the page of commands exist, and every command is in one of them."""

import re
import shlex
from pathlib import Path

import pytest

from codecrucible.benchmarks import catalogue
from codecrucible.harness.cli.parser import parser

HOME = Path(__file__).resolve().parent.parent
README = (HOME / "README.md").read_text(encoding="utf-8")
BOTH = README + (HOME / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("    ").removeprefix("$ ").partition(" | ")[0]
    for line in BOTH.splitlines()
    if re.match(r"    (\$ )?crucible ", line)
]


def test_the_readme_has_commands():
    assert len(COMMANDS) >= 20
    assert 900 <= len(README.split()) <= 1100


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_can_be_parsed(command):
    parser().parse_args(shlex.split(command)[1:])


def test_every_command_is_in_the_readme_or_in_the_page_of_commands():
    commands = next(action for action in parser()._actions if action.dest == "==SUPPRESS==" and action.choices).choices
    assert [name for name in commands if f"crucible {name}" not in BOTH and f"`{name}`" not in BOTH] == []


def test_what_the_ten_questions_name_is_on_the_page_or_in_the_readme():
    table = BOTH.partition("## Ten questions")[2].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table if line.startswith("| ")][1:]
    page = README + "".join(path.read_text(encoding="utf-8") for path in (HOME / "reports" / "page").glob("*.js"))
    named = [name for _, where, _ in rows for name in re.findall(r'"(.+?)"', where)]
    assert len(rows) == 10
    assert len(named) >= 8
    assert [name for name in named if name not in page] == []
    assert all(int(clicks.rpartition(" ")[2]) <= 2 for _, _, clicks in rows)


def test_the_list_of_benchmarks_in_the_page_of_commands_is_that_of_the_catalogue():
    listed = dict(re.findall(r"^      (\S+) +(\d+|your) problems  ", BOTH, re.MULTILINE))
    counts = {entry.name: str(entry.problems or "your") for entry in catalogue()}
    assert listed.items() <= counts.items()
    assert {name for name in counts if not name.startswith("multipl-e:")} <= listed.keys()


@pytest.mark.parametrize("origin", ["humaneval", "mbpp"])
def test_the_readme_counts_the_languages_of_multipl_e(origin):
    counts = [entry.problems for entry in catalogue() if entry.name.startswith(f"multipl-e:{origin}-")]
    told = f"`multipl-e:{origin}-*` ({len(counts)} benchmarks, {min(counts)} to {max(counts)} problems each)"
    assert told in README.replace("\n", " ")


def test_every_link_of_the_documents_leads_somewhere():
    pages = [HOME / "README.md", HOME / "CONTRIBUTING.md", *(HOME / "docs").glob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]
    assert [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()] == []
