"""Reads a suite file: models, settings, the gate's rule and the files to write, in TOML.

`suite.schema.json` says what may stand in it, for this reader and for editors. Each fault is named with its line.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import resources
from json import dumps, loads
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import UsageError

_SHOWN = 10
_HEADER = re.compile(r"\s*\[(?P<array>\[)?\s*(?P<name>[\w.-]+)\s*\]")
_KEY = re.compile(r"\s*(?P<name>[\w.-]+|\"[^\"]*\")\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One model of a suite.

    Attributes:
        name: What the tables call it, and its folder in `Suite.out`.
        run: A run folder that is there already; None where the model is to be sampled.
        settings: Options of `crucible run` by their names, those of the whole suite among them.
    """

    name: str
    run: Path | None
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What a suite file says.

    Attributes:
        path: The file.
        out: Folder of the runs, and of the files that are written.
        entrants: The models, in the file's order.
        gate: Baseline, candidate, and options of `crucible gate` by their names; empty where nothing is gated.
        outputs: Files to write, by what they hold.
    """

    path: Path
    out: Path
    entrants: tuple[Entrant, ...]
    gate: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    def folder_of(self, entrant: Entrant) -> Path:
        """The run folder of a model, or the folder that holds those of several benchmarks."""
        return entrant.run or self.out / entrant.name


def read_suite(path: Path) -> Suite:
    """The suite in a file.

    Raises:
        UsageError: there is no such file, it is not TOML, or holds what no suite can; each fault with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as a suite file: {error}; `crucible init` writes one") from None
    try:
        data = loads(dumps(tomllib.loads(text), default=str))  # days as the command line has them
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: not TOML: {error}") from None
    faults = sorted(_faults(data, text))
    if faults:
        more = f"\n... and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise UsageError("\n".join(f"{path}, line {line}: {what}" for line, what in faults[:_SHOWN]) + more)
    shared = data.get("run", {})
    return Suite(
        path=path,
        out=Path(data.get("out", f"runs/{path.stem}")),
        entrants=tuple(
            Entrant(
                name=model["name"],
                run=Path(model["run"]) if "run" in model else None,
                settings=shared | {key: value for key, value in model.items() if key not in {"name", "run"}},
            )
            for model in data["models"]
        ),
        gate=data.get("gate", {}),
        outputs=data.get("outputs", {}),
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of a suite file."""
    file = resources.files("codecrucible.harness.suite") / "suite.schema.json"
    found: dict[str, Any] = loads(file.read_text(encoding="utf-8"))
    return found


def line_of(text: str, place: Sequence[str | int]) -> int:
    r"""Number of the line, from 1, on which a place of a TOML file stands, or the nearest place around it.

    >>> line_of("[[models]]\nname = 'a'\n[[models]]\nname = 'b'\n", ["models", 1, "name"])
    4
    """
    wanted = list(place)
    table: list[str | int] = []
    counts: dict[str, int] = {}
    best, found = 0, 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            name = header["name"]
            table = list(name.split("."))
            if header["array"]:
                counts[name] = counts.get(name, -1) + 1
                table.append(counts[name])
            here = table
        else:
            key = _KEY.match(line)
            here = [*table, *key["name"].strip('"').split(".")] if key else []
        if len(here) > best and wanted[: len(here)] == here:
            best, found = len(here), number
    return found


def _faults(data: dict[str, Any], text: str) -> Iterator[tuple[int, str]]:
    """Line and fault, of everything that is wrong."""
    from jsonschema import Draft202012Validator

    faults: Iterator[Any] = Draft202012Validator(schema()).iter_errors(data)
    for error in faults:
        place = list(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for key in sorted(set(error.instance) - set(known)):
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
                yield line_of(text, [*place, key]), f"{_named([*place, key])} is no setting; {hint}"
        else:
            yield line_of(text, place), f"{_named(place)}: {_what(error)}"
    yield from _odd_names(data, text)


def _odd_names(data: dict[str, Any], text: str) -> Iterator[tuple[int, str]]:
    """Names of models that are there twice, and those of the gate that no model has."""
    models = data.get("models")
    names = [model.get("name") for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    for at, name in enumerate(names):
        if name in names[:at]:
            yield line_of(text, ["models", at, "name"]), f"a model before it has the name {name!r} too"
    gate = data.get("gate")
    for role in ("baseline", "candidate"):
        if isinstance(gate, dict) and isinstance(gate.get(role), str) and gate[role] not in names:
            yield line_of(text, ["gate", role]), f"gate.{role}: no model has the name {gate[role]!r}"


def _named(place: Sequence[str | int]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place) or "the file"


def _what(error: Any) -> str:
    """A fault in words."""
    if error.validator == "oneOf":
        return str(error.schema.get("description", error.message))
    if error.validator == "pattern":
        return f"{error.instance!r}: {error.schema.get('description', error.message)}"
    return str(error.message)
