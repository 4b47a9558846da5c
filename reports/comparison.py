"""A candidate beside its baseline: every number of two reports with its difference, interval and p."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from codecrucible.reports.report_types import ProblemRow, Report
from codecrucible.reports.statistics.difference import (
    GATED,
    Difference,
    Inference,
    Pairs,
    Quantity,
    difference_of,
    holm_adjusted,
)
from codecrucible.reports.statistics.levels import ALPHA
from codecrucible.reports.statistics.pass_at_k import pass_at_k


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemChange:
    """Passes of one problem on both sides.

    Attributes:
        problem_id: The benchmark's task id.
        base: (samples, passed) of the baseline.
        candidate: (samples, passed) of the candidate.
    """

    problem_id: str
    base: tuple[int, int]
    candidate: tuple[int, int]

    @property
    def change(self) -> float:
        """Candidate's share of passes less the baseline's."""
        return self.candidate[1] / self.candidate[0] - self.base[1] / self.base[0]

    @property
    def flaky(self) -> bool:
        """Whether the candidate passes it now and then."""
        return 0 < self.candidate[1] < self.candidate[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs of one benchmark, or of one language of it.

    Attributes:
        benchmark: Its name.
        language: The one that this is about; "" for all of the benchmark.
        base: The baseline's report.
        candidate: The candidate's report.
        inference: "problems": about problems like these; "fixed-set": about these alone.
        differences: One a quantity.
        changes: Problems that both sides have judged samples of, in the benchmark's order.
        left_out: Problems without a judged sample on either side; without any, where the benchmark has no tests.
    """

    benchmark: str
    language: str
    base: Report
    candidate: Report
    inference: Inference
    differences: tuple[Difference, ...]
    changes: tuple[ProblemChange, ...]
    left_out: tuple[str, ...]

    @property
    def lost(self) -> tuple[ProblemChange, ...]:
        """Problems on which the candidate passes less often, the largest loss first."""
        return tuple(sorted((each for each in self.changes if each.change < 0), key=lambda each: each.change))

    @property
    def won(self) -> tuple[ProblemChange, ...]:
        """Problems on which the candidate passes more often, the largest gain first."""
        return tuple(sorted((each for each in self.changes if each.change > 0), key=lambda each: -each.change))

    @property
    def flaky(self) -> tuple[ProblemChange, ...]:
        """Problems that the candidate passes now and then, the most uncertain first."""
        return tuple(
            sorted(
                (each for each in self.changes if each.flaky),
                key=lambda each: abs(each.candidate[1] / each.candidate[0] - 1 / 2),
            )
        )


Pooled = tuple[Difference, list[Comparison]]  # a quantity over several benchmarks, and these


def compare_reports(
    base: Report,
    candidate: Report,
    *,
    inference: Inference = "problems",
    language: str = "",
    gated_parts: Collection[str] = (),
) -> Comparison:
    """Every quantity of `candidate` beside `base`'s, over the problems that both have judged samples of.

    Where the benchmark has no tests, over those that both have samples of.

    Args:
        base: Report of the baseline, as `build_report` makes it.
        candidate: Report of the candidate, of the same benchmark.
        inference: About problems like these, or about these alone.
        language: Only the problems in this language; "" for all.
        gated_parts: Names of parts of the tests whose pass@1 is gated as that of all tests is.

    Raises:
        ValueError: if the reports have no problem in common that both have judged samples of.
    """
    both = _both(base, candidate, language)
    pairs = _counted(both, tested=base.tested)
    kept = {one.problem_id for one, _ in pairs}
    if not pairs:
        raise ValueError(
            f"Cannot compare {base.run_id!r} with {candidate.run_id!r}: there is no problem that both have "
            "judged samples of."
        )
    return Comparison(
        benchmark=base.benchmark,
        language=language,
        base=base,
        candidate=candidate,
        inference=inference,
        differences=tuple(
            difference_of(quantity, [pairs], inference) for quantity in _quantities(base, candidate, gated_parts)
        ),
        changes=tuple(
            ProblemChange(problem_id=one.problem_id, base=(one.n, one.c), candidate=(other.n, other.c))
            for one, other in _counted(both, tested=True)
        ),
        left_out=tuple(one.problem_id for one, _ in both if one.problem_id not in kept),
    )


def languages_of(report: Report) -> list[str]:
    """Languages of a report's problems where there are several, in the benchmark's order; else none."""
    languages = list(dict.fromkeys(row.language for row in report.per_problem if row.language))
    return languages if len(languages) > 1 else []


_ABSENT = ProblemRow(problem_id="")


def _both(base: Report, candidate: Report, language: str = "") -> Pairs:
    """Both sides' rows of each of the baseline's problems."""
    rows = {row.problem_id: row for row in candidate.per_problem}
    return [
        (row, rows.get(row.problem_id, _ABSENT)) for row in base.per_problem if not language or row.language == language
    ]


def _counted(both: Pairs, *, tested: bool) -> Pairs:
    """Those of the problems that both sides have judged samples of, or samples at all if none of them are tested."""
    if not tested:
        return [(one, other) for one, other in both if one.samples and other.samples]
    return [(one, other) for one, other in both if one.n and other.n]


Share = tuple[Callable[[ProblemRow], float | None], Callable[[ProblemRow], tuple[int, int]]]


def _share(of: Callable[[ProblemRow], int], count: Callable[[ProblemRow], int | None]) -> Share:
    """Score and counts of "`count` out of `of`"; the counts are asked for only where there is a score."""

    def score(row: ProblemRow) -> float | None:
        total, part = of(row), count(row)
        return part / total if total and part is not None else None

    return score, lambda row: (of(row), count(row) or 0)


_PASSED = _share(lambda row: row.n, lambda row: row.c)
PASS_AT_1 = Quantity(key="pass_at_1", title="pass@1", sign=1, share=True, score=_PASSED[0], counts=_PASSED[1])
_SECURE = _share(lambda row: row.n, lambda row: row.secure)
_EFFICIENT = _share(lambda row: row.n, lambda row: row.efficient)
_INSECURE = _share(lambda row: row.scanned, lambda row: row.insecure)
_TRUNCATED = _share(lambda row: row.samples, lambda row: row.truncated)
_TIMEOUTS = _share(lambda row: row.n, lambda row: row.timeouts)


def _scannable(row: ProblemRow) -> float | None:
    seen = row.scanned + row.unscannable
    return row.scanned / seen if seen else None


def parts_of(base: Report, candidate: Report) -> list[str]:
    """Names of the parts of the tests that are known of each problem of both, in their order."""
    names = dict.fromkeys(name for row in base.per_problem for name in row.of_parts)
    return [name for name in names if all(name in row.of_parts for row in (*base.per_problem, *candidate.per_problem))]


def _part_quantity(part: str, gated_parts: Collection[str]) -> Quantity:
    """pass@1 of a part of the tests and those before it."""
    score, counts = _share(lambda row: row.n, lambda row: row.of_parts.get(part))
    weight = GATED["pass_at_1"] if part in gated_parts else 0
    return Quantity(
        key=f"{part}_pass_at_1",
        title=f"pass@1 of {part} tests",
        sign=1,
        share=True,
        score=score,
        counts=counts,
        weight=weight,
    )


def _quantities(base: Report, candidate: Report, gated_parts: Collection[str]) -> tuple[Quantity, ...]:
    """What is compared, in the order of the table."""
    ks = sorted({1, *(base.pass_at_k.keys() & candidate.pass_at_k.keys())})
    same_codebleu = base.codebleu.method == candidate.codebleu.method
    return (
        PASS_AT_1,
        *(Quantity(key=f"pass_at_{k}", title=f"pass@{k}", sign=1, share=True, score=_pass_at(k)) for k in ks if k > 1),
        *_live_quantities(base),
        *(_part_quantity(part, gated_parts) for part in parts_of(base, candidate)),
        Quantity(
            key="secure_pass_at_1", title="secure-pass@1", sign=1, share=True, score=_SECURE[0], counts=_SECURE[1]
        ),
        Quantity(
            key="insecure_rate", title="insecure rate", sign=-1, share=True, score=_INSECURE[0], counts=_INSECURE[1]
        ),
        *_efficient_quantities(base, candidate),
        Quantity(key="scannable", title="scannable", sign=1, share=True, score=_scannable),
        Quantity(
            key="codebleu",
            title="CodeBLEU",
            sign=1,
            share=True,
            score=(lambda row: row.codebleu) if same_codebleu else (lambda _: None),
        ),
        Quantity(key="truncated", title="truncated", sign=-1, share=True, score=_TRUNCATED[0], counts=_TRUNCATED[1]),
        Quantity(key="timeouts", title="timeouts", sign=-1, share=True, score=_TIMEOUTS[0], counts=_TIMEOUTS[1]),
        Quantity(
            key="completion_tokens",
            title="tokens a completion",
            sign=0,
            share=False,
            score=lambda row: row.completion_tokens,
        ),
    )


def _efficient_quantities(base: Report, candidate: Report) -> tuple[Quantity, ...]:
    """efficient@1, where both sides measured it."""
    if base.efficiency is None or candidate.efficiency is None:
        return ()
    score, counts = _EFFICIENT
    return (Quantity(key="efficient_at_1", title="efficient@1", sign=1, share=True, score=score, counts=counts),)


def _live_quantities(base: Report) -> tuple[Quantity, ...]:
    """pass@1 over the problems that can be passed, where those are not all."""
    if not any(row.dead for row in base.per_problem):
        return ()
    score, counts = _PASSED
    return (
        Quantity(
            key="live_pass_at_1",
            title="live pass@1",
            sign=1,
            share=True,
            score=lambda row: None if row.dead else score(row),
            counts=counts,
            over="over the live",
        ),
    )


def _pass_at(k: int) -> Callable[[ProblemRow], float | None]:
    return lambda row: pass_at_k(row.n, row.c, k) if row.n >= k else None


def pooled_differences(comparisons: Sequence[Comparison]) -> list[Pooled]:
    """What is gated, over several benchmarks as one, with their comparisons; nothing where there is but one.

    Every benchmark counts the same, and a source problem in several of them is one observation. A benchmark on which a
    side has not measured a quantity is not in its pool.

    Args:
        comparisons: Each about the whole of a benchmark, all of the same two models.
    """
    measured: dict[str, list[tuple[Difference, Comparison]]] = {}
    for comparison in comparisons:
        for each in comparison.differences:
            if each.gated and each.estimate is not None:
                measured.setdefault(each.quantity.key, []).append((each, comparison))
    pooled = []
    for found in measured.values():
        members = [comparison for _, comparison in found]
        benchmarks = [_counted(_both(each.base, each.candidate), tested=each.base.tested) for each in members]
        if len(members) > 1:
            pooled.append((difference_of(found[0][0].quantity, benchmarks, members[0].inference), members))
    return pooled


def with_holm(comparisons: Sequence[Comparison], *, alpha: float = ALPHA) -> list[Comparison]:
    """The comparisons with Holm's p-values in what is gated, over all of them as one family.

    A language of a benchmark is a part of a test, and none of its own.
    """
    whole = [comparison for comparison in comparisons if not comparison.language]
    adjusted = iter(holm_adjusted([each for comparison in whole for each in comparison.differences], alpha=alpha))
    return [
        comparison
        if comparison.language
        else replace(comparison, differences=tuple(next(adjusted) for _ in comparison.differences))
        for comparison in comparisons
    ]
