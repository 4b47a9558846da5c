"""What `crucible leaderboard` does, once its arguments are parsed."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from codecrucible.harness.cli.output import show_as
from codecrucible.harness.common.errors import EXIT_DONE, NothingToDo
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.results.field import FieldOfRuns
from codecrucible.harness.results.pages import save_page
from codecrucible.reports.leaderboard import Board, Entrant, leaderboard
from codecrucible.reports.views.leaderboard_view import (
    leaderboard_json,
    leaderboard_page_index,
    leaderboard_sheets,
    leaderboard_to_csv,
)
from codecrucible.reports.views.report_view import warnings_of

MOST_SAMPLES = 50_000  # in the page of a leaderboard


def rank(options: Namespace) -> int:
    """Print the leaderboard of some runs."""
    field_of_runs = FieldOfRuns()
    for given in options.runs:
        field_of_runs.add(given)
    reference = field_of_runs.reference(options.baseline) if options.baseline else None
    if not options.allow_mismatch:
        field_of_runs.refuse_other_settings()
    with Progress(quiet=options.quiet) as progress:
        entrants = field_of_runs.entrants(progress)
    names = dict(zip(field_of_runs.groups, (entrant.name for entrant in entrants), strict=True))
    baseline = names[reference] if reference else ""
    boards = _boards(entrants, baseline)
    warnings = list(warnings_of([report for entrant in entrants for report in entrant.reports.values()]))
    for warning in warnings:
        complain(warning)
    if options.html:
        _save_page(options.html, field_of_runs, entrants, boards, baseline=baseline, warnings=warnings)
    show_as(
        options.format,
        as_json=lambda: leaderboard_json(boards, reference=baseline),
        as_csv=lambda: leaderboard_to_csv(boards),
        sheets=lambda: leaderboard_sheets(boards, reference=baseline),
    )
    return EXIT_DONE


def _save_page(
    path: Path,
    field_of_runs: FieldOfRuns,
    entrants: Sequence[Entrant],
    boards: Sequence[Board],
    *,
    baseline: str,
    warnings: Sequence[str],
) -> None:
    """The page of a leaderboard, with every sample of its runs where they are not too many."""
    models = sorted(
        zip(entrants, field_of_runs.groups.values(), strict=True), key=lambda each: each[0].name != baseline
    )
    runs = {(entrant.name, name): folder for entrant, folders in models for name, folder in folders.items()}
    samples = sum(report.samples for entrant in entrants for report in entrant.reports.values())
    left_out = (
        f"The samples are not in this page: there are {samples:,}, and a leaderboard takes at most {MOST_SAMPLES:,}. "
        "`crucible view RUN` shows those of a run."
        if samples > MOST_SAMPLES
        else ""
    )
    index = leaderboard_page_index(
        boards,
        runs={key: place for place, key in enumerate(runs)},
        reference=baseline,
        warnings=warnings,
        left_out=left_out,
    )
    save_page(path, list(runs.values()), boards=index, samples=not left_out)


def _boards(entrants: list[Entrant], reference: str) -> list[Board]:
    try:
        return leaderboard(entrants, reference=reference)
    except ValueError as error:  # two runs have no problem in common
        raise NothingToDo(str(error)) from None
