"""MultiPL-E in Rust."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    if text.startswith("Vec"):
        return f"{text.removesuffix('new()')}from([Default::default()])"
    return changed(text, {"HashMap::from([])": "HashMap::from([(Default::default(), Default::default())])"})


FORM = Form(
    opening=r"assert_eq!\(candidate\(",
    between=(", ",),
    end=")",
    literal=re.compile(
        rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\bVec::<[^>]*>+::new\(\)|\bHashMap::from\(\[\]\)", re.DOTALL
    ),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="rs",
    language="rust",
    title="Rust",
    changes=FORM.changes,
    stub=f'    panic!("{REACHED}");\n',
    sha256={
        "humaneval": "e328e436c4d44ef8a40c1c0230b0401f5970a8650de71e019324d7fb535e850e",
        "mbpp": "114207480d89ab4f79ebbe710f73dc1a936a1255b65b02aa1231c287b01a4f18",
    },
)
