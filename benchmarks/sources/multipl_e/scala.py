"""MultiPL-E in Scala."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    if text.endswith("]()"):
        kind, _, elements = text.removesuffix("]()").partition("[")
        each = ", ".join(f"null.asInstanceOf[{element.strip()}]" for element in elements.split(",", kind == "Map"))
        return f"{text[:-1]}({each}))" if kind == "Map" else f"{text[:-1]}{each})"
    return changed(text, {})


FORM = Form(
    opening=r"assert\((?P<called>\w+\()",
    between=(" == ", ".equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|(?:List|Map)\[[^()]*\]\(\)", re.DOTALL),
    changed=_changed,
    closing=r"\)\)?;",
    around=r"\s*\}\s*def main\(args: Array\[String\]\) = \{\s*\}\s*\}\s*",
)

TRANSLATION = Translation(
    suffix="scala",
    language="scala",
    title="Scala",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"def \w+\([^\n]*\) : ([^\n]*?) = \{$", re.MULTILINE),
    stub=f'        throw new RuntimeException("{REACHED}")\n',
    sha256={
        "humaneval": "7b30659b65bcd999ba0e1f824d4753d41df9497fdf01f96297060fa2c5fb9fbe",
        "mbpp": "a5939659cbd6e0623c2c164ff592a971b80ac1369416d90796d2a80b87bbec2f",
    },
    candidate=re.compile(r"assert\((\w+)\("),
)
