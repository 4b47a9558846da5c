"""A candidate beside its baseline: every number of two reports with its difference, interval and p."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from reports.fixed_set import fixed_set_p, fixed_set_se, smallest_fixed_set_p
from reports.multiplicity import holm
from reports.paired import PairedEstimate, cluster_sums, paired_difference
from reports.pass_at_k import pass_at_k
from reports.sign_flip import sign_flip_p, smallest_sign_flip_p
from reports.source_problem import source_problem

Report = Mapping[str, Any]  # what `build_report` returns
ProblemRow = Mapping[str, Any]  # one of its `per_problem`
Inference = Literal["problems", "fixed-set"]

GATED = {"pass_at_1": 3, "insecure_rate": 1}
"""What the gate decides on, with the weight of its test: pass@1 has three quarters of the level beside the other."""
ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something that is compared.

    Attributes:
        key: Its name in JSON and CSV.
        title: Its name for people.
        sign: 1 if more is better, -1 if less is better, 0 if neither.
        share: Whether it lies in [0, 1] and is shown in percent.
        score: Its value for one problem, None where it was not measured.
        counts: (samples, samples that count) of one problem where it is such a share, else None.
        over: Opens the sentence that says how many problems have a score, where not all do.
    """

    key: str
    title: str
    sign: int
    share: bool
    score: Callable[[ProblemRow], float | None]
    counts: Callable[[ProblemRow], tuple[int, int]] | None = None
    over: str = "measured on both sides for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One quantity of two runs.

    Attributes:
        quantity: Which.
        base: The baseline's mean over the problems that both sides measured; None if there are none.
        candidate: The candidate's.
        estimate: Of candidate less baseline; None if there is no such problem.
        p_worse: One-sided: the chance of a change for the worse this large if there is none; None where neither
            direction is worse or the inference does not apply.
        smallest_p: The least that `p_worse` could have been.
        p_worse_holm: Adjusted for all gated tests of the same command; None for what is not gated.
        lost: Problems on which the candidate is worse.
        won: Problems on which it is better.
        reason: What the numbers leave out, or why there are none; "" if nothing.
    """

    quantity: Quantity
    base: float | None = None
    candidate: float | None = None
    estimate: PairedEstimate | None = None
    p_worse: float | None = None
    smallest_p: float | None = None
    p_worse_holm: float | None = None
    lost: int = 0
    won: int = 0
    reason: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the difference, kept to what is possible."""
        ends = self.estimate.interval() if self.estimate else None
        if ends is None or not self.quantity.share:
            return ends
        return max(-1.0, ends[0]), min(1.0, ends[1])

    @property
    def p_two_sided(self) -> float | None:
        """Chance of a change this large in either direction if there is none."""
        return None if self.p_worse is None else min(1.0, 2 * min(self.p_worse, 1 - self.p_worse))

    @property
    def gated(self) -> bool:
        """Whether the gate decides on it."""
        return self.quantity.key in GATED

    @property
    def weight(self) -> int:
        """Of its test among those that are gated; 0 for what is not."""
        return GATED.get(self.quantity.key, 0)


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
        left_out: Problems without a judged sample on either side.
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


def compare_reports(
    base: Report, candidate: Report, *, inference: Inference = "problems", language: str = ""
) -> Comparison:
    """Every quantity of `candidate` beside `base`'s, over the problems that both have judged samples of.

    Args:
        base: Report of the baseline, as `build_report` makes it.
        candidate: Report of the candidate, of the same benchmark.
        inference: About problems like these, or about these alone.
        language: Only the problems in this language; "" for all.

    Raises:
        ValueError: if the reports have no problem in common that both have judged samples of.
    """
    rows = {row["problem_id"]: row for row in candidate["per_problem"]}
    both = [
        (row, rows.get(row["problem_id"], _ABSENT))
        for row in base["per_problem"]
        if not language or row["language"] == language
    ]
    pairs = [(one, other) for one, other in both if one["n"] and other["n"]]
    if not pairs:
        raise ValueError(
            f"Cannot compare {base['run_id']!r} with {candidate['run_id']!r}: there is no problem that both have "
            "judged samples of."
        )
    return Comparison(
        benchmark=str(base["benchmark"]),
        language=language,
        base=base,
        candidate=candidate,
        inference=inference,
        differences=tuple(_difference(quantity, pairs, inference) for quantity in _quantities(base, candidate)),
        changes=tuple(
            ProblemChange(problem_id=one["problem_id"], base=(one["n"], one["c"]), candidate=(other["n"], other["c"]))
            for one, other in pairs
        ),
        left_out=tuple(one["problem_id"] for one, other in both if not (one["n"] and other["n"])),
    )


def languages_of(report: Report) -> list[str]:
    """Languages of a report's problems where there are several, in the benchmark's order; else none."""
    languages = list(dict.fromkeys(row["language"] for row in report["per_problem"] if row["language"]))
    return languages if len(languages) > 1 else []


_ABSENT: ProblemRow = {"n": 0}


def _difference(quantity: Quantity, pairs: Sequence[tuple[ProblemRow, ProblemRow]], inference: Inference) -> Difference:
    scored = [
        (one, other, before, after)
        for one, other in pairs
        if (before := quantity.score(one)) is not None and (after := quantity.score(other)) is not None
    ]
    if not scored:
        return Difference(quantity=quantity, reason="not measured on both sides")
    count = len(scored)
    changes = [after - before for _, _, before, after in scored]
    clusters = [source_problem(one["problem_id"]) for one, _, _, _ in scored]
    estimate = paired_difference(changes, clusters=clusters, shares=quantity.share)
    p_worse, smallest_p = _tests_over_problems(quantity, changes, clusters)
    if inference == "fixed-set":
        estimate, p_worse, smallest_p = _over_fixed_set(quantity, estimate, [pair[:2] for pair in scored])
    gains = [quantity.sign * change for change in changes]
    return Difference(
        quantity=quantity,
        base=sum(before for _, _, before, _ in scored) / count,
        candidate=sum(after for _, _, _, after in scored) / count,
        estimate=estimate,
        p_worse=p_worse,
        smallest_p=smallest_p,
        lost=sum(gain < 0 for gain in gains),
        won=sum(gain > 0 for gain in gains),
        reason="" if count == len(pairs) else f"{quantity.over} {count} of {len(pairs)} problems",
    )


def _tests_over_problems(
    quantity: Quantity, changes: Sequence[float], clusters: Sequence[Hashable]
) -> tuple[float | None, float | None]:
    if not quantity.sign:
        return None, None
    gains = cluster_sums([quantity.sign * change for change in changes], clusters)
    return sign_flip_p(gains), smallest_sign_flip_p(gains)


def _over_fixed_set(
    quantity: Quantity, estimate: PairedEstimate, scored: Sequence[tuple[ProblemRow, ProblemRow]]
) -> tuple[PairedEstimate, float | None, float | None]:
    """Estimate and p when only the samples are chance; without them where the quantity is no count of samples."""
    plain = PairedEstimate(delta=estimate.delta, se=None, degrees_of_freedom=None, problems=estimate.problems)
    if quantity.counts is None:
        return plain, None, None
    base = [quantity.counts(one) for one, _ in scored]
    candidate = [quantity.counts(other) for _, other in scored]
    known = PairedEstimate(
        delta=estimate.delta,
        se=fixed_set_se(base, candidate),
        degrees_of_freedom=None,
        problems=estimate.problems,
    )
    if not quantity.sign:
        return known, None, None
    if quantity.sign < 0:  # fewer of what is bad is better: count the others
        base, candidate = ([(n, n - c) for n, c in counts] for counts in (base, candidate))
    return known, fixed_set_p(base, candidate), smallest_fixed_set_p(base, candidate)


def _share(of: str, count: str) -> tuple[Callable[[ProblemRow], float | None], Callable[[ProblemRow], tuple[int, int]]]:
    """Score and counts of "`count` out of `of`"."""

    def score(row: ProblemRow) -> float | None:
        return row[count] / row[of] if row[of] and row[count] is not None else None

    return score, lambda row: (row[of], row[count])


def _scannable(row: ProblemRow) -> float | None:
    seen = row["scanned"] + row["unscannable"]
    return row["scanned"] / seen if seen else None


def _quantities(base: Report, candidate: Report) -> tuple[Quantity, ...]:
    """What is compared, in the order of the table."""
    ks = sorted({1, *(int(k) for k in base["pass_at_k"] if k in candidate["pass_at_k"])})
    secure, insecure, passed = _share("n", "secure"), _share("scanned", "insecure"), _share("n", "c")
    truncated, timeouts = _share("samples", "truncated"), _share("n", "timeouts")
    same_codebleu = base["codebleu"].get("method") == candidate["codebleu"].get("method")
    return (
        Quantity(key="pass_at_1", title="pass@1", sign=1, share=True, score=passed[0], counts=passed[1]),
        *(Quantity(key=f"pass_at_{k}", title=f"pass@{k}", sign=1, share=True, score=_pass_at(k)) for k in ks if k > 1),
        *_live_quantities(base),
        Quantity(key="secure_pass_at_1", title="secure-pass@1", sign=1, share=True, score=secure[0], counts=secure[1]),
        Quantity(
            key="insecure_rate", title="insecure rate", sign=-1, share=True, score=insecure[0], counts=insecure[1]
        ),
        Quantity(key="scannable", title="scannable", sign=1, share=True, score=_scannable),
        Quantity(
            key="codebleu",
            title="CodeBLEU",
            sign=1,
            share=True,
            score=(lambda row: row["codebleu"]) if same_codebleu else (lambda _: None),
        ),
        Quantity(key="truncated", title="truncated", sign=-1, share=True, score=truncated[0], counts=truncated[1]),
        Quantity(key="timeouts", title="timeouts", sign=-1, share=True, score=timeouts[0], counts=timeouts[1]),
        Quantity(
            key="completion_tokens",
            title="tokens a completion",
            sign=0,
            share=False,
            score=lambda row: row["completion_tokens"],
        ),
    )


def _live_quantities(base: Report) -> tuple[Quantity, ...]:
    """pass@1 over the problems that can be passed, where those are not all. Reports made by hand may not say."""
    if not any(row.get("dead") for row in base["per_problem"]):
        return ()
    score, counts = _share("n", "c")
    return (
        Quantity(
            key="live_pass_at_1",
            title="live pass@1",
            sign=1,
            share=True,
            score=lambda row: None if row.get("dead") else score(row),
            counts=counts,
            over="over the live",
        ),
    )


def _pass_at(k: int) -> Callable[[ProblemRow], float | None]:
    return lambda row: pass_at_k(row["n"], row["c"], k) if row["n"] >= k else None


def with_holm(comparisons: Sequence[Comparison], *, alpha: float = ALPHA) -> list[Comparison]:
    """The comparisons with Holm's p-values in what is gated, over all of them as one family.

    A language of a benchmark is a part of a test, and none of its own. A test that could not have come out at `alpha`
    or below, whatever had been lost, is no chance for a false alarm: it does not count as one of the family, and keeps
    its p.
    """
    family = [
        (place, index, difference.p_worse)
        for place, comparison in enumerate(comparisons)
        for index, difference in enumerate(comparison.differences)
        if difference.gated and difference.p_worse is not None and not comparison.language
    ]
    testable = [member for member in family if can_reject(comparisons[member[0]].differences[member[1]], alpha)]
    adjusted = {(place, index): p for place, index, p in family}
    weights = [comparisons[place].differences[index].weight for place, index, _ in testable]
    for (place, index, _), p in zip(testable, holm([p for _, _, p in testable], weights), strict=True):
        adjusted[place, index] = p
    return [
        replace(
            comparison,
            differences=tuple(
                replace(difference, p_worse_holm=adjusted.get((place, index)))
                for index, difference in enumerate(comparison.differences)
            ),
        )
        for place, comparison in enumerate(comparisons)
    ]


def can_reject(difference: Difference, alpha: float) -> bool:
    """Whether the test of `difference` could have come out at `alpha` or below."""
    return difference.smallest_p is not None and difference.smallest_p <= alpha
