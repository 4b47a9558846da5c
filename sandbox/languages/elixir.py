"""Elixir, with one scheduler: a program has a core, and starting more takes time."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.elixir import printer_with

_START = re.compile(r"^[ \t]*ExUnit\.start\b(?:\(([^()]*)\))?", re.MULTILINE)


def _wire(tests: str, statement: str) -> str:
    """The tests, run by a last line and not when the process ends, where nothing could follow them.

    Tests without the framework are executed as they stand.
    """
    start = _START.search(tests)
    if not start:
        return at_the_end(tests, statement)
    options = f"{start[1]}, autorun: false" if (start[1] or "").strip() else "autorun: false"
    waiting = f"{tests[: start.start()]}ExUnit.start({options}){tests[start.end() :]}"
    return f"""{waiting.rstrip()}
if match?(%{{failures: 0, total: total}} when total > 0, ExUnit.run()), do: {statement}, else: System.halt(2)
"""


FAMILY = Family(name="elixir", packages=("elixir",))

LANGUAGE = Language(
    name="elixir",
    family=FAMILY.name,
    file_name="main.exs",
    run=("elixir", "--erl", "+S 1:1 +A 1", "main.exs"),
    syntax=("elixir", "--erl", "+S 1:1 +A 1", "-e", 'Code.string_to_quoted!(File.read!("main.exs"))'),
    token='IO.puts("{token}")',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(2,),
    processes=128,
    printer=printer_with(_wire),
    trial=Trial(
        right="defmodule HumanEval do\n  def twice(x) do\n    2 * x\n  end\nend\n",
        wrong="defmodule HumanEval do\n  def twice(x) do\n    x\n  end\nend\n",
        tests=(
            "ExUnit.start()\ndefmodule HumanEvalTest do\n  use ExUnit.Case, async: true\n  test 'twice' do\n"
            "    assert 42 == HumanEval.twice(21)\n  end\nend\n"
        ),
        statement="assert 42 == HumanEval.twice(21)",
        call="HumanEval.twice(21)",
    ),
)
