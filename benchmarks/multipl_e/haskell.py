"""MultiPL-E in Haskell."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"True": "False", "False": "True", "[]": "[undefined]"})


FORM = Form(
    opening=r"if candidate",
    call_end=" == ",
    end=" then ",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:True|False)\b|\[\]", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="hs",
    language="haskell",
    title="Haskell",
    changes=FORM.changes,
    stub=f' error "{REACHED}"\n',
    sha256={
        "humaneval": "f53acb150a14589b0d6c62d3bc1317c0d4894e92dedba4227e95d88e45631982",
        "mbpp": "a8bdafe7930290fa8eb50a71e5cf6064efc64cd23cf62cb7406647748decb124",
    },
)
