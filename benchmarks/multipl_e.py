"""MultiPL-E: HumanEval and MBPP translated to other languages, Cassano et al. 2022, arXiv:2208.08227.

What is covered: the translations to the languages of `_LANGUAGES`, as their authors' translators write them, judged by
exit status with a negative control made from the row's own tests.
What is not: reference solutions, of which the dataset has none; a row without an expected value that can be changed,
which is refused.
"""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError
from benchmarks.negative_control import changes_of
from benchmarks.problem import Benchmark, Problem

REVISION = "8963d9a4"
"""Commit of the translators, nuprl/MultiPL-E."""

#: The function under test has another name than the row where the language has one of its own that is called so.
_CANDIDATE = re.compile(r"\bcandidate(?: = (?:\\&)?|\([.$\w]*\) \{\n +(?:return )?)(\w+)")

_FIELDS = ("name", "prompt", "tests", "stop_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """A target language.

    Attributes:
        name: As `Problem.language` has it.
        title: For a person.
        stub: A completion of any prompt that does nothing. Where it leaves a brace open, the tests close it.
    """

    name: str
    title: str
    stub: str


_LANGUAGES = {
    "sh": _Language(name="bash", title="Bash", stub="    :\n"),
    "js": _Language(name="javascript", title="JavaScript", stub="  return undefined;\n}\n"),
    "cpp": _Language(name="cpp", title="C++", stub="    throw 0;\n"),
    "ts": _Language(name="typescript", title="TypeScript", stub="  return undefined as any;\n}\n"),
    "php": _Language(name="php", title="PHP", stub="    return null;\n}\n"),
    "pl": _Language(name="perl", title="Perl", stub="    return;\n}\n"),
}

_TITLES = {"humaneval": "HumanEval", "mbpp": "MBPP"}

_SHA256 = {
    ("humaneval", "sh"): "d90f7549fe7176a4a95c184e078e165522a8d0b15a739ff74b78e1857194c9e0",
    ("humaneval", "js"): "480ceff221221514bb8b14ad800011b05d1abcc058536fda3d2f6c4204432dc1",
    ("humaneval", "cpp"): "1acb4d6aa825cd2a0f10a6c280a59807bc3d1bb0d16a0e423517e1940c852369",
    ("humaneval", "ts"): "aebfff10f997e1196c6defce0038e9f9fd35cd942c7bf0605902cae1ddc9308a",
    ("humaneval", "php"): "cda0772d8fe655b7abc408ed41af043ac522062ab1d25b39747962ad41b8ff70",
    ("humaneval", "pl"): "bb2c72ede8e40cbb098221891a914df2d9b9aec5d2c4866a88b39d92ce41e4f7",
    ("mbpp", "sh"): "91b88bc75c32edf239f0e9099e08d2e81893e2dadc7405b42866a8295a1f7af7",
    ("mbpp", "js"): "effd26664838169caa26c3c1ff21cb058870ace7caad730835a76e6da781d3b1",
    ("mbpp", "cpp"): "9a27a0c54d5b5326f9414adde2d1f74af1ce6582662f4bf947647c73a3800981",
    ("mbpp", "ts"): "a02a9f45a33ee795561c6b1ca1d5bf9f0646466c1e078953681170df9cdd1c04",
    ("mbpp", "php"): "c8255da0aafd47a2ec558387b0bb8d11e7cf729ff58935c94b6f56a2f9a96dc9",
    ("mbpp", "pl"): "b36f96827495400be6cf3618ff705a63dea9dab92676dbd23de2c202ce391bbd",
}


def load_multipl_e(origin: str, suffix: str) -> Benchmark:
    """One translation, in the dataset's own order.

    Args:
        origin: "humaneval" or "mbpp".
        suffix: Of the language, as the dataset's files have it: a key of `_LANGUAGES`.

    Raises:
        BenchmarkDataError: if the file is absent, is not the pinned one, or holds a row that is not a problem.
    """
    file_name, language = f"{origin}-{suffix}-reworded.jsonl.gz", _LANGUAGES[suffix]
    name, sha256 = f"multipl-e:{origin}-{suffix}", _SHA256[origin, suffix]
    data = _read(name, file_name, sha256)
    rows = gzip.decompress(data).decode().splitlines()
    problems = tuple(_problem(row, language, where=f"{file_name}:{i}") for i, row in enumerate(rows, start=1))
    return Benchmark(
        name=name,
        title=f"MultiPL-E: {_TITLES[origin]} in {language.title} (Cassano et al. 2022)",
        problems=problems,
        source="nuprl/MultiPL-E",
        revision=REVISION,
        sha256=sha256,
        licence="LicenseRef-BSD-3-Clause-no-training",
    )


LOADERS = {f"multipl-e:{origin}-{suffix}": partial(load_multipl_e, origin, suffix) for origin, suffix in _SHA256}
"""A loader for each name on the command line."""


def _read(name: str, file_name: str, sha256: str) -> bytes:
    """Bytes of the pinned file from the folder that CRUCIBLE_DATA names."""
    folder = os.environ.get("CRUCIBLE_DATA")
    if not folder:
        raise BenchmarkDataAbsent(
            f"the data of benchmark {name!r} is not at hand: set CRUCIBLE_DATA to a folder that holds "
            f"multipl-e/{file_name}"
        )
    path = Path(folder) / "multipl-e" / file_name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BenchmarkDataAbsent(f"cannot read the data of benchmark {name!r}: {error}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BenchmarkDataError(
            f"the data of benchmark {name!r} is not the file its scores are defined on: {path} has sha256 {found}, "
            f"expected {sha256}"
        )
    return data


def _problem(line: str, language: _Language, *, where: str) -> Problem:
    row: Mapping[str, Any] = json.loads(line)
    for field in _FIELDS:
        if field not in row:
            raise BenchmarkDataError(f"{where}: field {field!r} is missing")
    entry_point = _CANDIDATE.search(row["tests"])
    if not entry_point:
        raise BenchmarkDataError(f"{where}: field 'tests': expected them to say what `candidate` is")
    changes = changes_of(row["tests"], language.name)
    if not changes:
        raise BenchmarkDataError(
            f"{where}: field 'tests': no expected value of {row['name']} can be changed, so that no pass could be "
            "confirmed by a negative control"
        )
    return Problem(
        problem_id=row["name"],
        prompt=row["prompt"],
        entry_point=entry_point[1],
        setup="",
        tests=row["tests"],
        reference="",
        language=language.name,
        stop=tuple(row["stop_tokens"]),
        changes=changes,
        stub=language.stub,
    )
