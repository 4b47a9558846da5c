"""Where the files of a checkpoint are, which they are, and whether they are safe to read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import loads
from codecrucible.harness.models.errors import ModelNotFound, ModelUnsafe, ModelUnusable
from codecrucible.harness.models.weights.bundled import BUNDLED, bundled_names, bundled_revision, find_bundled
from codecrucible.harness.models.weights.gguf import converted

WEIGHT_PATTERNS = ("*.safetensors", "*.safetensors.index.json")
PICKLE_PATTERNS = ("pytorch_model*.bin", "pytorch_model*.bin.index.json")
OTHER_PATTERNS = (
    "config.json",
    "generation_config.json",
    "tokenizer*.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "spiece.model",
    "chat_template*",
)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w.-]+|[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The files of a checkpoint, on this machine.

    Attributes:
        folder: Holds them all.
        name: Short name, for labels.
        source: Folder or GGUF file that was given, or the hub id.
        revision: Commit on the hub, or package and version; "" for a local folder.
        licence_notice: What the weights' licence wants said, where that is known; else "".
        gguf: The file that `folder` was converted from, in its parts; () where it is as it came.
    """

    folder: Path
    name: str
    source: str
    revision: str = ""
    licence_notice: str = ""
    gguf: tuple[Path, ...] = ()

    @property
    def weight_bytes(self) -> int:
        """Bytes of the weights on disk, as they came."""
        files = self.gguf or [file for file in weight_files(self.folder).values() if file.suffix != ".json"]
        return sum(file.stat().st_size for file in files)


def find_checkpoint(
    spec: str, *, revision: str | None = None, remote_code: bool = False, allow_pickle: bool = False
) -> Checkpoint:
    """The checkpoint that `spec` names, fetched from the hub or converted from GGUF if need be.

    Raises:
        ModelNotFound: nothing is there under that name, or it could not be fetched.
        ModelUnusable: it is a GGUF file that cannot be read, or an adapter.
        ModelUnsafe: its weights are pickle files alone, which it was not allowed to read.
    """
    checkpoint = _find(spec, revision=revision, remote_code=remote_code, allow_pickle=allow_pickle)
    _check_files(checkpoint.folder, spec, allow_pickle=allow_pickle)
    return checkpoint


def is_pickled(folder: Path) -> bool:
    """Whether there are weights in `folder` in pickle files alone."""
    return not any(folder.glob("*.safetensors"))


def weight_files(folder: Path) -> dict[str, Path]:
    """The files of the weights in `folder` that are read, by name."""
    patterns = PICKLE_PATTERNS if is_pickled(folder) else WEIGHT_PATTERNS
    return {path.name: path for pattern in patterns for path in folder.glob(pattern)}


def checkpoint_files(folder: Path, *, remote_code: bool) -> dict[str, Path]:
    """The files in `folder` that decide what the model returns, by name."""
    patterns = OTHER_PATTERNS + (("*.py",) if remote_code else ())
    return weight_files(folder) | {path.name: path for pattern in patterns for path in folder.glob(pattern)}


def read_config(folder: Path) -> Mapping[str, Any]:
    """The JSON object in `config.json`.

    Raises:
        ModelUnusable: if it is none.
    """
    path = folder / "config.json"
    try:
        config = loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"could not read {path} ({error}); fetch the checkpoint again") from error
    if not isinstance(config, dict):
        raise ModelUnusable(f"{path} holds no JSON object; fetch the checkpoint again")
    return config


def _find(spec: str, *, revision: str | None, remote_code: bool, allow_pickle: bool) -> Checkpoint:
    kind, _, name = spec.partition(":")
    if kind == "bundled":
        name = name or bundled_names()[0]
        parts = find_bundled(name)
        return Checkpoint(
            folder=converted(parts),
            gguf=tuple(parts),
            name=name,
            source=f"bundled:{name}",
            revision=bundled_revision(name),
            licence_notice=BUNDLED[name].licence_notice,
        )
    path = Path(spec).expanduser()
    if path.is_dir():
        return Checkpoint(folder=path, name=path.resolve().name, source=str(path.resolve()))
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelNotFound(f"{path} is a file, but no .gguf file; give the checkpoint's folder")
        return Checkpoint(folder=converted([path]), gguf=(path,), name=path.stem, source=str(path.resolve()))
    if not _HUB_ID.fullmatch(spec) or spec.endswith(".gguf"):
        raise ModelNotFound(
            f"no folder or file {spec!r} is there, and it is no hub id; "
            "give a folder, a .gguf file, owner/name, or bundled:NAME"
        )
    folder = _fetch(spec, revision=revision, remote_code=remote_code, allow_pickle=allow_pickle)
    return Checkpoint(folder=folder, name=spec.rpartition("/")[2], source=spec, revision=folder.name)


def fetch_snapshot(spec: str, *, revision: str | None, patterns: Sequence[str]) -> Path:
    """Folder with those files of a hub repository that fit `patterns`; its name is the commit.

    Raises:
        ModelNotFound: they could not be fetched, and are not in the hub's cache.
    """
    from huggingface_hub import snapshot_download

    # HTTPError is the base of its client's errors; which client that is depends on its version.
    from huggingface_hub.errors import HFValidationError, HTTPError  # type: ignore[attr-defined]  # not in __all__

    try:
        return Path(snapshot_download(spec, revision=revision, allow_patterns=list(patterns)))
    except (HFValidationError, HTTPError, OSError) as error:
        raise ModelNotFound(
            f"{spec!r} is no folder here, and could not be fetched from the Hugging Face hub at revision "
            f"{revision or 'main'} ({_first_line(error)}); check the name and the network, set HF_TOKEN if it is a "
            "gated model, or give a local folder"
        ) from error


def _fetch(spec: str, *, revision: str | None, remote_code: bool, allow_pickle: bool) -> Path:
    """Folder of the hub's snapshot. Pickle files that are not to be read are not fetched."""
    patterns = [*WEIGHT_PATTERNS, *OTHER_PATTERNS, *(["*.py"] if remote_code else [])]
    folder = fetch_snapshot(spec, revision=revision, patterns=patterns)
    if allow_pickle and is_pickled(folder):
        fetch_snapshot(spec, revision=folder.name, patterns=PICKLE_PATTERNS)
    return folder


def _check_files(folder: Path, spec: str, *, allow_pickle: bool) -> None:
    if not (folder / "config.json").is_file():
        if (folder / "adapter_config.json").is_file():
            raise ModelUnusable(f"{spec} is an adapter; give its base with --model and the adapter with --adapter")
        raise ModelNotFound(f"{spec} holds no config.json; give the folder that a checkpoint was saved to")
    if not is_pickled(folder) or (allow_pickle and weight_files(folder)):
        return
    pickles = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
    if pickles:
        raise ModelUnsafe(
            f"{spec} has its weights in {pickles[0]}, a pickle file, and reading one runs whatever code it holds; "
            "convert it to safetensors on a machine you can lose, find a revision that has them, or trust whoever made "
            "it and give --allow-pickle"
        )
    raise ModelNotFound(f"{spec} holds no *.safetensors file (pickle files are not read); convert its weights")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
