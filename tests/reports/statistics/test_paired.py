"""Paired differences, their clusters, Holm's method and inference about a fixed set of problems."""

from itertools import combinations
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, hypergeom, norm, ttest_1samp
from statsmodels.stats.multitest import multipletests

from codecrucible.reports.statistics.fixed_set import fixed_set_p, fixed_set_se, smallest_fixed_set_p
from codecrucible.reports.statistics.interval import mean_with_interval
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.paired import cluster_sums, paired_difference
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k
from codecrucible.reports.statistics.source_problem import source_problem

SHARES = st.integers(-20, 20).map(lambda twentieths: twentieths / 20)
FEW_COUNTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3)


@given(st.lists(SHARES, min_size=12, max_size=80))
def test_the_interval_is_scipys_where_enough_problems_differ(differences):
    if len({each for each in differences if each}) < 5:
        return
    ours = paired_difference(differences).interval()
    theirs = ttest_1samp(differences, 0).confidence_interval(0.95)
    assert ours == (pytest.approx(theirs.low), pytest.approx(theirs.high))


def test_the_one_sided_bounds_are_those_of_the_t_test():
    differences = [-0.2, 0.1, 0.05, -0.4, 0.3, -0.1, 0.0, -0.25]
    theirs = ttest_1samp(differences, 0, alternative="greater").confidence_interval(0.95)
    estimate = paired_difference(differences)
    assert estimate.lower_bound(0.05) == pytest.approx(theirs.low)
    assert estimate.upper_bound(0.05) == pytest.approx(2 * estimate.delta - theirs.low)


def test_the_smallest_detectable_effect_has_the_factor_of_the_literature():
    estimate = paired_difference([-0.2, 0.1, 0.05, -0.4, 0.3, -0.1, 0.0, -0.25])
    assert estimate.minimum_detectable_effect(0.05) == pytest.approx(2.486 * estimate.se, rel=1e-3)
    assert estimate.minimum_detectable_effect(0.025) == pytest.approx((norm.ppf(0.975) + norm.ppf(0.8)) * estimate.se)


def test_a_problem_in_several_languages_is_one_cluster():
    # The same 30 differences in 10 languages know no more than once; as 300 problems they would seem to.
    once = [0.1, -0.3, 0.2, 0.0, -0.1, 0.4] * 5
    clusters = [place for place in range(30) for _ in range(10)]
    repeated = [difference for difference in once for _ in range(10)]
    assert paired_difference(repeated, clusters=clusters).se == pytest.approx(paired_difference(once).se)
    assert paired_difference(repeated).se < 0.4 * paired_difference(once).se


def test_a_score_over_languages_has_the_interval_of_its_source_problems():
    scores = [0.1, 0.9, 0.4, 0.6, 0.3, 0.8, 1.0, 0.2] * 4
    repeated = [score for score in scores for _ in range(5)]
    clusters = [place for place in range(32) for _ in range(5)]
    once, clustered = mean_with_interval(scores), mean_with_interval(repeated, clusters=clusters)
    assert (clustered.low, clustered.high) == (pytest.approx(once.low), pytest.approx(once.high))
    counts = [(10, round(10 * score)) for score in repeated]
    assert mean_pass_at_k(counts, k=1, clusters=clusters).low == pytest.approx(once.low)


@given(st.lists(SHARES, min_size=2, max_size=40))
def test_clusters_of_one_change_nothing(differences):
    clustered = paired_difference(differences, clusters=range(len(differences)))
    assert clustered.se == pytest.approx(paired_difference(differences).se, abs=1e-9)
    assert clustered.delta == paired_difference(differences).delta


@pytest.mark.parametrize("problems", [5, 40, 164])
def test_no_difference_is_no_certainty(problems):
    low, high = paired_difference([0.0] * problems).interval()
    # At least what "none of N" allows: a true share of lost problems p leaves all as they were with (1 - p)^N.
    assert high == -low
    assert high >= (1 - 0.05 ** (1 / problems)) / 2
    assert paired_difference([0.0] * problems).minimum_detectable_effect(0.05) > 0


def test_one_more_of_each_is_the_interval_of_bonett_and_price():
    # 2 lost, 1 won of 40: (2 + 1, 1 + 1) of 42.
    lost, won, count = 3 / 42, 2 / 42, 42
    expected = sqrt((lost + won - (won - lost) ** 2) / count)
    assert paired_difference([-1.0, -1.0, 1.0] + [0.0] * 37).se == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("change", [-1.0, -0.5, 1.0])
def test_the_same_difference_everywhere_is_no_certainty_either(change):
    estimate = paired_difference([change] * 10)
    low, high = estimate.interval()
    assert low < change < high
    assert estimate.minimum_detectable_effect(0.05) > 0.1


def test_one_problem_has_a_difference_and_nothing_more():
    estimate = paired_difference([-0.5])
    assert (estimate.delta, estimate.se, estimate.interval(), estimate.lower_bound(0.05)) == (-0.5, None, None, None)
    assert estimate.minimum_detectable_effect(0.05) is None


def test_no_problem_is_refused():
    with pytest.raises(ValueError, match="over no problem"):
        paired_difference([])


def test_opposite_changes_in_two_languages_cancel_exactly():
    assert cluster_sums([0.1 + 0.2, -0.3], ["a", "a"]) == [0.0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HumanEval/23", "HumanEval_23_strlen", True),
        ("Mbpp/3", "mbpp_3_is_not_prime", True),
        ("HumanEval/2", "HumanEval/23", False),
        ("HumanEval/2", "Mbpp/2", False),
        ("starter/3", "starter/4", False),
        ("HumanEval/2x", "HumanEval/2", False),
    ],
)
def test_versions_of_a_problem_are_known_by_their_number(one, other, same):
    assert (source_problem(one) == source_problem(other)) is same


@settings(max_examples=8)  # statsmodels collects all garbage at each call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_no_correction_and_bonferroni(p_values):
    for p, adjusted in zip(p_values, holm(p_values), strict=True):
        assert p <= adjusted <= min(1, len(p_values) * p) + 1e-12
    assert max(false_discovery_control(p_values)) <= max(holm(p_values)) + 1e-12


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([1, 2, 3])), min_size=1, max_size=5))
def test_weighted_holm_is_the_closed_procedure_of_weighted_bonferroni(tests):
    """A test is rejected if every set that it is in has a test whose p is within its share of the level."""
    p_values, weights = zip(*tests, strict=True)
    for place, adjusted in enumerate(holm(p_values, weights)):
        sets = [
            chosen
            for size in range(1, len(tests) + 1)
            for chosen in combinations(range(len(tests)), size)
            if place in chosen
        ]
        closed = max(
            min(p_values[each] * sum(weights[of] for of in chosen) / weights[each] for each in chosen)
            for chosen in sets
        )
        assert adjusted == pytest.approx(min(1.0, closed))


def test_no_test_is_no_family():
    assert holm([]) == []


def dealt(base, candidate):
    """Mid-p over every way to deal each problem's samples to the two sides."""
    totals = {0: 1}
    for (base_n, base_c), (candidate_n, candidate_c) in zip(base, candidate, strict=True):
        pool = [1] * (base_c + candidate_c) + [0] * (base_n + candidate_n - base_c - candidate_c)
        grown = {}
        for hand in combinations(range(len(pool)), candidate_n):
            count = sum(pool[card] for card in hand)
            for total, ways in totals.items():
                grown[total + count] = grown.get(total + count, 0) + ways
        totals = grown
    observed = sum(c for _, c in candidate)
    lower = sum(ways for total, ways in totals.items() if total < observed)
    return (lower + totals[observed] / 2) / sum(totals.values())


@given(FEW_COUNTS)
def test_the_fixed_set_test_equals_the_enumeration_of_all_deals(passes):
    base, candidate = [(3, b) for b, _ in passes], [(3, c) for _, c in passes]
    assert fixed_set_p(base, candidate) == pytest.approx(dealt(base, candidate), abs=1e-12)
    assert smallest_fixed_set_p(base, candidate) <= fixed_set_p(base, candidate) * (1 + 1e-9)


def test_one_problem_is_fishers_exact_test_with_mid_p():
    expected = hypergeom.cdf(4, 40, 18, 20) - hypergeom.pmf(4, 40, 18, 20) / 2
    assert fixed_set_p([(20, 14)], [(20, 4)]) == pytest.approx(expected, rel=1e-9)


def test_the_fixed_set_has_the_spread_of_the_samples_alone():
    base, candidate = [(20, 10), (20, 20), (20, 4)], [(20, 5), (20, 20), (20, 4)]
    shares = [c / n for n, c in (*base, *candidate)]
    assert fixed_set_se(base, candidate) == pytest.approx(sqrt(sum(p * (1 - p) / 19 for p in shares)) / 3)
    assert fixed_set_se([(1, 1)], [(1, 0)]) is None
    assert fixed_set_se([(5, 5)], [(5, 0)]) is None


def test_the_error_of_the_fixed_set_is_what_resampling_shows():
    source = np.random.default_rng(7)
    rates = source.beta(0.65, 0.35, 164)
    deltas, errors = [], []
    for _ in range(400):
        base, candidate = source.binomial(20, rates), source.binomial(20, rates)
        deltas.append((candidate - base).mean() / 20)
        errors.append(fixed_set_se([(20, int(c)) for c in base], [(20, int(c)) for c in candidate]))
    assert np.mean(errors) == pytest.approx(np.std(deltas), rel=0.12)  # 400 draws know a spread to 3.5 %


def test_splits_are_counted_as_comb_does():
    assert smallest_fixed_set_p([(20, 0)], [(20, 3)]) == pytest.approx(comb(20, 3) / comb(40, 3) / 2)
