"""MultiPL-E in Elixir."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "%{}": "%{0 => 0}"})


FORM = Form(
    opening=r"assert ",
    call_end="",
    end=" == HumanEval.candidate(",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|%\{{\}}", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="elixir",
    language="elixir",
    title="Elixir",
    changes=FORM.changes,
    stub=f'    raise "{REACHED}"\n  end\nend\n',
    sha256={
        "humaneval": "a242e7311c023a780354f92482b3fbada40d7a60f85067f516ba6617f191fc88",
        "mbpp": "a9d232f30229f977ff094817684bdfdb404fbe19eea8b6af4b8ed4d75c8d33b6",
    },
    candidate=re.compile(r"\btest '(\w+)' do"),
)
