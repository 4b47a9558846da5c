"""MultiPL-E in Perl."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x" => 0}'})


FORM = Form(
    opening=r"if\(eq_deeply\((?P<called>\$candidate->\()",
    between=(",",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    quotes="\"'",
    closing=r"\)\) \{\s*print \"ok!\" \}else\{\s*exit 1;\s*\}",
    around=r"use Test::Deep;\s*sub testhumaneval \{\s*my \$candidate = \\&\w+;\s*\}\s*testhumaneval\(\);\s*",
)

TRANSLATION = Translation(
    suffix="pl",
    language="perl",
    title="Perl",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    die "{REACHED}";\n}}\n',
    sha256={
        "humaneval": "3fab00911df72587e4a5d344a110df0dd9f566b2b797359b778928e3b74a0c0d",
        "mbpp": "28674820c97d1b2233c89fecefb3bfebd1ca6d74b45baf50e361145d848d343d",
    },
)
