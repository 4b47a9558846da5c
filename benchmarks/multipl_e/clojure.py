"""MultiPL-E in Clojure."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": "{0 0}"})


FORM = Form(
    opening=r"\(is \(= \(candidate",
    between=(" ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
)

TRANSLATION = Translation(
    suffix="clj",
    language="clojure",
    title="Clojure",
    changes=FORM.changes,
    stub=f'  (throw (Exception. "{REACHED}")))\n',
    sha256={
        "humaneval": "132f2f47bf9828a22701cd8dc14b5533f032cc2347e9641a7d1fed7453cfc938",
        "mbpp": "f8875e279fbd5ff09f9dadbcf6f8261444d7964aa62775d3a07730cfc757d257",
    },
    candidate=re.compile(r"\(def candidate ([^\s()]+)\)"),
)
