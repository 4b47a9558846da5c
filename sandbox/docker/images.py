"""The sandbox image: made from Debian and from what is installed here, named after what is in it.

The base is pulled if a registry answers, and bootstrapped from Debian's packages if not. The scanner's packages are
copied from this interpreter's own, so the image needs no pip, and the scanner is the one that was locked here.
"""

import hashlib
import io
import os
import shutil
import ssl
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.sandbox.docker import engine
from codecrucible.sandbox.errors import ImageBuildFailed, ImageMissing
from codecrucible.sandbox.languages import FAMILIES, PYTHON, Family, languages_of
from codecrucible.sandbox.scanners import ESLINT, scanned_in

if TYPE_CHECKING:
    from docker import APIClient

REPOSITORY = "codecrucible-sandbox"
_BASE_TAG = "codecrucible-base:bookworm"
_PUBLIC_BASE = "debian:bookworm-slim"
_SUITE = "bookworm"

#: Bandit and what it imports, and Flawfinder, which is started as a program of its own; all of them pure Python, but
#: for an extension of PyYAML's that it can do without.
SCANNER_DISTRIBUTIONS = ("bandit", "stevedore", "PyYAML", "rich", "markdown-it-py", "mdurl", "Pygments", "flawfinder")

#: A registry that says nothing for so long is given up.
_SILENCE_S = 30
_PULL_S = 900
_BUILD_S = 900

_BASE_LABEL, _DATE_LABEL = f"{engine.OURS}.base", f"{engine.OURS}.date"
_BANDIT_LABEL, _FLAWFINDER_LABEL = f"{engine.OURS}.bandit", f"{engine.OURS}.flawfinder"

_CONTENT = Path(__file__).parent.parent / "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """An image that programs run in.

    Attributes:
        id: The engine's id of it, a digest of its content.
        tag: Name with a hash of the runner, the Dockerfile and the scanner's version.
        base: How its base was made.
        made: When, in UTC.
        bandit: Version of Bandit in it, "" where there is none.
        flawfinder: Version of Flawfinder in it, "" where there is none.
        size_bytes: Its size.
    """

    id: str
    tag: str
    base: str
    made: str
    bandit: str
    flawfinder: str
    size_bytes: int

    def __str__(self) -> str:
        scanners = f"  bandit {self.bandit}, flawfinder {self.flawfinder}\n" if self.bandit else ""
        return (
            f"{self.tag}  {self.size_bytes / 1e6:.0f} MB\n  id     {self.id}\n  base   {self.base}\n"
            f"{scanners}  made   {self.made}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was removed.

    Attributes:
        containers: Ids of containers whose run is dead.
        images: Tags of images.
    """

    containers: tuple[str, ...]
    images: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"container {name[:12]}" for name in self.containers] + [f"image {name}" for name in self.images]
        return "\n".join(f"removed {line}" for line in lines) or "nothing to remove"


def find(client: "APIClient | None" = None, family: Family = PYTHON) -> ImageInfo:
    """The image of a family of languages that fits this version of the package.

    Raises:
        EngineUnavailable: if no engine answers.
        ImageMissing: if it is not built.
    """
    import docker

    client, own = (client, False) if client else (engine.connect(), True)
    tag = expected_tag(family)
    try:
        with engine.reaching_engine():
            inspected = client.inspect_image(tag)
    except docker.errors.ImageNotFound:
        build_it = "crucible sandbox build"
        if family is not PYTHON:
            build_it += f" --languages {','.join(languages_of(family) or scanned_in(family))}"
        raise ImageMissing(f"the sandbox image {tag} is not there: run `{build_it}`") from None
    finally:
        if own:
            client.close()
    labels = inspected["Config"].get("Labels") or {}
    return ImageInfo(
        id=inspected["Id"],
        tag=tag,
        base=labels.get(_BASE_LABEL, ""),
        made=labels.get(_DATE_LABEL, ""),
        bandit=labels.get(_BANDIT_LABEL, ""),
        flawfinder=labels.get(_FLAWFINDER_LABEL, ""),
        size_bytes=inspected["Size"],
    )


def build(
    progress: Callable[[str], None] = lambda _line: None, family: Family = PYTHON, *, anew: bool = False
) -> ImageInfo:
    """Build the image of a family of languages, unless the one that fits is there already.

    Args:
        progress: Is told what is being done, a line at a time.
        family: Whose image.
        anew: Build it all the same, base and all, with the newest packages.

    Raises:
        EngineUnavailable: if no engine answers.
        ImageBuildFailed: if the base or a layer on it cannot be made.
    """
    client = engine.connect(_BUILD_S)
    try:
        with engine.reaching_engine():
            if not anew:
                with suppress(ImageMissing):
                    return find(client, family)
            progress(f"building {expected_tag(family)}")
            base, how = _public(family, progress) if family.base else _base(client, progress, anew=anew)
            _build_on(client, base, how, progress, family, anew=anew)
            return find(client, family)
    finally:
        client.close()


def prune(*, all_images: bool = False) -> Pruned:
    """Remove containers of dead runs, and sandbox images.

    Args:
        all_images: Remove every image that was built here, the base included, and not only those that this version has
            no use for. Those that a container uses stay.

    Raises:
        EngineUnavailable: if no engine answers.
    """
    import docker

    client = engine.connect()
    try:
        with engine.reaching_engine():
            containers = engine.prune_containers(client)
            tags = [tag for image in client.images(REPOSITORY) for tag in image.get("RepoTags") or []]
            if all_images:
                tags += [tag for image in client.images(_BASE_TAG) for tag in image.get("RepoTags") or []]
            removed = []
            for tag in removable(tags, all_images=all_images):
                try:
                    client.remove_image(tag)
                except docker.errors.APIError:
                    continue  # a container of a run that is alive still uses it
                removed.append(tag)
            return Pruned(containers=tuple(containers), images=tuple(removed))
    finally:
        client.close()


def removable(tags: Iterable[str], *, all_images: bool = False) -> list[str]:
    """Those of `tags` that can go: all of them, or those that this version has no use for."""
    in_use = set() if all_images else {expected_tag(family) for family in (*FAMILIES.values(), ESLINT)}
    return [tag for tag in tags if tag not in in_use]


def expected_tag(family: Family = PYTHON) -> str:
    """Name of the image that fits this version of the package: it changes with all that goes into the image."""
    content = hashlib.sha256()
    for name, data in sorted(_context(family).items()):
        content.update(f"{name}\0{len(data)}\0".encode() + data)
    if family is PYTHON:
        content.update(" ".join(f"{name}=={_version(name)}" for name in SCANNER_DISTRIBUTIONS).encode())
        return f"{REPOSITORY}:{content.hexdigest()[:12]}"
    content.update(f"{family.base}\0{' '.join(family.packages)}\0{family.prepare}".encode())
    return f"{REPOSITORY}:{family.name}-{content.hexdigest()[:12]}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        raise ImageBuildFailed(f"{name} is not installed here: run `pip install codecrucible` again") from None


# --- what goes in ---------------------------------------------------------------------------------------------------


def _recipe(family: Family) -> str:
    if family.recipe:
        return f"{family.recipe}/Dockerfile"
    return "Dockerfile" if family is PYTHON else "Dockerfile.language"


def _context(family: Family) -> dict[str, bytes]:
    """Files of our own for the build, by path."""
    files = {"Dockerfile": (_CONTENT / _recipe(family)).read_bytes()}
    if family.recipe:
        for path in (_CONTENT / family.recipe).iterdir():
            files[f"codecrucible/{family.recipe}/{path.name}"] = path.read_bytes()
    for path in _CONTENT.glob("*.py"):
        files[f"codecrucible/sandbox/image/{path.name}"] = path.read_bytes()
    return files


def _scanner_files() -> Iterator[tuple[str, bytes]]:
    """The installed files of the scanner's packages: sources, data and metadata, no scripts and nothing compiled."""
    for name in SCANNER_DISTRIBUTIONS:
        found = distribution(name)
        if found.files is None:
            raise ImageBuildFailed(f"{name} was installed without a list of its files: reinstall it with pip")
        for file in found.files:
            if ".." not in file.parts and file.suffix not in (".pyc", ".so", ".pyd"):
                content = Path(str(found.locate_file(file))).read_bytes()
                yield f"codecrucible/scanner-packages/{file.as_posix()}", content


def _certificates() -> bytes:
    """Those that this machine trusts, a company's own among them; no part of the image's name."""
    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, trusted)).encode()


def _archive(files: Mapping[str, bytes]) -> io.BytesIO:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    archive.seek(0)
    return archive


def _build_on(
    client: "APIClient", base: str, how: str, progress: Callable[[str], None], family: Family, *, anew: bool
) -> None:
    labels = {engine.OURS: "1", _BASE_LABEL: how, _DATE_LABEL: datetime.now(UTC).isoformat(timespec="seconds")}
    files, arguments = _context(family), {"BASE": base}
    if family is PYTHON:
        labels |= {_BANDIT_LABEL: _version("bandit"), _FLAWFINDER_LABEL: _version("flawfinder")}
        files.update(_scanner_files())
    else:
        arguments.update(PACKAGES=" ".join(family.packages), PREPARE=family.prepare)
    if family.recipe:
        files[f"codecrucible/{family.recipe}/certificates.pem"] = _certificates()
    lines = client.build(
        fileobj=_archive(files),
        custom_context=True,
        tag=expected_tag(family),
        buildargs=arguments,
        labels=labels,
        nocache=anew,
        rm=True,
        forcerm=True,
        decode=True,
    )
    tail: list[str] = []
    for line in lines:
        text = str(line.get("stream") or line.get("error") or "").strip()
        if text:
            tail = [*tail[-14:], text]
        if text.startswith("Step "):
            progress(text)
        if "error" in line:
            raise ImageBuildFailed("the image could not be built; its last lines:\n" + "\n".join(tail))


# --- the base -------------------------------------------------------------------------------------------------------


def _base(client: "APIClient", progress: Callable[[str], None], *, anew: bool) -> tuple[str, str]:
    """Reference of a Debian base image, and how it was made."""
    import docker

    if not anew:
        with suppress(docker.errors.ImageNotFound):
            inspected = client.inspect_image(_BASE_TAG)
            how = (inspected["Config"].get("Labels") or {}).get(_BASE_LABEL, "")
            progress(f"base: {how}, from an earlier build")
            return _BASE_TAG, how
    return _pull(_PUBLIC_BASE, progress) or _bootstrap(client, progress)


def _public(family: Family, progress: Callable[[str], None]) -> tuple[str, str]:
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
        repository, _, tag = _BASE_TAG.partition(":")
        client.import_image_from_file(
            str(archive), repository=repository, tag=tag, changes=[f'LABEL {engine.OURS}=1 {_BASE_LABEL}="{how}"']
        )
    progress(f"base: {how}, imported as {_BASE_TAG}")
    return _BASE_TAG, how


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


def as_json(info: ImageInfo) -> dict[str, Any]:
    """For the run folder."""
    names = ("id", "tag", "base", "made", "bandit", "flawfinder")
    return {name: getattr(info, name) for name in names}
