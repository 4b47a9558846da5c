"""The boundaries of sequential looks, and the gate between two of them."""

import numpy as np
import pytest
from gated_reports import BASE, SIMULATION, WORSE, load_script, report
from scipy.stats import multivariate_normal, norm

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.gate import GateRule, GateState, decide, sentences
from codecrucible.reports.statistics.sequential import obrien_fleming_levels


@pytest.mark.parametrize(("looks", "last"), [(1, 1.960), (2, 1.977), (3, 2.004), (4, 2.024), (5, 2.040)])
def test_the_boundaries_are_those_of_the_printed_tables(looks, last):
    levels = obrien_fleming_levels(range(1, looks + 1), 0.025)
    expected = [last * np.sqrt(looks / look) for look in range(1, looks + 1)]
    assert norm.isf(levels) == pytest.approx(expected, abs=0.003)


def test_all_looks_together_have_the_level_of_one_test():
    looks = np.array([3, 5, 12, 20])
    levels = obrien_fleming_levels(looks.tolist(), 0.05)
    source = np.random.default_rng(1)
    steps = source.normal(size=(200_000, 4)) * np.sqrt(np.diff(looks, prepend=0))
    z = steps.cumsum(axis=1) / np.sqrt(looks)
    # 200,000 paths: a standard error of 0.0005.
    assert (norm.sf(z) <= levels).any(axis=1).mean() == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize("looks", [[], [5, 5], [10, 5], [0, 5]])
def test_looks_that_do_not_rise_are_refused(looks):
    with pytest.raises(ValueError, match="in rising order"):
        obrien_fleming_levels(looks, 0.05)


EARLY = [(1, 20), (5, 100), (1, 5, 20), (1, 10, 200), (1, 2000)]


@pytest.mark.parametrize("looks", EARLY)
def test_however_early_the_first_look_is_all_of_them_have_the_level_of_one_test(looks):
    levels = obrien_fleming_levels(looks, 0.05)
    times = np.array(looks) / looks[-1]
    correlations = np.minimum.outer(times, times) / np.sqrt(np.outer(times, times))
    below_all = multivariate_normal(cov=correlations).cdf(norm.isf(levels))
    assert 1 - below_all == pytest.approx(0.05, abs=1e-4)
    assert 0 < levels[0] < levels[-1]


def test_the_level_of_an_early_look_keeps_its_digits():
    first, last = obrien_fleming_levels((5, 100), 0.05)
    # The boundary is the same for the motion at both looks: z at 5 of 100 is z at the end times sqrt(20).
    assert first == pytest.approx(norm.sf(norm.isf(last) * np.sqrt(20)), rel=1e-6)


@pytest.mark.parametrize("looks", EARLY)
def test_a_gate_with_an_early_look_decides_at_each_of_them(looks):
    rule = GateRule(looks=looks)
    for n in looks:
        alike = [place % (n + 1) for place in range(164)]
        same = decide([compare_reports(report(alike, n=n), report(alike, n=n))], rule)
        assert same.state is not GateState.REGRESSION
        assert all(0 <= each.worst <= 1 for each in same.gated if each.worst is not None)
        lost = decide([compare_reports(report([n] * 164, n=n), report([0] * 164, n=n))], rule)
        # All of 164 are lost, a chance of 2 ** -165: seen from the first look on that can be worth 1 in 1e49.
        level = rule.level(n, share=0.5)
        assert (lost.state is GateState.REGRESSION) == (level >= 0.5**165)


def at_look(base, candidate, *, n):
    return decide([compare_reports(report(base, n=n), report(candidate, n=n))], GateRule(looks=(20, 40)))


def test_a_large_drop_stops_at_the_first_look():
    assert at_look(BASE, WORSE, n=20).state is GateState.REGRESSION


def test_a_small_drop_that_one_test_would_call_waits_for_the_next_look():
    slight = [max(0, c - 2) if place % 40 == 1 else c for place, c in enumerate(BASE)]
    once = decide([compare_reports(report(BASE), report(slight))])
    assert once.gated[0].difference.p_worse < 0.025
    result = at_look(BASE, slight, n=20)
    assert result.state is not GateState.REGRESSION


def test_an_undecided_look_says_what_comes_next():
    base = [place % 2 * 20 for place in range(164)]
    candidate = [c if place % 5 else 20 - c for place, c in enumerate(base)]
    result = at_look(base, candidate, n=20)
    assert result.state is GateState.INCONCLUSIVE
    assert sentences(result)[-1] == "Look 1 of 2: draw 40 samples per problem and gate again."


def test_the_last_look_is_the_end():
    result = at_look([2 * c for c in BASE], [2 * c for c in BASE], n=40)
    assert result.state is GateState.PASS
    assert not [told for told in sentences(result) if told.startswith("Look")]


def test_a_look_that_was_not_declared_is_refused():
    with pytest.raises(ValueError, match="has 30 samples per problem, and the declared looks are at 20, 40"):
        at_look(BASE, BASE, n=30)


@pytest.mark.slow
def test_four_looks_have_no_more_false_alarms_than_one():
    # 300 replicates of a 5 % level: a standard error of 1.3 points; 9 % is three of them.
    shares = load_script(SIMULATION).looked_cell("identical", 0.65, (5, 10, 15, 20), replicates=300)
    assert shares["regression"] <= 9
