"""How fast data is prepared, in how much memory, and how well near duplicates are found. Prints JSON.

    python tests/performance/prepare.py [--rows 10000,100000] [--seconds 300]

The rows are synthetic functions of 5 to 40 lines; one in ten is a copy of an earlier one with up to six words changed.
Each number of rows runs in a process of its own, which stops reading after --seconds; what a kept row adds to the peak
memory is taken between the first number and the last. The steps that start ruff and pylint are left out. The
quality is measured on 3,000 rows, half of them such copies, against the exact similarity of every pair.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.finetune.preparation.decontamination import Decontamination
from codecrucible.harness.finetune.preparation.duplicates import NearIndex, jaccard, shingles_of
from codecrucible.harness.finetune.preparation.pipeline import NEAR, Pipeline, Rules
from codecrucible.harness.finetune.preparation.rows import Row

_QUALITY_ROWS = 3000
_RECENT = 1000  # rows of which copies are made
_NAMES = [
    f"{a}_{b}" for a in ("old", "new", "first", "last", "total") for b in ("price", "name", "line", "count", "key")
]


def texts(rows: int, *, seed: int = 0, copies: float = 0.1):
    """Sources of functions, the same ones for the same seed."""
    random_ = random.Random(seed)  # noqa: S311  # no secret
    recent: list[str] = []
    for number in range(rows):
        if recent and random_.random() < copies:
            made = changed(random_.choice(recent), random_)
        else:
            made = function(number, random_)
            recent.append(made)
            del recent[:-_RECENT]
        yield made


def function(number: int, random_: random.Random) -> str:
    lines = [
        f"    {random_.choice(_NAMES)} = {random_.choice(_NAMES)} {random_.choice('+-*')} {random_.randrange(1000)}"
        for _ in range(random_.randint(4, 39))
    ]
    return f"def work_{number}({', '.join(_NAMES[:5])}):\n" + "\n".join(lines) + f"\n    return {_NAMES[0]}\n"


def changed(text: str, random_: random.Random) -> str:
    words = text.split(" ")
    for _ in range(random_.randint(0, 6)):
        words[random_.randrange(len(words))] = random_.choice(_NAMES)
    return " ".join(words)


def measured(rows: int, *, seconds: float) -> dict[str, object]:
    """Rate and memory of one run in this process."""
    decontamination = Decontamination([load_benchmark("starter"), load_benchmark("humaneval")])
    rules = Rules(ruff=False, pylint=False, normalise=False)
    start = time.perf_counter()

    def stream():
        for number, text in enumerate(texts(rows)):
            if time.perf_counter() - start > seconds:
                return
            yield Row(texts=(text,), origin=f"row {number}")

    with TemporaryDirectory() as folder, Pipeline(
        Path(folder, "rows"), rules=rules, decontamination=decontamination
    ) as pipeline:  # fmt: skip
        pipeline.run(stream(), done=lambda _: None)
        took = time.perf_counter() - start
        read, kept = pipeline.steps["read"].entered, pipeline.kept
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "rows": read,
        "kept": kept,
        "seconds": round(took, 1),
        "rows_per_s": round(read / took),
        "peak_memory_bytes": peak,
    }


def quality() -> dict[str, object]:
    """Precision and recall of the pairs at `NEAR`, by the exact similarity of all."""
    rows = list(texts(_QUALITY_ROWS, seed=1, copies=0.5))
    shingles = [shingles_of(text) for text in rows]
    exact = {
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        # A pair that differs more in size cannot be as similar.
        if min(len(shingles[a]), len(shingles[b])) >= NEAR * max(len(shingles[a]), len(shingles[b]))
        and jaccard(shingles[a], shingles[b]) >= NEAR
    }
    index = NearIndex(rows.__getitem__, seed=0)
    found = set()
    for number, text in enumerate(rows):
        likenesses, keys = index.likenesses(text, at_least=NEAR)
        index.add(number, keys)
        found |= {(each.number, number) for each in likenesses}
    right = len(found & exact)
    return {"pairs": len(exact), "precision": right / len(found), "recall": right / len(exact)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measured(options.alone, seconds=options.seconds)))
        return
    runs = []
    for rows in options.rows.split(","):
        arguments = ["--alone", rows, "--seconds", str(options.seconds)]
        done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    first, last = runs[0], runs[-1]
    kept = last["kept"] - first["kept"]
    a_row = round((last["peak_memory_bytes"] - first["peak_memory_bytes"]) / kept) if kept else None
    print(json.dumps({"runs": runs, "bytes_a_kept_row": a_row, "near_duplicates": quality()}, indent=2))


if __name__ == "__main__":
    main()
