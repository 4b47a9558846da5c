"""The README's commands exist, and every command is in the README."""

import re
import shlex
from pathlib import Path

import pytest

from codecrucible.benchmarks import catalogue
from codecrucible.harness.cli.parser import parser

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("    ").removeprefix("$ ").partition(" | ")[0]
    for line in README.splitlines()
    if re.match(r"    (\$ )?crucible ", line)
]


def test_the_readme_has_commands():
    assert len(COMMANDS) >= 9


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_can_be_parsed(command):
    parser().parse_args(shlex.split(command)[1:])


def test_every_command_is_in_the_readme():
    commands = next(action for action in parser()._actions if action.dest == "==SUPPRESS==" and action.choices).choices
    assert [name for name in commands if f"crucible {name}" not in README and f"`{name}`" not in README] == []


def test_the_list_of_benchmarks_in_the_readme_is_that_of_the_catalogue():
    listed = dict(re.findall(r"^      (\S+) +(\d+) problems  ", README, re.MULTILINE))
    counts = {entry.name: str(entry.problems) for entry in catalogue()}
    assert listed.items() <= counts.items()
    assert {name for name in counts if not name.startswith("multipl-e:")} <= listed.keys()


@pytest.mark.parametrize("origin", ["humaneval", "mbpp"])
def test_the_readme_counts_the_languages_of_multipl_e(origin):
    counts = [entry.problems for entry in catalogue() if entry.name.startswith(f"multipl-e:{origin}-")]
    told = f"`multipl-e:{origin}-*` ({len(counts)} benchmarks, {min(counts)} to {max(counts)} problems each)"
    assert told in README.replace("\n", " ")
