"""The samples of each step: drawn as evaluations draw them, judged, rewarded, and written down."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import Problem, Verdict
from codecrucible.harness.common.codec import dumps, loads
from codecrucible.harness.common.errors import SamplesMissing
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.from_model import request_of
from codecrucible.harness.evaluation.judging import Judged
from codecrucible.harness.finetune.recipe import GrpoRecipe
from codecrucible.harness.finetune.rewards import Reward
from codecrucible.harness.models.batches import in_batches, prepare, rows_at_once
from codecrucible.harness.models.requests import Generation, PreparedRequest
from codecrucible.sandbox import Strength

if TYPE_CHECKING:
    from codecrucible.harness.models.local.model import LocalModel

_SHOWN = (Verdict.PASSED, Verdict.FORGED, Verdict.UNJUDGED)
"""Verdicts whose shares are logged at every step."""


class Rollouts:
    """What TRL's trainer calls to draw samples, and to reward them.

    A sample's random numbers come from the seed, its problem and its place in the plan alone, so that a training that
    goes on draws what it would have drawn.

    Args:
        local: The model with its tokenizer.
        model: The same with the adapter, which is trained meanwhile.
        steps: Problems of each step.
        recipe: How samples are drawn, and how many.
        reward: Judges them.
        file: Gets a line a sample: "step", "sample_index", "finish_reason", "problem_id", "completion", "verdict",
            "reason" and "reward".
    """

    def __init__(
        self, local: "LocalModel", model: Any, steps: Sequence[Sequence[Problem]], recipe: GrpoRecipe, reward: Reward,
        file: Path,
    ) -> None:  # fmt: skip
        self.steps = steps
        self._local, self._model, self._group, self._reward, self._file = local, model, recipe.group, reward, file
        self._control = recipe.control
        self._sampling = Sampling(
            temperature=recipe.temperature, max_new_tokens=recipe.max_new_tokens, seed=recipe.seed
        )

    def resume(self, step: int) -> None:
        """Forget the samples of steps after `step`, which are drawn again."""
        lines = self._file.read_text(encoding="utf-8").splitlines(keepends=True) if self._file.exists() else []
        kept = [line for line in lines if line.endswith("\n") and loads(line)["step"] <= step]
        write_atomically(self._file, "".join(kept))

    def draw(self, prompts: list[str], trainer: Any) -> dict[str, Any]:
        """Samples of the step that the trainer is at, a group of each of its problems, as TRL wants them.

        Args:
            prompts: Each as often as it has samples.
            trainer: Knows the step.
        """
        step = trainer.state.global_step
        first = step * len(self.steps[step]) * self._group
        asked = [problem for problem in self.steps[step] for _ in range(self._group)]
        requests = [request_of(problem, first + place) for place, problem in enumerate(asked)]
        prepared = prepare(self._local, requests, self._sampling)
        if [each.rendered.text for each in prepared] != prompts:
            raise RuntimeError("the trainer asks for other prompts than are planned for the step")
        drawn = self._drawn(prepared)
        return {
            "prompt_ids": [list(each.rendered.token_ids) for each in prepared],
            "completion_ids": [list(ids) for _, ids in drawn],
            "logprobs": None,
            "answer": [generation.completion for generation, _ in drawn],
            "sample_index": [generation.sample_index for generation, _ in drawn],
            "finish_reason": [generation.finish_reason for generation, _ in drawn],
        }

    def _drawn(self, prepared: Sequence[PreparedRequest]) -> list[tuple[Generation, tuple[int, ...]]]:
        """A generation for each request, in their order, with its tokens."""
        drawn: dict[int, tuple[Generation, tuple[int, ...]]] = {}

        def complete(batch: Sequence[PreparedRequest]) -> list[Generation]:
            written = self._local.written(batch, self._sampling)
            drawn.update({generation.sample_index: (generation, ids) for generation, ids in written})
            return [generation for generation, _ in written]

        self._model.eval()
        try:
            for _ in in_batches(complete, prepared, rows_at_once(self._sampling, self._local.model.device.type), ()):
                pass
        finally:
            self._model.train()
        return [drawn[each.request.sample_index] for each in prepared]

    def verdict(self, completions: Sequence[str], **columns: Any) -> list[float | None]:
        """Rewards of a step, as TRL's trainers call it; `answer` has the completions up to their stop strings.

        Raises:
            SamplesMissing: if no sample has a reward, so that nothing could be learnt.
        """
        del completions  # as the tokenizer decodes them by itself, which evaluations do not
        judged = self._reward.judged(columns["answer"], columns["problem_id"], columns["prompts"])
        rewards = [self._of(each) for each in judged]
        step = columns["trainer_state"].global_step + 1
        if all(reward is None for reward in rewards):
            raise SamplesMissing(f"no sample of step {step} has a reward: {_why(judged)}")
        with self._file.open("a", encoding="utf-8") as file:
            for place, (each, reward) in enumerate(zip(judged, rewards, strict=True)):
                drawn = {name: columns[name][place] for name in ("sample_index", "finish_reason")}
                file.write(dumps({"step": step} | drawn | _line(each, reward)) + "\n")
        columns["log_metric"]("samples/cut_off", columns["finish_reason"].count("length") / len(judged))
        counts = Counter(each.judgement.verdict for each in judged)
        for verdict in _SHOWN:
            columns["log_metric"](f"verdicts/{verdict}", counts[verdict] / len(judged))
        return rewards

    def _of(self, judged: Judged) -> float | None:
        by_control = judged.judgement.strength is Strength.CONTROL and judged.judgement.verdict is Verdict.PASSED
        return self._reward.of(judged) if self._control or not by_control else None


def _line(judged: Judged, reward: float | None) -> dict[str, Any]:
    return {
        "problem_id": judged.sample.problem_id,
        "completion": judged.sample.completion,
        "verdict": str(judged.judgement.verdict),
        "reason": judged.judgement.reason,
        "reward": reward,
    }


def _why(judged: Sequence[Judged]) -> str:
    unjudged = next((each.judgement for each in judged if each.judgement.verdict is Verdict.UNJUDGED), None)
    if unjudged:
        return f"the sandbox failed ({unjudged.detail}); the same command resumes"
    return "only a negative control confirms each that passed; --allow-control learns from these too"
