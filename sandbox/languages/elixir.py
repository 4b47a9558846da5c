"""Elixir, with one scheduler: a program has a core, and starting more takes time."""

from sandbox.languages.declaration import Family, Language, Trial, replaced


def _wire(tests: str, statement: str) -> str:
    """The tests, run by a last line and not when the process ends, where nothing could follow them."""
    waiting = replaced(tests, "ExUnit.start()", "ExUnit.start(autorun: false)")
    return f"""{waiting.rstrip()}
if match?(%{{failures: 0, total: 1}}, ExUnit.run()), do: {statement}, else: System.halt(2)
"""


FAMILY = Family(name="elixir", packages=("elixir",))

LANGUAGE = Language(
    name="elixir",
    family=FAMILY.name,
    file_name="main.exs",
    run=("elixir", "--erl", "+S 1:1 +A 1", "main.exs"),
    token='IO.puts("{token}")',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(2,),
    processes=128,
    trial=Trial(
        right="defmodule HumanEval do\n  def twice(x) do\n    2 * x\n  end\nend\n",
        wrong="defmodule HumanEval do\n  def twice(x) do\n    x\n  end\nend\n",
        tests=(
            "ExUnit.start()\ndefmodule HumanEvalTest do\n  use ExUnit.Case, async: true\n  test 'twice' do\n"
            "    assert 42 == HumanEval.twice(21)\n  end\nend\n"
        ),
    ),
)
