"""The ratio of two means over problems, and of the worst of several to the best."""

import numpy as np
import pytest
from scipy import optimize, stats

from codecrucible.reports.statistics.paired import paired_difference
from codecrucible.reports.statistics.ratio import Scored, ratio_of_means
from codecrucible.reports.statistics.worst_to_best import worst_to_best


def scored(values, start=0):
    return [Scored(cluster=start + place, score=float(value)) for place, value in enumerate(values)]


DRAW = np.random.default_rng(4)
BASE = DRAW.binomial(4, DRAW.beta(0.6, 0.4, 120)) / 4
CANDIDATE = np.clip(BASE + DRAW.choice([-0.5, -0.25, 0, 0.25], 120), 0, 1)


def test_the_interval_is_fiellers():
    """By the roots of the quadratic of Fieller's theorem, from sample moments."""
    moments, t = np.cov(CANDIDATE, BASE) / 120, stats.t.ppf(0.975, 119)
    one, other = CANDIDATE.mean(), BASE.mean()
    quadratic = (
        other**2 - t**2 * moments[1, 1],
        -2 * (one * other - t**2 * moments[0, 1]),
        one**2 - t**2 * moments[0, 0],
    )
    found = ratio_of_means(scored(CANDIDATE), scored(BASE))
    assert found.value == pytest.approx(one / other)
    assert found.interval() == pytest.approx(sorted(np.roots(quadratic)), abs=1e-6)


def test_at_one_it_is_the_paired_difference():
    for candidate in (CANDIDATE, BASE, np.where(np.arange(120) < 3, 1 - BASE, BASE)):
        found, paired = ratio_of_means(scored(candidate), scored(BASE)), paired_difference(list(candidate - BASE))
        assert (found.contrast(1), found.se(1)) == pytest.approx((paired.delta, paired.se))


def test_groups_with_no_problem_in_common_are_two_samples():
    one, other = CANDIDATE[:50], BASE[50:]
    found = ratio_of_means(scored(one), scored(other, start=50))
    variance = one.var(ddof=1) / 50 + 0.8**2 * other.var(ddof=1) / 70
    # The smaller group's factor and degrees of freedom are both groups': a little wider than Welch's.
    assert np.sqrt(variance) <= found.se(0.8) <= 1.01 * np.sqrt(variance)
    assert found.degrees_of_freedom == 49


def test_the_p_is_that_of_a_t_test_and_turns_where_the_bound_is():
    found = ratio_of_means(scored(CANDIDATE), scored(BASE))
    of_scipy = stats.ttest_1samp(CANDIDATE - 0.95 * BASE, 0, alternative="less").pvalue
    assert found.p_below(0.95) == pytest.approx(of_scipy, abs=1e-9)
    assert optimize.brentq(lambda r: found.p_below(r) - 0.05, 0.5, 1) == pytest.approx(
        found.upper_bound(0.05), abs=1e-6
    )


def test_nothing_that_differs_is_no_certainty_and_what_may_be_nothing_has_no_upper_end():
    low, high = ratio_of_means(scored(BASE), scored(BASE)).interval()
    assert low < 0.99
    assert high > 1.01
    nothing = ratio_of_means(scored(BASE), scored([0.0] * 120))
    assert nothing.value is None
    assert nothing.upper_bound(0.025) == float("inf")
    assert ratio_of_means(scored([1.0]), scored([1.0])).interval() is None


def test_versions_of_a_problem_are_one_cluster_and_benchmarks_count_the_same():
    twice = [Scored(cluster=place // 2, score=float(score)) for place, score in enumerate(np.repeat(CANDIDATE, 2))]
    both = [Scored(cluster=place // 2, score=float(score)) for place, score in enumerate(np.repeat(BASE, 2))]
    assert ratio_of_means(twice, both).interval() == pytest.approx(
        ratio_of_means(scored(CANDIDATE), scored(BASE)).interval(), abs=1e-6
    )
    strata = [
        [Scored(cluster=place, score=float(side[place]), stratum=place < 20) for place in range(120)]
        for side in (CANDIDATE, BASE)
    ]
    found = ratio_of_means(*strata)
    assert found.numerator == pytest.approx((CANDIDATE[:20].mean() + CANDIDATE[20:].mean()) / 2)
    paired = paired_difference(list(CANDIDATE - BASE), strata=[place < 20 for place in range(120)])
    assert found.se(1) == pytest.approx(paired.se)


def test_the_worst_and_the_best_are_named_and_one_group_has_no_ratio():
    groups = {"a": scored(BASE), "b": scored(CANDIDATE * 0.5), "c": scored(BASE * 0.75)}
    found = worst_to_best(groups)
    assert (found.worst, found.best) == ("b", "a")
    assert found.ratio == pytest.approx(CANDIDATE.mean() * 0.5 / BASE.mean())
    assert found.ci95[0] < found.ratio < found.ci95[1] < 0.8
    assert worst_to_best({"a": groups["a"]}) is None
    assert worst_to_best({"a": scored([0.0] * 9), "b": scored([0.0] * 9)}) is None


@pytest.mark.parametrize("kept", [(1, 1, 1, 1), (0.75, 1, 1, 1), (0.75, 0.8, 0.9, 1)])
def test_the_interval_of_worst_to_best_misses_as_seldom_as_it_says(kept):
    """`tests/performance/group_ratio.py` in short."""
    source, misses = np.random.default_rng(1), 0
    for _ in range(60):
        rates = source.beta(0.35, 0.65, 80)[:, None] * np.array(kept)
        groups = {str(group): scored(passed) for group, passed in enumerate(source.binomial(1, rates).T)}
        low, high = worst_to_best(groups).ci95
        misses += not low <= min(kept) <= high
    assert misses <= stats.binom.ppf(0.999, 60, 0.05)
