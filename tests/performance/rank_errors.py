"""Prints JSON: how often a leaderboard's ranges of ranks are wrong, how wide they are, and what it costs.

Models are drawn on 164 problems whose pass rates come from a U-shaped Beta distribution (mean 0.5, concentration 1).
"level": all have the same rates, and a range that does not hold every rank is wrong. "ladder": each model passes every
problem a little less often than the one before, 3 points in the mean, and a range without its true rank is wrong.

The cost of a pair is the CPU time of its test over benchmarks of these sizes, 20 samples per problem.

    python tests/performance/rank_errors.py --leaderboards 500
"""

import argparse
import json
import time

import numpy as np
from gate_error_rates import report_of_rows

from codecrucible.reports.leaderboard import Board, Entrant, leaderboard
from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.statistics.paired import weighted_cluster_sums
from codecrucible.reports.statistics.sign_flip import sign_flip_p

PROBLEMS = 164
SIZES = ((164,), (164, 500), (164, 378, 500), (40, 164, 500, 974))
STEP = 0.06  # of the ladder, in shares of the best model's rates, whose mean is 0.5


def entrants(
    rates: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", n: int, draws: np.random.Generator
) -> list[Entrant]:
    """Models with these chances, one row each, and n samples of every problem."""
    return [
        Entrant(
            name=str(place),
            reports={
                "humaneval": report_of_rows(
                    [ProblemRow(problem_id=str(at), n=n, c=int(c)) for at, c in enumerate(draws.binomial(n, chances))],
                    n,
                    "humaneval",
                )
            },
        )
        for place, chances in enumerate(rates)
    ]


def wrong_ranges(board: Board, world: str) -> bool:
    """Whether a range of the board is wrong."""
    ranges = {int(each.name): each.ranks for each in board.standings if each.ranks}
    if world == "level":
        return any(each != (1, len(ranges)) for each in ranges.values())
    return any(not best <= 1 + place <= worst for place, (best, worst) in ranges.items())


def pair_ms(sizes: tuple[int, ...], draws: np.random.Generator, *, pairs: int = 20) -> float:
    """Milliseconds of CPU that the test of a pair of models over benchmarks of these sizes takes on average."""
    spent = 0.0
    for _ in range(pairs):
        differences, strata = [], []
        for size in sizes:
            rates = draws.beta(0.5, 0.5, size)
            worse, better = (draws.binomial(20, chances) / 20 for chances in (0.9 * rates, rates))
            differences += (worse - better).tolist()
            strata += [size] * size
        begin = time.process_time()
        sign_flip_p(*weighted_cluster_sums(differences, range(len(differences)), strata))
        spent += time.process_time() - begin
    return round(1000 * spent / pairs, 1)


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leaderboards", type=int, default=500, help="for each number")
    options.add_argument("--models", type=int, default=10)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    draws = np.random.default_rng(asked.seed)
    results = []
    for n in (1, 5, 20):
        for world in ("level", "ladder"):
            wrong, widths, seconds = 0, [], 0.0
            for _ in range(asked.leaderboards):
                base = draws.beta(0.5, 0.5, PROBLEMS)
                factor = [1 - STEP * place * (world == "ladder") for place in range(asked.models)]
                field = entrants(np.outer(factor, base), n, draws)
                begin = time.perf_counter()
                (board,) = leaderboard(field)
                seconds += time.perf_counter() - begin
                wrong += wrong_ranges(board, world)
                ranges = [each.ranks for each in board.standings if each.ranks]
                widths.append(np.mean([worst - best + 1 for best, worst in ranges]))
            results.append(
                {
                    "world": world,
                    "n": n,
                    "wrong_percent": round(100 * wrong / asked.leaderboards, 1),
                    "mean_ranks_in_a_range": round(float(np.mean(widths)), 1),
                    "seconds_a_leaderboard": round(seconds / asked.leaderboards, 3),
                }
            )
    told = {"models": asked.models, "leaderboards": asked.leaderboards, "results": results}
    told["pair_ms"] = {" + ".join(map(str, sizes)): pair_ms(sizes, draws) for sizes in SIZES}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
