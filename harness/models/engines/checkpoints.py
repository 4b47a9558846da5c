"""What an engine is given of a checkpoint, and what is known of it without loading it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.files import file_sha256, files_sha256, text_sha256
from codecrucible.harness.models.chat_template import chat_template_sha256
from codecrucible.harness.models.engines.commands import LLAMA_CPP
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers
from codecrucible.harness.models.weights.bundled import BUNDLED, bundled_revision, find_bundled
from codecrucible.harness.models.weights.checkpoint import (
    checkpoint_files,
    find_checkpoint,
    is_pickled,
    read_config,
    weight_files,
)

#: Tokens of a prompt that llama.cpp has room for, beside the answer.
_PROMPT_TOKENS = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A checkpoint as an engine takes it.

    Attributes:
        path: Folder of safetensors files, or a GGUF file.
        facts: What is known of it; `served_name` and `engine` are to be filled in.
    """

    path: Path
    facts: CheckpointFacts

    def context_for(self, max_new_tokens: int) -> int:
        """Tokens of the longest sequence that may be asked for."""
        wanted = _PROMPT_TOKENS + max_new_tokens
        return min(wanted, self.facts.context_tokens or wanted)


def find_weights(spec: str, engine: str, options: LoadOptions) -> Weights:
    """The checkpoint that `spec` names, in the form that the engine reads.

    Raises:
        ModelError: it is not there, cannot be read, or is in another form.
    """
    return _gguf(spec) if engine == LLAMA_CPP else _folder(spec, options)


def _folder(spec: str, options: LoadOptions) -> Weights:
    from transformers import AutoTokenizer

    checkpoint = find_checkpoint(
        spec,
        revision=options.revision,
        remote_code=options.trust_remote_code,
        allow_pickle=options.allow_pickle,
    )
    config = read_config(checkpoint.folder)
    text_config = config.get("text_config") or config
    try:
        with quiet_transformers():
            tokenizer = AutoTokenizer.from_pretrained(checkpoint.folder, trust_remote_code=options.trust_remote_code)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnusable(f"could not read the tokenizer of {spec} ({error}); fetch the checkpoint again") from error
    facts = CheckpointFacts(
        spec=spec,
        name=checkpoint.name,
        source=checkpoint.source,
        revision=checkpoint.revision,
        sha256=files_sha256(checkpoint_files(checkpoint.folder, remote_code=options.trust_remote_code)),
        weights_sha256=files_sha256(weight_files(checkpoint.folder)),
        architecture=str((config.get("architectures") or [""])[0]),
        parameters=None,
        context_tokens=_number(text_config.get("max_position_embeddings")),
        dtype=options.dtype,
        device=options.device,
        chat_template_sha256=chat_template_sha256(tokenizer),
        licence_notice=checkpoint.licence_notice,
        remote_code=options.trust_remote_code,
        cautions=("its weights were read from pickle files",) if is_pickled(checkpoint.folder) else (),
        weight_bytes=checkpoint.weight_bytes,
    )
    return Weights(path=checkpoint.folder, facts=facts)


def _gguf(spec: str) -> Weights:
    from gguf import GGUFReader

    kind, _, name = spec.partition(":")
    parts = find_bundled(name) if kind == "bundled" else (Path(spec).expanduser(),)
    path = parts[0]
    if len(parts) > 1 or path.suffix != ".gguf" or not path.is_file():
        raise ModelUnusable(
            f"--engine {LLAMA_CPP} reads one GGUF file, and {spec} is none; give a .gguf file, or another engine"
        )
    try:
        reader: Any = GGUFReader(path)
        stored = {key: reader.fields[key].contents() for key in reader.fields if not key.startswith("tokenizer.ggml.")}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelUnusable(f"could not read {path} as a GGUF file ({error}); check the file") from error
    architecture = str(stored.get("general.architecture", ""))
    template = str(stored.get("tokenizer.chat_template") or "")
    digest = file_sha256(path)
    facts = CheckpointFacts(
        spec=spec,
        name=name if kind == "bundled" else path.stem,
        source=spec if kind == "bundled" else str(path.resolve()),
        revision=bundled_revision(name) if kind == "bundled" else "",
        sha256=digest,
        weights_sha256=digest,
        architecture=architecture,
        parameters=None,
        context_tokens=_number(stored.get(f"{architecture}.context_length")),
        dtype="as in the GGUF file",
        device="as the engine chose",
        chat_template_sha256=text_sha256(template) if template else "",
        licence_notice=BUNDLED[name].licence_notice if kind == "bundled" else "",
        remote_code=False,
        weight_bytes=path.stat().st_size,
    )
    return Weights(path=path, facts=facts)


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int) and value > 0 else None
