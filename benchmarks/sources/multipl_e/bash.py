"""MultiPL-E in Bash."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


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
    opening=r"\[\[ (?P<called>\$\(candidate)",
    between=(" = ",),
    end=" ]]",
    literal=re.compile(STRING, re.DOTALL),
    changed=_changed,
    quotes="\"'",
    closing=r" \]\]",
    around=r"\}\s*candidate\(\) \{\s*\w+ \"\$@\"\s*\}\s*set -e\s*run_test\(\) \{\s*\}\s*run_test\s*",
)

TRANSLATION = Translation(
    suffix="sh",
    language="bash",
    title="Bash",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'    echo "{REACHED}" >&2\n    exit 1\n',
    sha256={
        "humaneval": "79a091a15418e4c8d527c2f245d5f1fae553ade0dd9e81aec0e28ee734159fd6",
        "mbpp": "2ef1e28cfbdbdb29bd1524a89a57f8d88e412b1c70da6857dc5de55f6835d320",
    },
)
