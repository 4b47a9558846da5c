"""Scores of groups of problems."""

import random

import numpy as np
import pytest
from scipy import stats

from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.statistics.by_group import LANGUAGE, groups_in, kinds_of, scores_by_group


def rows_of(source, problems, groups, *, kind="asked in", n=4):
    """Rows of so many problems, each asked in every group, with passes drawn at random."""
    return [
        ProblemRow(
            problem_id=f"python/{problem}@{group}",
            language="python",
            n=n,
            c=source.randint(0, n),
            scanned=n,
            insecure=source.randint(0, n),
            secure=source.randint(0, n),
            groups={kind: group},
        )
        for problem in range(problems)
        for group in groups
    ]


def test_each_group_has_the_mean_and_interval_that_scipy_gives():
    rows = rows_of(random.Random(3), 40, ["German", "Greek"])  # noqa: S311  # draws, no secrets
    for found in scores_by_group(rows, "asked in"):
        shares = [row.c / row.n for row in rows if row.groups["asked in"] == found.group]
        low, high = stats.t.interval(0.95, 39, loc=np.mean(shares), scale=stats.sem(shares))
        assert (found.problems, found.samples) == (40, 160)
        assert found.pass_at_1.value == pytest.approx(np.mean(shares), abs=1e-6)
        assert found.pass_at_1.ci95 == pytest.approx((low, high), abs=1e-6)
        insecure = [row.insecure / 4 for row in rows if row.groups["asked in"] == found.group]
        assert found.insecure_rate.value == pytest.approx(np.mean(insecure), abs=1e-6)


def test_versions_of_one_problem_in_one_group_are_one_cluster():
    rows = rows_of(random.Random(5), 30, ["a", "b", "c"])  # noqa: S311  # draws, no secrets
    (found,) = scores_by_group(rows, LANGUAGE)
    sums = np.array([sum(row.c / row.n for row in rows[start : start + 3]) for start in range(0, 90, 3)])
    reach = stats.t.ppf(0.975, 29) * np.sqrt(((sums - sums.mean()) ** 2).sum() * 30 / 29) / 90
    assert found.pass_at_1.ci95 == pytest.approx((sums.mean() / 3 - reach, sums.mean() / 3 + reach), abs=1e-6)


def test_what_is_not_stated_is_a_group_of_its_own_and_the_last():
    rows = [
        ProblemRow(problem_id="1", n=1, c=1),
        ProblemRow(problem_id="2", n=1, c=0, groups={"topic": "b"}),
        ProblemRow(problem_id="3", n=1, c=1, groups={"topic": "a"}),
    ]
    assert {group: len(members) for group, members in groups_in(rows, "topic").items()} == {"b": 1, "a": 1, None: 1}
    assert list(groups_in(rows, "topic")) == ["b", "a", None]
    assert kinds_of(rows) == ["topic"]
    assert kinds_of([*rows, ProblemRow(problem_id="4", language="lua")]) == ["language", "topic"]


def test_what_was_not_measured_is_no_number():
    unjudged = ProblemRow(problem_id="1", groups={"topic": "a"})
    judged = ProblemRow(problem_id="2", n=2, c=1, groups={"topic": "b"})
    empty, one = scores_by_group([unjudged, judged], "topic")
    assert (empty.pass_at_1.value, empty.pass_at_1.ci95) == (None, None)
    assert empty.pass_at_1.reason == "1 of 1 problems have no judged sample and are left out"
    assert (one.pass_at_1.value, one.pass_at_1.ci95) == (0.5, None)
    assert (one.insecure_rate.value, one.secure_pass_at_1.value) == (None, None)
