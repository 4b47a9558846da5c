"""The decoding loop against transformers' own `generate`, greedily, on tiny random models of many architectures."""

import pytest

pytestmark = pytest.mark.model

PROMPTS = [(5, 9, 17), (30, 31, 32, 33, 34, 35, 36, 37, 38), (40,), (5, 9, 17), tuple(range(60, 72))]
LIMIT = 12

SIZES = {
    "vocab_size": 120,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "initializer_range": 0.3,
    "pad_token_id": 0,
}
GPT_SIZES = {
    "vocab_size": 120,
    "n_embd": 32,
    "n_layer": 2,
    "n_head": 4,
    "n_positions": 64,
    "initializer_range": 0.3,
    "rotary_dim": 8,
}
MIXTURE = {
    "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 24, "shared_expert_intermediate_size": 24,
}  # fmt: skip
RECURRENT = {
    "layer_types": ["linear_attention", "full_attention"], "linear_num_key_heads": 2, "linear_num_value_heads": 4,
    "linear_key_head_dim": 8, "linear_value_head_dim": 8, "head_dim": 8,
}  # fmt: skip
STATE_SPACE = {
    "mamba_d_state": 8, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": 4, "use_mamba_kernels": False,
}  # fmt: skip
ARCHITECTURES = {
    "llama": SIZES,
    "qwen2": SIZES,
    "starcoder2": SIZES | {"sliding_window": 8},
    "mistral": SIZES | {"sliding_window": 8},
    "gemma3_text": SIZES | {"head_dim": 8, "sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"]},
    "gpt_neox": SIZES,
    "phi": SIZES,
    "gpt_bigcode": GPT_SIZES,
    "codegen": GPT_SIZES,
    "qwen3_next": SIZES | RECURRENT | MIXTURE,
    "qwen3_5_text": SIZES | RECURRENT,
    "qwen3_5_moe_text": SIZES | RECURRENT | MIXTURE,
    "jamba": SIZES | STATE_SPACE | {"attn_layer_period": 2, "attn_layer_offset": 1, "num_experts": 2},
    "nemotron_h": SIZES
    | {
        "layers_block_type": ["mamba", "attention", "mlp"],
        "num_hidden_layers": 3,
        "mamba_num_heads": 8,
        "mamba_head_dim": 8,
        "ssm_state_size": 8,
        "n_groups": 1,
        "chunk_size": 4,
        "head_dim": 8,
    },
    "bamba": SIZES
    | STATE_SPACE
    | {"attn_layer_indices": [1], "mamba_n_heads": 8, "mamba_d_head": 8, "mamba_n_groups": 1},
    "falcon_h1": SIZES
    | {
        "mamba_d_ssm": 64,
        "mamba_n_heads": 8,
        "mamba_d_head": 8,
        "mamba_d_state": 8,
        "mamba_n_groups": 1,
        "head_dim": 8,
    },
    "lfm2": SIZES | {"layer_types": ["conv", "full_attention"], "block_multiple_of": 8},
    "bloom": {"vocab_size": 120, "hidden_size": 32, "n_layer": 2, "n_head": 4, "initializer_range": 0.3},
}


def random_model(model_type):
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    config = AutoConfig.for_model(model_type, **ARCHITECTURES[model_type])
    return AutoModelForCausalLM.from_config(config).eval()


def decoded(model, prompts, *, has_stopped=lambda _written: False, limits=None, **options):
    """Rows of `prompts` decoded greedily in one batch."""
    from codecrucible.harness.models.local.decoding import BatchRow, decode
    from codecrucible.harness.models.local.token_draw import likeliest_tokens

    rows = [
        BatchRow(prompt_ids=prompt, max_new_tokens=limit, has_stopped=has_stopped)
        for prompt, limit in zip(prompts, limits or [LIMIT] * len(prompts), strict=True)
    ]
    decode(model, rows, lambda logits, _rows, _step: likeliest_tokens(logits), **options)
    return rows


@pytest.fixture(scope="module")
def llama():
    return random_model("llama")


@pytest.mark.parametrize("model_type", ARCHITECTURES)
@pytest.mark.parametrize("tokens_at_once", [4096, 20, 1], ids=["whole prompts", "in steps", "token by token"])
def test_greedy_decoding_is_that_of_transformers(model_type, tokens_at_once):
    import torch

    model = random_model(model_type)
    rows = decoded(model, PROMPTS, tokens_at_once=tokens_at_once)
    for row, prompt in zip(rows, PROMPTS, strict=True):
        ids = torch.tensor([prompt])
        expected = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=LIMIT, do_sample=False, eos_token_id=-1
        )
        assert row.written == expected[0, len(prompt) :].tolist()
        assert row.finish_reason == "length"


@pytest.mark.parametrize("model_type", ["llama", "mistral", "qwen3_5_text", "jamba"])
def test_rows_that_end_early_leave_the_others_as_they_are(model_type):
    model = random_model(model_type)
    whole = [row.written for row in decoded(model, PROMPTS)]
    limits = [1, 12, 3, 2, 7]
    rows = decoded(model, PROMPTS, limits=limits)
    assert [row.written for row in rows] == [tokens[:limit] for tokens, limit in zip(whole, limits, strict=True)]


def test_a_row_ends_with_the_token_that_stops_it(llama):
    whole = decoded(llama, PROMPTS[:1])[0].written
    stop_at = whole[4]
    row = decoded(llama, PROMPTS[:1], has_stopped=lambda written: written[-1] == stop_at)[0]
    assert row.written == whole[: whole.index(stop_at) + 1]
    assert row.finish_reason == "stop"


def test_a_row_at_the_end_of_the_context_does_not_break_its_batch():
    model = random_model("gpt_bigcode")  # its positions are a table, beyond which there is nothing
    long, short = tuple(range(1, 63)), (5, 9, 17)
    others = [short, (5, 9), (7, 7), (8,), (3,), (4,), (6,), (2,), (1,), (9, 9)]
    rows = decoded(model, [long, *others], limits=[2] + [12] * 10)
    assert len(rows[0].written) == 2
    assert rows[1].written == decoded(model, [short])[0].written


def test_each_distinct_prompt_is_read_once(llama):
    batch_sizes = []
    hook = llama.register_forward_pre_hook(
        lambda _module, _args, kwargs: batch_sizes.append(len(kwargs["input_ids"])), with_kwargs=True
    )
    decoded(llama, [PROMPTS[0]] * 6 + [PROMPTS[1]])
    hook.remove()
    assert batch_sizes[:2] == [2, 7]


def test_logits_that_are_not_finite_are_an_error_and_no_token():
    import torch

    from codecrucible.harness.models.errors import GenerationFailed

    model = random_model("llama")
    with torch.no_grad():
        model.lm_head.weight[3] = float("nan")
    with pytest.raises(GenerationFailed, match="not finite; try --dtype float32"):
        decoded(model, PROMPTS)
