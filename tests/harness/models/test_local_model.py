"""Completions of a tiny random Llama, float32, through the whole of the generating code."""

import json
import random
import shutil
from dataclasses import replace

import pytest
from tiny_models import CHAT_TEMPLATE, load_with, save_tiny_llama

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.requests import Request

pytestmark = pytest.mark.model

PROMPTS = {
    "add": "def add(a, b):\n",
    "last": 'def last(items):\n    """Return the last item."""\n',
    "f": "def f(x):\n",
    "empty": "",
}


@pytest.fixture(scope="module")
def model(tiny_folder):
    return load_with(str(tiny_folder), dtype="float32", device="cpu")


def requests(n=1, *, stop=()):
    return [
        Request(problem_id=problem_id, sample_index=index, prompt=prompt, stop=stop)
        for problem_id, prompt in PROMPTS.items()
        for index in range(n)
    ]


def completions(model, wanted, **sampling):
    options = {"max_new_tokens": 24} | sampling
    return {
        (each.problem_id, each.sample_index): each
        for batch in generate(model, wanted, Sampling(**options))
        for each in batch
    }


def texts(found):
    return {name: each.completion for name, each in found.items()}


@pytest.mark.parametrize(
    "sampling", [{}, {"temperature": 0.9, "top_p": 0.95, "n": 3, "seed": 7}], ids=["greedy", "drawn"]
)
def test_a_completion_does_not_depend_on_batch_order_or_resume(model, sampling):
    wanted = requests(sampling.get("n", 1))
    whole = texts(completions(model, wanted, **sampling))
    one_by_one = texts(completions(model, wanted, batch_size=1, **sampling))
    shuffled = random.Random(3).sample(wanted, len(wanted))  # noqa: S311  # an order, no secret
    resumed = texts(completions(model, shuffled[: len(wanted) // 2], batch_size=3, **sampling)) | texts(
        completions(model, shuffled[len(wanted) // 2 :], batch_size=5, **sampling)
    )
    assert whole == one_by_one == resumed


def test_samples_of_a_problem_differ_and_so_do_seeds(model):
    found = texts(completions(model, requests(4), temperature=1.0, n=4))
    assert len({found["add", index] for index in range(4)}) == 4
    assert found != texts(completions(model, requests(4), temperature=1.0, n=4, seed=1))


def test_a_completion_is_what_the_tokens_say_and_its_numbers_are_right(model):
    found = completions(model, requests())["add", 0]
    assert found.prompt == PROMPTS["add"]
    assert found.prompt_tokens == len(model.tokenizer(PROMPTS["add"]).input_ids)
    assert (found.finish_reason, found.completion_tokens, found.max_new_tokens) == ("length", 24, 24)
    assert found.completion


def test_every_row_ends_at_its_own_stop_string_and_without_it(model):
    whole = texts(completions(model, requests()))
    stops = {name: text[5:8] for name, text in whole.items()}
    assert len(set(stops.values())) > 1
    wanted = [replace(request, stop=("never seen", stops[request.problem_id, 0])) for request in requests()]
    found = completions(model, wanted)
    for name, each in found.items():
        assert each.completion == whole[name][: whole[name].index(stops[name])]
        assert each.finish_reason == "stop"
        assert each.completion_tokens < 24


def saved_with(tiny_folder, folder, **generation_config):
    shutil.copytree(tiny_folder, folder)
    (folder / "generation_config.json").write_text(json.dumps(generation_config))
    return load_with(str(folder), dtype="float32", device="cpu")


def test_every_end_token_of_the_checkpoint_ends_a_row_and_is_no_text(model, tiny_folder, tmp_path):
    prompt_ids = model.tokenizer(PROMPTS["add"], return_tensors="pt").input_ids
    written = model.model.generate(prompt_ids, max_new_tokens=24, do_sample=False)[0, prompt_ids.shape[1] :].tolist()
    end = next(token for place, token in enumerate(written) if place > 3 and written.index(token) == place)
    ending = saved_with(tiny_folder, tmp_path / "ending", eos_token_id=[1, end])
    found = completions(ending, requests())["add", 0]
    assert found.finish_reason == "stop"
    assert found.completion_tokens == written.index(end) + 1
    assert found.completion == model.tokenizer.decode(written[: written.index(end)])


def test_the_sampling_settings_of_the_checkpoint_do_not_leak(model, tiny_folder, tmp_path):
    leaky = {"top_k": 1, "temperature": 0.01, "repetition_penalty": 5.0, "do_sample": True, "max_length": 3}
    other = saved_with(tiny_folder, tmp_path / "leaky", eos_token_id=1, **leaky)
    for sampling in ({}, {"temperature": 1.0, "n": 2}):
        wanted = requests(sampling.get("n", 1))
        assert texts(completions(other, wanted, **sampling)) == texts(completions(model, wanted, **sampling))


def test_a_prompt_near_the_end_of_the_context_gets_what_is_left(model):
    prompt = "x " * 125
    left = model.facts.context_tokens - len(model.render(prompt).token_ids)
    assert 0 < left < 24
    found = completions(model, [*requests(), Request(problem_id="long", sample_index=0, prompt=prompt)])["long", 0]
    assert found.max_new_tokens == found.completion_tokens == left
    assert found.finish_reason == "length"


@pytest.fixture(scope="module")
def chatty(tmp_path_factory):
    folder = save_tiny_llama(tmp_path_factory.mktemp("chatty") / "tiny-chat", chat_template=CHAT_TEMPLATE)
    return load_with(str(folder), dtype="float32", device="cpu")


def test_stop_strings_do_not_cut_a_chat_answer(chatty):
    whole = texts(completions(chatty, requests()))
    wanted = requests(stop=tuple({text[3:5] for text in whole.values()}))
    assert texts(completions(chatty, wanted)) == whole


def test_the_end_of_a_turn_ends_a_chat_answer(chatty):
    # The checkpoint names </s> alone; that <|end|> ends an answer is in the template.
    end = chatty.tokenizer.convert_tokens_to_ids("<|end|>")
    biased = chatty.model.lm_head.register_forward_hook(
        lambda _module, _args, logits: logits.index_fill(-1, logits.new_tensor([end]).long(), 1e4)
    )
    found = completions(chatty, requests())["add", 0]
    biased.remove()
    assert (found.completion, found.finish_reason, found.completion_tokens) == ("", "stop", 1)


def test_a_batch_too_large_for_the_memory_is_done_in_smaller_ones(model):
    import torch

    batch_sizes = []

    def small_memory(_module, _args, kwargs):
        batch_sizes.append(len(kwargs["input_ids"]))
        if batch_sizes[-1] > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")

    wanted = requests(2)
    expected = texts(completions(model, wanted, temperature=1.0, n=2))
    hook = model.model.register_forward_pre_hook(small_memory, with_kwargs=True)
    found = texts(completions(model, wanted, temperature=1.0, n=2))
    hook.remove()
    assert found == expected
    assert 4 <= batch_sizes[0] <= 8
