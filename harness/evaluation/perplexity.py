"""How likely the references are under the model that a run samples: losses of their tokens after the prompt as asked.

Measured are the tokens of the reference that follow the prompt as it is put to the model; in a chat, behind the part of
the answer that restates the function which the prompt begins. What ends an answer is not measured.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from codecrucible.benchmarks import Benchmark, Problem, PromptForm
from codecrucible.harness.common.codec import dumps, to_json
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.models.prompts import answer_start, render_prompt
from codecrucible.harness.runs.reference_losses import PERPLEXITY, ReferenceLoss

if TYPE_CHECKING:
    from codecrucible.harness.models.local.model import LocalModel

_LOGITS_BYTES = 1 << 29  # of one batch, in float32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    problem_id: str
    prompt_ids: tuple[int, ...]
    reference_ids: tuple[int, ...]
    reference_bytes: int

    @property
    def length(self) -> int:
        return len(self.prompt_ids) + len(self.reference_ids)


def measure_perplexity(local: "LocalModel", benchmark: Benchmark, folder: Path, *, done: Callable[[int], None]) -> None:
    """Write the losses of the benchmark's references under `local` to the run folder.

    Args:
        local: The run's model.
        benchmark: The run's own, or its shard.
        folder: The run folder.
        done: Is told how many problems were measured since.
    """
    losses = reference_losses(local, [each for each in benchmark.problems if each.reference], done=done)
    write_atomically(folder / PERPLEXITY, "".join(dumps(to_json(each)) + "\n" for each in losses))


def reference_losses(
    local: "LocalModel", problems: Sequence[Problem], *, done: Callable[[int], None] = lambda _: None
) -> list[ReferenceLoss]:
    """Loss of the reference of each of `problems`, in their order."""
    asked = [_asked(local, problem) for problem in problems]
    room = local.facts.context_tokens or math.inf
    found = {each.problem_id: _left_out(each, reason) for each in asked if (reason := _obstacle(each, room))}
    done(len(found))
    vocabulary = getattr(local.model.config.get_text_config(), "vocab_size", len(local.tokenizer))
    for batch in _batches([each for each in asked if each.problem_id not in found], vocabulary):
        found |= {each.problem_id: each for each in _losses(local, batch)}
        done(len(batch))
    return [found[problem.problem_id] for problem in problems]


def _obstacle(each: _Asked, room: float) -> str:
    """Why the reference cannot be measured, "" if it can."""
    if not each.prompt_ids:
        return "nothing stands before it"
    if not each.reference_ids:
        return "it has no token"
    return "it is too long for the context" if each.length > room else ""


def _asked(local: "LocalModel", problem: Problem) -> _Asked:
    prompt = problem.few_shot_prompt or problem.prompt
    rendered = local.render(
        prompt, language=problem.language, whole=bool(problem.cases), message=problem.message, suffix=problem.suffix
    )
    text, ids = rendered.text, rendered.token_ids
    if local.prompt_form is PromptForm.CHAT:
        restated = answer_start(problem.prompt if problem.continued else "", problem.language)
        text, ids = text + restated, ids + _continuation(local, text, ids, restated)
    return _Asked(
        problem_id=problem.problem_id,
        prompt_ids=ids,
        reference_ids=_continuation(local, text, ids, problem.reference),
        reference_bytes=len(problem.reference.encode()),
    )


def _continuation(local: "LocalModel", prompt: str, prompt_ids: tuple[int, ...], answer: str) -> tuple[int, ...]:
    """Token ids of `answer` behind the prompt's; cut from both together where that leaves the prompt's as they are.

    Some tokenizers put a space before a text of its own, which no model writes there.
    """
    if local.prompt_form is PromptForm.INFILL:  # the last token before it is a special one
        return tuple(local.tokenizer(answer, add_special_tokens=False).input_ids)
    if local.prompt_form is PromptForm.CHAT:
        both = tuple(local.tokenizer(prompt + answer, add_special_tokens=False).input_ids)
    else:
        both = render_prompt(local.tokenizer, prompt + answer, form=PromptForm.COMPLETION).token_ids
    if both[: len(prompt_ids)] == prompt_ids:
        return both[len(prompt_ids) :]
    return tuple(local.tokenizer(answer, add_special_tokens=False).input_ids)


def _batches(asked: Iterable[_Asked], vocabulary: int) -> list[list[_Asked]]:
    """Rows of like lengths, whose logits take no more than they may, or one row."""
    tokens = max(1, _LOGITS_BYTES // (4 * vocabulary))
    batches: list[list[_Asked]] = []
    for each in sorted(asked, key=lambda each: -each.length):
        if batches and (len(batches[-1]) + 1) * batches[-1][0].length <= tokens:
            batches[-1].append(each)
        else:
            batches.append([each])
    return batches


def _losses(local: "LocalModel", batch: Sequence[_Asked]) -> list[ReferenceLoss]:
    """Losses of a batch; of halves of it where it does not fit into memory."""
    try:
        found = _nats(local, batch)
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if not isinstance(error, torch.OutOfMemoryError | MemoryError) and "can't allocate memory" not in str(error):
            raise
    else:
        return [_loss(each, nats) for each, nats in zip(batch, found, strict=True)]
    if len(batch) == 1:
        return [_left_out(batch[0], "it does not fit into memory")]
    middle = len(batch) // 2
    return [*_losses(local, batch[:middle]), *_losses(local, batch[middle:])]


@torch.inference_mode()
def _nats(local: "LocalModel", batch: Sequence[_Asked]) -> list[float]:
    """Negative log-likelihood of each reference, in nats.

    Rows are padded on the right, where nothing that is measured sees the padding, whatever the model's layers are.
    """
    longest = max(each.length for each in batch)
    rows = [[*each.prompt_ids, *each.reference_ids] for each in batch]
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows], device=local.model.device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=local.model.device)
    logits: Tensor = local.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    found = []
    for number, each in enumerate(batch):
        first = len(each.prompt_ids)
        scores = torch.log_softmax(logits[number, first - 1 : each.length - 1].float(), dim=-1)
        taken = scores.gather(-1, ids[number, first : each.length, None])
        found.append(-float(taken.double().sum()))
    return found


def _loss(each: _Asked, nats: float) -> ReferenceLoss:
    if not math.isfinite(nats):
        return _left_out(each, f"its loss is {nats}")
    return ReferenceLoss(
        problem_id=each.problem_id, tokens=len(each.reference_ids), text_bytes=each.reference_bytes, nats=nats
    )


def _left_out(each: _Asked, reason: str) -> ReferenceLoss:
    return ReferenceLoss(problem_id=each.problem_id, tokens=0, text_bytes=0, nats=None, reason=reason)
