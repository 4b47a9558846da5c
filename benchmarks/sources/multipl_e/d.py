"""MultiPL-E in D."""

import re
from dataclasses import replace

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation
from codecrucible.sandbox.job import Change


def _changed(text: str) -> str:
    return changed(text, {"[]": "[typeof(candidate.init)]"})


FORM = Form(
    opening=r"assert\((?P<called>candidate\()",
    between=(" == ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=_changed,
    around=r"unittest\s*\{\s*alias candidate = \w+;\s*\}\s*void main\(\)\s*\{\s*\}\s*",
)

_OF_NULLABLE = replace(
    FORM, opening=r"assert\(!result(?:\[\d\])?\.isNull && result(?:\[\d\])?\.get == ", call_end="", between=("",)
)


def _changes(tests: str) -> list[Change]:
    """Changes in assertions of both kinds: of an answer, and of an answer that may be null."""
    return sorted((*FORM.changes(tests), *_OF_NULLABLE.changes(tests)), key=lambda change: change.start)


TRANSLATION = Translation(
    suffix="d",
    language="d",
    title="D",
    changes=_changes,
    assertions=FORM.assertions,
    stub=f'{{\n    throw new Exception("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "5669c13c5e543c0811bb335f1121d697ba12571fd7a63acb210ba9eff0c432ed",
        "mbpp": "2a38db5747d688b7b9853b563d3f9f04550735e9e7ae2cc4ce7950456603314c",
    },
)
