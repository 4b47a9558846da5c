"""Servers that take less than was asked, refuse a prompt for good, or answer in another shape; over real HTTP."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_models import load_with

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import GenerationFailed, ModelUnusable
from codecrucible.harness.models.requests import Request
from codecrucible.harness.models.server.answers import NoAnswer, Refusal, read_answer
from codecrucible.harness.models.server.fields import PLAIN_SAMPLING, Fields

pytestmark = pytest.mark.timeout(120)

FENCED = "```python\ndef f():\n    return 1\n```\n"
STOPS = ("\ndef", "\nclass", "\nif", "\nprint", "\n@", "\n#")


def requests(*prompts, stop=()):
    return [Request(problem_id=prompt, sample_index=0, prompt=prompt, stop=stop) for prompt in prompts]


def answers(url, wanted, *, form="chat", **sampling):
    """The model, and its generations by problem."""
    settings = Sampling(**{"max_new_tokens": 20} | sampling)
    model = load_with(f"openai:{url}#tiny", prompt_form=form, sampling=settings)
    return model, {each.problem_id: each for made in generate(model, wanted, settings) for each in made}


def asked(tmp_path):
    """Bodies of the requests for more than a first token."""
    entries = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    return [entry for entry in entries if (entry.get("max_tokens") or entry["max_completion_tokens"]) > 1]


def crucible_path():
    return Path(sys.executable).with_name("crucible")


def crucible(tmp_path, verb, url, *options, problems=3):
    command = [verb, "--model", f"openai:{url}#tiny", "--benchmark", f"starter[:{problems}]", "-n", "1", *options]
    return subprocess.run([crucible_path(), *command], cwd=tmp_path, capture_output=True, text=True, check=False)


# ---- fields


@pytest.mark.parametrize(
    ("field", "caution"),
    [
        ("seed", "takes no seed"),
        ("temperature", "takes no temperature"),
        ("top_p", "takes no top_p"),
        ("min_p", "takes no min_p"),
    ],
)
def test_a_field_that_the_server_refuses_is_left_out_alone_and_the_run_says_so(serve, tmp_path, field, caution):
    model, made = answers(serve(refuses={field: 400}, text=FENCED), requests("one"), temperature=0.8)
    assert made["one"].completion.startswith(FENCED)
    (told,) = model.facts.cautions
    assert caution in told
    wanted = {"seed", "temperature", "top_p", "max_tokens", *PLAIN_SAMPLING}
    assert wanted - asked(tmp_path)[0].keys() == {field}


def test_a_server_that_wants_max_completion_tokens_gets_them(serve, tmp_path):
    model, made = answers(serve(refuses={"max_tokens": 400}), requests("one"))
    assert made["one"].completion
    assert (asked(tmp_path)[0]["max_completion_tokens"], asked(tmp_path)[0].get("max_tokens")) == (20, None)
    assert any("max_completion_tokens" in caution for caution in model.facts.cautions)


def test_several_fields_are_given_up_one_after_another(serve, tmp_path):
    refused = ("top_k", "min_p", "repetition_penalty", "max_tokens", "seed", "temperature")
    model, made = answers(serve(refuses=dict.fromkeys(refused, 400)), requests("one"), temperature=0.8)
    assert made["one"].completion
    assert asked(tmp_path)[0].keys().isdisjoint(refused)
    assert "top_p" in asked(tmp_path)[0]
    assert len(model.facts.cautions) == 4


def test_a_field_that_a_refusal_names_among_those_that_are_taken_is_kept():
    body = {"seed": 1, "temperature": 0.8, "top_p": 1.0, "max_tokens": 1}
    assert Fields().after("Unknown field: seed; known are temperature, top_p", body) == Fields(
        refused=frozenset({"seed"})
    )
    assert Fields().after("no chat template", body) is None
    del body["temperature"]
    fixed = Fields().after("'temperature' does not support 0.8 with this model", body)
    assert fixed == Fields(refused=frozenset({"top_p"})), "it means both"
    assert Fields().after("max_completion_tokens is 5", body) is None


def test_more_stop_strings_than_the_server_takes_are_cut_here(serve, tmp_path):
    text = "    return 1\n# the end\n"
    url = serve(most_stops=4, text=text, finish_reason="length")
    model, made = answers(url, requests("def f():\n", stop=STOPS), form="completion")
    each = made["def f():\n"]
    assert (each.completion, each.finish_reason) == ("    return 1", "stop")
    assert asked(tmp_path)[0]["stop"] == list(STOPS[:4])
    assert model.facts.cautions == ("the server takes at most 4 stop strings: at the others, completions are cut here",)


def test_a_server_that_takes_no_stop_strings_is_asked_without(serve, tmp_path):
    _, made = answers(serve(refuses={"stop": 400}, text="    x\ndef g"), requests("p", stop=STOPS), form="completion")
    assert made["p"].completion == "    x"
    assert "stop" not in asked(tmp_path)[0]


# ---- prompts that are refused


def test_a_prompt_that_is_refused_for_good_is_a_sample_without_an_answer(serve, caplog):
    _, made = answers(serve(filtered=["bad"], text=FENCED), requests("good", "bad", "fine"))
    assert {name: each.no_answer for name, each in made.items()} == {"good": "", "bad": "refused", "fine": ""}
    assert (made["bad"].completion, made["good"].completion) == ("", FENCED)
    assert "refuses the prompt of bad" in caplog.text
    assert "content management policy" in caplog.text


def test_settings_that_no_prompt_is_answered_with_end_the_run(serve):
    """Asked for greedy text, the server agreed; it was not told of the temperature that comes."""
    model = load_with(f"openai:{serve(refuses_hot=True)}#tiny")
    with pytest.raises(GenerationFailed, match=r"refuses every prompt with these settings.*too hot"):
        list(generate(model, requests("one"), Sampling(max_new_tokens=20, temperature=0.8)))


def test_the_room_that_the_context_leaves_is_used(serve, tmp_path):
    url = serve(context=300)
    model = load_with(f"openai:{url}#tiny", prompt_form="completion")
    assert model.facts.context_tokens == 300
    settings = Sampling(max_new_tokens=280)
    prompts = ("x" * 100, "y" * 400, "z" * 10)
    made = {each.problem_id: each for part in generate(model, requests(*prompts), settings) for each in part}
    assert [made[prompt].max_new_tokens for prompt in prompts] == [200, 280, 280]
    assert [made[prompt].no_answer for prompt in prompts] == ["", "refused", ""]
    assert {entry["max_tokens"] for entry in asked(tmp_path)} == {280, 200}


def test_a_run_with_a_refused_prompt_ends_and_counts_it(serve, tmp_path):
    url = serve(filtered=["def add", "def is_"], text="```python\npass\n```")
    ended = crucible(tmp_path, "generate", url, "--out", "run", problems=40)
    assert ended.returncode == 0, ended.stderr
    samples = [json.loads(line) for line in (tmp_path / "run" / "samples.jsonl").read_text().splitlines()]
    assert len(samples) == 40
    refused = [each for each in samples if each["no_answer"] == "refused"]
    assert refused
    judgements = [json.loads(line) for line in (tmp_path / "run" / "judgements.jsonl").read_text().splitlines()]
    assert sum((each["verdict"], each["reason"]) == ("empty", "refused") for each in judgements) == len(refused)
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert report["no_answer"] == {"refused": len(refused)}
    told = subprocess.run([crucible_path(), "report", "run"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"{len(refused)} of 40 samples are EMPTY: the server refused the prompt" in told.stdout


# ---- shapes of answers


def test_a_content_in_parts_is_joined_and_the_run_says_so(serve):
    said = {"content": [{"type": "text", "text": FENCED[:10]}, {"type": "text", "text": FENCED[10:]}]}
    model, made = answers(serve(message=said), requests("one"))
    assert made["one"].completion == FENCED
    assert any("lists of parts" in caution for caution in model.facts.cautions)


@pytest.mark.parametrize("body", [{"error": {"message": "overloaded"}}, "<html>502</html>", {"choices": []}, "", "[1]"])
def test_what_is_no_answer_is_asked_for_again(serve, body):
    _, made = answers(serve(bodies=[body, body], text=FENCED), requests("one"))
    assert made["one"].completion == FENCED


@pytest.mark.slow
@pytest.mark.parametrize("body", [{"error": {"message": "overloaded"}}, "<html>502</html>", {"choices": None}])
def test_what_stays_no_answer_is_an_error_of_the_server(serve, tmp_path, body):
    url = serve(bodies=[body] * 10)
    with pytest.raises(GenerationFailed, match=r"one, sample 0: No(Answer|Choice): it answered with"):
        answers(url, requests("one"))


def test_a_page_in_place_of_a_server_is_told(serve):
    with pytest.raises(ModelUnusable, match="something else than a JSON object: '<html>"):
        load_with(f"openai:{serve(page='<html>hello</html>')}#tiny")


def test_an_answer_of_reasoning_alone_is_none_and_is_counted(serve, tmp_path):
    url = serve(message={"content": None, "reasoning_content": "Let me think. " + FENCED}, finish_reason="length")
    ended = crucible(tmp_path, "generate", url, "--out", "run")
    assert ended.returncode == 0, ended.stderr
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert (report["verdicts"]["empty"], report["truncated"], report["no_answer"]) == (3, 3, {"unclosed_thought": 3})


def test_a_filter_that_cuts_an_answer_is_counted(serve, tmp_path):
    ended = crucible(tmp_path, "generate", serve(text=FENCED, finish_reason="content_filter"), "--out", "run")
    assert ended.returncode == 0, ended.stderr
    assert json.loads((tmp_path / "run" / "report.json").read_text())["cautions"] == [
        "3 answers were cut by the server's filter"
    ]
    _, made = answers(serve(text="", finish_reason="content_filter"), requests("one"))
    assert made["one"].no_answer == "refused"


STREAM = "\n\n".join(
    "data: " + (json.dumps(chunk) if chunk else "[DONE]")
    for chunk in (
        {"choices": [{"delta": {"role": "assistant", "reasoning_content": "hm"}}]},
        {"choices": [{"delta": {"content": "a = "}}]},
        {"choices": [{"delta": {"content": "1"}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
        None,
    )
)


def test_a_stream_is_read_as_the_answer_that_it_is():
    answer = read_answer(STREAM)
    assert (answer.text, answer.reasoning, answer.finish_reason) == ("a = 1", "hm", "stop")
    assert (answer.prompt_tokens, answer.completion_tokens) == (3, 2)
    with pytest.raises(NoAnswer, match="breaks off"):
        read_answer(STREAM.partition('"finish_reason"')[0].rpartition("data:")[0])


@pytest.mark.parametrize(
    ("message", "text", "reasoning"),
    [
        ({}, "", ""),
        ({"content": None}, "", ""),
        ({"content": 7}, "", ""),
        ({"content": "x", "reasoning": "y"}, "x", "y"),
        ({"content": ["a", {"type": "text", "text": "b"}, {"type": "image"}, 3, {"text": None}]}, "ab", ""),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "t"}]}, {"text": "x"}]}, "x", "t"),
        ({"content": "\ud83d"}, "\ud83d", ""),
    ],
)
def test_whatever_a_message_holds_it_is_read(message, text, reasoning):
    answer = read_answer(json.dumps({"choices": [{"message": message}]}))
    assert (answer.text, answer.reasoning, answer.finish_reason) == (text, reasoning, "stop")


@pytest.mark.parametrize("usage", [None, [], {"total_tokens": 3}, {"prompt_tokens": "3"}, {"prompt_tokens": -1}])
def test_counts_that_are_none_stay_unknown(usage):
    answer = read_answer(json.dumps({"choices": [{"text": "x"}], "usage": usage}))
    assert (answer.text, answer.prompt_tokens, answer.completion_tokens) == ("x", None, None)


@pytest.mark.parametrize(
    "body",
    ["null", "3", "[]", "{}", '{"choices": [null]}', '{"choices": {}}', '{"error": "x"}', "data: <html>", "data:"],
)
def test_a_body_without_an_answer_is_none(body):
    with pytest.raises(NoAnswer):
        read_answer(body)


def test_an_error_that_says_it_is_for_good_is_a_refusal_whatever_the_status():
    with pytest.raises(Refusal, match="too long"):
        read_answer(json.dumps({"error": {"code": 400, "message": "too long"}}))
