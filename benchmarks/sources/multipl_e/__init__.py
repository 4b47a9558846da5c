"""MultiPL-E: HumanEval and MBPP translated to other languages, Cassano et al. 2022, arXiv:2208.08227.

What is covered: the translations of `TRANSLATIONS`, as their authors' translators write them. Those in Python are
judged by the referee, others by their answers where these can be printed, else by exit status with a negative control
made from the row's own tests.
What is not: reference solutions, of which the dataset has none; a row without an expected value that can be changed,
which is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.sources.multipl_e import (
    ada,
    bash,
    clojure,
    cpp,
    csharp,
    d,
    dart,
    elixir,
    go,
    haskell,
    java,
    javascript,
    julia,
    lua,
    ocaml,
    perl,
    php,
    python,
    r,
    racket,
    ruby,
    rust,
    scala,
    swift,
    typescript,
)
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation
from codecrucible.sandbox.job import Change
from codecrucible.sandbox.languages import LANGUAGES

__all__ = [
    "LICENCE",
    "NAMES",
    "REACHED",
    "REVISION",
    "SOURCE",
    "TRANSLATIONS",
    "UNTESTED",
    "file_of",
    "load_multipl_e",
    "problem_of_row",
]

REVISION = "8963d9a4"
"""Commit of the translators, nuprl/MultiPL-E."""

SOURCE = "nuprl/MultiPL-E"
LICENCE = "LicenseRef-BSD-3-Clause-no-training"

_RECIPE = (
    f"it is what the translators of nuprl/MultiPL-E write at commit {REVISION}, doctests `transform` and terminology "
    "`reworded`, with the path in `original` relative to their repository; see docs/benchmarks.md"
)
_MOST_BYTES = 1_000_000  # twice the largest file

_FIELDS = ("name", "prompt", "tests", "stop_tokens")

_ORIGINS = {"humaneval": "HumanEval", "mbpp": "MBPP"}

_MODULES = (
    bash,
    javascript,
    cpp,
    typescript,
    php,
    perl,
    lua,
    ruby,
    r,
    go,
    rust,
    haskell,
    ocaml,
    d,
    csharp,
    ada,
    java,
    scala,
    clojure,
    elixir,
    racket,
    python,
    julia,
    swift,
    dart,
)


def _with_dead_rows(translation: Translation) -> Translation:
    """`translation` with what `dead_rows.json` has of it, where the rows of a cause stand together."""
    known: Mapping[str, Mapping[str, list[str]]] = _DEAD_ROWS.get(translation.suffix, {})
    dead, unpassable = (
        {problem_id: cause for cause, ids in known.get(kind, {}).items() for problem_id in ids}
        for kind in ("dead", "unpassable")
    )
    return replace(translation, dead=dead, unpassable=unpassable)


_DEAD_ROWS = json.loads((Path(__file__).parent / "dead_rows.json").read_text(encoding="utf-8"))

TRANSLATIONS: Mapping[str, Translation] = {
    module.TRANSLATION.suffix: _with_dead_rows(module.TRANSLATION) for module in _MODULES
}
"""Each language of the dataset that is covered, by suffix."""


def file_of(origin: str, suffix: str) -> DataFile:
    """The file of one translation; arguments as of `load_multipl_e`."""
    return DataFile(
        path=f"multipl-e/{origin}-{suffix}-reworded.jsonl",
        url="",
        sha256=TRANSLATIONS[suffix].sha256[origin],
        size_bytes=_MOST_BYTES,
        recipe=_RECIPE,
    )


def load_multipl_e(origin: str, suffix: str, access: Access = PINNED) -> Benchmark:
    """One translation, in the dataset's own order.

    Args:
        origin: "humaneval" or "mbpp".
        suffix: Suffix of the language, as the dataset's files have it: a key of `TRANSLATIONS`.
        access: How the data may be had; it is published nowhere.

    Raises:
        BenchmarkDataError: if the file is absent, is not the pinned one, or holds a row that is not a problem.
    """
    translation = TRANSLATIONS[suffix]
    file = file_of(origin, suffix)
    data = read_data_file(file, access)
    rows = data.content.splitlines()
    problems = tuple(
        problem_of_row(json.loads(row), translation, where=f"{file.path}:{i}") for i, row in enumerate(rows, start=1)
    )
    return Benchmark(
        name=f"multipl-e:{origin}-{suffix}",
        title=f"MultiPL-E: {_ORIGINS[origin]} in {translation.title} (Cassano et al. 2022)",
        problems=problems,
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence=LICENCE,
    )


NAMES = {f"multipl-e:{origin}-{suffix}": (origin, suffix) for origin in _ORIGINS for suffix in TRANSLATIONS}
"""Origin and suffix of each name on the command line."""

UNTESTED = frozenset(
    f"multipl-e:{origin}-{suffix}"
    for origin in _ORIGINS
    for suffix, translation in TRANSLATIONS.items()
    if not LANGUAGES[translation.language].tested
)
"""Names of those whose language has no test."""


def problem_of_row(row: Mapping[str, Any], translation: Translation, *, where: str) -> Problem:
    """The problem that a row holds, whose fields are of the right types.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it holds none.
    """
    for field in _FIELDS:
        if field not in row:
            raise BenchmarkDataError(f"{where}: field {field!r} is missing")
    entry_point = translation.candidate.search(row["tests"])
    if not entry_point:
        raise BenchmarkDataError(f"{where}: field 'tests': expected them to say what `candidate` is")
    dead = translation.dead.get(row["name"]) or translation.unpassable.get(row["name"], "")
    changes = tuple(translation.changes(row["tests"])) if translation.changes else ()
    if dead and translation.changes and not changes:  # nothing passes that could need a control
        changes = (Change(start=0, end=0, text=""),)
    if translation.changes and not changes:
        raise BenchmarkDataError(
            f"{where}: field 'tests': no expected value of {row['name']} can be changed, so that no pass could be "
            "confirmed by a negative control"
        )
    assertions, result = translation.taken_apart(row["tests"], row["prompt"])
    return Problem(
        problem_id=row["name"],
        prompt=row["prompt"],
        entry_point=entry_point[1],
        setup="",
        tests=row["tests"],
        reference="",
        language=translation.language,
        stop=tuple(row["stop_tokens"]),
        changes=changes,
        assertions=assertions,
        result=result,
        stub=translation.stub,
        dead=dead,
        dead_by_reading=row["name"] in translation.unpassable,
    )
