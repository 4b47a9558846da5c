"""What `load_model` takes, what it refuses, and what it records."""

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, save_adapter, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models import open as models
from codecrucible.harness.models.adapters.applying import probe
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import ModelNotFound, ModelUnsafe, ModelUnusable
from codecrucible.harness.models.requests import Request

pytestmark = pytest.mark.model


@pytest.fixture
def copy(tiny_folder, tmp_path):
    """A copy of the tiny checkpoint that a test may break."""
    return shutil.copytree(tiny_folder, tmp_path / "copy")


def edit(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_models_that_are_loaded_in_two_threads_leave_the_process_as_it_was(tmp_path, monkeypatch):
    import torch
    from transformers import PreTrainedModel

    # Whatever comes of it, the tests after this one find the process as it was.
    before = [PreTrainedModel.tie_weights, torch.linspace, sys.stdout, torch.get_default_dtype()]
    monkeypatch.setattr(PreTrainedModel, "tie_weights", before[0])
    monkeypatch.setattr(torch, "linspace", before[1])
    monkeypatch.setattr(sys, "stdout", before[2])
    tied = str(save_tiny_llama(tmp_path / "tied", tie_word_embeddings=True))
    for _ in range(5):
        together = threading.Barrier(2)

        def loaded(together=together):
            together.wait()
            return load_with(tied, device="cpu").model

        with ThreadPoolExecutor(2) as pool:
            models = [future.result() for future in [pool.submit(loaded) for _ in range(2)]]
        assert all(model.lm_head.weight is model.model.embed_tokens.weight for model in models)
        assert [PreTrainedModel.tie_weights, torch.linspace, sys.stdout, torch.get_default_dtype()] == before
    assert load_with(tied, device="cpu").facts.parameters == models[0].num_parameters()


def test_the_facts_of_a_folder_say_what_ran(tiny_folder):
    model = load_with(str(tiny_folder), device="cpu")
    facts = model.facts
    assert (facts.spec, facts.name, facts.source) == (str(tiny_folder), "tiny-llama", str(tiny_folder.resolve()))
    assert (facts.architecture, facts.context_tokens, facts.device) == ("LlamaForCausalLM", 256, "cpu")
    assert (facts.revision, facts.chat_template_sha256, facts.licence_notice) == ("", "", "")
    assert facts.parameters == sum(parameter.numel() for parameter in model.model.parameters())
    assert facts.dtype == "float32", "a float32 checkpoint keeps its precision"
    assert len(facts.sha256) == len(facts.weights_sha256) == 64
    assert facts.weight_bytes == (tiny_folder / "model.safetensors").stat().st_size
    buffers = sum(buffer.nbytes for buffer in model.model.buffers())
    assert facts.memory_bytes == 4 * facts.parameters + buffers
    assert (model.adapter, model.prompt_form, model.template_sha256) == (None, PromptForm.COMPLETION, "")


def test_the_hashes_change_with_the_files_they_are_of(tiny_folder, copy):
    facts = load_with(str(tiny_folder)).facts
    assert (load_with(str(copy)).facts.sha256, load_with(str(copy)).facts.name) == (facts.sha256, "copy")
    edit(copy / "tokenizer_config.json", chat_template=CHAT_TEMPLATE)
    chatty = load_with(str(copy))
    assert chatty.prompt_form is PromptForm.CHAT
    assert chatty.facts.chat_template_sha256
    assert chatty.template_sha256
    assert chatty.facts.sha256 != facts.sha256
    assert chatty.facts.weights_sha256 == facts.weights_sha256
    save_tiny_llama(copy, seed=1)
    assert load_with(str(copy)).facts.weights_sha256 != facts.weights_sha256


@pytest.mark.parametrize("stored", ["bfloat16", "float16", "float32"])
def test_the_type_that_was_asked_for_is_the_type_that_runs(tiny_folder, stored):
    model = load_with(str(tiny_folder), dtype=stored, device="cpu")
    assert model.facts.dtype == stored
    assert str(model.model.lm_head.weight.dtype) == f"torch.{stored}"


def test_a_float16_checkpoint_runs_in_float32_on_a_processor(copy):
    edit(copy / "config.json", dtype="float16")
    assert load_with(str(copy), device="cpu").facts.dtype == "float32"


@pytest.mark.parametrize(("bits", "layer"), [(4, "Linear4bit"), (8, "Linear8bitLt")])
def test_a_model_in_few_bits_writes_takes_an_adapter_and_says_so(tmp_path, bits, layer):
    if not find_spec("bitsandbytes"):
        assert not os.environ.get("CI"), "CI must run this test: install the extra 'quant'"
        pytest.skip("bitsandbytes is not installed; it comes with the extra 'quant'")
    base = save_tiny_llama(tmp_path / "base", hidden_size=64, initializer_range=0.1)
    lora = save_adapter(tmp_path / "lora", base)
    whole = load_with(str(base), dtype="bfloat16", device="cpu")
    few = load_with(str(base), device="cpu", bits=bits)
    assert type(few.model.model.layers[0].mlp.up_proj).__name__ == layer
    assert few.facts.dtype == f"bfloat16 in {bits} bits"
    assert few.facts.parameters == whole.facts.parameters
    assert few.facts.weight_bytes == whole.facts.weight_bytes
    assert few.facts.memory_bytes < whole.facts.memory_bytes
    sampling = Sampling(max_new_tokens=8)
    requests = [Request(problem_id=str(index), sample_index=0, prompt="def f(x):\n" * index) for index in (1, 2, 3)]
    texts = [made.completion for batch in generate(few, requests, sampling) for made in batch]
    assert len(texts) == 3
    difference = (probe(few.model, few.tokenizer) - probe(whole.model, whole.tokenizer)).abs().max()
    assert 0 < difference < 0.5 * probe(whole.model, whole.tokenizer).abs().max()
    adapted = load_with(str(base), adapter=lora, device="cpu", bits=bits)
    assert adapted.adapter.logit_difference > 0


def test_few_bits_are_asked_of_a_model_in_this_process_with_what_they_need(tiny_folder, monkeypatch):
    with pytest.raises(ModelUnusable, match="a server quantises its model itself"):
        load_with("openai:http://127.0.0.1:9/v1#m", bits=4)
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    with pytest.raises(ModelUnusable, match=r"8 bits need the extra 'quant': pip install 'codecrucible\[quant\]'"):
        load_with(str(tiny_folder), bits=8)


def test_layers_over_all_devices_are_those_of_the_processor_where_there_is_no_gpu(tiny_folder):
    import torch

    balanced, plain = (load_with(str(tiny_folder), device=device) for device in ("balanced", "cpu"))
    if not torch.cuda.is_available():
        assert balanced.facts == plain.facts
    requests = [Request(problem_id="0", sample_index=0, prompt="def f(x):\n")]
    texts = [list(generate(model, requests, Sampling(max_new_tokens=8))) for model in (balanced, plain)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("spec", "error", "said"),
    [
        ("./none", ModelNotFound, "no folder or file './none' is there, and it is no hub id"),
        ("./no/such/folder", ModelNotFound, "no folder or file './no/such/folder' is there, and it is no hub id"),
        ("model.gguf", ModelNotFound, "no folder or file 'model.gguf' is there"),
        ("bundled:gpt-9", ModelNotFound, "no bundled model is called 'gpt-9'; give one of smollm2-135m-instruct"),
        (__file__, ModelNotFound, "is a file, but no .gguf file"),
        (str(Path(__file__).parent), ModelNotFound, "holds no config.json"),
    ],
)
def test_a_name_with_nothing_behind_it_is_an_error_that_says_what_to_give(spec, error, said):
    with pytest.raises(error) as caught:
        load_with(spec)
    assert said in str(caught.value)


def test_an_adapter_is_no_model(tiny_folder, tmp_path):
    with pytest.raises(ModelUnusable, match="is an adapter; give its base with --model"):
        load_with(str(save_adapter(tmp_path / "lora", tiny_folder)))


def test_pickled_weights_are_refused_and_not_opened(copy):
    (copy / "model.safetensors").unlink()
    payload = b"cos\nsystem\n(S'touch " + os.fsencode(copy / "pytest_was_here") + b"'\ntR."
    (copy / "pytorch_model.bin").write_bytes(payload)
    with pytest.raises(ModelUnsafe, match=r"pytorch_model.bin, a pickle file.*convert it to safetensors"):
        load_with(str(copy))
    assert not (copy / "pytest_was_here").exists()


def pickled(folder):
    """The checkpoint in `folder`, with its weights in a pickle file."""
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    return folder


def test_pickled_weights_that_were_allowed_are_those_of_safetensors_and_it_is_recorded(copy, tiny_folder, capsys):
    import torch

    run = ("--benchmark", "starter[:2]", "-n", "1", "--temperature", "0", "--max-new-tokens", "4", "--quiet")
    out = ("--out", str(copy.parent / "run"))
    assert main(["generate", "--model", str(pickled(copy)), *run, *out]) == EXIT_USAGE
    assert "and give --allow-pickle" in capsys.readouterr().err
    assert main(["generate", "--model", str(copy), "--allow-pickle", *run, *out]) == EXIT_DONE
    facts = json.loads((copy.parent / "run/run.json").read_text())["model"]
    assert facts["cautions"] == ["its weights were read from pickle files"]
    assert len(facts["weights_sha256"]) == 64
    read, plain = load_with(str(copy), allow_pickle=True), load_with(str(tiny_folder), allow_pickle=True)
    assert plain.facts.cautions == ()
    assert all(map(torch.equal, read.model.state_dict().values(), plain.model.state_dict().values()))


def test_code_in_pickled_weights_does_not_run_even_then(copy):
    (copy / "model.safetensors").unlink()
    payload = b"cos\nsystem\n(S'touch " + os.fsencode(copy / "pytest_was_here") + b"'\ntR."
    (copy / "pytorch_model.bin").write_bytes(payload)
    with pytest.raises(ModelUnsafe, match="hold more than tensors"):
        load_with(str(copy), allow_pickle=True)
    assert not (copy / "pytest_was_here").exists()


def test_a_pickle_beside_safetensors_is_not_opened_either(copy):
    (copy / "pytorch_model.bin").write_bytes(b"not even a pickle")
    assert load_with(str(copy)).facts.parameters > 0


def test_code_of_the_checkpoint_does_not_run_unless_allowed(copy):
    ran = copy / "ran"
    (copy / "modeling_own.py").write_text(f"open({str(ran)!r}, 'w').close()\n")
    edit(copy / "config.json", model_type="own", auto_map={"AutoConfig": "modeling_own.OwnConfig"})
    with pytest.raises(ModelUnsafe, match="own Python code; read that code, then give --trust-remote-code"):
        load_with(str(copy))
    assert not ran.exists()


def test_missing_weights_are_an_error_and_no_random_numbers(copy):
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelUnusable, match=r"1 missing keys, such as model\.layers\.1\.mlp\.up_proj\.weight"):
        load_with(str(copy))


def test_weights_of_another_size_are_an_error(copy):
    edit(copy / "config.json", intermediate_size=80)
    with pytest.raises(ModelUnusable, match="copy"):
        load_with(str(copy))


def test_weights_cut_short_are_an_error(copy):
    whole = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelUnusable, match="fetch it again"):
        load_with(str(copy))


def test_a_broken_configuration_is_an_error(copy):
    (copy / "config.json").write_text("{")
    with pytest.raises(ModelUnusable, match=r"could not read .*config\.json"):
        load_with(str(copy))


def test_a_device_that_is_not_there_is_an_error(tiny_folder):
    with pytest.raises(ModelUnusable, match="device 'cuda:99' cannot be used"):
        load_with(str(tiny_folder), device="cuda:99")


SMALL = {"vocab_size": 600, "hidden_size": 32, "num_hidden_layers": 2}
REFUSED = {
    "t5": (
        {"vocab_size": 600, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 1, "num_heads": 4},
        "an encoder-decoder",
    ),
    "bart": (
        {"vocab_size": 600, "d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 4,
         "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48}, "an encoder-decoder",
    ),
    "mamba": (SMALL | {"state_size": 8}, "a MambaForCausalLM, which has no cache of keys and values"),
    "mamba2": (
        SMALL | {"state_size": 8, "num_heads": 8, "head_dim": 8, "n_groups": 1},
        "a Mamba2ForCausalLM, which has no cache of keys and values",
    ),
    "rwkv": (SMALL | {"attention_hidden_size": 32}, "a RwkvForCausalLM, which has no cache of keys and values"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_continue_prompts_here_is_refused_with_its_reason_before_a_run_exists(kind, tmp_path, capsys):
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM

    sizes, told = REFUSED[kind]
    config = AutoConfig.for_model(kind, **sizes)
    of_kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    of_kind.from_config(config).save_pretrained(tmp_path / "model")
    byte_level_tokenizer().save_pretrained(tmp_path / "model")
    options = ["--benchmark", "starter[:1]", "-n", "1", "--max-new-tokens", "2", "--out", str(tmp_path / "run")]
    assert main(["generate", "--model", str(tmp_path / "model"), *options]) == EXIT_USAGE
    said = capsys.readouterr().err
    assert f"is {told}" in said
    assert "--model openai:URL#NAME" in said
    assert not (tmp_path / "run").exists()


def test_a_cache_that_cannot_be_divided_by_rows_is_refused_when_the_model_is_loaded(tiny_folder, monkeypatch):
    from transformers import DynamicCache

    def refuses(self, rows):
        raise NotImplementedError("no beams")

    monkeypatch.setattr(DynamicCache, "reorder_cache", refuses)
    with pytest.raises(ModelUnusable, match=r"LlamaForCausalLM, whose cache cannot be divided by rows.*no beams"):
        load_with(str(tiny_folder), device="cpu")


def test_an_unknown_type_is_refused(tiny_folder):
    with pytest.raises(ValueError, match="dtype is 'int3'; give auto, bfloat16, float16, float32"):
        load_with(str(tiny_folder), dtype="int3")


def test_a_chat_form_without_a_template_is_refused(tiny_folder):
    with pytest.raises(ModelUnusable, match="no chat template"):
        load_with(str(tiny_folder), prompt_form="chat")


def offline(code, home):
    """What `code` prints, in a process that has no hub but the cache in `home`."""
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_hub_id_is_looked_up_at_its_revision_and_the_commit_recorded(tiny_folder, tmp_path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--someone--tiny"
    shutil.copytree(tiny_folder, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "v2").write_text(commit)
    code = (
        "from codecrucible.harness.models.open import load_model\n"
        "from codecrucible.harness.models.protocol import LoadOptions\n"
        "facts = load_model('someone/tiny', LoadOptions(revision='v2', device='cpu')).facts\n"
        "print(facts.source, facts.name, facts.revision)"
    )
    assert offline(code, tmp_path) == f"someone/tiny tiny {commit}"


def test_a_hub_that_is_out_of_reach_is_one_clear_message(tmp_path):
    code = (
        "from codecrucible.harness.models.errors import ModelNotFound\n"
        "from codecrucible.harness.models.open import load_model\n"
        "try:\n    load_model('someone/tiny')\nexcept ModelNotFound as error:\n    print(error)"
    )
    message = offline(code, tmp_path)
    assert message.startswith("'someone/tiny' is no folder here, and could not be fetched from the Hugging Face hub")
    assert message.endswith("set HF_TOKEN if it is a gated model, or give a local folder")
    assert "\n" not in message


def test_loading_prints_nothing(tiny_folder, capfd, caplog):
    with caplog.at_level(logging.INFO):
        load_with(str(tiny_folder))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
