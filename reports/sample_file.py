"""Samples of several runs in one Parquet file: a row each, for questions that the reports do not answer.

What is covered: every column of `SampleRow`, and which run the sample is of. What is not: prompts, completions and
programs, which stay in the run folders.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
from pyarrow import parquet

from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.sample_row import SampleRow

ROW_GROUP = 1 << 16  # rows

_OF_THE_RUN = ("run_id", "benchmark", "model", "adapter")
_TYPES = {
    "problem_id": pa.string(),
    "sample_index": pa.int64(),
    "verdict": pa.string(),
    "parts_passed": pa.int64(),
    "strength": pa.string(),
    "truncated": pa.bool_(),
    "prompt_tokens": pa.int64(),
    "completion_tokens": pa.int64(),
    "program_sha256": pa.string(),
    "scan_state": pa.string(),
    "scanner": pa.string(),
    "high": pa.int64(),
    "medium": pa.int64(),
    "low": pa.int64(),
    "codebleu": pa.float64(),
}
_SCHEMA = pa.schema([(name, pa.string()) for name in _OF_THE_RUN] + list(_TYPES.items()))


class SampleFile:
    """Writes the samples of runs to a Parquet file, one run after another; a context manager.

    What was not measured is null. A lone surrogate, which Parquet's text cannot hold, is written as its escape.

    Args:
        path: The file; what is there is overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._writer = parquet.ParquetWriter(path, _SCHEMA, compression="zstd")

    def passing(self, rows: Iterable[SampleRow], *, facts: RunFacts) -> Iterator[SampleRow]:
        """The rows of a run, each written when it comes by; no more than a row group is held."""
        coming = iter(rows)
        while group := list(islice(coming, ROW_GROUP)):
            self._write(group, facts)
            yield from group

    def _write(self, rows: Sequence[SampleRow], facts: RunFacts) -> None:
        of_the_run = [pa.array([_text(getattr(facts, name))] * len(rows), pa.string()) for name in _OF_THE_RUN]
        columns = [_column([getattr(row, name) for row in rows], kind) for name, kind in _TYPES.items()]
        self._writer.write_table(pa.Table.from_arrays(of_the_run + columns, schema=_SCHEMA))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()


def _column(values: Sequence[Any], kind: Any) -> Any:
    return pa.array([_text(value) for value in values] if kind == pa.string() else values, kind)


def _text(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "backslashreplace").decode("utf-8")
