"""What an image of the sandbox is built on: Debian, pulled, loaded, or bootstrapped from its packages."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.sandbox.docker import engine
from codecrucible.sandbox.errors import ImageBuildFailed
from codecrucible.sandbox.languages import Family, languages_of

if TYPE_CHECKING:
    from docker import APIClient

BASE_TAG = "codecrucible-base:bookworm"
BASE_LABEL = f"{engine.OURS}.base"
"""Label of an image that says how its base was made."""

_PUBLIC_BASE = "debian:bookworm-slim"
_SUITE = "bookworm"

#: A registry that says nothing for so long is given up.
_SILENCE_S = 30
_PULL_S = 900


def debian_base(client: "APIClient", progress: Callable[[str], None], *, anew: bool) -> tuple[str, str]:
    """Reference of a Debian base image, and how it was made."""
    import docker

    if not anew:
        with suppress(docker.errors.ImageNotFound):
            inspected = client.inspect_image(BASE_TAG)
            how = (inspected["Config"].get("Labels") or {}).get(BASE_LABEL, "")
            progress(f"base: {how}, from an earlier build")
            return BASE_TAG, how
    return _pull(_PUBLIC_BASE, progress) or _bootstrap(client, progress)


def public_base(family: Family, progress: Callable[[str], None]) -> tuple[str, str]:
    """Reference of the public image that has the tools of `family`, and how it came."""
    pulled = _pull(family.base, progress)
    if pulled is None:
        raise ImageBuildFailed(
            f"no registry gives {family.base}, which has the tools of {', '.join(languages_of(family))}: Debian has no "
            "package of them. Load it with `docker load`, or build where a registry answers."
        )
    return pulled


def _pull(reference: str, progress: Callable[[str], None]) -> tuple[str, str] | None:
    """A public image and how it came, or None if no registry gives it and it was not loaded before."""
    import docker
    import requests

    progress(f"base: pulling {reference}")
    client = engine.connect(_SILENCE_S)
    deadline = time.monotonic() + _PULL_S
    how = "pulled"
    try:
        for line in client.pull(reference, stream=True, decode=True):
            if "error" in line or time.monotonic() > deadline:
                progress(f"base: not pulled: {line.get('error', f'no end after {_PULL_S} s')}")
                how = "loaded"
                break
    except (docker.errors.APIError, requests.exceptions.RequestException) as error:
        progress(f"base: not pulled: {error}")
        how = "loaded"
    try:
        inspected = client.inspect_image(reference)
    except docker.errors.ImageNotFound:
        return None
    finally:
        client.close()
    name = (inspected.get("RepoDigests") or [f"{reference} {inspected['Id']}"])[0]
    return reference, f"{how} {name}"


def _bootstrap(client: "APIClient", progress: Callable[[str], None]) -> tuple[str, str]:
    """A base image made from Debian's packages."""
    program = _debootstrap(progress)
    progress(f"base: bootstrapping Debian {_SUITE} from its packages, a minute or so")
    with tempfile.TemporaryDirectory(prefix="codecrucible-base-") as folder:
        root = Path(folder) / "root"
        _command([program, "--variant=minbase", _SUITE, str(root)], "debootstrap failed")
        _trim(root)
        archive = Path(folder) / "root.tar"
        _command(["tar", "--numeric-owner", "-C", str(root), "-cf", str(archive), "."], "the base could not be packed")
        release = (root / "etc/debian_version").read_text(encoding="ascii").strip()
        how = f"debootstrap --variant=minbase {_SUITE} (Debian {release})"
        repository, _, tag = BASE_TAG.partition(":")
        client.import_image_from_file(
            str(archive), repository=repository, tag=tag, changes=[f'LABEL {engine.OURS}=1 {BASE_LABEL}="{how}"']
        )
    progress(f"base: {how}, imported as {BASE_TAG}")
    return BASE_TAG, how


def _debootstrap(progress: Callable[[str], None]) -> str:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    found = shutil.which("debootstrap", path=path)
    if found and os.geteuid() == 0:
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise ImageBuildFailed(
            f"no registry gives {_PUBLIC_BASE}, and Debian can be bootstrapped only as root on Debian or Ubuntu. "
            f"Load one with `docker load` or `docker pull`, or run `crucible sandbox build` as root there."
        )
    progress("base: installing debootstrap")
    _command(["apt-get", "update", "-q"], "the package lists could not be fetched")
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "debootstrap"]
    _command(install, "debootstrap could not be installed")
    return shutil.which("debootstrap", path=path) or "debootstrap"


def _trim(root: Path) -> None:
    """Remove what no program needs: package archives and lists, documents, logs, device nodes."""
    for name in (
        "var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man", "usr/share/info",
        "usr/share/locale", "dev",
    ):  # fmt: skip
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).mkdir(parents=True, exist_ok=True)


def _command(arguments: list[str], failure: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise ImageBuildFailed(f"{failure}: `{' '.join(arguments)}` ended with {done.returncode}:\n{tail}")
