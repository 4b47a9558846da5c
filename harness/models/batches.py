"""Completions for requests, as a model gives them; for one in this process, batch by batch.

Batches run across problems and samples, longest prompts first, so that a batch that does not fit into memory shows at
once. What a request gets depends on no other request: its random numbers come from (seed, problem, sample) alone, and a
run may stop and go on anywhere. The logits themselves still carry the rounding of the batch they were computed in; in
bfloat16 that now and then tips a near tie.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.errors import GenerationFailed, ModelOutOfMemory

if TYPE_CHECKING:
    from codecrucible.harness.models.protocol import LanguageModel

__all__ = [
    "Generation",
    "PreparedRequest",
    "RenderedPrompt",
    "Request",
    "Sampling",
    "generate",
    "in_batches",
    "plan_batches",
    "rows_at_once",
    "sample_key",
]

_DEFAULT_BATCH_SIZE = {"cpu": 64, "cuda": 128}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One completion that is wanted.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        prompt: The problem's prompt, before any chat template.
        stop: Strings at which a plain completion has ended; a chat answer ends by itself.
        language: Of the program that is asked for.
        whole: Whether a whole program is asked for, and not the function that the prompt begins.
    """

    problem_id: str
    sample_index: int
    prompt: str
    stop: tuple[str, ...] = ()
    language: str = "python"
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPrompt:
    """What a model is sent for a prompt.

    Attributes:
        text: Chat template applied, if any.
        token_ids: As the model reads them; empty if the backend keeps them to itself.
    """

    text: str
    token_ids: tuple[int, ...]

    @property
    def sha256(self) -> str:
        """Of the token ids in decimal, separated by commas; of the text in UTF-8 where the ids are unknown."""
        shown = ",".join(map(str, self.token_ids)) or self.text
        return sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """A request as a model takes it.

    Attributes:
        request: What is wanted.
        rendered: What the model is sent for it.
        max_new_tokens: Tokens after which it is cut off: the run's own limit, or what the context has left.
    """

    request: Request
    rendered: RenderedPrompt
    max_new_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What a model returned for one request.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        prompt: The text the model was sent.
        prompt_sha256: See `RenderedPrompt.sha256`.
        completion: The text it returned, up to the stop string if one came; not stripped.
        finish_reason: "stop" if it ended by itself or at a stop string, "length" if it was cut off, "content_filter" if
            a server's filter cut it.
        prompt_tokens: Tokens of the prompt, or None if unknown.
        completion_tokens: Tokens that were computed for it, an end token and those of the stop string included, or None
            if unknown.
        max_new_tokens: Tokens it could have had; less than the run's limit if the context was too short for that.
        no_answer: Why there is no answer in it, where the model knows that, such as "refused"; else "".
    """

    problem_id: str
    sample_index: int
    prompt: str
    prompt_sha256: str
    completion: str
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    max_new_tokens: int
    no_answer: str = ""


def sample_key(request: Request) -> tuple[str, int]:
    """Problem id and sample index."""
    return request.problem_id, request.sample_index


def generate(
    model: "LanguageModel",
    requests: Iterable[Request],
    sampling: Sampling,
    *,
    done: Collection[tuple[str, int]] = frozenset(),
) -> Iterator[list[Generation]]:
    """Completions of `requests`, in lists as they are made; those already yielded stand, whatever happens later.

    Args:
        model: Completes the prompts.
        requests: All of the run's, those in `done` included: a run that goes on is planned as the whole one was.
        sampling: How completions are drawn.
        done: Problem id and sample index of those that are not wanted again.

    Raises:
        ValueError: if two requests are for the same sample.
        GenerationFailed: before the first completion if a prompt does not fit into the model's context; later if the
            model cannot go on.
    """
    yield from model.complete(_prepare(model, requests, sampling), sampling, done)


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
        waiting: All of the run's requests: one that goes on has the batches it would have had.
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


def _prepare(model: "LanguageModel", requests: Iterable[Request], sampling: Sampling) -> list[PreparedRequest]:
    rendered: dict[tuple[str, str, bool], RenderedPrompt] = {}
    seen: set[tuple[str, int]] = set()
    prepared = []
    for request in requests:
        sample = sample_key(request)
        if sample in seen:
            raise ValueError(f"sample {request.sample_index} of {request.problem_id} is requested twice")
        seen.add(sample)
        key = (request.prompt, request.language, request.whole)
        if key not in rendered:
            rendered[key] = model.render(request.prompt, language=request.language, whole=request.whole)
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
