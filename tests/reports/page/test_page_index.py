"""What the page shows before any problem is opened."""

from collections import Counter

import pytest
from comparing import report_of, verdicts_of

from codecrucible.reports import compare_reports, decide
from codecrucible.reports.page import Failure, PageCandidate, PageProblem, PageRun, page_index


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


def page_run(passes, *, name="run", folder=""):
    verdicts = verdicts_of(passes)
    return PageRun(
        report=report_of(verdicts, name=name),
        argv="crucible run",
        folder=folder,
        verdicts={problem_id: Counter(each) for problem_id, each in verdicts.items()},
        failures={
            problem_id: Failure(place=each.index("wrong_answer"), verdict="wrong_answer", why="f(1) answered 2")
            for problem_id, each in verdicts.items()
            if "wrong_answer" in each
        },
    )


RUNS = [page_run([4, 4, 2], folder="base"), page_run([4, 1, 3], folder="tuned")]
PROBLEMS = [PageProblem(benchmark="humaneval", problem_id=f"HumanEval/{i}", language="python") for i in range(3)]


@pytest.mark.parametrize("decided", [True, False])
def test_a_candidate_has_the_gates_own_sentences_or_why_there_are_none(decided):
    comparison = compare_reports(RUNS[0].report, RUNS[1].report)
    candidate = PageCandidate(
        pairs=((0, 1),),
        comparisons=(comparison,) if decided else (),
        decision=decide([comparison]) if decided else None,
        undecided="" if decided else "Not compared: other prompts.",
    )
    (told,) = page_index(RUNS, PROBLEMS, [candidate])["candidates"]
    assert told["state"] == ("INCONCLUSIVE" if decided else None)
    assert told["sentences"][0].startswith("pass@1 on humaneval: 83.3 % to 66.7 %" if decided else "Not compared")
    assert len(told["comparisons"]) == decided


def test_runs_of_one_name_are_told_apart_by_their_folders():
    assert [run["label"] for run in page_index(RUNS, [])["runs"]] == ["model (base)", "model (tuned)"]


def test_a_lost_problem_says_why_and_one_that_was_won_does_not():
    rows = page_index(RUNS, PROBLEMS, [PageCandidate(pairs=((0, 1),))])["rows"]
    assert [[cell.get("why") for cell in row["cells"]] for row in rows] == [
        [None, None],
        [None, [1, "wrong_answer", "f(1) answered 2"]],
        [None, None],
    ]
