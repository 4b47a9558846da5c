"""Verdicts as rewards, in the call shapes of TRL and verl."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias

from codecrucible.benchmarks import Benchmark, Verdict
from codecrucible.harness.evaluation.judging import Judge, Judged

Completion: TypeAlias = "str | Sequence[Mapping[str, Any]]"


class Reward:
    """Rewards answers to a benchmark's problems: 1 for what passes, 0 for what does not; a context manager.

        with Reward("mbpp:train") as reward:
            GRPOTrainer(..., reward_funcs=[reward])

    The program is taken from a completion as evaluations take it. A forged verdict is worth 0 and is counted, so that a
    run shows when its model begins to cheat. What the sandbox failed at has no reward (None), which leaves the sample
    out.

    Args:
        benchmark: Its name, see `load_benchmark`, or the benchmark itself.
        column: Column of the training data that holds the id of the problem.
        fraction: Whether what fails is worth the share of the tests that it passed before the first failure, where
            that is known, see `benchmarks.passed_share`; 0 elsewhere.
        options: More arguments of `Judge`.

    Attributes:
        verdicts: How often each verdict was given.
    """

    __name__ = "verdict"  # under which trainers log it

    def __init__(
        self, benchmark: str | Benchmark, *, column: str = "problem_id", fraction: bool = False, **options: Any
    ) -> None:
        self._judge, self._column, self._fraction = Judge(benchmark, **options), column, fraction
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
            columns: Columns of the training data, a value a completion; one is that of problem ids. `prompts` that are
                texts tell whether a thought was opened in the prompt.

        Raises:
            BadRecord: the benchmark has no problem of such an id.
            KeyError: there is no column of problem ids.
        """
        judged = self.judged(completions, columns[self._column], columns.get("prompts"))
        return [self.of(each) for each in judged]

    def judged(
        self, completions: Sequence[Completion], problem_ids: Sequence[str], prompts: Sequence[Any] | None = None
    ) -> tuple[Judged, ...]:
        """The verdict on each completion, which is counted; `unjudged` where the sandbox failed.

        Args:
            completions: As they are called with.
            problem_ids: One a completion.
            prompts: What the model was sent, one a completion, where that is known.

        Raises:
            BadRecord: the benchmark has no problem of such an id.
        """
        records: list[dict[str, Any]] = [
            {"task_id": problem_id, "completion": _text(completion)}
            for problem_id, completion in zip(problem_ids, completions, strict=True)
        ]
        for record, prompt in zip(records, prompts or (), strict=bool(prompts)):
            record["prompt"] = prompt
        judged = self._judge.judge_all(records, raises=False).judged
        self.verdicts.update(each.judgement.verdict for each in judged)
        return judged

    def of(self, judged: Judged) -> float | None:
        """What a verdict is worth; None for `unjudged`."""
        verdict = judged.judgement.verdict
        if verdict is Verdict.UNJUDGED:
            return None
        if self._fraction and verdict is not Verdict.FORGED:
            return judged.share or 0.0
        return float(verdict is Verdict.PASSED)

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
