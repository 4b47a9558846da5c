"""The samples of run folders, exported to one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.files import written_whole

if TYPE_CHECKING:
    from codecrucible.reports.sample_file import SampleFile


@contextmanager
def sample_file_at(path: Path) -> Iterator["SampleFile"]:
    """A Parquet file for the rows of runs; what is at `path` stays until the new file is whole.

    Raises:
        UsageError: it could not be written in the end, for lack of a package.
    """
    if not find_spec("pyarrow"):
        raise UsageError(f"--parquet {path} needs the extra 'parquet': pip install 'codecrucible[parquet]'")
    from codecrucible.reports.sample_file import SampleFile

    with written_whole(path) as part, SampleFile(part) as file:
        yield file
