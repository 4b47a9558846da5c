"""MultiPL-E in D."""

import re
from dataclasses import replace

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed
from sandbox.job import Change


def _changed(text: str) -> str:
    return changed(text, {"[]": "[typeof(candidate.init)]"})


FORM = Form(
    opening=r"assert\(candidate\(",
    between=(" == ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=_changed,
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
    stub=f'{{\n    throw new Exception("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "0b20f89b8c60e9612b23e0b16db85e012bb5c45c7fbc9bd509b70e13e3ef3ec5",
        "mbpp": "23d8afe120c7dd9dea465dc5caa339700b0c7a9f044d296969a728922c287caa",
    },
)
