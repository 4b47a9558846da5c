"""What the harness needs of a language model, and where one comes from.

`load_model` gives a model that runs in this process, or one behind a server; both fit `LanguageModel`.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import Generation, PreparedRequest, RenderedPrompt
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.errors import ModelUnusable


class LanguageModel(Protocol):
    """Completes prompts."""

    @property
    def facts(self) -> CheckpointFacts:
        """Which weights run."""
        ...

    @property
    def adapter(self) -> AdapterFacts | None:
        """Which adapter runs on top, if any."""
        ...

    @property
    def prompt_form(self) -> PromptForm:
        """How a prompt is put to the model."""
        ...

    @property
    def template_sha256(self) -> str:
        """Of all that is wrapped around a prompt; "" if nothing is."""
        ...

    @property
    def prompt_date(self) -> str:
        """The day that a chat template was told in the place of today, as 2024-07-26; "" if it asks for none."""
        ...

    def render(self, prompt: str, *, language: str = "python", whole: bool = False) -> RenderedPrompt:
        """What the model is sent for `prompt`, which a function or a `whole` program is to answer."""
        ...

    def complete(
        self, waiting: Sequence[PreparedRequest], sampling: Sampling, done: Collection[tuple[str, int]]
    ) -> Iterator[list[Generation]]:
        """Completions of `waiting`, in lists as they are made, without those in `done`.

        What a request gets depends on no other, and not on what is done already.

        Raises:
            GenerationFailed: the model cannot go on; what was yielded before stands.
        """
        ...


def load_model(
    spec: str,
    *,
    adapter: Path | str | None = None,
    dtype: str = "auto",
    device: str = "auto",
    prompt_form: str = "auto",
    trust_remote_code: bool = False,
    revision: str | None = None,
    bits: int | None = None,
    allow_pickle: bool = False,
    sampling: Sampling | None = None,
    chat: ChatSettings = PLAIN_CHAT,
) -> LanguageModel:
    """The model that `spec` names, ready to complete prompts.

    Weights are read from safetensors and GGUF files, which hold no code; a GGUF file is converted to safetensors once
    and kept in the user's cache.

    Args:
        spec: A folder, a GGUF file, a hub id, or "bundled:NAME" for a model that ships as a package; all of these
            run in this process. "openai:URL#NAME" is one behind an OpenAI-compatible server.
        adapter: Folder or hub id ("owner/name", "owner/name@revision") of a PEFT adapter made for this model.
        dtype: "auto", "bfloat16", "float16" or "float32". "auto" keeps a 16-bit checkpoint in its own type where the
            device computes in it, and takes float32 otherwise.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", ...; "balanced" lays the layers over all GPUs.
        prompt_form: "completion" sends the prompt as it is; "chat" asks for the whole function through the
            tokenizer's chat template; "auto" is chat where there is a template.
        trust_remote_code: Run Python code that comes with the checkpoint, in this process and outside of any sandbox.
        revision: Commit, tag or branch on the hub.
        bits: 4 or 8: hold the weights of linear layers in so many bits, through bitsandbytes.
        allow_pickle: Read the weights of a checkpoint, or of an adapter, that has them in pickle files alone.
        sampling: How completions will be drawn, for servers, which may not take every setting.
        chat: What is asked beside a message in a chat.

    Raises:
        ModelNotFound: nothing is there under that name, or it could not be fetched.
        ModelUnsafe: loading it would run code from the checkpoint.
        ModelUnusable: it is broken, incomplete, or lacks what was asked for.
        AdapterMismatch: the adapter is for another base.
        AdapterInert: the adapter changes no logit.
    """
    if spec.startswith("openai:"):
        if bits:
            raise ModelUnusable(f"{bits} bits: a server quantises its model itself, as it was started")
        return _served(spec, adapter=adapter, prompt_form=prompt_form, chat=chat, sampling=sampling)
    if bits and not find_spec("bitsandbytes"):
        raise ModelUnusable(f"{bits} bits need the extra 'quant': pip install 'codecrucible[quant]'")
    # torch's threads spin while they wait for each other, which on cores that are shared (sandboxes run beside them)
    # costs nine tenths of the speed. The OpenMP runtime reads this once, when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from codecrucible.harness.models.local.loading import load

    return load(
        spec,
        adapter=Path(adapter) if adapter is not None else None,
        dtype=dtype,
        device=device,
        prompt_form=prompt_form,
        trust_remote_code=trust_remote_code,
        revision=revision,
        bits=bits,
        allow_pickle=allow_pickle,
        chat=chat,
    )


def refuse_outside_of_chat(chat: ChatSettings) -> None:
    """Raise `ModelUnusable` where something is asked of a chat, for a model that is asked to continue prompts."""
    if chat.asked:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in chat.asked)
        raise ModelUnusable(
            f"{named}: only a chat has that, and prompts are sent as they stand; give --prompt-form chat, or leave "
            "it away"
        )


def _served(
    spec: str, *, adapter: Path | str | None, prompt_form: str, chat: ChatSettings, sampling: Sampling | None
) -> LanguageModel:
    if adapter is not None:
        raise ModelUnusable(
            f"--adapter {adapter}: an adapter of a server is a model of its own there; start the server with it (vLLM: "
            "--enable-lora --lora-modules NAME=FOLDER) and give its name: --model openai:URL#NAME"
        )
    if not find_spec("openai"):
        raise ModelUnusable(f"{spec} needs the extra 'server': pip install 'codecrucible[server]'")
    from codecrucible.harness.models.server.client import connect

    return connect(spec, prompt_form=prompt_form, chat=chat, sampling=sampling)
