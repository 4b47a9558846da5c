"""Items for Label Studio and Argilla, and answers from there."""

import json
from xml.etree import ElementTree as ET

import pytest
from rated_runs import two_runs

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE
from codecrucible.harness.results.ratings.answers import read_answers


@pytest.fixture
def home(tmp_path, monkeypatch):
    two_runs(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def export(form):
    assert main(f"rate base candidate --export {form} tasks.json --quiet".split()) == EXIT_DONE


def import_(form):
    return main(f"rate base candidate --import {form} answered.json --key tasks.json.key --out all.jsonl".split())


@pytest.mark.parametrize(("form", "beside"), [("label-studio", ".xml"), ("argilla", ".settings")])
def test_what_is_exported_names_no_run_and_the_key_does(home, form, beside):
    export(form)
    written = (home / "tasks.json").read_text() + (home / f"tasks.json{beside}").read_text()
    for told in ("run-of", "candidate", '"base', "sha256"):
        assert told not in written
    key = json.loads((home / "tasks.json.key").read_text())
    assert {each["run_id"] for item in key["items"] for each in item["samples"]} == {"run-of-base", "run-of-candidate"}


def annotated(task, who, ratings, choice, **more):
    result = [
        {"from_name": name, "to_name": f"program_{name[-1]}", "type": "rating", "value": {"rating": value}}
        for name, value in ratings.items()
    ]
    chosen = {"from_name": "preference", "to_name": "program_a", "type": "choices", "value": {"choices": [choice]}}
    annotation = {"completed_by": who, "result": [*result, chosen], "was_cancelled": False}
    return {**task, "annotations": [annotation | {"updated_at": "2026-01-01T00:00:00Z"} | more]}


RATINGS = {"readability_a": 5, "readability_b": 3, "efficiency_a": 2, "efficiency_b": 4}


def test_annotations_of_label_studio_come_back_to_the_runs_that_they_are_of(home, capsys):
    export("label-studio")
    config = ET.fromstring((home / "tasks.json.xml").read_text())
    asked = {tag.get("name"): tag.get("toName") for tag in config.iter() if tag.tag in {"Rating", "Choices"}}
    assert asked == {name: f"program_{name[-1]}" for name in RATINGS} | {"preference": "program_a"}
    tasks = json.loads((home / "tasks.json").read_text())
    assert {f"${name}" for name in tasks[0]["data"]} >= {tag.get("value") for tag in config.iter("Text")}
    answered = [
        annotated(tasks[0], 7, RATINGS, "a"),
        annotated(tasks[1], {"id": 8, "email": "b@example.org"}, RATINGS, "tie"),
        annotated(tasks[2], 7, {}, "b"),
        annotated(tasks[3], 7, RATINGS, "b", was_cancelled=True),
    ]
    (home / "answered.json").write_text(json.dumps(answered))
    assert import_("label-studio") == EXIT_DONE
    assert "1 answers in answered.json lack a question" in capsys.readouterr().err
    first, second = read_answers(home / "all.jsonl")
    assert (first.rater, first.preference, second.rater, second.preference) == ("7", "a", "b@example.org", "tie")
    assert first.samples[0].scores == {"readability": 5, "efficiency": 2}
    item = json.loads((home / "tasks.json.key").read_text())["items"][0]
    assert [each.run_id for each in first.samples] == [each["run_id"] for each in item["samples"]]
    assert import_("label-studio") == EXIT_USAGE  # the file is there already


def test_responses_of_argilla_come_back(home):
    export("argilla")
    settings = json.loads((home / "tasks.json.settings").read_text())
    assert [each["name"] for each in settings["questions"]] == [*RATINGS, "preference"]
    records = json.loads((home / "tasks.json").read_text())
    assert {each["name"] for each in settings["fields"]} == set(records[0]["fields"])
    responses = {name: [{"value": value, "user_id": "u1"}] for name, value in RATINGS.items()}
    responses["preference"] = [{"value": "b", "user_id": "u1"}]
    answered = [{**records[0], "responses": responses}, {**records[1], "responses": {}}]
    (home / "answered.json").write_text(json.dumps(answered))
    assert import_("argilla") == EXIT_DONE
    (answer,) = read_answers(home / "all.jsonl")
    assert (answer.rater, answer.preference, answer.samples[1].scores["efficiency"]) == ("u1", "b", 4)


WHOLE = {name: [{"user_id": "u", "value": value}] for name, value in {**RATINGS, "preference": "a"}.items()}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[3]",
        '[{"id": "unknown", "responses": {"a": [{"user_id": "u", "value": 1}]}}]',
        '[{"id": 1}]',
        '[{"id": "ITEM", "responses": {"readability_a": 3}}]',
        "[" * 100_000,
        json.dumps([{"id": "ITEM", "responses": WHOLE | {"efficiency_a": [{"user_id": "u", "value": 4.5}]}}]),
        json.dumps([{"id": "ITEM", "responses": WHOLE | {"efficiency_a": [{"user_id": "u", "value": 6}]}}]),
        json.dumps([{"id": "ITEM", "responses": WHOLE | {"preference": [{"user_id": "u", "value": "left"}]}}]),
    ],
)
def test_a_damaged_file_is_refused_and_nothing_is_written(home, content, capsys):
    export("argilla")
    item = json.loads((home / "tasks.json").read_text())[0]["id"]
    (home / "answered.json").write_text(content.replace("ITEM", item))
    assert import_("argilla") == EXIT_USAGE
    assert "answered.json" in capsys.readouterr().err
    assert not (home / "all.jsonl").exists()


def test_a_form_that_nobody_knows_and_a_missing_key_are_refused(home):
    assert main(["rate", "base", "candidate", "--export", "excel", "tasks.json"]) == EXIT_USAGE
    (home / "answered.json").write_text("[]")
    assert main(["rate", "base", "--import", "argilla", "answered.json", "--out", "all.jsonl"]) == EXIT_USAGE
