"""What the harness needs of a language model, and how one is asked for. Where one comes from: `models.open`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt
from codecrucible.harness.models.sampling import Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFacts:
    """Which weights ran, and how; for the run folder.

    Attributes:
        spec: What was asked for.
        name: Short name, for labels.
        source: Folder that was loaded, or the hub id.
        revision: Commit on the hub, or package and version; "" for a local folder.
        sha256: Of weights, configuration and tokenizer files together; "" behind a server.
        weights_sha256: Of the weight files alone: the identity of a base model, whatever its chat template.
        architecture: Class name, such as "LlamaForCausalLM".
        parameters: Number of parameters, tied ones once, adapter not included; None if unknown, as in a checkpoint that
            was quantised before.
        context_tokens: Longest sequence the model takes, or None if it names none.
        dtype: "bfloat16", "float16" or "float32"; where weights are held in fewer bits, how many and, if the checkpoint
            came so, by which method: "bfloat16 in 4 bits", "float32 in 4 bits (gptq)", "bfloat16 in fp8".
        device: Where it ran, such as "cpu" or "cuda:0".
        chat_template_sha256: Of the tokenizer's chat template, "" if it has none.
        licence_notice: What the weights' licence wants said, where that is known; else "".
        remote_code: Whether the checkpoint's own Python code was allowed to run.
        served_name: What a server calls the model, "" in this process.
        served_root: What the server says it loaded for it, "" if it says nothing.
        cautions: What a reader of the scores should know of how it ran.
    """

    spec: str
    name: str
    source: str
    revision: str
    sha256: str
    weights_sha256: str
    architecture: str
    parameters: int | None
    context_tokens: int | None
    dtype: str
    device: str
    chat_template_sha256: str
    licence_notice: str
    remote_code: bool
    served_name: str = ""
    served_root: str = ""
    cautions: tuple[str, ...] = ()


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
        source: Hub id and commit it was fetched from, as "owner/name@commit"; "" for a local folder.
        cautions: What a reader of the scores should know of how it ran.
    """

    path: str
    name: str
    sha256: str
    kind: str
    base: str
    base_verified: bool
    tokenizer: bool
    logit_difference: float
    source: str = ""
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How a model is loaded.

    Attributes:
        revision: Commit, tag or branch on the hub.
        dtype: "auto", "bfloat16", "float16" or "float32". "auto" keeps a 16-bit checkpoint in its own type where the
            device computes in it, and takes float32 otherwise.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", ...; "balanced" lays the layers over all GPUs.
        prompt_form: "completion" sends the prompt as it is; "chat" asks for the whole function through the
            tokenizer's chat template; "auto" is chat where there is a template.
        trust_remote_code: Run Python code that comes with the checkpoint, in this process and outside of any sandbox.
        bits: 4 or 8: hold the weights of linear layers in so many bits, through bitsandbytes.
        allow_pickle: Read the weights of a checkpoint, or of an adapter, that has them in pickle files alone.
        chat: What is asked beside a message in a chat.
    """

    revision: str | None = None
    dtype: str = "auto"
    device: str = "auto"
    prompt_form: str = "auto"
    trust_remote_code: bool = False
    bits: int | None = None
    allow_pickle: bool = False
    chat: ChatSettings = PLAIN_CHAT


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
