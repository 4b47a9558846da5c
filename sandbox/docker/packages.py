"""The packages in an image, read from its files.

Nothing of an image runs for it: a container is made, its package lists are copied out, and it is removed unstarted.
"""

import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from codecrucible.sandbox.docker import engine

if TYPE_CHECKING:
    from docker import APIClient

_DPKG = "/var/lib/dpkg/status"
_OWN = "/opt/codecrucible"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Package:
    """A package in an image.

    Attributes:
        kind: "deb", "pypi" or "npm", as in a package URL.
        name: As its kind knows it.
        version: As it was installed.
        architecture: Architecture of a Debian package, else "".
    """

    kind: str
    name: str
    version: str
    architecture: str = ""


def packages_in(client: "APIClient", image_id: str) -> tuple[Package, ...]:
    """What is installed in an image, in order."""
    container = client.create_container(image_id, ["none"], labels=engine.owner_labels())["Id"]
    try:
        debian = [package for file in _files(client, container, _DPKG) for package in _debian(file[1])]
        own = [package for path, file in _files(client, container, _OWN) for package in _other(path, file)]
    finally:
        engine.remove_container(client, container)
    return tuple(sorted({*debian, *own}))


def _files(client: "APIClient", container: str, path: str) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
    """The regular files at or below `path` in a container."""
    stream, _ = client.get_archive(container, path)
    with tempfile.TemporaryFile() as archive:
        archive.writelines(stream)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as tar:
            for entry in tar:
                if entry.isfile() and (file := tar.extractfile(entry)):
                    yield PurePosixPath(entry.name), file


def _debian(status: IO[bytes]) -> Iterator[Package]:
    """The installed packages in dpkg's own list; see dpkg-query(1)."""
    for stanza in status.read().decode("utf-8", "replace").split("\n\n"):
        told = HeaderParser().parsestr(stanza)
        if told["Status"] == "install ok installed":
            yield Package(kind="deb", name=told["Package"], version=told["Version"], architecture=told["Architecture"])


def _other(path: PurePosixPath, file: IO[bytes]) -> Iterator[Package]:
    """The Python or npm package that a file describes, if it does."""
    if path.name == "METADATA" and path.parent.suffix == ".dist-info":
        told = HeaderParser().parsestr(file.read().decode("utf-8", "replace"))
        yield Package(kind="pypi", name=told["Name"], version=told["Version"])
    elif path.name == "package.json" and "node_modules" in path.parts:
        facts = json.load(file)
        if isinstance(facts.get("name"), str) and isinstance(facts.get("version"), str):
            yield Package(kind="npm", name=facts["name"], version=facts["version"])
