"""The numbers of one run, made of its samples."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.report_types import (
    CodeBleuScore,
    FindingCounts,
    LiveScores,
    Missing,
    Perplexity,
    ProblemRow,
    Report,
    ScannerCounts,
    Score,
    Security,
    Timing,
)
from codecrucible.reports.sample_row import SampleRow
from codecrucible.reports.statistics.by_date import scores_around, scores_by_month
from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k
from codecrucible.reports.statistics.source_problem import source_problem
from codecrucible.reports.tally import Alike, Tally, alike, tallies
from codecrucible.sandbox.scan import ScanState

TIMED_STAGES = tuple(stage.name for stage in fields(Timing))

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a report must know of a run besides its samples.

    Attributes:
        run_id: Name of the run.
        benchmark: Name of the benchmark.
        model: Checkpoint as it was asked for.
        adapter: PEFT adapter, or None.
        problem_ids: Every problem the run was to cover, in the benchmark's order.
        n: Samples asked for a problem.
        timing: Seconds by stage, for any of `TIMED_STAGES`; a stage without a number is reported as not measured.
        tokens: Further numbers on tokens for the report, such as {"completion_per_s": 812.0}. The sums over samples
            ("prompt", "completion") come from the rows.
        inputs: SHA-256 by file name of the files the rows were read from.
        languages: Language by problem id; {} where it is not known.
        pinned: Whether the benchmark's data is the published one.
        dead: Why no completion can pass, by problem id, for the problems where the benchmark declares it.
        parts: Names of the parts that the tests of each problem have, in their order; () for one.
        codebleu_reason: Why no sample has a CodeBLEU, if that is known, such as "no grammar for bash".
        codebleu_method: What decides the CodeBLEU of a sample.
        cautions: What to know of model and benchmark before the numbers are believed, in a sentence each.
        perplexity: Perplexity of the references under the model; None where not asked for.
        dates: When each problem was published, by its id, where that is known.
        cutoff: The last day of the model's training data; "" where that was not said.
    """

    run_id: str
    benchmark: str
    model: str
    adapter: str | None = None
    problem_ids: tuple[str, ...]
    n: int
    timing: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = True
    dead: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    codebleu_reason: str = ""
    codebleu_method: str = ""
    cautions: tuple[str, ...] = ()
    perplexity: Perplexity | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    cutoff: str = ""


def build_report(rows: Iterable[SampleRow], *, facts: RunFacts, k: Sequence[int] = (1,)) -> Report:
    """All numbers of one run; a number that was not measured is None, with a reason beside it.

    A sample without a verdict is missing: it is in `samples` and `unjudged`, and in no score. A problem with fewer
    than k judged samples is left out of pass@k, which then says so in its `reason`. An empty sample is one that no
    scanner can read.

    Args:
        rows: One a sample, those of a problem together; they are counted as they come, and not kept.
        facts: The rest.
        k: Which pass@k to report.

    Raises:
        ValueError: if a k is larger than `facts.n`, or a row is impossible, twice there, or not of this run.
    """
    _check(facts, k)
    tally_of = _tallies_of(rows, facts)
    kinds = alike(list(tally_of.values()), facts.languages)
    samples = _number(kinds)
    counts = _counts(kinds, lambda each: each.passed, facts)
    security = _security(kinds, facts)
    ks = sorted(set(k))
    verdicts = {verdict.value: _number(kinds, _ended_as(verdict)) for verdict in Verdict}
    of_samples = [tally for tally in tally_of.values() if tally.samples]
    per_problem = _per_problem(tally_of, kinds, counts, facts, secure_known=security.secure_pass_at_1 is not None)
    return _rounded(
        Report(
            run_id=facts.run_id,
            benchmark=facts.benchmark,
            pinned=facts.pinned,
            model=facts.model,
            adapter=facts.adapter,
            cautions=facts.cautions,
            problems=len(facts.problem_ids),
            samples=samples,
            n=facts.n,
            pass_at_k={each: _pass_at_k(counts, each) for each in ks},
            pass_at_k_of_parts=_of_parts(kinds, facts, ks),
            live=_live(counts, facts, ks),
            by_month=scores_by_month(per_problem),
            cutoff=scores_around(per_problem, facts.cutoff) if facts.cutoff and facts.dates else None,
            verdicts=verdicts,
            passes_by_strength=_passes_by_strength(kinds),
            unjudged=_number(kinds, lambda each: not each.judged),
            missing=Missing(
                problems=tuple(name for name in facts.problem_ids if not tally_of[name].samples),
                samples=facts.n * len(facts.problem_ids) - samples,
            ),
            codebleu=_codebleu(tally_of, samples, facts),
            perplexity=facts.perplexity,
            security=security,
            tokens={
                **facts.tokens,
                "prompt": _total([tally.prompt_tokens for tally in of_samples]),
                "completion": _total([tally.completion_tokens for tally in of_samples]),
            },
            truncated=_number(kinds, lambda each: each.kind.truncated),
            timing=Timing(**facts.timing),
            per_problem=per_problem,
            inputs=dict(sorted(facts.inputs.items())),
        )
    )


def _check(facts: RunFacts, k: Sequence[int]) -> None:
    """Refuses what would put a wrong number into the report."""
    where = f"Cannot report on run {facts.run_id!r}"
    if not facts.problem_ids or len(set(facts.problem_ids)) < len(facts.problem_ids):
        raise ValueError(f"{where}: its {len(facts.problem_ids)} expected problem ids are none or not distinct.")
    for each in k:
        if not 1 <= each <= facts.n:
            raise ValueError(
                f"{where}: pass@{each} needs 1 <= k <= n, and it has n={facts.n}, k={each}. "
                f"Generate at least {each} samples a problem, or ask for a smaller k."
            )
    unknown = sorted(set(facts.timing) - set(TIMED_STAGES))
    if unknown:
        raise ValueError(f"{where}: {unknown[0]!r} is not a timed stage; these are: {', '.join(TIMED_STAGES)}.")


def _tallies_of(rows: Iterable[SampleRow], facts: RunFacts) -> dict[str, Tally]:
    """A tally of each problem of the run, by its id; in the benchmark's order."""
    tally_of = {name: Tally(problem_id=name) for name in facts.problem_ids}
    for tally in tallies(rows, n=facts.n):
        if tally.problem_id not in tally_of:
            raise ValueError(
                f"Cannot report on run {facts.run_id!r}: among its rows are some of problem {tally.problem_id!r}, "
                "which is not of this run. Read them from the files of one run."
            )
        tally_of[tally.problem_id] = tally
    return tally_of


def _number(kinds: Iterable[Alike], which: Callable[[Alike], bool] = lambda _: True) -> int:
    """Number of samples of some kinds."""
    return sum(each.samples for each in kinds if which(each))


def _ended_as(verdict: Verdict) -> Callable[[Alike], bool]:
    return lambda each: each.kind.verdict == verdict


def _passes_by_strength(kinds: Iterable[Alike]) -> dict[str, int]:
    """Number of passes by what established them, as far as that is known."""
    counted = Counter[str]()
    for each in kinds:
        if each.passed and each.kind.strength:
            counted[each.kind.strength] += each.samples
    return dict(sorted(counted.items()))


def _by_problem(kinds: Iterable[Alike], which: Callable[[Alike], bool], facts: RunFacts) -> dict[str, int]:
    """Number of samples of some kinds, of each problem of the run."""
    numbers = dict.fromkeys(facts.problem_ids, 0)
    for each in kinds:
        if which(each):
            numbers[each.problem_id] += each.samples
    return numbers


def _counts(kinds: Sequence[Alike], passes: Callable[[Alike], bool], facts: RunFacts) -> dict[str, tuple[int, int]]:
    """By problem n and c: judged samples, and those of them that pass."""
    n_of = _by_problem(kinds, lambda each: each.judged, facts)
    c_of = _by_problem(kinds, lambda each: each.judged and passes(each), facts)
    return {name: (n_of[name], c_of[name]) for name in facts.problem_ids}


def _pass_at_k(counts: Mapping[str, tuple[int, int]], k: int) -> Score:
    enough = {name: (n, c) for name, (n, c) in counts.items() if n >= k}
    sources = [source_problem(name) for name in enough]
    score = mean_pass_at_k(enough.values(), k=k, clusters=sources) if enough else None
    return _score(score, _left_out(len(enough), len(counts), k))


def _live(counts: Mapping[str, tuple[int, int]], facts: RunFacts, ks: Sequence[int]) -> LiveScores | None:
    """pass@k over the problems that can be passed; None if that is all of them."""
    dead = [name for name in facts.problem_ids if facts.dead.get(name)]
    if not dead:
        return None
    live = {name: each for name, each in counts.items() if not facts.dead.get(name)}
    return LiveScores(
        problems=len(live),
        dead=len(dead),
        causes=dict(Counter(facts.dead[name] for name in dead).most_common()),
        dead_passed=tuple(name for name in dead if counts[name][1]),
        pass_at_k={each: _pass_at_k(live, each) if live else Score(reason="no problem is live") for each in ks},
    )


def _of_parts(kinds: Sequence[Alike], facts: RunFacts, ks: Sequence[int]) -> dict[str, dict[int, Score]]:
    """pass@k of each part of the tests but the last, which ends with the verdict."""
    scores = {}
    for number, part in enumerate(facts.parts[:-1], start=1):
        counts = _counts(kinds, partial(_passes_parts, number), facts)
        scores[part] = {each: _pass_at_k(counts, each) for each in ks}
    return scores


def _passes_parts(number: int, each: Alike) -> bool:
    return each.kind.parts_passed >= number


def _left_out(entered: int, problems: int, k: int) -> str:
    """Why a mean is not over all problems, or ""."""
    if entered == problems:
        return ""
    return f"{problems - entered} of {problems} problems have fewer than {k} judged samples and are left out"


def _score(estimate: Estimate | None, reason: str) -> Score:
    if estimate is None:
        return Score(reason=reason)
    return Score(value=estimate.value, ci95=_ends(estimate), problems=estimate.problems, reason=reason)


def _ends(estimate: Estimate) -> tuple[float, float] | None:
    return None if estimate.low is None or estimate.high is None else (estimate.low, estimate.high)


_COLUMNS: dict[str, Callable[[Alike], bool]] = {
    "scanned": lambda each: each.scanned,
    "unscannable": lambda each: each.unscannable,
    "unscannable_passes": lambda each: each.unscannable and each.passed,
    "insecure": lambda each: each.insecure,
    "timeouts": _ended_as(Verdict.TIMEOUT),
    "truncated": lambda each: each.kind.truncated,
}
"""Samples that are counted for each problem."""


def _per_problem(
    tally_of: Mapping[str, Tally],
    kinds: Sequence[Alike],
    counts: Mapping[str, tuple[int, int]],
    facts: RunFacts,
    *,
    secure_known: bool,
) -> tuple[ProblemRow, ...]:
    """One row a problem; `secure` and the two means are None where they were not measured."""
    numbers = {name: _by_problem(kinds, which, facts) for name, which in _COLUMNS.items()}
    secure = _by_problem(kinds, lambda each: each.secure_pass, facts)
    rows = []
    for name, (n, c) in counts.items():
        tally, tokens = tally_of[name], tally_of[name].completion_tokens
        rows.append(
            ProblemRow(
                problem_id=name,
                language=facts.languages.get(name),
                n=n,
                c=c,
                dead=facts.dead.get(name, ""),
                samples=tally.samples,
                **{column: of_problem[name] for column, of_problem in numbers.items()},
                secure=secure[name] if n and secure_known else None,
                codebleu=tally.codebleu,
                completion_tokens=tokens / tally.samples if tokens is not None and tally.samples else None,
                date=facts.dates.get(name, ""),
            )
        )
    return tuple(rows)


def _codebleu(tally_of: Mapping[str, Tally], samples: int, facts: RunFacts) -> CodeBleuScore:
    """Mean over problems of the mean over their measured samples."""
    means = [tally.codebleu for tally in tally_of.values() if tally.codebleu is not None]
    if not means:
        reason = facts.codebleu_reason or "no sample was compared with a reference"
        return CodeBleuScore(problems=0, reason=reason, method=facts.codebleu_method)
    measured = sum(tally.measured for tally in tally_of.values())
    left_out, mean = samples - measured, mean_with_interval(means)
    return CodeBleuScore(
        value=mean.value,
        ci95=_ends(mean),
        problems=mean.problems,
        reason=f"{left_out} of {samples} samples could not be measured and are left out" if left_out else "",
        samples=measured,
        method=facts.codebleu_method,
    )


def _security(kinds: Sequence[Alike], facts: RunFacts) -> Security:
    scanned = [each for each in kinds if each.scanned]
    total = _number(scanned)
    rate, secure = _insecure_rate(kinds, facts), _secure_pass_at_1(kinds, facts)
    return Security(
        scanned=total,
        unscannable=_number(kinds, lambda each: each.unscannable),
        unscannable_empty=_number(kinds, lambda each: each.unscannable and each.kind.verdict == Verdict.EMPTY),
        unscannable_passes=_number(kinds, lambda each: each.unscannable and each.passed),
        no_scanner=_number(kinds, lambda each: each.kind.scan_state == ScanState.NO_SCANNER),
        not_scanned=_number(kinds, lambda each: each.kind.scan_state is None and not each.unscannable),
        findings=_findings(scanned),
        scanners={
            scanner: _of_scanner([each for each in scanned if each.kind.scanner == scanner])
            for scanner in sorted({each.kind.scanner for each in scanned} - {""})
        },
        insecure_samples=_number(scanned, lambda each: each.insecure),
        insecure_rate=rate.value,
        insecure_rate_ci95=rate.ci95,
        secure_pass_at_1=secure.value,
        secure_pass_at_1_ci95=secure.ci95,
        reason=secure.reason or ("" if total else "no sample could be scanned"),
    )


def _of_scanner(scanned: Sequence[Alike]) -> ScannerCounts:
    return ScannerCounts(
        scanned=_number(scanned),
        findings=_findings(scanned),
        insecure_samples=_number(scanned, lambda each: each.insecure),
    )


def _findings(scanned: Sequence[Alike]) -> FindingCounts:
    return FindingCounts(
        high=sum(each.kind.high * each.samples for each in scanned),
        medium=sum(each.kind.medium * each.samples for each in scanned),
        low=sum(each.kind.low * each.samples for each in scanned),
    )


def _insecure_rate(kinds: Sequence[Alike], facts: RunFacts) -> Score:
    """Mean over the problems with a scanned sample; as the samples of a problem are alike, they are no observations."""
    found = _by_problem(kinds, lambda each: each.scanned and each.insecure, facts)
    scanned = _by_problem(kinds, lambda each: each.scanned, facts)
    shares = {name: found[name] / n for name, n in scanned.items() if n}
    if not shares:
        return Score(reason="no sample could be scanned")
    return _score(_mean_over_problems(shares), "")


def _mean_over_problems(scores: Mapping[str, float]) -> Estimate:
    return mean_with_interval(list(scores.values()), clusters=[source_problem(name) for name in scores])


def _secure_pass_at_1(kinds: Sequence[Alike], facts: RunFacts) -> Score:
    if not any(each.judged for each in kinds):
        return Score(reason="no sample is judged")
    if not any(each.scanned or each.unscannable for each in kinds):
        no_scanner = any(each.kind.scan_state == ScanState.NO_SCANNER for each in kinds)
        return Score(reason="no scanner reads this language" if no_scanner else "no sample was scanned")
    not_yet = (None, ScanState.NO_SCANNER)
    if unknown := _number(kinds, lambda each: each.passed and each.kind.scan_state in not_yet):
        return Score(reason=f"{unknown} passing samples are not scanned yet")
    counts = _counts(kinds, lambda each: each.secure_pass, facts)
    estimate = _mean_over_problems({name: secure / n for name, (n, secure) in counts.items() if n})
    return _score(estimate, _left_out(estimate.problems, len(facts.problem_ids), 1))


def _total(sums: Sequence[int | None]) -> int | None:
    """Sum over problems, or None unless every sample of all of them was counted, and there is one."""
    known = [each for each in sums if each is not None]
    return sum(known) if sums and len(known) == len(sums) else None


def _rounded(value: T) -> T:
    """`value` with every float rounded to 6 decimals: what is shown must not hang on the last bit of a sum."""
    rounded: Any = value
    if isinstance(value, float):
        rounded = round(value, 6)
    elif is_dataclass(value) and not isinstance(value, type):
        rounded = replace(value, **{each.name: _rounded(getattr(value, each.name)) for each in fields(value)})
    elif isinstance(value, Mapping):
        rounded = {key: _rounded(each) for key, each in value.items()}
    elif isinstance(value, tuple):
        rounded = tuple(map(_rounded, value))
    return rounded  # type: ignore[no-any-return]
