"""What training tells while it runs, and where it is stopped because it cannot become anything."""

import math
from typing import Any

from transformers import TrainerCallback

from codecrucible.harness.common.progress import Progress
from codecrucible.harness.models.errors import ModelUnusable

_STAGE = "training"


def callback(progress: Progress, tokens_a_step: int) -> TrainerCallback:
    """Shows steps, tokens a second and losses; raises `ModelUnusable` once a loss is no number.

    Args:
        progress: Where they are shown.
        tokens_a_step: On average.
    """
    return _Told(progress, tokens_a_step)


def rewards_callback(progress: Progress, *, every: int) -> TrainerCallback:
    """Shows reward and shares of verdicts.

    Args:
        progress: Where they are shown.
        every: So many steps, and at each with a forged verdict.
    """
    return _Rewards(progress, every)


class _Rewards(TrainerCallback):
    def __init__(self, progress: Progress, every: int) -> None:
        self._progress, self._every = progress, every

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002  # called so
        if logs and "reward" in logs and (state.global_step % self._every == 0 or logs["verdicts/forged"]):
            shares = ", ".join(f"{logs[f'verdicts/{name}']:.1%} {name}" for name in ("passed", "forged", "unjudged"))
            self._progress.note(f"step {state.global_step}: reward {logs['reward']:.3f}, {shares}")


class _Told(TrainerCallback):
    def __init__(self, progress: Progress, tokens_a_step: int) -> None:
        self._progress, self._tokens = progress, tokens_a_step

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002  # called so
        if state.global_step:
            self._progress.note(f"resuming from step {state.global_step}")
        self._progress.stage(_STAGE, total=state.max_steps, done=state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002  # called so
        self._progress.advance(_STAGE, tokens=self._tokens)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002  # called so
        for name in ("loss", "eval_loss"):
            value = (logs or {}).get(name)
            if value is not None and not math.isfinite(value):
                raise ModelUnusable(
                    f"the training diverged: {name} is {value} after step {state.global_step}; give a smaller "
                    "--learning-rate, or --dtype float32"
                )
        if logs and "eval_loss" in logs:
            loss = logs["eval_loss"]
            self._progress.note(
                f"step {state.global_step}: validation loss {loss:.4f}, perplexity {math.exp(loss):.2f}"
            )
