"""pass@1 by the days on which problems were published: month by month, and before and after a day.

A model cannot have seen in training what was published after its data ends. A score that is lower from then on is what
contamination looks like; so is one of problems that have become harder, which these numbers cannot tell from it.
"""

from collections.abc import Iterable, Sequence
from math import hypot

from codecrucible.reports.report_types import CutoffScores, MonthScore, ProblemRow, Score
from codecrucible.reports.statistics.by_group import mean_share, passed


def scores_by_month(rows: Iterable[ProblemRow]) -> tuple[MonthScore, ...]:
    """pass@1 of the problems of each month, the earliest first; () where no problem has a date."""
    months: dict[str, list[ProblemRow]] = {}
    for row in rows:
        if row.date:
            months.setdefault(row.date[:7], []).append(row)
    return tuple(MonthScore(month=month, pass_at_1=_score(of_month)) for month, of_month in sorted(months.items()))


def scores_around(rows: Sequence[ProblemRow], cutoff: str) -> CutoffScores:
    """pass@1 of the problems that were published up to a day and of those that were published after it.

    Args:
        rows: All problems; those without a date are in neither group.
        cutoff: The day, as 2024-07-26.
    """
    dated = [row for row in rows if row.date]
    before, after = (_score([row for row in dated if (row.date > cutoff) is late]) for late in (False, True))
    change = None if before.value is None or after.value is None else round(after.value - before.value, 6)
    return CutoffScores(
        cutoff=cutoff,
        before=before,
        after=after,
        difference=change,
        ci95=_interval(before, after),
        undated=len(rows) - len(dated),
    )


def _score(rows: Sequence[ProblemRow]) -> Score:
    return mean_share(rows, passed, "judged sample")


def _interval(before: Score, after: Score) -> tuple[float, float] | None:
    """95 % interval of after less before, two groups of different problems, from the intervals of both.

    Source:
        Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10, which Zou and
        Donner 2008, doi:10.1002/sim.3095, give for any two means.
    """
    if before.value is None or after.value is None or before.ci95 is None or after.ci95 is None:
        return None
    change = after.value - before.value
    low = change - hypot(after.value - after.ci95[0], before.ci95[1] - before.value)
    high = change + hypot(after.ci95[1] - after.value, before.value - before.ci95[0])
    return round(low, 6), round(high, 6)
