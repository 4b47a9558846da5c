"""The worst of several versions of a prompt: estimators against enumeration, p against every relabelling."""

from itertools import product
from math import isclose

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar

from codecrucible.reports.statistics.robustness import (
    Versions,
    all_pass,
    draws_pass,
    drops,
    relabelling_p,
    robustness,
)
from codecrucible.reports.statistics.sign_flip import sign_flip_p


def versions(nominal, *perturbed, name="p/0"):
    return Versions(problem_id=name, nominal=nominal, perturbed=perturbed)


def problems_of(rates, n, draws):
    """A problem a row of `rates`, whose first column is the nominal prompt's."""
    return [
        versions(*((n, int(draws.binomial(n, rate))) for rate in row), name=f"p/{place}")
        for place, row in enumerate(rates)
    ]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_product_of_shares_is_an_unbiased_estimate_of_the_chance_that_all_versions_pass(n):
    chances = (0.3, 0.8, 0.5)
    expected = sum(
        all_pass([(n, c) for c in passed])
        * float(np.prod([binom.pmf(c, n, chance) for c, chance in zip(passed, chances, strict=True)]))
        for passed in product(range(n + 1), repeat=3)
    )
    assert isclose(expected, 0.3 * 0.8 * 0.5, abs_tol=1e-12)


@pytest.mark.parametrize(("n", "draws"), [(3, 1), (3, 3), (6, 2)])
def test_as_many_draws_of_the_nominal_prompt_are_estimated_without_bias(n, draws):
    expected = sum(draws_pass((n, c), draws) * binom.pmf(c, n, 0.7) for c in range(n + 1))
    assert isclose(expected, 0.7**draws, abs_tol=1e-12)


def test_more_draws_than_samples_cannot_be_estimated():
    with pytest.raises(ValueError, match="5 draws cannot be estimated from 4 samples"):
        draws_pass((4, 4), 5)


def test_with_one_greedy_sample_a_problem_is_robust_if_it_passes_under_every_seed():
    found = robustness(
        [
            versions((1, 1), (1, 1), (1, 1), name="p/0"),
            versions((1, 1), (1, 1), (1, 0), name="p/1"),
            versions((1, 0), (1, 1), (1, 1), name="p/2"),
            versions((1, 1), (1, 0), (1, 0), name="p/3"),
        ],
        greedy=True,
    )
    assert (found.problems, found.versions, found.matched) == (4, 2, True)
    assert (found.nominal.value, found.mean.value, found.worst.value) == (0.75, 0.625, 0.5)
    assert (found.as_often.value, found.worst_drop.delta, found.mean_drop.delta) == (0.75, -0.25, -0.125)


def test_a_model_that_no_perturbation_touches_has_no_drop_where_as_many_draws_are_compared():
    draws = np.random.default_rng(1)
    rates = np.repeat(draws.beta(0.5, 0.5, 2000)[:, None], 4, axis=1)
    found = robustness(problems_of(rates, 10, draws), greedy=False)
    assert found.matched
    assert abs(found.worst_drop.delta) < 3 * found.worst_drop.se
    assert found.worst.value < found.nominal.value - 0.05
    few = robustness(problems_of(rates, 2, draws), greedy=False)
    assert not few.matched
    assert few.worst_drop.delta < -0.05


@pytest.mark.parametrize("n", [1, 3])
def test_p_is_the_share_of_all_relabellings_that_are_as_low(n):
    draws = np.random.default_rng(n)
    rates = np.tile([0.9, 0.6, 0.5], (6, 1))
    values = [drops(each, 1) for each in problems_of(rates, n, draws)]
    sums = [sum(chosen) for chosen in product(*values)]
    observed = sum(each[0] for each in values)
    low = sum(each < observed - 1e-9 for each in sums) / len(sums)
    tied = sum(abs(each - observed) < 1e-9 for each in sums) / len(sums)
    assert relabelling_p(values) == pytest.approx(low + tied / 2, abs=1e-12 if n == 1 else 0.01)


def test_with_one_version_a_problem_it_is_the_sign_flip_test_and_mcnemars():
    draws = np.random.default_rng(3)
    problems = problems_of(np.tile([0.7, 0.5], (60, 1)), 1, draws)
    found = robustness(problems, greedy=True)
    differences = [float(each.perturbed[0][1] - each.nominal[1]) for each in problems]
    assert found.p == pytest.approx(sign_flip_p(differences), abs=1e-12)
    lost, won = differences.count(-1.0), differences.count(1.0)
    # Half of what the two-sided exact test has, less half of the chance of this very split.
    exact = mcnemar([[0, lost], [won, 0]], exact=True).pvalue / 2
    assert found.p == pytest.approx(exact - binom.pmf(won, lost + won, 0.5) / 2, abs=1e-9)


def test_p_is_not_given_where_versions_cannot_change_places():
    found = robustness([versions((2, 1), (1, 1))], greedy=False)
    assert (found.p, found.reason) == (None, "the nominal prompt and its versions have different numbers of samples")
    twice = [versions((1, 1), (1, 0), name=name) for name in ("python/7@German", "python/7@French")]
    assert robustness(twice, greedy=True).reason == "several problems are versions of one"


def test_no_difference_is_no_evidence():
    assert relabelling_p([[0.0, 0.0], [0.0, 0.0]]) == 0.5


def test_the_worst_of_seeds_gives_no_false_alarm_where_the_nominal_prompt_is_a_version_like_the_others():
    """The short form of tests/performance/robustness_error_rates.py."""
    draws = np.random.default_rng(5)
    alarms, naive, runs = 0, 0, 100
    for _ in range(runs):
        middle = draws.beta(0.5, 0.5, 100)
        rates = np.clip(middle[:, None] + draws.normal(0, 0.2, (100, 6)), 0, 1)
        found = robustness(problems_of(rates, 1, draws), greedy=True)
        alarms += found.p <= 0.05
        high = found.worst_drop.interval()[1]
        naive += high < 0
    assert alarms / runs < 0.11
    assert naive / runs > 0.9  # the drop is there: it is of the worst of several
