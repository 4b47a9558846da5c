"""The README's commands exist, and every command is in the README."""

import re
import shlex
from pathlib import Path

import pytest

from harness.cli import parser

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


def test_the_counts_of_the_readme_are_those_of_the_benchmarks(benchmark_name):
    from benchmarks import load_benchmark

    assert re.search(rf"{re.escape(benchmark_name)} +{len(load_benchmark(benchmark_name).problems)} problems", README)
