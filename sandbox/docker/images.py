"""The sandbox image: made from Debian and from what is installed here, named after what is in it.

The base is pulled if a registry answers, and bootstrapped from Debian's packages if not. The scanner's packages are
copied from this interpreter's own, so the image needs no pip, and the scanner is the one that was locked here.
"""

import hashlib
import io
import ssl
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.sandbox.docker import engine
from codecrucible.sandbox.docker.base_image import BASE_LABEL, BASE_TAG, debian_base, public_base
from codecrucible.sandbox.docker.packages import packages_in
from codecrucible.sandbox.errors import ImageBuildFailed, ImageMissing
from codecrucible.sandbox.languages import FAMILIES, PYTHON, Family, languages_of
from codecrucible.sandbox.scanners import ESLINT, scanned_in

if TYPE_CHECKING:
    from docker import APIClient

REPOSITORY = "codecrucible-sandbox"

#: Bandit and what it imports, and Flawfinder, which is started as a program of its own; all of them pure Python, but
#: for an extension of PyYAML's that it can do without.
SCANNER_DISTRIBUTIONS = ("bandit", "stevedore", "PyYAML", "rich", "markdown-it-py", "mdurl", "Pygments", "flawfinder")

_BUILD_S = 900

_DATE_LABEL = f"{engine.OURS}.date"
BUILT = "built"  # in what a run folder has of an image: facts of the build
_CONTENT_LABEL = f"{engine.OURS}.content"
_BANDIT_LABEL, _FLAWFINDER_LABEL = f"{engine.OURS}.bandit", f"{engine.OURS}.flawfinder"

_CONTENT = Path(__file__).parent.parent / "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """An image that programs run in.

    Attributes:
        id: The engine's id of it, which two builds of the same content do not share.
        content: "sha256:" and a digest of what of it can change a verdict: its packages with their versions, and the
            files of this version. "" where an earlier version built it.
        tag: Name with a hash of the runner, the Dockerfile and the scanner's version.
        base: How its base was made.
        made: When, in UTC.
        bandit: Version of Bandit in it, "" where there is none.
        flawfinder: Version of Flawfinder in it, "" where there is none.
        size_bytes: Its size.
    """

    id: str
    content: str
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
        content=labels.get(_CONTENT_LABEL, ""),
        tag=tag,
        base=labels.get(BASE_LABEL, ""),
        made=labels.get(_DATE_LABEL, ""),
        bandit=labels.get(_BANDIT_LABEL, ""),
        flawfinder=labels.get(_FLAWFINDER_LABEL, ""),
        size_bytes=inspected["Size"],
    )


def build(
    progress: Callable[[str], None] = lambda _line: None,
    family: Family = PYTHON,
    *,
    anew: bool = False,
    data: Callable[[Family], Mapping[str, bytes]] = lambda _family: {},
) -> ImageInfo:
    """Build the image of a family of languages, unless the one that fits is there already.

    Args:
        progress: Is told what is being done, a line at a time.
        family: Whose image.
        anew: Build it all the same, base and all, with the newest packages.
        data: Reads the files of the family's recipe that are not shipped, by name. Their digests are in the recipe.

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
            base, how = public_base(family, progress) if family.base else debian_base(client, progress, anew=anew)
            _build_on(client, base, how, progress, family, data=data(family), anew=anew)
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
                tags += [tag for image in client.images(BASE_TAG) for tag in image.get("RepoTags") or []]
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
    client: "APIClient",
    base: str,
    how: str,
    progress: Callable[[str], None],
    family: Family,
    *,
    data: Mapping[str, bytes],
    anew: bool,
) -> None:
    labels = {engine.OURS: "1", BASE_LABEL: how, _DATE_LABEL: datetime.now(UTC).isoformat(timespec="seconds")}
    files, arguments = _context(family), {"BASE": base}
    if family is PYTHON:
        labels |= {_BANDIT_LABEL: _version("bandit"), _FLAWFINDER_LABEL: _version("flawfinder")}
        files.update(_scanner_files())
    else:
        arguments.update(PACKAGES=" ".join(family.packages), PREPARE=family.prepare)
    if family.recipe:
        files[f"codecrucible/{family.recipe}/certificates.pem"] = _certificates()
    files.update({f"codecrucible/{family.recipe}/{name}": content for name, content in data.items()})
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
    _follow(lines, progress)
    # Known when it is there, and put on it by a layer of no files.
    label = {_CONTENT_LABEL: _content_of(client, family)}
    named = _archive({"Dockerfile": f"FROM {expected_tag(family)}\n".encode()})
    _follow(
        client.build(
            fileobj=named,
            custom_context=True,
            tag=expected_tag(family),
            labels=label,
            rm=True,
            forcerm=True,
            decode=True,
        ),
        lambda _line: None,
    )


def _content_of(client: "APIClient", family: Family) -> str:
    """As `ImageInfo.content`, of the image that was just built."""
    packages = packages_in(client, expected_tag(family))
    lines = (f"{each.kind} {each.name} {each.version} {each.architecture}" for each in packages)
    digest = hashlib.sha256("\n".join((expected_tag(family).partition(":")[2], *lines)).encode()).hexdigest()
    return f"sha256:{digest}"


def _follow(lines: Iterable[dict[str, Any]], progress: Callable[[str], None]) -> None:
    """Read what the engine says of a build to its end.

    Raises:
        ImageBuildFailed: it could not be built.
    """
    tail: list[str] = []
    for line in lines:
        text = str(line.get("stream") or line.get("error") or "").strip()
        if text:
            tail = [*tail[-14:], text]
        if text.startswith("Step "):
            progress(text)
        if "error" in line:
            raise ImageBuildFailed("the image could not be built; its last lines:\n" + "\n".join(tail))


def as_json(info: ImageInfo) -> dict[str, Any]:
    """For the run folder; its `id` is that of the content, and where that is not known, of the build."""
    content = {"id": info.content or info.id} | {name: getattr(info, name) for name in ("tag", "base", "bandit")}
    return content | {"flawfinder": info.flawfinder, BUILT: {"id": info.id, "made": info.made}}


def without_builds(facts: Any) -> Any:
    """What an executor says of itself, less what two builds of one content do not share."""
    if not isinstance(facts, Mapping):
        return facts
    return {name: without_builds(value) for name, value in facts.items() if name != BUILT}
