"""The numbers of one run, made of its samples."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.counting import (
    NO_TESTS,
    as_score,
    by_problem,
    ends_of,
    judged_counts,
    left_out_reason,
    number_of,
)
from codecrucible.reports.report_types import (
    CodeBleuScore,
    LiveScores,
    Missing,
    ProblemRow,
    Report,
    Score,
    Timing,
)
from codecrucible.reports.run_facts import TIMED_STAGES, RunFacts
from codecrucible.reports.sample_row import SampleRow
from codecrucible.reports.security import security_of
from codecrucible.reports.statistics.by_date import scores_around, scores_by_month
from codecrucible.reports.statistics.interval import mean_with_interval
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k
from codecrucible.reports.statistics.source_problem import source_problem
from codecrucible.reports.tally import Alike, Tally, alike, tallies

T = TypeVar("T")


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
    kinds = alike(list(tally_of.values()), facts.languages, facts.untested)
    samples = number_of(kinds)
    counts = judged_counts(kinds, lambda each: each.passed, facts)
    security = security_of(kinds, facts)
    ks = sorted(set(k))
    verdicts = {verdict.value: number_of(kinds, _ended_as(verdict)) for verdict in Verdict}
    of_samples = [tally for tally in tally_of.values() if tally.samples]
    per_problem = _per_problem(tally_of, kinds, counts, facts, secure_known=security.secure_pass_at_1 is not None)
    return _rounded(
        Report(
            run_id=facts.run_id,
            benchmark=facts.benchmark,
            pinned=facts.pinned,
            tested=facts.tested,
            model=facts.model,
            adapter=facts.adapter,
            cautions=facts.cautions,
            problems=len(facts.problem_ids),
            samples=samples,
            n=facts.n,
            pass_at_k={each: _pass_at_k(counts, each) if facts.tested else Score(reason=NO_TESTS) for each in ks},
            pass_at_k_of_parts=_of_parts(kinds, facts, ks),
            live=_live(counts, facts, ks),
            by_month=scores_by_month(per_problem),
            cutoff=scores_around(per_problem, facts.cutoff) if facts.cutoff and facts.dates else None,
            verdicts=verdicts,
            passes_by_strength=_passes_by_strength(kinds),
            unjudged=verdicts[Verdict.UNJUDGED],
            missing=Missing(
                problems=tuple(name for name in facts.problem_ids if not tally_of[name].samples),
                samples=facts.n * len(facts.problem_ids) - samples,
            ),
            codebleu=_codebleu(tally_of, samples, facts),
            perplexity=facts.perplexity,
            efficiency=facts.efficiency,
            security=security,
            tokens={
                **facts.tokens,
                "prompt": _total([tally.prompt_tokens for tally in of_samples]),
                "completion": _total([tally.completion_tokens for tally in of_samples]),
            },
            truncated=number_of(kinds, lambda each: each.kind.truncated),
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
                f"Generate at least {each} samples per problem, or ask for a smaller k."
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


def _ended_as(verdict: Verdict) -> Callable[[Alike], bool]:
    return lambda each: each.kind.verdict == verdict


def _passes_by_strength(kinds: Iterable[Alike]) -> dict[str, int]:
    """Number of passes by what established them, as far as that is known."""
    counted = Counter[str]()
    for each in kinds:
        if each.passed and each.kind.strength:
            counted[each.kind.strength] += each.samples
    return dict(sorted(counted.items()))


def _pass_at_k(counts: Mapping[str, tuple[int, int]], k: int) -> Score:
    enough = {name: (n, c) for name, (n, c) in counts.items() if n >= k}
    sources = [source_problem(name) for name in enough]
    score = mean_pass_at_k(enough.values(), k=k, clusters=sources) if enough else None
    return as_score(score, left_out_reason(len(enough), len(counts), k))


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
        counts = judged_counts(kinds, partial(_passes_parts, number), facts)
        scores[part] = {each: _pass_at_k(counts, each) for each in ks}
    return scores


def _passes_parts(number: int, each: Alike) -> bool:
    return each.kind.parts_passed >= number


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
    numbers = {name: by_problem(kinds, which, facts) for name, which in _COLUMNS.items()}
    secure = by_problem(kinds, lambda each: each.secure_pass, facts)
    of_parts = {
        part: judged_counts(kinds, partial(_passes_parts, number), facts)
        for number, part in enumerate(facts.parts[:-1], start=1)
    }
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
                of_parts={part: passed[name][1] for part, passed in of_parts.items()},
                secure=secure[name] if n and secure_known else None,
                codebleu=tally.codebleu,
                completion_tokens=tokens / tally.samples if tokens is not None and tally.samples else None,
                date=facts.dates.get(name, ""),
                groups=dict(facts.groups.get(name, {})),
                efficient=facts.efficient.get(name),
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
        ci95=ends_of(mean),
        problems=mean.problems,
        reason=f"{left_out} of {samples} samples could not be measured and are left out" if left_out else "",
        samples=measured,
        method=facts.codebleu_method,
    )


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
