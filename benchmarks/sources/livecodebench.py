"""LiveCodeBench: problems of three contest platforms with the days they were published, Jain et al. 2024.

arXiv:2403.07974. The problems are the platforms', so none is shipped or downloaded: the files are the user's. Two kinds
of problems: a method of `class Solution`, called by the referee, and a whole program, judged by what it prints. The
rules are upstream's, and what differs stands in docs/benchmarks.md.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from codecrucible.benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem, RefusedRow
from codecrucible.benchmarks.sources.data_files import ENVIRONMENT, PINNED, Access
from codecrucible.benchmarks.sources.livecodebench_rows import FORMATS, read_row, rows_of

NAME = "livecodebench"
SOURCE = "livecodebench/code_generation_lite"
REVISION = "0fe84c3912ea0c4d4a78037083943e8f0c4dd505"
LICENCE = "LicenseRef-contest-platforms"

#: SHA-256 of each file of the hub at `REVISION`; a release has the first so many of them.
_HUB_FILES: Mapping[str, str] = {
    "test.jsonl": "2bd02b38beb48e8c46b5b9987095d999ff38cd8efc255ea5d58974317c48f63f",
    "test2.jsonl": "095df7c5daf15f882c51a9deb84085cff1e073495a5dbcf95015a564d485f3a3",
    "test3.jsonl": "28ed26cc83363ce3f1fe2d5fad9f8393077beb1907b167a31bd3b32f80801b79",
    "test4.jsonl": "d711138ddaebfcf5f8ec6a4283ee677298c0f5c5d374a235af92aaf0584510da",
    "test5.jsonl": "7f77571c2a6df0c2a72a3277650309f67e01e0008e18117e624633df53f81214",
    "test6.jsonl": "bb4c364f71921c4495a6ad15abe1a927350b720009f4933e2e71f8af0f6fd1f5",
}

NAMES = {f"{NAME}:v{number}": problems for number, problems in enumerate((400, 511, 612, 713, 880, 1055), start=1)}
"""How many problems each release has."""

_RECIPE = (
    f"the hub has them: hf download {SOURCE} --repo-type dataset --revision {REVISION} --include 'test*.jsonl' "
    f"--local-dir ${ENVIRONMENT}/{NAME}"
)


def path_in(name: str) -> Path | None:
    """The file or folder that a name such as `livecodebench:data/lcb.jsonl` means; None if it means none."""
    beginning, colon, rest = name.partition(":")
    if beginning != NAME or not colon or not ("/" in rest or rest.endswith(FORMATS)):
        return None
    return Path(rest)


def is_there(name: str) -> bool:
    """Whether files of a name of `NAMES`, or any for `NAME`, are in the user's folder; nothing is read."""
    try:
        return bool(_files(name))
    except BenchmarkDataAbsent:
        return False


def load_livecodebench(name: str, access: Access = PINNED) -> Benchmark:
    """A release, or for `NAME` all that the user's folder has, in the order of files and rows.

    Args:
        name: `NAME`, or a key of `NAMES`.
        access: Whether a release may have other content than the hub's.

    Raises:
        BenchmarkDataAbsent: if the folder has not all of the files.
        BenchmarkDataError: if they hold no problem, or are not those of the release.
    """
    benchmark, digests = _read(_files(name), name)
    if name == NAME or all(_HUB_FILES[file] == digest for file, digest in digests.items()):
        return benchmark
    if access.unpinned is None or not benchmark.sha256.startswith(access.unpinned):
        wrong = next(file for file, digest in digests.items() if _HUB_FILES[file] != digest)
        raise BenchmarkDataError(
            f"{wrong} is not the file of {name!r}: its content has sha256 {digests[wrong]}, expected "
            f"{_HUB_FILES[wrong]}; {_RECIPE}. If you mean yours, take {NAME!r}, or --allow-unpinned."
        )
    return replace(benchmark, pinned=False)


def load_file(path: Path) -> Benchmark:
    """The problems in the file at `path`, or in all such files of the folder there; named by its absolute path.

    Raises:
        BenchmarkDataAbsent: if there is no such file.
        BenchmarkDataError: if it holds no problem; names the first row that is none, and the field.
    """
    path = path.absolute()
    files = _in_folder(path) if path.is_dir() else [path]
    if not files:
        raise BenchmarkDataAbsent(f"{path} has no file that ends with {', '.join(FORMATS)}")
    return _read(files, f"{NAME}:{path}")[0]


def _files(name: str) -> list[Path]:
    """The files of a release, or all of the user's folder."""
    given = os.environ.get(ENVIRONMENT)
    folder = Path(given or ".") / NAME
    if given and name == NAME:
        found = _in_folder(folder)
    else:
        wanted = list(_HUB_FILES)[: list(NAMES).index(name) + 1] if name in NAMES else []
        paths = [[folder / file, folder / f"{file}.gz"] for file in wanted] if given else []
        found = [path for both in paths for path in [each for each in both if each.exists()][:1]]
        found = found if len(found) == len(wanted) else []
    if not found:
        raise BenchmarkDataAbsent(
            f"the files of {name!r} are not on this machine, and none is downloaded: put them into the folder {NAME} "
            f"of the folder that {ENVIRONMENT} names, or name a file as {NAME}:PATH; {_RECIPE}"
        )
    return found


def _in_folder(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.name.endswith(FORMATS)]
    return sorted(found, key=lambda path: [int(part) if part.isdigit() else part for part in _parts(path.name)])


def _parts(name: str) -> list[str]:
    """A name, its numbers apart, so that test2 comes before test10 and behind test."""
    return re.split(r"([0-9]+)", name.partition(".")[0])


def _read(files: list[Path], name: str) -> tuple[Benchmark, dict[str, str]]:
    """The benchmark, and by file the SHA-256 of its content."""
    problems: dict[str, Problem] = {}
    refused: list[RefusedRow] = []
    digests: dict[str, str] = {}
    tests = left_out = shortened = 0
    for path in files:
        digest = hashlib.sha256()
        for place, row in rows_of(path, digest):
            claimed = row.get("question_id") if isinstance(row, dict) else ""
            try:
                read = read_row(row, place)
                if read.problem.problem_id in problems:
                    raise BenchmarkDataError(f"{place}: field 'question_id': {claimed!r} is there twice")  # noqa: TRY301
            except BenchmarkDataError as error:
                problem_id = claimed if isinstance(claimed, str) and claimed.isprintable() else ""
                refused.append(RefusedRow(place=place, problem_id=problem_id[:200], reason=str(error)))
                continue
            problems[read.problem.problem_id] = read.problem
            tests, left_out, shortened = tests + read.tests, left_out + read.left_out, shortened + bool(read.left_out)
        digests[path.name.removesuffix(".gz")] = digest.hexdigest()
    if not problems:
        raise BenchmarkDataError(refused[0].reason if refused else f"{files[0]}: expected a problem, found none")
    sha256 = next(iter(digests.values()))
    if len(digests) > 1:
        sha256 = hashlib.sha256("".join(f"{digest}\n" for digest in digests.values()).encode()).hexdigest()
    days = sorted(problem.date for problem in problems.values())
    caution = (
        f"{left_out} of {tests} tests, of {shortened} problems, are LEFT OUT: they have more input than a job takes"
    )
    benchmark = Benchmark(
        name=name,
        title=f"LiveCodeBench: {len(problems)} contest problems of {days[0]} to {days[-1]} (Jain et al. 2024)",
        problems=tuple(problems.values()),
        source=SOURCE if name in NAMES else str(files[0] if len(files) == 1 else files[0].parent),
        revision=REVISION if name in NAMES else sha256[:12],
        sha256=sha256,
        licence=LICENCE,
        refused=tuple(refused),
        cautions=(caution,) if left_out else (),
    )
    return benchmark, digests
