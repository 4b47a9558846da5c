"""MultiPL-E in JavaScript."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x": 0}'})


FORM = Form(
    opening=r"assert\.deepEqual\(candidate\(",
    between=(",",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    quotes="\"'",
)

TRANSLATION = Translation(
    suffix="js",
    language="javascript",
    title="JavaScript",
    changes=FORM.changes,
    stub=f'  throw new Error("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "480ceff221221514bb8b14ad800011b05d1abcc058536fda3d2f6c4204432dc1",
        "mbpp": "effd26664838169caa26c3c1ff21cb058870ace7caad730835a76e6da781d3b1",
    },
)
