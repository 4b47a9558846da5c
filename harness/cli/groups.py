"""What the commands that have `--by` make of it: `report`, `compare` and `view`."""

from argparse import Namespace
from collections.abc import Sequence

from codecrucible.harness.cli.output import show_as
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.results.pairs import Pair
from codecrucible.reports import Report
from codecrucible.reports.groups import (
    GroupedComparison,
    GroupedReport,
    UnknownKind,
    grouped_comparison,
    grouped_report,
)
from codecrucible.reports.statistics.difference import Inference
from codecrucible.reports.views.group_view import (
    grouped_comparison_json,
    grouped_comparison_sheets,
    grouped_comparisons_to_csv,
    grouped_json,
    grouped_sheets,
    grouped_to_csv,
)


def groups_of(reports: Sequence[Report], kind: str, *, against: str) -> list[GroupedReport]:
    """The scores of each report's groups.

    Raises:
        UsageError: a report has no groups of that kind, or none that is called `against`.
    """
    try:
        return [grouped_report(report, kind, against=against) for report in reports]
    except UnknownKind as error:
        raise UsageError(f"--by {kind}: {error}") from None


def refuse_lone_group(options: Namespace) -> None:
    """Raise `UsageError` where `--against` is given without `--by`."""
    if options.against and not options.by:
        raise UsageError(f"--against {options.against}: say with --by of which kind that group is")


def show_groups(made: Sequence[GroupedReport], *, form: str) -> None:
    """Print the scores of each report's groups in the form asked for."""
    show_as(
        form,
        as_json=lambda: {"reports": [grouped_json(each) for each in made]},
        as_csv=lambda: grouped_to_csv(made),
        sheets=lambda: grouped_sheets(made),
    )


def group_comparisons_of(pairs: Sequence[Pair], kind: str, *, inference: Inference) -> list[GroupedComparison]:
    """The differences of each pair's groups.

    Raises:
        UsageError: a baseline has no groups of that kind.
    """
    try:
        return [
            grouped_comparison(pair.base_report, pair.candidate_report, kind, inference=inference) for pair in pairs
        ]
    except UnknownKind as error:
        raise UsageError(f"--by {kind}: {error}") from None


def show_group_comparisons(made: Sequence[GroupedComparison], *, form: str) -> None:
    """Print the differences of each pair's groups in the form asked for."""
    show_as(
        form,
        as_json=lambda: {"comparisons": [grouped_comparison_json(each) for each in made]},
        as_csv=lambda: grouped_comparisons_to_csv(made),
        sheets=lambda: grouped_comparison_sheets(made),
    )
