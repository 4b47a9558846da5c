"""The audit of memorisation for people and for programs: sheets, CSV and JSON."""

from typing import Any

from codecrucible.reports.memorisation import MemorisationReport, SideSame
from codecrucible.reports.views.compare_view import difference_json
from codecrucible.reports.views.estimates import estimate_cell, estimate_json, p_cell
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional, percent, rows_to_csv

LISTED = 10  # problems shown; JSON has all

_PASSES = (
    "Paired by problem; the difference is in points, its 95 % interval over source problems. p: chance of twins this "
    "much worse if a problem and its twin are alike (sign-flip test, one-sided)."
)
_LIMITS = (
    "A twin has other names and words and the same values and tests: a drop may be memorised text, or a model that "
    "needs the usual names. A model without a drop may have memorised all the same."
)
_SAME = (
    "Share of completions whose function is the published reference, the mean over problems: but for comments and "
    "layout (same), and but for names too (same but for names). Short functions have few right forms, and are the "
    "reference by chance."
)


def memorisation_sheets(report: MemorisationReport) -> list[Sheet]:
    """pass@1 of both, completions that are the reference, and the problems where that is so."""
    difference = report.pass_at_1
    ends = difference.interval
    sides = ((report.original, report.same_original), (report.twin, report.same_twin))
    return [
        Sheet(
            title=f"{report.model} on {report.original} and its twins",
            headings=("", "problems", "original", "twins", "difference", "95 % interval", "p worse"),
            rows=(
                (
                    "pass@1",
                    str(report.problems),
                    percent(difference.base),
                    percent(difference.candidate),
                    optional(difference.estimate.delta if difference.estimate else None, lambda d: f"{100 * d:+.1f}"),
                    NOT_MEASURED if ends is None else f"{100 * ends[0]:+.1f} to {100 * ends[1]:+.1f}",
                    optional(difference.p_worse, p_cell),
                ),
            ),
            notes=(_PASSES, _LIMITS, *(f"{note}." for note in report.notes)),
        ),
        Sheet(
            title="Completions that are the reference",
            headings=("benchmark", "problems", "same", "same but for names"),
            rows=tuple(
                (name, str(len(side.by_problem)), estimate_cell(side.kept), estimate_cell(side.canonical))
                for name, side in sides
            ),
            notes=(
                _SAME,
                *(f"{name}: {side.without} problems could not be looked at." for name, side in sides if side.without),
            ),
            folded=(0,),
        ),
        *(
            [_problems(report.same_original)]
            if any(each.canonical for each in report.same_original.by_problem.values())
            else []
        ),
    ]


def _problems(side: SideSame) -> Sheet:
    """The problems of the original whose completions are the reference, most of them first."""
    found = sorted(
        ((problem_id, each) for problem_id, each in side.by_problem.items() if each.canonical),
        key=lambda item: (-item[1].kept / item[1].samples, -item[1].canonical / item[1].samples),
    )
    return Sheet(
        title=f"Problems with completions that are the reference: {len(found)}",
        headings=("problem", "completions", "same", "same but for names"),
        rows=tuple(
            (problem_id, str(each.samples), str(each.kept), str(each.canonical)) for problem_id, each in found[:LISTED]
        ),
        notes=(f"{len(found) - LISTED} more are in --json.",) if len(found) > LISTED else (),
    )


def memorisation_to_csv(report: MemorisationReport) -> str:
    """One line a problem and side."""
    return rows_to_csv(
        {
            "model": report.model,
            "benchmark": name,
            "problem_id": problem_id,
            "completions": each.samples,
            "same": each.kept,
            "same_but_for_names": each.canonical,
        }
        for name, side in ((report.original, report.same_original), (report.twin, report.same_twin))
        for problem_id, each in side.by_problem.items()
    )


def memorisation_json(report: MemorisationReport) -> dict[str, Any]:
    """JSON object of the audit; shares are in [0, 1], and null is "not measured"."""
    return {
        "run_id": report.run_id,
        "model": report.model,
        "original": report.original,
        "twin": report.twin,
        "pass_at_1": difference_json(report.pass_at_1),
        "same_as_reference": {"original": _side(report.same_original), "twin": _side(report.same_twin)},
        "notes": list(report.notes),
    }


def _side(side: SideSame) -> dict[str, Any]:
    return {
        "same": estimate_json(side.kept),
        "same_but_for_names": estimate_json(side.canonical),
        "without": side.without,
        "problems": [
            {
                "problem_id": problem_id,
                "completions": each.samples,
                "same": each.kept,
                "same_but_for_names": each.canonical,
            }
            for problem_id, each in side.by_problem.items()
        ],
    }
