"""Reports and comparisons by group, and how they are shown."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from comparing import changed_rows, report_of, verdicts_of
from hostile_text import HOSTILE

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.groups import UnknownKind, grouped_comparison, grouped_report
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.paired import paired_difference
from codecrucible.reports.statistics.sign_flip import sign_flip_p
from codecrucible.reports.views.group_view import (
    grouped_comparison_json,
    grouped_comparison_sheets,
    grouped_comparisons_to_csv,
    grouped_json,
    grouped_sheets,
    grouped_to_csv,
)
from codecrucible.reports.views.sheet import NOT_MEASURED, sheets_to_html, sheets_to_latex, sheets_to_markdown

TOPICS = ("dates", "files", "sums")


def in_topics(report, topics=TOPICS):
    return changed_rows(report, lambda place, _: {"groups": {"topic": topics[place % len(topics)]}})


BASE = in_topics(report_of(verdicts_of([4, 3, 2, 4, 1, 0] * 10), name="base", scan_state=lambda *_: "clean"))
WORSE = in_topics(report_of(verdicts_of([0, 3, 2, 1, 1, 0] * 10), name="worse", scan_state=lambda *_: "clean"))


def test_one_group_of_all_problems_has_the_scores_of_the_report():
    (found,) = grouped_report(in_topics(BASE, ["all"]), "topic").groups
    assert found.pass_at_1 == BASE.pass_at_k[1]
    assert (found.insecure_rate.value, found.insecure_rate.ci95) == (0.0, BASE.security.insecure_rate_ci95)
    assert found.secure_pass_at_1.value == BASE.security.secure_pass_at_1


def test_a_kind_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UnknownKind, match=r"no groups of the kind 'cwe'; there are topic"):
        grouped_report(BASE, "cwe")
    with pytest.raises(UnknownKind, match="they are in no groups at all"):
        grouped_comparison(changed_rows(BASE, lambda *_: {"groups": {}}), WORSE, "topic")


def test_each_group_is_compared_as_its_problems_alone_would_be_and_holm_goes_over_the_groups():
    compared = grouped_comparison(BASE, WORSE, "topic")
    of_passes = [each for each in compared.differences if each.difference.quantity.key == "pass_at_1"]
    assert [each.group for each in of_passes] == list(TOPICS)
    p_values = []
    for each in of_passes:
        rows = tuple(row for row in BASE.per_problem if row.groups["topic"] == each.group)
        alone = compare_reports(replace(BASE, per_problem=rows), WORSE).differences[0]
        assert (each.difference.estimate, each.difference.p_worse) == (alone.estimate, alone.p_worse)
        p_values.append(alone.p_two_sided)
    assert p_values[0] < 0.001
    assert [each.p_holm for each in of_passes] == [
        # In two topics nothing differs: no test of theirs could have come out.
        *holm(p_values[:1]),
        *p_values[1:],
    ]


def test_tests_that_could_have_come_out_share_the_level():
    other = in_topics(report_of(verdicts_of([2, 1, 1, 3, 2, 1] * 10), name="other", scan_state=lambda *_: "clean"))
    of_passes = [
        each
        for each in grouped_comparison(BASE, other, "topic").differences
        if each.difference.quantity.key == "pass_at_1"
    ]
    assert [each.p_holm for each in of_passes] == holm([each.difference.p_two_sided for each in of_passes])
    assert of_passes[0].p_holm > of_passes[0].difference.p_two_sided


def test_a_group_without_judged_samples_on_both_sides_is_named():
    candidate = changed_rows(WORSE, lambda place, row: {"n": 0, "c": 0} if place % 3 == 1 else {})
    compared = grouped_comparison(BASE, candidate, "topic")
    assert compared.left_out == ("files",)
    assert "files: no problem has judged samples on both sides." in grouped_comparison_sheets([compared])[0].notes


def test_json_and_csv_hold_what_the_table_shows():
    of_run = grouped_json(grouped_report(BASE, "topic"))
    assert [(each["group"], each["problems"]) for each in of_run["groups"]] == [(topic, 20) for topic in TOPICS]
    assert of_run["groups"][0]["pass_at_1"]["value"] == 1.0
    (line, *_) = csv.DictReader(StringIO(grouped_to_csv([grouped_report(BASE, "topic")])))
    assert (line["group"], line["pass_at_1"], line["pass_at_1_high"]) == ("dates", "1.0", "1.0")
    compared = grouped_comparison(BASE, WORSE, "topic")
    assert (
        json.loads(json.dumps(grouped_comparison_json(compared)))["quantities"]["pass_at_1"][0]["difference"] == -0.875
    )
    (line, *_) = csv.DictReader(StringIO(grouped_comparisons_to_csv([compared])))
    assert (line["group"], line["quantity"], line["difference"]) == ("dates", "pass_at_1", "-0.875")


def test_what_is_not_stated_is_shown_as_that_and_is_null_in_json():
    partly = changed_rows(BASE, lambda place, row: {"groups": row.groups if place % 3 else {}})
    assert grouped_json(grouped_report(partly, "topic"))["groups"][-1]["group"] is None
    assert grouped_sheets([grouped_report(partly, "topic")])[0].rows[-1][0] == "not stated"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_group_is_harmless_wherever_it_is_shown(text):
    hostile = changed_rows(BASE, lambda *_: {"groups": {text: text}})
    made = grouped_report(hostile, text)
    shown = grouped_sheets([made]) + grouped_comparison_sheets([grouped_comparison(hostile, hostile, text)])
    assert "<script" not in sheets_to_html(shown)
    for table in (sheets_to_html(shown), sheets_to_markdown(shown), sheets_to_latex(shown)):
        assert "\x1b" not in table
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in table
    for line in csv.DictReader(StringIO(grouped_to_csv([made]))):
        assert not line["group"].startswith(("=", "+", "-", "@"))


VERSIONS = in_topics(
    report_of(
        verdicts_of(
            [4, 2, 4, 3, 1, 4, 4, 0, 4] * 8,
            names=[f"python/{place // 3}@{TOPICS[place % 3]}" for place in range(72)],
        ),
        name="versions",
    )
)


def test_groups_are_held_against_one_of_them_over_the_source_problems_that_they_share():
    against = grouped_report(VERSIONS, "topic", against="sums").against
    assert [each.group for each in against.differences] == ["dates", "files"]
    dates, files = against.differences
    shares = {
        topic: [row.c / row.n for row in VERSIONS.per_problem if row.groups["topic"] == topic] for topic in TOPICS
    }
    changes = [one - other for one, other in zip(shares["files"], shares["sums"], strict=True)]
    assert files.difference.estimate == paired_difference(changes)
    assert files.difference.p_two_sided == pytest.approx(2 * sign_flip_p(changes))
    assert [dates.p_holm, files.p_holm] == pytest.approx(
        holm([dates.difference.p_two_sided, files.difference.p_two_sided])
    )
    ratio = against.worst_to_best
    assert (ratio.worst, ratio.best) == ("files", "sums")
    assert ratio.ci95[0] < ratio.ratio < ratio.ci95[1] < 1


def test_groups_without_a_source_problem_in_common_have_no_paired_difference():
    against = grouped_report(BASE, "topic", against="sums").against
    assert [each.difference.reason for each in against.differences] == ["shares no source problem with sums"] * 2
    sheet = grouped_sheets([grouped_report(BASE, "topic", against="sums")])[1]
    assert sheet.rows[0][2:7] == (NOT_MEASURED,) * 5
    with pytest.raises(UnknownKind, match=r"'sum' of the kind 'topic'; there are dates, files, sums"):
        grouped_report(BASE, "topic", against="sum")


def test_the_ratio_stands_beside_a_line_and_nothing_is_called_fair():
    made = grouped_report(VERSIONS, "topic", against="sums")
    shown = sheets_to_markdown(grouped_sheets([made]))
    assert "four-fifths line (0.8)" in shown
    assert "fair" not in shown.lower()
    assert grouped_sheets([made])[2].rows[0][-1] == "below"
    assert grouped_json(made)["against"]["worst_to_best"]["line"] == 0.8
    sums = replace(VERSIONS, per_problem=tuple(row for row in VERSIONS.per_problem if row.groups["topic"] == "sums"))
    assert grouped_json(grouped_report(sums, "topic", against="sums"))["against"]["worst_to_best"] is None
