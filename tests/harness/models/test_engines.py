"""Servers that a run starts itself: llama.cpp for real, and vLLM by its command line, with a real model behind it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
import tiny_gguf
from llama_cpp import NEEDED
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, save_adapter, save_tiny_llama, tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.adapters.applying import record_base
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.engines.engine import open_engine
from codecrucible.harness.models.errors import AdapterInert, AdapterMismatch, ModelNotFound, ModelUnusable
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import Request

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(240)]

HELPERS = Path(tiny_gguf.__file__).parent
# One at a time: what else is in a batch moves the last digits, and with them a token now and then.
GREEDY = Sampling(n=1, temperature=0.0, max_new_tokens=16, batch_size=1)
REQUESTS = [Request(problem_id=f"p{number}", sample_index=0, prompt=f"def f{number}(x):\n") for number in range(4)]


def program(folder, helper):
    """`folder`/PROGRAM, which runs one of the helpers, and writes down what it was given and its process."""
    path = folder / f"{helper}-program"
    paths = ":".join((str(HELPERS), *filter(None, sys.path)))
    path.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> {folder}/arguments\necho $$ >> {folder}/processes\n"
        f'PYTHONPATH={paths} exec {sys.executable} {HELPERS / helper}.py "$@"\n'
    )
    path.chmod(0o755)
    return path


@pytest.fixture
def vllm(tmp_path):
    return f"vllm={program(tmp_path, 'vllm_stand_in')}"


@pytest.fixture
def llama_server(tmp_path):
    if not find_spec("xllamacpp"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NEEDED)
    return f"llama.cpp={program(tmp_path, 'llama_cpp')}"


@pytest.fixture
def gguf(tmp_path):
    tokenizer = byte_level_tokenizer()
    return tiny_gguf.write_gguf(tmp_path / "tiny.gguf", tiny_llama(vocabulary=len(tokenizer)), tokenizer)


def opened(spec, engine, *, adapters=(None,), **options):
    return open_engine(str(spec), LoadOptions(engine=engine, **options), adapters, GREEDY, lambda _line: None)


def completions(model):
    return [each.completion for made in generate(model, REQUESTS, GREEDY) for each in made]


def in_any_order(model):
    return sorted(completions(model))


def servers(folder):
    """Those of the processes that were started that still run."""
    found = []
    for line in (folder / "processes").read_text().split():
        with suppress(ProcessLookupError):
            os.kill(int(line), 0)
            found.append(int(line))
    return found


def test_llama_cpp_that_is_started_completes_what_one_that_runs_completes(gguf, llama_server, llama_cpp, tmp_path):
    with opened(gguf, llama_server) as engine:
        assert len(servers(tmp_path)) == 1
        facts = engine.load("", LoadOptions())
        assert (facts.engine, facts.name, facts.architecture) == ("llama.cpp", "tiny", "llama")
        assert facts.weights_sha256
        assert facts.weight_bytes == gguf.stat().st_size
        assert engine.packages
        served = in_any_order(engine.adapted(None))
    assert servers(tmp_path) == []
    assert served == in_any_order(load_with(f"openai:{llama_cpp(gguf)}/v1", prompt_form="completion"))


def test_a_checkpoint_and_its_adapter_complete_behind_vllm_as_they_do_here(tiny_folder, vllm, tmp_path):
    adapter = save_adapter(tmp_path / "lora", tiny_folder)
    here = {each: load_with(str(tiny_folder), adapter=each, dtype="float32", device="cpu") for each in (None, adapter)}
    with opened(tiny_folder, vllm, adapters=(adapter, None), dtype="float32") as engine:
        for each, model in here.items():
            served = engine.adapted(each)
            assert in_any_order(served) == in_any_order(model)
            assert served.facts.sha256 == model.facts.sha256
            assert served.facts.weights_sha256 == model.facts.weights_sha256
            assert served.facts.weight_bytes == model.facts.weight_bytes
        facts = engine.adapted(adapter).adapter
        assert (facts.sha256, facts.kind) == (here[adapter].adapter.sha256, "LORA")
        assert 0 < facts.logit_difference < 20
        assert engine.adapted(None).adapter is None
        assert engine.packages == {"vllm": "1.2.3"}
    assert servers(tmp_path) == []


def test_an_adapter_that_changes_nothing_is_found_out(tiny_folder, vllm, tmp_path):
    adapter = save_adapter(tmp_path / "lora", tiny_folder, zero=True)
    with pytest.raises(AdapterInert, match="changed nothing"), opened(tiny_folder, vllm, adapters=(adapter,)):
        pass
    assert servers(tmp_path) == []


def test_an_adapter_of_other_weights_is_refused_before_a_server_starts(tiny_folder, vllm, tmp_path):
    other = save_tiny_llama(tmp_path / "other", seed=1)
    adapter = save_adapter(tmp_path / "lora", other)
    record_base(adapter, load_with(str(other), device="cpu").facts)
    with pytest.raises(AdapterMismatch), opened(tiny_folder, vllm, adapters=(adapter,)):
        pass
    assert not (tmp_path / "processes").exists()


def test_an_adapter_with_a_chat_template_of_its_own_is_refused(tiny_folder, vllm, tmp_path):
    adapter = save_adapter(tmp_path / "lora", tiny_folder)
    byte_level_tokenizer(chat_template=CHAT_TEMPLATE).save_pretrained(adapter)
    with pytest.raises(ModelUnusable, match="chat template of its own"), opened(tiny_folder, vllm, adapters=(adapter,)):
        pass


@pytest.mark.parametrize(
    ("engine", "options", "adapters", "told"),
    [
        ("tgi", {}, (None,), "no engine is called 'tgi'"),
        ("vllm", {"bits": 4}, (None,), "--4bit"),
        ("llama.cpp", {}, (Path("a"),), "takes no PEFT adapter"),
    ],
)
def test_what_an_engine_cannot_do_is_said_at_once(tiny_folder, engine, options, adapters, told):
    with pytest.raises(UsageError, match=told), opened(tiny_folder, engine, adapters=adapters, **options):
        pass


@pytest.mark.parametrize(
    ("more", "told"),
    [("--perplexity", "in this process"), ("--generators 2", "started here")],
)
def test_what_does_not_go_with_an_engine_is_refused(tiny_folder, more, told, capsys):
    assert main(f"run --model {tiny_folder} --benchmark starter[:1] --engine vllm {more} --quiet".split()) == 2
    assert told in capsys.readouterr().err


def test_a_program_that_is_not_there_is_named(tiny_folder):
    with (
        pytest.raises(ModelNotFound, match=r"/no/python.*--engine vllm=PROGRAM"),
        opened(tiny_folder, "vllm=/no/python"),
    ):
        pass


def test_a_server_that_ends_shows_the_end_of_its_log(tiny_folder, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'out of memory on the GPU'\nexit 3\n")
    broken.chmod(0o755)
    with (
        pytest.raises(ModelUnusable, match=r"(?s)code 3.*out of memory on the GPU"),
        opened(tiny_folder, f"vllm={broken}"),
    ):
        pass


def test_a_safetensors_folder_is_no_gguf_file(tiny_folder, llama_server):
    with pytest.raises(ModelUnusable, match="one GGUF file"), opened(tiny_folder, llama_server):
        pass


def test_a_run_says_which_engine_answered_and_goes_on_with_it_alone(tiny_folder, vllm, tmp_path, capsys):
    command = [
        *("generate", "--model", str(tiny_folder), "--benchmark", "starter[:3]", "--engine", vllm),
        *("-n", "1", "--temperature", "0", "--max-new-tokens", "8", "--out", str(tmp_path / "run"), "--quiet"),
    ]
    assert main(command) == 0
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (run["model"]["engine"], run["packages"]["vllm"]) == ("vllm", "1.2.3")
    assert "torch" not in run["packages"]
    assert main(command) == 0
    assert len((tmp_path / "run" / "samples.jsonl").read_text().splitlines()) == 3
    capsys.readouterr()
    here = [part for part in command if part not in ("--engine", vllm)]
    assert main(here) == 2
    assert "model" in capsys.readouterr().err
    assert "--generation-config\nvllm\n" in (tmp_path / "arguments").read_text()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_ends_its_server(tiny_folder, vllm, tmp_path, number, code):
    command = [
        *(sys.executable, str(HELPERS / "stopped_at.py"), str(int(number)), "Sample", "2"),
        *("generate", "--model", str(tiny_folder), "--benchmark", "starter", "--engine", vllm),
        *("-n", "1", "--temperature", "0", "--max-new-tokens", "8", "--out", str(tmp_path / "run")),
    ]
    assert subprocess.run(command, check=False, timeout=200).returncode == code  # its stderr is shown if not
    for _ in range(100):  # after a kill nobody waits for it
        if not servers(tmp_path):
            return
        time.sleep(0.1)
    pytest.fail("its server still runs")
