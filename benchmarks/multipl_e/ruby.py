"""MultiPL-E in Ruby."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x" => 0}'})


FORM = Form(
    opening=r"assert_equal\(",
    call_end="",
    end=", candidate.call(",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="rb",
    language="ruby",
    title="Ruby",
    changes=FORM.changes,
    stub=f'  raise "{REACHED}"\nend\n',
    sha256={
        "humaneval": "21ac7ae35ffd8f9bcaed5cbbfc499c1918724a9188b99b79771140efb693ddae",
        "mbpp": "1ec40825e2a1fcc2f338508c19b3b8bc2f627529f940153661b480b941a178ec",
    },
    candidate=re.compile(r"method\(:(\w+)\)"),
)
