"""MultiPL-E in Dart."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

FORM = Form(
    opening=r"expect\(candidate\(",
    between=(", ",),
    end=");",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=lambda text: changed(text, {"[]": "[0]"}),
)

TRANSLATION = Translation(
    suffix="dart",
    language="dart",
    title="Dart",
    changes=FORM.changes,
    stub=f'  throw "{REACHED}";\n',
    sha256={
        "humaneval": "fe592c606249296a7a04705717ffc52f3915d2fc1650abea38bd868c057e6736",
        "mbpp": "1ea43f1b7189ee513877026110ea6600a5ec40da666515e3634ee38450fff5f7",
    },
)
