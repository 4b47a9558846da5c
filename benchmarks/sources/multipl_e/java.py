"""MultiPL-E in Java."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"Arrays.asList()": "Arrays.asList(null, null)", "Map.of()": "Map.of(null, null)"})


FORM = Form(
    opening=r"assert\((?P<called>\w+\()",
    between=(" == ", ".equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|Arrays\.asList\(\)|Map\.of\(\)", re.DOTALL),
    changed=_changed,
    closing=r"\)\)?;",
    around=r"\s*\}\s*public static void main\(String\[\] args\) \{\s*\}\s*\}\s*",
)

TRANSLATION = Translation(
    suffix="java",
    language="java",
    title="Java",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"public static (\w+)[^\n]* \w+\([^\n]*\) \{$", re.MULTILINE),
    stub=f'        throw new RuntimeException("{REACHED}");\n',
    sha256={
        "humaneval": "a036204d925ca59e00d244b5e5eb170e050f5773fb39760ad3c73540680d793f",
        "mbpp": "35395c3d33640b96083635859904a314ebadc09ffe206dc450c285d4d2d2f011",
    },
    candidate=re.compile(r"assert\((\w+)\("),
)
