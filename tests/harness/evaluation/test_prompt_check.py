"""The look at prompts before a run: it shows what is sent, and each trap makes its warning appear, and no other."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_models import CHAT_TEMPLATE, load_with, save_tiny_llama

from codecrucible.benchmarks import Benchmark, Extraction, Problem
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.prompt_check import examine, lines_of

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.model, pytest.mark.timeout(120)]

PROBLEM = Problem(
    problem_id="own/0",
    prompt="def add(a, b):\n",
    entry_point="add",
    setup="",
    tests="assert add(1, 2) == 3\n",
    reference="    return a + b\n",
    stub="    return None\n",
    stop=("\ndef",),
)
ANSWER = "```python\ndef add(a, b):\n    return a + b\n```\n"


def benchmark(**changes):
    problems = tuple(replace(PROBLEM, problem_id=f"own/{number}", **changes) for number in range(12))
    return Benchmark(
        name="own", title="", problems=problems, source="", revision="", sha256="", licence="LicenseRef-own"
    )


def report(model, problems=None, *, asked_form="auto", **sampling):
    with Progress(quiet=True) as progress:
        return examine(
            model,
            problems or benchmark(),
            Sampling(**{"max_new_tokens": 8} | sampling),
            asked_form=asked_form,
            extraction=Extraction.AUTO,
            progress=progress,
        )


def served(serve, *, form="completion", **script):
    return load_with(f"openai:{serve(**script)}#tiny", prompt_form=form)


def test_prompts_are_shown_as_they_are_sent_with_their_last_tokens(tiny_folder):
    found = report(load_with(str(tiny_folder), dtype="float32", device="cpu"))
    assert (found.prompt_form, found.reason) == ("completion", "the tokenizer has no chat template")
    assert [prompt.problem_id for prompt in found.prompts] == ["own/0", "own/1", "own/3"]
    assert found.prompts[0].text == PROBLEM.prompt
    assert "".join(text for _, text in found.prompts[0].tail).endswith("b):\n")
    assert len(found.trials) == 8
    assert found.tokens_per_s > 0
    assert found.run_s > 0


def test_a_server_keeps_its_tokens_and_that_is_said(serve):
    found = report(served(serve, text="    return a + b\n"), temperature=0.0)
    assert found.prompts[0].tail == ()
    assert "last tokens: the server keeps them to itself" in list(lines_of(found))
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("script", "form", "told"),
    [
        ({"text": "    return a\n", "finish_reason": "length"}, "completion", "8 of 8 completions were cut off"),
        ({"text": " \n"}, "completion", "8 of 8 completions leave no program"),
        ({"text": ANSWER}, "completion", "try --prompt-form chat"),
        ({"text": "def add(a, b):\n    return a + b\n"}, "chat", "try --prompt-form completion"),
    ],
)
def test_a_trap_that_shows_in_the_completions_is_named_with_what_to_do(serve, script, form, told):
    found = report(served(serve, form=form, **script), asked_form=form, temperature=0.0)
    assert [told in warning for warning in found.warnings] == [True]
    assert found.reason == f"--prompt-form {form}"


def test_answers_with_code_are_no_trap_in_a_chat(serve):
    assert report(served(serve, form="chat", text=ANSWER), temperature=0.0).warnings == ()


def test_a_start_token_that_comes_twice_is_seen(tmp_path):
    twice = "{{ bos_token }}{{ bos_token }}" + CHAT_TEMPLATE
    model = load_with(str(save_tiny_llama(tmp_path / "m", chat_template=twice)), dtype="float32", device="cpu")
    assert any("begin with the start token twice" in warning for warning in report(model).warnings)
    once = "{{ bos_token }}" + CHAT_TEMPLATE
    model = load_with(str(save_tiny_llama(tmp_path / "n", chat_template=once)), dtype="float32", device="cpu")
    assert not any("start token" in warning for warning in report(model).warnings)


@pytest.mark.parametrize(
    ("changes", "sampling", "told"),
    [
        ({"prompt": "def add(a, b):\n    "}, {}, "12 prompts end with a space or tab"),
        ({"stop": ()}, {}, "12 problems have no stop strings"),
        ({}, {"max_new_tokens": 250}, "12 prompts leave less than --max-new-tokens 250"),
    ],
)
def test_a_trap_of_the_prompts_is_named(tiny_folder, changes, sampling, told):
    model = load_with(str(tiny_folder), dtype="float32", device="cpu")
    assert any(told in warning for warning in report(model, benchmark(**changes), **sampling).warnings)
    assert not any(told in warning for warning in report(model).warnings)


def test_hostile_text_is_shown_and_does_nothing(serve):
    text = "\x1b[2J\n::error::gone\n\u202e WARNING: not ours\r"
    found = report(served(serve, text=text), benchmark(prompt=f"# {text}\ndef add(a, b):\n"), temperature=0.0)
    shown = list(lines_of(found))
    assert all(line.isprintable() for line in shown)
    assert not any(line.startswith(("::", "WARNING: not ours")) for line in shown)


@pytest.mark.slow
def test_the_command_prints_and_writes_nothing(tiny_folder, tmp_path):
    command = [CRUCIBLE, "generate", "--model", str(tiny_folder), "--benchmark", "starter[:9]", "--max-new-tokens", "4"]
    for more, told in (([], "--- prompt of starter/0"), (["--json"], '"prompt_form": "completion"')):
        done = subprocess.run(
            [*command, "--dry-run", *more], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100
        )
        assert done.returncode == 0, done.stderr
        assert told in done.stdout
        assert not list(tmp_path.iterdir())
    assert len(json.loads(done.stdout)["trials"]) == 8


BODY = {"text": "    total = a + b\n    return total\n"}


@pytest.mark.parametrize(
    ("script", "form", "told"),
    [
        (
            BODY | {"echo": True},
            "completion",
            "8 of 8 completions begin with their own prompt: the server sends it back",
        ),
        (BODY | {"strip": True}, "completion", "8 of 8 completions begin at column 0"),
        ({"text": "return a + b\n"}, "completion", "8 of 8 completions begin at column 0"),
        ({"text": f"<think>\n{ANSWER}"}, "chat", "8 of 8 completions are a thought that never ends"),
        ({"text": f"hm\n</think>\n{ANSWER}"}, "chat", "answers close a thought that the server's template opens"),
    ],
)
def test_what_a_server_does_to_texts_and_thoughts_is_named(serve, script, form, told):
    found = report(served(serve, form=form, **script), asked_form=form, temperature=0.0)
    assert any(told in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (BODY["text"], "completion"),
        ("def plus(a, b):\n    return a + b\n", "completion"),
        ("# adds\n    return a + b\n", "completion"),
        (f"<think>\nhm\n</think>\n{ANSWER}", "chat"),
    ],
)
def test_texts_that_no_server_has_spoilt_are_no_trap(serve, text, form):
    assert report(served(serve, form=form, text=text), asked_form=form, temperature=0.0).warnings == ()


def test_a_template_that_lets_no_answer_be_seen_is_named(tmp_path):
    drops = "{% for m in messages if m['role'] == 'user' %}USER: {{ m['content'] }}\n{% endfor %}ASSISTANT:"
    folder = save_tiny_llama(tmp_path / "m", chat_template=drops, max_position_embeddings=1024)
    warnings = report(load_with(str(folder), dtype="float32", device="cpu")).warnings
    assert any("lets no answer of an assistant's be seen" in warning for warning in warnings)
