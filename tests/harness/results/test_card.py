"""The evaluation card: the same content in three forms, what was not measured, and the same numbers as elsewhere."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_text import HOSTILE
from rated_runs import two_runs

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE, BadRecord, UsageError
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.finetune.preparation.data_folder import card_text
from codecrucible.harness.results.card import WRITERS, card_of
from codecrucible.harness.results.export.formats import to_hugging_face
from codecrucible.harness.results.export.run import ExportedRun
from codecrucible.harness.results.ratings.answers import AnswerBook
from codecrucible.harness.results.ratings.items import rating_plan
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import Report
from codecrucible.reports.card import groups_of
from codecrucible.reports.card_clauses import CLAUSES
from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.views.card_view import card_sheets
from codecrucible.reports.views.sheet import NOT_MEASURED, percent

MODEL = CheckpointFacts(
    spec="/home/somebody/models/tiny",
    name="tiny",
    source="/home/somebody/models/tiny",
    revision="",
    sha256="a" * 64,
    weights_sha256="b" * 64,
    architecture="LlamaForCausalLM",
    parameters=1234567,
    context_tokens=None,
    dtype="float32",
    device="cpu",
    chat_template_sha256="",
    licence_notice="",
    remote_code=False,
)


@pytest.fixture
def runs(tmp_path):
    return two_runs(tmp_path)


def rewrite(run, **changes):
    manifest = replace(run.manifest, **changes)
    (run.path / "run.json").write_text(json.dumps(to_json(manifest)))
    return RunFolder(run.path)


def texts(card):
    return {ending: write(card) for ending, write in WRITERS.items()}


def test_every_cell_of_the_card_is_in_the_markdown_and_in_the_page(runs):
    card = card_of(runs, argv=["crucible", "card"])
    written = texts(card)
    for sheet in card_sheets(card):
        for cell in (cell for row in sheet.rows for cell in row if isinstance(cell, str)):
            if cell.replace(" ", "").replace(",", "").isalnum():
                assert cell in written[".md"], cell
                assert cell in written[".html"], cell
    told = json.loads(written[".json"])
    assert [run["run_id"] for run in told["runs"]] == ["run-of-base", "run-of-candidate"]
    assert "It certifies nothing" in written[".md"]
    assert written[".md"].startswith("# Evaluation card\n")


def test_what_was_not_measured_is_a_list_and_never_empty(runs):
    card = card_of(runs)
    open_ones = {(each.run_id, each.what) for each in card.not_measured}
    assert ("run-of-base", "security of the programs") in open_ones
    assert ("run-of-base", "robustness under perturbed prompts") in open_ones
    assert ("run-of-base", "contamination of the training data") in open_ones
    assert ("", "what people say of the programs") in open_ones
    assert ("run-of-base", "efficiency of passing programs") in open_ones
    insecure = next(each for each in card.runs[0].results if each.name == "insecure rate")
    assert insecure.value is None
    text = texts(card)[".md"]
    assert f"| insecure rate | {NOT_MEASURED} | {NOT_MEASURED} |" in text
    for each in card.not_measured:
        assert each.what.partition(" (")[0] in text
    assert all(each.why for each in card.not_measured)


def test_ratings_are_in_the_card_where_they_are_given(runs, tmp_path):
    plan = rating_plan(runs, seed=0, rater="anna")
    with AnswerBook(tmp_path / "anna.jsonl", plan, rater="anna", questions=("readability",)) as book:
        book.answer(0, [{"readability": 4}, {"readability": 2}], "a")
    card = card_of(runs, [tmp_path / "anna.jsonl"])
    assert card.ratings.judgements == 1
    assert "Ratings by people: 1 rater, 1 judgement" in texts(card)[".md"]
    assert "what people say of the programs" not in {each.what for each in card.not_measured}


NUMBER = {"value": 0.5, "ci95": [0.25, 0.75]}
KIND = {
    "perturbation": "typos",
    "over": "perturbed",
    "problems": 4,
    "versions": 2,
    "left_out": 0,
    "unpaired": 0,
    "nominal_pass_at_1": {"value": 0.9, "ci95": None},
    "perturbed_pass_at_1": NUMBER,
    "perturbed_difference": {"value": -0.4, "ci95": None},
    "robust_pass_at_1": NUMBER,
    "nominal_as_often": None,
    "drop": {"value": -0.4, "ci95": [-0.7, -0.1]},
    "p": 0.02,
    "p_holm": 0.04,
    "reason": "",
}
ROBUSTNESS = {
    "run_id": "run-of-base",
    "model": "base",
    "benchmark": "starter",
    "greedy": False,
    "kinds": [KIND],
    "notes": ["a note"],
}


def audit_file(path, told):
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    return path


def test_audits_are_in_the_card_of_their_runs_where_they_are_given(runs, tmp_path):
    card = card_of(runs, audits=[audit_file(tmp_path / "audit.json", ROBUSTNESS)])
    open_ones = {(each.run_id, each.what) for each in card.not_measured}
    assert ("run-of-base", "robustness under perturbed prompts") not in open_ones
    assert ("run-of-candidate", "robustness under perturbed prompts") in open_ones
    assert ("run-of-base", "signs of memorised problems") in open_ones
    text = texts(card)[".md"]
    row = "| run-of-base | typos | perturbed | 4 | 2 | 90.0 % | 50.0 % (25.0 to 75.0) | 50.0 % (25.0 to 75.0) |"
    assert f"{row} -40.0 (-70.0 to -10.0) | 0.040 |" in text.replace("&#42;", "*")
    assert "run-of-base: a note." in text
    assert "| Results under perturbed prompts | NIST AI RMF | MEASURE 2.5 |" in text
    assert [line.rstrip(" |").endswith("yes") for line in text.splitlines() if "| Results under p" in line] == [
        True
    ] * 2
    (told,) = json.loads(texts(card)[".json"])["audits"]
    assert told["kinds"][0]["drop"] == {"value": -0.4, "ci95": [-0.7, -0.1]}


@pytest.mark.parametrize(
    ("told", "error", "message"),
    [
        ("[", BadRecord, "not JSON"),
        ("[]", BadRecord, "it is not what `crucible audit"),
        ({**ROBUSTNESS, "kinds": 3}, BadRecord, "field 'kinds': expected a list"),
        ({**ROBUSTNESS, "kinds": [{**KIND, "drop": {"value": 7, "ci95": None}}]}, BadRecord, "numbers from -1 to 1"),
        (json.dumps({**ROBUSTNESS, "kinds": [{**KIND, "p": float("nan")}]}), BadRecord, "numbers from -1 to 1"),
        ({**ROBUSTNESS, "kinds": [{**KIND, "drop": {"value": 0, "ci95": [0]}}]}, BadRecord, "both ends"),
        ({"run_id": "r", "same_as_reference": []}, BadRecord, r"audit\.json"),
        ({**ROBUSTNESS, "run_id": "another"}, UsageError, "the run another, which is not in this card"),
    ],
)
def test_what_is_no_audit_of_these_runs_is_refused(runs, tmp_path, told, error, message):
    file = audit_file(tmp_path / "audit.json", told)
    with pytest.raises(error, match=message):
        card_of(runs, audits=[file])


def test_two_audits_of_a_sort_for_one_run_are_refused(runs, tmp_path):
    files = [audit_file(tmp_path / name, ROBUSTNESS) for name in ("one.json", "two.json")]
    with pytest.raises(UsageError, match="there are two of this sort for the run run-of-base"):
        card_of(runs, audits=files)
    with pytest.raises(UsageError, match="cannot be read"):
        card_of(runs, audits=[tmp_path / "none.json"])


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=lambda text: ascii(text[:20]))
def test_a_hostile_audit_is_harmless_in_every_form(runs, tmp_path, text):
    kept = text.encode("utf-8", "replace").decode()
    hostile = {**ROBUSTNESS, "kinds": [{**KIND, "perturbation": kept, "over": kept}], "notes": [kept], "model": kept}
    written = texts(card_of(runs, audits=[audit_file(tmp_path / "audit.json", hostile)]))
    for form in (".md", ".html"):
        assert not any(each in written[form] for each in ("<script>", "<img", "\x1b", "\n::"))
    assert "](javascript" not in written[".md"]
    assert written[".json"].isascii()


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=lambda text: ascii(text[:20]))
def test_a_hostile_name_is_harmless_in_every_form(runs, text):
    run = rewrite(runs[0], model=replace(runs[0].manifest.model, name=text))
    card = card_of([run], argv=["crucible", text])
    written = texts(card)
    for form in (".md", ".html"):
        assert "<script>" not in written[form]
        assert "<img" not in written[form]
        assert "\x1b" not in written[form]
        assert "\n::" not in written[form]
    assert "](javascript" not in written[".md"]
    assert written[".json"].isascii()
    assert json.loads(written[".json"])["runs"][0]["model"]["name"] == text


def test_a_path_of_this_machine_is_not_in_the_card(runs):
    run = rewrite(runs[0], model=MODEL)
    written = texts(card_of([run]))
    assert "somebody" not in "".join(written.values())
    assert "1,234,567" in written[".md"]
    assert json.loads(written[".json"])["runs"][0]["model"]["weights_sha256"] == "b" * 64


def test_the_numbers_are_those_of_the_model_index_and_of_the_report_to_the_same_rounding(runs):
    from huggingface_hub import ModelCard

    exported = ExportedRun.of(runs[0])
    index = ModelCard(f"---\n{to_hugging_face(exported)['model-index.yaml']}---\n").data.eval_results
    card = card_of(runs[:1])
    told = {each["name"]: each for each in json.loads(texts(card)[".json"])["runs"][0]["results"]}
    for result in index:
        assert told[result.metric_type]["value"] == result.metric_value
    report: Report = exported.report
    for k, score in report.pass_at_k.items():
        assert told[f"pass@{k}"]["value"] == score.value
        assert tuple(told[f"pass@{k}"]["ci95"] or ()) == (score.ci95 or ())
        assert f"pass&#64;&#8203;{k} | {percent(score.value)} |" in texts(card)[".md"]


@pytest.fixture
def adapted(runs, tmp_path):
    """Function that gives the run an adapter, whose training record is `record`."""

    def adapt(record):
        home = tmp_path / "lora"
        home.mkdir(exist_ok=True)
        (home / "training.json").write_text(record if isinstance(record, str) else json.dumps(record))
        adapter = AdapterFacts(
            path=str(home),
            name="lora",
            sha256="c" * 64,
            kind="LORA",
            base="tiny",
            base_verified=True,
            tokenizer=False,
            logit_difference=0.5,
        )
        return rewrite(runs[0], model=MODEL, adapter=adapter)

    return adapt


def test_contamination_is_what_the_card_of_the_training_data_says(adapted):
    contamination = {"starter": {"hits": 3}}
    data = {"sha256": "d" * 64, "contamination": contamination, "decontaminated_against": ["starter"], "files": {}}
    card = card_of([adapted({"data": data, "replay": None})])
    (held,) = card.runs[0].data.contamination
    assert (held.checked, held.hits) == (True, 3)
    assert "3 rows gave a problem away" in texts(card)[".md"]
    known = {"files": {}, "sources": [], "licences": {}, "augmented": {}, "steps": [], "split": "", "seed": 0}
    known |= {"long_texts": {"characters": 1, "rows": 0}, **data}
    assert "starter: 3 rows, all dropped" in card_text(known)
    assert "contamination of the training data" not in {each.what for each in card.not_measured}


def test_training_data_that_was_not_held_against_the_benchmark_is_not_said_to_be_clean(adapted):
    card = card_of([adapted({"data": {"sha256": "d" * 64, "decontaminated_against": ["humaneval"]}})])
    (held,) = card.runs[0].data.contamination
    assert (held.checked, held.hits) == (False, None)
    assert "contamination of the training data" in {each.what for each in card.not_measured}


@pytest.mark.parametrize(
    "record", ["[", "[]", '{"data": {"sha256": 3}}', '{"data": {"sha256": "", "contamination": 3}}']
)
def test_a_damaged_training_record_is_refused(adapted, record):
    with pytest.raises(BadRecord, match=r"training\.json"):
        card_of([adapted(record)])


def test_each_group_has_the_mean_of_its_problems(runs):
    rows = [
        ProblemRow(problem_id=f"p/{i}", n=2, c=c, groups={"cwe": group})
        for i, (c, group) in enumerate([(2, "CWE-79"), (0, "CWE-79"), (1, "CWE-78"), (2, "CWE-78"), (0, "CWE-78")])
    ]
    first, second = groups_of(rows)
    assert (first.group, first.pass_at_1.value) == ("CWE-79", 0.5)
    assert (second.group, second.pass_at_1.value, second.pass_at_1.problems) == ("CWE-78", 0.5, 3)
    assert first.pass_at_1.ci95


def test_the_command_writes_each_form_that_is_asked_for(runs, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert (
        main(["card", "base", "candidate", "--out", "card.md", "--out", "card.json", "--out", "card.html"]) == EXIT_DONE
    )
    assert capsys.readouterr().out.split() == ["card.md", "card.json", "card.html"]
    assert "crucible card base candidate" in (tmp_path / "card.md").read_text()
    assert main(["card", "base", "--out", "card.txt"]) == EXIT_USAGE
    assert main(["card", "base", "--audit", "none.json", "--out", "card.md"]) == EXIT_USAGE
    assert main(["card", "base", "--json", "--out", "card.json"]) == EXIT_DONE
    assert [run["run_id"] for run in json.loads(capsys.readouterr().out)["runs"]] == ["run-of-base"]


def test_every_paragraph_is_one_that_the_two_texts_have():
    allowed = {
        "AI Act, Annex XI": r"Section 1, point [12]\([a-f]\)|Section 2, point [123]",
        "AI Act, Annex IV": r"point [1-9](\([a-h]\))?",
        "NIST AI RMF": r"MEASURE (1\.[1-3]|2\.([1-9]|1[0-3]))",
    }
    assert all(re.fullmatch(allowed[each.text], each.paragraph) for each in CLAUSES)


def test_the_card_in_the_documents_has_the_parts_and_paragraphs_that_a_card_has(runs):
    shown = (Path(__file__).parents[3] / "docs" / "card.md").read_text(encoding="utf-8")
    made = texts(card_of(runs))[".md"]
    assert [line for line in shown.splitlines() if line.startswith("#")] == [
        line for line in made.splitlines() if line.startswith("#")
    ]
    for clause in CLAUSES:
        assert f"| {clause.part} | {clause.text} | {clause.paragraph} | {clause.about} |" in shown
