"""MultiPL-E in Go."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


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
        "humaneval": "e22bdeac13574a388c546e8f33f1f17d78fd3ad48693b0bc2d8f7e3d15c7d661",
        "mbpp": "102c00cf03d552497e009dc8bbb860e342d3dbe72d750b6a74f09211aa5e6783",
    },
    candidate=re.compile(r"candidate := (\w+)"),
)
