"""MultiPL-E in R."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

_STRING = rf"{STRING}|'(?:\\.|[^'\\])*'"
_WORDS = {"TRUE": "FALSE", "FALSE": "TRUE"}


def _changed(text: str) -> str:
    return changed(text, {**_WORDS, "c()": "c(0)", "list()": "list(0)"})


FORM = Form(
    opening=r"stopifnot\(isTRUE\(all\.equal\((?P<called>candidate\()",
    between=(", ",),
    end=")",
    literal=re.compile(rf"{_STRING}|{NUMBER}|\b(?:TRUE|FALSE)\b|\b(?:c|list)\(\)", re.DOTALL),
    quotes="\"'",
    changed=_changed,
    closing=r"\)\)\)",
    around=r"test_humaneval <- function\(\) \{\s*candidate <- \w+\s*\}\s*test_humaneval\(\)\s*",
)

TRANSLATION = Translation(
    suffix="r",
    language="r",
    title="R",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    stop("{REACHED}")\n}}',
    sha256={
        "humaneval": "8ea5e34aa50522b7e08961451cef36c5cfc0d5963992a350a5d016c1cbfc7434",
        "mbpp": "d11b7bdc7592fc4bcb1e2cc5e1109a0997284ad477ecedca524a2e6f577516e1",
    },
    candidate=re.compile(r"candidate <- (\w+)"),
)
