"""Problems of LiveCodeBench from the rows of a file, which may be hostile: bounded, refused by row and field.

What is covered: JSON lines, plain or gzipped, and Parquet, with the fields that the hub's files have. Private tests may
be JSON, or JSON that was pickled, compressed and written in base64; nothing is ever unpickled (`pickled_text`).
What is not: the scenarios of repair, execution and prediction of tests.
"""

import gzip
import hashlib
import json
import keyword
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError
from codecrucible.benchmarks.problem import METHOD, OwnLimits, Problem
from codecrucible.benchmarks.sources.pickled_text import unpacked_text
from codecrucible.benchmarks.sources.problem_file import check_id, fault, text_of
from codecrucible.sandbox.case_check import CASE_OUTPUT_BYTES, CASES_BYTES, Case, Comparison

FORMATS = (".jsonl", ".jsonl.gz", ".parquet")
"""How the name of such a file ends."""

MOST_TEST_BYTES = 256 << 20
"""Largest private tests of one row, unpacked."""
MOST_ROWS = 100_000
_LINE_BYTES = 512 << 20

#: What upstream imports in front of every program.
_STARRED = (
    *("string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics"),
    *("itertools", "functools", "operator", "io", "sys", "json", "builtins", "typing"),
)
_PLAIN = tuple(name for name in _STARRED if name not in ("builtins", "typing"))
PREAMBLE = "".join(
    (
        *(f"from {name} import *\n" for name in _STARRED),
        *(f"import {name}\n" for name in _PLAIN),
        "sys.setrecursionlimit(50000)\n",
    )
)

_ASKED = (
    "You are an expert Python programmer. You will be given a question (problem specification) and will generate a "
    "correct Python program that matches the specification and passes all tests. You will NOT return anything except "
    "for the program.\n\n"
)
_WITH_STARTER = (
    "You will use the following starter code to write the solution to the problem and enclose your code within "
    "delimiters."
)
_WITHOUT_STARTER = (
    "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on the sample "
    "inputs). Enclose your code within delimiters as follows."
)
_KINDS = ("difficulty", "platform")  # of group; a row that does not state one is in none
_GROUP_CHARACTERS = 100
_CLASS = "Solution"
_CPU_S = 6.0
#: Upstream allows 6 s for each call; all calls of a program together get this many times that.
_MOST_CALLS_CPU = 5

_TESTS = """\
import json

for given, expected in (
{pairs}):
    answer = {method}(*map(json.loads, given.split("\\n")))
    assert (list(answer) if isinstance(answer, tuple) else answer) == json.loads(expected)
"""


def rows_of(path: Path, digest: "hashlib._Hash") -> Iterator[tuple[str, Any]]:
    """Place and value of each row of the file at `path`, as they are read; `digest` gets the file's content.

    Raises:
        BenchmarkDataAbsent: if it cannot be read.
        BenchmarkDataError: if it is not in the format that its name says.
    """
    read = _parquet_rows if path.suffix == ".parquet" else _json_rows
    try:
        for number, (place, row) in enumerate(read(path, digest)):
            if number >= MOST_ROWS:
                raise BenchmarkDataError(f"{path.name}: a file has at most {MOST_ROWS} rows; split it")
            yield place, row
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BenchmarkDataError(f"{path.name}: expected gzip, which its name promises: {error}") from error
    except OSError as error:
        raise BenchmarkDataAbsent(f"cannot read {path}: {error.strerror or error}") from error


def _json_rows(path: Path, digest: "hashlib._Hash") -> Iterator[tuple[str, Any]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        number = 0
        while line := file.readline(_LINE_BYTES + 1):
            number += 1
            place = f"{path.name}:{number}"
            if len(line) > _LINE_BYTES:
                raise BenchmarkDataError(f"{place}: a line has at most {_LINE_BYTES} bytes")
            digest.update(line)
            if line.strip():
                try:
                    yield place, json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield place, BenchmarkDataError(f"{place}: expected a JSON object: {error}")


def _parquet_rows(path: Path, digest: "hashlib._Hash") -> Iterator[tuple[str, Any]]:
    try:
        import pyarrow.parquet
        from pyarrow import ArrowException
    except ModuleNotFoundError as error:
        raise BenchmarkDataError(
            f"{path.name} is read by pyarrow, which is not installed: pip install 'codecrucible[parquet]'"
        ) from error
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=8):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path.name}: row {number}", row
    except ArrowException as error:
        raise BenchmarkDataError(f"{path.name}: expected Parquet, which its name promises: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProblem:
    """What a row holds.

    Attributes:
        problem: The problem.
        tests: How many tests the row has.
        left_out: How many of them are in no job, for their size.
    """

    problem: Problem
    tests: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    field: str
    given: str
    expected: str


def read_row(row: Any, where: str) -> ReadProblem:
    """The problem that `row` holds.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is none.
    """
    if isinstance(row, BenchmarkDataError):
        raise row
    if not isinstance(row, dict):
        raise BenchmarkDataError(f"{where}: expected a JSON object, found {type(row).__name__}")
    texts = ("question_content", "question_id", "starter_code", "metadata")
    question, problem_id, starter, metadata_text = (text_of(row.get(field), field, where=where) for field in texts)
    check_id(problem_id, where=where, field="question_id")
    metadata = _json(metadata_text, "metadata", where)
    if not isinstance(metadata, dict):
        raise fault("metadata", "expected a JSON object in a string", where=where)
    name = metadata.get("func_name")
    common: dict[str, Any] = {
        "problem_id": problem_id,
        "date": _date(row.get("contest_date"), where),
        "message": _message(question, starter),
        "preamble": PREAMBLE,
        "setup": "",
        "reference": "",
        "stop": ("###",),
        "groups": tuple((kind, group) for kind in _KINDS if _is_group(group := row.get(kind))),
    }
    every = [*_public_tests(row, where), *_private_tests(row, where)]
    tests = _that_fit(every)
    if not tests:
        raise fault("public_test_cases", "has no test that fits a job, and 'private_test_cases' neither", where=where)
    if name is None:
        problem = _stdin(common, question, tests)
    else:
        problem = _functional(common, question, starter, name, tests, where)
    return ReadProblem(problem=problem, tests=len(every), left_out=len(every) - len(tests))


def _is_group(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and 1 <= len(value.strip()) == len(value) <= _GROUP_CHARACTERS


def _that_fit(tests: list[_Test]) -> list[_Test]:
    """The tests in their order, without the largest where their input is more than a job takes."""
    sizes = sorted(((len(_encoded(test.given)), place) for place, test in enumerate(tests)), reverse=True)
    total, left_out = sum(size for size, _ in sizes), set()
    for size, place in sizes:
        if total <= CASES_BYTES:
            break
        left_out.add(place)
        total -= size
    return [
        test
        for place, test in enumerate(tests)
        if place not in left_out and len(_encoded(test.expected)) <= CASE_OUTPUT_BYTES
    ]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _stdin(common: dict[str, Any], question: str, tests: list[_Test]) -> Problem:
    return Problem(
        **common,
        prompt=question,
        few_shot_prompt=f"### Question\n{question}\n\n### Answer\n\n",
        entry_point="",
        tests="",
        stub="",
        cases=tuple(Case(stdin=test.given, expected=test.expected) for test in tests),
        comparison=Comparison.NUMBERS,
        limits=OwnLimits(cpu_s=_CPU_S, at_least=True),
    )


def _functional(
    common: dict[str, Any], question: str, starter: str, name: Any, tests: list[_Test], where: str
) -> Problem:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise fault("metadata.func_name", "expected the name of a method in python", where=where)
    prompt = f"{starter.rstrip()}\n"
    found = re.search(rf"^([ \t]*)def[ \t]+{name}\b", prompt, re.MULTILINE)
    if not found:
        raise fault("starter_code", f"defines no {name!r}, which 'metadata' names", where=where)
    for test in tests:
        for line in test.given.split("\n"):
            _json(line, f"{test.field}.input", where)
        _json(test.expected, f"{test.field}.output", where)
    indent = f"{found[1]}    "
    pairs = "".join(f"    ({test.given!a}, {test.expected!a}),\n" for test in tests)
    return Problem(
        **common,
        prompt=prompt,
        few_shot_prompt=f"### Question\n{question}\n\n### Starter Code\n{starter}\n\n### Answer\n\n",
        entry_point=_CLASS,
        method=name,
        tests=_TESTS.format(pairs=pairs, method=METHOD),
        stub=f"{prompt}{indent}return None\n",
        body_indent=indent,
        limits=OwnLimits(cpu_s=_CPU_S * min(len(tests), _MOST_CALLS_CPU), at_least=True),
    )


def _message(question: str, starter: str) -> str:
    """What upstream asks a chat, with its system message in front."""
    told, code = (_WITH_STARTER, starter) if starter else (_WITHOUT_STARTER, "# YOUR CODE HERE")
    return (
        f"{_ASKED}### Question:\n{question}\n\n### Format: {told}\n```python\n{code}\n```\n\n"
        "### Answer: (use the provided format with backticks)\n\n"
    )


def _date(value: Any, where: str) -> str:
    """The day of a contest."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    try:
        return date.fromisoformat(text_of(value, "contest_date", where=where)[:10]).isoformat()
    except ValueError as error:
        raise fault("contest_date", f"expected a date as 2024-07-26: {error}", where=where) from None


def _public_tests(row: dict[str, Any], where: str) -> list[_Test]:
    field = "public_test_cases"
    return _tests(_json(text_of(row.get(field), field, where=where), field, where), field, where)


def _private_tests(row: dict[str, Any], where: str) -> list[_Test]:
    field = "private_test_cases"
    text = text_of(row.get(field), field, where=where)
    if not text.lstrip().startswith("["):
        try:
            text = unpacked_text(text, most_bytes=MOST_TEST_BYTES)
        except ValueError as error:
            raise fault(field, f"is neither a JSON list nor a packed one: {error}", where=where) from None
    return _tests(_json(text, field, where), field, where)


def _tests(tests: Any, field: str, where: str) -> list[_Test]:
    if not isinstance(tests, list):
        raise fault(field, "expected a JSON list in a string", where=where)
    read = []
    for number, test in enumerate(tests):
        place = f"{field}[{number}]"
        if not isinstance(test, dict):
            raise fault(place, "expected an object of 'input', 'output' and 'testtype'", where=where)
        for part in ("input", "output"):
            if not isinstance(test.get(part), str):
                found = type(test.get(part)).__name__
                raise fault(f"{place}.{part}", f"expected a string, found {found}", where=where)
        read.append(_Test(field=place, given=test["input"], expected=test["output"]))
    return read


def _json(text: str, field: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise fault(field, f"expected JSON: {error}", where=where) from None
