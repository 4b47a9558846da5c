"""MultiPL-E in TypeScript."""

from benchmarks.multipl_e.javascript import FORM
from benchmarks.multipl_e.translation import REACHED, Translation

TRANSLATION = Translation(
    suffix="ts",
    language="typescript",
    title="TypeScript",
    changes=FORM.changes,
    stub=f'  throw new Error("{REACHED}");\n}}\n',
    sha256={
        "humaneval": "aebfff10f997e1196c6defce0038e9f9fd35cd942c7bf0605902cae1ddc9308a",
        "mbpp": "a02a9f45a33ee795561c6b1ca1d5bf9f0646466c1e078953681170df9cdd1c04",
    },
)
