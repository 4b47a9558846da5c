"""MultiPL-E in Lua."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

_STRING = rf"{STRING}|'(?:\\.|[^'\\])*'"


def _changed(text: str) -> str:
    return changed(text, {"{}": "{0}"})


FORM = Form(
    opening=r"lu\.assertEquals\((?P<called>candidate\()",
    between=(", ",),
    end=")",
    literal=re.compile(rf"{_STRING}|{NUMBER}|\b(?:true|false)\b|\{{\}}", re.DOTALL),
    quotes="\"'",
    changed=_changed,
    closing=r"\)",
    around=(
        r"lu = require\('luaunit'\)\s*function test_humaneval\(\)\s*local candidate = \w+\s*end\s*"
        r"os\.exit\(lu\.LuaUnit\.run\(\)\)\s*"
    ),
)

TRANSLATION = Translation(
    suffix="lua",
    language="lua",
    title="Lua",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    error("{REACHED}")\nend\n',
    sha256={
        "humaneval": "c5e64e85dff48e4026741ab582f3bf2523b17f494e6edb6f56e1ad2878384f4b",
        "mbpp": "4a936539f9013ba8406f0945ae2619b7440ceb8ce398594fdfce27c78cddbc2f",
    },
)
