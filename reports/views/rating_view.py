"""What people said of passing programs, as sheets."""

from collections.abc import Iterator
from typing import Any

from codecrucible.reports.ratings import PREFERENCE, RatingDifference, RatingSummary
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional, page_table, percent

_MEANS = "Answers are from 1 to 5. Means and 95 % intervals are over problems, each of which counts once."
_ONLY_PASSES = "Only programs that passed were rated, and no problem on which both runs wrote the same program."
_DIFFERENCES = (
    "The second run less the first, on the problems where both were rated side by side; a tie is half a preference. "
    "p: two-sided sign-flip test over problems."
)
_ALPHA = (
    "Krippendorff's alpha, ordinal: 1 where all raters agree, 0 as by chance. "
    f"{NOT_MEASURED}: no two raters rated the same, or all gave the same answer."
)


def rating_sheets(summary: RatingSummary) -> Iterator[Sheet]:
    """Means by run and question, preference and differences where two runs were compared, and agreement."""
    names = {run.run_id: (run.name, run.run_id) for run in summary.runs}
    yield Sheet(
        title=f"Ratings by people: {_count(summary.raters, 'rater')}, {_count(summary.judgements, 'judgement')}",
        headings=(("model", "run"), "question", "mean", "95 % interval", "problems", "answers"),
        rows=tuple(
            (
                names[each.run_id],
                each.question,
                optional(each.mean, "{:.2f}".format),
                NOT_MEASURED if each.ci95 is None else f"{each.ci95[0]:.2f} to {each.ci95[1]:.2f}",
                str(each.problems),
                str(each.judgements),
            )
            for each in summary.means
        ),
        labels=2,
        notes=(_MEANS, _ONLY_PASSES),
        folded=(0,),
    )
    if summary.differences:
        yield _difference_sheet(summary)
    yield Sheet(
        title="Agreement of raters",
        headings=("question", "alpha", "rated twice or more"),
        rows=tuple(
            (each.question, optional(each.alpha, "{:.2f}".format), str(each.items)) for each in summary.agreement
        ),
        notes=(_ALPHA,),
    )


def _difference_sheet(summary: RatingSummary) -> Sheet:
    first, second = summary.runs
    return Sheet(
        title="Preference and differences",
        headings=("question", "second run", "95 % interval", "p", "problems", "judgements"),
        rows=tuple(
            (
                "preferred" if each.question == PREFERENCE else each.question,
                *_value_and_interval(each),
                "< 0.001" if each.p < 0.001 else f"{each.p:.3f}",  # noqa: PLR2004  # of what is shown
                str(each.problems),
                str(each.judgements),
            )
            for each in summary.differences
        ),
        notes=(f"First: {first.name} ({first.run_id}). Second: {second.name} ({second.run_id}).", _DIFFERENCES),
    )


def _value_and_interval(each: RatingDifference) -> tuple[str, str]:
    if each.question == PREFERENCE:
        ends = NOT_MEASURED if each.ci95 is None else f"{100 * each.ci95[0]:.1f} to {100 * each.ci95[1]:.1f}"
        return percent(each.value), ends
    return f"{each.value:+.2f}", NOT_MEASURED if each.ci95 is None else f"{each.ci95[0]:+.2f} to {each.ci95[1]:+.2f}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def rating_tables(summary: RatingSummary) -> list[dict[str, Any]]:
    """The sheets for a page."""
    return [page_table(sheet) for sheet in rating_sheets(summary)]
