"""MultiPL-E in Swift."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

_EMPTY = {"[] as [Int]": "[0]", "[] as [String]": '["x"]', "[] as [(Int, Int)]": "[(0, 0)]"}

FORM = Form(
    opening=r"assert\(\w+\(",
    between=(" == ",),
    end=")",
    literal=re.compile(
        rf"{STRING}|{NUMBER}|\b(?:true|false)\b|{'|'.join(re.escape(empty) for empty in _EMPTY)}", re.DOTALL
    ),
    changed=lambda text: changed(text, _EMPTY),
)

TRANSLATION = Translation(
    suffix="swift",
    language="swift",
    title="Swift",
    changes=FORM.changes,
    stub=f'    fatalError("{REACHED}")\n',
    sha256={
        "humaneval": "70a037ced4dc0634ba9f937d11f0f7eb317e1739b28af126a1fc4c9a7ef9813a",
        "mbpp": "c3e457d8615c6987f2accb54a4a6d8cd52aa3c3e70b5fe684211a14981b7d707",
    },
    candidate=re.compile(r"^assert\((\w+)\(", re.MULTILINE),
)
