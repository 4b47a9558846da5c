"""A file in another's format as a benchmark of one's own: a folder of its problems, and what became of each row."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import MOST_BYTES, Conversion, RefusedRow, converted
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.files import write_atomically

PROBLEMS, RECORD = "problems.jsonl", "conversion.json"
"""The two files of such a folder."""


def import_benchmark(source: Path, out: Path, *, format: str, language: str) -> Conversion:  # noqa: A002 - its name
    """What became of the rows of a file, whose problems are in the folder `out` now.

    Args:
        source: JSON lines, gzipped or not.
        out: The folder; made, or one that an earlier import has written.
        format: One of `benchmarks.CONVERTED`.
        language: In which problems of CodeContests are to be solved.

    Raises:
        UsageError: the file cannot be read, or the folder holds something else.
        BenchmarkDataError: no row became a problem.
    """
    try:
        with source.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}") from error
    if out.exists() and (not out.is_dir() or {each.name for each in out.iterdir()} - {PROBLEMS, RECORD}):
        raise UsageError(f"{out} is there and is no folder of an earlier import; name a new one with --out")
    conversion = converted(data, format, where=source.name, language=language)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / PROBLEMS, "".join(f"{line}\n" for line in conversion.lines))
    write_atomically(out / RECORD, json.dumps(record_of(conversion, source.name), indent=2) + "\n")
    return conversion


def record_of(conversion: Conversion, name: str) -> dict[str, Any]:
    """What became of a file called `name`, as `RECORD` has it."""
    return {
        "source": {"file": name, "format": conversion.format, "sha256": conversion.sha256, "rows": conversion.rows},
        "problems": len(conversion.lines),
        "references": conversion.references,
        "languages": dict(conversion.languages),
        "strengths": {str(strength): count for strength, count in conversion.strengths.items()},
        "changes": dict(conversion.changes),
        "under_control": _rows(conversion.under_control),
        "dropped": _rows(conversion.dropped),
    }


def _rows(rows: Sequence[RefusedRow]) -> list[dict[str, str]]:
    return [{"row": row.place, "problem_id": row.problem_id, "why": row.reason} for row in rows]
