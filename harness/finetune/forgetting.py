"""What an adapter costs on text that it was not trained on: losses of base and candidate, row by row."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import torch

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.common.errors import NothingToDo
from codecrucible.harness.finetune.encoding import encode, read_data
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions

_BENCHMARK = "humaneval"  # it is always there
_MOST_ROWS = 100
_MOST_TOKENS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """Losses on the same rows, without and with the adapter.

    Attributes:
        text: What the rows are.
        base: Mean loss a token of each row, in nats.
        candidate: The same with the adapter.
    """

    text: str
    base: Sequence[float]
    candidate: Sequence[float]

    @property
    def difference(self) -> tuple[float, float, float]:
        """Mean of the candidate's loss less the base's, and its 95 % interval (normal, paired by row)."""
        found = [after - before for before, after in zip(self.base, self.candidate, strict=True)]
        half = 1.96 * stdev(found) / math.sqrt(len(found)) if len(found) > 1 else math.inf
        return fmean(found), fmean(found) - half, fmean(found) + half

    def to_json(self) -> dict[str, Any]:
        """As `--json` has it; an interval of a single row is null."""
        mean, low, high = self.difference
        return {
            "text": self.text,
            "rows": len(self.base),
            "base_loss": fmean(self.base),
            "loss": fmean(self.candidate),
            "difference": mean,
            "ci95": [low, high] if math.isfinite(low) else None,
        }

    def said(self) -> str:
        """A line for a person."""
        base, candidate = fmean(self.base), fmean(self.candidate)
        mean, low, high = self.difference
        verdict = "it forgot some of it" if low > 0 else "nothing of it is seen to be forgotten"
        return (
            f"On {len(self.base)} rows of {self.text}: perplexity {math.exp(base):.3f} of the base, "
            f"{math.exp(candidate):.3f} of the candidate; loss {mean:+.4f} ({low:+.4f} to {high:+.4f}): {verdict}"
        )


def measure(spec: str, adapter: Path, options: LoadOptions, *, replay: Path | None) -> Forgetting:
    """Losses of base and candidate on the held-out rows of `replay`, or else on HumanEval's code.

    Args:
        spec: The base, as `load_model` takes it.
        adapter: What was trained on it.
        options: How both are loaded.
        replay: General data that was mixed in; None for none.

    Raises:
        NothingToDo: if no row is left to measure on.
    """
    text, rows = _rows(replay)
    losses = [_losses(load_model(spec, options, adapter=each), rows) for each in (None, adapter)]
    if not losses[0]:
        raise NothingToDo(f"no row of {text} has something to predict")
    return Forgetting(text=text, base=losses[0], candidate=losses[1])


def _rows(replay: Path | None) -> tuple[str, list[Mapping[str, Any]]]:
    held_out = read_data(replay).validation if replay else ()
    if held_out:
        return f"{replay}'s validation rows", list(islice(held_out, _MOST_ROWS))
    problems = load_benchmark(_BENCHMARK).problems[:_MOST_ROWS]
    return f"{_BENCHMARK}'s prompts and references", [
        {"text": problem.reference_program} for problem in problems if problem.reference
    ]


@torch.inference_mode()
def _losses(local: Any, rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """Mean loss a token of each row that has one, of its first tokens."""
    limit = min(_MOST_TOKENS, local.facts.context_tokens or _MOST_TOKENS)
    found = []
    for number, row in enumerate(rows, start=1):
        encoded = encode(row, local.tokenizer, local.prompt_form, where=f"row {number}")
        ids, labels = (
            torch.tensor([encoded[name][:limit]], device=local.model.device) for name in ("input_ids", "labels")
        )
        if (labels[:, 1:] >= 0).any():
            found.append(float(local.model(input_ids=ids, labels=labels).loss))
    return found
