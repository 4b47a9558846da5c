"""The languages that are judged by exit status, a file each, and the image families that have their tools."""

from collections.abc import Mapping

from codecrucible.sandbox.languages import (
    ada,
    bash,
    clojure,
    cpp,
    csharp,
    d,
    dart,
    elixir,
    go,
    haskell,
    java,
    javascript,
    julia,
    libraries,
    lua,
    ocaml,
    perl,
    php,
    python,
    r,
    racket,
    ruby,
    rust,
    scala,
    swift,
    typescript,
)
from codecrucible.sandbox.languages.declaration import Family, Language, Printer, Trial, Whole

__all__ = [
    "FAMILIES",
    "LANGUAGES",
    "PYTHON",
    "RUNTIMES",
    "Family",
    "Language",
    "Printer",
    "Trial",
    "Whole",
    "chosen",
    "families_of",
    "languages_of",
]

#: In the order in which they are listed.
_DECLARATIONS = (
    python,
    bash,
    javascript,
    cpp,
    typescript,
    php,
    perl,
    lua,
    ruby,
    r,
    go,
    rust,
    haskell,
    ocaml,
    d,
    csharp,
    ada,
    java,
    scala,
    clojure,
    elixir,
    racket,
    julia,
    swift,
    dart,
)

PYTHON = python.FAMILY

FAMILIES: Mapping[str, Family] = {declared.FAMILY.name: declared.FAMILY for declared in (*_DECLARATIONS, libraries)}

LANGUAGES: Mapping[str, Language] = {declared.LANGUAGE.name: declared.LANGUAGE for declared in _DECLARATIONS}

RUNTIMES: Mapping[str, Language] = {**LANGUAGES, libraries.LANGUAGE.name: libraries.LANGUAGE}
"""What can be prepared and asked for by name: the languages, and Python with its libraries."""


def languages_of(family: Family) -> tuple[str, ...]:
    """Names of the languages whose tools are in the image of `family`."""
    return tuple(language.name for language in RUNTIMES.values() if language.family == family.name)


def chosen(names: str) -> tuple[Language, ...]:
    """The languages of `names`, each once.

    Args:
        names: Names of `RUNTIMES` with commas between them, or "all", which is each language that is tested.

    Raises:
        ValueError: if a name is none.
    """
    tested = [name for name, language in LANGUAGES.items() if language.tested]
    wanted = tested if names == "all" else [name.strip() for name in names.split(",")]
    unknown = [name for name in wanted if name not in RUNTIMES]
    if unknown:
        raise ValueError(f"no language is called {unknown[0]!r}: there are {', '.join(RUNTIMES)}")
    return tuple(RUNTIMES[name] for name in dict.fromkeys(wanted))


def families_of(names: str) -> tuple[Family, ...]:
    """Families whose images the languages of `names` need, each once; `names` as for `chosen`."""
    return tuple(FAMILIES[name] for name in dict.fromkeys(language.family for language in chosen(names)))
