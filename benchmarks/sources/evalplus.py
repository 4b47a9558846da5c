"""HumanEval+ and MBPP+: the problems of HumanEval and MBPP with many more tests, Liu et al. 2023, arXiv:2305.01210.

The tests are data: inputs, and a reference that says what is expected. `evalplus_oracle` holds the rules. They have two
parts: "base", the inputs of the original benchmark, and "plus", those that EvalPlus adds. A program passes if it passes
both; whether it passed the first is known too.

The release files are read, and not those in the form of HumanEval and MBPP (`OriginFmt`): these have the inputs of both
parts in one list, and an assertion of their own with other rules than EvalPlus scores by.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.sources.mbpp import STOP as MBPP_STOP
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP

PARTS = ("base", "plus")

_HUMANEVAL_RELEASE = "https://github.com/evalplus/humanevalplus_release/releases/download/v0.1.10"
_MBPP_RELEASE = "https://github.com/evalplus/mbppplus_release/releases/download/v0.2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Released:
    """One of the files that are released."""

    title: str
    file: DataFile


_FILES = {
    "humaneval+": _Released(
        title="HumanEval+: HumanEval with 124,253 tests",
        file=DataFile(
            path="evalplus/HumanEvalPlus.jsonl",
            url=f"{_HUMANEVAL_RELEASE}/HumanEvalPlus.jsonl.gz",
            sha256="42526ec0e7d5f3ee0b06d6ced98f8c8bae3d76519151bfb3d36f79010645bd7f",
            size_bytes=7_714_666,
        ),
    ),
    "humaneval+:mini": _Released(
        title="HumanEval+ with 2,677 of its tests",
        file=DataFile(
            path="evalplus/HumanEvalPlus-Mini.jsonl",
            url=f"{_HUMANEVAL_RELEASE}/HumanEvalPlus-Mini.jsonl.gz",
            sha256="78fbba8865b20c5a979cda6e02fd72538e1762e65980af7d1a6e93c3e87e93af",
            size_bytes=218_838,
        ),
    ),
    "humaneval+:noextreme": _Released(
        title="HumanEval+ without its most extreme inputs, 124,074 tests",
        file=DataFile(
            path="evalplus/HumanEvalPlus-NoExtreme.jsonl",
            url=f"{_HUMANEVAL_RELEASE}/HumanEvalPlus-NoExtreme.jsonl.gz",
            sha256="3c5aa88735e442f327030f7097f9443ee173419e0db2a75b1c12730415398e88",
            size_bytes=7_712_741,
        ),
    ),
    "mbpp+": _Released(
        title="MBPP+: 378 problems of MBPP with 41,010 tests",
        file=DataFile(
            path="evalplus/MbppPlus.jsonl",
            url=f"{_MBPP_RELEASE}/MbppPlus.jsonl.gz",
            sha256="b54e762755248ca411b523c917fa9f93c07b5ff2966bf60b3917b853926a3dad",
            size_bytes=2_592_369,
        ),
    ),
    "mbpp+:noextreme": _Released(
        title="MBPP+ without its most extreme inputs, 40,805 tests",
        file=DataFile(
            path="evalplus/MbppPlus-NoExtreme.jsonl",
            url=f"{_MBPP_RELEASE}/MbppPlus-NoExtreme.jsonl.gz",
            sha256="2682a29850fb17185106b2f40e72d1ebe7091b7393c576cff71b60e83c42ed33",
            size_bytes=2_590_278,
        ),
    ),
}

#: Inputs of the plus part, by their place in it, that are left out: each of the right answers is a list of 79,079 to
#: 1,663,740 tuples of 76 or 77 items, which the reference itself cannot make in the memory that a program has.
_LEFT_OUT = {"Mbpp/255": frozenset({85, 86, 90, 96, 100})}


def load_evalplus(name: str, access: Access = PINNED) -> Benchmark:
    """One of the released files, in its own order.

    Args:
        name: "humaneval+", "humaneval+:mini", "humaneval+:noextreme", "mbpp+" or "mbpp+:noextreme".
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    released = _FILES[name]
    rules = rules_of_comparison()
    data = read_data_file(released.file, access)
    records = [json.loads(line) for line in data.content.splitlines()]
    source, version = release_of(name)
    return Benchmark(
        name=name,
        title=f"{released.title} (Liu et al. 2023)",
        problems=tuple(_problem(record, rules, is_mbpp=name.startswith("mbpp+")) for record in records),
        source=source,
        revision=version,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="Apache-2.0",
        parts=PARTS,
    )


def rules_of_comparison() -> str:
    """Source of the `Oracle` that says what is expected, and whether an answer is."""
    return files("codecrucible.benchmarks.sources").joinpath("evalplus_oracle.py").read_text(encoding="utf-8")


def file_of(name: str) -> DataFile:
    """The file that the benchmark is read from."""
    return _FILES[name].file


def release_of(name: str) -> tuple[str, str]:
    """Repository and version of the release that the file is in."""
    source, _, rest = _FILES[name].file.url.removeprefix("https://github.com/").partition("/releases/download/")
    return source, rest.partition("/")[0]


def _problem(record: dict[str, Any], rules: str, *, is_mbpp: bool) -> Problem:
    task_id, entry_point, prompt = record["task_id"], record["entry_point"], record["prompt"]
    reference = record["canonical_solution"]
    left_out = _LEFT_OUT.get(task_id, frozenset())
    # One problem without any, MBPP/793, has an empty object in their place.
    plus = [arguments for place, arguments in enumerate(list(record["plus_input"])) if place not in left_out]
    return Problem(
        problem_id=task_id,
        prompt=prompt,
        entry_point=entry_point,
        setup=oracle_of(record, rules),
        tests="",
        calls=(json.dumps(record["base_input"]), json.dumps(plus)),
        reference=reference,
        stub=f"def {entry_point}(*_arguments, **_named):\n    return None\n" if is_mbpp else "    return None\n",
        stop=MBPP_STOP if is_mbpp else CODEX_STOP,
    )


def oracle_of(record: Mapping[str, Any], rules: str) -> str:
    """Source that sets up the `oracle` of a record, with the `rules`."""
    facts = {
        "task_id": record["task_id"],
        "entry_point": record["entry_point"],
        "reference": record["prompt"] + record["canonical_solution"],
        "atol": record["atol"],
    }
    return f"{rules}\n\noracle = Oracle(**{facts!r})\n"
