"""How likely the references are under a model: batches, one at a time, and in the run folder."""

import json
import math

import pytest
from tiny_models import CHAT_TEMPLATE, load_with, save_tiny_llama

from codecrucible.benchmarks import PromptForm, load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.evaluation.perplexity import _batches, reference_losses
from codecrucible.reports.statistics.perplexity import perplexity_of

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def problems():
    return load_benchmark("starter").problems[:9]


@pytest.fixture(scope="module")
def chat_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chat")
    return save_tiny_llama(folder, chat_template=CHAT_TEMPLATE, max_position_embeddings=1024)


@pytest.fixture(scope="module")
def long_folder(tmp_path_factory):
    return save_tiny_llama(tmp_path_factory.mktemp("long"), adds_bos=True, max_position_embeddings=1024)


def alone(model, prompt_ids, reference_ids):
    """The loss of one text as transformers computes it, in nats."""
    import torch

    ids = torch.tensor([[*prompt_ids, *reference_ids]])
    labels = torch.tensor([[-100] * len(prompt_ids) + [*reference_ids]])
    with torch.inference_mode():
        return float(model.model(input_ids=ids, labels=labels).loss) * len(reference_ids)


def test_a_batch_has_the_losses_that_transformers_gives_one_at_a_time(long_folder, problems, monkeypatch):
    monkeypatch.setattr(
        "codecrucible.harness.evaluation.perplexity._LOGITS_BYTES", 4 * 600 * 900
    )  # several rows a batch, several batches
    model = load_with(str(long_folder), dtype="float32", device="cpu")
    found = reference_losses(model, problems)
    assert [each.problem_id for each in found] == [problem.problem_id for problem in problems]
    for each, problem in zip(found, problems, strict=True):
        prompt = model.render(problem.prompt).token_ids
        reference = model.tokenizer(problem.reference, add_special_tokens=False).input_ids
        assert (each.tokens, each.text_bytes) == (len(reference), len(problem.reference.encode()))
        assert each.nats == pytest.approx(alone(model, prompt, reference), rel=1e-5)


def test_in_a_chat_it_is_of_the_reference_behind_the_function_that_the_answer_restates(chat_folder, problems):
    model = load_with(str(chat_folder), dtype="float32", device="cpu")
    assert model.prompt_form is PromptForm.CHAT
    for each, problem in zip(reference_losses(model, problems), problems, strict=True):
        restated = model.tokenizer("```python\n" + problem.prompt, add_special_tokens=False).input_ids
        reference = model.tokenizer(problem.reference, add_special_tokens=False).input_ids
        assert (each.tokens, each.text_bytes) == (len(reference), len(problem.reference.encode()))
        before = [*model.render(problem.prompt).token_ids, *restated]
        assert each.nats == pytest.approx(alone(model, before, reference), rel=1e-5)


def test_a_model_that_knows_nothing_has_the_perplexity_of_its_vocabulary(long_folder, problems):
    model = load_with(str(long_folder), dtype="float32", device="cpu")
    model.model.lm_head.weight.data.zero_()
    losses = [(each.nats, each.tokens, each.text_bytes) for each in reference_losses(model, problems)]
    found = perplexity_of(losses, problems=len(problems))
    assert found.value == pytest.approx(600, rel=1e-5)
    tokens, size = (sum(each[place] for each in losses) for place in (1, 2))
    assert found.bits_per_byte == pytest.approx(math.log2(600) * tokens / size, rel=1e-5)


def test_what_cannot_be_measured_is_left_out_with_a_reason(tmp_path, problems):
    short = save_tiny_llama(tmp_path / "short", adds_bos=True, max_position_embeddings=150)
    model = load_with(str(short), dtype="float32", device="cpu")
    found = reference_losses(model, problems)
    assert {each.reason for each in found} == {"", "it is too long for the context"}
    assert all((each.nats is None) == bool(each.reason) for each in found)
    model.model.lm_head.weight.data.fill_(math.nan)
    assert {each.reason for each in reference_losses(model, problems)} == {
        "its loss is nan", "it is too long for the context"
    }  # fmt: skip


def test_no_batch_has_more_logits_than_it_may():
    from codecrucible.harness.evaluation.perplexity import _Asked

    asked = [
        _Asked(problem_id=str(length), prompt_ids=(1,) * length, reference_ids=(2,), reference_bytes=1)
        for length in (5, 900, 40, 41, 42, 7)
    ]
    batches = _batches(asked, vocabulary=(1 << 27) // 130)
    assert sorted(each.length for batch in batches for each in batch) == [6, 8, 41, 42, 43, 901]
    assert all(len(batch) == 1 or len(batch) * batch[0].length <= 130 for batch in batches)
    assert len(batches) < 5


def test_it_stands_in_the_run_folder_and_the_report_and_leaves_the_run_what_it_is(long_folder, tmp_path, capsys):
    command = [
        "generate", "--model", str(long_folder), "--benchmark", "starter", "--limit", "3", "-n", "1",
        "--max-new-tokens", "4", "--temperature", "0", "--dtype", "float32", "--device", "cpu", "--quiet",
    ]  # fmt: skip
    assert main([*command, "--out", str(tmp_path / "plain")]) == 0
    assert main([*command, "--out", str(tmp_path / "run"), "--perplexity"]) == 0
    plain, run = (json.loads((tmp_path / name / "run.json").read_text()) for name in ("plain", "run"))
    assert plain["run_id"] == run["run_id"]
    assert (tmp_path / "plain/samples.jsonl").read_bytes() == (tmp_path / "run/samples.jsonl").read_bytes()
    report = json.loads((tmp_path / "run/report.json").read_text())
    assert "perplexity" not in json.loads((tmp_path / "plain/report.json").read_text())
    losses = [json.loads(line) for line in (tmp_path / "run/perplexity.jsonl").read_text().splitlines()]
    nats, tokens, size = (sum(each[name] for each in losses) for name in ("nats", "tokens", "text_bytes"))
    assert report["perplexity"]["value"] == pytest.approx(math.exp(nats / tokens), rel=1e-6)
    assert report["perplexity"]["bits_per_byte"] == pytest.approx(nats / math.log(2) / size, rel=1e-5)
    assert report["perplexity"]["measured"] == 3

    before = (tmp_path / "run/perplexity.jsonl").stat().st_mtime_ns
    assert main([*command, "--out", str(tmp_path / "run"), "--perplexity"]) == 0
    assert (tmp_path / "run/perplexity.jsonl").stat().st_mtime_ns == before, "it is measured once"
    assert main([*command, "--out", str(tmp_path / "plain"), "--perplexity"]) == 0
    assert json.loads((tmp_path / "plain/report.json").read_text())["perplexity"] == report["perplexity"]
    capsys.readouterr()
    assert main(["report", str(tmp_path / "run"), "--format", "markdown"]) == 0
    assert f"{report['perplexity']['value']:.3f}" in capsys.readouterr().out
    assert main(["report", str(tmp_path / "run"), "--format", "csv"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.endswith("perplexity,bits_per_byte")
    assert float(line.split(",")[-2]) == report["perplexity"]["value"]


def test_shards_that_measured_it_are_merged_with_it(long_folder, tmp_path):
    command = [
        "generate", "--model", str(long_folder), "--benchmark", "starter", "--limit", "4", "-n", "1",
        "--max-new-tokens", "2", "--temperature", "0", "--dtype", "float32", "--device", "cpu", "--quiet",
        "--perplexity",
    ]  # fmt: skip
    assert main([*command, "--out", str(tmp_path / "whole")]) == 0
    shards = [tmp_path / f"shard{number}" for number in (1, 2)]
    for number, shard in enumerate(shards, start=1):
        assert main([*command, "--out", str(shard), "--shard", f"{number}/2"]) == 0
    main(["merge", *map(str, shards), "--out", str(tmp_path / "merged"), "--json"])
    whole, merged = (json.loads((tmp_path / name / "report.json").read_text()) for name in ("whole", "merged"))
    assert merged["perplexity"].pop("reason") == whole["perplexity"].pop("reason") == ""
    assert merged["perplexity"] == pytest.approx(whole["perplexity"], rel=1e-5)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--model", "openai:http://127.0.0.1:1/v1#m"], "a server does not tell how likely a text is"),
        (["--model", "./m", "--cluster", "auto"], "add --generators 0"),
    ],
)
def test_it_is_refused_where_the_model_is_elsewhere(tmp_path, capsys, options, reason):
    if "--cluster" in options:
        pytest.importorskip("ray")
    command = ["generate", *options, "--benchmark", "starter", "--out", str(tmp_path / "run"), "--perplexity"]
    assert main(command) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_loss_beyond_all_numbers_is_not_measured():
    found = perplexity_of([(1e6, 10, 30)], problems=1)
    assert (found.value, found.reason) == (None, "the loss is too large")
    nothing = perplexity_of([], problems=0, reason="mine has no reference solutions")
    assert (nothing.value, nothing.bits_per_byte, nothing.reason) == (
        None,
        None,
        "mine has no reference solutions",
    )
