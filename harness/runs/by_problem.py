"""What is on record of each problem of a run, one problem at a time: however many samples a run has, it is read so."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from codecrucible.harness.common.codec import from_json
from codecrucible.harness.runs.folder import RunFolder, checked_samples
from codecrucible.harness.runs.problem_lines import ProblemLines
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample


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
            yield problem_id, checked_samples(of_problem, problem_ids=expected, n=manifest.sampling["n"])
