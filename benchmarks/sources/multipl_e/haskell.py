"""MultiPL-E in Haskell."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"True": "False", "False": "True", "[]": "[undefined]"})


FORM = Form(
    opening=r"if (?P<called>candidate)",
    call_end=" == ",
    end=" then ",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:True|False)\b|\[\]", re.DOTALL),
    changed=_changed,
    closing=r' then pure \(\) else error "assertion failed"',
    around=r"\s*main :: IO \(\)\s*main = do\s*let candidate = \w+\s*pure \(\)\s*",
)

TRANSLATION = Translation(
    suffix="hs",
    language="haskell",
    title="Haskell",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"^\w+ :: (?:[^\n]* -> )?([^\n>]+)$", re.MULTILINE),
    stub=f' error "{REACHED}"\n',
    sha256={
        "humaneval": "3cb8f401ada919026a99c22dc86bb02d429dc3e2b340a5fcbcfaf539df8cedb3",
        "mbpp": "03ff368bf1ac994a610618d3ca8fa7f1d792f0bfa28d48f18d151e92178f0db9",
    },
)
