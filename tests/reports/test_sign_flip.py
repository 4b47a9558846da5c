"""The sign-flip test: against enumeration, against scipy, and where it must be exact."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, permutation_test

from reports import sign_flip
from reports.sign_flip import sign_flip_p, smallest_sign_flip_p

SHARES = st.integers(-20, 20).map(lambda twentieths: twentieths / 20)


def enumerated(differences):
    """Mid-p from all 2^N signs, in whole twentieths."""
    weights = [round(20 * difference) for difference in differences]
    sums = [sum(s * w for s, w in zip(signs, weights, strict=True)) for signs in product((-1, 1), repeat=len(weights))]
    observed = sum(weights)
    return (sum(each < observed for each in sums) + sum(each == observed for each in sums) / 2) / len(sums)


@given(st.lists(SHARES, min_size=1, max_size=10))
def test_it_equals_the_enumeration_of_all_signs(differences):
    assert sign_flip_p(differences) == pytest.approx(enumerated(differences), abs=1e-12)


@given(st.lists(SHARES, min_size=1, max_size=60))
def test_turning_all_signs_gives_the_complement(differences):
    assert sign_flip_p(differences) + sign_flip_p([-each for each in differences]) == pytest.approx(1, abs=1e-9)


@given(st.lists(SHARES, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_the_problems_does_not_matter(differences, source):
    shuffled = list(differences)
    source.shuffle(shuffled)
    assert sign_flip_p(shuffled) == sign_flip_p(differences)


@given(st.lists(SHARES, min_size=1, max_size=40))
def test_problems_without_a_difference_change_nothing(differences):
    assert sign_flip_p([*differences, 0.0, 0.0]) == sign_flip_p(differences)


@pytest.mark.parametrize(("lost", "won"), [(1, 0), (9, 2), (30, 17), (5, 5), (0, 4)])
def test_one_sample_a_problem_is_mcnemars_mid_p(lost, won):
    expected = binom.sf(lost - 1, lost + won, 0.5) - binom.pmf(lost, lost + won, 0.5) / 2
    assert sign_flip_p([-1.0] * lost + [1.0] * won + [0.0] * 50) == pytest.approx(expected, rel=1e-9)


def test_scipys_exact_permutation_test_agrees():
    differences = [-0.35, 0.1, -0.2, 0.45, -0.15, -0.6, 0.05, -0.25, 0.3]
    base = [0.0] * len(differences)
    for alternative, strict in (("less", 0), ("greater", 1)):
        theirs = permutation_test(
            (differences, base),
            lambda x, y, axis: (x - y).sum(axis=axis),
            permutation_type="samples",
            alternative=alternative,
            n_resamples=1_000_000,
            vectorized=True,
        ).pvalue
        ties = enumerated(differences) * 2**9
        ours = sign_flip_p(differences) if not strict else 1 - sign_flip_p(differences)
        # Theirs counts ties in full, ours in half: they differ by half of the ties' share, and there is such a tie.
        assert ours < theirs
        assert (theirs - ours) * 2**9 == pytest.approx(round((theirs - ours) * 2**10) / 2)
        assert ties > 0


def test_different_numbers_of_samples_are_still_exact():
    differences = [3 / 50 - 1 / 20, 7 / 50 - 8 / 20, 0.5 - 0.55]
    sums = [sum(s * d for s, d in zip(signs, differences, strict=True)) for signs in product((-1, 1), repeat=3)]
    expected = sum(each < sum(differences) - 1e-9 for each in sums) / 8 + 1 / 16
    assert sign_flip_p(differences) == expected


def test_scores_without_a_common_fraction_are_drawn_and_close_to_the_truth():
    irregular = [0.1234567, -0.2345678, -0.3456789, 0.0456789, -0.1567891, -0.2678912, 0.0789123, -0.389123]
    sums = [sum(s * d for s, d in zip(signs, irregular, strict=True)) for signs in product((-1, 1), repeat=8)]
    exact = sum(each < sum(irregular) - 1e-9 for each in sums) / 256 + 1 / 512
    assert sign_flip._whole_numbers(irregular) is None
    # 20,000 flips: a standard error of at most 0.0036.
    assert sign_flip_p(irregular) == pytest.approx(exact, abs=0.015)
    assert sign_flip_p(irregular) == sign_flip_p(irregular[::-1])


def test_drawing_and_the_exact_distribution_agree(monkeypatch):
    differences = [-0.35, 0.1, -0.2, 0.45, -0.15, -0.6, 0.05, -0.25, 0.3] * 4
    exact = sign_flip_p(differences)
    monkeypatch.setattr(sign_flip, "MOST_STEPS", 1)
    assert sign_flip_p(differences) == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("differences", [[], [0.0], [0.0] * 164])
def test_without_a_difference_it_says_nothing(differences):
    assert sign_flip_p(differences) == 0.5
    assert smallest_sign_flip_p(differences) == 0.5


@given(st.lists(SHARES, min_size=1, max_size=30))
def test_no_outcome_is_less_likely_than_the_smallest_p(differences):
    assert smallest_sign_flip_p(differences) <= sign_flip_p(differences) * (1 + 1e-9)
    assert smallest_sign_flip_p(differences) == pytest.approx(sign_flip_p([-abs(each) for each in differences]))
