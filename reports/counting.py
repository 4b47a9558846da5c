"""Samples of a run counted by problem, and what is made of the counts: the steps that every score has in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from codecrucible.reports.report_types import Score
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
from codecrucible.reports.statistics.source_problem import source_problem
from codecrucible.reports.tally import Alike

NO_TESTS = "not measured: the benchmark has no tests"
"""Why there is no score of what passes."""


def number_of(kinds: Iterable[Alike], which: Callable[[Alike], bool] = lambda _: True) -> int:
    """Number of samples of some kinds."""
    return sum(each.samples for each in kinds if which(each))


def by_problem(kinds: Iterable[Alike], which: Callable[[Alike], bool], facts: RunFacts) -> dict[str, int]:
    """Number of samples of some kinds, of each problem of the run."""
    numbers = dict.fromkeys(facts.problem_ids, 0)
    for each in kinds:
        if which(each):
            numbers[each.problem_id] += each.samples
    return numbers


def judged_counts(
    kinds: Sequence[Alike], passes: Callable[[Alike], bool], facts: RunFacts
) -> dict[str, tuple[int, int]]:
    """By problem n and c: judged samples, and those of them that pass."""
    n_of = by_problem(kinds, lambda each: each.judged, facts)
    c_of = by_problem(kinds, lambda each: each.judged and passes(each), facts)
    return {name: (n_of[name], c_of[name]) for name in facts.problem_ids}


def left_out_reason(entered: int, problems: int, k: int) -> str:
    """Why a mean is not over all problems, or ""."""
    if entered == problems:
        return ""
    return f"{problems - entered} of {problems} problems have fewer than {k} judged samples and are left out"


def as_score(estimate: Estimate | None, reason: str) -> Score:
    """An estimate as a report has it; None is a score that was not measured."""
    if estimate is None:
        return Score(reason=reason)
    return Score(value=estimate.value, ci95=ends_of(estimate), problems=estimate.problems, reason=reason)


def ends_of(estimate: Estimate) -> tuple[float, float] | None:
    """Both ends of the 95 % interval, or None where there is none."""
    return None if estimate.low is None or estimate.high is None else (estimate.low, estimate.high)


def mean_over_problems(scores: Mapping[str, float]) -> Estimate:
    """Mean of one number a problem, with versions of one problem as one cluster."""
    return mean_with_interval(list(scores.values()), clusters=[source_problem(name) for name in scores])
