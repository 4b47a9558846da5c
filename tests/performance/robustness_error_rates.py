"""Prints JSON: how often the test of the worst-of-versions drop gives a false alarm, and how often its interval holds.

164 problems have pass rates from a U-shaped Beta distribution (mean 0.5, concentration 1). Each version of a problem,
the nominal prompt among them, has the problem's rate with noise of its own. "same": nothing else differs, so that a
small p is a false alarm. "worse": every perturbed version passes a tenth less often. One sample is
taken for a greedy one.

"sign_flip_percent" is how often a sign-flip test of the same drops, which does not know that the worst of several is
low by chance, has p at 0.05 or below. "held_percent" is how often the 95 % interval of the drop holds the mean drop.

    python tests/performance/robustness_error_rates.py --runs 400
"""

import argparse
import json

import numpy as np

from codecrucible.reports.statistics.robustness import Versions, robustness
from codecrucible.reports.statistics.sign_flip import sign_flip_p

PROBLEMS = 164
NOISE = 0.15  # of a version's rate
LEVEL = 0.05
TRUTH_PROBLEMS = 200_000

Rates = "np.ndarray[tuple[int, int], np.dtype[np.float64]]"


def rates_of(world: str, seeds: int, draws: np.random.Generator, *, problems: int = PROBLEMS) -> Rates:
    """Chances to pass, a row a problem, the nominal prompt's first."""
    middle = draws.beta(0.5, 0.5, problems)
    rates = np.clip(middle[:, None] + draws.normal(0, NOISE, (problems, seeds + 1)), 0, 1)
    if world == "worse":
        rates[:, 1:] *= 0.9
    return rates


def versions_of(rates: Rates, n: int, draws: np.random.Generator) -> list[Versions]:
    """What n samples of each version come to."""
    passed = draws.binomial(n, rates)
    return [
        Versions(problem_id=f"p/{place}", nominal=(n, int(row[0])), perturbed=tuple((n, int(c)) for c in row[1:]))
        for place, row in enumerate(passed)
    ]


def true_drop(world: str, seeds: int, *, power: int) -> float:
    """Mean over problems of the chance that all versions pass less that of `power` draws of the nominal prompt."""
    rates = rates_of(world, seeds, np.random.default_rng(0), problems=TRUTH_PROBLEMS)
    return float((rates[:, 1:].prod(axis=1) - rates[:, 0] ** power).mean())


def measured(world: str, seeds: int, n: int, runs: int, draws: np.random.Generator) -> dict[str, object]:
    """One line of the results."""
    greedy = n == 1
    matched = greedy or n >= seeds
    truth = true_drop(world, seeds, power=1 if greedy or not matched else seeds)
    alarms = flips = held = 0
    for _ in range(runs):
        found = robustness(versions_of(rates_of(world, seeds, draws), n, draws), greedy=greedy)
        low, high = found.worst_drop.interval() or (0.0, 0.0)
        alarms += found.p is not None and found.p <= LEVEL
        held += low <= truth <= high
    for _ in range(runs):
        problems = versions_of(rates_of(world, seeds, draws), n, draws)
        worst = [float(np.prod([c / n for n, c in each.perturbed])) - each.nominal[1] / n for each in problems]
        flips += sign_flip_p(worst) <= LEVEL
    return {
        "world": world,
        "seeds": seeds,
        "n": n,
        "p_at_most_0.05_percent": round(100 * alarms / runs, 1),
        "sign_flip_percent": round(100 * flips / runs, 1),
        "held_percent": round(100 * held / runs, 1),
        "true_drop_points": round(100 * truth, 1),
    }


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=400, help="for each number")
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    draws = np.random.default_rng(asked.seed)
    results = [
        measured(world, seeds, n, asked.runs, draws)
        for world in ("same", "worse")
        for seeds in (1, 5)
        for n in (1, 5, 20)
    ]
    print(json.dumps({"runs": asked.runs, "problems": PROBLEMS, "results": results}, indent=2))


if __name__ == "__main__":
    main()
