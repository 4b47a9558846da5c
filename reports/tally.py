"""What a report needs of the samples of a problem: how many there are of each kind, and sums of what was measured."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import fsum
from operator import attrgetter
from typing import NamedTuple

import pandas as pd

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


def kind_table(of_problems: Iterable[Tally]) -> pd.DataFrame:
    """One row for each kind of a problem's samples, however many there are of it.

    Columns are `problem` (its place among `of_problems`), the fields of `Kind`, `samples` (the number of them), and
    what follows from a kind: `judged` (there is a verdict), `passed` (all tests), `scanned` (a scanner could read the
    programs), `insecure` (a finding of medium or high severity), `secure_pass` (passed and, as far as they were
    scanned, not insecure).
    """
    rows = [(place, *kind, number) for place, tally in enumerate(of_problems) for kind, number in tally.kinds.items()]
    table = pd.DataFrame(rows, columns=["problem", *Kind._fields, "samples"], dtype="object").astype(_TYPES)
    passed, insecure = table.verdict == Verdict.PASSED, table.high + table.medium > 0
    return table.assign(
        judged=table.verdict != Verdict.UNJUDGED,
        passed=passed,
        scanned=table.scan_state.isin([ScanState.CLEAN, ScanState.FINDINGS]),
        insecure=insecure,
        secure_pass=passed & (table.scan_state != ScanState.UNSCANNABLE) & ~insecure,
    )


# Texts stay objects: pandas' own type for them holds no lone surrogate, and a model writes what it likes.
_TYPES = {
    "truncated": "bool",
    **dict.fromkeys(("problem", "parts_passed", "high", "medium", "low", "samples"), "int64"),
}


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
