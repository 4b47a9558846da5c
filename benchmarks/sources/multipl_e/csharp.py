"""MultiPL-E in C#."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation
from codecrucible.sandbox.job import Assertion


def _changed(text: str) -> str:
    return changed(text, {})


FORM = Form(
    opening=r"Debug\.Assert\((?P<called>\w+\()",
    between=(" == ", ".Equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b", re.DOTALL),
    changed=_changed,
    closing=r"\)\)?;",
    around=r"\s*\}\s*public static void Main\(string\[\] args\) \{\s*\}\s*\}\s*",
)


def _assertions(tests: str) -> tuple[Assertion, ...]:
    """All assertions; none where an answer is compared with null by `==`, which unlike `Equals` may hold."""
    return () if re.search(r" == \(?null\)", tests) else FORM.assertions(tests)


TRANSLATION = Translation(
    suffix="cs",
    language="csharp",
    title="C#",
    changes=FORM.changes,
    assertions=_assertions,
    result=re.compile(r"public static ([^\n]+) \w+\([^\n]*\) \{$", re.MULTILINE),
    stub=f'        throw new Exception("{REACHED}");\n',
    sha256={
        "humaneval": "022d29694b370048962165f3cec7d6689570fdce6987d7b4b49060acfc19e2e9",
        "mbpp": "85212c9d13fc5e15bbc576a8f5e678f41c8b19eef2f0cbbbabf19aaf38f3db0a",
    },
    candidate=re.compile(r"Debug\.Assert\((\w+)\("),
)
