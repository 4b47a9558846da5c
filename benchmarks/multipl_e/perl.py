"""MultiPL-E in Perl."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x" => 0}'})


FORM = Form(
    opening=r"if\(eq_deeply\(\$candidate->\(",
    between=(",",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    quotes="\"'",
)

TRANSLATION = Translation(
    suffix="pl",
    language="perl",
    title="Perl",
    changes=FORM.changes,
    stub=f'    die "{REACHED}";\n}}\n',
    sha256={
        "humaneval": "bb2c72ede8e40cbb098221891a914df2d9b9aec5d2c4866a88b39d92ce41e4f7",
        "mbpp": "b36f96827495400be6cf3618ff705a63dea9dab92676dbd23de2c202ce391bbd",
    },
)
