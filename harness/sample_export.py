"""The samples of run folders, exported to one file."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.reporting import Scores, sample_table
from harness.run_folder import RunFolder


def refuse_parquet_without_pyarrow(path: Path) -> None:
    """Raise `UsageError` before anything is computed, if the file could not be written in the end."""
    if not find_spec("pyarrow"):
        raise UsageError(f"--parquet {path} needs the extra 'parquet': pip install 'codecrucible[parquet]'")


def save_samples(path: Path, runs: Sequence[tuple[RunFolder, Mapping[str, Any], Scores]]) -> None:
    """Write the samples of some runs to a Parquet file; what was there stays until the new file is whole.

    Args:
        path: The file.
        runs: Folder, report and CodeBLEU of each.
    """
    from reports.sample_file import write_samples

    part = path.with_name(f"{path.name}.part")
    try:
        write_samples(part, ((report, sample_table(folder, scores)) for folder, report, scores in runs))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
