"""MultiPL-E in OCaml."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[Obj.magic 0]"})


FORM = Form(
    opening=r"\(assert \((?P<called>\(candidate)",
    between=(" = ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=_changed,
    closing=r"\)\);",
    around=r"\s*let assertions =\s*let candidate = \w+ in\s*\(\)\s*",
)


TRANSLATION = Translation(
    suffix="ml",
    language="ocaml",
    title="OCaml",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"^let (?:rec )?\w+ [^\n]*: ([^:=\n]+) =$", re.MULTILINE),
    stub=f'  failwith "{REACHED}"\n',
    sha256={
        "humaneval": "665b2e5e470ebc0852b44526ef12ed714c2d3c270de42de00851d607d29bfce4",
        "mbpp": "def797f243b39a7cd40110e1bddecca20a44d09704e52eb7017c4cb4e433464a",
    },
)
