"""What people see of CPU time on stress inputs."""

from dataclasses import replace

from comparing import report_of, verdicts_of
from hostile_text import each_hostile_text

from codecrucible.reports.efficiency_types import Efficiency, SlowSample
from codecrucible.reports.views.report_view import report_sheets, reports_to_csv
from codecrucible.reports.views.sheet import sheets_to_html, sheets_to_markdown

PLAIN = report_of(verdicts_of([4, 0, 2]))
SLOW = SlowSample(
    problem_id="HumanEval/2", sample_index=3, samples=2, state="measured", cpu_ratio=12.5, memory_ratio=1.0
)
MEASURED = replace(
    PLAIN,
    efficiency=Efficiency(
        passing=6,
        measured=6,
        problems=3,
        left_out=1,
        own_tests=1,
        efficient_at_1=0.5,
        efficient_at_1_ci95=(0.25, 0.75),
        cpu_ratio=1.5,
        noise=1.6,
        slow=(SLOW, replace(SLOW, state="over_limit"), replace(SLOW, state="wrong", cpu_ratio=None)),
    ),
)


def titles(*reports, **options):
    return [sheet.title for sheet in report_sheets(reports, **options)]


def test_there_is_a_sheet_where_it_was_measured_and_one_of_slow_samples_where_it_is_asked_for():
    assert "Efficiency" not in titles(PLAIN, slow=10)
    assert titles(PLAIN, MEASURED)[-1] == "Efficiency"
    assert titles(PLAIN, MEASURED, slow=10)[-1].startswith("Samples that pass and are slow")


def test_the_sheet_says_the_score_and_what_it_leaves_out_and_that_the_noise_is_too_large():
    text = sheets_to_markdown(report_sheets([MEASURED]))
    for told in ("50.0 %", "1.50", "1 of 4 problems could not be measured", "within a factor of 1.60, which is MORE"):
        assert told in text


def test_a_sample_that_was_stopped_is_slower_than_so_many_times_and_a_wrong_one_has_no_number():
    rows = report_sheets([MEASURED], slow=10)[-1].rows
    assert [row[1] for row in rows] == ["12.50", "> 12.50", "\N{EN DASH}"]
    assert len(report_sheets([MEASURED], slow=1)[-1].rows) == 1


def test_csv_has_columns_where_a_run_was_measured_and_empty_cells_for_the_others():
    assert "efficient_at_1" not in reports_to_csv([PLAIN])
    heading, plain, measured = (line.split(",") for line in reports_to_csv([PLAIN, MEASURED]).splitlines())
    at = heading.index("efficient_at_1")
    assert (plain[at], measured[at]) == ("", "0.5")


@each_hostile_text
def test_what_a_program_says_is_harmless_in_html(text):
    slow = replace(SLOW, state="wrong", detail=text, problem_id=text)
    report = replace(MEASURED, efficiency=replace(MEASURED.efficiency, slow=(slow,)))
    shown = sheets_to_html(report_sheets([report], slow=1))
    assert "<script" not in shown
    assert "<img" not in shown
