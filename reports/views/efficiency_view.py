"""CPU time and memory of passing programs: a sheet of the runs, and one of the samples that are slow."""

from collections.abc import Iterator, Sequence

from codecrucible.reports.efficiency_types import Efficiency, SlowSample
from codecrucible.reports.report_types import Report, Score
from codecrucible.reports.views.safe_text import for_terminal
from codecrucible.reports.views.sheet import Cell, Sheet, optional, score_with_interval

_LEGEND = (
    "On stress inputs, beside the reference in the same container. efficient@1: mean over problems of the share of "
    "samples that pass, answer right under stress too, and take no more CPU time than the reference; as the best: than "
    "the fastest program that is known. The ratios are medians over problems with a pass."
)
_STATES = {"wrong": "wrong under stress", "over_limit": "stopped", "out_of_memory": "out of memory"}


def efficiency_sheets(reports: Sequence[Report], *, slow: int = 0) -> Iterator[Sheet]:
    """The sheets of those reports that measured any; `slow` samples of each at most."""
    measured = [(report, report.efficiency) for report in reports if report.efficiency]
    if measured:
        yield _summary(measured)
    for report, found in measured:
        if slow and found.slow:
            yield _slow_sheet(report, found.slow[:slow])


def _summary(measured: Sequence[tuple[Report, Efficiency]]) -> Sheet:
    return Sheet(
        title="Efficiency",
        headings=(
            ("model", "benchmark"),
            ("efficient@1", "95 % interval"),
            ("as the best@1", "95 % interval"),
            ("CPU time", "x reference"),
            ("memory", "x reference"),
            ("wrong", "under stress"),
            ("stopped", "for time or memory"),
            "sleeps",
            ("passes measured", "problems"),
        ),
        rows=tuple(
            (
                (report.name, report.benchmark),
                _share(found.efficient_at_1, found.efficient_at_1_ci95),
                _share(found.as_the_best_at_1, found.as_the_best_at_1_ci95),
                _times(found.cpu_ratio),
                _times(found.memory_ratio),
                str(found.wrong),
                str(found.over_limit),
                str(found.waiting),
                (f"{found.measured} of {found.passing}", f"{found.problems}"),
            )
            for report, found in measured
        ),
        notes=(_LEGEND, *(note for report, found in measured for note in _notes(report, found))),
        folded=(0,),
    )


def _notes(report: Report, found: Efficiency) -> Iterator[str]:
    run = for_terminal(report.run_id)
    yield f"{run}: up to {found.tolerance} times the reference counts as no difference{_noise(found)}."
    if found.reason:
        yield f"{run}: no efficient@1: {for_terminal(found.reason)}."
    if found.left_out:
        yield f"{run}: {found.left_out} of {found.left_out + found.problems} problems could not be measured."
    if found.own_tests:
        yield (
            f"{run}: {found.own_tests} problems have no stress inputs and were measured by their own tests, start and "
            "transport included: little can be told there."
        )


def _noise(found: Efficiency) -> str:
    if found.noise is None:
        return ""
    told = f"; 95 % of the references, against themselves, are within a factor of {found.noise:.2f}"
    return f"{told}, which is MORE" if found.noise > found.tolerance else told


def _slow_sheet(report: Report, slow: Sequence[SlowSample]) -> Sheet:
    return Sheet(
        title=f"Samples that pass and are slow, {for_terminal(report.run_id)}",
        headings=("sample", ("CPU time", "x reference"), ("memory", "x reference"), "sleeps s", "samples", "what"),
        rows=tuple(
            (
                f"{each.problem_id}/{each.sample_index}",
                ("> " if each.state in ("over_limit", "out_of_memory") and each.cpu_ratio else "")
                + _times(each.cpu_ratio),
                _times(each.memory_ratio),
                f"{each.waited_s:.1f}",
                str(each.samples),
                " ".join(filter(None, (_STATES.get(each.state, ""), each.detail))),
            )
            for each in slow
        ),
        folded=(5,),
    )


def csv_of_efficiency(report: Report) -> dict[str, float | None]:
    """Columns of a line of CSV, at full precision."""
    found = report.efficiency
    low, high = (found.efficient_at_1_ci95 if found else None) or (None, None)
    return {
        "efficient_at_1": found.efficient_at_1 if found else None,
        "efficient_at_1_low": low,
        "efficient_at_1_high": high,
        "as_the_best_at_1": found.as_the_best_at_1 if found else None,
        "cpu_ratio": found.cpu_ratio if found else None,
        "memory_ratio": found.memory_ratio if found else None,
        "wrong_under_stress": found.wrong if found else None,
    }


def _share(value: float | None, ci95: tuple[float, float] | None) -> Cell:
    return score_with_interval(Score(value=value, ci95=ci95))


def _times(ratio: float | None) -> str:
    return optional(ratio, "{:.2f}".format)
