"""MultiPL-E in Python, judged by the referee: its tests call the answer as data, and need no process with it."""

import re

from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation

TRANSLATION = Translation(
    suffix="py",
    language="python",
    title="Python",
    changes=None,
    stub=f'    print("{REACHED}")\n    raise RuntimeError\n',
    sha256={
        "humaneval": "dc14c813c787552b09e262c9e8ad90bea88ca2893e2bd4185cd541dfba82c25b",
        "mbpp": "f4117c2368040555847e7be052979da840e69a8affa3f78a1ef62335143f2838",
    },
    candidate=re.compile(r"def test_check\(\):\n    check\((\w+)\)"),
)
