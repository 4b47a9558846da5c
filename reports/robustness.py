"""How a model does on perturbed prompts beside the nominal ones, by kind of perturbation."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from codecrucible.reports.report_types import ProblemRow, Report
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.robustness import Robustness, Versions, robustness
from codecrucible.reports.statistics.source_problem import nominal_problem

Over = Literal["perturbed", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind of perturbation.

    Attributes:
        kind: Its name; the text is as it came.
        over: Over the versions whose prompt is another than the nominal one, or over all.
        numbers: What was measured.
        p_holm: Adjusted for all kinds over the same; None where there is no p.
        left_out: Versions that are not in it: their own reference did not pass.
        unpaired: Versions without a judged sample on both sides.
    """

    kind: str
    over: Over
    numbers: Robustness
    p_holm: float | None = None
    left_out: int = 0
    unpaired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessReport:
    """A nominal run and runs of the same model on perturbed prompts.

    Attributes:
        run_id: The nominal run.
        model: Model and adapter as they came: not harmless.
        benchmark: Name of the nominal run's benchmark.
        greedy: Whether samples were drawn without chance.
        rows: One a kind over the perturbed versions, and one over all of them where some are not perturbed.
        notes: What else is to be said of the runs, a sentence each, without its full stop.
    """

    run_id: str
    model: str
    benchmark: str
    greedy: bool
    rows: tuple[KindRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PerturbedRun:
    """A run on perturbed prompts.

    Attributes:
        report: Its numbers; the groups of its problems say how they were perturbed.
        left_out: Ids of problems that say nothing of the model.
    """

    report: Report
    left_out: Collection[str] = frozenset()


def robustness_report(
    nominal: Report, runs: Sequence[PerturbedRun], *, greedy: bool, notes: Sequence[str] = ()
) -> RobustnessReport:
    """The numbers of every kind in `runs`, each beside the nominal prompts of the same problems.

    Raises:
        ValueError: if no problem of a run is a perturbed version of one of the nominal run.
    """
    rows = [
        row for over in ("perturbed", "all") for row in _with_holm(list(_kinds(nominal, runs, over, greedy=greedy)))
    ]
    if not rows:
        raise ValueError(
            f"Cannot tell how robust {nominal.name!r} is: no run has judged samples of a perturbed problem whose "
            f"nominal prompt is in {nominal.run_id!r}."
        )
    same = {row.kind: row.numbers for row in rows if row.over == "perturbed"}
    shown = [row for row in rows if row.over == "perturbed" or row.numbers != same.get(row.kind)]
    return RobustnessReport(
        run_id=nominal.run_id,
        model=nominal.name,
        benchmark=nominal.benchmark,
        greedy=greedy,
        rows=tuple(shown),
        notes=tuple(notes),
    )


def _with_holm(rows: Sequence[KindRow]) -> list[KindRow]:
    tested = [(row, row.numbers.p) for row in rows if row.numbers.p is not None]
    adjusted = {row.kind: p for (row, _), p in zip(tested, holm([p for _, p in tested]), strict=True)}
    return [replace(row, p_holm=adjusted.get(row.kind)) for row in rows]


def _kinds(nominal: Report, runs: Sequence[PerturbedRun], over: Over, *, greedy: bool) -> Iterator[KindRow]:
    base = {row.problem_id: row for row in nominal.per_problem if row.n}
    of_kind: dict[str, list[tuple[ProblemRow, bool]]] = {}
    for run in runs:
        for row in run.report.per_problem:
            if (kind := row.groups.get("perturbation")) and (over == "all" or row.groups.get("perturbed") != "no"):
                of_kind.setdefault(kind, []).append((row, row.problem_id in run.left_out))
    for kind, rows in of_kind.items():
        paired = [row for row, out in rows if not out and row.n and nominal_problem(row.problem_id) in base]
        left_out = sum(out for _, out in rows)
        if versions := _versions(base, paired):
            yield KindRow(
                kind=kind,
                over=over,
                numbers=robustness(versions, greedy=greedy),
                left_out=left_out,
                unpaired=len(rows) - left_out - len(paired),
            )


def _versions(base: dict[str, ProblemRow], rows: Sequence[ProblemRow]) -> list[Versions]:
    """The problems of the rows, in the nominal run's order."""
    of_problem: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        of_problem.setdefault(nominal_problem(row.problem_id), []).append((row.n, row.c))
    return [
        Versions(problem_id=problem_id, nominal=(one.n, one.c), perturbed=tuple(of_problem[problem_id]))
        for problem_id, one in base.items()
        if problem_id in of_problem
    ]
