"""What the harness needs of a language model, and where one comes from.

`load_model` gives a model that runs in this process. Anything else that fits `LanguageModel`, such as a client of a
server, takes its place without another change.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks import PromptForm
from harness.generation import Generation, PreparedRequest, RenderedPrompt
from harness.sampling import Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFacts:
    """Which weights ran, and how; for the run folder.

    Attributes:
        spec: What was asked for.
        name: Short name, for labels.
        source: Folder that was loaded, or the hub id.
        revision: Commit on the hub, or package and version; "" for a local folder.
        sha256: Of weights, configuration and tokenizer files together.
        weights_sha256: Of the weight files alone: the identity of a base model, whatever its chat template.
        architecture: Class name, such as "LlamaForCausalLM".
        parameters: Number of parameters, tied ones once, adapter not included.
        context_tokens: Longest sequence the model takes, or None if it names none.
        dtype: "bfloat16", "float16" or "float32".
        device: Where it ran, such as "cpu" or "cuda:0".
        chat_template_sha256: Of the tokenizer's chat template, "" if it has none.
        licence_notice: What the weights' licence wants said, where that is known; else "".
        remote_code: Whether the checkpoint's own Python code was allowed to run.
    """

    spec: str
    name: str
    source: str
    revision: str
    sha256: str
    weights_sha256: str
    architecture: str
    parameters: int
    context_tokens: int | None
    dtype: str
    device: str
    chat_template_sha256: str
    licence_notice: str
    remote_code: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFacts:
    """Which adapter ran on top; for the run folder.

    Attributes:
        path: Its folder.
        name: Short name, for labels.
        sha256: Of its weights, configuration and tokenizer files together.
        kind: PEFT's name of the method, such as "LORA".
        base: The base model it names.
        base_verified: Whether it records the hash of its base's weights, and that is the hash of the weights loaded.
        tokenizer: Whether the adapter's own tokenizer, with its chat template, is the one in use.
        logit_difference: Largest absolute change of a logit on the probe text; above 0.
    """

    path: str
    name: str
    sha256: str
    kind: str
    base: str
    base_verified: bool
    tokenizer: bool
    logit_difference: float


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
    def default_batch_size(self) -> int:
        """Rows at one time where nobody asks for another number."""
        ...

    def render(self, prompt: str, *, language: str = "python") -> RenderedPrompt:
        """What the model is sent for `prompt`."""
        ...

    def generate(self, batch: Sequence[PreparedRequest], sampling: Sampling) -> list[Generation]:
        """One completion a row, in the order of `batch`.

        Raises:
            ModelOutOfMemory: the batch is too large; nothing of it is kept.
            GenerationFailed: the model's output cannot be used.
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
) -> LanguageModel:
    """The model that `spec` names, in this process, ready to complete prompts.

    Weights are read from safetensors and GGUF files alone, which hold no code; a GGUF file is converted to safetensors
    once and kept in the user's cache.

    Args:
        spec: A folder, a GGUF file, a hub id, or "bundled:NAME" for a model that ships as a package.
        adapter: Folder of a PEFT adapter made for this model.
        dtype: "auto", "bfloat16", "float16" or "float32". "auto" keeps a 16-bit checkpoint in its own type where the
            device computes in it, and takes float32 otherwise.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", ...
        prompt_form: "completion" sends the prompt as it is; "chat" asks for the whole function through the
            tokenizer's chat template; "auto" is chat where there is a template.
        trust_remote_code: Run Python code that comes with the checkpoint, in this process and outside of any sandbox.
        revision: Commit, tag or branch on the hub.

    Raises:
        ModelNotFound: nothing is there under that name, or it could not be fetched.
        ModelUnsafe: loading it would run code from the checkpoint.
        ModelUnusable: it is broken, incomplete, or lacks what was asked for.
        AdapterMismatch: the adapter is for another base.
        AdapterInert: the adapter changes no logit.
    """
    # torch's threads spin while they wait for each other, which on cores that are shared (sandboxes run beside them)
    # costs nine tenths of the speed. The OpenMP runtime reads this once, when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from harness.loading import load

    return load(
        spec,
        adapter=Path(adapter) if adapter is not None else None,
        dtype=dtype,
        device=device,
        prompt_form=prompt_form,
        trust_remote_code=trust_remote_code,
        revision=revision,
    )
