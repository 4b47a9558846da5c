"""How a gap is put to a model: the exact text and token ids for each family, and who is refused."""

import pytest
from tiny_models import byte_level_tokenizer, load_with, space_eating_tokenizer

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.infill import FAMILIES, infill_end_ids, render_infill
from codecrucible.harness.models.prompts import render_prompt, resolve_form, template_sha256

BEFORE, BEHIND = "def f(x):\n    y =", "\n    return y\n"

#: What a model of each family is sent, as its makers write it.
TEXTS = {
    "StarCoder": "<fim_prefix>def f(x):\n    y =<fim_suffix>\n    return y\n<fim_middle>",
    "SantaCoder": "<fim-prefix>def f(x):\n    y =<fim-suffix>\n    return y\n<fim-middle>",
    "Qwen2.5-Coder": "<|fim_prefix|>def f(x):\n    y =<|fim_suffix|>\n    return y\n<|fim_middle|>",
    "DeepSeek-Coder": "<｜fim▁begin｜>def f(x):\n    y =<｜fim▁hole｜>\n    return y\n<｜fim▁end｜>",  # noqa: RUF001 - its own
    "Code Llama": "▁<PRE>def f(x):\n    y =▁<SUF>\n    return y\n▁<MID>",
    "Codestral": "[SUFFIX]\n    return y\n[PREFIX]def f(x):\n    y =",
}
ENDS = {
    "StarCoder": ["<|endoftext|>", "<file_sep>"],
    "SantaCoder": ["<|endoftext|>"],
    "Qwen2.5-Coder": ["<|endoftext|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"],
    "DeepSeek-Coder": ["<|EOT|>"],
    "Code Llama": ["▁<EOT>"],
    "Codestral": [],
}
STARTS_ITSELF = {"DeepSeek-Coder", "Code Llama", "Codestral"}


def tokenizer_of(family):
    """A tiny tokenizer with the family's special tokens, and its way with the start of a text."""
    if family == "Code Llama":
        tokenizer = space_eating_tokenizer()
    else:
        tokenizer = byte_level_tokenizer(adds_bos=family in STARTS_ITSELF)
    (tokens,) = (each.tokens for each in FAMILIES if each.family == family)
    tokenizer.add_special_tokens({"additional_special_tokens": [*tokens, *ENDS[family]]})
    return tokenizer


def test_these_are_the_families():
    assert [family.family for family in FAMILIES] == list(TEXTS)


@pytest.mark.parametrize("family", TEXTS)
def test_the_text_is_the_familys_and_each_mark_is_one_token(family):
    tokenizer = tokenizer_of(family)
    rendered = render_infill(tokenizer, BEFORE, BEHIND)

    assert rendered.text == TEXTS[family]
    (tokens,) = (each.tokens for each in FAMILIES if each.family == family)
    numbers = tokenizer.convert_tokens_to_ids(list(tokens))
    assert [number for number in rendered.token_ids if number in numbers] == numbers
    assert (rendered.token_ids[0] == tokenizer.bos_token_id) is (family in {"DeepSeek-Coder", "Codestral"})
    assert (rendered.token_ids[-1] == numbers[-1]) is (family != "Codestral")


@pytest.mark.parametrize("family", [family for family in TEXTS if family != "Code Llama"])
def test_the_ids_are_those_that_the_tokenizer_gives_the_whole_text(family):
    tokenizer = tokenizer_of(family)
    assert list(render_infill(tokenizer, BEFORE, BEHIND).token_ids) == list(tokenizer(TEXTS[family]).input_ids)


def test_code_llamas_prefix_begins_with_a_space_of_its_tokenizers_and_the_suffix_does_not():
    tokenizer = tokenizer_of("Code Llama")
    ids = list(render_infill(tokenizer, "y", "y").token_ids)
    assert tokenizer.convert_ids_to_tokens(ids) == ["▁<PRE>", "▁y", "▁<SUF>", "y", "▁<MID>"]


@pytest.mark.parametrize("family", TEXTS)
def test_a_gap_at_the_end_of_a_program_has_an_empty_suffix(family):
    tokenizer = tokenizer_of(family)
    whole, cut = render_infill(tokenizer, BEFORE, BEHIND), render_infill(tokenizer, BEFORE, "")
    assert cut.text == whole.text.replace(BEHIND, "")


@pytest.mark.parametrize("family", TEXTS)
def test_the_familys_end_and_another_gap_end_a_completion(family):
    tokenizer = tokenizer_of(family)
    (tokens,) = (each.tokens for each in FAMILIES if each.family == family)
    assert infill_end_ids(tokenizer) == set(tokenizer.convert_tokens_to_ids([*tokens, *ENDS[family]]))


@pytest.mark.parametrize("missing", ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"])
def test_a_model_that_lacks_one_of_the_tokens_is_refused_with_the_reason(missing):
    tokenizer = byte_level_tokenizer()
    tokens = [token for token in ("<fim_prefix>", "<fim_suffix>", "<fim_middle>") if token != missing]
    tokenizer.add_special_tokens({"additional_special_tokens": tokens})
    with pytest.raises(ModelUnusable, match=r"has no tokens for a gap, such as <fim_prefix> \(StarCoder\)"):
        resolve_form("infill", tokenizer)


def test_the_form_is_only_taken_when_it_is_asked_for():
    tokenizer = tokenizer_of("StarCoder")
    assert resolve_form("infill", tokenizer) is PromptForm.INFILL
    assert resolve_form("auto", tokenizer) is PromptForm.COMPLETION
    assert template_sha256(tokenizer, PromptForm.INFILL) not in (
        "",
        template_sha256(tokenizer_of("Codestral"), PromptForm.INFILL),
    )
    rendered = render_prompt(tokenizer, BEFORE, form=PromptForm.INFILL, suffix=BEHIND)
    assert rendered == render_infill(tokenizer, BEFORE, BEHIND)


def test_a_checkpoint_without_the_tokens_is_refused_before_anything_is_generated(tiny_folder):
    with pytest.raises(ModelUnusable, match="has no tokens for a gap"):
        load_with(str(tiny_folder), prompt_form="infill", device="cpu")


def test_a_server_is_refused_without_being_asked():
    with pytest.raises(ModelUnusable, match="a server does not show the tokenizer"):
        load_with("openai:http://127.0.0.1:9/v1#none", prompt_form="infill")
