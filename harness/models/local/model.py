"""A language model that runs in this process, through transformers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from codecrucible.benchmarks import PromptForm
from codecrucible.benchmarks.answers.thinking import opening_in
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling, uniforms
from codecrucible.harness.models.batches import in_batches, rows_at_once
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.chat_template import DATE, is_dated
from codecrucible.harness.models.detokenize import decode_after, earliest_stop, may_have_stopped
from codecrucible.harness.models.errors import ModelOutOfMemory
from codecrucible.harness.models.infill import infill_end_ids, infill_tokens
from codecrucible.harness.models.local.decoding import BatchRow, Choose, decode
from codecrucible.harness.models.local.thought_limit import ThoughtLimit, thought_marks
from codecrucible.harness.models.local.token_draw import draw_tokens, likeliest_tokens
from codecrucible.harness.models.prompts import render_prompt, template_sha256, turn_end_ids
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A causal language model in this process; fits `LanguageModel`.

    Attributes:
        model: In evaluation mode, on its device, with the adapter in place if there is one.
        tokenizer: Its tokenizer.
        facts: Which weights run.
        adapter: Which adapter runs on top, if any.
        prompt_form: How a prompt is put to it.
        chat: What is asked beside the message, in a chat.
    """

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    facts: CheckpointFacts
    adapter: AdapterFacts | None
    prompt_form: PromptForm
    chat: ChatSettings = PLAIN_CHAT

    @property
    def template_sha256(self) -> str:
        """Digest of all that is wrapped around a prompt; "" if nothing is."""
        return template_sha256(self.tokenizer, self.prompt_form)

    @property
    def infill_template(self) -> str:
        """The special tokens around a gap, in their order; "" if none is filled."""
        return infill_tokens(self.tokenizer).template if self.prompt_form is PromptForm.INFILL else ""

    @property
    def prompt_date(self) -> str:
        """The day that the chat template was told; "" if it asks for none."""
        dated = self.prompt_form is PromptForm.CHAT and is_dated(self.tokenizer, self.chat.template_kwargs)
        return DATE.isoformat() if dated else ""

    def render(
        self,
        prompt: str,
        *,
        language: str = "python",
        whole: bool = False,
        message: str = "",
        suffix: str | None = None,
    ) -> RenderedPrompt:
        """What the model is sent for `prompt`."""
        return render_prompt(
            self.tokenizer,
            prompt,
            form=self.prompt_form,
            language=language,
            whole=whole,
            message=message,
            suffix=suffix,
            chat=self.chat,
        )

    def complete(
        self, waiting: Sequence[PreparedRequest], sampling: Sampling, done: Collection[tuple[str, int]]
    ) -> Iterator[list[Generation]]:
        """Completions, one list a batch; see `LanguageModel.complete` and `in_batches`.

        Each distinct prompt of a batch is read once, however many samples it has.
        """
        batch_size = rows_at_once(sampling, self.model.device.type)
        return in_batches(lambda batch: self.generate(batch, sampling), waiting, batch_size, done)

    def generate(self, batch: Sequence[PreparedRequest], sampling: Sampling) -> list[Generation]:
        """One completion a row, in the order of `batch`; raises as `written` does."""
        return [generation for generation, _ in self.written(batch, sampling)]

    def written(self, batch: Sequence[PreparedRequest], sampling: Sampling) -> list[tuple[Generation, tuple[int, ...]]]:
        """One completion a row, in the order of `batch`, with its tokens, the one that ended it included.

        Raises:
            ModelOutOfMemory: the batch is too large; nothing of it is kept.
            GenerationFailed: the model's output cannot be used.
        """
        end_ids = self._end_ids()
        rows = [self._row(prepared, end_ids) for prepared in batch]
        try:
            decode(self.model, rows, self._choose(batch, sampling))
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelOutOfMemory(f"{len(batch)} rows on {self.facts.device}") from error
        except RuntimeError as error:
            if "can't allocate memory" not in str(error):  # how torch says it on a CPU
                raise
            raise ModelOutOfMemory(f"{len(batch)} rows on {self.facts.device}") from error
        finally:
            if self.model.device.type == "cuda":
                torch.cuda.empty_cache()
        return [
            (self._generation(prepared, row, end_ids), tuple(row.written))
            for prepared, row in zip(batch, rows, strict=True)
        ]

    def _row(self, prepared: PreparedRequest, end_ids: frozenset[int]) -> BatchRow:
        stop = self._stop(prepared)

        def has_stopped(written: Sequence[int]) -> bool:
            return written[-1] in end_ids or may_have_stopped(self.tokenizer, written, stop)

        return BatchRow(
            prompt_ids=prepared.rendered.token_ids,
            max_new_tokens=prepared.max_new_tokens,
            has_stopped=has_stopped,
            forced=self._thought_limit(prepared),
        )

    def _thought_limit(self, prepared: PreparedRequest) -> ThoughtLimit | None:
        budget = self.chat.reasoning_budget
        if budget is None:
            return None
        return ThoughtLimit(self.tokenizer, opening_in(prepared.rendered.text), budget)

    def _stop(self, prepared: PreparedRequest) -> tuple[str, ...]:
        """Stop strings are for plain completions: a chat answer may well hold one, and ends by itself."""
        return () if self.prompt_form is PromptForm.CHAT else prepared.request.stop

    def _choose(self, batch: Sequence[PreparedRequest], sampling: Sampling) -> Choose:
        if sampling.greedy:
            return lambda logits, _rows, _step: likeliest_tokens(logits)
        numbers = torch.tensor(
            [
                uniforms(
                    seed=sampling.seed,
                    problem_id=prepared.request.problem_id,
                    sample_index=prepared.request.sample_index,
                    count=sampling.max_new_tokens,
                ).tolist()
                for prepared in batch
            ],
            dtype=torch.float64,
            device=self.model.device,
        )

        def choose(logits: Tensor, rows: Tensor, step: int) -> Tensor:
            return draw_tokens(
                logits,
                numbers[rows, step],
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                top_k=sampling.top_k,
            )

        return choose

    def _end_ids(self) -> frozenset[int]:
        """Tokens that end a completion: those the checkpoint names, the tokenizer's, and in a chat the turn's end."""
        named = [self.tokenizer.eos_token_id]
        for config in (self.model.generation_config, self.model.config):
            value = getattr(config, "eos_token_id", None)
            named += value if isinstance(value, list | tuple) else [value]
        ids = {number for number in named if number is not None}
        if self.prompt_form is PromptForm.CHAT:
            # What ends a channel of gpt-oss may end a turn in its template; the next channel is still to come.
            ids |= turn_end_ids(self.tokenizer, chat=self.chat) - thought_marks(self.tokenizer).keys()
        if self.prompt_form is PromptForm.INFILL:
            ids |= infill_end_ids(self.tokenizer)
        return frozenset(ids)

    def _generation(self, prepared: PreparedRequest, row: BatchRow, end_ids: frozenset[int]) -> Generation:
        ended_itself = row.finish_reason == "stop" and row.written[-1] in end_ids
        text_ids = row.written[:-1] if ended_itself else row.written
        # Whatever else is said in a chat, marks of a thought are part of it; the answer is told by them.
        kept = thought_marks(self.tokenizer) if self.prompt_form is PromptForm.CHAT else {}
        text = decode_after(self.tokenizer, row.prompt_ids, text_ids, kept=kept)
        return Generation(
            problem_id=prepared.request.problem_id,
            sample_index=prepared.request.sample_index,
            prompt=prepared.rendered.text,
            prompt_sha256=prepared.rendered.sha256,
            completion=text[: earliest_stop(text, self._stop(prepared))],
            finish_reason=row.finish_reason,
            prompt_tokens=len(row.prompt_ids),
            completion_tokens=len(row.written),
            max_new_tokens=row.max_new_tokens,
        )
