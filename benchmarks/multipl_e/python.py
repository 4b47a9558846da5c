"""MultiPL-E in Python, judged by the referee: its tests call the answer as data, and need no process with it."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation

TRANSLATION = Translation(
    suffix="py",
    language="python",
    title="Python",
    changes=None,
    stub=f'    print("{REACHED}")\n    raise RuntimeError\n',
    sha256={
        "humaneval": "e4e25ee746a488e2efa10cdbdc98b9f670d30b5f26470904c0ec39852b4d7ff9",
        "mbpp": "cc222be9bb7bf15114d3b15be83c9bd68b7916664d483a7b3c676373fb38e608",
    },
    candidate=re.compile(r"def test_check\(\):\n    check\((\w+)\)"),
)
