"""The audit of robustness over reports: pairs, kinds, what is left out, and its tables."""

import json
from dataclasses import replace

import pytest
from comparing import report_of_rows
from hostile_text import each_hostile_text

from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.robustness import PerturbedRun, robustness_report
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.views.robustness_view import robustness_json, robustness_sheets, robustness_to_csv
from codecrucible.reports.views.sheet import sheets_to_html, sheets_to_latex, sheets_to_markdown

PASSES = (1, 1, 1, 1, 1, 1, 0, 0)


def row(problem_id, c, n=1, **groups):
    return ProblemRow(problem_id=problem_id, n=n, c=c, groups=groups)


def nominal(passes=PASSES, n=1):
    return report_of_rows([row(f"HumanEval/{place}", c, n) for place, c in enumerate(passes)], n=n)


def run(kind, *seeds, n=1, same=(), **more):
    """A run with these passes by seed; problems of `same` have the nominal prompt."""
    rows = [
        row(
            f"HumanEval/{place}@seed{seed}",
            c,
            n,
            perturbation=kind,
            seed=str(seed),
            perturbed="no" if place in same else "yes",
        )
        for seed, passes in enumerate(seeds)
        for place, c in enumerate(passes)
    ]
    return PerturbedRun(report=report_of_rows(rows, n=n), **more)


TYPOS = run("typos", (1, 1, 1, 0, 0, 0, 0, 0), (1, 1, 0, 1, 0, 0, 0, 1), same=(6,))
NAMES = run("names", (1, 1, 1, 1, 1, 0, 0, 0))


def test_each_kind_is_paired_with_the_nominal_prompts_of_its_problems_over_perturbed_rows_and_over_all():
    report = robustness_report(nominal(), [TYPOS, NAMES], greedy=True)
    told = {(each.kind, each.over): each.numbers for each in report.rows}
    assert told.keys() == {("typos", "perturbed"), ("names", "perturbed"), ("typos", "all")}
    typos, whole = told["typos", "perturbed"], told["typos", "all"]
    assert (typos.problems, whole.problems, typos.versions) == (7, 8, 2)
    assert (typos.nominal.value, typos.worst.value) == (6 / 7, 2 / 7)
    assert (whole.worst_drop.delta, whole.mean_drop.delta) == (-0.5, -0.3125)


def test_p_is_adjusted_over_the_kinds_of_one_table():
    report = robustness_report(nominal(), [TYPOS, NAMES], greedy=True)
    rows = [each for each in report.rows if each.over == "perturbed"]
    assert [each.p_holm for each in rows] == holm([each.numbers.p for each in rows])


def test_a_version_whose_reference_failed_is_left_out_and_counted():
    out = replace(NAMES, left_out=frozenset({"HumanEval/5@seed0"}))
    (row_,) = robustness_report(nominal(), [out], greedy=True).rows
    assert (row_.left_out, row_.numbers.problems, row_.numbers.worst_drop.delta) == (1, 7, 0.0)


def test_a_version_without_a_nominal_prompt_is_counted():
    (row_,) = robustness_report(nominal(PASSES[:6]), [NAMES], greedy=True).rows
    assert (row_.unpaired, row_.numbers.problems) == (2, 6)


def test_runs_without_a_common_problem_are_refused():
    with pytest.raises(ValueError, match="no run has judged samples of a perturbed problem"):
        robustness_report(report_of_rows([row("starter/0", 1)], n=1), [NAMES], greedy=True)


def test_fewer_samples_than_versions_are_told_and_no_match_is_shown():
    report = robustness_report(nominal(), [TYPOS], greedy=False)
    sheet = robustness_sheets(report)[0]
    assert sheet.rows[0][7] == "–"  # noqa: RUF001
    assert any("holds what chance does alone" in note for note in sheet.notes)
    assert robustness_json(report)["kinds"][0]["nominal_as_often"] is None
    assert "nominal_as_often_low" in robustness_to_csv(report).splitlines()[0]


def test_tables_say_kind_scores_drop_and_p():
    report = robustness_report(nominal(), [TYPOS, NAMES], greedy=True)
    first, second = robustness_sheets(report)
    assert [cells[0] for cells in first.rows] == ["typos", "names"]
    assert first.rows[0][8][0] == "-57.1"
    assert "those too that no perturbation changed" in second.title
    assert all(len(cells) == len(first.headings) for cells in first.rows)
    assert "| -57.1 (-" in sheets_to_markdown([first])
    shown = robustness_json(report)
    assert json.loads(json.dumps(shown))["kinds"][1]["drop"]["value"] == -0.125
    assert len(robustness_to_csv(report).splitlines()) == 4


@each_hostile_text
def test_hostile_names_harm_no_table(text):
    hostile = replace(nominal(), model=text, benchmark=text)
    sheets = robustness_sheets(robustness_report(hostile, [run(text[:200], PASSES)], greedy=True))
    assert "<script" not in sheets_to_html(sheets)
    for shown in (sheets_to_markdown(sheets), sheets_to_latex(sheets), sheets_to_html(sheets)):
        assert "\x1b" not in shown
