"""MultiPL-E in Ada."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"True": "False", "False": "True"})


FORM = Form(
    opening=r"pragma Assert \((?P<called>Candidate \()",
    between=(" = ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:True|False)\b", re.DOTALL),
    changed=_changed,
    around=(
        r"\s*end \w+;\s*end Placeholder;\s*pragma Ada_2022;\s*(?:(?:with|use) [\w.]+;\s*)*procedure Main is\s*"
        r"(?:use [\w.]+;\s*)*function Candidate [^\n]* renames Placeholder\.\w+;\s*begin\s*end Main;\s*"
    ),
)


TRANSLATION = Translation(
    suffix="adb",
    language="ada",
    title="Ada",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"package Placeholder is\n(.*?\n? *function \w+ (?:\([^\n]*\) )?return [\w.]+);", re.DOTALL),
    stub=f' is\n   begin\n      return (raise Program_Error with "{REACHED}");\n',
    sha256={
        "humaneval": "dee7c0b9ec3cbdf79d388093163b76d8f6f1aad3f746ab385cdf115bdd8e8ed7",
        "mbpp": "e41c4442889fffceddb1e99074c5e9c70bbab072db7cfcd7687c8f9c06bbf9d5",
    },
    candidate=re.compile(r"renames Placeholder\.(\w+);"),
)
