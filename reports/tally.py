"""What a report needs of the samples of a problem: how many there are of each kind, and sums of what was measured."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import fsum
from operator import attrgetter
from typing import NamedTuple

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.sample_row import SampleRow, fault_of
from codecrucible.sandbox.scan import ScanState


class Kind(NamedTuple):
    """What samples have in common that are counted together; the fields are those of `SampleRow`."""

    verdict: str
    parts_passed: int
    strength: str
    truncated: bool
    scan_state: str | None
    scanner: str
    high: int
    medium: int
    low: int


_kind_of = attrgetter(*Kind._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The samples of one problem, counted; of none, if nothing else is said.

    Attributes:
        problem_id: The benchmark's own task id.
        kinds: Number of samples by kind.
        prompt_tokens: Their sum, or None unless they were counted for every sample.
        completion_tokens: The same.
        codebleu: Mean over the samples that were measured, or None.
        measured: Number of samples with a CodeBLEU.
    """

    problem_id: str
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    codebleu: float | None = None
    measured: int = 0

    @property
    def samples(self) -> int:
        """Number of samples."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Samples of a problem that are of one kind, and what follows from it.

    Attributes:
        problem_id: The benchmark's own task id.
        kind: What they have in common.
        samples: How many there are.
        judged: There is a verdict, by tests or of there being nothing that could be put to some.
        passed: All tests.
        scanned: A scanner could read the programs.
        unscannable: No scanner could read them, in a language that one reads. An empty sample never comes to a
            scanner: there is nothing in it to be read.
        insecure: There is a finding of medium or high severity.
        secure_pass: Passed and, as far as they were scanned, not insecure.
    """

    problem_id: str
    kind: Kind
    samples: int
    judged: bool
    passed: bool
    scanned: bool
    unscannable: bool
    insecure: bool
    secure_pass: bool


def alike(
    of_problems: Sequence[Tally], languages: Mapping[str, str], untested: Container[str] = frozenset()
) -> list[Alike]:
    """The samples of the problems, those of one kind together.

    Args:
        of_problems: A tally a problem.
        languages: By problem id, where they are known.
        untested: Ids of the problems without tests, of which no sample is judged, an empty one no more than others.
    """
    scanned = (ScanState.CLEAN, ScanState.FINDINGS)
    read = {
        languages.get(tally.problem_id, "")
        for tally in of_problems
        for kind in tally.kinds
        if kind.scan_state in (*scanned, ScanState.UNSCANNABLE)
    }
    found = []
    for tally in of_problems:
        is_read = languages.get(tally.problem_id, "") in read
        for kind, number in tally.kinds.items():
            passed, insecure = kind.verdict == Verdict.PASSED, kind.high + kind.medium > 0
            unreadable = kind.scan_state == ScanState.UNSCANNABLE
            empty = kind.scan_state is None and kind.verdict == Verdict.EMPTY
            found.append(
                Alike(
                    problem_id=tally.problem_id,
                    kind=kind,
                    samples=number,
                    judged=kind.verdict != Verdict.UNJUDGED and tally.problem_id not in untested,
                    passed=passed,
                    scanned=kind.scan_state in scanned,
                    unscannable=unreadable or (empty and is_read),
                    insecure=insecure,
                    secure_pass=passed and not unreadable and not insecure,
                )
            )
    return found


def tallies(rows: Iterable[SampleRow], *, n: int) -> Iterator[Tally]:
    """Tally of each problem, in the order of the rows; the rows of no more than one problem are held.

    Args:
        rows: Those of a problem together.
        n: Samples asked for a problem.

    Raises:
        ValueError: if a row is impossible, a sample occurs twice or has an index that `n` does not allow, or the rows
            of a problem are not together; the message names the sample or the problem.
    """
    done = set()
    for problem_id, group in groupby(rows, key=attrgetter("problem_id")):
        if problem_id in done:
            raise ValueError(f"Cannot tally problem {problem_id!r}: its rows are not together. Sort them by problem.")
        done.add(problem_id)
        of_problem = list(group)
        _check(of_problem, n)
        scores = [row.codebleu for row in of_problem if row.codebleu is not None]
        yield Tally(
            problem_id=problem_id,
            kinds={Kind(*kind): number for kind, number in Counter(map(_kind_of, of_problem)).items()},
            prompt_tokens=_total([row.prompt_tokens for row in of_problem]),
            completion_tokens=_total([row.completion_tokens for row in of_problem]),
            # Equal scores may have a mean that differs from them in the last bit; a mean of shares is a share.
            codebleu=min(1.0, fsum(scores) / len(scores)) if scores else None,
            measured=len(scores),
        )


def _check(rows: Sequence[SampleRow], n: int) -> None:
    """Refuses what would put a wrong number into a report."""
    seen: set[int] = set()
    for row in rows:
        fault = fault_of(row)
        if row.sample_index >= n:
            fault = f"n={n} allows indices 0 to {n - 1}"
        if row.sample_index in seen:
            fault = "it occurs twice"
        if fault:
            raise ValueError(
                f"Cannot tally sample {row.sample_index} of problem {row.problem_id!r}: {fault}. "
                "Read the rows from the files of one run."
            )
        seen.add(row.sample_index)


def _total(counts: Sequence[int | None]) -> int | None:
    known = [each for each in counts if each is not None]
    return sum(known) if len(known) == len(counts) else None
