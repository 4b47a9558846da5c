"""MultiPL-E in Rust."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    if text.startswith("Vec"):
        return f"{text.removesuffix('new()')}from([Default::default()])"
    return changed(text, {"HashMap::from([])": "HashMap::from([(Default::default(), Default::default())])"})


FORM = Form(
    opening=r"assert_eq!\((?P<called>candidate\()",
    between=(", ",),
    end=")",
    literal=re.compile(
        rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\bVec::<[^>]*>+::new\(\)|\bHashMap::from\(\[\]\)", re.DOTALL
    ),
    changed=_changed,
    around=r"\}\s*fn main\(\) \{\s*let candidate = \w+;\s*\}\s*",
)

TRANSLATION = Translation(
    suffix="rs",
    language="rust",
    title="Rust",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"^fn \w+\([^\n]*\) -> ([^{\n]*?) \{$", re.MULTILINE),
    stub=f'    panic!("{REACHED}");\n',
    sha256={
        "humaneval": "89b550cc2660321c446fd3e5dcce6bfe073f9a5a997786ce72c31bd158d9e408",
        "mbpp": "2c58cbe5568ff0607cf825997d87e06ff20dd9a20b21fe1e7fe2c28ee7e05336",
    },
)
