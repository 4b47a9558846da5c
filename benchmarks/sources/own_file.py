"""A benchmark of the user's own: a file that is named by its path.

What is covered: HumanEval's and MBPP's formats, with or without reference solutions, EvalPlus' and MultiPL-E's, and
that of `own_record`, for any language, side by side if need be. The file may be hostile: nothing of it is executed
here, and what is read is bounded. A line that is no problem is refused, and no other for it.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataAbsent
from codecrucible.benchmarks.problem import Benchmark, Problem, RefusedRow
from codecrucible.benchmarks.sources.own_groups import GROUPS, groups_of
from codecrucible.benchmarks.sources.own_record import read_record
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP, MOST_BYTES, problem_of, read_problems

FORMATS = (".jsonl", ".jsonl.gz")
"""How the name of such a file ends."""


def is_path(name: str) -> bool:
    """Whether the name of a benchmark is the path of a file or folder."""
    return "/" in name or name.endswith(FORMATS)


def load_own(path: Path) -> Benchmark:
    """The benchmark in the file at `path`, or in the only such file of the folder there.

    It is named by its absolute path, so that a run can be reported from any folder; its revision is the digest of its
    bytes, so that scores of a changed file are never taken for those of this one.

    Raises:
        BenchmarkDataAbsent: if there is no such file.
        BenchmarkDataError: if it holds no problem; names the first line that is none, and the field.
    """
    file = _file_of(path)
    data = _read(file)
    digest = hashlib.sha256(data).hexdigest()
    refused: list[RefusedRow] = []
    problems = read_problems(
        data, where=file.name, stop=CODEX_STOP, reference_needed=False, other=_read_record, refuse=refused.append
    )
    return Benchmark(
        name=str(file),
        title=f"{file.name.partition('.')[0]}: your own",
        problems=problems,
        source=str(file),
        revision=digest[:12],
        sha256=digest,
        licence="LicenseRef-own",
        refused=tuple(refused),
        vouched=False,
    )


def _read_record(record: Any, where: str) -> Problem | None:
    """The problem that a record holds, in whatever format, and the groups that it names."""
    if not isinstance(record, dict) or GROUPS not in record:
        return read_record(record, where)
    groups = groups_of(record, where)
    rest = {name: value for name, value in record.items() if name != GROUPS}
    problem = read_record(rest, where) or problem_of(rest, where=where, stop=CODEX_STOP, reference_needed=False)
    return replace(problem, groups=groups)


def _file_of(path: Path) -> Path:
    if path.is_file():
        return path.absolute()
    if not path.is_dir():
        what = "is no file" if path.exists() else "is not there"
        raise BenchmarkDataAbsent(f"cannot read the benchmark {path}: it {what}")
    found = sorted(each for each in path.iterdir() if each.name.endswith(FORMATS))
    if len(found) != 1:
        raise BenchmarkDataAbsent(
            f"expected one file in {path} that ends with {' or '.join(FORMATS)}, found {len(found)}: name the file"
        )
    return found[0].absolute()


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BenchmarkDataAbsent(f"cannot read the benchmark {file}: {error.strerror}") from error
