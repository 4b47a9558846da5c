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

_DEAD = {
    "its tests mix integers, floats or strings of different types": (
        "HumanEval_47_median",
        "HumanEval_71_triangle_area",
        "HumanEval_81_numerical_letter_grade",
        "HumanEval_92_any_int",
        "HumanEval_112_reverse_delete",
    ),
    "a string goes over more than one line": ("HumanEval_51_remove_vowels",),
    "a number is no Integer": (
        "HumanEval_114_minSubArraySum",
        "HumanEval_139_special_factorial",
    ),
    "digits is a reserved word": ("HumanEval_131_digits",),
}

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
    dead={problem_id: cause for cause, ids in _DEAD.items() for problem_id in ids},
)
