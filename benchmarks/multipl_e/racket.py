"""MultiPL-E in Racket."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"#t": "#f", "#f": "#t", "(list )": "(list 0)", "#hash()": "#hash((0 . 0))"})


FORM = Form(
    opening=r"\(check-within \(candidate",
    between=(" ",),
    end=" 0.001)",
    literal=re.compile(rf"{STRING}|{NUMBER}|#[tf]\b|\(list \)|#hash\(\)", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="rkt",
    language="racket",
    title="Racket",
    changes=FORM.changes,
    stub=f'  (error "{REACHED}"))\n',
    sha256={
        "humaneval": "2ae62de37f02385a8a05d962bf1ad41281df16e9182cbc553bb22eaffcce4ff9",
        "mbpp": "05ca2782f50179f67102ac6af75bfd811bcf051a78e178e1398c88088d9fbc7d",
    },
    candidate=re.compile(r"\( ?candidate (\w+)\)\)"),
)
