"""pass@k with the call shape of `evaluate`'s code_eval, judged in the sandbox."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import datasets
import evaluate

from codecrucible.benchmarks import Verdict, judge, judge_empty
from codecrucible.benchmarks.in_process import changes_in
from codecrucible.harness.common.limit_defaults import WALL_PER_CPU
from codecrucible.reports import mean_pass_at_k
from codecrucible.sandbox import Check, DockerExecutor, Execution, ExitCodeCheck, Job, Limits

Results = dict[int, list[tuple[int, dict[str, Any]]]]


class SandboxedCodeEval(evaluate.Metric):  # type: ignore[misc]
    """Unbiased pass@k of programs, each of which runs in the sandbox and never on this machine.

    `predictions` holds a list of whole programs a problem, `references` the source of its tests, which follow the
    program: asserts, or functions and calls of them. `k` is a list of numbers; one that exceeds the programs of a
    problem is left out of the result. `num_workers` is the number of containers, and `timeout` the CPU seconds of a
    program.

    Returns a pair: {"pass@k": value} and, for each problem's place, the list of (place of the program, {"task_id",
    "completion_id", "passed", "result"}), where `result` is "passed", "timed out", or "failed: " with the verdict and
    its reason.

    Tests that use one name of the program run apart from it and call it through frames of data: what they hand to it
    and what it answers has to be data, or the program fails and `result` says why. Where they use several names, they
    follow the program in its own process, and a pass is confirmed by running them again with a changed expected value.

    Raises ValueError where tests are no Python, use no name of the program, or use several and expect no value that
    can be changed; SandboxError where the sandbox fails: that is never counted as a failed program.

    Example:
        >>> metric = SandboxedCodeEval(keep_in_memory=True)  # doctest: +SKIP
        >>> programs = [["def add(a, b): return a * b", "def add(a, b): return a + b"]]  # doctest: +SKIP
        >>> metric.compute(predictions=programs, references=["assert add(2, 3) == 5"], k=[1, 2])[0]  # doctest: +SKIP
        {'pass@1': 0.5, 'pass@2': 1.0}
    """

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Probability that at least one of k programs passes its tests, judged in a sandbox.",
            citation="Chen et al. 2021, Evaluating Large Language Models Trained on Code, arXiv:2107.03374",
            inputs_description=SandboxedCodeEval.__doc__ or "",
            features=datasets.Features(
                {"predictions": datasets.Sequence(datasets.Value("string")), "references": datasets.Value("string")}
            ),
        )

    def _compute(
        self,
        *,
        predictions: Sequence[Sequence[str]],
        references: Sequence[str],
        k: Sequence[int] = (1, 10, 100),
        num_workers: int = 4,
        timeout: float = 3.0,
    ) -> tuple[dict[str, float], Results]:
        limits = Limits(cpu_s=timeout, wall_s=WALL_PER_CPU * timeout)
        checks = [_check(tests, place) for place, tests in enumerate(references)]
        results: Results = defaultdict(list)
        with DockerExecutor(workers=num_workers) as executor:
            asked: dict[tuple[int, str], Future[Execution]] = {}
            for place, programs in enumerate(predictions):
                for program in programs:
                    if program.strip() and (place, program) not in asked:
                        job = Job(program=program, check=checks[place], limits=limits)
                        asked[place, program] = executor.submit(job)
            for place, programs in enumerate(predictions):
                for number, program in enumerate(programs):
                    execution = asked.get((place, program))
                    results[place].append((number, _result(place, number, execution)))
        counts = [(len(told), sum(each["passed"] for _, each in told)) for told in results.values()]
        fewest = min((n for n, _ in counts), default=0)
        return {f"pass@{each}": mean_pass_at_k(counts, k=each).value for each in k if each <= fewest}, results


def _check(tests: str, place: int) -> Check | ExitCodeCheck:
    """How a program is put to `tests`."""
    try:
        names = _names_of_the_program(tests)
        changes = tuple(changes_in(tests)) if len(names) > 1 else ()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"Cannot judge by references[{place}]: it is no Python: {error}") from error
    if len(names) == 1:
        return Check(setup="", tests=tests, entry_point=names[0])
    if not names:
        raise ValueError(f"Cannot judge by references[{place}]: it uses no name that a program could define.")
    if not changes:
        raise ValueError(
            f"Cannot judge by references[{place}]: it uses {', '.join(names[:5])} of the program, so that it has to "
            "run in the program's process, and no expected value was found that could be changed to confirm a pass."
        )
    return ExitCodeCheck(tests=tests, changes=changes)


def _names_of_the_program(tests: str) -> list[str]:
    """Names that `tests` read and nothing in them binds."""
    read: dict[str, None] = {}
    bound = set(dir(builtins)) | {"__name__"}
    for node in ast.walk(ast.parse(tests)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read[name] = None
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
    return [name for name in read if name not in bound]


def _result(place: int, number: int, execution: "Future[Execution] | None") -> dict[str, Any]:
    judgement = judge(execution.result()) if execution else judge_empty()
    passed = judgement.verdict is Verdict.PASSED
    told = f"failed: {judgement.verdict}: {judgement.detail}"
    if passed:
        told = "passed"
    elif judgement.verdict is Verdict.TIMEOUT:
        told = "timed out"
    return {"task_id": place, "completion_id": number, "passed": passed, "result": told}
