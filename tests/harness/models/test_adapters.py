"""An adapter is used as it was trained, or refused; the base alone never stands in for it."""

import json
import shutil
import warnings

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, save_adapter, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.finetune.merge_adapter import merge
from codecrucible.harness.models.adapters.applying import probe, record_base
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import AdapterInert, AdapterMismatch, ModelNotFound, ModelUnsafe, ModelUnusable
from codecrucible.harness.models.local.loading import AdaptableModel
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers
from codecrucible.harness.models.requests import Request

pytestmark = pytest.mark.model


@pytest.fixture
def adapter(tiny_folder, tmp_path):
    return save_adapter(tmp_path / "lora", tiny_folder)


def rewrite(folder, change):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "adapter_model.safetensors")
    change(weights)
    save_file(weights, folder / "adapter_model.safetensors", metadata={"format": "pt"})


def load(base, adapter):
    return load_with(str(base), adapter=adapter, dtype="float32", device="cpu")


def probe_of(loaded):
    return probe(loaded.model, loaded.tokenizer)


def test_an_adapter_gives_the_logits_that_peft_gives(tiny_folder, adapter):
    import torch
    from peft import AutoPeftModelForCausalLM

    ours = load(tiny_folder, adapter).model
    with quiet_transformers():
        theirs = AutoPeftModelForCausalLM.from_pretrained(adapter).eval()
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        assert torch.equal(ours(ids).logits, theirs(ids).logits)


def test_an_adapter_changes_the_completions_and_its_facts_are_recorded(tiny_folder, adapter):
    model = load(tiny_folder, adapter)
    base = load_with(str(tiny_folder), dtype="float32", device="cpu")
    request = Request(problem_id="p", sample_index=0, prompt="def f(x):\n")
    one, other = (next(generate(each, [request], Sampling(max_new_tokens=16)))[0].completion for each in (model, base))
    assert one != other
    assert model.facts == base.facts
    assert base.adapter is None
    facts = model.adapter
    assert (facts.path, facts.name, facts.kind) == (str(adapter.resolve()), "lora", "LORA")
    assert facts.base == str(tiny_folder)
    assert not facts.base_verified
    assert facts.logit_difference > 0.01
    assert len(facts.sha256) == 64


def test_an_adapter_that_was_never_trained_is_refused(tiny_folder, tmp_path):
    with pytest.raises(AdapterInert, match="changed nothing"):
        load(tiny_folder, save_adapter(tmp_path / "zero", tiny_folder, zero=True))


def test_an_adapter_for_a_base_of_another_size_is_refused_with_both_names(adapter, tiny_folder, tmp_path):
    other = save_tiny_llama(tmp_path / "wider-llama", hidden_size=64)
    with pytest.raises(AdapterMismatch, match="size mismatch for") as caught:
        load(other, adapter)
    assert str(other) in str(caught.value)
    assert str(tiny_folder) in str(caught.value)


def test_an_adapter_for_modules_that_the_base_lacks_is_refused(adapter, tiny_folder):
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"target_modules": ["c_attn"]}))
    with pytest.raises(AdapterMismatch, match=r"does not fit .*c_attn"):
        load(tiny_folder, adapter)


def test_an_adapter_with_more_layers_than_the_base_is_refused(adapter, tmp_path):
    shallow = save_tiny_llama(tmp_path / "shallow", num_hidden_layers=1)
    with pytest.raises(AdapterMismatch, match=r"4 weights that have no place there, such as .*layers\.1"):
        load(shallow, adapter)


def test_an_adapter_that_lacks_weights_is_refused(adapter, tiny_folder):
    rewrite(adapter, lambda weights: weights.pop("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight"))
    with pytest.raises(AdapterMismatch, match=r"lacks 1 weights, such as .*layers\.1.*lora_B"):
        load(tiny_folder, adapter)


def test_an_adapter_with_another_vocabulary_is_refused(adapter, tiny_folder):
    byte_level_tokenizer(vocabulary=500).save_pretrained(adapter)
    with pytest.raises(AdapterMismatch, match=r"tokenizer of 500 tokens, and .* another one of 600 tokens"):
        load(tiny_folder, adapter)


def test_the_chat_template_of_an_adapter_is_used_with_it(adapter, tiny_folder):
    byte_level_tokenizer(chat_template=CHAT_TEMPLATE).save_pretrained(adapter)
    model = load(tiny_folder, adapter)
    assert model.adapter.tokenizer
    assert model.prompt_form is PromptForm.CHAT
    assert model.render("def f():\n").text.startswith("<|start|>user\n")


def test_an_adapter_whose_recorded_base_is_this_one_is_verified(adapter, tiny_folder):
    record_base(adapter, load_with(str(tiny_folder)).facts)
    assert load(tiny_folder, adapter).adapter.base_verified


def test_an_adapter_trained_on_other_weights_of_the_same_shape_is_refused(adapter, tiny_folder, tmp_path):
    record_base(adapter, load_with(str(tiny_folder)).facts)
    twin = save_tiny_llama(tmp_path / "twin", seed=1)
    with pytest.raises(AdapterMismatch, match=r"was trained on .* with weights") as caught:
        load(twin, adapter)
    assert str(twin) in str(caught.value)


def test_pickled_adapter_weights_are_refused(adapter, tiny_folder):
    (adapter / "adapter_model.safetensors").rename(adapter / "adapter_model.bin")
    with pytest.raises(ModelUnsafe, match="pickle file"):
        load(tiny_folder, adapter)


def test_pickled_adapter_weights_are_read_when_that_is_allowed_and_a_caution_says_so(adapter, tiny_folder):
    import torch
    from safetensors.torch import load_file

    logits = probe_of(load(tiny_folder, adapter))
    weights = adapter / "adapter_model.safetensors"
    torch.save(load_file(weights), adapter / "adapter_model.bin")
    weights.unlink()
    model = load_with(str(tiny_folder), adapter=adapter, dtype="float32", device="cpu", allow_pickle=True)
    assert torch.equal(probe_of(model), logits)
    assert model.adapter.cautions == ("the adapter's weights were read from a pickle file",)


class Malice:
    def __reduce__(self):
        return (exec, ("import pathlib; pathlib.Path('ran').touch()",))


def test_code_in_pickled_adapter_weights_does_not_run_even_then(adapter, tiny_folder, tmp_path, monkeypatch):
    import pickle

    monkeypatch.chdir(tmp_path)
    (adapter / "adapter_model.safetensors").unlink()
    (adapter / "adapter_model.bin").write_bytes(pickle.dumps({"weight": Malice()}))
    with pytest.raises(ModelUnsafe, match="holds more than tensors"):
        load_with(str(tiny_folder), adapter=adapter, device="cpu", allow_pickle=True)
    assert not (tmp_path / "ran").exists()


def test_an_adapter_is_found_by_its_hub_id_and_the_commit_recorded(adapter, tiny_folder, tmp_path, monkeypatch):
    from huggingface_hub import constants

    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--someone--lora"
    shutil.copytree(adapter, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    for name in ("main", "v2"):
        (repository / "refs" / name).write_text(commit)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    for given in ("someone/lora", "someone/lora@v2"):
        facts = load(tiny_folder, given).adapter
        assert (facts.name, facts.source) == ("lora", f"someone/lora@{commit}")
        assert facts.sha256 == load(tiny_folder, adapter).adapter.sha256
    with pytest.raises(ModelNotFound, match="'someone/else' is no folder here, and could not be fetched"):
        load(tiny_folder, "someone/else")


def rename_base(adapter, name):
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": name}))


@pytest.mark.parametrize(
    "name",
    ["/home/somebody/models/Tiny-Llama", "hub/tiny-llama/", "C:\\models\\tiny-llama", "owner/tiny-llama",
     "/home/someone/.cache/huggingface/hub/models--owner--tiny-llama/snapshots/0123456789abcdef"],
)  # fmt: skip
def test_an_adapter_that_names_its_base_by_another_path_is_taken_without_a_caution(name, adapter, tiny_folder):
    rename_base(adapter, name)
    assert load(tiny_folder, adapter).adapter.cautions == ()


@pytest.mark.parametrize("name", ["Qwen/Qwen2.5-Coder-7B", "/home/somebody/models/other", None])
def test_an_adapter_that_names_another_base_is_taken_with_a_caution(name, adapter, tiny_folder):
    rename_base(adapter, name)
    facts = load(tiny_folder, adapter).adapter
    assert not facts.base_verified
    (caution,) = facts.cautions
    assert caution.startswith(f"the adapter was made for {name or 'a base that it does not name'}; that {tiny_folder}")
    assert caution.endswith("is the same could not be verified")


def test_an_adapter_whose_base_is_here_with_other_weights_is_taken_with_a_caution(adapter, tiny_folder, tmp_path):
    twin = save_tiny_llama(tmp_path / "tiny-llama", seed=1)  # of the same name
    assert "could not be verified" in load(twin, adapter).adapter.cautions[0]
    record_base(adapter, load_with(str(tiny_folder)).facts)
    rename_base(adapter, "Qwen/Qwen2.5-Coder-7B")
    assert load(tiny_folder, adapter).adapter.cautions == ()  # its weights say what the name does not


def test_cautions_are_recorded_and_shown_below_the_table_and_do_not_rename_the_run(
    adapter, tiny_folder, tmp_path, capsys
):
    rename_base(adapter, "Qwen/Qwen2.5-Coder-7B")
    ids = []
    for place, spec in enumerate((str(tiny_folder), f"{tiny_folder}/")):  # which the caution quotes
        out = tmp_path / str(place)
        options = ["--benchmark", "starter[:1]", "-n", "1", "-k", "1", "--max-new-tokens", "2", "--out", str(out)]
        assert main(["generate", "--model", spec, "--adapter", str(adapter), *options]) == 0
        ids.append(json.loads((out / "run.json").read_text())["run_id"])
    told = "the adapter was made for Qwen/Qwen2.5-Coder-7B; that"
    assert f"note: {told}" in capsys.readouterr().err
    assert json.loads((out / "run.json").read_text())["adapter"]["cautions"][0].startswith(told)
    assert main(["report", str(out)]) == 0
    assert f"caution: {told}" in capsys.readouterr().out
    assert ids[0] == ids[1]


def vocabulary_of(model):
    return len(model.model.get_input_embeddings().weight), model.model.config.vocab_size


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_a_base_gets_the_rows_of_a_vocabulary_that_was_enlarged_and_loses_them_again(tied, tmp_path):
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = save_tiny_llama(tmp_path / "base", tie_word_embeddings=tied)
    folder = save_adapter(tmp_path / "larger", base, more_tokens=("<|fim|>", "<|think|>"))
    loaded = load_with(str(base), dtype="float32", device="cpu")
    before = probe_of(loaded)
    adaptable = AdaptableModel(loaded, LoadOptions())
    for _ in range(2):
        model = adaptable.adapted(folder)
        assert vocabulary_of(model) == (602, 602)
        assert model.tokenizer.convert_tokens_to_ids("<|think|>") == 601
        assert model.adapter.cautions == (
            "the vocabulary of the base was resized from 600 rows to the 602 that the adapter has",
        )
        with quiet_transformers():
            theirs = AutoModelForCausalLM.from_pretrained(base)
            theirs.resize_token_embeddings(602)
            theirs = PeftModel.from_pretrained(theirs, folder).eval()
        assert torch.equal(probe_of(model), probe(theirs, AutoTokenizer.from_pretrained(folder)))
        assert adaptable.adapted(None) is loaded
        assert vocabulary_of(loaded) == (600, 600)
        assert torch.equal(probe_of(loaded), before)


def test_an_adapter_with_an_enlarged_vocabulary_is_merged(tiny_folder, tmp_path):
    import torch

    folder = save_adapter(tmp_path / "larger", tiny_folder, more_tokens=("<|fim|>", "<|think|>"))
    merge(str(tiny_folder), folder, tmp_path / "merged", LoadOptions(dtype="float32", device="cpu"))
    merged, adapted = load_with(str(tmp_path / "merged"), dtype="float32", device="cpu"), load(tiny_folder, folder)
    assert vocabulary_of(merged) == (602, 602)
    assert torch.allclose(probe_of(merged), probe_of(adapted), atol=1e-4)


def test_an_enlarged_vocabulary_without_embeddings_for_it_is_refused(tiny_folder, tmp_path):
    folder = save_adapter(tmp_path / "larger", tiny_folder, more_tokens=("<|fim|>",), save_embedding_layers=False)
    with pytest.raises(AdapterMismatch, match=r"601 tokens, .* 600 rows of embeddings, and it holds none"):
        load(tiny_folder, folder)


def test_more_tokens_in_rows_that_the_base_has_to_spare_need_no_change(tmp_path):
    base = save_tiny_llama(tmp_path / "base", vocab_size=640)
    folder = save_adapter(tmp_path / "larger", base)
    tokenizer = byte_level_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|fim|>"]})
    tokenizer.save_pretrained(folder)
    model = load(base, folder)
    assert vocabulary_of(model) == (640, 640)
    assert len(model.tokenizer) == 601
    assert model.adapter.cautions == ()


@pytest.mark.parametrize("saved", [True, False])
@pytest.mark.parametrize("module", ["lm_head", "embed_tokens"])
def test_lora_of_the_embeddings_is_taken_whether_the_base_was_saved_with_it_or_not(
    module, saved, tiny_folder, tmp_path
):
    import torch
    from peft import AutoPeftModelForCausalLM, LoraConfig

    config = LoraConfig(target_modules=["q_proj", module], task_type="CAUSAL_LM")
    folder = save_adapter(tmp_path / "lora", tiny_folder, config=config, save_embedding_layers=saved)
    with quiet_transformers():
        theirs = AutoPeftModelForCausalLM.from_pretrained(folder).eval()
    model = load(tiny_folder, folder)
    assert torch.equal(probe_of(model), probe(theirs, model.tokenizer))


def test_an_adalora_adapter_of_lowered_ranks_is_what_peft_makes_of_it(tiny_folder, tmp_path):
    import torch
    from peft import AdaLoraConfig, AutoPeftModelForCausalLM

    layers = [f"model.layers.{layer}.self_attn.{name}.lora_E" for layer in range(2) for name in ("q_proj", "v_proj")]
    config = AdaLoraConfig(
        init_r=4, target_r=2, total_step=9, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"
    )

    def lower(model):
        ranks = {name: [True, place != 1, True, False] for place, name in enumerate(layers)}
        model.peft_config["default"].rank_pattern = ranks

    folder = save_adapter(tmp_path / "adalora", tiny_folder, config=config, finish=lower)
    with quiet_transformers(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = AutoPeftModelForCausalLM.from_pretrained(folder).eval()
    model = load(tiny_folder, folder)
    assert torch.equal(probe_of(model), probe(theirs, model.tokenizer))


def test_a_diverged_adapter_is_an_error(adapter, tiny_folder):
    rewrite(adapter, lambda weights: next(iter(weights.values())).fill_(float("nan")))
    with pytest.raises(ModelUnusable, match="not finite; the training diverged"):
        load(tiny_folder, adapter)


def test_an_adapter_cut_short_is_an_error(adapter, tiny_folder):
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelUnusable, match="copy the adapter again"):
        load(tiny_folder, adapter)


def test_virtual_tokens_are_refused_by_name(adapter, tiny_folder):
    config = {"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 4}
    (adapter / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(ModelUnusable, match="PROMPT_TUNING adapter"):
        load(tiny_folder, adapter)


def test_a_folder_without_an_adapter_is_an_error(tiny_folder, tmp_path):
    with pytest.raises(ModelNotFound, match=r"holds no adapter_config\.json"):
        load(tiny_folder, tmp_path)
