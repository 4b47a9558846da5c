"""Completions made elsewhere: the files of other harnesses, and our own `samples.jsonl`."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import Benchmark, Extraction, Problem, Program, PromptForm, ended, extract, form_of, raw
from benchmarks.thinking import opening_of_all
from harness.errors import BadRecord, NothingToDo
from harness.foreign_files import read_foreign
from harness.records import Sample, text_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Samples read from a file.

    Attributes:
        samples: In file order.
        sha256: Of the file's bytes, or of a folder's.
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
    """Every sample in the file or folder at `path`; nothing is kept of one with a bad record.

    A record has `task_id` (or `problem_id`), and `completion` or `solution` (a whole program). With `sample_index` it
    takes that place; without, the i-th record of a problem has index i, from 0. Other keys are left alone. What else is
    read, and how its records come about, is in `harness.foreign_files`.

    Where completions close thoughts that none of them opens, their prompts have: one without the closing was cut off
    inside of its thought then.

    Args:
        path: JSONL, or what another harness wrote; gzipped or not.
        benchmark: That the samples answer.
        form: How programs are taken from completions; None decides for each completion.
        extraction: Whether they are; if not, a completion continues its prompt, and a solution is the program.

    Raises:
        UsageError: the file cannot be read.
        NothingToDo: the file holds no record.
        BadRecord: a record is not as above, names an unknown problem, or takes a sample index for the second time.
    """
    problems = {problem.problem_id: problem for problem in benchmark.problems}
    read = read_foreign(path, list(problems))
    records = list(read.records)
    opening = opening_of_all(record["completion"] for _, record in records if isinstance(record.get("completion"), str))
    taken: dict[str, dict[int, str]] = defaultdict(dict)
    samples = []
    for where, record in records:
        problem_id = _text(record, ("task_id", "problem_id"), where=where)
        if problem_id not in problems:
            near = _near(problem_id, problems)
            raise BadRecord(f"{where}: field 'task_id': {benchmark.name} has no problem {problem_id!r}{near}")
        index = _index(record, taken[problem_id], where=where)
        taken[problem_id][index] = where
        problem = problems[problem_id]
        completion = _text(record, ("completion", "solution"), where=where)
        whole = "completion" not in record
        prompt = "" if whole else _prompt(record) or opening
        chosen = form or (PromptForm.CHAT if whole else form_of(problem, completion, prompt=prompt))
        program = _program(problem, completion, chosen, prompt, whole=whole, extraction=extraction)
        samples.append(sample_of(problem_id, index, completion, program, form=chosen))
    if not samples:
        raise NothingToDo(f"{path} holds no sample: nothing to evaluate")
    missing = tuple(problem_id for problem_id in problems if problem_id not in taken)
    return Imported(samples=tuple(samples), sha256=read.sha256, missing=missing)


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
        no_answer=program.no_answer,
    )


def _program(
    problem: Problem, completion: str, form: PromptForm, prompt: str, *, whole: bool, extraction: Extraction
) -> Program:
    if extraction is Extraction.RAW:
        return raw(problem, completion, whole=whole)
    if form is PromptForm.COMPLETION:
        completion = ended(problem, completion)
    return extract(problem, completion, form=form, prompt=prompt)


def _prompt(record: dict[str, Any]) -> str:
    """What the model was sent, as our own `samples.jsonl` says it; "" if the record does not."""
    prompt = record.get("prompt")
    return prompt if isinstance(prompt, str) else ""


def _text(record: dict[str, Any], names: tuple[str, ...], *, where: str) -> str:
    name = next((name for name in names if name in record), None)
    if name is None:
        raise BadRecord(f"{where}: field {' or '.join(map(repr, names))} is missing")
    value = record[name]
    if not isinstance(value, str):
        raise BadRecord(f"{where}: field {name!r}: expected str, found {type(value).__name__}")
    return value


def _index(record: dict[str, Any], taken: dict[int, str], *, where: str) -> int:
    if "sample_index" not in record:
        index = len(taken)
    else:
        index = record["sample_index"]
        if type(index) is not int or index < 0:
            raise BadRecord(f"{where}: field 'sample_index': expected an int from 0, found {index!r}")
    if index in taken:
        raise BadRecord(f"{where}: field 'sample_index': {index} is that of {taken[index]} already")
    return index


def _near(problem_id: str, problems: dict[str, Any]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(problem_id, list(problems), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
