"""How far references are from themselves, as `crucible efficiency` measures them.

    python tests/performance/efficiency_noise.py --problems 25,64,137,17,9,1 --rounds 10

Each reference runs twice a round. Printed are, for each problem, the quartiles of its CPU time and the ratio over all
rounds; and, over random choices of five rounds of each problem, how far that ratio is from 1: by what `crucible
efficiency` does, and by the median of the rounds' ratios alone.
"""

import argparse
import math
import os
import random
from statistics import median, quantiles

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.stress import stress_tests
from codecrucible.harness.evaluation.efficiency_series import REFERENCE_LIMITS, _Beside, _overhead_s, _summary
from codecrucible.sandbox import DockerExecutor

CHOICES, ROUNDS = 200, 5


def runs_of(executor, test, rounds):
    """The reference beside itself."""
    job, overhead = (
        test.job(test.problem.reference_program, limits=REFERENCE_LIMITS),
        test.overhead_jobs(limits=REFERENCE_LIMITS),
    )
    made = []
    for _ in range(rounds + 1):  # the first is not counted
        overhead_s = _overhead_s(executor, overhead)
        made.append(_Beside(reference=executor.run(job), program=executor.run(job), overhead_s=overhead_s))
    return made[1:]


def off_by(ratios):
    """Factors that half, 90 % and 95 % of the ratios are within."""
    apart = sorted(abs(math.log(ratio)) for ratio in ratios)
    return ", ".join(f"{math.exp(apart[int(share * len(apart))]):.2f}" for share in (0.5, 0.9, 0.95))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--problems", default="25,64,137,17,9,1")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    tests, draw = stress_tests(load_benchmark("humaneval")), random.Random(1)  # noqa: S311  # nothing is kept secret
    told, alone = [], []
    with DockerExecutor(workers=1) as executor:
        for number in options.problems.split(","):
            runs = runs_of(executor, tests[f"HumanEval/{number}"], options.rounds)
            low, middle, high = quantiles((run.reference.cpu_s * 1000 for run in runs), n=4)
            overhead = median(run.overhead_s * 1000 for run in runs)
            ratio = _summary(runs, inputs=0, left_out=0).cpu_ratio
            print(
                f"HumanEval/{number}: {low:.1f} {middle:.1f} {high:.1f} ms, overhead {overhead:.1f} ms, "
                f"ratio {ratio:.2f}, load {os.getloadavg()[0]:.0f}",
                flush=True,
            )
            chosen = [draw.sample(runs, min(ROUNDS, len(runs))) for _ in range(CHOICES)]
            told += [_summary(each, inputs=0, left_out=0).cpu_ratio for each in chosen]
            alone += [median(run.cpu_ratio for run in each) for each in chosen]
    print(f"half, 90 %, 95 % of five rounds are within: {off_by(told)}; by the ratios alone: {off_by(alone)}")


if __name__ == "__main__":
    main()
