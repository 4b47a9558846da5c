"""Histories of baselines as tables and as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codecrucible.reports.history import Moment
from codecrucible.reports.views.compare_view import difference_json, p_for_people
from codecrucible.reports.views.sheet import NOT_MEASURED, Cell, Sheet, score_with_interval


def history_sheets(name: str, histories: Mapping[str, Sequence[Moment]]) -> list[Sheet]:
    """A table a benchmark, with a row a run."""
    return [
        Sheet(
            title=f"{name} on {benchmark}",
            headings=("set", "run", "pass@1", "from the first", "p worse", "level", "drift"),
            rows=tuple(_row(each) for each in moments),
            labels=2,
            notes=(*(f"{each.run_id}: {each.reason}." for each in moments if each.reason), _RULE),
            styles=tuple("red" if each.drifted else "" for each in moments),
            folded=(1,),
            dropped=(5,),
        )
        for benchmark, moments in histories.items()
    ]


_RULE = (
    "Each run is tested against the first, paired by problem. The levels of all tests, those to come among them, share "
    "5 % between the benchmarks."
)


def _row(each: Moment) -> tuple[Cell, ...]:
    difference = each.difference
    return (
        each.set_utc[:10],
        each.run_id,
        score_with_interval(each.pass_at_1),
        f"{100 * difference.estimate.delta:+.1f}" if difference and difference.estimate else NOT_MEASURED,
        p_for_people(difference.p_worse) if difference else NOT_MEASURED,
        NOT_MEASURED if each.level is None else f"{each.level:.4f}",
        "DRIFT" if each.drifted else "no" if difference else NOT_MEASURED,
    )


def history_json(histories: Mapping[str, Sequence[Moment]]) -> list[dict[str, Any]]:
    """A JSON object a run; shares are in [0, 1]."""
    return [
        {
            "benchmark": each.benchmark,
            "run_id": each.run_id,
            "set_utc": each.set_utc,
            "pass_at_1": asdict(each.pass_at_1),
            "difference": difference_json(each.difference) if each.difference else None,
            "level": each.level,
            "drift": each.drifted,
            "reason": each.reason,
        }
        for moments in histories.values()
        for each in moments
    ]


def history_rows(histories: Mapping[str, Sequence[Moment]]) -> Iterator[dict[str, Any]]:
    """A row of CSV a run."""
    for each in history_json(histories):
        score, difference = each.pop("pass_at_1"), each.pop("difference") or {}
        numbers = {key: difference.get(key) for key in ("difference", "p_worse")}
        yield each | {"pass_at_1": score["value"]} | numbers


def plot_history(name: str, histories: Mapping[str, Sequence[Moment]], path: Path) -> None:
    """Draw pass@1 of each run with its interval, a line a benchmark, into an SVG or PNG file.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for benchmark, moments in histories.items():
        shown = [(place, each) for place, each in enumerate(moments) if each.pass_at_1.value is not None]
        values = [100 * (each.pass_at_1.value or 0.0) for _, each in shown]
        ends = [each.pass_at_1.ci95 or (each.pass_at_1.value or 0.0,) * 2 for _, each in shown]
        bars = [
            [value - 100 * low for value, (low, _) in zip(values, ends, strict=True)],
            [100 * high - value for value, (_, high) in zip(values, ends, strict=True)],
        ]
        axes.errorbar([place for place, _ in shown], values, yerr=bars, marker="o", capsize=4, label=_plain(benchmark))
        for place, each in shown:
            if each.drifted:
                axes.annotate(
                    "drift",
                    (place, 100 * (each.pass_at_1.value or 0.0)),
                    (-6, 6),
                    textcoords="offset points",
                    ha="right",
                )
    longest = max(histories.values(), key=len)
    axes.set_xticks(range(len(longest)), [each.set_utc[:10] for each in longest])
    axes.set_ylabel("pass@1, %")
    axes.set_title(_plain(name))
    axes.legend()
    figure.savefig(path)


def _plain(text: str) -> str:
    """A name without what a picture would take for mathematics."""
    return text.replace("$", r"\$")
