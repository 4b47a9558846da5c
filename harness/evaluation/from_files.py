"""Completions made elsewhere: the files of other harnesses, and our own `samples.jsonl`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark, Extraction, Problem, Program, PromptForm, ended, extract, form_of, raw
from codecrucible.benchmarks.answers.thinking import opening_of_all
from codecrucible.harness.common.errors import BadRecord, NothingToDo
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.foreign_files import read_foreign
from codecrucible.harness.runs.records import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Samples read from a file.

    Attributes:
        samples: In file order.
        sha256: Digest of the file's bytes, or of a folder's.
        missing: Ids of the benchmark's problems for which the file holds no sample.
        left_out: Samples of the file that are of problems which were not asked for.
        notes: What else of the file was left out, a line each.
    """

    samples: tuple[Sample, ...]
    sha256: str
    missing: tuple[str, ...]
    left_out: int
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Most samples that any problem has."""
        counts: dict[str, int] = defaultdict(int)
        for sample in self.samples:
            counts[sample.problem_id] += 1
        return max(counts.values())


def read_samples(
    path: Path,
    benchmark: Benchmark,
    *,
    form: PromptForm | None = None,
    extraction: Extraction = Extraction.AUTO,
    progress: Progress | None = None,
) -> Imported:
    """Every sample in the file or folder at `path`; nothing is kept of one with a bad record.

    A record has `task_id` (or `problem_id`; a number is its text), and `completion` or `solution` (a whole program,
    which counts where there are both). With `sample_index` it takes that place; without, the i-th record of a problem
    has index i, from 0. With `"extraction": "raw"`, which our own exports have, a solution is the program as it stands.
    Other keys are left alone. What else is read, and how its records come about, is in
    `harness.evaluation.foreign_files`. Records of problems of the benchmark that were not chosen are left out, and
    counted.

    Where completions close thoughts that none of them opens, their prompts have: one without the closing was cut off
    inside of its thought then.

    Args:
        path: JSONL, or what another harness wrote; gzipped or not.
        benchmark: That the samples answer.
        form: How programs are taken from completions; None decides for each completion.
        extraction: Whether they are; if not, a completion continues its prompt, and a solution is the program.
        progress: Gets "read" advances, which are over when the samples are there.

    Raises:
        UsageError: the file cannot be read.
        NothingToDo: the file holds no record, or none of a problem that was chosen.
        BadRecord: a record is not as above, names an unknown problem, or takes a sample index for the second time.
    """
    problem_ids = [problem.problem_id for problem in benchmark.problems]
    if progress:
        progress.stage("read", total=0)
    read = read_foreign(path, problem_ids, benchmark.chosen_of)
    records = list(read.records)
    if progress:
        progress.grow("read", len(records))
    samples, left_out, both = samples_of(records, benchmark, form=form, extraction=extraction, progress=progress)
    if progress:
        progress.end("read")
    if not samples:
        which = f" of {benchmark.name}, and {left_out} of its other problems" if left_out else ""
        raise NothingToDo(f"{path} holds no sample{which}: nothing to evaluate")
    notes = [f"{left_out} samples of problems that were not asked for are left out"] if left_out else []
    there = {sample.problem_id for sample in samples}
    if both:
        notes.append(f"{both} records have a solution beside their completion: the solution is what is judged")
    return Imported(
        samples=tuple(samples),
        sha256=read.sha256,
        missing=tuple(problem_id for problem_id in problem_ids if problem_id not in there),
        left_out=left_out,
        notes=(*notes, *read.notes),
    )


def samples_of(
    records: Sequence[tuple[str, dict[str, Any]]],
    benchmark: Benchmark,
    *,
    form: PromptForm | None = None,
    extraction: Extraction = Extraction.AUTO,
    progress: Progress | None = None,
) -> tuple[list[Sample], int, int]:
    """Samples of records, how many are of problems that were not chosen, and how many have both kinds of text.

    Args:
        records: Place of each, for messages, and its fields; see `read_samples`.
        benchmark: That the samples answer.
        form: How programs are taken from completions; None decides for each completion.
        extraction: Whether they are.
        progress: Gets an advance of "read" for each.

    Raises:
        BadRecord: as `read_samples`.
    """
    problems = {problem.problem_id: problem for problem in benchmark.problems}
    others = frozenset(benchmark.chosen_of) - problems.keys()
    taken: dict[str, dict[int, str]] = defaultdict(dict)
    samples = []
    left_out = both = 0
    opening = opening_of_all(record["completion"] for _, record in records if isinstance(record.get("completion"), str))
    for where, record in _counted(records, progress):
        problem_id = _problem_id(record, where=where)
        if problem_id in others:
            left_out += 1
            continue
        if problem_id not in problems:
            near = _near(problem_id, problems)
            raise BadRecord(f"{where}: field 'task_id': {benchmark.name} has no problem {problem_id!r}{near}")
        index = _index(record, taken[problem_id], where=where)
        taken[problem_id][index] = where
        problem = problems[problem_id]
        whole = "completion" not in record or _has_text(record, "solution")
        names = ("solution",) if _has_text(record, "solution") else ("completion", "solution")
        completion = _text(record, names, where=where)
        prompt = "" if whole else _prompt(record) or opening
        chosen = form or (PromptForm.CHAT if whole else form_of(problem, completion, prompt=prompt))
        as_it_stands = extraction is Extraction.RAW or (whole and record.get("extraction") == Extraction.RAW)
        if as_it_stands:
            program = raw(problem, completion, whole=whole)
        else:
            program = program_of(problem, completion, form=chosen, prompt=prompt)
        both += whole and "completion" in record and "extraction" not in record
        samples.append(sample_of(problem_id, index, completion, program, form=chosen))
    return samples, left_out, both


def _counted(
    records: Sequence[tuple[str, dict[str, Any]]], progress: Progress | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records; each is counted once the next is asked for."""
    for record in records:
        yield record
        if progress:
            progress.advance("read")


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
        rule=program.rule or "",
        no_answer=program.no_answer,
    )


def program_of(problem: Problem, completion: str, *, form: PromptForm, prompt: str = "") -> Program:
    """The program in a completion that was made elsewhere, see `extract`."""
    if form is PromptForm.COMPLETION:
        completion = ended(problem, completion)
    return extract(problem, completion, form=form, prompt=prompt)


def _prompt(record: dict[str, Any]) -> str:
    """What the model was sent, as our own `samples.jsonl` says it; "" if the record does not."""
    prompt = record.get("prompt")
    return prompt if isinstance(prompt, str) else ""


def _has_text(record: dict[str, Any], name: str) -> bool:
    value = record.get(name)
    return isinstance(value, str) and bool(value.strip())


def _problem_id(record: dict[str, Any], *, where: str) -> str:
    """The id of the problem that a record answers; a number is its text, as in a benchmark in MBPP's format."""
    names = ("task_id", "problem_id")
    number = next((record[name] for name in names if name in record), None)
    return str(number) if type(number) is int else _text(record, names, where=where)


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
