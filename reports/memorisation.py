"""A run on a benchmark beside one on its twins, and how many completions are the published reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codecrucible.reports.comparison import PASS_AT_1
from codecrucible.reports.report_types import Report
from codecrucible.reports.statistics.difference import Difference, difference_of
from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
from codecrucible.reports.statistics.source_problem import nominal_problem, source_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCounts:
    """How many completions of one problem are its reference.

    Attributes:
        samples: Completions.
        kept: Those that are the reference but for comments and layout.
        canonical: Those that are it but for names, too.
    """

    samples: int
    kept: int
    canonical: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSame:
    """How many completions of one run are references.

    Attributes:
        kept: Mean over problems of the share that is the reference but for comments and layout; None without problems.
        canonical: The same, but for names too.
        by_problem: Counts by problem id, for the problems with a reference in Python.
        without: Problems without a reference in Python, or without a sample.
    """

    kept: Estimate | None
    canonical: Estimate | None
    by_problem: Mapping[str, SameCounts]
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorisationReport:
    """The numbers of the audit.

    Attributes:
        run_id: The run on the benchmark.
        model: Model and adapter as they came: not harmless.
        original: Name of the benchmark.
        twin: Name of its twins.
        pass_at_1: The twins' pass@1 beside the benchmark's, over the problems that both have.
        problems: How many those are.
        same_original: Completions of the benchmark's prompts that are the reference.
        same_twin: Completions of the twins' prompts that are the twin's reference.
        notes: Sentences on what the numbers leave out.
    """

    run_id: str
    model: str
    original: str
    twin: str
    pass_at_1: Difference
    problems: int
    same_original: SideSame
    same_twin: SideSame
    notes: tuple[str, ...] = ()


def memorisation_report(
    original: Report,
    twin: Report,
    *,
    same: tuple[Mapping[str, SameCounts], Mapping[str, SameCounts]],
    left_out: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> MemorisationReport:
    """The audit of two runs of one model.

    Args:
        original: The run on the benchmark.
        twin: The run on its twins.
        same: Counts of both runs by problem id.
        left_out: Ids of twins whose own reference did not pass.
        notes: What else is to be said.

    Raises:
        ValueError: if the two have no problem in common with judged samples.
    """
    base = {row.problem_id: row for row in original.per_problem if row.n}
    pairs = [
        (base[nominal_problem(row.problem_id)], row)
        for row in twin.per_problem
        if row.n and row.problem_id not in left_out and nominal_problem(row.problem_id) in base
    ]
    if not pairs:
        raise ValueError(
            f"Cannot compare {original.run_id!r} with {twin.run_id!r}: no problem of the second is a twin of one of "
            "the first with judged samples of both."
        )
    paired = {one.problem_id for one, _ in pairs}
    twins = {other.problem_id for _, other in pairs}
    return MemorisationReport(
        run_id=original.run_id,
        model=original.name,
        original=original.benchmark,
        twin=twin.benchmark,
        pass_at_1=difference_of(PASS_AT_1, [pairs], "problems"),
        problems=len(pairs),
        same_original=_side(same[0], paired),
        same_twin=_side(same[1], twins),
        notes=tuple(notes),
    )


def _side(same: Mapping[str, SameCounts], problems: set[str]) -> SideSame:
    counted = {problem_id: counts for problem_id, counts in same.items() if problem_id in problems and counts.samples}
    clusters = [source_problem(problem_id) for problem_id in counted]
    kept, canonical = (
        mean_with_interval([each(counts) for counts in counted.values()], clusters=clusters) if counted else None
        for each in (_kept_share, _canonical_share)
    )
    return SideSame(kept=kept, canonical=canonical, by_problem=counted, without=len(problems) - len(counted))


def _kept_share(counts: SameCounts) -> float:
    return counts.kept / counts.samples


def _canonical_share(counts: SameCounts) -> float:
    return counts.canonical / counts.samples
