"""MultiPL-E in Java."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"Arrays.asList()": "Arrays.asList(null, null)", "Map.of()": "Map.of(null, null)"})


FORM = Form(
    opening=r"assert\(\w+\(",
    between=(" == ", ".equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|Arrays\.asList\(\)|Map\.of\(\)", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="java",
    language="java",
    title="Java",
    changes=FORM.changes,
    stub=f'        throw new RuntimeException("{REACHED}");\n',
    sha256={
        "humaneval": "74f5b2a80e356f85427096a4f243be5159e2c02e90f733b18b1af6774036e2e8",
        "mbpp": "be0eb09ae567cc34d1cdfa8d64c650351d976d1df3c89fc366fdb5f017856dea",
    },
    candidate=re.compile(r"assert\((\w+)\("),
)
