"""MultiPL-E in Ada."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"True": "False", "False": "True"})


FORM = Form(
    opening=r"pragma Assert \(Candidate \(",
    between=(" = ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:True|False)\b", re.DOTALL),
    changed=_changed,
)


TRANSLATION = Translation(
    suffix="adb",
    language="ada",
    title="Ada",
    changes=FORM.changes,
    stub=f' is\n   begin\n      return (raise Program_Error with "{REACHED}");\n',
    sha256={
        "humaneval": "25738777dd4848e722a5b8e2c7208e89f31ebbf5c8e863f324529f39d9d4abfd",
        "mbpp": "730ffb5990bc2de06a02507f9623f5a869e40b60f666252c81ac248fd71ab069",
    },
    candidate=re.compile(r"renames Placeholder\.(\w+);"),
)
