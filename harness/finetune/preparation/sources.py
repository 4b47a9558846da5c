"""Where rows come from: folders of Python files, JSONL, data sets of a hub, and problems to learn from.

What is read is untrusted: a line is read within bounds, and one that is no row is counted and named, never fatal. A
benchmark's own file is refused whole: training on it makes its scores worthless, and MultiPL-E's licence forbids it.
"""

import ast
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark, BenchmarkError, catalogue, load_benchmark
from codecrucible.benchmarks.sources.practice import TRAIN as PRACTICE
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.finetune.preparation.rows import MOST_CHARACTERS, NotARow, Row, parses, row_of

TRAIN_SPLIT = "mbpp:train"
TO_LEARN_FROM = frozenset({TRAIN_SPLIT, PRACTICE})
"""Benchmarks that models are trained on, and not compared on."""
_HUB = "hub:"
_LINE_BYTES = 4 << 20
_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "site-packages"})
_BENCHMARK_IDS = re.compile(r"multipl-?e|human-?_?eval|mbpp|evalplus", re.IGNORECASE)
#: Fields that rows of a benchmark have and rows to train on have not.
_BENCHMARK_FIELDS = (
    ({"canonical_solution", "entry_point"}, "HumanEval's form"),
    ({"task_id", "test_list"}, "MBPP's form"),
    ({"tests", "stop_tokens"}, "MultiPL-E's form"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that is no row.

    Attributes:
        origin: Source and line or path.
        reason: Why it is none.
    """

    origin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """How sources are read.

    Attributes:
        form: Form of the rows that Python files become: "text", or "instruction" for one a function with a docstring.
        text_column: Column of JSONL files and data sets that holds the text; None for the usual ones.
    """

    form: str = "text"
    text_column: str | None = None


def read_source(source: str, options: SourceOptions) -> Iterator[Row | Unreadable]:
    """Rows of one source, in its order, one at a time.

    Args:
        source: A folder, a Python or JSONL file, one of `TO_LEARN_FROM`, or `hub:ID[@REVISION][#SPLIT]`.
        options: How it is read.

    Raises:
        UsageError: if there is no such source, or it is a benchmark.
    """
    if source in TO_LEARN_FROM:
        return _references(source)
    if source.startswith(_HUB):
        return _hub(source, options)
    path = Path(source)
    if path.is_dir():
        return _folder(path, options)
    if not path.is_file():
        raise UsageError(
            f"cannot read {source}: it is no file or folder; a data set of a hub is hub:ID, MBPP's training split is "
            f"{TRAIN_SPLIT}, and this project's exercises are {PRACTICE}"
        )
    refuse_benchmark_file(path)
    if path.suffix == ".py":
        return _python_file(path, options, group=path.name)
    return _jsonl(path, options)


def refuse_benchmark_file(path: Path) -> None:
    """Raise `UsageError` if the file at `path` is one that a benchmark is read from."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    for entry in catalogue():
        if entry.sha256 == digest:
            raise _refused(str(path), f"it is the data of {entry.name}", multipl_e=entry.name.startswith("multipl-e"))


def _refused(source: str, reason: str, *, multipl_e: bool = False) -> UsageError:
    law = ", and its licence forbids training on it" if multipl_e else ""
    return UsageError(
        f"refused to train on {source}: {reason}; scores of a model that has seen them mean nothing{law}. "
        f"MBPP's training split is the source {TRAIN_SPLIT}"
    )


def _refuse_benchmark_rows(record: Any, source: str) -> None:
    if isinstance(record, Mapping):
        for fields, form in _BENCHMARK_FIELDS:
            if fields <= record.keys():
                raise _refused(source, f"its rows have {form}", multipl_e="stop_tokens" in fields)


def _references(name: str) -> Iterator[Row | Unreadable]:
    """The problems to learn from, each with its reference solution."""
    try:
        benchmark: Benchmark = load_benchmark(name)
    except BenchmarkError as error:
        raise UsageError(f"cannot read {name}: {error}") from error
    return (
        Row(
            texts=(problem.prompt, problem.reference),
            origin=f"{name} {problem.problem_id}",
            licences=(benchmark.licence,),
            language="python",
        )
        for problem in benchmark.problems
    )


def _jsonl(path: Path, options: SourceOptions) -> Iterator[Row | Unreadable]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LINE_BYTES + 1):
            number += 1
            origin = f"{path}:{number}"
            if len(line) > _LINE_BYTES:
                while line and not line.endswith(b"\n"):
                    line = file.readline(_LINE_BYTES)
                yield Unreadable(origin=origin, reason=f"the line has more than {_LINE_BYTES >> 20} MiB")
            elif line.strip():
                yield _line(line, origin, str(path), options)


def _line(line: bytes, origin: str, source: str, options: SourceOptions) -> Row | Unreadable:
    try:
        record = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        return Unreadable(origin=origin, reason=f"no JSON: {error}")
    _refuse_benchmark_rows(record, source)
    return _row_or_reason(record, origin, options)


def _row_or_reason(record: Any, origin: str, options: SourceOptions) -> Row | Unreadable:
    try:
        return row_of(record, origin=origin, text_column=options.text_column)
    except NotARow as error:
        return Unreadable(origin=origin, reason=str(error))


def _folder(root: Path, options: SourceOptions) -> Iterator[Row | Unreadable]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(each for each in subfolders if each not in _SKIPPED_FOLDERS and not each.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".py") and path.is_file() and not path.is_symlink():
                yield from _python_file(path, options, group=folder)


def _python_file(path: Path, options: SourceOptions, *, group: str) -> Iterator[Row | Unreadable]:
    origin = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(4 * MOST_CHARACTERS + 1)
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as error:
        yield Unreadable(origin=origin, reason=f"no UTF-8 text: {error}")
        return
    records = [({"text": source}, origin)] if options.form == "text" else _functions(source, origin)
    if not source.strip():
        return  # an empty __init__.py is no fault
    if not records and not parses(source):
        yield Unreadable(origin=origin, reason="does not parse")
    for record, place in records:
        yield _row_or_reason({**record, "repo": group}, place, options)


def _functions(source: str, origin: str) -> list[tuple[dict[str, str], str]]:
    """Prompt and completion of every top-level function that has a docstring and a body behind it."""
    if not parses(source):
        return []
    lines = source.split("\n")
    found = []
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or ast.get_docstring(node) is None:
            continue
        documented, end = node.body[0].end_lineno, node.end_lineno
        if len(node.body) > 1 and documented and end and node.body[1].lineno > documented:
            prompt = "\n".join(lines[node.lineno - 1 : documented]) + "\n"
            completion = "\n".join(lines[documented:end]) + "\n"
            found.append(({"prompt": prompt, "completion": completion}, f"{origin}:{node.lineno}"))
    return found


def _hub(source: str, options: SourceOptions) -> Iterator[Row | Unreadable]:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    rest, _, split = source.removeprefix(_HUB).partition("#")
    name, _, revision = rest.partition("@")
    if _BENCHMARK_IDS.search(name) and not Path(name).exists():
        raise _refused(source, "its name is that of a benchmark", multipl_e="multipl" in name.lower())
    try:
        rows = load_dataset(name, revision=revision or None, split=split or "train", streaming=True)
    except (DatasetsError, OSError, ValueError) as error:
        raise UsageError(f"cannot read {source}: {error}") from error
    return _hub_rows(rows, source, options)


def _hub_rows(rows: Any, source: str, options: SourceOptions) -> Iterator[Row | Unreadable]:
    from datasets.exceptions import DatasetsError

    try:
        for number, record in enumerate(rows, start=1):
            _refuse_benchmark_rows(record, source)
            yield _row_or_reason(record, f"{source} row {number}", options)
    except (DatasetsError, ValueError) as error:
        raise UsageError(f"cannot read {source} any further: {error}") from error
