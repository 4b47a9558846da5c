"""What the harness needs of a language model, and how one is asked for. Where one comes from: `models.open`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.codec import UNLESS_DEFAULT
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How a model is loaded.

    Attributes:
        revision: Commit, tag or branch on the hub.
        dtype: "auto", "bfloat16", "float16" or "float32". "auto" keeps a 16-bit checkpoint in its own type where the
            device computes in it, and takes float32 otherwise.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", ...; "balanced" lays the layers over all GPUs.
        prompt_form: "completion" sends the prompt as it is; "chat" asks for the whole function through the
            tokenizer's chat template; "infill" puts the tokenizer's special tokens around a gap; "auto" is chat where
            there is a template, else completion.
        trust_remote_code: Run Python code that comes with the checkpoint, in this process and outside of any sandbox.
        bits: 4 or 8: hold the weights of linear layers in so many bits, through bitsandbytes.
        allow_pickle: Read the weights of a checkpoint, or of an adapter, that has them in pickle files alone.
        chat: What is asked beside a message in a chat.
        engine: NAME or NAME=PROGRAM of an engine whose server is started for it, such as "vllm"; "" for this process.
    """

    revision: str | None = None
    dtype: str = "auto"
    device: str = "auto"
    prompt_form: str = "auto"
    trust_remote_code: bool = False
    bits: int | None = None
    allow_pickle: bool = False
    chat: ChatSettings = PLAIN_CHAT
    engine: str = field(default="", metadata=UNLESS_DEFAULT)


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
        """Digest of all that is wrapped around a prompt; "" if nothing is."""
        ...

    @property
    def infill_template(self) -> str:
        """The special tokens around a gap that is filled, in their order, with PREFIX and SUFFIX; else ""."""
        ...

    @property
    def prompt_date(self) -> str:
        """The day that a chat template was told in the place of today, as 2024-07-26; "" if it asks for none."""
        ...

    def render(
        self,
        prompt: str,
        *,
        language: str = "python",
        whole: bool = False,
        message: str = "",
        suffix: str | None = None,
    ) -> RenderedPrompt:
        """What the model is sent for `prompt`, which a function or a `whole` program is to answer; see `Request`."""
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
