"""Completions for requests, as a model gives them; for one in this process, batch by batch.

Batches run across problems and samples, longest prompts first, so that a batch that does not fit into memory shows at
once. What a request gets depends on no other request: its random numbers come from (seed, problem, sample) alone, and a
run may stop and resume anywhere. The logits themselves still carry the rounding of the batch they were computed in; in
bfloat16 that now and then tips a near tie.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.errors import GenerationFailed, ModelOutOfMemory
from codecrucible.harness.models.protocol import LanguageModel
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt, Request, sample_key

_DEFAULT_BATCH_SIZE = {"cpu": 64, "cuda": 128}


def generate(
    model: LanguageModel,
    requests: Iterable[Request],
    sampling: Sampling,
    *,
    done: Collection[tuple[str, int]] = frozenset(),
) -> Iterator[list[Generation]]:
    """Completions of `requests`, in lists as they are made; those already yielded stand, whatever happens later.

    Args:
        model: Completes the prompts.
        requests: All of the run's, those in `done` included: a resumed run is planned as the whole one was.
        sampling: How completions are drawn.
        done: Problem id and sample index of those that are not wanted again.

    Raises:
        ValueError: if two requests are for the same sample.
        GenerationFailed: before the first completion if a prompt does not fit into the model's context; later if the
            model cannot go on.
    """
    yield from model.complete(prepare(model, requests, sampling), sampling, done)


def rows_at_once(sampling: Sampling, device: str) -> int:
    """Rows of a batch, to begin with, on a device such as "cpu" or "cuda:0"."""
    return sampling.batch_size or _DEFAULT_BATCH_SIZE.get(device.partition(":")[0], 64)


def in_batches(
    complete_batch: Callable[[Sequence[PreparedRequest]], list[Generation]],
    waiting: Sequence[PreparedRequest],
    batch_size: int,
    done: Collection[tuple[str, int]],
) -> Iterator[list[Generation]]:
    """Completions of `waiting`, one list a batch.

    When a batch does not fit into memory, it and all later ones are halved.

    Args:
        complete_batch: One completion a row, in order; raises `ModelOutOfMemory` if there are too many rows.
        waiting: All of the run's requests: a resumed one has the batches it would have had.
        batch_size: Rows at one time, to begin with.
        done: Problem id and sample index of those that are not wanted again.

    Raises:
        GenerationFailed: if not even one row fits into memory.
    """
    while waiting:
        batch, *later = plan_batches(waiting, batch_size)
        if all(sample_key(row.request) in done for row in batch):
            waiting = [row for rows in later for row in rows]
            continue
        try:
            generations = complete_batch(batch)
        except ModelOutOfMemory as error:
            if len(batch) == 1:
                request = batch[0].request
                raise GenerationFailed(
                    f"one row of {request.problem_id} did not fit into memory ({error}); "
                    "give a smaller max_new_tokens, a smaller dtype or a larger device"
                ) from error
            batch_size = len(batch) // 2
            continue
        waiting = [row for rows in later for row in rows]
        yield [made for made in generations if (made.problem_id, made.sample_index) not in done]


def plan_batches(prepared: Sequence[PreparedRequest], batch_size: int) -> list[list[PreparedRequest]]:
    """`prepared` in batches of `batch_size`, longest prompts first, the samples of a problem side by side.

    The same set gives the same batches in whatever order it comes.
    """
    ordered = sorted(
        prepared,
        key=lambda row: (-len(row.rendered.token_ids), row.request.problem_id, row.request.sample_index),
    )
    return [ordered[start : start + batch_size] for start in range(0, len(ordered), batch_size)]


def prepare(model: LanguageModel, requests: Iterable[Request], sampling: Sampling) -> list[PreparedRequest]:
    """The requests as `model` takes them, in their order; raises as `generate` does before the first completion."""
    rendered: dict[tuple[str, str | None, str, bool, str], RenderedPrompt] = {}
    seen: set[tuple[str, int]] = set()
    prepared = []
    for request in requests:
        sample = sample_key(request)
        if sample in seen:
            raise ValueError(f"sample {request.sample_index} of {request.problem_id} is requested twice")
        seen.add(sample)
        key = (request.prompt, request.suffix, request.language, request.whole, request.message)
        if key not in rendered:
            rendered[key] = model.render(
                request.prompt,
                language=request.language,
                whole=request.whole,
                message=request.message,
                suffix=request.suffix,
            )
        limit = _max_new_tokens(request, rendered[key], sampling, model.facts.context_tokens)
        prepared.append(PreparedRequest(request=request, rendered=rendered[key], max_new_tokens=limit))
    return prepared


def _max_new_tokens(request: Request, rendered: RenderedPrompt, sampling: Sampling, context_tokens: int | None) -> int:
    if context_tokens is None:
        return sampling.max_new_tokens
    left = context_tokens - len(rendered.token_ids)
    if left < 1:
        raise GenerationFailed(
            f"the prompt of {request.problem_id} has {len(rendered.token_ids)} tokens and the model's context "
            f"{context_tokens}; leave the problem out or take a model with a longer context"
        )
    return min(sampling.max_new_tokens, left)
