"""A model in this process that thinks: its marks are kept in what is stored, and a long thought is closed."""

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, tiny_llama

from codecrucible.benchmarks.answers.thinking import answer_of
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.chat_settings import ChatSettings
from codecrucible.harness.models.detokenize import decode_after
from codecrucible.harness.models.local.thought_limit import ThoughtLimit, thought_marks
from codecrucible.harness.models.requests import Request

pytestmark = pytest.mark.model

OPENED = CHAT_TEMPLATE + "{% if add_generation_prompt %}<think>\n{% endif %}"
HARMONY = ["<|channel|>", "<|message|>", "<|start|>", "<|end|>"]
KINDS = {
    "think": (["<think>", "</think>"], "<think>\nhm\n</think>\n\n4"),
    "mistral": (["[THINK]", "[/THINK]"], "[THINK]hm[/THINK]4"),
    "seed": (["<seed:think>", "</seed:think>"], "<seed:think>hm</seed:think>4"),
    "exaone deep": (["<thought>", "</thought>"], "<thought>\nhm\n</thought>\n4"),
    "gemma": (["<|channel>", "<channel|>"], "<|channel>thought\nhm<channel|>4"),
    "command": (["<|START_THINKING|>", "<|END_THINKING|>"], "<|START_THINKING|>hm<|END_THINKING|>4"),
    "gpt-oss": (
        HARMONY,
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>4",
    ),
}


def tokenizer_with(marks, *, special=True, template=CHAT_TEMPLATE):
    tokenizer = byte_level_tokenizer(chat_template=template)
    tokenizer.add_tokens(marks, special_tokens=special)
    return tokenizer


def saved(folder, tokenizer):
    tiny_llama(vocabulary=len(tokenizer), max_position_embeddings=1024).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def writes(model, text):
    """Let the model write `text` and end, whatever it is asked."""
    ids = [*model.tokenizer(text, add_special_tokens=False).input_ids, model.tokenizer.eos_token_id]
    left = iter(ids)

    def told(_module, _arguments, logits):
        token = next(left, ids[-1])
        return logits.index_fill(-1, logits.new_tensor([token]).long(), 1e4)

    return model.model.lm_head.register_forward_hook(told)


def completion(model, text, *, max_new_tokens=200):
    hook = writes(model, text)
    requests = [Request(problem_id="p", sample_index=0, prompt="def f(x):\n")]
    ((made,),) = generate(model, requests, Sampling(max_new_tokens=max_new_tokens))
    hook.remove()
    return made


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_the_marks_of_a_thought_are_in_the_completion_and_tell_the_answer(tmp_path, kind, special):
    marks, text = KINDS[kind]
    model = load_with(saved(tmp_path / "m", tokenizer_with(marks, special=special)), dtype="float32", device="cpu")
    made = completion(model, text)
    assert made.completion == text
    assert answer_of(made.completion, prompt=made.prompt).text.strip() == "4"


def test_other_special_tokens_are_dropped_and_marks_are_those_of_a_chat_alone(tmp_path):
    tokenizer = tokenizer_with(["[THINK]", "[/THINK]"])
    folder = saved(tmp_path / "m", tokenizer)
    chat = load_with(folder, dtype="float32", device="cpu")
    plain = load_with(folder, dtype="float32", device="cpu", prompt_form="completion")
    assert completion(chat, "[THINK]a<|start|>b[/THINK]c").completion == "[THINK]ab[/THINK]c"
    assert completion(plain, "[THINK]a<|start|>b[/THINK]c").completion == "abc"
    # Without gpt-oss's channels, <|start|> and <|end|> are marks of turns.
    assert set(thought_marks(tokenizer).values()) == {"[THINK]", "[/THINK]"}
    assert set(thought_marks(tokenizer_with(HARMONY)).values()) == set(HARMONY)


def test_characters_of_several_tokens_stay_whole_beside_a_mark():
    tokenizer = tokenizer_with(["[THINK]", "[/THINK]"])
    for text in ("[THINK]☃[/THINK]日本", "☃[THINK][THINK]é", "[/THINK]" * 3000):
        ids = tokenizer(text, add_special_tokens=False).input_ids
        assert decode_after(tokenizer, (5, 6), ids, kept=thought_marks(tokenizer)) == text


def test_an_answer_that_was_cut_off_in_a_thought_that_the_prompt_opened_is_none(tmp_path):
    folder = saved(tmp_path / "m", tokenizer_with([], template=OPENED))
    made = completion(
        load_with(folder, dtype="float32", device="cpu"), "Maybe\n```python\nx = 1\n```\nso", max_new_tokens=12
    )
    assert made.prompt.endswith("<think>\n")
    assert answer_of(made.completion, prompt=made.prompt).unclosed


@pytest.mark.parametrize("budget", [0, 1, 5, 20])
@pytest.mark.parametrize("template", [CHAT_TEMPLATE, OPENED], ids=["opened by the model", "opened by the prompt"])
def test_a_thought_is_closed_by_force_once_it_has_had_its_tokens(tmp_path, budget, template):
    tokenizer = tokenizer_with(["<think>", "</think>"], template=template)
    chat = ChatSettings(reasoning_budget=budget)
    model = load_with(saved(tmp_path / "m", tokenizer), dtype="float32", device="cpu", chat=chat)
    opening = "<think>" if template == CHAT_TEMPLATE else ""
    thought = "x y z " * 30
    made = completion(model, opening + thought)
    before, found, _ = made.completion.partition("\n</think>\n\n")
    assert found
    spent = tokenizer(before.removeprefix(opening), add_special_tokens=False).input_ids
    assert len(spent) == budget
    assert thought.startswith(before.removeprefix(opening))
    assert not answer_of(made.completion, prompt=made.prompt).unclosed


def test_a_thought_within_its_budget_is_as_it_would_be_without_one(tmp_path):
    folder = saved(tmp_path / "m", tokenizer_with(["<think>", "</think>"]))
    for budget, text in (
        (50, "<think>hm</think>4 and more than fifty tokens of an answer " * 4),
        (3, "no thought at all " * 9),
    ):
        model = load_with(folder, dtype="float32", device="cpu", chat=ChatSettings(reasoning_budget=budget))
        assert completion(model, text).completion == text


def test_a_thought_of_gpt_oss_is_closed_by_its_final_channel(tmp_path):
    folder = saved(tmp_path / "m", tokenizer_with(HARMONY))
    model = load_with(folder, dtype="float32", device="cpu", chat=ChatSettings(reasoning_budget=4))
    made = completion(model, "<|channel|>analysis<|message|>" + "abc " * 40)
    assert "<|end|><|start|>assistant<|channel|>final<|message|>" in made.completion
    assert not answer_of(made.completion).unclosed


def test_a_batch_of_rows_is_closed_row_by_row_and_draws_as_it_did(tmp_path):
    folder = saved(tmp_path / "m", tokenizer_with(["<think>", "</think>"], template=OPENED))
    model = load_with(folder, dtype="float32", device="cpu", chat=ChatSettings(reasoning_budget=3))
    requests = [
        Request(problem_id=problem, sample_index=index, prompt=f"def {problem}(x):\n")
        for problem in "ab"
        for index in (0, 1)
    ]

    def texts(**more):
        sampling = Sampling(n=2, temperature=1.0, max_new_tokens=24, **more)
        return {
            (each.problem_id, each.sample_index): each.completion
            for made in generate(model, requests, sampling)
            for each in made
        }

    together = texts()
    assert all("\n</think>\n\n" in text for text in together.values())
    assert together == texts(batch_size=1)


def test_a_limit_forgets_an_opening_that_never_came():
    tokenizer = tokenizer_with(["<think>", "</think>"])
    limit = ThoughtLimit(tokenizer, "", 1)
    ids = tokenizer(
        "a long answer that opens no thought <think> at its start, and goes on", add_special_tokens=False
    ).input_ids
    assert [limit(ids[:count]) for count in range(len(ids))] == [None] * len(ids)
