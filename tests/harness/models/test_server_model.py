"""Models behind servers: a scripted one that misbehaves, and `transformers serve` with real weights."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tiny_models import CHAT_TEMPLATE, load_with, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.benchmarks.answers.thinking import answer_of
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.chat_settings import ChatSettings
from codecrucible.harness.models.errors import GenerationFailed, ModelNotFound, ModelUnusable
from codecrucible.harness.models.requests import Request

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def asked(tmp_path):
    """Requests that the server got, without those that try what it takes."""
    entries = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    return [entry for entry in entries if entry["max_tokens"] > 1]


def requests(problems=3, n=2, stop=()):
    return [
        Request(problem_id=f"p{number}", sample_index=index, prompt=f"def f{number}():\n", stop=stop)
        for number in range(problems)
        for index in range(n)
    ]


def completions(url, wanted, *, form="completion", done=frozenset(), **sampling):
    model = load_with(f"openai:{url}#tiny", prompt_form=form)
    settings = Sampling(**{"max_new_tokens": 20, "temperature": 0.8, "n": 2} | sampling)
    lists = generate(model, wanted, settings, done=done)
    return {(each.problem_id, each.sample_index): each for made in lists for each in made}


def test_every_sample_has_a_request_and_a_seed_of_its_own(serve, tmp_path):
    found = completions(serve(), requests())
    assert set(found) == {(f"p{number}", index) for number in range(3) for index in range(2)}
    assert len({each.completion for each in found.values()}) == 6
    sent = asked(tmp_path)
    assert len({entry["seed"] for entry in sent}) == 6
    assert all((entry["top_k"], entry["repetition_penalty"], entry["temperature"]) == (-1, 1.0, 0.8) for entry in sent)
    each = found["p1", 0]
    assert (each.prompt, each.finish_reason, each.prompt_tokens, each.completion_tokens) == (
        "def f1():\n",
        "stop",
        7,
        5,
    )


def test_a_model_that_was_asked_once_can_be_asked_again(serve):
    model = load_with(f"openai:{serve()}#tiny", prompt_form="completion")
    for _ in range(2):
        assert (
            sum(map(len, generate(model, requests(problems=1), Sampling(max_new_tokens=20, temperature=0.8, n=2)))) == 2
        )


def test_what_is_done_is_not_asked_again_and_nothing_else_changes(serve, tmp_path):
    url = serve()
    whole = completions(url, requests())
    before = len(asked(tmp_path))
    rest = completions(url, requests(), done={("p0", 0), ("p2", 1)})
    assert len(asked(tmp_path)) - before == 4
    assert rest == {key: each for key, each in whole.items() if key not in {("p0", 0), ("p2", 1)}}


def test_a_chat_is_asked_for_the_whole_function_and_has_no_stop_strings(serve, tmp_path):
    found = completions(serve(), requests(problems=1, n=1, stop=("\n",)), form="chat")
    (sent,) = asked(tmp_path)
    assert sent["path"] == "/v1/chat/completions"
    assert "stop" not in sent
    assert "Answer with the whole function" in sent["messages"][0]["content"]
    assert found["p0", 0].prompt == sent["messages"][0]["content"]


def test_a_stop_string_that_the_server_overlooked_ends_the_completion(serve, tmp_path):
    found = completions(serve(text="    return 1\ndef other():\n"), requests(problems=1, n=1, stop=("\ndef",)))
    assert found["p0", 0].completion == "    return 1"
    assert asked(tmp_path)[0]["stop"] == ["\ndef"]


def test_an_answer_that_was_cut_off_says_so_and_unknown_counts_stay_unknown(serve):
    found = completions(serve(finish_reason="length", usage=False), requests(problems=1, n=1))
    each = found["p0", 0]
    assert (each.finish_reason, each.prompt_tokens, each.completion_tokens) == ("length", None, None)


def test_no_more_requests_run_at_one_time_than_were_asked_for(serve, tmp_path):
    completions(serve(hang_s=0.05), requests(problems=6), batch_size=3)
    assert max(entry["at_once"] for entry in asked(tmp_path)) == 3


def test_a_busy_server_is_asked_again_when_it_said(serve):
    started = time.monotonic()
    failures = [[429, {"Retry-After": "1"}], [503, {}], [500, {}]]
    found = completions(serve(failures=failures), requests(problems=1))
    assert len(found) == 2
    assert time.monotonic() - started > 1.0


def test_a_refusal_ends_the_run_and_names_the_sample_and_what_came_before_stands(serve):
    url = serve(failures=[[401, {}]])
    model = load_with(f"openai:{url}#tiny", prompt_form="completion")
    lists = generate(model, requests(problems=1), Sampling(max_new_tokens=20, temperature=0.8, n=2, batch_size=1))
    with pytest.raises(
        GenerationFailed, match=r"p0, sample 0: AuthenticationError.*not now.*run the same command again to resume"
    ):
        next(lists)


def test_a_run_that_the_server_ended_goes_on_with_the_same_command(serve, tmp_path):
    url = serve(failures=[[401, {}]])
    command = ["generate", "--model", f"openai:{url}#tiny", "--prompt-form", "completion", "--benchmark", "starter[:3]"]
    command = [Path(sys.executable).with_name("crucible"), *command, "-n", "2", "--batch-size", "1", "--out", "run"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 4, ended.stderr
    assert "run the same command again to resume" in ended.stderr
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert len((tmp_path / "run" / "samples.jsonl").read_text().splitlines()) == 6


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_does_not_wait_for_a_server_that_is_silent(serve, begin, tmp_path, number, code):
    url = serve(hang_s=100)
    (tmp_path / "log.jsonl").touch()
    command = ["generate", "--model", f"openai:{url}#tiny", "--prompt-form", "completion", "--benchmark", "starter[:3]"]
    command = [Path(sys.executable).with_name("crucible"), *command, "--out", "run"]
    running = begin(command, cwd=tmp_path)
    while not asked(tmp_path):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(number)
    assert running.wait(60) == code


def test_an_answer_without_a_choice_is_an_error(serve):
    url = serve(choices=0)
    with pytest.raises(GenerationFailed, match="without a choice"):
        completions(url, requests(problems=1, n=1))


def test_a_server_without_a_chat_template_is_asked_to_continue(serve):
    model = load_with(f"openai:{serve(refuses={'chat/completions': 400})}")
    assert (model.prompt_form, model.template_sha256) == (PromptForm.COMPLETION, "")
    assert load_with(f"openai:{serve()}").prompt_form is PromptForm.CHAT


def test_a_server_that_takes_no_top_k_is_asked_without_and_the_run_says_so(serve, tmp_path):
    url = serve(refuses={"top_k": 422})
    assert completions(url, requests(problems=1, n=1))
    assert "top_k" not in asked(tmp_path)[0]
    (caution,) = load_with(f"openai:{url}#tiny").facts.cautions
    assert "cannot be compared" in caution


def test_the_key_comes_from_the_environment_and_is_in_no_message(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "canary-4711")
    completions(serve(), requests(problems=1, n=1))
    assert asked(tmp_path)[0]["key"] == "Bearer canary-4711"
    with pytest.raises(ModelUnusable, match=r"who are you, Bearer \*\*\*") as refused:
        load_with(f"openai:{serve(refuses={'completions': 400})}#tiny")
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        ("openai:127.0.0.1:8000#tiny", ModelUnusable, "is no URL of a server"),
        ("openai:http://me:secret@127.0.0.1/v1#tiny", ModelUnusable, "give the key in OPENAI_API_KEY"),
        ("openai:http://127.0.0.1:9/v1#tiny", ModelNotFound, "no server answers at"),
    ],
)
def test_a_specification_that_names_no_server_is_refused(spec, error, message):
    with pytest.raises(error, match=message) as refused:
        load_with(spec)
    assert "secret" not in str(refused.value)


def test_a_name_is_needed_where_there_are_several_models(serve):
    url = serve(models=["one", "two"])
    with pytest.raises(ModelNotFound, match=r"serves 2 models; name one as .*: one, two"):
        load_with(f"openai:{url}")
    assert load_with(f"openai:{url}#two").facts.served_root == "/weights/two"


def test_an_adapter_of_a_server_is_a_model_of_its_own(tmp_path):
    with pytest.raises(ModelUnusable, match="--lora-modules"):
        load_with("openai:http://127.0.0.1:9/v1#tiny", adapter=tmp_path)


@pytest.fixture(scope="module")
def served_weights(tmp_path_factory):
    """A folder with a tiny model, and the URL of a `transformers serve` that runs it."""
    folder = save_tiny_llama(tmp_path_factory.mktemp("weights"), chat_template=CHAT_TEMPLATE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [Path(sys.executable).with_name("transformers"), "serve", str(folder), "--port", str(port)]
    log = (tmp_path_factory.mktemp("log") / "serve.log").open("w")
    process = subprocess.Popen([*command, "--device", "cpu"], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert process.poll() is None, Path(log.name).read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield folder, f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()
        log.close()


@pytest.mark.model
@pytest.mark.parametrize("form", ["completion", "chat"])
def test_a_real_server_writes_what_the_same_weights_write_here(served_weights, form):
    folder, url = served_weights
    wanted = [
        Request(problem_id=f"p{number}", sample_index=0, prompt=f"def add_{number}(a, b):\n    return")
        for number in range(3)
    ]
    greedy = Sampling(max_new_tokens=12)
    texts = [
        {each.problem_id: each.completion for made in generate(model, wanted, greedy) for each in made}
        for model in (load_with(str(folder), prompt_form=form), load_with(f"openai:{url}#{folder}", prompt_form=form))
    ]
    assert texts[0] == texts[1]
    assert all(texts[0].values())


# ---- chats that think


def chat(url, **asked):
    return load_with(f"openai:{url}#tiny", prompt_form="chat", chat=ChatSettings(**asked))


def first(model):
    ((made,),) = generate(model, requests(problems=1, n=1), Sampling(max_new_tokens=20))
    return made


def test_what_is_asked_of_a_chat_goes_to_the_server_in_its_own_fields(serve, tmp_path):
    kwargs = {"enable_thinking": False, "reasoning_effort": "low"}
    first(chat(serve(), template_kwargs=kwargs, system_prompt="Be brief.", reasoning_budget=7))
    (sent,) = asked(tmp_path)
    assert [each["role"] for each in sent["messages"]] == ["system", "user"]
    assert (sent["chat_template_kwargs"], sent["reasoning_effort"]) == (kwargs, "low")
    assert (sent["thinking_token_budget"], sent["reasoning_budget_tokens"]) == (7, 7)


def test_nothing_is_sent_that_was_not_asked_for(serve, tmp_path):
    first(chat(serve()))
    (sent,) = asked(tmp_path)
    assert not sent.keys() & {"chat_template_kwargs", "reasoning_effort", "thinking_token_budget"}
    assert len(sent["messages"]) == 1


def test_an_effort_is_asked_for_in_openais_own_field_where_the_other_is_refused(serve, tmp_path):
    first(chat(serve(refuses={"chat_template_kwargs": 400}), template_kwargs={"reasoning_effort": "high"}))
    (sent,) = asked(tmp_path)
    assert sent["reasoning_effort"] == "high"
    assert "chat_template_kwargs" not in sent


def test_what_a_server_refuses_is_never_left_out_without_a_word(serve):
    url = serve(refuses={"chat_template_kwargs": 400})
    for form in ("auto", "chat"):
        with pytest.raises(ModelUnusable, match=r"as chat_template_kwargs ask.*chat_template_kwargs\?"):
            load_with(
                f"openai:{url}#tiny", prompt_form=form, chat=ChatSettings(template_kwargs={"enable_thinking": False})
            )
    with pytest.raises(ModelUnusable, match="only a chat has that"):
        load_with(f"openai:{url}#tiny", prompt_form="completion", chat=ChatSettings(system_prompt="x"))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_a_thought_that_the_server_tells_apart_is_no_answer_and_an_answer_stands_alone(serve, name):
    draft = "```python\ndef f0():\n    return 1\n```\n"
    cut = first(chat(serve(message={"content": None, name: draft}, finish_reason="length")))
    assert cut.completion == f"<think>\n{draft}"
    assert answer_of(cut.completion).unclosed
    assert first(chat(serve(text=draft, message={name: "hm"}))).completion == draft
