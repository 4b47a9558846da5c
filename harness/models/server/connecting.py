"""From the address of a server to its model: which one, by which endpoint, by which fields of a request."""

import os
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings, refuse_outside_of_chat
from codecrucible.harness.models.errors import ModelNotFound, ModelUnusable
from codecrucible.harness.models.infill import NO_INFILL
from codecrucible.harness.models.server.answers import PARTS, STREAM, NoAnswer, Refusal
from codecrucible.harness.models.server.client import KEY, REFUSALS, ServerModel, told_of
from codecrucible.harness.models.server.fields import fields_that_ask

if TYPE_CHECKING:
    from openai import OpenAI

PREFIX = "openai:"
"""What a server's specification begins with."""

#: With pauses that double from half a second up to eight, over two minutes.
_RETRIES = 20
#: Attempts at each of the first requests, which find out what the server accepts.
_TRIES = 2
#: For one answer. A long one on a busy server takes minutes.
_TIMEOUT_S = 1800.0

_SHAPES = {
    PARTS: "the server gives its answers as lists of parts: the texts in them are joined",
    STREAM: "the server streams its answers unasked: they are joined",
}


def connect(
    spec: str, *, prompt_form: str = "auto", chat: ChatSettings = PLAIN_CHAT, sampling: Sampling | None = None
) -> ServerModel:
    """The model that a server runs, after a first token from it.

    Args:
        spec: "openai:URL#NAME", such as "openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B". NAME may be left out where the
            server serves one model alone.
        prompt_form: "completion" asks `/completions`, "chat" asks `/chat/completions`; "auto" is chat where the server
            has a chat template for the model, or something is asked of the chat.
        chat: What is asked beside the message.
        sampling: How completions will be drawn, for a server that does not take every setting.

    Raises:
        ModelNotFound: no server answers there, or it does not serve a model of that name.
        ModelUnusable: the specification is none, or the server refuses what was asked for.
    """
    from openai import OpenAI, OpenAIError

    if prompt_form == PromptForm.INFILL:
        raise ModelUnusable(NO_INFILL)
    url, name = _parse(spec)
    client = OpenAI(base_url=url, api_key=os.environ.get(KEY) or "none", max_retries=_RETRIES, timeout=_TIMEOUT_S)
    served = _served(client, url)
    if not name and len(served) != 1:
        raise ModelNotFound(f"{url} serves {len(served)} models; name one as {PREFIX}{url}#NAME: {', '.join(served)}")
    name = name or next(iter(served))
    facts = _facts(spec, url, name, served.get(name, {}))
    forms = (PromptForm.CHAT, PromptForm.COMPLETION) if prompt_form == "auto" else (PromptForm(prompt_form),)
    if chat.asked:
        forms = forms[:1]
        if forms[0] is PromptForm.COMPLETION:
            refuse_outside_of_chat(chat)
    refusal = ""
    for form, asked in product(forms, fields_that_ask(chat)):
        model = ServerModel(client=client, facts=facts, prompt_form=form, chat=chat, asked=asked)
        try:
            return _agreed(model, sampling or Sampling())
        except (OpenAIError, Refusal, NoAnswer) as error:
            refusal = told_of(error)
            if getattr(error, "status_code", None) not in REFUSALS:
                break
    serves = "" if name in served or not served else f"; it serves {', '.join(served)}"
    told = f" as {', '.join(chat.asked)} ask" if chat.asked else ""
    raise ModelUnusable(f"{url} does not complete prompts by {name!r}{told}: {refusal}{serves}")


def _agreed(model: ServerModel, sampling: Sampling) -> ServerModel:
    """The model asked by the fields that its server takes, after a first token from it.

    Raises:
        OpenAIError: the server refuses the rest as well, or cannot be reached.
        NoAnswer: what came was no answer.
    """
    from openai import APIStatusError, OpenAIError

    trying = replace(model, client=model.client.with_options(max_retries=_TRIES))
    while True:
        try:
            shapes = trying.first_shapes(sampling)
            break
        except APIStatusError as error:
            fewer = trying.fields_after(error, sampling)
            if fewer is None:
                raise
            trying = replace(trying, fields=fewer)
    fields = trying.fields
    for name in sorted(fields.refused) if len(fields.refused) > 1 else ():  # a refusal may list what is taken, too
        with suppress(OpenAIError, Refusal, NoAnswer):
            more = replace(fields, refused=fields.refused - {name})
            replace(trying, fields=more).first_shapes(sampling)
            fields = more
    cautions = (*fields.cautions(), *(_SHAPES[shape] for shape in sorted(shapes)))
    return replace(model, fields=fields, facts=replace(model.facts, cautions=cautions))


def _served(client: "OpenAI", url: str) -> dict[str, dict[str, Any]]:
    """What the server says of each of its models, by name; {} if it lists none."""
    from openai import APIStatusError, OpenAIError

    try:
        listed = client.with_options(max_retries=_TRIES, timeout=30.0).models.list().data
    except APIStatusError:  # a server that has no list may have a model
        return {}
    except OpenAIError as error:
        told = f"no server answers at {url}: {told_of(error)}"
        raise ModelNotFound(f"{told}; is it up, and does the URL end with its /v1?") from error
    return {model.id: model.model_dump() for model in listed}


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
    length = about.get("max_model_len")  # as vLLM and SGLang call it
    return CheckpointFacts(
        spec=spec,
        name=name.rstrip("/").rpartition("/")[2],
        source=url,
        revision="",
        sha256="",
        weights_sha256="",
        architecture="",
        parameters=None,
        context_tokens=length if type(length) is int and length > 0 else None,
        dtype="",
        device="",
        chat_template_sha256="",
        licence_notice="",
        remote_code=False,
        served_name=name,
        served_root=str(about.get("root") or ""),
    )
