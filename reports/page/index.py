"""What a page shows before any problem is opened: its runs, what was decided on its candidates, a row a problem."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.comparison import Comparison
from codecrucible.reports.gate import GateResult, sentences
from codecrucible.reports.ratings import RatingSummary
from codecrucible.reports.report_file import report_json
from codecrucible.reports.report_types import Report, Score
from codecrucible.reports.views.compare_view import comparison_sheets
from codecrucible.reports.views.rating_view import rating_tables
from codecrucible.reports.views.report_view import notes_of, warnings_of

LONGEST_WHY = 240  # characters of the index; what is unpacked for a problem has all


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What most of a problem's failed samples came to.

    Attributes:
        place: Place of such a sample among the problem's.
        verdict: Its verdict.
        why: One line for a person, such as the failing call with both values; may hold text of the program's.
    """

    place: int
    verdict: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRun:
    """One run of a page.

    Attributes:
        report: Its numbers, as `build_report` makes them.
        argv: The command line it was made with.
        folder: Where it is, as it was asked for.
        facts: Name and value of what a reader may ask about it: when it was made, its adapter, its settings.
        verdicts: Number of samples by verdict, of each problem by its id.
        failures: What most failed samples came to, by the id of each problem that a sample failed.
        weaknesses: Number of samples with a finding, by the finding's CWE.
    """

    report: Report
    argv: str
    folder: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, Counter[str]] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)
    weaknesses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProblem:
    """One problem of a page.

    Attributes:
        benchmark: Its benchmark's name.
        problem_id: The benchmark's task id.
        language: In lower case.
    """

    benchmark: str
    problem_id: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCandidate:
    """Runs of one model beside those of its baseline.

    Attributes:
        pairs: Places of the baseline's run and of its own among the page's runs, one a benchmark.
        comparisons: One for each pair, in the same order; () where the runs are not comparable.
        decision: What the gate says of them; None where it says nothing.
        undecided: Why it says nothing.
    """

    pairs: tuple[tuple[int, int], ...]
    comparisons: tuple[Comparison, ...] = ()
    decision: GateResult | None = None
    undecided: str = ""


def page_index(
    runs: Sequence[PageRun],
    problems: Sequence[PageProblem],
    candidates: Sequence[PageCandidate] = (),
    boards: Mapping[str, Any] | None = None,
    ratings: RatingSummary | None = None,
    groups: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What the page shows before any problem is opened.

    Args:
        runs: In the order in which they are shown.
        problems: The rows of the list of problems.
        candidates: What is compared.
        boards: A leaderboard, from `leaderboard_page_index`; shown in place of the overview.
        ratings: What people said of the runs' programs.
        groups: Tables of scores or differences by group, from `group_page`.
    """
    base_of = {own: base for candidate in candidates for base, own in candidate.pairs}
    labels = _labels(runs)
    return {
        "title": " · ".join(dict.fromkeys(f"{run.report.model} on {run.report.benchmark}" for run in runs)),
        "verdicts": [verdict.value for verdict in Verdict],
        "runs": [_run(run, label) for run, label in zip(runs, labels, strict=True)],
        "rows": [_row(problem, runs, base_of) for problem in problems],
        "candidates": [_candidate(candidate, labels) for candidate in candidates],
        "boards": boards,
        "ratings": rating_tables(ratings) if ratings else [],
        "groups": list(groups),
    }


def _labels(runs: Sequence[PageRun]) -> list[str]:
    """A name for each run that no other run of its benchmark has."""
    counts = Counter((run.report.benchmark, run.report.name) for run in runs)
    return [
        run.report.name
        if counts[run.report.benchmark, run.report.name] == 1
        else f"{run.report.name} ({run.folder or run.report.run_id})"
        for run in runs
    ]


def _run(run: PageRun, label: str) -> dict[str, Any]:
    report = run.report
    return {
        "id": report.run_id,
        "label": label,
        "folder": run.folder,
        "facts": dict(run.facts),
        "scores": {kind: _scores(scores) for kind, scores in _kinds(report).items()},
        "codebleu": report.codebleu.value,
        "cwe": dict(run.weaknesses),
        "argv": run.argv,
        "warnings": list(warnings_of([report])),
        "notes": list(notes_of([report])),
        "benchmark": report.benchmark,
        "n": report.n,
        "problems": report.problems,
        "samples": report.samples,
        "tested": report.tested,
        "verdicts": dict(report.verdicts),
        "security": report_json(report.security),
        "truncated": report.truncated,
        "efficient": report.efficiency.efficient_at_1 if report.efficiency else None,
        "cpuRatio": report.efficiency.cpu_ratio if report.efficiency else None,
    }


def _kinds(report: Report) -> dict[str, Mapping[int, Score]]:
    """pass@k by what it is over: all there is, which has no name of its own; parts of the tests; live rows."""
    live = {"live": report.live.pass_at_k} if report.live else {}
    return {"": report.pass_at_k, **report.pass_at_k_of_parts, **live}


def _scores(pass_at_k: Mapping[int, Score]) -> list[dict[str, Any]]:
    return [
        {
            "k": k,
            "value": score.value,
            "low": score.ci95[0] if score.ci95 else None,
            "high": score.ci95[1] if score.ci95 else None,
        }
        for k, score in pass_at_k.items()
    ]


def _row(problem: PageProblem, runs: Sequence[PageRun], base_of: Mapping[int, int]) -> dict[str, Any]:
    cells = [_cell(problem, run) for run in runs]
    for place, cell in enumerate(cells):
        base = cells[base_of[place]] if place in base_of else None
        failure = runs[place].failures.get(problem.problem_id)
        # Where nothing was compared, every failure is of interest.
        if cell and failure and (_worse(cell, base) if base else not base_of):
            cell["why"] = [failure.place, failure.verdict, failure.why[:LONGEST_WHY]]
    return {"id": problem.problem_id, "benchmark": problem.benchmark, "language": problem.language, "cells": cells}


def _cell(problem: PageProblem, run: PageRun) -> dict[str, Any] | None:
    """Judged samples of a problem in a run, those that passed, and all by verdict; None where the run has none."""
    if run.report.benchmark != problem.benchmark or problem.problem_id not in run.verdicts:
        return None
    verdicts = run.verdicts[problem.problem_id]
    judged = verdicts.total() - verdicts[Verdict.UNJUDGED] if run.report.tested else 0
    return {"n": judged, "c": verdicts[Verdict.PASSED], "v": dict(verdicts)}


def _worse(cell: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    return bool(cell["n"] and base["n"] and cell["c"] * base["n"] < base["c"] * cell["n"])


def _candidate(candidate: PageCandidate, labels: Sequence[str]) -> dict[str, Any]:
    decision, (base, own) = candidate.decision, candidate.pairs[0]
    return {
        "name": labels[own],
        "base": labels[base],
        "pairs": [list(pair) for pair in candidate.pairs],
        "state": decision.state.value if decision else None,
        "sentences": sentences(decision) if decision else [candidate.undecided],
        # A share that is to be kept is no number of points: the sentences tell it.
        "margin": decision.rule.margin if decision and decision.rule.retain is None else None,
        "comparisons": [_comparison(each) for each in candidate.comparisons],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    sheet = comparison_sheets([comparison])[0]
    forest = [
        {
            "key": difference.quantity.key,
            "title": difference.quantity.title,
            "delta": difference.estimate.delta,
            "low": difference.interval[0],
            "high": difference.interval[1],
            "sign": difference.quantity.sign,
            "gated": difference.gated,
        }
        for difference in comparison.differences
        if difference.estimate and difference.interval and difference.quantity.share and difference.quantity.sign
    ]
    return {
        "benchmark": comparison.benchmark,
        "title": sheet.title,
        "headings": ("quantity", *sheet.headings[1:]),
        "rows": sheet.rows,
        "notes": sheet.notes,
        "forest": forest,
        "lost": len(comparison.lost),
        "won": len(comparison.won),
    }
