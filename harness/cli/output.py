"""What is printed: reports, facts, JSON, and the exit code that goes with it."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE
from codecrucible.harness.common.terminal import PIPED_WIDTH, complain
from codecrucible.reports import Report, for_terminal, report_json, report_sheets, reports_to_csv, to_json_text
from codecrucible.reports.views.report_view import warnings_of
from codecrucible.reports.views.sheet import (
    Sheet,
    print_line,
    print_sheets,
    sheets_to_html,
    sheets_to_latex,
    sheets_to_markdown,
)

if TYPE_CHECKING:
    from codecrucible.harness.evaluation.session import Outcome
    from codecrucible.reports.ratings import RatingSummary
    from codecrucible.sandbox import Fact


def conclude(outcomes: "list[Outcome]", options: Namespace, *, unjudged_fails: bool = True, slow: int = 0) -> int:
    """Print the reports and what went wrong; the exit code."""
    if options.json:
        print_one_or_all([report_json(outcome.report) for outcome in outcomes])
    else:
        show([outcome.report for outcome in outcomes], slow=slow)
        for outcome in outcomes:
            print(f"run folder: {outcome.folder}")
    for outcome in outcomes:
        for message, count in outcome.failures.items():
            complain(f"{message} ({count} programs)")
        if outcome.reason:
            complain(outcome.reason)
    unjudged = [outcome for outcome in outcomes if outcome.report.unjudged and unjudged_fails]
    for outcome in unjudged:
        complain(
            f"{outcome.report.unjudged} samples are left unjudged and count neither as passed nor as failed; "
            f"`crucible execute {outcome.folder}` resumes"
        )
    return EXIT_FAILURE if unjudged or any(outcome.failures for outcome in outcomes) else EXIT_DONE


def show(
    reports: Sequence[Report], *, form: str = "table", ratings: "RatingSummary | None" = None, slow: int = 0
) -> None:
    """Print reports in the form asked for.

    Args:
        reports: What is printed.
        form: As `--format` has it.
        ratings: What people said of their programs, which CSV has no columns for.
        slow: How many samples of each that are slow are shown, at most.
    """
    if form == "json":
        told = [report_json(each) for each in reports]
        if ratings:
            print_json({"reports": told, "ratings": to_json(ratings)})
        else:
            print_one_or_all(told)
        return
    if form in {"csv", "latex"}:  # which have no place for them
        for warning in warnings_of(reports):
            complain(warning)
    if form == "csv":
        print(reports_to_csv(reports), end="")
    else:
        sheets = report_sheets(reports, slow=slow)
        if ratings:
            from codecrucible.reports.views.rating_view import rating_sheets

            sheets += rating_sheets(ratings)
        show_sheets(sheets, form=form)


def show_as(
    form: str, *, as_json: Callable[[], Any], as_csv: Callable[[], str], sheets: Callable[[], Sequence[Sheet]]
) -> None:
    """Print what a command found as JSON, as CSV, or as tables in the form asked for."""
    if form == "json":
        print_json(as_json())
    elif form == "csv":
        print(as_csv(), end="")
    else:
        show_sheets(sheets(), form=form)


def show_sheets(sheets: Sequence[Sheet], *, form: str = "table") -> None:
    """Print sheets as "table", "markdown", "latex" or "html"."""
    if form == "markdown":
        print(sheets_to_markdown(sheets), end="")
    elif form == "latex":
        print(sheets_to_latex(sheets), end="")
    elif form == "html":
        print(sheets_to_html(sheets), end="")
    else:
        from rich.console import Console

        print_sheets(sheets, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))


def show_sentence(text: str) -> None:
    """Print a sentence, whose lines end between words on a terminal."""
    from rich.console import Console

    print_line(text, Console(), style="bold")


def print_one_or_all(values: list[Any]) -> None:
    """Print JSON: the value, or a list where there are several."""
    print_json(values[0] if len(values) == 1 else values)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(to_json_text(value), end="")


def print_facts(facts: "Iterable[Fact]", options: Namespace) -> bool:
    """Print facts as they come in; whether all of them are sound."""
    known = []
    for fact in facts:
        known.append(fact)
        if not options.json:
            mark = "ok  " if fact.ok else "FAIL"
            print(f"{mark} {for_terminal(fact.name)}: {for_terminal(fact.evidence)}")
            if not fact.ok:
                print(f"     {for_terminal(fact.fix)}")
    if options.json:
        print_json([to_json(fact) for fact in known])
    return all(fact.ok for fact in known)
