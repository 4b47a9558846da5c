"""What a generator on a node of a cluster does: it holds the model, and completes the batches that it is given."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common import provenance
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import in_batches
from codecrucible.harness.models.errors import ModelError
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt

if TYPE_CHECKING:
    from codecrucible.harness.models.local.loading import AdaptableModel
    from codecrucible.harness.models.local.model import LocalModel

Parts: TypeAlias = list[list[Generation]]
"""Completions of a batch: in one list, or in several if it did not fit into memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorFacts:
    """What a generator says of itself; all of a run's have to say the same, but of their node.

    Attributes:
        checkpoint: Which weights run.
        adapter: Which adapter runs on top, if any.
        prompt_form: How a prompt is put to the model.
        template_sha256: Digest of all that is wrapped around a prompt.
        packages: Versions of those that can move a completion.
        hardware: Name of the GPU, or of the processor.
        prompt_date: The day that the chat template was told; "" if it asks for none.
        infill_template: The special tokens around a gap; "" if none is filled.
    """

    checkpoint: CheckpointFacts
    adapter: AdapterFacts | None
    prompt_form: PromptForm
    template_sha256: str
    packages: Mapping[str, str]
    hardware: str
    prompt_date: str = ""
    infill_template: str = ""


class GeneratorActor:
    """Holds a model, once it was told to load it. A cluster wraps what is raised, so a `ModelError` is returned."""

    def __init__(self) -> None:
        self._base: AdaptableModel | None = None
        self._model: LocalModel | None = None

    def version(self) -> str:
        """Version of codecrucible; its arrival says that the actor has found a place."""
        return provenance.code_version()

    def load(self, spec: str, options: LoadOptions, folder: str) -> GeneratorFacts | ModelError:
        """Load the model, or say why not.

        Args:
            spec: As `load_model` takes it; no server's.
            options: How it is loaded.
            folder: Where the command was given; relative paths are from there, if it is there on this node.
        """
        with suppress(OSError):
            os.chdir(folder)
        try:
            model: Any = load_model(spec, options)
            from codecrucible.harness.models.local.loading import AdaptableModel

            self._base = AdaptableModel(model, options)
        except ModelError as error:
            return error
        return self.adapt(None)

    def adapt(self, adapter: Path | None) -> GeneratorFacts | ModelError:
        """Put the adapter in that folder in the place of the one before, or none."""
        assert self._base is not None  # noqa: S101  # loaded
        try:
            self._model = self._base.adapted(adapter)
        except ModelError as error:
            return error
        return _facts(self._model)

    def render(self, prompt: str, language: str, whole: bool, message: str, suffix: str | None) -> RenderedPrompt:
        """As `LanguageModel.render`."""
        return self._adapted.render(prompt, language=language, whole=whole, message=message, suffix=suffix)

    def complete(self, batch: Sequence[PreparedRequest], rows: int, sampling: Sampling) -> Parts | ModelError:
        """Completions of `batch`, at most so many rows at one time, and fewer if these do not fit into memory."""
        try:
            return [*in_batches(lambda part: self._adapted.generate(part, sampling), batch, rows, done=())]
        except ModelError as error:
            return error

    @property
    def _adapted(self) -> "LocalModel":
        assert self._model is not None  # noqa: S101  # loaded
        return self._model


def _facts(model: "LocalModel") -> GeneratorFacts:
    return GeneratorFacts(
        checkpoint=model.facts,
        adapter=model.adapter,
        prompt_form=model.prompt_form,
        template_sha256=model.template_sha256,
        prompt_date=model.prompt_date,
        infill_template=model.infill_template,
        packages=provenance.packages(provenance.GENERATING),
        hardware=_hardware(model),
    )


def _hardware(model: "LocalModel") -> str:
    import torch

    device = model.model.device
    return torch.cuda.get_device_name(device) if device.type == "cuda" else str(provenance.machine()["processor"])
