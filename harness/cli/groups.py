"""How `crucible report --by` and `compare --by` print groups."""

from collections.abc import Sequence

from codecrucible.harness.cli.output import show_as
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.results.pairs import Pair
from codecrucible.reports import Report
from codecrucible.reports.groups import UnknownKind, grouped_comparison, grouped_report
from codecrucible.reports.statistics.difference import Inference
from codecrucible.reports.views.group_view import (
    grouped_comparison_json,
    grouped_comparison_sheets,
    grouped_comparisons_to_csv,
    grouped_json,
    grouped_sheets,
    grouped_to_csv,
)


def show_groups(reports: Sequence[Report], kind: str, *, against: str, form: str) -> None:
    """Print the scores of each report's groups in the form asked for.

    Raises:
        UsageError: a report has no groups of that kind, or none that is called `against`.
    """
    try:
        made = [grouped_report(report, kind, against=against) for report in reports]
    except UnknownKind as error:
        raise UsageError(f"--by {kind}: {error}") from None
    show_as(
        form,
        as_json=lambda: {"reports": [grouped_json(each) for each in made]},
        as_csv=lambda: grouped_to_csv(made),
        sheets=lambda: grouped_sheets(made),
    )


def show_group_comparisons(pairs: Sequence[Pair], kind: str, *, inference: Inference, form: str) -> None:
    """Print the differences of each pair's groups in the form asked for.

    Raises:
        UsageError: a baseline has no groups of that kind.
    """
    try:
        made = [
            grouped_comparison(pair.base_report, pair.candidate_report, kind, inference=inference) for pair in pairs
        ]
    except UnknownKind as error:
        raise UsageError(f"--by {kind}: {error}") from None
    show_as(
        form,
        as_json=lambda: {"comparisons": [grouped_comparison_json(each) for each in made]},
        as_csv=lambda: grouped_comparisons_to_csv(made),
        sheets=lambda: grouped_comparison_sheets(made),
    )
