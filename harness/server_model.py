"""A language model behind an OpenAI-compatible server: vLLM, SGLang, llama.cpp, `transformers serve` and their like.

What is covered: plain completions and chat, one request a sample with a seed of its own, so that order and resuming
change nothing; a bounded number of requests at one time; retries with growing pauses when the server is busy, restarts
or is out of reach for a minute, as it asks by `Retry-After`.
What is not: proof of which weights the server runs. The run folder records the name it serves them under, and what it
says of them.

The key is read from the environment variable OPENAI_API_KEY alone, and is written nowhere.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks import PromptForm
from harness.chat_settings import PLAIN_CHAT, ChatSettings
from harness.detokenize import earliest_stop
from harness.generation import Generation, PreparedRequest, RenderedPrompt, Request, sample_key
from harness.model_errors import ModelNotFound, ModelUnusable, ServerFailed
from harness.models import CheckpointFacts, refuse_outside_of_chat
from harness.prompts import CHAT_MESSAGE, chat_message
from harness.sampling import Sampling

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Completion
    from openai.types.chat import ChatCompletion

PREFIX = "openai:"
"""What a server's specification begins with."""

KEY = "OPENAI_API_KEY"
"""Environment variable that holds the key, for servers that want one."""

_REQUESTS = 32
#: With pauses that double from half a second up to eight, over two minutes.
_RETRIES = 20
#: Of the first requests, which find out what the server takes.
_TRIES = 2
#: For one answer. A long one on a busy server takes minutes.
_TIMEOUT_S = 1800.0
#: Left out, vLLM and SGLang take what the checkpoint's generation config recommends: top_k 20, say.
_PLAIN_SAMPLING = {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
_CAUTION = (
    "the server takes no top_k, min_p or repetition_penalty: its own hold, or those that the checkpoint recommends, "
    "and scores cannot be compared with those of other engines"
)

#: Before a thought whose server has taken the marks away.
_THOUGHT = "<think>"

#: What a server answers to a request that it does not understand: a field, an endpoint, a model without a template.
_REFUSALS = (400, 404, 405, 422, 500, 501)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerModel:
    """A model that a server runs; fits `LanguageModel`.

    Attributes:
        client: Of the server.
        facts: What is known of the weights.
        prompt_form: Which of the two endpoints is asked.
        plain: Settings beyond OpenAI's own protocol that switch off what a server would do to the logits; {} if it does
            not take them.
        chat: What is asked beside the message, in a chat.
        asked: The same, as far as it is in fields of the request's own.
    """

    client: "OpenAI"
    facts: CheckpointFacts
    prompt_form: PromptForm
    plain: Mapping[str, float]
    chat: ChatSettings = PLAIN_CHAT
    asked: Mapping[str, Any] = field(default_factory=dict)
    adapter: None = field(default=None, init=False)

    @property
    def template_sha256(self) -> str:
        """Of the message around a prompt; what the server wraps around that is its own affair."""
        return sha256(CHAT_MESSAGE.encode()).hexdigest() if self.prompt_form is PromptForm.CHAT else ""

    @property
    def prompt_date(self) -> str:
        """Not known: the server's template is its own affair."""
        return ""

    def render(self, prompt: str, *, language: str = "python", whole: bool = False) -> RenderedPrompt:
        """What the server is sent for `prompt`; its token ids are not known."""
        text = chat_message(prompt, language, whole=whole) if self.prompt_form is PromptForm.CHAT else prompt
        return RenderedPrompt(text=text, token_ids=())

    def complete(
        self, waiting: Sequence[PreparedRequest], sampling: Sampling, done: Collection[tuple[str, int]]
    ) -> Iterator[list[Generation]]:
        """Completions as they come in, `sampling.batch_size` requests at one time; see `LanguageModel.complete`."""
        wanted = iter([row for row in waiting if sample_key(row.request) not in done])
        at_once = sampling.batch_size or _REQUESTS
        pool = ThreadPoolExecutor(at_once, thread_name_prefix="request")
        running: set[Future[Generation]] = set()
        try:
            while True:
                for row in wanted:
                    running.add(pool.submit(self._generate, row, sampling))
                    if len(running) == at_once:
                        break
                if not running:
                    return
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                failures = [error for future in ended if (error := future.exception())]
                made = [future.result() for future in ended if not future.exception()]
                if made:
                    yield made
                if failures:
                    raise failures[0]  # noqa: TRY301 - the requests that still run end as with any error
        except BaseException:
            self.client.close()  # ends the requests that still run, so that no thread is waited for
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _generate(self, row: PreparedRequest, sampling: Sampling) -> Generation:
        from openai import OpenAIError

        try:
            return self._generation(row, self._answer(row, sampling))
        except OpenAIError as error:
            raise ServerFailed(
                f"the server gave no completion for {row.request.problem_id}, sample {row.request.sample_index}: "
                f"{_told(error)}; the same command goes on from here"
            ) from error

    def _answer(self, row: PreparedRequest, sampling: Sampling) -> "Completion | ChatCompletion":
        settings: dict[str, Any] = {
            "model": self.facts.served_name,
            "max_tokens": row.max_new_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": _seed(sampling, row),
            "extra_body": self._extra(sampling),
        }
        if self.prompt_form is PromptForm.CHAT:
            settings["messages"] = self.chat.messages(row.rendered.text)
            settings["extra_body"] |= self.asked
            chat: ChatCompletion = self.client.chat.completions.create(**settings)
            return chat
        settings |= {"prompt": row.rendered.text, "stop": list(row.request.stop) or None}
        plain: Completion = self.client.completions.create(**settings)
        return plain

    def _extra(self, sampling: Sampling) -> dict[str, Any]:
        top_k = {"top_k": sampling.top_k} if sampling.top_k else {}
        return {**self.plain, **top_k}

    def _generation(self, row: PreparedRequest, answer: "Completion | ChatCompletion") -> Generation:
        if not answer.choices:
            raise ServerFailed(f"the server answered {row.request.problem_id} without a choice: {answer!r:.200}")
        choice = answer.choices[0]
        text = (choice.text if hasattr(choice, "text") else choice.message.content) or ""
        if not text.strip() and (thought := _thought_of(choice)):  # cut off before an answer came
            text = f"{_THOUGHT}\n{thought}"
        stop = row.request.stop if self.prompt_form is PromptForm.COMPLETION else ()
        return Generation(
            problem_id=row.request.problem_id,
            sample_index=row.request.sample_index,
            prompt=row.rendered.text,
            prompt_sha256=row.rendered.sha256,
            completion=text[: earliest_stop(text, stop)],  # not every server knows every number of stop strings
            finish_reason="length" if choice.finish_reason == "length" else "stop",
            prompt_tokens=answer.usage.prompt_tokens if answer.usage else None,
            completion_tokens=answer.usage.completion_tokens if answer.usage else None,
            max_new_tokens=row.max_new_tokens,
        )


def connect(spec: str, *, prompt_form: str = "auto", chat: ChatSettings = PLAIN_CHAT) -> ServerModel:
    """The model that a server runs, after a first token from it.

    Args:
        spec: "openai:URL#NAME", such as "openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B". NAME may be left out where the
            server serves one model alone.
        prompt_form: "completion" asks `/completions`, "chat" asks `/chat/completions`; "auto" is chat where the server
            has a chat template for the model, or something is asked of the chat.
        chat: What is asked beside the message.

    Raises:
        ModelNotFound: no server answers there, or it does not serve a model of that name.
        ModelUnusable: the specification is none, or the server refuses what was asked for.
    """
    from openai import OpenAI, OpenAIError

    url, name = _parse(spec)
    client = OpenAI(base_url=url, api_key=os.environ.get(KEY) or "none", max_retries=_RETRIES, timeout=_TIMEOUT_S)
    served = _served(client, url)
    if not name and len(served) != 1:
        raise ModelNotFound(f"{url} serves {len(served)} models; name one as {PREFIX}{url}#NAME: {', '.join(served)}")
    name = name or next(iter(served))
    facts = _facts(spec, url, name, served.get(name, {}))
    without_extras = replace(facts, cautions=(_CAUTION,))
    forms = (PromptForm.CHAT, PromptForm.COMPLETION) if prompt_form == "auto" else (PromptForm(prompt_form),)
    if chat.asked:
        forms = forms[:1]
        if forms[0] is PromptForm.COMPLETION:
            refuse_outside_of_chat(chat)
    refusal = ""
    for form, asked, (plain, known) in product(
        forms, _fields_that_ask(chat), ((_PLAIN_SAMPLING, facts), ({}, without_extras))
    ):
        model = ServerModel(client=client, facts=known, prompt_form=form, plain=plain, chat=chat, asked=asked)
        trying = replace(model, client=client.with_options(max_retries=_TRIES))
        try:
            trying._answer(_PROBE, Sampling(max_new_tokens=1))  # noqa: SLF001 - this makes the models of that class
        except OpenAIError as error:
            refusal = _told(error)
            if getattr(error, "status_code", None) not in _REFUSALS:
                break
        else:
            return model
    serves = "" if name in served or not served else f"; it serves {', '.join(served)}"
    told = f" as {', '.join(chat.asked)} ask" if chat.asked else ""
    raise ModelUnusable(f"{url} does not complete prompts by {name!r}{told}: {refusal}{serves}")


def _fields_that_ask(chat: ChatSettings) -> list[dict[str, Any]]:
    """Fields of a request that pass on what is asked of a chat, each way in which servers take them."""
    budget = chat.reasoning_budget
    # vLLM's name for it, and llama.cpp's.
    fields = {} if budget is None else {"thinking_token_budget": budget, "reasoning_budget_tokens": budget}
    kwargs = dict(chat.template_kwargs)
    effort = {name: value for name, value in kwargs.items() if name == "reasoning_effort"}
    if not kwargs:
        return [fields]
    every = fields | effort | {"chat_template_kwargs": kwargs}
    return [every, fields | effort] if kwargs == effort else [every]


def _thought_of(choice: Any) -> str:
    """What a server that tells thoughts from answers says of the thought."""
    message = getattr(choice, "message", None)
    told = (getattr(message, name, None) for name in ("reasoning_content", "reasoning"))
    return next((text for text in told if isinstance(text, str) and text.strip()), "")


def _served(client: "OpenAI", url: str) -> dict[str, dict[str, Any]]:
    """What the server says of each of its models, by name; {} if it lists none."""
    from openai import APIStatusError, OpenAIError

    try:
        listed = client.with_options(max_retries=_TRIES, timeout=30.0).models.list().data
    except APIStatusError:  # a server that has no list may have a model
        return {}
    except OpenAIError as error:
        told = f"no server answers at {url}: {_told(error)}"
        raise ModelNotFound(f"{told}; is it up, and does the URL end with its /v1?") from error
    return {model.id: model.model_dump() for model in listed}


_PROBE = PreparedRequest(
    request=Request(problem_id="a first token", sample_index=0, prompt="1 + 1 =", stop=("\n",)),
    rendered=RenderedPrompt(text="1 + 1 =", token_ids=()),
    max_new_tokens=1,
)


def _parse(spec: str) -> tuple[str, str]:
    """URL and name of the model, "" if none is given."""
    url, _, name = spec.removeprefix(PREFIX).partition("#")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelUnusable(f"{url!r} is no URL of a server; write {PREFIX}http://HOST:PORT/v1#NAME")
    if parts.username or parts.password or parts.query:
        raise ModelUnusable(f"the URL of a server ends up in the run folder: give the key in {KEY}, not in the URL")
    return url.rstrip("/"), name


def _facts(spec: str, url: str, name: str, about: dict[str, Any]) -> CheckpointFacts:
    """What is known of the weights: nothing but what the server says."""
    return CheckpointFacts(
        spec=spec,
        name=name.rstrip("/").rpartition("/")[2],
        source=url,
        revision="",
        sha256="",
        weights_sha256="",
        architecture="",
        parameters=None,
        context_tokens=None,
        dtype="",
        device="",
        chat_template_sha256="",
        licence_notice="",
        remote_code=False,
        served_name=name,
        served_root=str(about.get("root") or ""),
    )


def _seed(sampling: Sampling, row: PreparedRequest) -> int:
    """A number of 31 bits that depends on nothing but the run's seed, the problem and the sample."""
    problem_id, sample_index = sample_key(row.request)
    text = f"{sampling.seed}/{sample_index}/{problem_id}"
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") >> 1


def _told(error: Exception) -> str:
    """What went wrong, on one line and without the key, which a server may echo."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    key = os.environ.get(KEY)
    return (text.replace(key, "***") if key else text)[:400]
