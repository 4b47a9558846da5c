"""MultiPL-E in Scala."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    if text.endswith("]()"):
        kind, _, elements = text.removesuffix("]()").partition("[")
        each = ", ".join(f"null.asInstanceOf[{element.strip()}]" for element in elements.split(",", kind == "Map"))
        return f"{text[:-1]}({each}))" if kind == "Map" else f"{text[:-1]}{each})"
    return changed(text, {})


FORM = Form(
    opening=r"assert\(\w+\(",
    between=(" == ", ".equals("),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|(?:List|Map)\[[^()]*\]\(\)", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="scala",
    language="scala",
    title="Scala",
    changes=FORM.changes,
    stub=f'        throw new RuntimeException("{REACHED}")\n',
    sha256={
        "humaneval": "b8285807adde9d56457bcf6261b34be899856088be3b41deab83243449d59b46",
        "mbpp": "1e524edfe8a735c346490169f13029ec20431b038cb9496c5479dd6a297e24db",
    },
    candidate=re.compile(r"assert\((\w+)\("),
)
