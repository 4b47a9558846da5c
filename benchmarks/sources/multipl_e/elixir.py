"""MultiPL-E in Elixir."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "%{}": "%{0 => 0}"})


FORM = Form(
    opening=r"assert ",
    call_end="",
    end=" == HumanEval.candidate(",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|%\{{\}}", re.DOTALL),
    changed=_changed,
    closing="",
    around=(
        r"ExUnit\.start\(\)\s*defmodule HumanEvalTest do\s*use ExUnit\.Case, async: true\s*test '\w+' do\s*end\s*end\s*"
    ),
)

TRANSLATION = Translation(
    suffix="elixir",
    language="elixir",
    title="Elixir",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    raise "{REACHED}"\n  end\nend\n',
    sha256={
        "humaneval": "e59d12570596d1978416744d372e3fc9c0f37566baabe2e1a8470c972d971763",
        "mbpp": "0fab651cee7c118171dc4ab50f6757c9d7a9c820ad71874951298e48be899240",
    },
    candidate=re.compile(r"\btest '(\w+)' do"),
)
