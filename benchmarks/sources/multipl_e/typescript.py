"""MultiPL-E in TypeScript."""

from codecrucible.benchmarks.sources.multipl_e.javascript import FORM
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

TRANSLATION = Translation(
    suffix="ts",
    language="typescript",
    title="TypeScript",
    changes=FORM.changes,
    assertions=FORM.assertions,
    stub=f'  throw new Error("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "53182fa2a497d1b574c83054cf95eb58504edacb02adb5ab56baf3ce0b511fcb",
        "mbpp": "59113f6aa77df3f91660d3dc1339d4eac6a5aa9e6b1d4376071eee93baa832c2",
    },
)
