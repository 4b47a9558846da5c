"""Prints JSON: CPU ms a program of Bandit's plugins as the scanner calls them, beside Bandit's own manager.

Programs are HumanEval's prompts with their references, in turns in one process; the ratio is the median of the rounds'.
Whether both find the same is what `tests/sandbox/test_bandit_walk.py` tests.

    python tests/performance/bandit_walk.py --rounds 5
"""

import argparse
import io
import json
import logging
import statistics
import time
import warnings
from collections.abc import Callable

from bandit.core.config import BanditConfig
from bandit.core.manager import BanditManager

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.sandbox.image.bandit_walk import Plugins

RULES_OFF = ("B101",)


def cpu_ms(scan: Callable[[bytes], object], programs: list[bytes]) -> float:
    """Of each program, on average."""
    begin = time.process_time()
    for program in programs:
        scan(program)
    return (time.process_time() - begin) * 1e3 / len(programs)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)  # of both, as in the scanner's container
    warnings.simplefilter("ignore")
    programs = [(problem.prompt + problem.reference).encode() for problem in load_humaneval().problems]
    plugins = Plugins(RULES_OFF)
    manager = BanditManager(BanditConfig(), "file", profile={"exclude": RULES_OFF}, ignore_nosec=True)

    def by_manager(program: bytes) -> None:
        manager.results, manager.skipped, manager.scores = [], [], []
        manager._parse_file("program.py", io.BytesIO(program), ["program.py"])

    rounds = [(cpu_ms(plugins.issues_in, programs), cpu_ms(by_manager, programs)) for _ in range(chosen.rounds)]
    result = {
        "programs": len(programs),
        "rounds": chosen.rounds,
        "ours_ms": round(statistics.median(ours for ours, _ in rounds), 3),
        "manager_ms": round(statistics.median(theirs for _, theirs in rounds), 3),
        "ratio": round(statistics.median(theirs / ours for ours, theirs in rounds), 2),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
