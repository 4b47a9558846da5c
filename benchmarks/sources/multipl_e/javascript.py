"""MultiPL-E in JavaScript."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x": 0}'})


AROUND = (
    r"(?:declare var require: any;\s*)?const assert = require\('node:assert'\);\s*"
    r"function test\(\) \{\s*let candidate = [\w$]+;\s*\}\s*test\(\);\s*"
)

FORM = Form(
    opening=r"assert\.deepEqual\((?P<called>candidate\()",
    between=(",",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    quotes="\"'",
    around=AROUND,
)

TRANSLATION = Translation(
    suffix="js",
    language="javascript",
    title="JavaScript",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'  throw new Error("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "637b588e19b00617e02aad503fad169ff15275d813f30ff24796d51893713f8e",
        "mbpp": "c87241a473d12521a50667ea5b3a1f239ed1f8d5cee1d3aa007eeca4dcda47f8",
    },
)
