"""pass@1 by the days on which problems were published: a sheet by month, and one around a cut-off."""

from collections.abc import Iterator, Sequence

from codecrucible.reports.report_types import CutoffScores, Report, Score
from codecrucible.reports.views.sheet import NOT_MEASURED, Cell, Sheet, score_with_interval

_BY_MONTH = "pass@1 of the problems of each month, the 95 % interval over these problems, and how many they are."
_CUTOFF = (
    "Before: problems that were published up to the cut-off, the last day of the model's training data; after: later "
    "ones. The difference is after less before, in points; its 95 % interval is over problems. A drop is what "
    "contamination looks like, and what problems that have become harder look like."
)


def date_sheets(reports: Sequence[Report]) -> Iterator[Sheet]:
    """The sheets of those reports whose problems have dates; none where none has."""
    dated = [report for report in reports if report.by_month]
    if dated:
        yield _months(dated)
    around = [(report, report.cutoff) for report in reports if report.cutoff]
    if around:
        yield _cutoffs(around)


def _months(reports: Sequence[Report]) -> Sheet:
    scores = [{each.month: each.pass_at_1 for each in report.by_month} for report in reports]
    months = sorted(set().union(*scores))
    return Sheet(
        title="pass@1 by month",
        headings=("month", *((report.name, report.benchmark) for report in reports)),
        rows=tuple((month, *(_with_problems(of_report.get(month)) for of_report in scores)) for month in months),
        notes=(_BY_MONTH,),
        folded=tuple(range(1, len(reports) + 1)),
    )


def _cutoffs(around: Sequence[tuple[Report, CutoffScores]]) -> Sheet:
    return Sheet(
        title="Before and after the cut-off",
        headings=(("model", "benchmark"), "cut-off", "before", "after", "difference", "95 % interval"),
        rows=tuple(
            (
                (report.name, report.benchmark),
                found.cutoff,
                _with_problems(found.before),
                _with_problems(found.after),
                NOT_MEASURED if found.difference is None else f"{100 * found.difference:+.1f}",
                NOT_MEASURED if found.ci95 is None else f"{100 * found.ci95[0]:+.1f} to {100 * found.ci95[1]:+.1f}",
            )
            for report, found in around
        ),
        notes=(_CUTOFF, *_without(around)),
        folded=(0,),
    )


def _without(around: Sequence[tuple[Report, CutoffScores]]) -> Iterator[str]:
    """What the groups leave out."""
    for report, found in around:
        for name, score in (("before", found.before), ("after", found.after)):
            if score.reason:
                yield f"{report.run_id}: {name} the cut-off: {score.reason}."
        if found.undated:
            yield f"{report.run_id}: {found.undated} problems have no date and are in neither group."


def _with_problems(score: Score | None) -> Cell:
    if score is None or score.value is None:
        return NOT_MEASURED
    shown = score_with_interval(score)
    lines = (shown,) if isinstance(shown, str) else shown
    return *lines, f"{score.problems} problem{'' if score.problems == 1 else 's'}"
