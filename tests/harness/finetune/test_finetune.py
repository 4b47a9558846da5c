"""An adapter is trained on what the model will be asked, survives a kill, and says where it came from."""

import csv
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, save_tiny_llama, tiny_llama
from trainings import rows, save_data, train, weights

from codecrucible.benchmarks import PromptForm, load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import (
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_NOTHING,
    EXIT_USAGE,
    BadRecord,
    RunMismatch,
)
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.finetune.encoding import encode, encode_within, read_data, with_replay
from codecrucible.harness.finetune.forgetting import Forgetting, measure
from codecrucible.harness.finetune.lora import without_unused_logits
from codecrucible.harness.finetune.packing import collate_packs, packed
from codecrucible.harness.finetune.preparation.rows import is_continued
from codecrucible.harness.models.errors import AdapterMismatch, ModelUnusable
from codecrucible.harness.models.prompts import chat_message, render_prompt
from codecrucible.harness.models.protocol import LoadOptions

pytestmark = pytest.mark.model


@pytest.fixture
def data(tmp_path):
    return save_data(tmp_path / "data", rows(12), rows(4, start=50))


SYSTEM = "{% if messages[0]['role'] != 'system' %}<|start|>system\nYou are careful.<|end|>\n{% endif %}" + CHAT_TEMPLATE
THOUGHTLESS = CHAT_TEMPLATE.replace(
    "<|start|>assistant\n{% endif %}", "<|start|>assistant\n<think>\n\n</think>\n\n{% endif %}"
)
#: As of models that may think: only an answer without a thought gets the empty block.
THINKING = CHAT_TEMPLATE.replace(
    "{{ message['content'] }}",
    "{% if message['role'] == 'assistant' %}<think>\n\n</think>\n\n{% endif %}{{ message['content'] }}",
)
PROBLEM = 'from math import pi\n\n\ndef f(x):\n    """Return x."""\n'


@pytest.mark.parametrize("template", [CHAT_TEMPLATE, SYSTEM, THOUGHTLESS, THINKING])
@pytest.mark.parametrize("form_of_row", ["a problem and its solution", "a message and its answer", "a chat"])
def test_a_row_asks_a_chat_model_with_the_tokens_that_generation_asks_with(template, form_of_row):
    tokenizer = byte_level_tokenizer(chat_template=template)
    asked = render_prompt(tokenizer, PROBLEM, form=PromptForm.CHAT).token_ids
    message = chat_message(PROBLEM, "python")
    answer = "```python\nfrom math import pi\n\n\ndef f(x):\n    return x\n```"  # the question has the docstring
    row = {
        "a problem and its solution": {"prompt": PROBLEM, "completion": "    return x\n"},
        "a message and its answer": {"prompt": message, "completion": answer},
        "a chat": {"messages": [{"role": "user", "content": message}, {"role": "assistant", "content": answer}]},
    }[form_of_row]
    encoded = encode(row, tokenizer, PromptForm.CHAT, where="row 1")
    assert tuple(encoded["input_ids"][: len(asked)]) == asked
    assert set(encoded["labels"][: len(asked)]) == {-100}
    opening = "<think>\n\n</think>\n\n" if template == THINKING else ""
    assert tokenizer.decode(encoded["labels"][len(asked) :]) == f"{opening}{answer}<|end|>"


def test_a_row_asks_a_model_without_a_template_with_the_tokens_that_generation_asks_with():
    tokenizer = byte_level_tokenizer(adds_bos=True)
    asked = render_prompt(tokenizer, PROBLEM, form=PromptForm.COMPLETION).token_ids
    row = encode({"prompt": PROBLEM, "completion": "    return x\n"}, tokenizer, PromptForm.COMPLETION, where="row 1")
    assert tuple(row["input_ids"][: len(asked)]) == asked
    assert set(row["labels"][: len(asked)]) == {-100}
    assert tokenizer.decode(row["labels"][len(asked) :]) == "    return x\n</s>"


def test_logits_that_no_row_learns_from_are_not_computed_and_the_loss_is_the_same():
    import torch

    model = tiny_llama(vocabulary=300)
    torch.manual_seed(0)
    ids = torch.randint(0, 300, (3, 40))
    for starts, kept in (((25, 30, 28), 16), ((1, 30, 28), 40), ((0, 0, 0), 40), ((40, 39, 40), 2)):
        labels = torch.where(torch.arange(40) < torch.tensor(starts)[:, None], -100, ids)
        batch = without_unused_logits({"input_ids": ids, "labels": labels.clone()})
        whole, part = model(input_ids=ids, labels=labels), model(**batch)
        assert part.logits.shape[1] == batch["labels"].shape[1] == kept
        assert part.loss.item() == pytest.approx(whole.loss.item(), rel=1e-6)


@pytest.mark.usefixtures("public_data")
def test_the_training_split_of_mbpp_is_asked_for_as_mbpp_is():
    from codecrucible.harness.finetune.preparation.sources import SourceOptions, read_source

    tokenizer = byte_level_tokenizer(chat_template=CHAT_TEMPLATE)
    problems = load_benchmark("mbpp:train").problems
    rows = [row.to_json() for row in read_source("mbpp:train", SourceOptions())]
    for problem, row in zip(problems, rows, strict=True):
        asked = render_prompt(tokenizer, problem.prompt, form=PromptForm.CHAT).token_ids
        encoded = encode(row, tokenizer, PromptForm.CHAT, where="row")
        assert tuple(encoded["input_ids"][: len(asked)]) == asked
        learned = tokenizer.decode([label for label in encoded["labels"] if label != -100])
        program = problem.reference.strip("\n")  # without MBPP's words, a docstring, which the question has
        assert learned == f"```python\n{program}\n```<|end|>"


@pytest.mark.parametrize(
    ("prompt", "completion", "continued"),
    [
        ('"""Add one."""\n', "def f(x):\n    return x + 1\n", True),
        ("# Add one.\n", "def f(x):\n    return x + 1\n", True),
        ("import os\n\nclass A:\n    def f(self):\n", "        return os.name\n", True),
        ("Write f.", "def f(x):\n    return x\n", False),
        ("Fibonacci\n", "def f(x):\n    return x\n", False),
        ("def f(x):\n", "Gladly: return x", False),
        ("def f(x):\n", "```python\ndef f(x):\n    return x\n```", False),
        ("", "x = 1\n", False),
    ],
)
def test_code_that_goes_on_is_told_from_a_message_and_its_answer(prompt, completion, continued):
    assert is_continued(prompt, completion) is continued


def test_a_long_text_is_split_where_definitions_end_and_nothing_of_it_is_lost():
    parts = [f"def f{number}(x):\n    # the {number}th\n    return x + {number}\n\n\n" for number in range(12)]
    members = "".join(f"    def m{number}(self):\n        return {number}\n\n" for number in range(20))
    text = '"""A module."""\n\nimport os\n\n\n' + "".join(parts) + f"@os.fspath\nclass Large:\n{members}\nLAST = 1\n"
    tokenizer = byte_level_tokenizer(adds_bos=True)
    form = PromptForm.COMPLETION
    encoded = encode_within({"text": text}, tokenizer, form, limit=70, where="row")
    assert len(encoded) > 6
    assert max(len(each["input_ids"]) for each in encoded) <= 70
    assert all(each["labels"] == each["input_ids"] for each in encoded)
    decoded = [tokenizer.decode(each["input_ids"]).removeprefix("<s>") for each in encoded]
    assert "".join(decoded) == text + "</s>", "the end is behind the last one alone"
    assert all(part.split("\n")[0] in text.split("\n") for part in decoded)
    begun = [part.lstrip("\n").split("(")[0] for part in decoded[1:]]
    assert all(
        re.fullmatch(r"(    )?def \w+|@os.fspath\nclass Large:\n    def m0|LAST = 1\n</s>", start) for start in begun
    )
    [whole] = encode_within({"text": text}, tokenizer, form, limit=10_000, where="row")
    assert whole == encode({"text": text}, tokenizer, form, where="row")


@pytest.mark.parametrize("text", ["x = [" + "1, " * 400 + "]\n", "no Python at all, " * 99, "a = 1\x0c\r" * 99])
def test_what_cannot_be_split_stays_one_row_that_is_too_long(text):
    tokenizer = byte_level_tokenizer()
    assert len(encode_within({"text": text}, tokenizer, PromptForm.COMPLETION, limit=50, where="row")) == 1


def test_a_training_tells_what_it_split_and_what_it_left_out(tiny_folder, tmp_path):
    text = "".join(f"def f{number}(x):\n    return x + {number}\n" for number in range(40))
    long = "x = [" + "1, " * 400 + "]\n"
    data = save_data(tmp_path / "data", [{"text": text}, {"text": long}], rows(4))
    train(tiny_folder, data, tmp_path / "lora", max_steps=1, max_tokens=100)
    counts = json.loads((tmp_path / "lora" / "training.json").read_text())["rows"]
    tokenizer = load_with(str(tiny_folder), dtype="float32", device="cpu").tokenizer
    lost = len(tokenizer(long).input_ids) + 1
    assert counts["train"] > 4
    assert (counts["split"], counts["too_long"], counts["tokens_left_out"]) == (1, 1, lost)
    assert f"left out as too long: {lost} of {counts['tokens']} tokens" in (tmp_path / "lora/README.md").read_text()


def test_a_text_is_learned_whole_and_a_chat_from_its_last_answer():
    tokenizer = byte_level_tokenizer(chat_template=CHAT_TEMPLATE)
    text = encode({"text": "x = 1\n", "origin": "a"}, tokenizer, PromptForm.CHAT, where="row 1")
    assert text["labels"] == text["input_ids"]
    assert tokenizer.decode(text["labels"]) == "x = 1\n</s>"
    messages = [{"role": role, "content": word} for role, word in zip(["user", "assistant"] * 2, "abcd", strict=True)]
    chat = encode({"messages": messages}, tokenizer, PromptForm.CHAT, where="row 2")
    learned = [label for label in chat["labels"] if label != -100]
    assert tokenizer.decode(learned) == "d<|end|>"
    assert tokenizer.decode(chat["input_ids"]).count("<|start|>") == 4


@pytest.mark.parametrize(
    ("row", "form", "said"),
    [
        ({"prompt": "a"}, PromptForm.CHAT, "row 7: expected prompt and completion"),
        ({"text": 1}, PromptForm.CHAT, "row 7: expected prompt and completion"),
        ({"messages": [{"role": "user", "content": "a"}]}, PromptForm.CHAT, "row 7: expected prompt"),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
            PromptForm.COMPLETION,
            "row 7: a chat, and the model is asked without a chat template",
        ),
    ],
)
def test_what_is_no_row_is_named(row, form, said):
    with pytest.raises(BadRecord, match=said):
        encode(row, byte_level_tokenizer(chat_template=CHAT_TEMPLATE), form, where="row 7")


def test_replayed_rows_are_the_share_of_all_that_was_asked_for():
    mixed = with_replay(["own"] * 80, ["general"] * 50, share=0.2, seed=0)
    assert (mixed.count("own"), mixed.count("general")) == (80, 20)
    assert with_replay(["own"] * 80, ["general"] * 5, share=0.2, seed=0).count("general") == 5


def test_an_adapter_is_trained_and_loads_on_its_base_alone(tiny_folder, data, tmp_path):
    trained = train(tiny_folder, data, tmp_path / "lora")
    assert trained.validation["loss"] < trained.validation["base_loss"]
    assert not list(tmp_path.glob(".lora*"))
    model = load_with(str(tiny_folder), adapter=tmp_path / "lora", dtype="float32", device="cpu")
    assert model.adapter.base_verified
    assert model.adapter.tokenizer
    other = save_tiny_llama(tmp_path / "other", seed=7)
    with pytest.raises(AdapterMismatch, match="was trained on"):
        load_with(str(other), adapter=tmp_path / "lora", dtype="float32", device="cpu")


def test_the_folder_says_what_was_done(tiny_folder, tmp_path):
    card = {
        "licences": {"MIT <script>": 12},
        "contamination": {"starter": {"hits": 0}},
        "decontaminated_against": ["a"],
    }
    data = save_data(tmp_path / "data", rows(12), rows(4, start=50), **card)
    trained = train(tiny_folder, data, tmp_path / "lora")
    manifest = json.loads((tmp_path / "lora" / "training.json").read_text())
    assert manifest["base"]["weights_sha256"] == trained.facts.weights_sha256
    assert manifest["data"]["sha256"] == hashlib.sha256((data / "datacard.json").read_bytes()).hexdigest()
    assert manifest["data"]["contamination"] == {"starter": {"hits": 0}}
    assert manifest["recipe"]["learning_rate"] == 5e-3
    told = {
        name: manifest["rows"].pop(name) for name in ("train", "validation", "too_long", "split", "tokens_left_out")
    }
    assert told == {"train": 12, "validation": 4, "too_long": 0, "split": 0, "tokens_left_out": 0}
    with (tmp_path / "lora" / "curves.csv").open() as file:
        curve = list(csv.DictReader(file))
    assert float(curve[0]["eval_loss"]) == trained.validation["base_loss"]
    assert [int(entry["step"]) for entry in curve if entry["loss"]] == [1, 2, 3, 4, 5, 6]
    assert (tmp_path / "lora" / "curves.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "lora" / "README.md").read_text()
    assert "<script>" not in page
    assert "MIT" in page
    assert "model-index: []" in page


@contextmanager
def interrupted_at(step):
    """As if Ctrl-C were pressed after that step."""
    from codecrucible.harness.finetune import training_progress

    told = training_progress._Told.on_step_end

    def interrupt(self, args, state, control, **more):
        told(self, args, state, control, **more)
        if state.global_step == step:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training_progress._Told, "on_step_end", interrupt)
        yield


def test_an_interrupted_training_goes_on_to_the_same_adapter(tiny_folder, data, tmp_path):
    train(tiny_folder, data, tmp_path / "whole")
    with interrupted_at(4), pytest.raises(KeyboardInterrupt):
        train(tiny_folder, data, tmp_path / "lora")
    assert not (tmp_path / "lora").exists()
    assert (tmp_path / ".lora.training" / "checkpoint-3").is_dir()
    with pytest.raises(RunMismatch, match=r"begun in .*learning_rate 0.005 there, 0.01 asked"):
        train(tiny_folder, data, tmp_path / "lora", learning_rate=0.01)
    resumed = train(tiny_folder, data, tmp_path / "lora")
    assert [entry["step"] for entry in resumed.history if "loss" in entry] == [1, 2, 3, 4, 5, 6]
    whole, again = weights(tmp_path / "whole"), weights(tmp_path / "lora")
    assert whole.keys() == again.keys()
    assert all((whole[name] == again[name]).all() for name in whole)


@pytest.fixture
def small_disk(tmp_path):
    """Folder on a disk of 1 MiB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"cannot mount a disk of its own: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("free", [0, 20_000])  # for nothing; for the weights and not for the optimizer
def test_a_full_disk_is_told_and_the_checkpoint_before_goes_on(tiny_folder, data, tmp_path, small_disk, free, capsys):
    out = small_disk / "lora"
    arguments = [
        "finetune", "--model", str(tiny_folder), "--data", str(data), "--out", str(out), "--dtype", "float32",
        "--device", "cpu", "--quiet", "--report-to", "none", "--batch", "4", "--micro-batch", "2", "--epochs", "2",
        "--rank", "4", "--learning-rate", "5e-3",
    ]  # fmt: skip
    with interrupted_at(4):
        assert main(arguments) == EXIT_INTERRUPTED
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - free))
    capsys.readouterr()
    assert main(arguments) == EXIT_FAILURE
    told = capsys.readouterr().err
    assert re.search(
        r"no room on the disk to save the training in .*the same command then resumes from step 3$", told.strip()
    )
    assert len(told.strip().splitlines()) == 1
    checkpoints = {each.name for each in (small_disk / ".lora.training").glob("checkpoint-*")}
    assert checkpoints == {"checkpoint-2", "checkpoint-3"}
    filler.unlink()
    assert main(arguments) == 0
    train(tiny_folder, data, tmp_path / "whole")
    whole, again = weights(tmp_path / "whole"), weights(out)
    assert all((whole[name] == again[name]).all() for name in whole)


def test_half_a_checkpoint_of_a_killed_training_is_not_gone_on_from(tiny_folder, data, tmp_path):
    with interrupted_at(4), pytest.raises(KeyboardInterrupt):
        train(tiny_folder, data, tmp_path / "lora")
    torn = tmp_path / ".lora.training" / "checkpoint-4"
    torn.mkdir()
    (torn / "adapter_model.safetensors").write_bytes(b"half")
    trained = train(tiny_folder, data, tmp_path / "lora")
    assert [entry["step"] for entry in trained.history if "loss" in entry] == [1, 2, 3, 4, 5, 6]


def test_out_of_memory_halves_the_rows_computed_together_and_keeps_the_step(tiny_folder, data, tmp_path, monkeypatch):
    import torch
    from transformers import LlamaForCausalLM

    forward = LlamaForCausalLM.forward

    @functools.wraps(forward)  # its signature tells which columns are used
    def small(self, *arguments, **more):
        if self.training and more["input_ids"].shape[0] > 1:
            raise torch.OutOfMemoryError
        return forward(self, *arguments, **more)

    monkeypatch.setattr(LlamaForCausalLM, "forward", small)
    trained = train(tiny_folder, data, tmp_path / "lora", micro_batch=4, max_steps=2)
    assert trained.micro_batch == 1
    assert [entry["step"] for entry in trained.history if "loss" in entry] == [1, 2]


def test_the_rows_computed_together_divide_those_of_a_step(tiny_folder, data, tmp_path):
    assert train(tiny_folder, data, tmp_path / "lora", micro_batch=4, batch=6, max_steps=1).micro_batch == 3


def test_a_base_without_the_layers_is_told_with_those_it_has(tmp_path, data):
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = byte_level_tokenizer()
    config = GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=1, n_head=2, n_positions=128)
    GPT2LMHeadModel(config).save_pretrained(tmp_path / "gpt")
    tokenizer.save_pretrained(tmp_path / "gpt")
    with pytest.raises(ModelUnusable, match=r"no layers called q_proj or v_proj.*c_attn, c_fc, c_proj.*all-linear"):
        train(tmp_path / "gpt", data, tmp_path / "lora")
    train(tmp_path / "gpt", data, tmp_path / "lora", preset="all-linear", max_steps=1)


def test_a_loss_that_is_no_number_ends_the_training():
    from types import SimpleNamespace

    from codecrucible.harness.finetune.training_progress import callback

    told, logs = callback(Progress(quiet=True), 1), {"loss": float("nan")}
    with pytest.raises(ModelUnusable, match="the training diverged: loss is nan after step 3"):
        told.on_log(None, SimpleNamespace(global_step=3), None, logs=logs)


def test_the_merged_checkpoint_gives_what_base_and_adapter_give(tiny_folder, data, tmp_path, capsys):
    train(tiny_folder, data, tmp_path / "lora")
    arguments = ["finetune", "merge", str(tmp_path / "lora"), "--out", str(tmp_path / "merged"), "--dtype", "float32"]
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((tmp_path / "merged" / "merge.json").read_text())
    assert told["logit_difference"] <= told["logit_difference_allowed"]
    merged = load_with(str(tmp_path / "merged"), dtype="float32", device="cpu")
    adapted = load_with(str(tiny_folder), adapter=tmp_path / "lora", dtype="float32", device="cpu")
    from codecrucible.harness.models.adapters.applying import probe

    assert (probe(merged.model, merged.tokenizer) - probe(adapted.model, adapted.tokenizer)).abs().max() < 1e-4
    assert main(arguments) == EXIT_USAGE
    assert "is there already" in capsys.readouterr().err


def encoded(tokenizer, count):
    lengths = [(number * 7) % 5 for number in range(count)]  # rows of several lengths
    made = [{"text": "x = 1\n" * (1 + length)} for length in lengths] + rows(count)
    return [encode(row, tokenizer, PromptForm.COMPLETION, where="row") for row in made]


def test_rows_fill_packs_and_each_is_in_one_of_them():
    every = encoded(byte_level_tokenizer(), 40)
    packs = packed(every, limit=60, seed=0)
    total = sum(len(row["input_ids"]) for row in every)
    assert total / 60 <= len(packs) <= 1.15 * total / 60
    found = []
    for pack in packs:
        assert len(pack["input_ids"]) == len(pack["labels"]) == len(pack["position_ids"]) <= 60
        starts = [place for place, position in enumerate(pack["position_ids"]) if position == 0]
        for start, end in pairwise([*starts, len(pack["input_ids"])]):
            assert pack["position_ids"][start:end] == list(range(end - start))
            assert pack["labels"][start] == -100
            found.append((pack["input_ids"][start:end], pack["labels"][start + 1 : end]))
    assert sorted(found) == sorted((row["input_ids"], row["labels"][1:]) for row in every)
    assert packed(every, limit=60, seed=1) != packs == packed(every, limit=60, seed=0)


def test_packed_rows_have_the_loss_that_they_have_alone():
    import torch
    from transformers import DataCollatorForSeq2Seq

    tokenizer = byte_level_tokenizer()
    tokenizer.pad_token = tokenizer.eos_token
    model, every = tiny_llama(vocabulary=len(tokenizer), use_cache=False), encoded(tokenizer, 12)
    alone = DataCollatorForSeq2Seq(tokenizer, label_pad_token_id=-100)([dict(row) for row in every])
    together = collate_packs(packed(every, limit=60, seed=0), pad=1)
    with torch.inference_mode():
        expected, found = model(**alone).loss, model(**together).loss
        mixed = model(**{**together, "position_ids": torch.arange(together["input_ids"].shape[1])[None]}).loss
    assert abs(found - expected) < 1e-5 * expected
    assert abs(mixed - expected) > 1e-3 * expected, "rows that saw each other have this loss too"


def test_a_model_learns_from_packs(tiny_folder, data, tmp_path):
    trained = train(tiny_folder, data, tmp_path / "lora", packing=True, max_tokens=80, batch=2, micro_batch=2)
    assert trained.rows["train"] == 12
    assert trained.rows["packs"] < 12
    assert trained.validation["loss"] < trained.validation["base_loss"]


@pytest.mark.parametrize("name", ["Bloom", "Lfm2"])
def test_a_model_that_mixes_the_rows_of_a_pack_is_refused(name, data, tmp_path):
    import torch
    import transformers

    tokenizer = byte_level_tokenizer()
    size = {"vocab_size": len(tokenizer), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    convolution = {"num_key_value_heads": 2, "intermediate_size": 64, "layer_types": ["conv", "full_attention"]}
    config = getattr(transformers, f"{name}Config")(**size, **(convolution if name == "Lfm2" else {}))
    torch.manual_seed(0)  # with some weights, what leaks from row to row is next to nothing
    getattr(transformers, f"{name}ForCausalLM")(config).save_pretrained(tmp_path / "base")
    tokenizer.save_pretrained(tmp_path / "base")
    with pytest.raises(ModelUnusable, match=f"a {name}ForCausalLM, does not keep the rows of a pack apart"):
        train(tmp_path / "base", data, tmp_path / "lora", packing=True, preset="all-linear")


def needed(package, extra):
    """Skip without an optional package; in CI fail."""
    if not find_spec(package):
        assert not os.environ.get("CI"), f"CI must run this test: install the extra {extra!r}"
        pytest.skip(f"{package} is not installed; it comes with the extra {extra!r}")


def test_losses_are_logged_for_tensorboard_each_step_once_however_often_it_was_killed(tiny_folder, data, tmp_path):
    needed("tensorboard", "finetune")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with interrupted_at(5), pytest.raises(KeyboardInterrupt):
        train(tiny_folder, data, tmp_path / "lora", report_to="tensorboard")
    train(tiny_folder, data, tmp_path / "lora", report_to="tensorboard")
    events = EventAccumulator(str(tmp_path / "lora-logs"))
    events.Reload()
    with (tmp_path / "lora" / "curves.csv").open() as file:
        curve = [entry for entry in csv.DictReader(file) if entry["loss"]]
    logged = [(event.step, event.value) for event in events.Scalars("train/loss")]
    assert logged == [(int(entry["step"]), pytest.approx(float(entry["loss"]))) for entry in curve]


def test_tensorboard_is_the_default_and_a_logger_that_is_absent_is_told(data, tmp_path, monkeypatch, capsys):
    from codecrucible.harness.finetune import loggers

    monkeypatch.setattr(loggers, "find_spec", lambda name: name == "tensorboard" or None)
    assert [loggers.logger(asked) for asked in ("auto", "tensorboard", "none")] == ["tensorboard"] * 2 + ["none"]
    arguments = ["finetune", "--model", "m", "--data", str(data), "--out", str(tmp_path / "lora")]
    assert main([*arguments, "--report-to", "wandb"]) == EXIT_USAGE
    assert "pip install wandb" in capsys.readouterr().err
    monkeypatch.setattr(loggers, "find_spec", lambda name: None)
    assert loggers.logger("auto") == "none"


@pytest.fixture
def bitsandbytes():
    needed("bitsandbytes", "quant")


def test_an_adapter_is_trained_on_a_base_in_4_bits_and_merged_into_the_base_itself(bitsandbytes, data, tmp_path):
    base = save_tiny_llama(tmp_path / "base", initializer_range=0.1)
    trained = train(base, data, tmp_path / "lora", four_bit=True, preset="all-linear")
    plain = train(base, data, tmp_path / "plain", max_steps=1)
    assert trained.validation["loss"] < trained.validation["base_loss"]
    assert trained.validation["base_loss"] == pytest.approx(plain.validation["base_loss"], rel=0.05)
    assert trained.validation["base_loss"] != plain.validation["base_loss"], "the base was not in 4 bits"
    manifest = json.loads((tmp_path / "lora" / "training.json").read_text())
    assert manifest["recipe"]["four_bit"]
    assert manifest["quantisation"].pop("library").startswith("bitsandbytes ")
    assert manifest["quantisation"] == {"bits": 4, "type": "nf4", "double": True, "compute_dtype": "float32"}
    assert manifest["base"]["parameters"] == plain.facts.parameters

    arguments = ["finetune", "merge", str(tmp_path / "lora"), "--out", str(tmp_path / "merged"), "--dtype", "bfloat16"]
    assert main([*arguments, "--quiet"]) == 0
    from safetensors.torch import load_file

    name = "model.layers.0.mlp.up_proj"
    merged = load_file(tmp_path / "merged" / "model.safetensors")
    before = load_file(base / "model.safetensors")[f"{name}.weight"]
    a, b = (weights(tmp_path / "lora")[f"base_model.model.{name}.lora_{side}.weight"] for side in "AB")
    difference = (merged[f"{name}.weight"].float() - (before + b @ a * 32 / 4)).abs().max()
    assert difference < before.abs().max() / 128  # bfloat16's own error; that of 4 bits is ten times it
    assert "quantization_config" not in json.loads((tmp_path / "merged" / "config.json").read_text())


def test_4_bits_without_the_library_say_what_to_install(data, tmp_path, monkeypatch, capsys):
    from codecrucible.harness.cli import finetune as commands

    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "bitsandbytes" else find_spec(name))
    arguments = ["finetune", "--model", "m", "--data", str(data), "--out", str(tmp_path / "lora"), "--4bit"]
    assert main(arguments) == EXIT_USAGE
    assert "pip install 'codecrucible[quant]'" in capsys.readouterr().err


def test_changed_data_is_refused(data):
    assert len(read_data(data).train) == 12
    with (data / "train.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(Exception, match=r"train.jsonl has sha256 \w+, and its data card says \w+"):
        read_data(data)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], EXIT_USAGE, "training needs --model, --data, --out"),
        (["--data", "{data}", "--out", "{tmp}/lora", "--model", "openai:http://x#y"], EXIT_USAGE, "cannot be trained"),
        (["--data", "{data}", "--out", "{tmp}", "--model", "m"], EXIT_USAGE, "is there already"),
        (["--data", "{tmp}/no", "--out", "{tmp}/lora", "--model", "m"], EXIT_USAGE, "cannot read the data in"),
        (["--data", "{data}", "--out", "{tmp}/lora", "--model", "m", "--batch", "0"], EXIT_USAGE, "--batch 0: give"),
        (["--data", "{data}", "--out", "{tmp}/lora", "--model", "m", "--dropout", "1"], EXIT_USAGE, "--dropout 1.0:"),
        (["--data", "{empty}", "--out", "{tmp}/lora", "--model", "m"], EXIT_NOTHING, "holds no row to train on"),
        (["--data", "{data}", "--out", "{tmp}/lora", "--model", "{base}", "--max-tokens", "5"], EXIT_NOTHING,
         "each of the 12 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_told_in_a_line(options, code, said, data, tiny_folder, tmp_path, capsys):
    empty = save_data(tmp_path / "empty", [])
    places = {"data": data, "tmp": tmp_path, "empty": empty, "base": tiny_folder}
    assert main(["finetune", *(option.format(**places) for option in options)]) == code
    complaint = capsys.readouterr().err
    assert said in complaint
    assert len(complaint.strip().splitlines()) == 1


def test_what_was_forgotten_is_measured_on_the_replay_data_that_was_held_out(tiny_folder, data, tmp_path):
    import torch

    words = [{"text": f"The {number} cats of the {number} kings sat down.\n"} for number in range(3)]
    replay = save_data(tmp_path / "replay", rows(3), words)
    train(tiny_folder, data, tmp_path / "lora", max_steps=2)
    options = LoadOptions(dtype="float32", device="cpu")
    forgot = measure(str(tiny_folder), tmp_path / "lora", options, replay=replay)
    assert forgot.text == f"{replay}'s validation rows"
    assert forgot.base != forgot.candidate
    for adapter, losses in ((None, forgot.base), (tmp_path / "lora", forgot.candidate)):
        local = load_with(str(tiny_folder), adapter=adapter, dtype="float32", device="cpu")
        for row, loss in zip(words, losses, strict=True):
            ids = torch.tensor([[*local.tokenizer(row["text"]).input_ids, local.tokenizer.eos_token_id]])
            assert loss == pytest.approx(local.model(input_ids=ids, labels=ids).loss.item())


@pytest.mark.parametrize(
    ("candidate", "interval", "said"),
    [
        ([1.1, 1.9, 3.0], (0.0, -0.1132, 0.1132), "nothing of it is seen to be forgotten"),
        ([1.2, 2.2, 3.2], (0.2, 0.2, 0.2), "it forgot some of it"),
        ([0.8, 1.8, 2.8], (-0.2, -0.2, -0.2), "nothing of it is seen to be forgotten"),
    ],
)
def test_forgetting_is_said_where_the_interval_is_above_0(candidate, interval, said):
    found = Forgetting(text="t", base=[1.0, 2.0, 3.0], candidate=candidate)
    assert found.difference == pytest.approx(interval, abs=1e-4)
    assert said in found.said()
    assert Forgetting(text="t", base=[1.0], candidate=[2.0]).to_json()["ci95"] is None


@pytest.mark.docker
@pytest.mark.timeout(120)
def test_one_command_ends_with_base_against_candidate(executor, tiny_folder, data, tmp_path, capsys):
    arguments = [
        "finetune", "--model", str(tiny_folder), "--data", str(data), "--out", str(tmp_path / "lora"), "--quiet",
        "--batch", "4", "--max-steps", "3", "--evaluate", "starter[:2]", "-n", "2", "--dtype", "float32",
    ]  # fmt: skip
    assert main(arguments) == 0
    page = capsys.readouterr().out
    assert "validation loss" in page
    assert "pass@1" in page
    assert "The data was not held against starter[:2]" in page
    assert "On 100 rows of humaneval's prompts and references: perplexity" in page
    # Trained already, and run already: what is left is to compare.
    before = (tmp_path / "lora" / "adapter_model.safetensors").stat().st_mtime_ns
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["evaluation"][0]["contamination"] == {"checked": False, "hits": None}
    assert told["evaluation"][0]["comparison"]
    assert told["forgetting"]["ci95"][0] <= told["forgetting"]["difference"] <= told["forgetting"]["ci95"][1]
    assert (tmp_path / "lora" / "adapter_model.safetensors").stat().st_mtime_ns == before
    assert main([*arguments, "--rank", "2"]) == EXIT_USAGE
    assert "is there already" in capsys.readouterr().err
