"""What ratings come to, against numbers worked by hand and the same tests of scipy."""

import numpy as np
import pytest
import scipy.stats

from codecrucible.reports.ratings import PREFERENCE, RatedProgram, RatedRun, Rating, summary_of
from codecrucible.reports.views.rating_view import rating_sheets
from codecrucible.reports.views.sheet import sheets_to_html, sheets_to_markdown

RUNS = (RatedRun(run_id="one", name="</td><script>alert(1)</script>"), RatedRun(run_id="two", name="b|c"))


def pair(rater, problem, first, second, preferred):
    programs = (
        RatedProgram(run_id="one", program_sha256=f"1{problem}", scores={"readability": first}),
        RatedProgram(run_id="two", program_sha256=f"2{problem}", scores={"readability": second}),
    )
    return Rating(rater=rater, problem_id=f"p/{problem}", programs=programs, preferred=preferred)


RATINGS = [
    pair("anna", 0, 3, 5, "two"),
    pair("ben", 0, 2, 4, "two"),
    pair("anna", 1, 4, 4, ""),
    pair("anna", 2, 5, 2, "one"),
    pair("ben", 3, 1, 2, "two"),
    pair("anna", 4, 2, 4, "two"),
    pair("anna", 5, 3, 4, "two"),
]


def test_each_problem_counts_once_whatever_number_of_ratings_it_has():
    summary = summary_of(RATINGS, RUNS)
    assert (summary.raters, summary.judgements) == (2, 7)
    first, second = summary.means
    assert (first.mean, first.problems, first.judgements) == (pytest.approx(17.5 / 6, abs=1e-6), 6, 7)
    assert second.mean == pytest.approx((4.5 + 4 + 2 + 2 + 4 + 4) / 6, abs=1e-6)


def test_the_interval_of_a_mean_is_that_of_student_over_problems():
    values = [2.5, 4, 5, 1, 2, 3]
    low, high = summary_of(RATINGS, RUNS).means[0].ci95
    t = scipy.stats.t.interval(0.95, 5, loc=sum(values) / 6, scale=scipy.stats.sem(values))
    assert low <= t[0] + 1e-6
    assert high >= t[1] - 1e-6  # and wider where few problems are far from the ends
    assert low >= 1
    assert high <= 5


def test_a_tie_is_half_a_preference_and_p_is_the_exact_mid_p_of_all_sign_flips():
    of = {each.question: each for each in summary_of(RATINGS, RUNS).differences}
    preference = of[PREFERENCE]
    assert preference.value == pytest.approx(4.5 / 6, abs=1e-6)
    # Five problems that differ, one of them for the first run: 2 * (P(X = 0) + P(X = 1) / 2) of a fair coin.
    assert preference.p == pytest.approx(2 * (1 / 32 + 5 / 64), abs=1e-6)
    assert 0 <= preference.ci95[0] < preference.value < preference.ci95[1] <= 1
    assert of["readability"].value == pytest.approx((2 + 0 - 3 + 1 + 2 + 1) / 6, abs=1e-6)


def test_two_runs_that_are_equally_good_have_a_small_p_as_often_as_it_says():
    draw, small = np.random.default_rng(3), 0
    for _ in range(400):
        ratings = [pair("anna", i, 3, 3, str(draw.choice(["one", "two"]))) for i in range(20)]
        small += summary_of(ratings, RUNS).differences[-1].p < 0.05
    assert small / 400 < 0.08


def test_agreement_is_over_what_two_raters_rated():
    agreement = {each.question: each for each in summary_of(RATINGS, RUNS).agreement}
    assert agreement["readability"].items == 2
    assert agreement[PREFERENCE].items == 1
    assert agreement[PREFERENCE].alpha is None  # all said the same
    alone = summary_of([each for each in RATINGS if each.rater == "anna"], RUNS)
    assert {each.alpha for each in alone.agreement} == {None}


def test_one_run_has_means_and_no_differences():
    single = [
        Rating(rater="anna", problem_id=each.problem_id, programs=each.programs[:1], preferred=None)
        for each in RATINGS[2:]
    ]
    summary = summary_of(single, RUNS[:1])
    assert summary.differences == ()
    assert [each.question for each in summary.agreement] == ["readability"]


@pytest.mark.parametrize(
    ("ratings", "message"),
    [([], "no rating"), ([RATINGS[0], RATINGS[0]], "twice"), (RATINGS, "not among the runs")],
)
def test_what_cannot_be_counted_is_refused(ratings, message):
    with pytest.raises(ValueError, match=message):
        summary_of(ratings, RUNS if message != "not among the runs" else (RUNS[0], RatedRun(run_id="x", name="x")))


def test_names_are_harmless_wherever_ratings_are_shown():
    sheets = list(rating_sheets(summary_of(RATINGS, RUNS)))
    assert "<script>" not in sheets_to_markdown(sheets)
    assert "b&#124;c" in sheets_to_markdown(sheets)
    assert "<script>" not in sheets_to_html(sheets)
    assert "75.0 %" in sheets_to_markdown(sheets)
