"""Scores of the groups that problems are in: pass@1, insecure rate and secure-pass@1 of each.

A problem is in one group of a kind: its language, the natural language that it is asked in, a CWE. Intervals are over
the problems of the group, with versions of one source problem as one cluster.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codecrucible.reports.report_types import ProblemRow, Score
from codecrucible.reports.statistics.interval import mean_with_interval
from codecrucible.reports.statistics.source_problem import source_problem

LANGUAGE = "language"
"""The kind that every problem has of itself; all others come from `Problem.groups`."""

Share = Callable[[ProblemRow], float | None]
"""A number of one problem in [0, 1]; None where it was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScores:
    """The scores of one group.

    Attributes:
        group: Its name, as it came: not harmless. None for the problems of which the group is not stated.
        problems: Problems that are in it.
        samples: Judged samples of these.
        scanned: Samples of these that a scanner could read.
        pass_at_1: Over its problems with a judged sample.
        insecure_rate: Over its problems with a sample that a scanner could read.
        secure_pass_at_1: Over its problems with a judged sample, where it is known of each.
    """

    group: str | None
    problems: int
    samples: int
    scanned: int
    pass_at_1: Score
    insecure_rate: Score
    secure_pass_at_1: Score


def group_of(row: ProblemRow, kind: str) -> str | None:
    """The group of a kind that a problem is in; None where it is not stated."""
    return (row.language if kind == LANGUAGE else row.groups.get(kind)) or None


def kinds_of(rows: Sequence[ProblemRow]) -> list[str]:
    """The kinds of group that a problem has at least, the language first."""
    languages = [LANGUAGE] if any(row.language for row in rows) else []
    return [*languages, *dict.fromkeys(kind for row in rows for kind in row.groups if kind != LANGUAGE)]


def groups_in(rows: Sequence[ProblemRow], kind: str) -> dict[str | None, list[ProblemRow]]:
    """The problems of each group of a kind, the groups in the benchmark's order; what is not stated comes last."""
    members: dict[str | None, list[ProblemRow]] = {}
    for row in rows:
        members.setdefault(group_of(row, kind), []).append(row)
    if None in members:
        members[None] = members.pop(None)
    return members


def by_source(rows: Sequence[ProblemRow]) -> dict[str, ProblemRow]:
    """The samples that passed, by source problem: those of its versions together, in the order of the rows."""
    found: dict[str, ProblemRow] = {}
    for row in rows:
        name = source_problem(row.problem_id)
        before = found.get(name, ProblemRow(problem_id=name))
        found[name] = ProblemRow(problem_id=name, n=before.n + row.n, c=before.c + row.c)
    return found


def scores_by_group(rows: Sequence[ProblemRow], kind: str) -> tuple[GroupScores, ...]:
    """The scores of each group of a kind, in the order of `groups_in`."""
    return tuple(
        GroupScores(
            group=group,
            problems=len(members),
            samples=sum(row.n for row in members),
            scanned=sum(row.scanned for row in members),
            pass_at_1=mean_share(members, passed, "judged sample"),
            insecure_rate=mean_share(members, _insecure, "scanned sample"),
            secure_pass_at_1=mean_share(members, _secure, "sample that is known to be secure or not"),
        )
        for group, members in groups_in(rows, kind).items()
    )


def mean_share(rows: Sequence[ProblemRow], share: Share, needed: str) -> Score:
    """Mean of a number over problems, with versions of one problem as one cluster; rounded, as a report has it.

    Args:
        rows: The problems.
        share: The number.
        needed: What a problem without it lacks, for the reason.
    """
    measured = [(row, value) for row in rows if (value := share(row)) is not None]
    left_out = len(rows) - len(measured)
    reason = f"{left_out} of {len(rows)} problems have no {needed} and are left out" if left_out else ""
    if not measured:
        return Score(reason=reason or "there are no such problems")
    estimate = mean_with_interval(
        [value for _, value in measured], clusters=[source_problem(row.problem_id) for row, _ in measured]
    )
    ends = None
    if estimate.low is not None and estimate.high is not None:
        ends = round(estimate.low, 6), round(estimate.high, 6)
    return Score(value=round(estimate.value, 6), ci95=ends, problems=len(measured), reason=reason)


def passed(row: ProblemRow) -> float | None:
    """Share of the judged samples that passed."""
    return row.c / row.n if row.n else None


def _insecure(row: ProblemRow) -> float | None:
    return row.insecure / row.scanned if row.scanned else None


def _secure(row: ProblemRow) -> float | None:
    return None if row.secure is None or not row.n else row.secure / row.n
