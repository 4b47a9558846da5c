"""What is on record of each problem of a run, one problem at a time: however many samples a run has, it is read so.

The lines of a problem need not stand together in a file: they are written as completions come and executions end.
Where they do, `ProblemLines` keeps one entry for a stretch of lines, whatever their number; where they do not, a line
takes 24 bytes.
"""

import re
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from codecrucible.harness.common.codec import from_json, loads
from codecrucible.harness.common.errors import BadRecord
from codecrucible.harness.runs.folder import RunFolder, checked_samples
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample

_PROBLEM_ID = re.compile(rb'\{\s*"problem_id"\s*:\s*("(?:[^"\\]|\\.)*")\s*[,}]')


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRecords:
    """The records of one problem.

    Attributes:
        problem_id: The benchmark's task id.
        samples: Read as they are asked for, in the file's order; once.
        judgements: By problem id and sample index, as `current_judgement` takes them.
        findings: By program hash.
    """

    problem_id: str
    samples: Iterator[Sample]
    judgements: Mapping[tuple[str, int], JudgementRecord]
    findings: Mapping[str, FindingsRecord]


def records_by_problem(folder: RunFolder) -> Iterator[ProblemRecords]:
    """Records of the run's problems that have samples, in the benchmark's order.

    Raises:
        BadRecord: as from the methods of `RunFolder`.
    """
    with ExitStack() as stack:
        judgements, findings = (
            stack.enter_context(ProblemLines(folder.path / name)) for name in ("judgements.jsonl", "findings.jsonl")
        )
        for problem_id, samples in samples_by_problem(folder):
            judged = (from_json(JudgementRecord, value, where=at) for at, value in judgements.of(problem_id))
            scanned = (from_json(FindingsRecord, value, where=at) for at, value in findings.of(problem_id))
            yield ProblemRecords(
                problem_id=problem_id,
                samples=samples,
                judgements={(record.problem_id, record.sample_index): record for record in judged},
                findings={record.program_sha256: record for record in scanned},
            )


def samples_by_problem(folder: RunFolder) -> Iterator[tuple[str, Iterator[Sample]]]:
    """The run's problems that have samples, in the benchmark's order, and these, read as they are asked for.

    Raises:
        BadRecord: as from `RunFolder.samples`.
    """
    manifest = folder.manifest
    expected = dict.fromkeys(manifest.problem_ids)
    with ProblemLines(folder.path / "samples.jsonl") as lines:
        there = lines.problem_ids
        strangers = sorted(there - expected.keys())  # the first is refused, before anything is made of the others
        for problem_id in (*strangers, *(each for each in expected if each in there)):
            of_problem = lines.of(problem_id)
            yield problem_id, checked_samples(of_problem, problem_ids=expected, n=manifest.sampling.n)


class ProblemLines:
    """The lines of a JSONL file by their `problem_id`; a context manager. A file that is not there has no lines.

    A last line without its newline was torn by a kill and is left out, and so is what is written from now on.

    Raises:
        BadRecord: a line has no problem id, or is not JSON; what else is wrong with a line is seen when it is read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb") if path.exists() else None
        #: By problem id, for each stretch of its lines: first byte, number of bytes, number of the first line.
        self._stretches: dict[str, array[int]] = {}
        try:
            self._find()
        except BaseException:
            self.close()
            raise

    def _find(self) -> None:
        opening, stretches, start = b"", array("q"), 0
        for line_number, line in enumerate(self._file or (), 1):
            if not line.endswith(b"\n"):
                return
            if opening and line.startswith(opening):
                stretches[-2] += len(line)
            else:
                opening, problem_id = self._opening(line, line_number)
                stretches = self._stretches.setdefault(problem_id, array("q"))
                stretches.extend((start, len(line), line_number))
            start += len(line)

    def _opening(self, line: bytes, line_number: int) -> tuple[bytes, str]:
        """With what every line of the same problem begins that is written as this one is, b"" if not known; the id."""
        if found := _PROBLEM_ID.match(line):
            with suppress(ValueError):
                return found[0], loads(found[1])
        value = self._value(line, line_number)
        problem_id = value.get("problem_id") if isinstance(value, dict) else None
        if not isinstance(problem_id, str):
            raise BadRecord(f"{self._path}:{line_number}: expected a JSON object with a 'problem_id'")
        return b"", problem_id

    def _value(self, line: bytes, line_number: int) -> Any:
        try:
            return loads(line)
        except ValueError as error:
            raise BadRecord(f"{self._path}:{line_number}: not JSON: {error}") from None

    @property
    def problem_ids(self) -> frozenset[str]:
        """The problems that have lines."""
        return frozenset(self._stretches)

    def of(self, problem_id: str) -> Iterator[tuple[str, Any]]:
        """Place, as file and line, and JSON value of each line of a problem, in the file's order.

        Raises:
            BadRecord: a line is not JSON, or has two problem ids.
        """
        if self._file is None:
            return
        stretches = self._stretches.get(problem_id, array("q"))
        for at in range(0, len(stretches), 3):
            start, size, line_number = stretches[at : at + 3]
            end = start + size
            while start < end:
                self._file.seek(start)  # within what is buffered, as a rule
                line = self._file.readline()
                value = self._value(line, line_number)
                if value["problem_id"] != problem_id:
                    raise BadRecord(f"{self._path}:{line_number}: field 'problem_id' stands there twice")
                yield f"{self._path}:{line_number}", value
                start, line_number = start + len(line), line_number + 1

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
