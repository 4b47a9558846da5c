"""Samples of several runs in one Parquet file: a row each, for questions that the reports do not answer.

What is covered: every column of `SampleRow`, and which run the sample is of. What is not: prompts, completions and
programs, which stay in the run folders.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

_OF_THE_RUN = ("run_id", "benchmark", "model", "adapter")
_TYPES = {
    "problem_id": pa.string(),
    "sample_index": pa.int64(),
    "verdict": pa.string(),
    "parts_passed": pa.int64(),
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


def write_samples(path: Path, runs: Iterable[tuple[Mapping[str, Any], pd.DataFrame]]) -> None:
    """Write the samples of `runs` to `path`, one run after another; no more than one is held in memory.

    What was not measured is null. A lone surrogate, which Parquet's text cannot hold, is written as its escape.

    Args:
        path: The file; what is there is overwritten.
        runs: The report and the table of each, as `build_report` and `make_table` give them.
    """
    with parquet.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        for report, table in runs:
            of_the_run = [pa.array([_text(report[name])] * len(table), pa.string()) for name in _OF_THE_RUN]
            columns = [_column(table[name], kind) for name, kind in _TYPES.items()]
            writer.write_table(pa.Table.from_arrays(of_the_run + columns, schema=_SCHEMA))


def _column(values: "pd.Series[Any]", kind: Any) -> Any:
    if kind == pa.string():
        return pa.array([_text(value) for value in values], kind)
    return pa.array(values, kind, from_pandas=True)


def _text(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "backslashreplace").decode("utf-8")
