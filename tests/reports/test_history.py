"""Drift over many runs: found where no neighbour differs, and hardly ever raised where nothing changes."""

import random
from itertools import pairwise

import pytest
from comparing import report_of, verdicts_of

from codecrucible.reports.comparison import PASS_AT_1, compare_reports
from codecrucible.reports.history import history_of, spent_at
from codecrucible.reports.report_types import Report
from codecrucible.reports.views.history_view import history_json, history_sheets

PROBLEMS = 60


def drawn(source, chances, name):
    """Report of a run in which each problem passes with its chance, five samples of each."""
    passes = [sum(source.random() < chance for _ in range(5)) for chance in chances]
    return report_of(verdicts_of(passes, n=5), name=name)


def runs_of(seed, loss, count=6):
    source = random.Random(seed)  # noqa: S311  # draws, no secrets
    chances = [source.random() for _ in range(PROBLEMS)]
    return [
        (
            f"2026-0{look + 1}-01T00:00:00+00:00",
            drawn(source, [max(0.0, each - look * loss) for each in chances], f"r{look}"),
        )
        for look in range(count)
    ]


def p_worse(one: Report, other: Report):
    (found,) = (each for each in compare_reports(one, other).differences if each.quantity == PASS_AT_1)
    return found.p_worse


def test_the_levels_of_endlessly_many_looks_are_the_chance_of_a_false_alarm():
    assert sum(spent_at(look) for look in range(1, 200_000)) == pytest.approx(0.05, abs=1e-6)
    assert spent_at(1, 0.01) == pytest.approx(0.01 * 0.6079271, rel=1e-6)


def test_losses_that_no_neighbour_shows_are_a_drift_together():
    runs = runs_of(seed=4, loss=0.03)
    assert all(p_worse(one, other) > 0.01 for (_, one), (_, other) in pairwise(runs))
    moments = history_of(runs)
    assert not moments[0].drifted
    assert moments[-1].drifted


def test_what_does_not_change_is_seldom_called_a_drift():
    alarms = [any(each.drifted for each in history_of(runs_of(seed, loss=0.0))) for seed in range(60)]
    assert sum(alarms) <= 7  # of 60; eight or more have a chance below 1 % where the rate is 5 %


def test_several_histories_share_the_chance():
    runs = runs_of(seed=1, loss=0.0, count=3)
    assert [each.level for each in history_of(runs, benchmarks=2)] == [None, spent_at(1) / 2, spent_at(2) / 2]


def test_runs_without_a_problem_in_common_have_a_reason_and_no_difference():
    other = report_of(verdicts_of([1, 2], names=["HumanEval/100", "HumanEval/101"]), name="other")
    first, second = history_of([("2026-01-01", report_of(verdicts_of([1, 2]))), ("2026-02-01", other)])
    assert (first.reason, first.level, second.difference, second.drifted) == ("", None, None, False)
    assert "no problem that both have judged samples of" in second.reason


def test_the_table_and_the_json_say_the_same():
    moments = history_of(runs_of(seed=4, loss=0.03))
    (sheet,) = history_sheets("main", {"humaneval": moments})
    assert [row[-1] for row in sheet.rows][-1] == "DRIFT"
    found = history_json({"humaneval": moments})
    assert [each["drift"] for each in found] == [each.drifted for each in moments]
    assert found[0]["difference"] is None
    assert found[-1]["difference"]["p_worse"] <= found[-1]["level"]
