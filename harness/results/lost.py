"""Problems that a candidate lost, each with what became of its samples."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from codecrucible.benchmarks import Verdict
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.pairs import Pair
from codecrucible.reports import Comparison
from codecrucible.reports.views.lost_view import LostProblem

_NO_FAILURE = frozenset({Verdict.PASSED, Verdict.UNJUDGED, Verdict.UNTESTED})


def usual_failure(samples: Sequence[JudgedSample]) -> JudgedSample | None:
    """The first of a problem's samples that has the most frequent verdict of those that failed; None if none failed."""
    failed = [each for each in samples if each.verdict not in _NO_FAILURE]
    if not failed:
        return None
    verdict = Counter(each.verdict for each in failed).most_common(1)[0][0]
    return next(each for each in failed if each.verdict is verdict)


def lost_problems(pair: Pair, comparison: Comparison) -> Iterator[LostProblem]:
    """The problems of `comparison` on which the candidate of `pair` passes less often, the largest loss first."""
    samples: dict[str, list[JudgedSample]] = defaultdict(list)
    for each in judged_samples(pair.candidate):
        samples[each.sample.problem_id].append(each)
    for change in comparison.lost:
        if (shown := usual_failure(samples[change.problem_id])) is None:
            continue
        yield LostProblem(
            candidate=comparison.candidate.name,
            benchmark=comparison.benchmark,
            problem_id=change.problem_id,
            base_samples=change.base[0],
            base_passed=change.base[1],
            samples=change.candidate[0],
            passed=change.candidate[1],
            sample_index=shown.sample.sample_index,
            verdict=shown.verdict,
            reason=shown.judgement.reason if shown.judgement else "",
            detail=shown.judgement.detail if shown.judgement else "",
        )
