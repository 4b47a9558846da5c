"""Verdicts as rewards, in the call shapes of TRL and verl."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias

from codecrucible._judging import Judge
from codecrucible.benchmarks import Benchmark, Verdict
from codecrucible.sandbox import SandboxError

Completion: TypeAlias = "str | Sequence[Mapping[str, Any]]"


class Reward:
    """Rewards answers to a benchmark's problems: 1 for what passes, 0 for what does not; a context manager.

        with Reward("mbpp:train") as reward:
            GRPOTrainer(..., reward_funcs=[reward])

    A forged verdict is worth 0 and is counted, so that a run shows when its model begins to cheat. What the sandbox
    failed at has no reward (None), which leaves the sample out.

    Args:
        benchmark: Its name, see `load_benchmark`, or the benchmark itself.
        column: Column of the training data that holds the id of the problem.
        options: More arguments of `Judge`.

    Attributes:
        verdicts: How often each verdict was given.
    """

    __name__ = "verdict"  # under which trainers log it

    def __init__(self, benchmark: str | Benchmark, *, column: str = "problem_id", **options: Any) -> None:
        self._judge, self._column = Judge(benchmark, **options), column
        self.verdicts: Counter[Verdict] = Counter()

    def __enter__(self) -> Self:
        self._judge.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._judge.__exit__()

    def __call__(self, completions: Sequence[Completion], **columns: Any) -> list[float | None]:
        """Reward of each completion, as TRL's trainers call it.

        Args:
            completions: Texts, or conversations whose last message is the answer.
            columns: Columns of the training data, a value a completion; one is that of problem ids.

        Raises:
            BadRecord: the benchmark has no problem of such an id.
            KeyError: there is no column of problem ids.
        """
        records = [
            {"task_id": problem_id, "completion": _text(completion)}
            for problem_id, completion in zip(columns[self._column], completions, strict=True)
        ]
        try:
            judged = self._judge.judge_all(records).judged
        except SandboxError:
            self.verdicts[Verdict.UNJUDGED] += len(records)
            return [None] * len(records)
        self.verdicts.update(each.judgement.verdict for each in judged)
        return [float(each.judgement.verdict is Verdict.PASSED) for each in judged]

    def compute_score(
        self,
        data_source: str,  # noqa: ARG002  # as verl calls it
        solution_str: str,
        ground_truth: str,
        extra_info: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> float:
        """Reward of one answer, as verl's reward managers call it; what the sandbox failed at is worth 0 there.

        Args:
            data_source: Name of the data set; not read.
            solution_str: The answer.
            ground_truth: Id of the problem.
            extra_info: Further columns; not read.
        """
        (reward,) = self([solution_str], **{self._column: [ground_truth]})
        return reward or 0.0


def _text(completion: Completion) -> str:
    return completion if isinstance(completion, str) else str(completion[-1]["content"])
