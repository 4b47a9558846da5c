"""The files of a PEFT adapter: where they are, whether they are safe to read, and what is in them."""

import re
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from codecrucible.harness.common.files import files_sha256
from codecrucible.harness.models.errors import ModelNotFound, ModelUnsafe, ModelUnusable
from codecrucible.harness.models.weights.checkpoint import fetch_snapshot

if TYPE_CHECKING:
    from peft import PeftConfig
    from transformers import PreTrainedTokenizerBase

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
PICKLED_WEIGHTS = "adapter_model.bin"

# Which base an adapter was trained on; PEFT itself records only the path or name that it was given.
BASE_RECORD = "codecrucible_base.json"

_PATTERNS = (CONFIG, WEIGHTS, "tokenizer*.json", "tokenizer.model", "chat_template*")
# Read by the tokenizers that have them, and by nothing of ours.
_FETCHED = (*_PATTERNS, BASE_RECORD, "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt")
_HUB_ID = re.compile(r"([\w.-]+/[\w.-]+)(?:@([\w./-]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFiles:
    """An adapter on this machine.

    Attributes:
        folder: Holds its files.
        name: Short name, for labels.
        source: Hub id and commit, as "owner/name@commit"; "" for a local folder.
        pickled: Whether its weights are in a pickle file alone, which may be read.
    """

    folder: Path
    name: str
    source: str
    pickled: bool

    @property
    def sha256(self) -> str:
        """Digest of weights, configuration and tokenizer together."""
        patterns = (*_PATTERNS, PICKLED_WEIGHTS) if self.pickled else _PATTERNS
        return files_sha256({path.name: path for pattern in patterns for path in self.folder.glob(pattern)})


def find_adapter(given: Path, *, allow_pickle: bool) -> AdapterFiles:
    """The adapter in a folder, or under a hub id, "owner/name" or "owner/name@revision", fetched if need be.

    Raises:
        ModelNotFound: no adapter is there, or it could not be fetched.
        ModelUnsafe: its weights are a pickle file, which it was not allowed to read.
    """
    hub_id = _HUB_ID.fullmatch(str(given))
    if given.is_dir() or not hub_id:
        return _files(given, given.resolve().name, "", allow_pickle=allow_pickle)
    repository, revision = hub_id.groups()
    folder = fetch_snapshot(repository, revision=revision, patterns=_FETCHED)
    if allow_pickle and not (folder / WEIGHTS).is_file():
        fetch_snapshot(repository, revision=folder.name, patterns=[PICKLED_WEIGHTS])
    source = f"{repository}@{folder.name}"
    return _files(folder, repository.rpartition("/")[2], source, allow_pickle=allow_pickle)


def read_peft_config(files: AdapterFiles) -> "PeftConfig":
    """What PEFT knows of the adapter, for inference.

    Raises:
        ModelUnusable: it cannot be read, or the adapter is of a kind that is not supported.
    """
    from peft import PeftConfig

    try:
        config: PeftConfig = PeftConfig.from_pretrained(str(files.folder))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(
            f"could not read {files.folder / CONFIG} ({type(error).__name__}: {error}); "
            "it may have been saved by another version of peft"
        ) from error
    if config.is_prompt_learning:
        raise ModelUnusable(
            f"{files.folder} is a {config.peft_type} adapter, which puts virtual tokens before the prompt; "
            "adapters that change the layers are supported, such as LoRA"
        )
    config.inference_mode = True
    return config


def read_weights(files: AdapterFiles) -> dict[str, Tensor]:
    """The adapter's tensors, in main memory.

    Raises:
        ModelUnsafe: a pickle file holds more than tensors; nothing of it was run.
        ModelUnusable: they cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = files.folder / (PICKLED_WEIGHTS if files.pickled else WEIGHTS)
    try:
        stored: Any = torch.load(path, map_location="cpu", weights_only=True) if files.pickled else load_file(path)
    except UnpicklingError as error:
        raise ModelUnsafe(f"{path} is broken or holds more than tensors, and was not loaded") from error
    except (SafetensorError, OSError, RuntimeError, EOFError) as error:
        raise ModelUnusable(f"could not read {path} ({error}); copy the adapter again") from error
    if not isinstance(stored, dict) or not all(isinstance(each, Tensor) for each in stored.values()):
        raise ModelUnusable(f"{path} holds no tensors by name; save the adapter again with peft")
    return stored


def read_tokenizer(files: AdapterFiles) -> "PreTrainedTokenizerBase | None":
    """The tokenizer that was saved with the adapter, if one was.

    Raises:
        ModelUnusable: it cannot be read.
    """
    from transformers import AutoTokenizer

    if not (files.folder / "tokenizer_config.json").is_file():
        return None
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(files.folder, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnusable(f"could not read the tokenizer in {files.folder} ({error})") from error
    return tokenizer


def _files(folder: Path, name: str, source: str, *, allow_pickle: bool) -> AdapterFiles:
    for wanted in (CONFIG, WEIGHTS):
        if (folder / wanted).is_file():
            continue
        if wanted == CONFIG or not (folder / PICKLED_WEIGHTS).is_file():
            raise ModelNotFound(
                f"{source or folder} holds no {wanted}; give the folder that a PEFT adapter was saved to, or the hub "
                "id of one"
            )
        if not allow_pickle:
            raise ModelUnsafe(
                f"{source or folder} has its weights in {PICKLED_WEIGHTS}, a pickle file, and reading one runs "
                "whatever code it holds; save the adapter again as safetensors, or trust whoever made it and give "
                "--allow-pickle"
            )
        return AdapterFiles(folder=folder, name=name, source=source, pickled=True)
    return AdapterFiles(folder=folder, name=name, source=source, pickled=False)
