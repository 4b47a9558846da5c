"""Files written whole or not at all, locked by one process, and named by the SHA-256 of what they hold."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path

from codecrucible.benchmarks.cache_folder import cache_home


class AlreadyLocked(Exception):
    """Another process, or another part of this one, holds the lock; the message names its owner."""


# Smaller files are hashed faster than their entry is looked up.
_REMEMBER_BYTES = 1 << 20

# A file changed this recently may change again within the clock's resolution, its size and time staying the same.
_SETTLED_S = 2.0


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write a new file, which replaces the one at `path` when the block has ended well, and is gone otherwise.

    A reader of `path`, or a kill, sees the old file or the new one, never a part.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # two processes may write the same file
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Replace the file at `path` with one that holds `text`, as `written_whole` does.

    Nothing is written where the text is there already, which may be in a folder that cannot be written to.
    """
    with suppress(OSError, ValueError):
        if path.read_text(encoding="utf-8") == text:
            return
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


def drop_torn_line(path: Path) -> None:
    """Cut off what stands after the last newline of the file at `path`, if there is one: a kill tore it."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            start = max(0, position - 65536)
            file.seek(start)
            newline = file.read(position - start).rfind(b"\n")
            if newline >= 0:
                position = start + newline + 1
                break
            position = start
        if position != end:
            file.truncate(position)


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Keep other processes that ask for the same lock out during the block.

    The kernel gives the lock back when its owner dies, however it dies. The package `filelock` is not taken: it locks
    no folder, older releases of it empty the file that names the owner, and on a file system without locks it takes to
    files that outlive a killed owner.

    Args:
        path: A folder; or a file, which is made if need be, stays, and names the owner of the lock.
        wait: Whether to wait for another owner.

    Raises:
        AlreadyLocked: there is another owner, and `wait` is false.
    """
    is_folder = path.is_dir()
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            owner = b"" if is_folder else os.pread(descriptor, 400, 0).strip()
            raise AlreadyLocked(owner.decode(errors="replace") or "an unknown process") from None
        if not is_folder:
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def text_sha256(text: str) -> str:
    """Hex SHA-256 of `text` in UTF-8; a lone surrogate is encoded as it stands."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of the file's bytes; a large file that has not changed since the last time is not read again."""
    path = path.resolve()
    stat = path.stat()
    if stat.st_size < _REMEMBER_BYTES:
        return _hash(path)
    state = {"path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "inode": stat.st_ino}
    entry = cache_home() / "digests" / f"{sha256(os.fsencode(path)).hexdigest()}.json"
    try:
        remembered = json.loads(entry.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remembered = {}
    if isinstance(remembered, dict) and {**remembered, **state} == remembered:
        return str(remembered["sha256"])
    digest = _hash(path)
    if time.time() - stat.st_mtime > _SETTLED_S:
        with suppress(OSError):  # a cache that cannot be written costs time, nothing else
            entry.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(entry, json.dumps(state | {"sha256": digest}))
    return digest


def files_sha256(files: Mapping[str, Path]) -> str:
    """Hex SHA-256 of named files together: of lines "digest  name", in the order of names."""
    lines = (f"{file_sha256(files[name])}  {name}\n" for name in sorted(files))
    return sha256("".join(lines).encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
