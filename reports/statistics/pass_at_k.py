"""The pass@k estimator, for one problem and for a benchmark."""

from collections.abc import Hashable, Iterable, Sequence
from math import comb

from codecrucible.reports.statistics.interval import Estimate, mean_with_interval


def pass_at_k(n: int, c: int, k: int) -> float:
    """Probability that at least one of `k` samples drawn from `n` passes.

    Computed in whole numbers and divided once, so that it is the nearest float to the true ratio at any size.

    Args:
        n: Samples judged for the problem, n >= 1. Samples without a verdict are missing, not failed: leave them out.
        c: Samples that passed, 0 <= c <= n.
        k: Draws without replacement, 1 <= k <= n.

    Raises:
        ValueError: if k > n, where the estimator is undefined, or if n, c or k is out of range.

    Source:
        Chen et al. 2021, arXiv:2107.03374, section 2.1, equation 1.

    >>> pass_at_k(n=5, c=1, k=2)
    0.4
    """
    if n < 1 or not 0 <= c <= n:
        raise ValueError(f"Cannot estimate pass@{k} from {c} passes in {n} samples: n >= 1 and 0 <= c <= n must hold.")
    if k < 1:
        raise ValueError(f"Cannot estimate pass@{k}: k must be at least 1.")
    if k > n:
        raise ValueError(
            f"Cannot estimate pass@{k} from n={n} samples: it is undefined for k > n. "
            f"Generate at least {k} samples per problem, or ask for k <= {n}."
        )
    draws = comb(n, k)
    return (draws - comb(n - c, k)) / draws


def mean_pass_at_k(
    counts: Iterable[tuple[int, int]], *, k: int, clusters: Sequence[Hashable] | None = None
) -> Estimate:
    """pass@k of a benchmark: the mean over problems, with a 95 % interval clustered by problem.

    Args:
        counts: For each problem (samples judged, samples passed); problems may differ in their number of samples.
        k: As in `pass_at_k`.
        clusters: As in `mean_with_interval`.

    Raises:
        ValueError: if there is no problem, or a problem has fewer than `k` judged samples.

    >>> mean_pass_at_k([(2, 1), (4, 4), (1, 0)], k=1).value
    0.5
    """
    return mean_with_interval([pass_at_k(n=n, c=c, k=k) for n, c in counts], clusters=clusters)
