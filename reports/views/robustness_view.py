"""The robustness audit for people and for programs: sheets, CSV and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from codecrucible.reports.robustness import KindRow, Over, RobustnessReport
from codecrucible.reports.statistics.paired import PairedEstimate
from codecrucible.reports.views.compare_view import rounded, rounded_p
from codecrucible.reports.views.estimates import estimate_cell, estimate_json, p_cell
from codecrucible.reports.views.sheet import NOT_MEASURED, Cell, Sheet, optional, rows_to_csv

_TITLES: dict[Over, str] = {
    "perturbed": "{model} on perturbed prompts of {benchmark}",
    "all": "{model} on all prompts of these kinds, those too that no perturbation changed",
}
_HEADINGS = (
    "perturbation",
    "problems",
    "versions",
    "pass@1",
    "perturbed",
    "difference",
    "robust pass@1",
    "nominal as often",
    "drop",
    "p",
    "p (Holm)",
)
_WHAT = (
    "pass@1: of the nominal prompts of these problems. Perturbed: of their versions, averaged. Robust pass@1: one draw "
    "of each version passes for all of them. Differences are in points; 95 % intervals are over source problems."
)
_P = (
    "p: chance of a drop as large if the nominal prompt is one more version like the others (its place drawn anew "
    "within each problem); Holm: over the kinds of this table."
)
_GREEDY = "Greedy: nominal as often is pass@1, since one prompt has one answer."
_AS_OFTEN = (
    "Nominal as often: as many draws of the nominal prompt as there are versions all pass. The drop is from there."
)
_UNMATCHED = (
    "{kinds}: fewer samples than versions, so that the drop is from pass@1 and holds what chance does alone; take at "
    "least as many samples as versions (-n)"
)


def robustness_sheets(report: RobustnessReport) -> list[Sheet]:
    """A table over the perturbed prompts, and one over all where some are not perturbed."""
    return [
        Sheet(
            title=_TITLES[over].format(model=report.model, benchmark=report.benchmark),
            headings=_HEADINGS,
            rows=tuple(map(_cells, rows)),
            notes=(_WHAT, _P, _GREEDY if report.greedy else _AS_OFTEN, *_remarks(rows, report)),
            dropped=(5, 4),
        )
        for over in _TITLES
        if (rows := [row for row in report.rows if row.over == over])
    ]


def _cells(row: KindRow) -> tuple[Cell, ...]:
    numbers = row.numbers
    return (
        row.kind,
        str(numbers.problems),
        str(numbers.versions),
        estimate_cell(numbers.nominal),
        estimate_cell(numbers.mean),
        _points(numbers.mean_drop),
        estimate_cell(numbers.worst),
        estimate_cell(numbers.as_often) if numbers.matched else NOT_MEASURED,
        _points(numbers.worst_drop),
        optional(numbers.p, p_cell),
        optional(row.p_holm, p_cell),
    )


def _points(estimate: PairedEstimate) -> Cell:
    ends = _ends(estimate)
    told = f"{100 * estimate.delta:+.1f}"
    return told if ends is None else (told, f"{100 * ends[0]:+.1f} to {100 * ends[1]:+.1f}")


def _ends(estimate: PairedEstimate) -> tuple[float, float] | None:
    """The interval, kept to what is possible."""
    ends = estimate.interval()
    return None if ends is None else (max(-1.0, ends[0]), min(1.0, ends[1]))


def _remarks(rows: Sequence[KindRow], report: RobustnessReport) -> Iterator[str]:
    """What the numbers leave out."""
    unmatched = [row.kind for row in rows if not row.numbers.matched]
    if unmatched:
        yield f"{_UNMATCHED.format(kinds=', '.join(unmatched))}."
    for row in rows:
        if row.left_out:
            yield f"{row.kind}: {row.left_out} versions are left out, since their own reference did not pass."
        if row.unpaired:
            yield f"{row.kind}: {row.unpaired} versions have no judged sample, or their nominal prompt has none."
        if row.numbers.reason:
            yield f"{row.kind}: no p: {row.numbers.reason}."
    yield from (f"{note}." for note in report.notes)


def robustness_to_csv(report: RobustnessReport) -> str:
    """One line a kind; what was not measured is an empty cell."""
    return rows_to_csv({"model": report.model, "benchmark": report.benchmark, **_flat(row)} for row in report.rows)


def robustness_json(report: RobustnessReport) -> dict[str, Any]:
    """JSON object of the audit; shares are in [0, 1], and null is "not measured"."""
    return {
        "run_id": report.run_id,
        "model": report.model,
        "benchmark": report.benchmark,
        "greedy": report.greedy,
        "kinds": [_json(row) for row in report.rows],
        "notes": list(report.notes),
    }


def _json(row: KindRow) -> dict[str, Any]:
    numbers = row.numbers
    return {
        "perturbation": row.kind,
        "over": row.over,
        "problems": numbers.problems,
        "versions": numbers.versions,
        "left_out": row.left_out,
        "unpaired": row.unpaired,
        "nominal_pass_at_1": estimate_json(numbers.nominal),
        "perturbed_pass_at_1": estimate_json(numbers.mean),
        "perturbed_difference": _difference(numbers.mean_drop),
        "robust_pass_at_1": estimate_json(numbers.worst),
        "nominal_as_often": estimate_json(numbers.as_often) if numbers.matched else None,
        "drop": _difference(numbers.worst_drop),
        "p": rounded_p(numbers.p),
        "p_holm": rounded_p(row.p_holm),
        "reason": numbers.reason,
    }


def _difference(estimate: PairedEstimate) -> dict[str, Any]:
    ends = _ends(estimate)
    return {"value": rounded(estimate.delta), "ci95": [rounded(end) for end in ends] if ends else None}


def _flat(row: KindRow) -> dict[str, Any]:
    """One row of CSV: each value, with the ends of its interval in columns of their own."""
    flat: dict[str, Any] = {}
    for key, value in _json(row).items():
        if key == "nominal_as_often" and value is None:
            flat |= dict.fromkeys((key, f"{key}_low", f"{key}_high"))
        elif isinstance(value, dict):
            low, high = value["ci95"] or (None, None)
            flat |= {key: value["value"], f"{key}_low": low, f"{key}_high": high}
        else:
            flat[key] = value
    return flat
