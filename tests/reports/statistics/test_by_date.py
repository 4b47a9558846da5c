"""pass@1 by month and around a cut-off."""

import random

import pytest

from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.statistics.by_date import scores_around, scores_by_month


def rows_of(*groups):
    """Rows of groups of (day, problems that pass, problems that fail)."""
    return [
        ProblemRow(problem_id=f"p{day}/{number}", n=2, c=2 if number < passed else 0, date=day)
        for day, passed, failed in groups
        for number in range(passed + failed)
    ]


def test_each_month_has_its_problems_and_those_without_a_date_are_in_none():
    rows = [*rows_of(("2024-02-01", 1, 1), ("2024-01-31", 3, 1), ("2024-02-29", 0, 2)), *rows_of(("", 5, 0))]
    months = scores_by_month(rows)
    assert [(each.month, each.pass_at_1.value, each.pass_at_1.problems) for each in months] == [
        ("2024-01", 0.75, 4),
        ("2024-02", 0.25, 4),
    ]
    assert scores_by_month(rows_of(("", 2, 2))) == ()


def test_the_day_itself_is_before_and_the_difference_is_after_less_before():
    found = scores_around(
        [*rows_of(("2024-06-30", 30, 10), ("2024-07-01", 10, 30)), *rows_of(("", 1, 0))], "2024-06-30"
    )
    assert (found.before.value, found.after.value, found.difference, found.undated) == (0.75, 0.25, -0.5, 1)
    reach = 2.0227 * (0.75 * 0.25 / 39) ** 0.5  # of each group, by Student's t with 39 degrees of freedom
    assert found.ci95 == pytest.approx((-0.5 - 2**0.5 * reach, -0.5 + 2**0.5 * reach), abs=1e-4)


def test_what_is_not_measured_is_no_number():
    found = scores_around(rows_of(("2024-06-30", 3, 1)), "2024-07-01")
    assert (found.after.value, found.difference, found.ci95) == (None, None, None)
    unjudged = [ProblemRow(problem_id="u/1", n=0, c=0, date="2024-08-01")]
    found = scores_around([*rows_of(("2024-06-30", 3, 1)), *unjudged], "2024-07-01")
    assert found.after.reason == "1 of 1 problems have no judged sample and are left out"
    one_each = scores_around(rows_of(("2024-06-30", 1, 0), ("2024-08-01", 0, 1)), "2024-07-01")
    assert (one_each.difference, one_each.ci95) == (-1.0, None)


@pytest.mark.parametrize(
    ("before", "after", "sizes"), [(0.5, 0.5, (60, 20)), (0.9, 0.1, (40, 15)), (0.05, 0.02, (50, 50))]
)
def test_the_interval_covers_the_true_difference_as_often_as_it_says(before, after, sizes):
    draw, trials, covered = random.Random(7), 400, 0  # noqa: S311 - a simulation
    for _ in range(trials):
        passed = [sum(draw.random() < share for _ in range(n)) for share, n in zip((before, after), sizes, strict=True)]
        days = ("2024-01-01", "2024-12-01")
        rows = rows_of(*((day, c, n - c) for day, c, n in zip(days, passed, sizes, strict=True)))
        low, high = scores_around(rows, "2024-06-01").ci95
        covered += low <= after - before <= high
    assert covered / trials >= 0.93
