"""MultiPL-E in Bash."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    """All values are strings there: what looks like a number or a truth value goes on looking like one."""
    content = text[1:-1]
    found = list(re.finditer(rf"(?<![\w.\\$])(?:true|false|{NUMBER})(?![\w.])", content))
    if not content:
        return '"0"'
    if not found:
        return f'"{content}x"'
    last = found[-1]
    return f'"{content[: last.start()]}{changed(last[0], {})}{content[last.end() :]}"'


FORM = Form(
    opening=r"\[\[ \$\(candidate",
    between=(" = ",),
    end=" ]]",
    literal=re.compile(STRING, re.DOTALL),
    changed=_changed,
    quotes="\"'",
)

TRANSLATION = Translation(
    suffix="sh",
    language="bash",
    title="Bash",
    changes=FORM.changes,
    stub=f'    echo "{REACHED}" >&2\n    exit 1\n',
    sha256={
        "humaneval": "d90f7549fe7176a4a95c184e078e165522a8d0b15a739ff74b78e1857194c9e0",
        "mbpp": "91b88bc75c32edf239f0e9099e08d2e81893e2dadc7405b42866a8295a1f7af7",
    },
)
