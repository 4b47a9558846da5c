"""MultiPL-E in Lua."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed

_STRING = rf"{STRING}|'(?:\\.|[^'\\])*'"


def _changed(text: str) -> str:
    return changed(text, {"{}": "{0}"})


FORM = Form(
    opening=r"lu\.assertEquals\(candidate\(",
    between=(", ",),
    end=")",
    literal=re.compile(rf"{_STRING}|{NUMBER}|\b(?:true|false)\b|\{{\}}", re.DOTALL),
    quotes="\"'",
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="lua",
    language="lua",
    title="Lua",
    changes=FORM.changes,
    stub=f'    error("{REACHED}")\nend\n',
    sha256={
        "humaneval": "f1c89800b3de19e2e9e582ea7b8bd1df06c49a983883045e0d5d135ca007ceef",
        "mbpp": "8dc169f9ec206c778f3f5611baf8ed6edbf0e9d1be397b713e5744d44162a98d",
    },
)
