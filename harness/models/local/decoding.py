"""Rows of token ids, continued by a causal language model.

Every distinct prompt is read once and its state copied to the rows that share it; a row that has ended leaves the
batch. Both are the same operation on the key-value cache, a choice of rows.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from codecrucible.harness.models.errors import GenerationFailed, ModelUnusable

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Enough to keep a device busy. Reading all prompts at one time takes a third more time on a CPU, and memory in
# proportion.
TOKENS_AT_ONCE = 4096

# Ended rows stay until they are this share of the batch: to drop them copies the cache of all others.
_DROP_SHARE = 1 / 8


@dataclass(slots=True, kw_only=True)
class BatchRow:
    """One sequence that is being written.

    Attributes:
        prompt_ids: At least one.
        max_new_tokens: Tokens after which it is cut off.
        has_stopped: Told the tokens written so far after each one; True ends the row.
        forced: Told the tokens written so far before each one; a number is the next one, whatever was chosen.
        written: Tokens written, the one that ended it included.
        finish_reason: "stop" or "length" once it has ended.
    """

    prompt_ids: tuple[int, ...]
    max_new_tokens: int
    has_stopped: Callable[[Sequence[int]], bool]
    forced: Callable[[Sequence[int]], int | None] | None = None
    written: list[int] = field(default_factory=list)
    finish_reason: str = ""

    def add(self, token: int) -> int:
        """The next token, `token` unless another is forced; notes it, and whether the row ends with it."""
        forced = self.forced(self.written) if self.forced else None
        token = token if forced is None else forced
        self.written.append(token)
        if forced is None and self.has_stopped(self.written):
            self.finish_reason = "stop"
        elif len(self.written) == self.max_new_tokens:
            self.finish_reason = "length"
        return token


# (logits (rows, vocabulary), which rows they are of (rows,), step) to the token of each (rows,) int64.
Choose = Callable[[Tensor, Tensor, int], Tensor]


def context_tokens(model: "PreTrainedModel") -> int | None:
    """Longest sequence that `model` takes, or None if its configuration names none."""
    return getattr(model.config.get_text_config(), "max_position_embeddings", None) or None


@torch.inference_mode()
def check_decodable(model: "PreTrainedModel", spec: str) -> None:
    """Raise `ModelUnusable` if `decode` cannot continue rows with `model`, which is tried on two short ones.

    Args:
        model: What was loaded as a causal language model.
        spec: What it is called.
    """
    name = type(model).__name__
    advice = "serve it with a server of your choice (--model openai:URL#NAME), or take another model"
    if "past_key_values" not in inspect.signature(model.forward).parameters:
        raise ModelUnusable(
            f"{spec} is a {name}, which has no cache of keys and values (state-space models keep a state of their own "
            f"kind in its place), and prompts are continued here by way of that cache: {advice}"
        )
    try:
        _Batch(model, [(0, 0), (0,)], TOKENS_AT_ONCE).keep(torch.tensor([1, 0, 1]))
    except (AttributeError, TypeError, ValueError, LookupError, NotImplementedError) as error:
        raise ModelUnusable(
            f"{spec} is a {name}, whose cache cannot be divided by rows, as it has to be to continue several prompts "
            f"({type(error).__name__}: {error}): {advice}"
        ) from error


@torch.inference_mode()
def decode(
    model: "PreTrainedModel", rows: Sequence[BatchRow], choose: Choose, *, tokens_at_once: int = TOKENS_AT_ONCE
) -> None:
    """Write every row to its end.

    Args:
        model: Causal language model with a key-value cache.
        rows: Distinct objects, at least one; their `written` and `finish_reason` are filled in.
        choose: Picks the next tokens.
        tokens_at_once: Prompts are read in steps of about this many tokens, over all rows; whole by a model that
            keeps a recurrent state.

    Raises:
        GenerationFailed: if the logits are not finite.
    """
    batch = _Batch(model, [row.prompt_ids for row in rows], tokens_at_once)
    live = torch.arange(len(rows), device=batch.device)
    step = 0
    while True:
        _check_finite(batch.logits)
        tokens = choose(batch.logits, live, step)
        members = [rows[number] for number in live.tolist()]
        chosen = tokens.tolist()
        for place, row in enumerate(members):
            if not row.finish_reason:
                chosen[place] = row.add(chosen[place])
        tokens = tokens.new_tensor(chosen)
        going = [place for place, row in enumerate(members) if not row.finish_reason]
        if not going:
            return
        if len(members) - len(going) >= _DROP_SHARE * len(members):
            kept = torch.tensor(going)  # in main memory, as the layers may lie on several devices
            batch.keep(kept)
            live, tokens = live[kept], tokens[kept]
        batch.advance(tokens)
        step += 1


class _Batch:
    """A model's state on some rows: cache, attention mask, positions and the logits of the next token.

    Attributes:
        device: Device of all tensors here.
        logits: (rows, vocabulary), in the model's own type.
    """

    def __init__(self, model: "PreTrainedModel", prompts: Sequence[tuple[int, ...]], tokens_at_once: int) -> None:
        self._model = model
        self._parameters = inspect.signature(model.forward).parameters
        self._context_tokens = context_tokens(model)
        self.device = model.device
        self._cache: Any = None
        self.logits: Tensor
        distinct = list(dict.fromkeys(prompts))
        width = max(map(len, distinct))
        # Left-padded: the last column holds the last token of every prompt. What the padding is does not matter.
        ids = torch.tensor([[0] * (width - len(prompt)) + list(prompt) for prompt in distinct], device=self.device)
        mask = torch.tensor(
            [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in distinct], device=self.device
        )
        positions = (mask.cumsum(dim=-1) - 1).clamp(min=0)
        # Models with a recurrent state begin it anew in each step of several tokens, or let padding into it.
        columns = width if getattr(model, "_is_stateful", False) else max(1, tokens_at_once // len(distinct))
        for start in range(0, width, columns):
            step = slice(start, start + columns)
            self._mask = mask[:, : step.stop]
            self._forward(ids[:, step], positions[:, step])
        if len(distinct) < len(prompts):
            place = {prompt: number for number, prompt in enumerate(distinct)}
            self.keep(torch.tensor([place[prompt] for prompt in prompts]))

    def keep(self, rows: Tensor) -> None:
        """Become the batch of these rows, (new rows,) int64 in main memory; a row may be named more than once."""
        self._cache.reorder_cache(rows)
        self._mask = self._mask[rows]
        self.logits = self.logits[rows]

    def advance(self, tokens: Tensor) -> None:
        """Read one more token a row, (rows,) int64."""
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), 1)], dim=-1)
        positions = self._mask.sum(dim=-1, keepdim=True) - 1
        if self._context_tokens:  # an ended row that is still here may be past the context
            positions = positions.clamp(max=self._context_tokens - 1)
        self._forward(tokens[:, None], positions)

    def _forward(self, ids: Tensor, positions: Tensor) -> None:
        options: dict[str, Any] = {"position_ids": positions, "logits_to_keep": 1}
        output = self._model(
            input_ids=ids,
            attention_mask=self._mask,
            past_key_values=self._cache,
            use_cache=True,
            **{name: value for name, value in options.items() if name in self._parameters},
        )
        self._cache = output.past_key_values
        self.logits = output.logits[:, -1]


def _check_finite(logits: Tensor) -> None:
    # The maximum is NaN if any is; rows of minus infinity alone, and plus infinity, show as well.
    if not torch.isfinite(logits.max()):
        raise GenerationFailed(
            "the model returned logits that are not finite; try --dtype float32, and check the adapter"
        )
