"""A language model behind an OpenAI-compatible server: vLLM, SGLang, llama.cpp, `transformers serve` and their like.

What is covered: plain completions and chat, one request a sample with a seed of its own, so that order and resuming
change nothing; a bounded number of requests at one time; retries with growing pauses when the server is busy, restarts
or is out of reach for a minute, as it asks by `Retry-After`, and when what comes is no answer; servers that take fewer
fields; prompts that a server refuses for good, which are samples without an answer.
What is not: proof of which weights the server runs. The run folder records the name it serves them under, and what it
says of them.

The key is read from the environment variable OPENAI_API_KEY alone, and is written nowhere.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from hashlib import sha256
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import REFUSED, PromptForm
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.detokenize import earliest_stop
from codecrucible.harness.models.errors import ModelUnusable, ServerFailed
from codecrucible.harness.models.infill import NO_INFILL
from codecrucible.harness.models.prompts import CHAT_MESSAGE, chat_message
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt, Request, sample_key
from codecrucible.harness.models.server.answers import (
    FILTERED,
    Answer,
    NoAnswer,
    NoChoice,
    Refusal,
    read_answer,
)
from codecrucible.harness.models.server.fields import PLAIN_SAMPLING, Fields
from codecrucible.reports import for_terminal

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

KEY = "OPENAI_API_KEY"
"""Environment variable that holds the key, for servers that want one."""

_REQUESTS = 32
#: Pauses before a request is sent again whose answer, of status 200, was none.
_PAUSES_S = (0.5, 1.0, 2.0)

#: Before a thought whose server has taken the marks away.
_THOUGHT = "<think>"

#: What a server answers to a request that it does not understand: a field, an endpoint, a model without a template.
REFUSALS = (400, 404, 405, 422, 500, 501)
#: What it answers to a prompt that it will not complete: too long, filtered.
_OF_A_PROMPT = (400, 403, 413, 422)
#: More than any server is known to count up to that counts them.
_STOPS_TRIED = 16


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerModel:
    """A model that a server runs; fits `LanguageModel`.

    Attributes:
        client: Client of the server.
        facts: What is known of the weights.
        prompt_form: Which of the two endpoints is asked.
        fields: What the server takes of a request.
        chat: What is asked beside the message, in a chat.
        asked: The same, as far as it is in fields of the request's own.
        adapter: Which adapter runs on top, where the server was started with it here.
    """

    client: "OpenAI"
    facts: CheckpointFacts
    prompt_form: PromptForm
    fields: Fields = field(default_factory=Fields)
    chat: ChatSettings = PLAIN_CHAT
    asked: Mapping[str, Any] = field(default_factory=dict)
    adapter: AdapterFacts | None = None

    @property
    def template_sha256(self) -> str:
        """Digest of the message around a prompt; what the server wraps around that is not known."""
        return sha256(CHAT_MESSAGE.encode()).hexdigest() if self.prompt_form is PromptForm.CHAT else ""

    @property
    def infill_template(self) -> str:
        """None: a server fills no gap."""
        return ""

    @property
    def prompt_date(self) -> str:
        """Not known: the server's template is its own affair."""
        return ""

    def render(
        self,
        prompt: str,
        *,
        language: str = "python",
        whole: bool = False,
        message: str = "",
        suffix: str | None = None,
    ) -> RenderedPrompt:
        """What the server is sent for `prompt`; its token ids are not known.

        Raises:
            ModelUnusable: for a `suffix`.
        """
        if suffix is not None:
            raise ModelUnusable(NO_INFILL)
        asked = message or chat_message(prompt, language, whole=whole)
        text = asked if self.prompt_form is PromptForm.CHAT else prompt
        return RenderedPrompt(text=text, token_ids=())

    def complete(
        self, waiting: Sequence[PreparedRequest], sampling: Sampling, done: Collection[tuple[str, int]]
    ) -> Iterator[list[Generation]]:
        """Completions as they come in, `sampling.batch_size` requests at one time; see `LanguageModel.complete`."""
        rows = deque(row for row in waiting if sample_key(row.request) not in done)
        missing, at_once = len(rows), min(len(rows), sampling.batch_size or _REQUESTS)
        ended: SimpleQueue[Future[Generation]] = SimpleQueue()

        def ask() -> None:
            while True:
                try:
                    row = rows.popleft()
                except IndexError:
                    return
                made: Future[Generation] = Future()
                try:
                    made.set_result(self._generate(row, sampling))
                except BaseException as error:  # noqa: BLE001  # raised where the answers are waited for
                    made.set_exception(error)
                ended.put(made)

        for _ in range(at_once):
            # Daemons: after Ctrl-C nobody waits for a server that is silent.
            threading.Thread(target=ask, name="request", daemon=True).start()
        try:
            for _ in range(missing):
                yield [ended.get().result()]
        except BaseException:
            rows.clear()
            self.client.close()  # so that what still runs is not asked again
            raise

    def _generate(self, row: PreparedRequest, sampling: Sampling) -> Generation:
        from openai import OpenAIError

        try:
            try:
                return self._generation(row, self._ask(row, sampling))
            except (OpenAIError, Refusal) as error:
                if not _is_refusal(error):
                    raise
                return self._after_refusal(row, sampling, error)
        except (OpenAIError, Refusal, NoAnswer) as error:
            raise ServerFailed(
                f"the server gave no completion for {row.request.problem_id}, sample {row.request.sample_index}: "
                f"{told_of(error)}; run the same command again to resume"
            ) from error

    def first_token_logprobs(self, text: str) -> dict[str, float]:
        """The likeliest tokens after `text`, with their natural logarithms of the probability.

        Raises:
            ModelUnusable: the server does not tell them.
        """
        from openai import OpenAIError

        name = self.facts.served_name
        untold = f"the server did not tell how likely a token of {name!r} is"
        try:
            told = self.client.completions.create(model=name, prompt=text, max_tokens=1, temperature=0.0, logprobs=5)
        except OpenAIError as error:
            raise ModelUnusable(f"{untold}: {told_of(error)}") from error
        found = told.choices[0].logprobs if told.choices else None
        if not found or not found.top_logprobs:
            raise ModelUnusable(untold)
        return dict(found.top_logprobs[0])

    def first_shapes(self, sampling: Sampling) -> frozenset[str]:
        """The shapes of an answer of one token; raises what the client raises, and `NoAnswer`."""
        try:
            return self._ask(_PROBE, sampling).shapes
        except NoChoice:  # there may be one where more tokens are asked for
            return frozenset()

    def fields_after(self, refusal: "APIStatusError", sampling: Sampling) -> Fields | None:
        """What the server may take by its refusal of a first token; None if all was tried."""
        if refusal.status_code not in REFUSALS:
            return None
        named = self.fields.after(str(refusal), self.fields.of(self._body(_PROBE, sampling)))
        if named or self.fields.refused >= PLAIN_SAMPLING.keys():
            return named
        return replace(self.fields, refused=self.fields.refused | PLAIN_SAMPLING.keys())

    def _after_refusal(self, row: PreparedRequest, sampling: Sampling, error: Exception) -> Generation:
        """The completion in the room that the context has for it, or none where the prompt itself is refused.

        Raises:
            ServerFailed: if any prompt would be refused so.
            OpenAIError: as the client.
        """
        one_token = self._ask_or_none(replace(row, max_new_tokens=1), sampling)
        if one_token:
            for room in self._rooms(row, one_token):
                smaller = replace(row, max_new_tokens=room)
                if answer := self._ask_or_none(smaller, sampling):
                    return self._generation(smaller, answer)
        other = replace(_PROBE, request=replace(_PROBE.request, stop=row.request.stop))
        if not one_token and not self._ask_or_none(other, sampling):
            raise ServerFailed(f"the server refuses every prompt with these settings: {told_of(error)}")
        told = for_terminal(f"{row.request.problem_id}: {told_of(error)}", longest=400)
        _log.warning("the server refuses the prompt of %s", told)
        nothing = Answer(text="", reasoning="", finish_reason="stop", prompt_tokens=None, completion_tokens=None)
        return replace(self._generation(row, nothing), no_answer=REFUSED)

    def _rooms(self, row: PreparedRequest, one_token: Answer) -> Iterator[int]:
        """Smaller limits to try: what the context has left where both are known, and then half of each before."""
        context, prompt = self.facts.context_tokens, one_token.prompt_tokens
        if context and prompt and 0 < context - prompt < row.max_new_tokens:
            yield context - prompt
        room = row.max_new_tokens // 2
        while room:
            yield room
            room //= 2

    def _ask_or_none(self, row: PreparedRequest, sampling: Sampling) -> Answer | None:
        """The answer; None if it is refused."""
        from openai import OpenAIError

        try:
            return self._ask(row, sampling)
        except (OpenAIError, Refusal) as error:
            if not _is_refusal(error):
                raise
            return None

    def _ask(self, row: PreparedRequest, sampling: Sampling) -> Answer:
        """The server's answer, asked for again where what came was none.

        Raises:
            OpenAIError: the server refuses, or cannot be reached.
            Refusal: the same, in an answer of status 200.
            NoAnswer: what came was no answer, however often it was asked.
        """
        for pause_s in _PAUSES_S:
            try:
                return self._ask_once(row, sampling)
            except NoAnswer:
                time.sleep(pause_s)
        return self._ask_once(row, sampling)

    def _ask_once(self, row: PreparedRequest, sampling: Sampling) -> Answer:
        path = "/chat/completions" if self.prompt_form is PromptForm.CHAT else "/completions"
        body = self.fields.of(self._body(row, sampling))
        return read_answer(self.client.post(path, body=body, cast_to=str))

    def _body(self, row: PreparedRequest, sampling: Sampling) -> dict[str, Any]:
        """What is asked of a server that takes everything."""
        top_k = {"top_k": sampling.top_k} if sampling.top_k else {}
        settings = {
            "model": self.facts.served_name,
            "max_tokens": row.max_new_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": _seed(sampling, row),
            **PLAIN_SAMPLING,
            **top_k,
        }
        if self.prompt_form is PromptForm.CHAT:
            return {**settings, **self.asked, "messages": self.chat.messages(row.rendered.text)}
        return settings | {"prompt": row.rendered.text, "stop": list(row.request.stop)}

    def _generation(self, row: PreparedRequest, answer: Answer) -> Generation:
        whole = answer.text
        if not whole.strip() and answer.reasoning.strip():  # cut off before an answer came
            whole = f"{_THOUGHT}\n{answer.reasoning}"
        stop = row.request.stop if self.prompt_form is PromptForm.COMPLETION else ()
        text = whole[: earliest_stop(whole, stop)]  # not every server knows every number of stop strings
        return Generation(
            problem_id=row.request.problem_id,
            sample_index=row.request.sample_index,
            prompt=row.rendered.text,
            prompt_sha256=row.rendered.sha256,
            completion=text,
            finish_reason=answer.finish_reason if text == whole else "stop",
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
            max_new_tokens=row.max_new_tokens,
            no_answer="" if whole.strip() or answer.finish_reason != FILTERED else REFUSED,
        )


def _is_refusal(error: Exception) -> bool:
    """Whether the server will never answer what it was asked."""
    return isinstance(error, Refusal) or getattr(error, "status_code", None) in _OF_A_PROMPT


_PROBE = PreparedRequest(
    request=Request(
        problem_id="a first token",
        sample_index=0,
        prompt="1 + 1 =",
        stop=tuple("\n" * count for count in range(1, _STOPS_TRIED + 1)),
    ),
    rendered=RenderedPrompt(text="1 + 1 =", token_ids=()),
    max_new_tokens=1,
)


def _seed(sampling: Sampling, row: PreparedRequest) -> int:
    """A number of 31 bits that depends on nothing but the run's seed, the problem and the sample."""
    problem_id, sample_index = sample_key(row.request)
    text = f"{sampling.seed}/{sample_index}/{problem_id}"
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") >> 1


def told_of(error: Exception) -> str:
    """What went wrong, on one line and without the key, which a server may echo."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    key = os.environ.get(KEY)
    return (text.replace(key, "***") if key else text)[:400]
