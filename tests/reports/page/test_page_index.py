"""What the page shows before any problem is opened."""

from comparing import report_of, verdicts_of

from codecrucible.reports.page import PageRun, page_index


def index_of(**more):
    report = report_of(verdicts_of([0, 4, 2]), **more)
    return page_index([PageRun(report=report, argv="crucible run", verdicts={})], [])["runs"][0]


def test_the_page_has_both_scores_apart_and_says_what_they_are_over():
    run = index_of(dead=("HumanEval/0",))
    assert [(score["k"], score["value"]) for score in run["scores"][""]] == [(1, 0.5)]
    assert [(score["k"], score["value"]) for score in run["scores"]["live"]] == [(1, 0.75)]
    assert "1 of 3 problems cannot be passed" in run["notes"][0]


def test_a_page_of_live_problems_has_one_score():
    run = index_of()
    assert list(run["scores"]) == [""]
    assert not any("cannot be passed" in note for note in run["notes"])


def test_a_problem_that_passed_and_is_declared_dead_is_a_warning_of_the_page():
    assert "declares it dead" in index_of(dead=("HumanEval/1",))["warnings"][0]
    assert index_of(dead=("HumanEval/0",))["warnings"] == []
