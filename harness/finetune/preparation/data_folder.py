"""The folder that the preparation writes: rows to train and to validate on, and what is known of them.

It appears whole or not at all: everything is written to a folder beside it, which is renamed at the end.
"""

import glob
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.files import AlreadyLocked, locked
from codecrucible.reports.views.safe_text import for_markdown

SCHEMA = 1
TRAIN = "train.jsonl"
VALIDATION = "validation.jsonl"
CARD = "datacard.json"


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """An empty folder that becomes `out` if the block ends well, and is gone otherwise.

    What a killed process left of it is removed.

    Raises:
        UsageError: if `out` is there.
    """
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} is there already: name another folder, or remove it first")
    out.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(out)
    making = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        making.mkdir()
        with locked(making, wait=True):
            yield making
            making.rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _remove_abandoned(out: Path) -> None:
    """Remove the folders in which `out` was to be made by processes that are no more."""
    for folder in out.parent.glob(f".{glob.escape(out.name)}.*.partial"):
        with suppress(AlreadyLocked, FileNotFoundError), locked(folder, wait=False):
            shutil.rmtree(folder)


def write_rows(folder: Path, lines: Iterable[bytes], *, validation: set[int]) -> dict[str, dict[str, Any]]:
    """Divide `lines` into the two files, and return rows and SHA-256 of each."""
    digests = {name: hashlib.sha256() for name in (TRAIN, VALIDATION)}
    rows = dict.fromkeys(digests, 0)
    with (folder / TRAIN).open("wb") as train, (folder / VALIDATION).open("wb") as held_out:
        files = {TRAIN: train, VALIDATION: held_out}
        for number, line in enumerate(lines):
            name = VALIDATION if number in validation else TRAIN
            files[name].write(line)
            digests[name].update(line)
            rows[name] += 1
    return {name: {"rows": rows[name], "sha256": digests[name].hexdigest()} for name in digests}


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write what is known of the data, for programs and for people."""
    text = json.dumps(card, indent=2, ensure_ascii=True) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(card_text(card), encoding="utf-8")


def card_text(card: dict[str, Any]) -> str:
    """The data card as Markdown; what it quotes is made harmless."""
    lines = ["# Data card", "", *(f"- {line}" for line in _facts(card)), "", "## Steps", ""]
    lines += ["| step | in | dropped | changed |", "|---|--:|--:|--:|"]
    lines += [f"| {step['name']} | {step['in']} | {step['dropped']} | {step['changed']} |" for step in card["steps"]]
    lines += ["", "## Samples of what was dropped", ""]
    lines += [
        f"- {step['name']}: {for_markdown(sample['origin'])}: {for_markdown(sample['reason'])}"
        for step in card["steps"]
        for sample in step["samples"]
    ] or ["None."]
    lines += ["", "## Benchmarks that rows gave away", ""]
    lines += [
        f"- {for_markdown(name)}: {found['hits']} rows, all dropped"
        for name, found in card["contamination"].items()
        if found["hits"]
    ] or ["None."]
    return "\n".join(lines) + "\n"


def _facts(card: dict[str, Any]) -> Iterator[str]:
    for name, file in card["files"].items():
        yield f"{name}: {file['rows']} rows, sha256 {file['sha256']}"
    for source in card["sources"]:
        yield f"Source: {for_markdown(source['source'])}, {source['records']} records"
    for run in card.get("runs", ()):
        wrote = f"{run['model']['name']} with {run['adapter']['name']}" if run["adapter"] else run["model"]["name"]
        yield (
            f"Samples: {for_markdown(run['run_id'])}, on {for_markdown(run['benchmark'])}, "
            f"written by {for_markdown(wrote)}: {run['passed']} of {run['samples']} passed, "
            f"{run['by_control']} of them by a negative control alone, {run['repeated']} repeat a program, "
            f"{run['taken']} were taken"
        )
    licences = ", ".join(f"{for_markdown(name)} ({count})" for name, count in card["licences"].items())
    yield f"Licences of the rows kept: {licences}"
    for kind, count in card["augmented"].items():
        yield f"Made of other rows by {kind}: {count}"
    long = card["long_texts"]
    yield (
        f"Texts of more than {long['characters']} characters: {long['rows']}; those longer than its --max-tokens, "
        "`crucible finetune` splits at top-level definitions"
    )
    yield f"Kept apart by the split: {card['split']}"
    yield f"Decontaminated against {len(card['decontaminated_against'])} benchmarks; seed {card['seed']}"
