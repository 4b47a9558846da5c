"""MultiPL-E in C#."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {})


FORM = Form(
    opening=r"Debug\.Assert\(\w+\(",
    between=(" == ", ".Equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b", re.DOTALL),
    changed=_changed,
)


TRANSLATION = Translation(
    suffix="cs",
    language="csharp",
    title="C#",
    changes=FORM.changes,
    stub=f'        throw new Exception("{REACHED}");\n',
    sha256={
        "humaneval": "022d29694b370048962165f3cec7d6689570fdce6987d7b4b49060acfc19e2e9",
        "mbpp": "85212c9d13fc5e15bbc576a8f5e678f41c8b19eef2f0cbbbabf19aaf38f3db0a",
    },
    candidate=re.compile(r"Debug\.Assert\((\w+)\("),
)
