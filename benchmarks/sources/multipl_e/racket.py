"""MultiPL-E in Racket."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"#t": "#f", "#f": "#t", "(list )": "(list 0)", "#hash()": "#hash((0 . 0))"})


FORM = Form(
    opening=r"\(check-within (?P<called>\(candidate)",
    between=(" ",),
    end=" 0.001)",
    literal=re.compile(rf"{STRING}|{NUMBER}|#[tf]\b|\(list \)|#hash\(\)", re.DOTALL),
    changed=_changed,
    closing=r" 0\.001\)",
    around=(
        r"\(require rackunit\)\s*\(define \(test-humaneval\)\s*\(let \(\( ?candidate [^\s()]+\)\)\s*\)\)\s*"
        r"\(test-humaneval\)\s*"
    ),
)

TRANSLATION = Translation(
    suffix="rkt",
    language="racket",
    title="Racket",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'  (error "{REACHED}"))\n',
    sha256={
        "humaneval": "04f15bc7f3c8a96ac5d378a9d5d695fb0a43b34a9f5cf4c8f16812eb35e55759",
        "mbpp": "a965a21cc5e9787e8c255f4639f585ec3261f4875444d1a794348393a07a457c",
    },
    candidate=re.compile(r"\( ?candidate (\w+)\)\)"),
)
