"""MultiPL-E in C#."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {})


FORM = Form(
    opening=r"Debug\.Assert\(\w+\(",
    between=(" == ", ".Equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b", re.DOTALL),
    changed=_changed,
)


TRANSLATION = Translation(
    suffix="cs",
    language="csharp",
    title="C#",
    changes=FORM.changes,
    stub=f'        throw new Exception("{REACHED}");\n',
    sha256={
        "humaneval": "8165b83c2102adabbb59828bed7c9ad12fd4ef2ef2c71c7bab49b9f8b1b1aaaa",
        "mbpp": "fb2532519169990b5e7c3ba65bcfa42ef23be0050bf6ccb08481a73270509437",
    },
    candidate=re.compile(r"Debug\.Assert\((\w+)\("),
)
