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
    opening=r"\{ actual: (?P<called>candidate\()",
    between=(", expected: ",),
    end=" }",
    literal=re.compile(
        rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\](?:\[\])?\w+(?:\{{\}})?\{{\}}|map\[\w+\][\w\[\]]+\{{\}}",
        re.DOTALL,
    ),
    changed=_changed,
    closing=r" \},",
    around=(
        r"func Test\w*\(t \*testing\.T\) \{\s*candidate := \w+\s*"
        r"type test struct \{\s*actual   interface\{\}\s*expected interface\{\}\s*\}\s*tests := \[\]test\{\s*\}\s*"
        r"for i, tc := range tests \{\s*t\.Run\(fmt\.Sprintf\(\"test num % d\", i\), func\(t \*testing\.T\) \{\s*"
        r"if fmt\.Sprintf\(\"%v\", tc\.actual\) != fmt\.Sprintf\(\"%v\", tc\.expected\) \{\s*"
        r"t\.Errorf\(\"expected '%s', got '%s'\", tc\.expected, tc\.actual\)\s*\}\s*\}\)\s*\}\s*\}\s*"
    ),
)


TRANSLATION = Translation(
    suffix="go",
    language="go",
    title="Go",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    panic("{REACHED}")\n}}\n',
    sha256={
        "humaneval": "ed944f2fa15b1492d5f88842db361bab05e435771e92590b50494aa5136ab4dc",
        "mbpp": "65e239ecf13e4492bc0b11581604e101b4f26cad4234a546401c3c557933207d",
    },
    candidate=re.compile(r"candidate := (\w+)"),
)
