"""What an image of the sandbox is made of beside packages: data of libraries that programs read."""

from collections.abc import Mapping

from codecrucible.benchmarks.sources.bigcodebench import IMAGE_FILES, RUNTIME
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.sandbox.languages import Family


def image_files(family: Family) -> Mapping[str, bytes]:
    """Files for the image of `family`, by name.

    Raises:
        BenchmarkDataError: if one cannot be had, or is not the pinned file.
    """
    files = IMAGE_FILES if family.name == RUNTIME else ()
    return {file.path.rpartition("/")[2]: read_data_file(file).content for file in files}
