"""pass@k against enumeration, and its mean over a benchmark."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k, pass_at_k


def enumerated(n: int, c: int, k: int) -> float:
    draws = list(combinations([True] * c + [False] * (n - c), k))
    return sum(any(draw) for draw in draws) / len(draws)


@pytest.mark.parametrize("n", range(1, 7))
def test_it_equals_the_enumeration_of_all_draws(n):
    for c in range(n + 1):
        for k in range(1, n + 1):
            assert pass_at_k(n=n, c=c, k=k) == enumerated(n, c, k)


@pytest.mark.parametrize(
    ("n", "c", "k"), [(5, 0, 10), (1, 1, 2), (0, 0, 1), (5, 6, 1), (5, -1, 1), (5, 2, 0), (5, 2, -1)]
)
def test_an_undefined_estimate_is_refused_and_never_1(n, c, k):
    with pytest.raises(ValueError, match=f"pass@{k}"):
        pass_at_k(n=n, c=c, k=k)


def test_a_k_above_n_is_named_with_n():
    with pytest.raises(ValueError, match=r"pass@10 from n=5 samples"):
        pass_at_k(n=5, c=0, k=10)


def test_the_smallest_score_of_many_samples_is_not_lost_to_cancellation():
    assert pass_at_k(n=10_000, c=1, k=1) == 1 / 10_000
    assert pass_at_k(n=1_000, c=1, k=100) == 0.1
    assert pass_at_k(n=200, c=100, k=100) == 1 - 1 / comb(200, 100)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_it_is_a_probability_that_grows_with_passes_and_with_draws(n_c_k):
    n, c, k = n_c_k
    score = pass_at_k(n=n, c=c, k=k)
    assert 0 <= score <= 1
    assert pass_at_k(n=n, c=c, k=1) == c / n
    if c < n:
        assert score <= pass_at_k(n=n, c=c + 1, k=k)
    if k < n:
        assert score <= pass_at_k(n=n, c=c, k=k + 1)


def test_every_problem_weighs_the_same_whatever_its_number_of_samples():
    estimate = mean_pass_at_k([(100, 100), (2, 0)], k=1)
    assert (estimate.value, estimate.problems) == (0.5, 2)


def test_a_problem_with_too_few_samples_is_not_dropped_in_silence():
    with pytest.raises(ValueError, match="pass@5 from n=4"):
        mean_pass_at_k([(5, 1), (4, 1)], k=5)
