"""MultiPL-E in PHP."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"array()": "array(0)"})


FORM = Form(
    opening=r"if \((?P<called>candidate\()",
    between=(" !== ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\barray\(\)", re.DOTALL),
    changed=_changed,
    quotes="\"'",
    closing=r"\) \{ throw new Exception\(\"Test failed!\"\); \}",
    around=(
        r"function candidate\(\.\.\.\$args\) \{\s*return \w+\(\.\.\.\$args\);\s*\}\s*"
        r"function test\(\): void \{\s*\}\s*test\(\);\s*"
    ),
)

TRANSLATION = Translation(
    suffix="php",
    language="php",
    title="PHP",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    throw new Exception("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "5607e144724fefffdcc62dcfd00df8ec27eb7198a75b30c1dd51fcf526d1006c",
        "mbpp": "64a113bcbd12952075f32f6b948275ef751175c2043cdabbe05972898aaeffde",
    },
)
