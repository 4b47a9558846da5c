"""Checkpoints that a full disk or a kill cannot spoil: what is half written is removed, what is whole stays."""

import errno
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import DiskFull, RunMismatch

SETTINGS = "settings.json"
"""What the training was begun with, in its folder."""

_WRITTEN_LAST = "trainer_state.json"

_NO_ROOM = ("No space left", "Disk quota exceeded", "inline_container.cc")
"""How safetensors and torch say it: the first passes on the system's words, torch names the file that writes."""


def resumed(working: Path, settings: Mapping[str, Any]) -> int:
    """Rows that are computed together in the training that was begun in `working`; 0 if none was.

    Raises:
        RunMismatch: if it was begun with other settings.
    """
    try:
        begun = json.loads((working / SETTINGS).read_text(encoding="utf-8"))
        micro = int(begun.pop("micro_batch"))
    except (OSError, ValueError, KeyError):
        return 0
    other = [
        f"{name} {begun.get(name)} there, {value} asked" for name, value in settings.items() if begun.get(name) != value
    ]
    if other:
        raise RunMismatch(
            f"another training was begun in {working}: {'; '.join(other)}. Give its settings to resume it, name "
            "another --out, or remove that folder"
        )
    return micro


def remove_torn(working: Path) -> None:
    """Remove the checkpoints in `working` that were not written to their end."""
    for folder in working.glob("checkpoint-*"):
        try:
            json.loads((folder / _WRITTEN_LAST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            shutil.rmtree(folder)


@contextmanager
def explained_if_full(working: Path) -> Iterator[None]:
    """Nothing, unless what is done meanwhile does not fit on the disk of `working`.

    Raises:
        DiskFull: if it does not; half a checkpoint is removed.
    """
    try:
        yield
    except Exception as error:
        if not _is_full(error):
            raise
        remove_torn(working)
        steps = [int(folder.name.partition("-")[2]) for folder in working.glob("checkpoint-*")]
        rest = f"from step {max(steps)}" if steps else "from the beginning"
        raise DiskFull(
            f"no room on the disk to save the training in {working} ({_short(error)}): free some; the same command "
            f"then resumes {rest}"
        ) from error


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return any(words in str(error) for words in _NO_ROOM)


def _short(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
