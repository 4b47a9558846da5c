"""What is put to raters, and the file of their answers."""

import json
from dataclasses import replace

import pytest
from rated_runs import BENCHMARK, save_run, two_runs

from codecrucible.harness.common.errors import BadRecord, NotComparable, NothingToDo, RunLocked, UsageError
from codecrucible.harness.results.ratings.answers import AnswerBook, questions_of, read_answers
from codecrucible.harness.results.ratings.items import SAME_PROGRAM, WITHOUT, rating_plan
from codecrucible.harness.results.ratings.server import state_of
from codecrucible.harness.results.ratings.summary import rating_summary

QUESTIONS = ("readability", "efficiency")
ANSWER = {"readability": 4, "efficiency": 2}


def book(path, plan, rater="anna", questions=QUESTIONS):
    return AnswerBook(path, plan, rater=rater, questions=questions)


def test_the_same_seed_gives_the_same_items_and_a_rater_has_sides_and_an_order_of_their_own(tmp_path):
    runs = two_runs(tmp_path)
    plans = {name: rating_plan(runs, seed=1, rater=name) for name in "abcdefgh"}
    assert rating_plan(runs, seed=1, rater="a") == plans["a"]
    assert len({frozenset(item.item_id for item in plan.items) for plan in plans.values()}) == 1
    assert len({tuple(item.item_id for item in plan.items) for plan in plans.values()}) > 1
    assert len({tuple(item.samples[0].run_id for item in plan.items) for plan in plans.values()}) > 1
    assert rating_plan(runs, seed=2, rater="a").items != plans["a"].items


def test_over_many_raters_each_run_is_on_the_left_half_of_the_time(tmp_path):
    runs = two_runs(tmp_path)
    left = [item.samples[0].run_id for i in range(100) for item in rating_plan(runs, seed=i, rater="r").items]
    assert 0.42 < left.count("run-of-base") / len(left) < 0.58


def test_problems_without_a_pass_and_with_the_same_program_are_left_out_and_counted(tmp_path):
    base, _ = two_runs(tmp_path)
    other = save_run(
        tmp_path / "other",
        "other",
        program_of=lambda problem, index: f"# {index}\n{problem.reference_program}",
        passes=lambda problem, index: problem.problem_id != "starter/0" and index == 1,
    )
    plan = rating_plan([base, other], seed=0, rater="anna")
    assert plan.left_out == {WITHOUT: 1}
    assert {item.problem.problem_id for item in plan.items} == {f"starter/{i}" for i in range(1, 5)}
    assert {
        each.sample.sample_index for item in plan.items for each in item.samples if each.run_id == "run-of-other"
    } == {1}
    assert rating_plan(two_runs(tmp_path / "more"), seed=0, rater="anna").left_out == {SAME_PROGRAM: 1}


def test_nothing_that_is_sent_to_the_page_names_a_run(tmp_path):
    runs = two_runs(tmp_path)
    with book(tmp_path / "anna.jsonl", rating_plan(runs, seed=0, rater="anna")) as answers:
        sent = json.dumps(state_of(answers))
    for told in ("base", "candidate", "run-of", *(sample.program_sha256 for run in runs for sample in run.samples())):
        assert told not in sent


def test_a_book_goes_on_where_it_stopped_and_takes_back_its_last_answer(tmp_path):
    plan, path = rating_plan(two_runs(tmp_path), seed=0, rater="anna"), tmp_path / "anna.jsonl"
    with book(path, plan) as answers:
        answers.answer(0, [ANSWER, ANSWER], "a")
        answers.answer(1, [ANSWER, ANSWER], "tie")
        assert len(read_answers(path)) == 2  # on the disk at once
    with path.open("a") as file:
        file.write('{"item_id": "torn')
    with book(path, plan) as answers:
        assert answers.done == 2
        assert answers.current == plan.items[2]
        answers.undo()
        assert answers.current == plan.items[1]
        assert len(read_answers(path)) == 1
        answers.answer(1, [ANSWER, ANSWER], "b")
        answers.undo()
        answers.undo()
        answers.undo()
        assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("done", "scores", "preference"),
    [
        (1, [ANSWER, ANSWER], "a"),  # of another item
        (0, [ANSWER], "a"),
        (0, [ANSWER, {"readability": 1}], "a"),
        (0, [ANSWER, ANSWER | {"taste": 1}], "a"),
        (0, [ANSWER, ANSWER | {"efficiency": 6}], "a"),
        (0, [ANSWER, ANSWER | {"efficiency": True}], "a"),
        (0, [ANSWER, ANSWER], ""),
        (0, [ANSWER, ANSWER], "base"),
    ],
)
def test_what_is_no_answer_is_not_written_down(tmp_path, done, scores, preference):
    with book(tmp_path / "anna.jsonl", rating_plan(two_runs(tmp_path), seed=0, rater="anna")) as answers:
        with pytest.raises(ValueError, match="answer"):
            answers.answer(done, scores, preference)
        assert answers.done == 0


def test_a_file_of_other_answers_is_refused_and_so_is_a_second_writer(tmp_path):
    runs = two_runs(tmp_path)
    plan, path = rating_plan(runs, seed=0, rater="anna"), tmp_path / "anna.jsonl"
    with book(path, plan) as answers:
        answers.answer(0, [ANSWER, ANSWER], "a")
        with pytest.raises(RunLocked):
            book(path, plan)
    for plan_of, rater, questions in (
        (plan, "ben", QUESTIONS),
        (rating_plan(runs, seed=1, rater="anna"), "anna", QUESTIONS),
        (plan, "anna", ("taste",)),
    ):
        with pytest.raises(UsageError, match=r"anna\.jsonl holds"):
            book(path, plan_of, rater, questions)


def test_runs_that_cannot_be_rated_together_are_refused(tmp_path):
    base, candidate = two_runs(tmp_path)
    with pytest.raises(UsageError, match="same run"):
        rating_plan([base, base], seed=0, rater="anna")
    with pytest.raises(UsageError, match="one run, or two"):
        rating_plan([base, candidate, base], seed=0, rater="anna")
    other = save_run(
        tmp_path / "o",
        "o",
        program_of=lambda problem, _: problem.reference_program,
        problem=lambda b: replace(b, sha256="x"),
    )
    with pytest.raises(NotComparable):
        rating_plan([base, other], seed=0, rater="anna")
    failed = save_run(tmp_path / "f", "f", program_of=lambda *_: "x", passes=lambda *_: False)
    with pytest.raises(NothingToDo):
        rating_plan([failed], seed=0, rater="anna")


def test_ratings_of_a_program_that_the_run_no_longer_has_are_refused(tmp_path):
    runs = two_runs(tmp_path)
    with book(tmp_path / "anna.jsonl", rating_plan(runs, seed=0, rater="anna")) as answers:
        answers.answer(0, [ANSWER, ANSWER], "a")
    assert rating_summary(runs, [tmp_path / "anna.jsonl"]).judgements == 1
    changed = save_run(tmp_path / "changed", "candidate", program_of=lambda *_: "pass\n")
    with pytest.raises(BadRecord, match="as they were"):
        rating_summary([runs[0], changed], [tmp_path / "anna.jsonl"])
    with pytest.raises(BadRecord, match="twice"):
        rating_summary(runs, [tmp_path / "anna.jsonl", tmp_path / "anna.jsonl"])


def test_questions_are_words_and_each_is_asked_once():
    assert questions_of("readability,good-taste") == ("readability", "good-taste")
    for text in ("", "a,a", "preference", "Ä", "a b", ",".join("abcdefg")):
        with pytest.raises(ValueError, match=r"question|each"):
            questions_of(text)


def test_a_single_run_is_rated_alone(tmp_path):
    base, _ = two_runs(tmp_path)
    plan = rating_plan([base], seed=0, rater="anna")
    assert len(plan.items) == len(BENCHMARK.problems)
    with book(tmp_path / "anna.jsonl", plan) as answers:
        answers.answer(0, [ANSWER], "")
    summary = rating_summary([base], [tmp_path / "anna.jsonl"])
    assert [each.mean for each in summary.means] == [4, 2]
