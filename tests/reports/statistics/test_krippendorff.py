"""Agreement of raters, against published numbers and another implementation."""

import os
import warnings
from importlib.util import find_spec
from math import isnan, nan

import numpy as np
import pytest

from codecrucible.reports.statistics.krippendorff import krippendorff_alpha

# Krippendorff 2011, section F: four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
]


def units_of(table):
    return [[value for value in unit if not isnan(value)] for unit in zip(*table, strict=True)]


def test_the_published_example_has_the_published_alpha():
    assert krippendorff_alpha(units_of(PUBLISHED)) == pytest.approx(0.815, abs=5e-4)


def test_another_implementation_says_the_same_of_random_tables():
    if not find_spec("krippendorff"):
        reason = "the package krippendorff is not installed: pip install 'codecrucible[dev]'"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    import krippendorff

    draw, compared = np.random.default_rng(1), 0
    for _ in range(200):
        width = draw.integers(3, 10)
        table = [draw.choice([1, 2, 3, 4, 5, nan], width).tolist() for _ in range(draw.integers(2, 6))]
        ours = krippendorff_alpha(units_of(table))
        if ours is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="ordinal")
        assert ours == pytest.approx(theirs, abs=1e-9)
        compared += 1
    assert compared > 150


@pytest.mark.parametrize("units", [[], [[3], [4]], [[2, 2], [2, 2, 2]]])
def test_without_two_ratings_of_one_thing_or_without_any_difference_there_is_no_alpha(units):
    assert krippendorff_alpha(units) is None


def test_raters_who_oppose_each_other_agree_less_than_by_chance():
    assert krippendorff_alpha([(1, 5), (5, 1), (1, 5), (5, 1)]) < 0
