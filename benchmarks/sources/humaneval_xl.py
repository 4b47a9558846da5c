"""HumanEval-XL: 80 problems of HumanEval asked in 23 natural languages, Peng et al. 2024, arXiv:2402.16694.

The problems in Python: signature, examples, tests and solutions are the same in every natural language, the text of the
docstring is not. A problem is in the group of its language, and its id says so: `python/7@German` is a version of
`python/7`. The rule, the prompts and the stop strings are HumanEval's.
"""

import json
from dataclasses import replace
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP, problem_of

NAME = "humaneval-xl"
REVISION = "ad93b7c7"
SOURCE = "FloatAI/humaneval-xl"
PROBLEMS = 1840
KIND = "natural language"
"""The kind of group."""

_TAKEN = ("task_id", "prompt", "entry_point", "test", "canonical_solution")
_FIELDS = (
    "task_id",
    "prompt",
    "entry_point",
    "test",
    "language",
    "canonical_solution",
    "description",
    "natural_language",
)


def _written(content: bytes) -> bytes:
    """The rows of a file, whatever the order of their fields and the escapes; `content` itself if it holds no rows."""
    try:
        rows = [json.loads(line) for line in content.splitlines()]
        lines = [json.dumps({field: row[field] for field in _FIELDS}, ensure_ascii=False) for row in rows]
        return "".join(f"{line}\n" for line in lines).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return content


FILE = DataFile(
    path="humaneval-xl/humaneval-xl-python.jsonl",
    url="",
    sha256="9bfde806925d1b4e2c867ea4a408aa2b71012c3d5755a2c829545e78b819ca1d",
    size_bytes=3_299_936,
    recipe=(
        f"its rows are those of the 23 files data/python/*.jsonl of the data set {SOURCE} on the Hugging Face hub at "
        f"{REVISION}, in the order of the files' names, each with its file's language, such as 'German', as its last "
        "field 'natural_language'"
    ),
    written=_written,
)


def load_humaneval_xl(access: Access = PINNED) -> Benchmark:
    """All problems, one natural language after another, in the dataset's own order.

    Args:
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, is not the pinned file, or holds a row that is no problem.
    """
    data = read_data_file(FILE, access)
    return Benchmark(
        name=NAME,
        title="HumanEval-XL: 80 Python functions, each asked for in 23 natural languages (Peng et al. 2024)",
        problems=tuple(
            _problem(line, f"{FILE.path}:{number}") for number, line in enumerate(data.content.splitlines(), start=1)
        ),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="MIT",
    )


def _problem(line: bytes, where: str) -> Problem:
    row: dict[str, Any] = json.loads(line)
    try:
        language = row["natural_language"]
        record = {field: row[field] for field in _TAKEN}
    except (LookupError, TypeError) as error:
        raise BenchmarkDataError(f"{where}: expected a row of HumanEval-XL, with {error}") from error
    problem = problem_of(
        record | {"task_id": f"{row['task_id']}@{language}"}, where=where, stop=CODEX_STOP, reference_needed=True
    )
    return replace(problem, groups=((KIND, language),))
