"""GGUF files as safetensors folders, converted once.

Reading a GGUF file takes half a minute, reading its safetensors a second.
"""

import logging
import os
import shutil
import struct
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.common.files import file_sha256, locked
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.quiet import quiet_transformers
from codecrucible.harness.models.weights.gguf_tokenizer import read_tokenizer

if TYPE_CHECKING:
    from gguf import GGUFReader

# Part of the cache's key: raise it when the same GGUF file comes out differently.
CONVERTER_VERSION = 2

_log = logging.getLogger(__name__)


def converted(parts: Sequence[Path]) -> Path:
    """Folder with the weights, configuration and tokenizer of the GGUF file that `parts` are, in this order.

    It is made on the first call and complete whenever it exists; of two processes that ask at one time, one waits for
    the other.

    Raises:
        ModelUnusable: if the file cannot be read as a causal language model.
    """
    models = cache_home() / "models"
    folder = models / f"{_parts_sha256(parts)}-{CONVERTER_VERSION}"
    if folder.is_dir():
        return folder
    models.mkdir(parents=True, exist_ok=True)
    with locked(folder.with_suffix(".lock"), wait=True):
        if not folder.is_dir():
            _log.info("converting %s to safetensors, once; this takes about half a minute", parts[0].name)
            temporary = Path(tempfile.mkdtemp(dir=models, prefix="converting-"))
            try:
                with quiet_transformers():
                    _convert(_joined(parts, temporary / "whole.gguf"), temporary / "converted")
                (temporary / "converted").rename(folder)
            finally:
                shutil.rmtree(temporary)
    return folder


def _parts_sha256(parts: Sequence[Path]) -> str:
    digests = [file_sha256(part) for part in parts]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()


def _joined(parts: Sequence[Path], whole: Path) -> Path:
    if len(parts) == 1:
        return parts[0]
    with whole.open("wb") as target:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
    return whole


def _convert(gguf: Path, folder: Path) -> None:
    import torch
    from gguf import GGUFReader
    from transformers import AutoModelForCausalLM

    try:
        reader = GGUFReader(gguf)
        tokenizer = read_tokenizer(gguf, reader)
        loaded = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    # The readers fail in many ways: a wrong magic number, an architecture they do not know, a tensor cut short.
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, struct.error) as error:
        raise ModelUnusable(
            f"could not read {gguf} as a GGUF language model ({error}); "
            "check the file, or give the safetensors checkpoint it was made from"
        ) from error
    # A model read from GGUF counts as quantised and refuses to be saved, so its weights move to one that does not.
    config = loaded.config
    if hasattr(config, "quantization_config"):  # transformers 5.16 and older give it none
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    model.load_state_dict(loaded.state_dict())
    model.generation_config = loaded.generation_config
    model.to(torch.bfloat16 if _fits_bfloat16(reader) else torch.float32)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    for file in folder.iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())


def _fits_bfloat16(reader: "GGUFReader") -> bool:
    """Whether every matrix is stored in fewer bits than bfloat16's, or as bfloat16, so that little is lost in it."""
    from gguf import GGMLQuantizationType

    exact = {GGMLQuantizationType.F16, GGMLQuantizationType.F32, GGMLQuantizationType.F64}
    return not any(len(tensor.shape) > 1 and tensor.tensor_type in exact for tensor in reader.tensors)
