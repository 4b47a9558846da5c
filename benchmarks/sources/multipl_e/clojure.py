"""MultiPL-E in Clojure."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": "{0 0}"})


FORM = Form(
    opening=r"\(is \(= (?P<called>\(candidate)",
    between=(" ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    closing=r"\)\)",
    around=(
        r"\(require '\[clojure\.test :refer \[deftest is run-test\]\]\)\s*\(def candidate [^\s()]+\)\s*"
        r"\(deftest test-humaneval\s*\)\s*\(run-test test-humaneval\)\s*"
    ),
)

TRANSLATION = Translation(
    suffix="clj",
    language="clojure",
    title="Clojure",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'  (throw (Exception. "{REACHED}")))\n',
    sha256={
        "humaneval": "a362d99dd12fb69513ccf70fd48fb723d3b97072dbdb8fa7dd92b26bc34d9a48",
        "mbpp": "cc867991cfc6762ab7d8716d2fdf74a55f07e09afcb82fdde4e64b011886785e",
    },
    candidate=re.compile(r"\(def candidate ([^\s()]+)\)"),
)
