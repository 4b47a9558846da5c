"""What is to be known of a benchmark before a run's numbers are believed: whether its tests are any good."""

from collections.abc import Sequence

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.runs.manifest import Manifest

#: Ids, or lines, that are named in a sentence.
_NAMED = 5


def cautions_of(benchmark: Benchmark, manifest: Manifest) -> tuple[str, ...]:
    """A sentence, without its full stop, for each thing that makes the benchmark's tests doubtful.

    Args:
        benchmark: The run's, or the part of it that a shard holds.
        manifest: Manifest of the run.
    """
    own = (_refused(benchmark), _unvouched(benchmark), _failed(benchmark, manifest))
    return (*benchmark.cautions, *filter(None, own))


def _refused(benchmark: Benchmark) -> str:
    rows = benchmark.refused
    if not rows:
        return ""
    one = len(rows) == 1
    return (
        f"{len(rows)} line{'' if one else 's'} of {benchmark.source} hold{'s' if one else ''} no problem and "
        f"{'is' if one else 'are'} LEFT OUT: {_some([row.reason for row in rows], '; ')}"
    )


def _unvouched(benchmark: Benchmark) -> str:
    without = [problem.problem_id for problem in benchmark.problems if not problem.reference]
    if benchmark.vouched or not without:
        return ""
    return (
        f"{len(without)} of {len(benchmark.problems)} problems have no reference solution, so that nothing confirms "
        f"their tests: {_some(without)}"
    )


def _failed(benchmark: Benchmark, manifest: Manifest) -> str:
    failed = manifest.failed_references
    if not failed:
        return ""
    references = sum(bool(problem.reference) for problem in benchmark.problems)
    return (
        f"the references of {len(failed)} of {references} problems do NOT PASS their own tests, so that a right "
        f"answer may not either: {_some(failed)}; `crucible benchmarks check` says why"
    )


def _some(texts: Sequence[str], separator: str = ", ") -> str:
    """The first few of them."""
    return separator.join([*texts[:_NAMED], *(["…"] if len(texts) > _NAMED else [])])
