"""Problems that a candidate lost, each with what became of its samples."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from codecrucible.benchmarks import Verdict
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.pairs import Pair
from codecrucible.reports import Comparison
from codecrucible.reports.views.lost_view import LostProblem

_NO_FAILURE = frozenset({Verdict.PASSED, Verdict.UNJUDGED})


def lost_problems(pair: Pair, comparison: Comparison) -> Iterator[LostProblem]:
    """The problems of `comparison` on which the candidate of `pair` passes less often, the largest loss first."""
    failed: dict[str, list[JudgedSample]] = defaultdict(list)
    for each in judged_samples(pair.candidate):
        if each.verdict not in _NO_FAILURE:
            failed[each.sample.problem_id].append(each)
    for change in comparison.lost:
        samples = failed[change.problem_id]
        verdict = Counter(each.verdict for each in samples).most_common(1)[0][0]
        shown = next(each for each in samples if each.verdict is verdict)
        yield LostProblem(
            candidate=comparison.candidate.name,
            benchmark=comparison.benchmark,
            problem_id=change.problem_id,
            base_samples=change.base[0],
            base_passed=change.base[1],
            samples=change.candidate[0],
            passed=change.candidate[1],
            sample_index=shown.sample.sample_index,
            verdict=verdict,
            reason=shown.judgement.reason if shown.judgement else "",
            detail=shown.judgement.detail if shown.judgement else "",
        )
