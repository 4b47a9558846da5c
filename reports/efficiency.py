"""From what programs cost on stress inputs to the numbers of a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, exp, log
from statistics import median

from codecrucible.reports.counting import as_score, mean_over_problems
from codecrucible.reports.efficiency_types import TOLERANCE, WAITS_S, Efficiency, SlowSample
from codecrucible.reports.report_types import NO_SCORE, Score

_MEASURED, _WRONG, _OVER_LIMIT = "measured", "wrong", ("over_limit", "out_of_memory")
_FEWEST_FOR_NOISE = 20
_LONGEST_LIST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StressRow:
    """One distinct program on the stress inputs of its problem, see `harness.runs.efficiency_record`.

    Attributes:
        state: What became of it.
        cpu_ratio: CPU seconds over the reference's; None where it has none.
        memory_ratio: Peak memory over the reference's.
        waited_s: Seconds that it slept beyond the reference.
        detail: One line for a person.
    """

    state: str
    cpu_ratio: float | None = None
    memory_ratio: float | None = None
    waited_s: float = 0.0
    detail: str = ""

    @property
    def waits(self) -> bool:
        """Whether it sleeps."""
        return self.waited_s >= WAITS_S

    def is_within(self, ratio: float) -> bool:
        """Whether it answers right, and takes no more than `ratio` times the reference's CPU seconds."""
        took = self.cpu_ratio if self.state == _MEASURED and not self.waits else None
        return took is not None and took <= ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class StressProblem:
    """What is known of one problem.

    Attributes:
        judged: Judged samples.
        passing: Program digest of each passing sample, by sample index.
        programs: What was measured, by program digest.
        reference: The reference against itself; None where it was not measured yet.
        best: The fastest known program; None where there is none.
        own_tests: Whether the problem's own tests stand for stress inputs.
    """

    judged: int
    passing: Mapping[int, str] = field(default_factory=dict)
    programs: Mapping[str, StressRow] = field(default_factory=dict)
    reference: StressRow | None = None
    best: StressRow | None = None
    own_tests: bool = False

    @property
    def usable(self) -> bool:
        """Whether programs can be measured: the reference was, against itself."""
        return self.reference is not None and self.reference.state == _MEASURED

    @property
    def rows(self) -> list[StressRow]:
        """What was measured of each passing sample."""
        return [self.programs[each] for each in self.passing.values() if each in self.programs]

    @property
    def missing(self) -> int:
        """Passing samples that were not measured yet."""
        return len(self.passing) - len(self.rows)

    @property
    def efficient(self) -> int:
        """Judged samples that pass and take no more than the reference."""
        return sum(row.is_within(TOLERANCE) for row in self.rows)

    @property
    def best_ratio(self) -> float | None:
        """CPU seconds of the fastest known program over the reference's; None where it answers wrong here."""
        return self.best.cpu_ratio if self.best and self.best.state == _MEASURED else None


def efficiency_of(problems: Mapping[str, StressProblem]) -> Efficiency:
    """The numbers of a run.

    Args:
        problems: All of the run, by problem id.
    """
    usable = {name: each for name, each in problems.items() if each.usable and each.judged}
    every = [row for each in usable.values() for row in each.rows]
    missing = sum(each.missing for each in usable.values())
    efficient, as_the_best = _efficient_at_1(usable, missing), _as_the_best_at_1(usable, missing)
    noise = _noise([each.reference for each in usable.values() if each.reference])
    return Efficiency(
        passing=sum(len(each.passing) for each in usable.values()),
        measured=len(every),
        problems=len(usable),
        left_out=len(problems) - len(usable),
        own_tests=sum(each.own_tests for each in usable.values()),
        efficient_at_1=efficient.value,
        efficient_at_1_ci95=efficient.ci95,
        as_the_best_at_1=as_the_best.value,
        as_the_best_at_1_ci95=as_the_best.ci95,
        cpu_ratio=_median_of(usable, "cpu_ratio"),
        memory_ratio=_median_of(usable, "memory_ratio"),
        wrong=sum(row.state == _WRONG for row in every),
        over_limit=sum(row.state in _OVER_LIMIT for row in every),
        waiting=sum(row.waits for row in every),
        noise=noise,
        reason=efficient.reason,
        slow=tuple(_slow(usable))[:_LONGEST_LIST],
    )


def efficient_counts(problems: Mapping[str, StressProblem]) -> dict[str, int]:
    """Number of efficient samples of each problem that was measured whole: what two runs are compared by."""
    return {name: each.efficient for name, each in problems.items() if each.usable and not each.missing}


def _efficient_at_1(usable: Mapping[str, StressProblem], missing: int) -> Score:
    """Mean over problems of the share of judged samples; one without a pass has none."""
    if reason := _why_none(usable, missing):
        return Score(reason=reason)
    return as_score(mean_over_problems({name: each.efficient / each.judged for name, each in usable.items()}), "")


def _as_the_best_at_1(usable: Mapping[str, StressProblem], missing: int) -> Score:
    known = {name: (each, ratio) for name, each in usable.items() if (ratio := each.best_ratio)}
    if missing or not known:
        return NO_SCORE
    shares = {
        name: sum(row.is_within(TOLERANCE * ratio) for row in each.rows) / each.judged
        for name, (each, ratio) in known.items()
    }
    return as_score(mean_over_problems(shares), "")


def _why_none(usable: Mapping[str, StressProblem], missing: int) -> str:
    if not usable:
        return "no problem could be measured"
    return f"{missing} passing samples are not measured yet" if missing else ""


def _median_of(usable: Mapping[str, StressProblem], name: str) -> float | None:
    """Median over problems of the median over their passing samples; what only has a lower bound counts as that."""
    of_problems = []
    for each in usable.values():
        known = [ratio for row in each.rows if (ratio := getattr(row, name)) is not None and row.state != _WRONG]
        if known:
            of_problems.append(median(known))
    return median(of_problems) if of_problems else None


def _noise(references: Sequence[StressRow]) -> float | None:
    """The factor that 95 % of the references' ratios to themselves are within."""
    apart = sorted(abs(log(row.cpu_ratio)) for row in references if row.cpu_ratio)
    if len(apart) < _FEWEST_FOR_NOISE:
        return None
    return exp(apart[ceil(0.95 * len(apart)) - 1])


def _slow(usable: Mapping[str, StressProblem]) -> list[SlowSample]:
    """Passing samples that are not efficient, one a distinct program: those that were stopped, the slow, the wrong."""
    found = []
    for name, each in usable.items():
        for sha256, indices in _indices(each.passing.items()).items():
            row = each.programs.get(sha256)
            if row is not None and not row.is_within(TOLERANCE):
                found.append(_slow_sample(name, indices, row))
    return sorted(found, key=lambda each: (each.state == _WRONG, -(each.cpu_ratio or 0), each.problem_id))


def _slow_sample(problem_id: str, indices: Sequence[int], row: StressRow) -> SlowSample:
    return SlowSample(
        problem_id=problem_id,
        sample_index=min(indices),
        samples=len(indices),
        state=row.state,
        cpu_ratio=row.cpu_ratio,
        memory_ratio=row.memory_ratio,
        waited_s=row.waited_s,
        detail=row.detail,
    )


def _indices(passing: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, sha256 in passing:
        found.setdefault(sha256, []).append(index)
    return found
