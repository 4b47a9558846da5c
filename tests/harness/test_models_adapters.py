"""An adapter is used as it was trained, or refused; the base alone never stands in for it."""

import json

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, save_adapter, save_tiny_llama

from benchmarks import PromptForm
from harness.adapters import record_base
from harness.generation import Request, Sampling, generate
from harness.model_errors import AdapterInert, AdapterMismatch, ModelNotFound, ModelUnsafe, ModelUnusable
from harness.models import load_model
from harness.quiet import quiet_transformers

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
    return load_model(str(base), adapter=adapter, dtype="float32", device="cpu")


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
    base = load_model(str(tiny_folder), dtype="float32", device="cpu")
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
    record_base(adapter, load_model(str(tiny_folder)).facts)
    assert load(tiny_folder, adapter).adapter.base_verified


def test_an_adapter_trained_on_other_weights_of_the_same_shape_is_refused(adapter, tiny_folder, tmp_path):
    record_base(adapter, load_model(str(tiny_folder)).facts)
    twin = save_tiny_llama(tmp_path / "twin", seed=1)
    with pytest.raises(AdapterMismatch, match=r"was trained on .* with weights") as caught:
        load(twin, adapter)
    assert str(twin) in str(caught.value)


def test_pickled_adapter_weights_are_refused(adapter, tiny_folder):
    (adapter / "adapter_model.safetensors").rename(adapter / "adapter_model.bin")
    with pytest.raises(ModelUnsafe, match="pickle file"):
        load(tiny_folder, adapter)


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
