"""The 95 % interval: worked numbers, the ends of the scale, and how often it holds the truth."""

import random
from math import comb, pi, sqrt, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from codecrucible.reports.statistics.interval import mean_with_interval
from codecrucible.reports.statistics.student_t import student_t_quantile, student_t_tail, student_t_upper_quantile


def test_t_quantiles_equal_their_closed_forms():
    assert student_t_quantile(0.975, df=1) == pytest.approx(tan(pi * 0.475), rel=1e-12)
    assert student_t_quantile(0.975, df=2) == pytest.approx(0.95 * sqrt(2 / (1 - 0.95**2)), rel=1e-12)


@pytest.mark.parametrize(
    ("df", "quantile"), [(3, 3.182446305), (4, 2.776445105), (10, 2.228138852), (29, 2.045229642), (100, 1.983971519)]
)
def test_t_quantiles_equal_the_printed_tables(df, quantile):
    assert student_t_quantile(0.975, df=df) == pytest.approx(quantile, abs=1e-9)


def test_t_at_many_degrees_of_freedom_is_the_normal_distribution():
    assert student_t_quantile(0.975, df=20_000) == pytest.approx(1.959963985, abs=2e-4)


@given(st.integers(1, 300), st.floats(0.51, 0.999))
def test_the_quantile_inverts_the_distribution_function(df, probability):
    assert 1 - student_t_tail(student_t_quantile(probability, df=df), df=df) == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 19, 163, 2000])
@pytest.mark.parametrize("tail", [0.4, 0.025, 1e-5, 1e-17, 1e-60, 1e-300])
def test_a_tail_too_small_to_be_told_from_1_has_the_quantile_that_scipy_has(df, tail):
    quantile = student_t_upper_quantile(tail, df=df)
    assert stats.t.sf(quantile, df) == pytest.approx(tail, rel=1e-8)
    assert student_t_tail(quantile, df=df) == pytest.approx(tail, rel=1e-8)


@pytest.mark.parametrize(("probability", "df"), [(0.5, 3), (1.0, 3), (0.2, 3), (0.975, 0)])
def test_a_quantile_out_of_range_is_refused(probability, df):
    with pytest.raises(ValueError, match="Cannot give the t quantile"):
        student_t_quantile(probability, df=df)


def test_a_worked_example_away_from_the_ends():
    # 20 problems, half of them at 0.4 and half at 0.6: sd = 0.1 * sqrt(20 / 19), t(0.975, 19) = 2.093024.
    estimate = mean_with_interval([0.4, 0.6] * 10)
    reach = 2.093024054 * 0.1 * sqrt(20 / 19) / sqrt(20)
    assert estimate.value == pytest.approx(0.5)
    assert (estimate.low, estimate.high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))


def test_one_problem_has_no_interval():
    estimate = mean_with_interval([0.25])
    assert (estimate.value, estimate.low, estimate.high) == (0.25, None, None)


@pytest.mark.parametrize("problems", [2, 5, 20, 164])
def test_all_failed_and_all_passed_are_no_certainty(problems):
    failed, passed = mean_with_interval([0.0] * problems), mean_with_interval([1.0] * problems)
    # At least what the exact binomial bound allows: a true share p leaves all of them failed with (1 - p)^N.
    exact = 1 - 0.025 ** (1 / problems)
    assert (failed.value, failed.low) == (0.0, 0.0)
    assert failed.high >= exact
    assert (passed.value, passed.high) == (1.0, 1.0)
    assert passed.low == pytest.approx(1 - failed.high)


def test_equal_scores_between_the_ends_are_no_certainty_on_few_problems():
    estimate = mean_with_interval([0.5] * 4)
    assert estimate.low < 0.3
    assert estimate.high > 0.7


@pytest.mark.parametrize("scores", [[], [1.1], [-0.1, 0.5], [float("nan")]])
def test_what_is_no_list_of_shares_is_refused(scores):
    with pytest.raises(ValueError, match="Cannot take the mean"):
        mean_with_interval(scores)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=60))
def test_the_interval_lies_in_0_to_1_and_holds_the_mean(scores):
    estimate = mean_with_interval(scores)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def coverage(*, truth: float, problems: int, n: int, runs: int) -> float:
    """Share of simulated runs whose interval holds `truth`; problems differ as those of real benchmarks do."""
    source = random.Random(20240607)  # noqa: S311 - a simulation
    held = 0
    for _ in range(runs):
        scores = []
        for _ in range(problems):
            chance = source.betavariate(truth, 1 - truth)
            scores.append(sum(source.random() < chance for _ in range(n)) / n)
        estimate = mean_with_interval(scores)
        held += estimate.low <= truth <= estimate.high
    return held / runs


@pytest.mark.parametrize(
    ("truth", "problems", "n"),
    [
        (0.02, 20, 1),
        (0.02, 50, 5),
        (0.05, 100, 1),
        (0.10, 20, 5),
        (0.35, 20, 5),
        (0.35, 100, 1),
        (0.90, 30, 1),
        (0.98, 50, 5),
    ],
)
def test_the_interval_covers_the_truth_as_often_as_it_says(truth, problems, n):
    # 2,000 runs of a 95 % interval give 0.95 +- 0.005; the plain t interval gives 0.33 to 0.9 at the ends of the scale.
    assert coverage(truth=truth, problems=problems, n=n, runs=2000) >= 0.93


@pytest.mark.parametrize("truth", [0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("problems", [5, 20, 50, 164])
def test_the_exact_coverage_of_one_sample_a_problem_is_close_to_95_percent_or_above(truth, problems):
    held = 0.0
    for passed in range(problems + 1):
        estimate = mean_with_interval([1.0] * passed + [0.0] * (problems - passed))
        if estimate.low <= truth <= estimate.high:
            held += comb(problems, passed) * truth**passed * (1 - truth) ** (problems - passed)
    assert held >= 0.92
