"""What a report says of CPU time on stress inputs, against means worked out in another way."""

import math
from dataclasses import replace
from statistics import fmean, stdev

import pytest
from comparing import report_of, verdicts_of
from scipy.stats import t

from codecrucible.reports.efficiency import StressProblem, StressRow, efficiency_of, efficient_counts
from codecrucible.reports.efficiency_types import TOLERANCE, WAITS_S, Efficiency
from codecrucible.reports.report_file import report_json

SAME = StressRow(state="measured", cpu_ratio=1.0, memory_ratio=1.0)
SLOW = StressRow(state="measured", cpu_ratio=8.0, memory_ratio=3.0)
WRONG = StressRow(state="wrong", detail="f([1]) answered 2, expected 1")
STOPPED = StressRow(state="over_limit", cpu_ratio=10.0, memory_ratio=1.0)


def problem(*rows, judged=None, **known):
    """One whose passing samples have these rows, each a program of its own."""
    passing = {index: f"{index}" for index in range(len(rows))}
    programs = {f"{index}": row for index, row in enumerate(rows) if row is not None}
    judged = len(rows) if judged is None else judged
    return StressProblem(**{"judged": judged, "passing": passing, "programs": programs, "reference": SAME, **known})


def test_efficient_at_1_is_the_mean_of_shares_and_its_interval_that_of_a_mean():
    shares = [(3, 4), (1, 4), (4, 4), (2, 4), (0, 4), (2, 4), (3, 4), (1, 4), (2, 4), (3, 4), (2, 4), (3, 4)]
    problems = {f"p/{n}": problem(*[SAME] * c, *[SLOW] * (of - c)) for n, (c, of) in enumerate(shares)}
    found = efficiency_of(problems)

    values = [c / of for c, of in shares]
    reach = t.ppf(0.975, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    assert found.efficient_at_1 == pytest.approx(fmean(values))
    assert found.efficient_at_1_ci95 == pytest.approx((fmean(values) - reach, fmean(values) + reach))
    assert efficient_counts(problems) == {f"p/{n}": c for n, (c, _) in enumerate(shares)}


def test_versions_of_one_problem_are_one_cluster():
    apart = {f"p/{n}": problem(SAME if n % 2 else SLOW) for n in range(20)}
    versions = {f"p/{n // 2}@{'ab'[n % 2]}": problem(SAME if n // 2 % 2 else SLOW) for n in range(20)}
    one, other = efficiency_of(apart).efficient_at_1_ci95, efficiency_of(versions).efficient_at_1_ci95
    assert other[1] - other[0] > 1.3 * (one[1] - one[0])


def test_a_problem_without_a_pass_counts_as_0_and_has_no_ratio():
    found = efficiency_of({"p/0": problem(SLOW, judged=1), "p/1": problem(judged=5), "p/2": problem(SAME, judged=2)})
    assert found.efficient_at_1 == pytest.approx((0 + 0 + 1 / 2) / 3)
    assert found.cpu_ratio == pytest.approx((8 + 1) / 2)
    assert found.memory_ratio == pytest.approx((3 + 1) / 2)
    assert (found.passing, found.measured, found.problems) == (2, 2, 3)


def test_what_cannot_be_measured_is_left_out_and_never_0():
    unusable = problem(SAME, reference=StressRow(state="not_measurable"))
    found = efficiency_of({"p/0": unusable, "p/1": problem(SAME, reference=None), "p/2": problem(SAME)})
    assert (found.efficient_at_1, found.problems, found.left_out) == (1.0, 1, 2)

    nothing = efficiency_of({"p/0": unusable})
    assert (nothing.efficient_at_1, nothing.cpu_ratio, nothing.as_the_best_at_1) == (None, None, None)
    assert nothing.reason == "no problem could be measured"


def test_a_pass_that_is_not_measured_yet_leaves_no_score():
    problems = {"p/0": problem(SAME, None), "p/1": problem(SAME)}
    found = efficiency_of(problems)
    assert (found.efficient_at_1, found.reason) == (None, "1 passing samples are not measured yet")
    assert efficient_counts(problems) == {"p/1": 1}


def test_wrong_stopped_and_sleeping_samples_are_not_efficient_and_each_is_counted():
    sleeps = replace(SAME, waited_s=WAITS_S)
    found = efficiency_of({"p/0": problem(WRONG, STOPPED, sleeps, SAME)})
    assert found.efficient_at_1 == 1 / 4
    assert (found.wrong, found.over_limit, found.waiting) == (1, 1, 1)
    assert [each.state for each in found.slow] == ["over_limit", "measured", "wrong"]
    assert found.cpu_ratio == 1.0, "of 10, 1 and 1; a wrong answer has no speed"


def test_the_tolerance_is_a_difference_that_counts_as_none():
    at, above = (replace(SAME, cpu_ratio=TOLERANCE + more) for more in (0.0, 0.01))
    assert efficiency_of({"p/0": problem(at)}).efficient_at_1 == 1
    assert efficiency_of({"p/0": problem(above)}).efficient_at_1 == 0


def test_as_the_best_asks_for_the_time_of_the_fastest_known_program():
    fast = replace(SAME, cpu_ratio=0.1)
    problems = {"p/0": problem(SAME, fast, best=fast), "p/1": problem(SAME, best=SAME), "p/2": problem(SAME)}
    found = efficiency_of(problems)
    assert found.efficient_at_1 == 1
    assert found.as_the_best_at_1 == pytest.approx((1 / 2 + 1) / 2)


def test_the_noise_is_what_95_of_100_references_differ_from_themselves():
    ratios = [1 + each / 1000 for each in range(100)]
    problems = {f"p/{n}": problem(SAME, reference=replace(SAME, cpu_ratio=r)) for n, r in enumerate(ratios)}
    assert efficiency_of(problems).noise == pytest.approx(1.094)
    assert efficiency_of({"p/0": problem(SAME)}).noise is None


def test_samples_that_share_a_program_are_one_line_of_the_slow_ones():
    shared = StressProblem(judged=3, passing={0: "a", 2: "a"}, programs={"a": SLOW}, reference=SAME)
    (slow,) = efficiency_of({"p/0": shared}).slow
    assert (slow.sample_index, slow.samples, slow.cpu_ratio) == (0, 2, 8.0)


def test_a_report_has_no_word_of_efficiency_where_it_was_not_asked_for():
    report = report_of(verdicts_of([4, 0, 2]))
    assert "efficiency" not in report_json(report)
    measured = replace(report, efficiency=Efficiency(passing=0, measured=0, problems=0, left_out=0))
    assert report_json(measured)["efficiency"]["efficient_at_1"] is None
