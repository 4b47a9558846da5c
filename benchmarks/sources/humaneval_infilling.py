"""HumanEval with a gap to be filled, Bavarian et al. 2022, arXiv:2207.14255: a line, lines, or a random span.

A program is what stands before the gap, the completion, and what stands behind it. The tests are HumanEval's, run by
the referee; the helpers that three of them call are the dataset's own, from its solution.
"""

import json
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file

REVISION = "88062ff9859c875d04db115b698ed4b0f0395170"
SOURCE = "openai/human-eval-infilling"

#: No line of Python has it outside of a string or a comment, and this one is a line of its own.
_STUB = "\n$\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    title: str
    name: str
    problems: int
    sha256: str
    size_bytes: int


_PARTS = {
    "humaneval-infilling:single-line": _Part(
        title="a line to be filled in",
        name="SingleLine",
        problems=1033,
        sha256="6fffc71ec2f1674372fcc177511f92312f1a27a9eacd8e43255c9f5ee9eca8c8",
        size_bytes=1_647_941,
    ),
    "humaneval-infilling:multi-line": _Part(
        title="lines to be filled in",
        name="MultiLine",
        problems=5815,
        sha256="5b49f312f0a781420a4ae54f5e73176009b9cfc52731e3a0b9be726b451032d1",
        size_bytes=10_487_245,
    ),
    "humaneval-infilling:random-span": _Part(
        title="a random span to be filled in, ten of each function",
        name="RandomSpan",
        problems=1640,
        sha256="4f15be2d4a479b504072c64e79702df184010f13bdf75f8b67ce08e054c48e26",
        size_bytes=2_203_584,
    ),
    "humaneval-infilling:random-span-light": _Part(
        title="a random span to be filled in, one of each function",
        name="RandomSpan",
        problems=164,
        sha256="cbb2b36f90311a3a7d844b6361852bb33e3ab11ab3bca2b7e85bfb9bf78c5891",
        size_bytes=221_823,
    ),
}

NAMES = {name: part.problems for name, part in _PARTS.items()}
"""How many problems each benchmark has."""


def file_of(name: str) -> DataFile:
    """The file of one benchmark."""
    part = _PARTS[name]
    file = f"HumanEval-{part.name}Infilling{'Light' if name.endswith('-light') else ''}"
    return DataFile(
        path=f"humaneval-infilling/{file}.jsonl",
        url=f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/data/{file}.jsonl.gz",
        sha256=part.sha256,
        size_bytes=part.size_bytes,
    )


def load_humaneval_infilling(name: str, access: Access = PINNED) -> Benchmark:
    """One kind of gap, in the dataset's own order.

    Args:
        name: A key of `NAMES`.
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(file_of(name), access)
    return Benchmark(
        name=name,
        title=f"HumanEval infilling: {_PARTS[name].title} (Bavarian et al. 2022)",
        problems=tuple(_problem(json.loads(line)) for line in data.content.splitlines()),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="MIT",
    )


def _problem(row: dict[str, Any]) -> Problem:
    prompt, suffix, reference = row["prompt"], row["suffix"], row["canonical_solution"]
    return Problem(
        problem_id=row["task_id"],
        prompt=prompt,
        suffix=suffix,
        entry_point=row["entry_point"],
        setup=f"{prompt}{reference}{suffix}\n",
        tests=f"{row['test']}\ncheck({row['entry_point']})\n",
        reference=reference,
        stub=_STUB,
    )
