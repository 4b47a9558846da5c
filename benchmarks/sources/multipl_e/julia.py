"""MultiPL-E in Julia."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return f"{text.removesuffix('([])')}(undef, 1)" if text.startswith("Vector") else changed(text, {})


FORM = Form(
    opening=r"@test\(candidate\(",
    between=(" == ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\bVector\{{[\w{{}}, ]+\}}\(\[\]\)", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="jl",
    language="julia",
    title="Julia",
    changes=FORM.changes,
    stub=f'    error("{REACHED}")\nend\n',
    sha256={
        "humaneval": "e4803464b33ffc2afcc7f2b6375b02e09d5ec4dcd3dda5255e52715b594544bc",
        "mbpp": "722d8b9a15fe36464865655552412128ad7dec1e905c961c033cb28c67d00028",
    },
)
