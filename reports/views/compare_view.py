"""Comparisons for people and for programs: sheets, CSV and JSON."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.comparison import Comparison, ProblemChange
from codecrucible.reports.report_types import Report, Timing, told_apart
from codecrucible.reports.statistics.difference import Difference
from codecrucible.reports.statistics.levels import ALPHA
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional, percent, rows_to_csv

LISTED = 10  # problems shown of each kind; JSON has all
SECONDS: tuple[tuple[str, str, Callable[[Timing], float | None]], ...] = (
    ("generate_s", "seconds generating", lambda timing: timing.generate_s),
    ("execute_s", "seconds executing", lambda timing: timing.execute_s),
    ("wall_s", "seconds in all", lambda timing: timing.wall_s),
)
"""Key, title and value of the seconds that are shown."""


def comparison_sheets(comparisons: Sequence[Comparison]) -> list[Sheet]:
    """Scores, verdicts and changed problems of each comparison."""
    sheets = []
    for comparison in comparisons_told_apart(comparisons):
        sheets.append(_score_sheet(comparison))
        if not comparison.language:
            sheets += [_verdict_sheet(comparison), _problem_sheet(comparison)]
    return sheets


def comparisons_told_apart(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons, in which no two runs of a benchmark share a name."""
    apart = iter(told_apart([report for each in comparisons for report in (each.base, each.candidate)]))
    return [replace(each, base=next(apart), candidate=next(apart)) for each in comparisons]


def _title(comparison: Comparison) -> str:
    where = f"{comparison.benchmark}, {comparison.language}" if comparison.language else comparison.benchmark
    return title_of(comparison.base, comparison.candidate, where)


def title_of(base: Report, candidate: Report, where: str) -> str:
    """Which run is held against which, and on what."""
    # Two file names are often the same; the run ids never are.
    one, other = base.name, candidate.name
    if one == other:
        one, other = base.run_id, candidate.run_id
    return f"{other} against {one} on {where}"


def _score_sheet(comparison: Comparison) -> Sheet:
    rows = [_score_row(difference) for difference in comparison.differences]
    if not comparison.language:
        rows += [_seconds_row(comparison, title, seconds) for _, title, seconds in SECONDS]
    pass_at_1 = comparison.differences[0]
    sees = pass_at_1.estimate.minimum_detectable_effect(ALPHA) if pass_at_1.estimate else None
    notes = [
        "Differences and 95 % intervals are paired by problem; in points where a row is in percent. "
        + (
            "They are about these very problems."
            if comparison.inference == "fixed-set"
            else "They are about problems like these."
        ),
        "p: probability of a difference at least this large if both were equal (sign-flip test). Lost, won: problems.",
    ]
    if comparison.inference == "fixed-set":
        notes[1] = notes[1].replace("sign-flip test", "permutation of each problem's samples")
    if sees is not None:
        notes.append(f"This comparison can only detect drops of pass@1 of {100 * sees:.1f} points or more.")
    if comparison.left_out:
        notes.append(f"{len(comparison.left_out)} problems lack judged samples on a side and are left out of all rows.")
    notes += [f"{each.quantity.title}: {each.reason}." for each in comparison.differences if each.reason]
    return Sheet(
        title=_title(comparison),
        headings=("", "baseline", "candidate", "difference", "95 % interval", "p", "lost", "won"),
        rows=tuple(rows),
        notes=tuple(notes),
        dropped=(7, 6),
    )


def _score_row(difference: Difference) -> tuple[str, ...]:
    quantity, estimate = difference.quantity, difference.estimate
    factor = 100 if quantity.share else 1
    ends = difference.interval
    tested = difference.p_worse is not None
    return (
        quantity.title,
        *(
            percent(value) if quantity.share else optional(value, "{:.1f}".format)
            for value in (difference.base, difference.candidate)
        ),
        f"{factor * estimate.delta:+.1f}" if estimate else NOT_MEASURED,
        f"{factor * ends[0]:+.1f} to {factor * ends[1]:+.1f}" if ends else NOT_MEASURED,
        p_for_people(difference.p_two_sided),
        str(difference.lost) if tested else NOT_MEASURED,
        str(difference.won) if tested else NOT_MEASURED,
    )


def p_for_people(p: float | None) -> str:
    """A p-value with three digits and never 0, a dash if there is none."""
    return optional(p, lambda p: "< 0.001" if p < 0.001 else f"{p:.3f}")  # noqa: PLR2004


def _seconds_row(comparison: Comparison, title: str, seconds: Callable[[Timing], float | None]) -> tuple[str, ...]:
    before, after = (seconds(report.timing) for report in (comparison.base, comparison.candidate))
    change = after - before if before is not None and after is not None else None
    shown = [optional(value, "{:.1f}".format) for value in (before, after)]
    return title, *shown, optional(change, "{:+.1f}".format), *[NOT_MEASURED] * 4


def _verdict_sheet(comparison: Comparison) -> Sheet:
    rows = []
    for verdict in sorted(Verdict, key=lambda verdict: verdict is Verdict.UNJUDGED):
        counts = [report.verdicts.get(verdict.value, 0) for report in (comparison.base, comparison.candidate)]
        if any(counts):
            samples = [report.samples for report in (comparison.base, comparison.candidate)]
            shares = [100 * count / of if of else 0.0 for count, of in zip(counts, samples, strict=True)]
            shown = [f"{count}  {share:5.1f} %" for count, share in zip(counts, shares, strict=True)]
            rows.append((verdict.value, *shown, f"{shares[1] - shares[0]:+.1f}"))
    return Sheet(title="Verdicts", headings=("verdict", "baseline", "candidate", "points"), rows=tuple(rows))


def _problem_sheet(comparison: Comparison) -> Sheet:
    kinds = (("lost", comparison.lost), ("won", comparison.won), ("flaky", comparison.flaky))
    rows = [
        (
            kind,
            each.problem_id,
            *("{1} of {0}".format(*side) for side in (each.base, each.candidate)),
            f"{100 * each.change:+.0f}",
        )
        for kind, changes in kinds
        for each in changes[:LISTED]
    ]
    counts = ", ".join(f"{len(changes)} {kind}" for kind, changes in kinds)
    return Sheet(
        title=f"Problems: {counts}"
        + (f"; the first {LISTED} of each" if len(rows) < sum(len(c) for _, c in kinds) else ""),
        headings=("", "problem", "baseline", "candidate", "points"),
        rows=tuple(rows),
        labels=2,
        notes=("Flaky: the candidate passes it now and then.",) if comparison.flaky else (),
    )


def comparisons_to_csv(comparisons: Sequence[Comparison]) -> str:
    """One line a quantity of each comparison, at full precision; what was not measured is an empty cell."""
    return rows_to_csv(
        {
            "benchmark": comparison.benchmark,
            "language": comparison.language,
            "baseline_run": comparison.base.run_id,
            "candidate_run": comparison.candidate.run_id,
            "baseline_model": comparison.base.name,
            "candidate_model": comparison.candidate.name,
            "inference": comparison.inference,
            "quantity": difference.quantity.key,
            **difference_row(difference),
        }
        for comparison in comparisons
        for difference in comparison.differences
    )


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """JSON object of a comparison; shares are in [0, 1], and null is "not measured"."""
    sides = {"baseline": comparison.base, "candidate": comparison.candidate}
    return {
        "benchmark": comparison.benchmark,
        "language": comparison.language or None,
        "inference": comparison.inference,
        **{
            side: {"run_id": report.run_id, "model": report.model, "adapter": report.adapter, "n": report.n}
            for side, report in sides.items()
        },
        "problems": len(comparison.changes),
        "left_out": list(comparison.left_out),
        "quantities": {each.quantity.key: difference_json(each) for each in comparison.differences},
        "verdicts": {
            verdict.value: {side: report.verdicts.get(verdict.value, 0) for side, report in sides.items()}
            for verdict in Verdict
        },
        "seconds": {
            key: {side: seconds(report.timing) for side, report in sides.items()} for key, _, seconds in SECONDS
        },
        "tokens": {side: dict(report.tokens) for side, report in sides.items()},
        "lost": _changes_json(comparison.lost),
        "won": _changes_json(comparison.won),
        "flaky": _changes_json(comparison.flaky),
    }


def difference_json(difference: Difference) -> dict[str, Any]:
    """JSON object of one quantity."""
    estimate, ends = difference.estimate, difference.interval
    detectable = estimate.minimum_detectable_effect(ALPHA) if estimate else None
    return {
        "baseline": rounded(difference.base),
        "candidate": rounded(difference.candidate),
        "difference": rounded(estimate.delta if estimate else None),
        "ci95": [rounded(end) for end in ends] if ends else None,
        "p_two_sided": rounded_p(difference.p_two_sided),
        "p_worse": rounded_p(difference.p_worse),
        "p_worse_holm": rounded_p(difference.p_worse_holm),
        "minimum_detectable_effect": rounded(detectable),
        "problems": estimate.problems if estimate else 0,
        "lost": difference.lost,
        "won": difference.won,
        "gated": difference.gated,
        "reason": difference.reason,
    }


def difference_row(difference: Difference) -> dict[str, Any]:
    """One quantity as a row of CSV, with the ends of its interval in columns of their own, at full precision."""
    low, high = difference.interval or (None, None)
    told = {key: value for key, value in difference_json(difference).items() if key not in {"ci95", "gated"}}
    return {**told, "low": low, "high": high}


def _changes_json(changes: Iterable[ProblemChange]) -> list[dict[str, Any]]:
    return [
        {
            "problem_id": each.problem_id,
            "baseline": {"n": each.base[0], "c": each.base[1]},
            "candidate": {"n": each.candidate[0], "c": each.candidate[1]},
        }
        for each in changes
    ]


def rounded(value: float | None) -> float | None:
    """Rounded, so that what is written does not hang on the last bit of a sum."""
    return None if value is None else round(value, 6)


def rounded_p(value: float | None) -> float | None:
    """Four digits of a p-value, however small."""
    return None if value is None else float(f"{value:.4g}")
