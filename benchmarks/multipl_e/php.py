"""MultiPL-E in PHP."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"array()": "array(0)"})


FORM = Form(
    opening=r"if \(candidate\(",
    between=(" !== ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\barray\(\)", re.DOTALL),
    changed=_changed,
    quotes="\"'",
)

TRANSLATION = Translation(
    suffix="php",
    language="php",
    title="PHP",
    changes=FORM.changes,
    stub=f'    throw new Exception("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "cda0772d8fe655b7abc408ed41af043ac522062ab1d25b39747962ad41b8ff70",
        "mbpp": "c8255da0aafd47a2ec558387b0bb8d11e7cf729ff58935c94b6f56a2f9a96dc9",
    },
)
