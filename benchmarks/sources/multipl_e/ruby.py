"""MultiPL-E in Ruby."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": '{"x" => 0}'})


FORM = Form(
    opening=r"assert_equal\(",
    call_end="",
    end=", candidate.call(",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]|\{{\}}", re.DOTALL),
    changed=_changed,
    closing=r"\)",
    around=(
        r"require 'test/unit'\s*class TestHumanEval < Test::Unit::TestCase\s*def test_\w+\s*"
        r"candidate = method\(:\w+\)\s*end\s*end\s*"
    ),
)

TRANSLATION = Translation(
    suffix="rb",
    language="ruby",
    title="Ruby",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'  raise "{REACHED}"\nend\n',
    sha256={
        "humaneval": "1ed1ea4d40b093761e57c4e871870f82b943f182d3e5dcc730c3c5d57b6b6c48",
        "mbpp": "473c82a2b125ce05a9b76124d9a741ee1dc0942c5bf75491ada6c26ec6ac35ae",
    },
    candidate=re.compile(r"method\(:(\w+)\)"),
)
