"""MultiPL-E in Go."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    """Values are compared by what they print, so that an element of another type does for any empty collection."""
    if text.endswith("}"):
        return "map[int]int{0: 0}" if text.startswith("map") else "[]interface{}{0}"
    return changed(text, {})


FORM = Form(
    opening=r"\{ actual: candidate\(",
    between=(", expected: ",),
    end=" }",
    literal=re.compile(
        rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\](?:\[\])?\w+(?:\{{\}})?\{{\}}|map\[\w+\][\w\[\]]+\{{\}}",
        re.DOTALL,
    ),
    changed=_changed,
)


TRANSLATION = Translation(
    suffix="go",
    language="go",
    title="Go",
    changes=FORM.changes,
    stub=f'    panic("{REACHED}")\n}}\n',
    sha256={
        "humaneval": "ed944f2fa15b1492d5f88842db361bab05e435771e92590b50494aa5136ab4dc",
        "mbpp": "65e239ecf13e4492bc0b11581604e101b4f26cad4234a546401c3c557933207d",
    },
    candidate=re.compile(r"candidate := (\w+)"),
)
