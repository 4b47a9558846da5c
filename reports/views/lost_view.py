"""Problems that a candidate passes less often than its baseline, each with why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codecrucible.reports.views.sheet import Sheet

LONGEST_DETAIL = 120  # characters of a sheet; CSV and JSON have all


@dataclass(frozen=True, slots=True, kw_only=True)
class LostProblem:
    """One problem on which the candidate passes less often.

    Attributes:
        candidate: Name of the candidate.
        benchmark: Name of the benchmark.
        problem_id: The benchmark's own task id.
        base_samples: Judged samples of the baseline.
        base_passed: Those that passed.
        samples: Judged samples of the candidate.
        passed: Those that passed.
        sample_index: One of the candidate's samples that failed, the first of those with the most frequent verdict.
        verdict: Its verdict.
        reason: A short word for why.
        detail: One line for a person, such as the failing call with both values; may hold text of the program's.
    """

    candidate: str
    benchmark: str
    problem_id: str
    base_samples: int
    base_passed: int
    samples: int
    passed: int
    sample_index: int
    verdict: str
    reason: str
    detail: str

    @property
    def change(self) -> float:
        """Change of the share that passes, below 0."""
        return self.passed / self.samples - self.base_passed / self.base_samples


ORDERS: dict[str, Callable[[LostProblem], Any]] = {
    "drop": lambda each: (each.change, each.benchmark),
    "problem": lambda each: (each.benchmark, [int(part) if part.isdecimal() else 0 for part in _parts(each)]),
    "verdict": lambda each: (each.verdict, each.reason, each.change),
}
"""What lost problems may be sorted by."""


def _parts(each: LostProblem) -> list[str]:
    return each.problem_id.replace("_", "/").split("/")


def lost_sheet(lost: Sequence[LostProblem]) -> Sheet:
    """A row a lost problem, in the order given."""
    several = len({each.candidate for each in lost}) > 1
    headings = (*(("candidate",) if several else ()), "problem", "baseline", "candidate", "sample", "verdict", "why")
    return Sheet(
        title=f"Problems lost: {len(lost)}",
        headings=headings,
        rows=tuple(
            (
                *((each.candidate,) if several else ()),
                each.problem_id,
                f"{each.base_passed} of {each.base_samples}",
                f"{each.passed} of {each.samples}",
                str(each.sample_index),
                each.verdict,
                (each.detail or each.reason)[:LONGEST_DETAIL],
            )
            for each in lost
        ),
        labels=2 if several else 1,
        folded=(len(headings) - 1,),
        notes=("`crucible show CANDIDATE PROBLEM/SAMPLE --against BASELINE` shows a program.",) if lost else (),
    )
