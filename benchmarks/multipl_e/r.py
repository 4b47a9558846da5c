"""MultiPL-E in R."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed

_STRING = rf"{STRING}|'(?:\\.|[^'\\])*'"
_WORDS = {"TRUE": "FALSE", "FALSE": "TRUE"}


def _changed(text: str) -> str:
    return changed(text, {**_WORDS, "c()": "c(0)", "list()": "list(0)"})


FORM = Form(
    opening=r"stopifnot\(isTRUE\(all\.equal\(candidate\(",
    between=(", ",),
    end=")",
    literal=re.compile(rf"{_STRING}|{NUMBER}|\b(?:TRUE|FALSE)\b|\b(?:c|list)\(\)", re.DOTALL),
    quotes="\"'",
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="r",
    language="r",
    title="R",
    changes=FORM.changes,
    stub=f'    stop("{REACHED}")\n}}',
    sha256={
        "humaneval": "534a5ca905818a7d12cc3ef7367e0baa74f3d634e8d9f935dbf00d6b31caafa7",
        "mbpp": "40e320cdbb7885c1407de5ccc508db20addb716f4a73c0a275dad262536a8233",
    },
    candidate=re.compile(r"candidate <- (\w+)"),
)
