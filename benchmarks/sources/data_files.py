"""Data files that are too large, or not ours, to ship: from a folder of the user's, from the cache, or downloaded.

A file is one content, known by its SHA-256, wherever it comes from; it may lie about gzipped. Nothing with another
digest is ever used, unless the user put it into their folder and accepts it.
"""

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError

#: Names the folder with data files that were fetched by hand.
ENVIRONMENT = "CRUCIBLE_DATA"
_TIMEOUT_S = 30.0
#: Largest file in the user's folder, whose digest is told even where it is refused.
_MOST_GIVEN_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file of a fixed content.

    Attributes:
        path: Within the folder of data files, such as "mbpp/mbpp.jsonl"; a gzipped copy has ".gz" behind that.
        url: Where it is published, at a revision that does not change; gzipped if it ends with ".gz". "" if nowhere.
        sha256: Hex digest of the content, uncompressed.
        size_bytes: Size of the content, uncompressed, or more: no more is ever read or unpacked.
        recipe: How to make the file, if it is published nowhere.
        written: From a content to the way of writing it that the digest is of, where one content is written in several.
    """

    path: str
    url: str
    sha256: str
    size_bytes: int
    recipe: str = ""
    written: Callable[[bytes], bytes] = bytes

    @property
    def whence(self) -> str:
        """How to get it by hand."""
        return f"it is published at {self.url}" if self.url else self.recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How data files may be had.

    Attributes:
        download: Whether one that is not on this machine may be downloaded.
        unpinned: How the SHA-256 begins of another content that is accepted from the user's folder: "" for any; None
            if none is.
    """

    download: bool = True
    unpinned: str | None = None


PINNED = Access()
"""Downloaded if need be, and with no other content than the pinned one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What was read.

    Attributes:
        content: Content of the file, uncompressed.
        sha256: Hex digest of that.
        pinned: Whether it is the content that scores are defined on.
    """

    content: bytes
    sha256: str
    pinned: bool = True


def read_data_file(file: DataFile, access: Access = PINNED) -> Data:
    """What is in `file`.

    It is taken from the folder that the environment variable CRUCIBLE_DATA names if it is there, else from the cache,
    else it is downloaded and put into the cache.

    Args:
        file: Which one.
        access: How it may be had.

    Raises:
        BenchmarkDataAbsent: if it is on this machine in neither place and was not downloaded.
        BenchmarkDataError: if what is there under its name has another content.
    """
    given = os.environ.get(ENVIRONMENT)
    path = _find(Path(given), file) if given else None
    if path is not None:
        return _given(path, file, access)
    cached = cache_home() / "data" / file.path
    with suppress(OSError, BenchmarkDataError):  # a damaged copy is fetched again
        return _checked(_read(cached, file.size_bytes), file, where=str(cached), most_bytes=file.size_bytes)
    if not file.url:
        raise BenchmarkDataAbsent(
            f"{file.path} is not on this machine: set {ENVIRONMENT} to the folder that holds {file.path} (or "
            f"{file.path}.gz); {file.whence}"
        )
    if not access.download:
        raise BenchmarkDataAbsent(f"{file.path} is not on this machine; it is downloaded when it is first used")
    data = _checked(_download(file), file, where=file.url, most_bytes=file.size_bytes)
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        cached.parent.mkdir(parents=True, exist_ok=True)
        part = cached.with_name(f"{cached.name}.{os.getpid()}")
        part.write_bytes(data.content)
        part.replace(cached)
    return data


def is_at_hand(file: DataFile) -> bool:
    """Whether `file` is on this machine, by its name alone: what it holds is checked when it is read."""
    given = os.environ.get(ENVIRONMENT)
    return bool(given and _find(Path(given), file)) or (cache_home() / "data" / file.path).exists()


def _find(folder: Path, file: DataFile) -> Path | None:
    paths = (folder / file.path, folder / f"{file.path}.gz")
    return next((path for path in paths if path.exists()), None)


def _given(path: Path, file: DataFile, access: Access) -> Data:
    try:
        content = _read(path, _MOST_GIVEN_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkDataError(
            f"cannot read the data file {path}: {error}; replace it ({file.whence}), or unset {ENVIRONMENT}"
        ) from error
    if access.unpinned is None or len(content) > _MOST_GIVEN_BYTES:
        return _checked(content, file, where=str(path), most_bytes=_MOST_GIVEN_BYTES)
    sha256 = hashlib.sha256(content).hexdigest()
    if not sha256.startswith(access.unpinned):
        raise BenchmarkDataError(
            f"{path} is not the file asked for: its content has sha256 {sha256}, and one that begins with "
            f"{access.unpinned} is expected"
        )
    return Data(content=content, sha256=sha256, pinned=sha256 == file.sha256)


def _read(path: Path, most_bytes: int) -> bytes:
    with path.open("rb") as opened:
        return _content(opened, most_bytes, gzipped=path.suffix == ".gz")


def _content(stream: IO[bytes], most_bytes: int, *, gzipped: bool) -> bytes:
    """What `stream` holds, uncompressed; one byte too many stands for any number."""
    if not gzipped:
        return stream.read(most_bytes + 1)
    with gzip.GzipFile(fileobj=stream) as unpacked:
        return unpacked.read(most_bytes + 1)


def _checked(content: bytes, file: DataFile, *, where: str, most_bytes: int) -> Data:
    """`content` if it is the pinned one, of which no more than one byte beyond `most_bytes` was read."""
    content = file.written(content)
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        told = f"sha256 {found} and {len(content)} bytes" if len(content) <= most_bytes else f"over {most_bytes} bytes"
        raise BenchmarkDataError(
            f"{where} is not the file that scores are defined on: its content has {told}, expected sha256 "
            f"{file.sha256}; {file.whence}. If you mean yours, --allow-unpinned takes it from the folder that "
            f"{ENVIRONMENT} names, and puts its digest into the benchmark's name."
        )
    return Data(content=content, sha256=found)


def _download(file: DataFile) -> bytes:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen  # slow to import, and seldom needed

    request = Request(file.url, headers={"User-Agent": "codecrucible"})  # noqa: S310  # the addresses are our own
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310  # as above
            return _content(response, file.size_bytes, gzipped=file.url.endswith(".gz"))
    except (OSError, EOFError, HTTPException, zlib.error) as error:
        if isinstance(error, HTTPError):
            error.close()  # it is the answer too
        raise BenchmarkDataAbsent(
            f"{file.path} is not on this machine and cannot be downloaded from {file.url}: {error}; "
            f"fetch it by hand, and set {ENVIRONMENT} to the folder that holds {file.path} (or {file.path}.gz)"
        ) from error
