"""What is printed: reports, facts, JSON, and the exit code that goes with it."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE
from codecrucible.harness.common.terminal import PIPED_WIDTH, complain
from codecrucible.harness.evaluation.session import Outcome
from codecrucible.reports import for_terminal, print_reports, to_csv, to_markdown

if TYPE_CHECKING:
    from codecrucible.sandbox import Fact


def conclude(outcomes: list[Outcome], options: Namespace, *, unjudged_fails: bool = True) -> int:
    """Print the reports and what went wrong; the exit code."""
    if options.json:
        print_one_or_all([outcome.report for outcome in outcomes])
    else:
        show([outcome.report for outcome in outcomes])
        for outcome in outcomes:
            print(f"run folder: {outcome.folder}")
    for outcome in outcomes:
        for message, count in outcome.failures.items():
            complain(f"{message} ({count} programs)")
        if outcome.reason:
            complain(outcome.reason)
    unjudged = [outcome for outcome in outcomes if outcome.report["unjudged"] and unjudged_fails]
    for outcome in unjudged:
        complain(
            f"{outcome.report['unjudged']} samples are left unjudged and count neither as passed nor as failed; "
            f"`crucible execute {outcome.folder}` goes on"
        )
    return EXIT_FAILURE if unjudged or any(outcome.failures for outcome in outcomes) else EXIT_DONE


def show(reports: list[dict[str, Any]], *, form: str = "table") -> None:
    """Print reports as a table of the form asked for."""
    if form == "markdown":
        print(to_markdown(reports), end="")
    elif form == "csv":
        print(to_csv(reports), end="")
    else:
        from rich.console import Console

        print_reports(reports, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))


def print_one_or_all(values: list[Any]) -> None:
    """Print JSON: the value, or a list where there are several."""
    print_json(values[0] if len(values) == 1 else values)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=True))


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
