"""Run folders that lie elsewhere, in an object store or on another file system, through fsspec.

A run is read from a copy on this machine; it is written on this machine, and copied there now and then. Nothing is
appended to over a network, and no lock is needed there.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.common.errors import RemoteFailed, UsageError
from codecrucible.harness.common.files import write_atomically, written_whole
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.runs.efficiency_record import EFFICIENCY
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import refuse_other_run, with_fewer_samples
from codecrucible.harness.runs.reference_losses import PERPLEXITY

APPENDED = ("samples.jsonl", "executions.jsonl", "findings.jsonl", "sessions.jsonl", EFFICIENCY)
FILES = ("run.json", *APPENDED, "judgements.jsonl", PERPLEXITY, "report.json")
"""Files of a run folder, in the order in which they are copied."""

COPY_EVERY_S = 60.0

#: What file systems call that which changes with a file's content.
_VERSIONS = ("ETag", "etag", "LastModified", "last_modified", "mtime", "created", "generation", "md5Hash")


def local_copy(url: str) -> Path:
    """A copy, in the user's cache, of the run folder at `url`, or of the folder of run folders; up to date.

    Raises:
        UsageError: there is no run, or no way to get there is installed.
        RemoteFailed: it could not be read.
    """
    store = _Store(url)
    folder = cache_home() / "remote" / sha256(url.encode()).hexdigest()[:16] / (PurePosixPath(store.root).name or "run")
    versions_path = folder.with_name("versions.json")
    kept = json.loads(versions_path.read_text(encoding="utf-8")) if versions_path.exists() else {}
    there = store.files()
    if not any(PurePosixPath(name).name == "run.json" for name in there):
        raise UsageError(f"{url} holds no run: give the URL of a run folder, or of a folder that holds some")
    versions = {name: _version(info) for name, info in there.items()}
    for name in there:
        if not versions[name] or kept.get(name) != versions[name] or not (folder / name).exists():
            store.get(name, folder / name)
    for path in [path for path in folder.rglob("*") if path.name in FILES]:
        if path.relative_to(folder).as_posix() not in there:
            path.unlink()
    write_atomically(versions_path, json.dumps(versions))
    return folder


@contextmanager
def mirrored(folder: Path, url: str | None) -> Iterator[None]:
    """Copy the run folder into the one at `url` while the body works on it, and at its end, however that comes.

    If there is nothing at `folder` and its run is at `url`, the run is fetched first, to resume it.

    Args:
        folder: On this machine; may not exist yet.
        url: URL of the folder that is to hold a folder of the same name; None copies nothing.

    Raises:
        RunMismatch: another run has that name there.
        UsageError: there is more of the run at `url` than at `folder`.
        RemoteFailed: it could not be copied; `folder` stands.
    """
    if url is None:
        yield
        return
    mirror = _Mirror(folder, url)
    mirror.begin()
    try:
        yield
    except BaseException:
        try:
            mirror.end()
        except RemoteFailed as error:  # told beside what came first
            complain(str(error))
        raise
    mirror.end()


class _Mirror:
    """Keeps a copy of a run folder up to date, from a thread."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._store = _Store(f"{url.rstrip('/')}/{folder.resolve().name}")
        self._copied: dict[str, tuple[int, int]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._copy_now_and_then, name="mirror", daemon=True)

    def begin(self) -> None:
        """Fetch the run if it is only there, else see that what is there is the beginning of what is here."""
        there = self._store.files()
        if "run.json" in there:
            if (self._folder / "run.json").exists():
                self._refuse_other(there)
            else:
                for name in sorted(there, key="run.json".__eq__):  # it comes last, and says that the others are there
                    self._store.get(name, self._folder / name)
        self._thread.start()

    def _refuse_other(self, there: dict[str, dict[str, Any]]) -> None:
        here = RunFolder(self._folder).manifest
        with TemporaryDirectory() as scratch:
            self._store.get("run.json", Path(scratch) / "run.json")
            kept = RunFolder(Path(scratch)).manifest
        n = min(kept.sampling.n, here.sampling.n)  # it may have been raised
        refuse_other_run(self._store.url, with_fewer_samples(kept, n), with_fewer_samples(here, n))
        for name in APPENDED:
            path = self._folder / name
            if there.get(name, {}).get("size", 0) > (path.stat().st_size if path.exists() else 0):
                raise UsageError(
                    f"{self._store.url} has more of this run than {self._folder} (in {name}): remove {self._folder} to "
                    "resume from there, or omit --sync"
                )

    def end(self) -> None:
        """Copy what is left to copy."""
        self._stopped.set()
        self._thread.join()
        self._copy()

    def _copy_now_and_then(self) -> None:
        told = False
        while not self._stopped.wait(COPY_EVERY_S):
            try:
                self._copy()
            except RemoteFailed as error:
                if not told:
                    complain(f"{error}; the run continues, and copying is tried again")
                told = True

    def _copy(self) -> None:
        for name in FILES:
            path = self._folder / name
            if path.exists():
                state = path.stat()
                version = (state.st_size, state.st_mtime_ns)
                if self._copied.get(name) != version:
                    self._store.put(path, name)
                    self._copied[name] = version


class _Store:
    """The files of run folders below a URL, by their names below it.

    Raises:
        UsageError: the URL has a password in it, or nothing that is installed can read it.
        RemoteFailed: from every method, when the file system fails.
    """

    def __init__(self, url: str) -> None:
        if urlsplit(url).password:
            raise UsageError(
                "a URL with a password in it ends up in logs: give the key as the file system's driver reads it"
            )
        try:
            from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # it has no stubs
        except ImportError:
            raise UsageError(f"{url} needs the extra 'remote': pip install 'codecrucible[remote]'") from None
        self.url = url
        with _explained(f"open {url}"):
            try:
                self._files, self.root = url_to_fs(url, use_listings_cache=False)
            except ImportError as error:
                raise UsageError(f"{url}: {error}") from None
            except ValueError as error:
                raise UsageError(f"{url}: {error}; give a URL such as s3://BUCKET/runs/NAME") from None

    def files(self) -> dict[str, dict[str, Any]]:
        """Facts of each file of a run folder at the URL, or one folder below it; size is in bytes."""
        with _explained(f"list {self.url}"):
            try:
                found = self._files.find(self.root, maxdepth=2, detail=True)
            except FileNotFoundError:
                return {}
        named = {PurePosixPath(path): info for path, info in found.items()}
        root = PurePosixPath(self.root)
        return {
            path.relative_to(root).as_posix(): info
            for path, info in named.items()
            if path.name in FILES and path.is_relative_to(root) and ".." not in path.parts
        }

    def get(self, name: str, path: Path) -> None:
        """Copy the file of that name to `path`, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as part, _explained(f"read {self.url}/{name}"):
            self._files.get_file(f"{self.root}/{name}", str(part))

    def put(self, path: Path, name: str) -> None:
        """Copy the file at `path` to that name."""
        with _explained(f"write {self.url}/{name}"):
            self._files.makedirs(self.root, exist_ok=True)
            self._files.put_file(str(path), f"{self.root}/{name}")


def _version(info: dict[str, Any]) -> str:
    """What changes when the file does; "" if its file system does not say."""
    told = {key: str(info[key]) for key in _VERSIONS if info.get(key)}
    return json.dumps(told | {"size": info.get("size")}) if told else ""


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Errors of a driver as ours."""
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        raise RemoteFailed(f"could not {what}: {type(error).__name__}: {error}") from error
