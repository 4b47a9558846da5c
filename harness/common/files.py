"""SHA-256 of large files, remembered by path, size and time of change."""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from codecrucible.benchmarks.cache_folder import cache_home

# Smaller files are hashed faster than their entry is looked up.
_REMEMBER_BYTES = 1 << 20

# A file changed this recently may change again within the clock's resolution, its size and time staying the same.
_SETTLED_S = 2.0


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
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
            entry.parent.mkdir(parents=True, exist_ok=True)
            temporary = entry.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps(state | {"sha256": digest}), encoding="utf-8")
            temporary.replace(entry)
    return digest


def files_sha256(files: Mapping[str, Path]) -> str:
    """Hex SHA-256 of named files together: of lines "digest  name", in the order of names."""
    lines = (f"{file_sha256(files[name])}  {name}\n" for name in sorted(files))
    return sha256("".join(lines).encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
