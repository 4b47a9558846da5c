"""Ratings in what `crucible report` prints and in its page."""

import json

import pytest
from rated_runs import save_run, two_runs

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE
from codecrucible.harness.results.ratings.answers import AnswerBook
from codecrucible.harness.results.ratings.items import rating_plan


@pytest.fixture
def rated(tmp_path, monkeypatch):
    """Folder with two runs that anna and ben have rated: anna prefers the candidate, ben finds all alike."""
    runs = two_runs(tmp_path)
    for name in ("anna", "ben"):
        plan = rating_plan(runs, seed=0, rater=name)
        with AnswerBook(tmp_path / f"{name}.jsonl", plan, rater=name, questions=("readability",)) as book:
            for place, item in enumerate(plan.items):
                sides = [each.run_id for each in item.samples]
                better = "ab"[sides.index("run-of-candidate")] if name == "anna" else "tie"
                scores = [{"readability": 4 if each == "run-of-candidate" else 2} for each in sides]
                book.answer(place, scores, better)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_report_has_means_preference_and_agreement(rated, capsys):
    command = "report base candidate --ratings anna.jsonl ben.jsonl --format markdown"
    assert main(command.split()) == EXIT_DONE
    text = capsys.readouterr().out
    assert "**Ratings by people: 2 raters, 8 judgements**" in text
    assert "| candidate | run-of-candidate | readability | 4.00 |" in text
    assert "| preferred | 75.0 % |" in text
    assert "| readability | 1.00 | 8 |" in text
    assert main([*command.split()[:-1], "json"]) == EXIT_DONE
    told = json.loads(capsys.readouterr().out)
    assert [report["run_id"] for report in told["reports"]] == ["run-of-base", "run-of-candidate"]
    assert told["ratings"]["differences"][1]["value"] == 0.75
    assert told["ratings"]["differences"][0]["value"] == 2.0


def test_the_page_has_them_as_data(rated):
    assert main(["report", "base", "candidate", "--ratings", "anna.jsonl", "--html", "page.html"]) == EXIT_DONE
    page = (rated / "page.html").read_text()
    assert '"title": "Ratings by people: 1 rater, 4 judgements"' in page


def test_what_cannot_be_shown_is_refused(rated, capsys):
    assert main(["report", "base", "candidate", "--ratings", "anna.jsonl", "--format", "csv"]) == EXIT_USAGE
    assert main(["report", "base", "--ratings", "anna.jsonl"]) == EXIT_USAGE
    assert main(["report", "base", "candidate", "--ratings", "nobody.jsonl"]) == EXIT_USAGE
    (rated / "bad.jsonl").write_text('{"item_id": 3}\n')
    assert main(["report", "base", "candidate", "--ratings", "bad.jsonl"]) == EXIT_USAGE
    assert "bad.jsonl:1" in capsys.readouterr().err


def test_runs_that_nobody_rated_may_stand_beside_those_that_were(rated, capsys):
    save_run(rated / "other", "other", program_of=lambda problem, _: problem.reference_program)
    assert (
        main(["report", "other", "base", "candidate", "--ratings", "anna.jsonl", "--format", "markdown"]) == EXIT_DONE
    )
    assert "| preferred | 100.0 % |" in capsys.readouterr().out
