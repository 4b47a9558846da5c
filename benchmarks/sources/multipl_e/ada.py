"""MultiPL-E in Ada."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


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
        "humaneval": "dee7c0b9ec3cbdf79d388093163b76d8f6f1aad3f746ab385cdf115bdd8e8ed7",
        "mbpp": "e41c4442889fffceddb1e99074c5e9c70bbab072db7cfcd7687c8f9c06bbf9d5",
    },
    candidate=re.compile(r"renames Placeholder\.(\w+);"),
)
