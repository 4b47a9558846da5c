"""What a chat is asked for, its day and its thoughts, from the command line to the run folder and to a comparison."""

import json

import pytest
from tiny_models import CHAT_TEMPLATE, save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.results.pairs import Pair, number_type_cautions, prompt_cautions
from codecrucible.harness.runs.folder import RunFolder

pytestmark = [pytest.mark.model, pytest.mark.timeout(120)]

DATED = "Today is {{ date_string if date_string is defined else strftime_now('%d %b %Y') }}.\n" + CHAT_TEMPLATE
THINKING = (
    CHAT_TEMPLATE + "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}"
)
OPENED = CHAT_TEMPLATE + "{% if add_generation_prompt %}<think>\n{% endif %}"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Function that samples two problems from a tiny model with a template, and gives the run folder."""
    monkeypatch.chdir(tmp_path)

    def made(template, *options, name="m"):
        folder = tmp_path / name
        if not folder.exists():
            save_tiny_llama(folder, chat_template=template, max_position_embeddings=1024)
        before = set(tmp_path.glob("runs/*"))
        command = ["generate", "--model", str(folder), "--benchmark", "starter[:2]", "-n", "1", "--max-new-tokens", "3"]
        assert main([*command, "--dtype", "float32", "--quiet", *options]) == 0
        (new,) = set(tmp_path.glob("runs/*")) - before
        return RunFolder(new)

    return made


def test_every_thing_asked_of_a_chat_makes_another_run_and_none_leaves_the_name_as_it_was(run):
    plain = run(THINKING)
    assert to_json(plain.manifest.prompt).keys() == {"form", "template_sha256"}
    asked = {
        "chat_template_kwargs": ["--chat-template-kwargs", '{"enable_thinking": false}'],
        "system_prompt": ["--system-prompt", "Be brief."],
        "reasoning_budget": ["--reasoning-budget", "2"],
    }
    ids = {plain.manifest.run_id}
    for name, options in asked.items():
        other = run(THINKING, *options).manifest
        assert to_json(other.prompt).keys() == {"form", "template_sha256", name}
        ids.add(other.run_id)
    assert len(ids) == 4


def test_the_day_of_a_dated_template_is_in_the_run_and_in_its_prompts(run):
    pinned = run(DATED)
    assert pinned.manifest.prompt.date == "2024-07-26"
    assert pinned.samples()[0].prompt.startswith("Today is 26 Jul 2024.\n")
    given = run(DATED, "--chat-template-kwargs", '{"date_string": "1 May 2030"}')
    assert "date" not in to_json(given.manifest.prompt)
    assert given.samples()[0].prompt.startswith("Today is 1 May 2030.\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--chat-template-kwargs", "{"], "not JSON"),
        (["--chat-template-kwargs", "[1]"], "give a JSON object"),
        (["--reasoning-budget", "-1"], "must be at least 0"),
    ],
)
def test_what_is_no_such_value_is_refused_at_once(options, told, capsys):
    with pytest.raises(SystemExit):
        main(["generate", "--model", "m", "--benchmark", "starter", *options])
    assert told in capsys.readouterr().err


def test_a_variable_that_the_template_does_not_read_ends_the_command_with_what_to_do(run, capsys):
    run(THINKING)
    command = ["generate", "--model", "m", "--benchmark", "starter[:2]", "-n", "1", "--max-new-tokens", "3"]
    assert main([*command, "--chat-template-kwargs", '{"enable_thinkng": false}']) == 2
    assert "'enable_thinkng', which is no variable of the chat template" in capsys.readouterr().err


def test_a_budget_that_leaves_nothing_for_an_answer_is_refused(capsys):
    command = ["generate", "--model", "m", "--benchmark", "starter[:2]", "-n", "1", "--max-new-tokens", "30"]
    assert main([*command, "--reasoning-budget", "30"]) == 2
    assert "--reasoning-budget 30 leaves none of --max-new-tokens 30" in capsys.readouterr().err


def test_a_sample_that_was_cut_off_in_its_thought_says_why_it_is_empty(run):
    folder = run(OPENED)
    for sample in folder.samples():
        assert (sample.program, sample.no_answer) == ("", "unclosed_thought")
        assert sample.completion  # stored as it was written
    report = json.loads((folder.path / "report.json").read_text())
    assert (report["samples"], report["verdicts"]["empty"], report["no_answer"]) == (2, 2, {"unclosed_thought": 2})
    assert {record.reason for record in folder.judgements().values()} == {"unclosed_thought"}


def edit_samples(folder, **changes):
    lines = [json.loads(line) | changes for line in (folder.path / "samples.jsonl").read_text().splitlines()]
    (folder.path / "samples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def cautions(base, candidate):
    return list(prompt_cautions([Pair(base=base, candidate=candidate, base_report={}, candidate_report={})]))


def test_two_runs_under_one_template_that_asked_in_other_words_are_told_apart(run):
    base, candidate = run(DATED), run(DATED, "--seed", "1")
    assert cautions(base, candidate) == []
    edit_samples(candidate, prompt="Today is 27 Jul 2024.", prompt_sha256="0" * 64)
    (caution,) = cautions(base, candidate)
    assert caution.startswith("2 of 2 problems, such as starter/0, were asked by other prompts in ")


def test_two_runs_of_one_model_in_different_number_types_are_told_apart(run):
    base, candidate = run(CHAT_TEMPLATE), run(CHAT_TEMPLATE, "--seed", "1")
    pair = Pair(base=base, candidate=candidate, base_report={}, candidate_report={})
    assert list(number_type_cautions([pair])) == []
    manifest = json.loads((candidate.path / "run.json").read_text())
    manifest["model"]["dtype"] = "bfloat16"
    (candidate.path / "run.json").write_text(json.dumps(manifest))
    (caution,) = number_type_cautions([pair])
    assert "in float32 and" in caution
    assert caution.endswith("give both runs the same --dtype")


def test_other_tokens_are_another_prompt_unless_the_tokenizers_differ(run):
    base = run(CHAT_TEMPLATE)
    same = run(CHAT_TEMPLATE, "--seed", "1")
    edit_samples(same, prompt_sha256="0" * 64)
    assert len(cautions(base, same)) == 1  # of one checkpoint: cut otherwise, as by another version of a library
    other = run(CHAT_TEMPLATE, name="other")
    manifest = json.loads((other.path / "run.json").read_text())
    manifest["model"]["sha256"] = "1" * 64
    (other.path / "run.json").write_text(json.dumps(manifest))
    edit_samples(other, prompt_sha256="0" * 64)
    assert cautions(base, other) == []


def test_other_templates_are_a_difference_of_settings_and_no_caution(run):
    assert cautions(run(CHAT_TEMPLATE), run(OPENED, name="other")) == []


def test_an_answer_whose_thought_was_never_closed_is_empty_where_completions_come_from_elsewhere(tmp_path):
    from codecrucible.benchmarks import load_benchmark
    from codecrucible.harness.evaluation.from_files import read_samples

    benchmark = load_benchmark("starter[:2]")
    first = benchmark.problems[0]
    fenced = f"```python\n{first.prompt}{first.reference}```\n"
    for completions, due in (
        ([f"hm\n{fenced}", f"hm\n</think>\n{fenced}"], ["unclosed_thought", ""]),  # one tells of the other
        ([f"hm\n{fenced}", f"hm\n{fenced}"], ["", ""]),
        ([f"<think>\n{fenced}", fenced], ["unclosed_thought", ""]),
        (["<think>\nno fence", f"<think>\n</think>\n{fenced}"], ["unclosed_thought", ""]),
    ):
        lines = [json.dumps({"task_id": first.problem_id, "completion": text}) for text in completions]
        (tmp_path / "samples.jsonl").write_text("\n".join(lines))
        samples = read_samples(tmp_path / "samples.jsonl", benchmark).samples
        assert [sample.no_answer for sample in samples] == due
        assert [not sample.program for sample in samples] == [bool(each) for each in due]
        assert [sample.completion for sample in samples] == completions
    record = {"task_id": first.problem_id, "prompt": "<|assistant|><think>\n", "completion": fenced}
    (tmp_path / "samples.jsonl").write_text(json.dumps(record))
    assert read_samples(tmp_path / "samples.jsonl", benchmark).samples[0].no_answer == "unclosed_thought"
