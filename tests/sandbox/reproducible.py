"""Prints JSON: the Python image built twice, base and all, and what differs between the two.

Each build begins with nothing: the base is fetched or bootstrapped anew, and no layer is taken from an earlier build.
The images of this machine stay as they are.

    python tests/sandbox/reproducible.py
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from typing import IO

from codecrucible.sandbox.docker import base_image, images
from codecrucible.sandbox.docker.packages import Package
from codecrucible.sandbox.docker.sbom import packages_of
from codecrucible.sandbox.languages import PYTHON


def build_anew(number: int) -> tuple[str, tuple[Package, ...], dict[str, str]]:
    """The content digest of an image that was made of nothing, its packages, and the digests of its files by path."""
    images.REPOSITORY = f"codecrucible-reproducible-{number}"
    images.BASE_TAG = base_image.BASE_TAG = f"codecrucible-reproducible-base:{number}"
    try:
        image = images.build(lambda line: print(line, file=sys.stderr), anew=True)
        return image.content, packages_of(PYTHON), _digests(image.tag)
    finally:
        for name in (images.expected_tag(), images.BASE_TAG):
            subprocess.run(["docker", "image", "rm", "--force", name], capture_output=True, check=False)


def _digests(tag: str) -> dict[str, str]:
    """What stands at each path of an image: a file's SHA-256, a link's target."""
    made = subprocess.run(["docker", "create", tag, "none"], capture_output=True, text=True, check=True)
    container = made.stdout.strip()
    try:
        with tempfile.TemporaryFile() as archive:
            subprocess.run(["docker", "export", container], stdout=archive, check=True)
            archive.seek(0)
            with tarfile.open(fileobj=archive) as tar:
                return {entry.name: _digest(tar.extractfile(entry) if entry.isfile() else None, entry) for entry in tar}
    finally:
        subprocess.run(["docker", "rm", container], capture_output=True, check=True)


def _digest(file: IO[bytes] | None, entry: tarfile.TarInfo) -> str:
    kind = f"{entry.type!r} {entry.mode:o} {entry.uid} {entry.linkname}"
    return f"{kind} {hashlib.sha256(file.read()).hexdigest()}" if file else kind


def main() -> None:
    """Build twice and compare."""
    started = time.monotonic()
    (content, first, one), (other_content, second, other) = build_anew(1), build_anew(2)
    told = {
        "same_content": content == other_content,
        "packages": len(first),
        "packages_that_differ": sorted(map(str, {*first} ^ {*second})),
        "files": len(one),
        "files_that_differ": sorted(path for path in {*one, *other} if one.get(path) != other.get(path)),
        "seconds": round(time.monotonic() - started),
    }
    print(json.dumps(told, indent=2))
    sys.exit(bool(told["packages_that_differ"]) or content != other_content)


if __name__ == "__main__":
    main()
