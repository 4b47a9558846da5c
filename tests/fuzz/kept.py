"""Inputs that are kept of fuzzing: a file a parser, and in it a JSON string an input, its characters the bytes."""

import json
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent / "kept"


def kept_inputs(name: str) -> list[bytes]:
    """Those of a parser; none where nothing was kept."""
    path = _FOLDER / f"{name}.jsonl"
    return [json.loads(line).encode("latin-1") for line in path.read_text().splitlines()] if path.exists() else []


def keep(name: str, inputs: Sequence[bytes], *, instead: bool) -> None:
    """Add inputs to those of a parser, or put them in their place."""
    kept = sorted({*inputs, *([] if instead else kept_inputs(name))}, key=lambda data: (len(data), data))
    _FOLDER.mkdir(exist_ok=True)
    lines = [json.dumps(data.decode("latin-1")) + "\n" for data in kept]
    (_FOLDER / f"{name}.jsonl").write_text("".join(lines))
