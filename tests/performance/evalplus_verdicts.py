"""Whether programs get the verdicts that EvalPlus 0.3.1 gives them, on the base and on the plus tests.

    pip install --no-deps evalplus==0.3.1 && pip install psutil
    python tests/performance/evalplus_verdicts.py --every 3

The programs are references of HumanEval+ and MBPP+ in wrappers that change type, order or last digits of an answer.
EvalPlus runs them on this machine without isolation, with which these may be trusted.
"""

import argparse
import json
import sys
from copy import deepcopy

from evalplus.eval import untrusted_check
from evalplus.eval._special_oracle import MBPP_OUTPUT_NOT_NONE_TASKS

from codecrucible.benchmarks import Problem, Verdict, job_for, judge, load_benchmark
from codecrucible.benchmarks.sources.evalplus_oracle import Oracle, mbpp_arguments
from codecrucible.sandbox import DockerExecutor, Limits

#: What a program answers, where its reference answers `a`.
WRAPPERS = (
    "a",
    "tuple(a) if isinstance(a, list) else a",
    "list(a) if isinstance(a, (tuple, set)) else a",
    "set(a) if isinstance(a, (list, tuple)) else a",
    "sorted(a) if isinstance(a, (list, tuple)) else a",
    "(each for each in a) if isinstance(a, list) else a",
    "float(a) if type(a) is int else a",
    "int(a) if isinstance(a, float) and a == int(a) else a",
    "a + 1 if type(a) is int and a > 10**8 else a",
    "a * (1 + 5e-8) if type(a) is float else a",
    "a + 1e-8 if type(a) is float else [x + 1e-8 if type(x) is float else x for x in a] if type(a) is list else a",
    "a + 1e-5 if type(a) is float else [x + 1e-5 if type(x) is float else x for x in a] if type(a) is list else a",
    "bool(a)",
    "str(a)",
    "None if a is False else a",
)
#: References that take a second or more, or much memory.
SLOW = {
    *(f"HumanEval/{number}" for number in (15, 36, 59, 83, 94, 130, 139)),
    *(f"Mbpp/{number}" for number in (84, 123, 255, 271, 300, 389, 392, 583, 589, 592, 599, 603, 630)),
}
LIMITS = Limits(cpu_s=20.0, wall_s=60.0)


def oracle_of(problem: Problem) -> Oracle:
    """The rules of `problem`, and its reference."""
    namespace = {"__name__": "oracle"}
    exec(problem.setup, namespace)  # noqa: S102 - ours and the dataset's
    return namespace["oracle"]


def passes_in_evalplus(problem: Problem, program: str) -> tuple[bool, bool]:
    """Whether `program` passes the base tests, and all of them."""
    oracle = oracle_of(problem)
    dataset, number = problem.problem_id.split("/")
    passed = []
    for calls in problem.calls:
        inputs = json.loads(calls)
        if dataset == "Mbpp":
            inputs = [mbpp_arguments(int(number), arguments) for arguments in inputs]
        expected = [oracle._reference(*deepcopy(arguments)) for arguments in inputs]
        if dataset == "Mbpp" and problem.entry_point in MBPP_OUTPUT_NOT_NONE_TASKS:
            expected = [answer is not None for answer in expected]
        status, _ = untrusted_check(
            dataset.lower(),
            program,
            inputs,
            problem.entry_point,
            expected,
            oracle._atol,
            [0.1] * len(inputs),
            fast_check=True,
        )
        passed.append(status == "pass" or not inputs)
    return passed[0], all(passed)


def main() -> None:
    """Print what differs, and the numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each N-th problem only")
    every = parser.parse_args().every
    counts = {"programs": 0, "problems": 0, "different": 0, "passed base": 0, "passed": 0}
    with DockerExecutor() as executor:
        for name in ("humaneval+", "mbpp+"):
            problems = [problem for problem in load_benchmark(name).problems if problem.problem_id not in SLOW]
            for problem in problems[::every]:
                counts["problems"] += 1
                f = problem.entry_point
                programs = [
                    f"{problem.prompt}{problem.reference}\n_f = {f}\n"
                    f"def {f}(*x):\n    a = _f(*x)\n    return {wrapper}\n"
                    for wrapper in WRAPPERS
                ]
                futures = [executor.submit(job_for(problem, program, limits=LIMITS)) for program in programs]
                for wrapper, program, future in zip(WRAPPERS, programs, futures, strict=True):
                    judgement = judge(future.result())
                    ours = (judgement.parts_passed > 0, judgement.verdict is Verdict.PASSED)
                    theirs = passes_in_evalplus(problem, program)
                    counts["programs"] += 1
                    counts["passed base"] += ours[0]
                    counts["passed"] += ours[1]
                    if ours != theirs:
                        counts["different"] += 1
                        print(f"{problem.problem_id}: {wrapper}: {ours} here, {theirs} in EvalPlus", file=sys.stderr)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
