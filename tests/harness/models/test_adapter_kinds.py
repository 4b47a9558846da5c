"""Every kind of adapter is what PEFT makes of it, and leaves the base as it was, to the bit."""

import os
import warnings
from functools import cache
from importlib.util import find_spec

import pytest
from tiny_models import load_with, save_adapter, save_tiny_llama

from codecrucible.harness.models.adapters.applying import probe
from codecrucible.harness.models.errors import AdapterMismatch, ModelUnusable
from codecrucible.harness.models.local.loading import AdaptableModel
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers

pytestmark = pytest.mark.model

ATTENTION = {"target_modules": ["q_proj", "v_proj"]}
LORA = {"r": 4, "lora_alpha": 8, "task_type": "CAUSAL_LM"}

# (class in peft, its arguments), by what it is called here.
KINDS = {
    "lora": ("LoraConfig", LORA | ATTENTION),
    "lora with all biases": ("LoraConfig", LORA | ATTENTION | {"bias": "all"}),
    "lora with its own biases": ("LoraConfig", LORA | ATTENTION | {"bias": "lora_only"}),
    "dora": ("LoraConfig", LORA | ATTENTION | {"use_dora": True}),
    "pissa": ("LoraConfig", LORA | ATTENTION | {"init_lora_weights": "pissa"}),
    "olora": ("LoraConfig", LORA | ATTENTION | {"init_lora_weights": "olora"}),
    "orthogonal": ("LoraConfig", LORA | ATTENTION | {"init_lora_weights": "orthogonal"}),
    "head as a whole": ("LoraConfig", LORA | ATTENTION | {"modules_to_save": ["lm_head"]}),
    "embeddings as a whole": ("LoraConfig", LORA | ATTENTION | {"modules_to_save": ["embed_tokens"]}),
    "both as a whole": ("LoraConfig", LORA | ATTENTION | {"modules_to_save": ["embed_tokens", "lm_head"]}),
    "norms as a whole": ("LoraConfig", LORA | ATTENTION | {"modules_to_save": ["norm", "input_layernorm"]}),
    "lora of the head": ("LoraConfig", LORA | {"target_modules": ["q_proj", "lm_head"]}),
    "lora of the embeddings": ("LoraConfig", LORA | {"target_modules": ["q_proj", "embed_tokens"]}),
    "lora and some tokens": ("LoraConfig", LORA | ATTENTION | {"trainable_token_indices": [3, 599]}),
    "some tokens": ("TrainableTokensConfig", {"token_indices": [3, 599], "target_modules": ["embed_tokens"]}),
    "ia3": ("IA3Config", {"target_modules": ["k_proj", "down_proj"], "feedforward_modules": ["down_proj"]}),
    "vera": ("VeraConfig", {"r": 4, "target_modules": ["q_proj"]}),
    "vera by its seed": ("VeraConfig", {"r": 4, "target_modules": ["q_proj"], "save_projection": False}),
    "adalora": ("AdaLoraConfig", ATTENTION | {"init_r": 4, "target_r": 2, "total_step": 9, "task_type": "CAUSAL_LM"}),
    "norms": ("LNTuningConfig", {"target_modules": ["input_layernorm", "norm"]}),
    "loha": ("LoHaConfig", {"r": 2, "init_weights": False} | ATTENTION),
    "lokr": ("LoKrConfig", {"r": 2, "init_weights": False} | ATTENTION),
    "oft": ("OFTConfig", {"oft_block_size": 4} | ATTENTION),
    "hra": ("HRAConfig", {"r": 4} | ATTENTION),
    "miss": ("MissConfig", {"r": 4} | ATTENTION),
    "osf": ("OSFConfig", ATTENTION),
}


@pytest.fixture(scope="module")
def base_of(tmp_path_factory):
    """Function that gives the folder of a base with biases, its embeddings tied or not."""
    home = tmp_path_factory.mktemp("kinds")

    @cache
    def made(tied):
        return save_tiny_llama(
            home / ("tied" if tied else "untied"), tie_word_embeddings=tied, attention_bias=True, mlp_bias=True
        )

    return made


def kind(name):
    import peft

    class_name, arguments = KINDS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(peft, class_name)(**arguments)


def logits_of_peft(base, folder):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with quiet_transformers(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder).eval()
    return probe(model, AutoTokenizer.from_pretrained(base))


def state(model):
    """Copies of all tensors, apart from what the product counts as state."""
    tensors = {**model.state_dict(), **dict(model.named_buffers())}
    return {name: tensor.clone() for name, tensor in tensors.items()}, repr(model), model.config.to_dict()


def assert_same(state, other):
    import torch

    assert state[1:] == other[1:]
    assert state[0].keys() == other[0].keys()
    assert [name for name in state[0] if not torch.equal(state[0][name], other[0][name])] == []


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("name", KINDS)
def test_an_adapter_is_what_peft_makes_of_it_and_leaves_nothing_in_the_base(name, tied, base_of, tmp_path):
    import torch

    base = base_of(tied)
    folder = save_adapter(tmp_path / "adapter", base, config=kind(name))
    second = save_adapter(tmp_path / "second", base)
    loaded = load_with(str(base), dtype="float32", device="cpu")
    before, logits = state(loaded.model), probe(loaded.model, loaded.tokenizer)
    adaptable = AdaptableModel(loaded, LoadOptions())
    for _ in range(2):
        adapted = adaptable.adapted(folder)
        assert torch.equal(probe(adapted.model, adapted.tokenizer), logits_of_peft(base, folder))
        adapted = adaptable.adapted(second)
        assert torch.equal(probe(adapted.model, adapted.tokenizer), logits_of_peft(base, second))
    assert adaptable.adapted(None) is loaded
    assert_same(before, state(loaded.model))
    assert torch.equal(probe(loaded.model, loaded.tokenizer), logits)


@pytest.mark.parametrize(
    ("bits", "name"), [(4, "lora"), (4, "dora"), (4, "both as a whole"), (8, "lora"), (8, "both as a whole")]
)
def test_an_adapter_leaves_nothing_in_a_base_of_few_bits(bits, name, tmp_path):
    import torch

    if not find_spec("bitsandbytes"):
        assert not os.environ.get("CI"), "CI must run this test: install the extra 'quant'"
        pytest.skip("bitsandbytes is not installed; it comes with the extra 'quant'")
    base = save_tiny_llama(tmp_path / "base", hidden_size=64, initializer_range=0.1)
    folder = save_adapter(tmp_path / "adapter", base, config=kind(name))
    loaded = load_with(str(base), device="cpu", bits=bits)
    logits = probe(loaded.model, loaded.tokenizer)
    before = state(loaded.model)
    adaptable = AdaptableModel(loaded, LoadOptions())
    adapted = [probe((model := adaptable.adapted(folder)).model, model.tokenizer) for _ in range(2)]
    assert torch.equal(*adapted)
    assert not torch.equal(adapted[0], logits)
    assert adaptable.adapted(None) is loaded
    assert_same(before, state(loaded.model))
    assert torch.equal(probe(loaded.model, loaded.tokenizer), logits)


def test_what_peft_draws_for_an_adapter_is_the_same_each_time(base_of, tmp_path):
    import torch
    from peft import LoraConfig

    base = base_of(tied=False)
    config = LoraConfig(**LORA, **ATTENTION, init_lora_weights="pissa_niter_1")  # a singular value decomposition, drawn
    folder = save_adapter(tmp_path / "adapter", base, config=config)
    before = torch.random.get_rng_state()
    one, other = (load_with(str(base), adapter=folder, dtype="float32", device="cpu") for _ in range(2))
    assert torch.equal(probe(one.model, one.tokenizer), probe(other.model, other.tokenizer))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_corda_adapter_leaves_nothing_in_the_base(base_of, tmp_path):
    """What makes one needs samples; with them, PEFT begins from a part of the base and saves the rest of it."""
    import torch
    from peft import LoraConfig
    from peft.tuners.lora.config import CordaConfig
    from peft.tuners.lora.corda import preprocess_corda

    base = base_of(tied=True)
    config = LoraConfig(**LORA, **ATTENTION, init_lora_weights="corda", corda_config=CordaConfig())
    ids = torch.arange(64).reshape(4, 16)

    def prepare(model):
        preprocess_corda(model, config, run_model=lambda: [model(row[None]) for row in ids])

    folder = save_adapter(tmp_path / "corda", base, config=config, prepare=prepare)
    loaded = load_with(str(base), dtype="float32", device="cpu")
    before = state(loaded.model)
    adaptable = AdaptableModel(loaded, LoadOptions())
    with pytest.raises(AdapterMismatch, match="eigens"):  # as PEFT does, which would need the samples again
        adaptable.adapted(folder)
    assert_same(before, state(loaded.model))
    assert adaptable.adapted(None) is loaded


def test_an_adapter_that_fails_half_way_leaves_nothing_in_the_base(base_of, tmp_path):
    base = base_of(tied=False)
    folder = save_adapter(tmp_path / "adapter", base, config=kind("both as a whole"))
    narrow = save_adapter(tmp_path / "narrow", save_tiny_llama(tmp_path / "narrow base", vocabulary=300))
    (folder / "adapter_model.safetensors").write_bytes((narrow / "adapter_model.safetensors").read_bytes())
    loaded = load_with(str(base), dtype="float32", device="cpu")
    before = state(loaded.model)
    with pytest.raises(AdapterMismatch, match="lacks weights"):
        AdaptableModel(loaded, LoadOptions()).adapted(folder)
    assert_same(before, state(loaded.model))


def test_a_base_that_is_not_what_it_was_is_never_used_again(base_of, tmp_path):
    base = base_of(tied=False)
    folder = save_adapter(tmp_path / "adapter", base)
    loaded = load_with(str(base), dtype="float32", device="cpu")
    adaptable = AdaptableModel(loaded, LoadOptions())
    adapted = adaptable.adapted(folder)
    adapted.model.model.norm.weight.data[3] += 1e-6  # as a kind of adapter could that writes where nobody expects it
    said = r"could not be taken out of .*: 1 of its weights, such as model\.norm\.weight, are not what they were"
    for asked in (None, folder):
        with pytest.raises(ModelUnusable, match=said):
            adaptable.adapted(asked)


def test_a_base_whose_output_alone_has_changed_is_not_used_either(base_of, tmp_path):
    base = base_of(tied=False)
    folder = save_adapter(tmp_path / "adapter", base)
    loaded = load_with(str(base), dtype="float32", device="cpu")
    adaptable = AdaptableModel(loaded, LoadOptions())
    adaptable.adapted(folder)
    head = loaded.model.lm_head
    forward = type(head).forward
    try:
        type(head).forward = lambda self, hidden: 2 * forward(self, hidden)
        with pytest.raises(ModelUnusable, match="its logits on a probe text are not what they were"):
            adaptable.adapted(None)
    finally:
        type(head).forward = forward
