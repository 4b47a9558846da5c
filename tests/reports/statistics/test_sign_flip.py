"""The sign-flip test: against enumeration, against scipy, and where it must be exact."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm, permutation_test

from codecrucible.reports.statistics import sign_flip
from codecrucible.reports.statistics.sign_flip import sign_flip_p, smallest_sign_flip_p

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


WEIGHTED = st.lists(st.tuples(SHARES, st.sampled_from([1.0, 500 / 164, 0.37])), min_size=1, max_size=10)


def enumerated_sums(moved):
    """Mid-p from all 2^N signs of any numbers."""
    sums = [sum(s * d for s, d in zip(signs, moved, strict=True)) for signs in product((-1, 1), repeat=len(moved))]
    lower = sum(each < sum(moved) - 1e-9 for each in sums)
    return (lower + sum(abs(each - sum(moved)) <= 1e-9 for each in sums) / 2) / len(sums)


@given(WEIGHTED)
def test_with_weights_it_equals_the_enumeration_of_all_signs(weighted):
    differences, weights = zip(*weighted, strict=True)
    moved = [weight * difference for difference, weight in weighted]
    assert sign_flip_p(differences, weights) == pytest.approx(enumerated_sums(moved), abs=1e-12)


def test_benchmarks_of_different_sizes_are_exact_far_into_the_tail():
    # All is lost: of the 2^N patterns of signs that one alone is as low.
    differences, weights = [-0.05] * 40 + [-0.1] * 30, [500 / 164] * 40 + [0.7] * 30
    assert sign_flip_p(differences, weights) == pytest.approx(0.5**71, rel=1e-9)
    # One difference of the larger weight is won: the patterns with one more or less of it, by hand.
    differences[0] = 0.05
    at_least_as_low = 1 + 40 / 2  # the pattern of losses alone, and half of the 40 with one gain there
    lower = sum(1 for _ in range(30) if 0.1 * 0.7 < 0.05 * 500 / 164)  # one gain of the smaller weight
    pairs = 30 * 29 // 2 if 2 * 0.1 * 0.7 < 0.05 * 500 / 164 else 0
    assert sign_flip_p(differences, weights) == pytest.approx((at_least_as_low + lower + pairs) * 0.5**70, rel=1e-9)


@pytest.mark.parametrize("shift", [-0.02, -0.1, -0.3])
def test_draws_know_a_small_p_as_well_as_a_large_one(shift):
    source = random.Random(4)  # noqa: S311  # draws, no secrets
    differences = [round(source.gauss(shift, 0.2), 1) for _ in range(200)]
    exact = sign_flip_p(differences)
    drawn = sign_flip._drawn(sign_flip.np.array([each for each in differences if each]))
    # 20,000 draws of a variance that grows slowly with the distance from the middle: 3 % is three standard errors.
    assert drawn == pytest.approx(exact, rel=0.05)
    assert shift > -0.1 or exact < 1e-6


def test_three_large_benchmarks_of_different_sizes_are_drawn_and_close_to_the_truth():
    source = random.Random(4)  # noqa: S311  # draws, no secrets
    sizes = {17 / 3: 150, 13 / 7: 400, 1.0: 600, 0.31: 900}
    differences, weights = [], []
    for weight, size in sizes.items():
        differences += [source.randint(-20, 19) / 20 for _ in range(size)]
        weights += [weight] * size
    moved = [weight * each for weight, each in zip(weights, differences, strict=True)]
    assert sign_flip._parts([(weight, each) for weight, each in zip(weights, differences, strict=True) if each]) is None
    z = sum(moved) / sum(each**2 for each in moved) ** 0.5
    # So many differences are all but normal, this near to the middle.
    assert sign_flip_p(differences, weights) == pytest.approx(norm.cdf(z), rel=0.05)


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
