"""Checkpoints that were quantised before: what is read of them, what is refused, and what is recorded."""

import json
import os
import shutil
from importlib.util import find_spec

import pytest
from tiny_models import load_with, save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_USAGE
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.requests import Request
from codecrucible.harness.models.weights import prequantised
from codecrucible.harness.models.weights.prequantised import read_prequantised

GROUPS = {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "group_size": 64}}}


@pytest.fixture
def bitsandbytes():
    """Skip where it is not installed; in CI fail."""
    if not find_spec("bitsandbytes"):
        reason = "the extra 'quant' is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture
def quantised(tiny_folder, tmp_path):
    """A checkpoint's folder, whose configuration says of its weights what it is told."""

    def quantised(**section):
        folder = shutil.copytree(tiny_folder, tmp_path / "quantised")
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | {"quantization_config": section}))
        return str(folder)

    return quantised


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"quant_method": "gptq", "bits": 4, "group_size": 128}, "4 bits (gptq)"),
        ({"quant_method": "awq", "bits": 4, "version": "gemm"}, "4 bits (awq)"),
        ({"quant_method": "compressed-tensors", "config_groups": GROUPS}, "4 bits (compressed-tensors)"),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": GROUPS | {"group_1": {"targets": ["re:.*down_proj"], "weights": {"num_bits": 8}}},
            },
            "compressed-tensors",
        ),
        ({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": None}}}, "compressed-tensors"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "8 bits (bitsandbytes)"),
        ({"load_in_4bit": True, "load_in_8bit": False}, "4 bits (bitsandbytes)"),
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "fp8"),
        ({"quant_method": "gptq", "bits": "four"}, "gptq"),
        ({"quant_method": "gptq", "bits": [4]}, "gptq"),
    ],
)
def test_the_method_and_the_bits_are_read_from_the_configuration(section, said):
    assert str(read_prequantised({"quantization_config": section}, "m")) == said
    assert str(read_prequantised({"text_config": {"quantization_config": section}}, "m")) == said


@pytest.mark.parametrize("config", [{}, {"quantization_config": None}, {"quantization_config": {}}, {"text_config": 1}])
def test_weights_of_which_nothing_is_said_are_as_they_were_trained(config):
    assert read_prequantised(config, "m") is None


@pytest.mark.parametrize("section", ["gptq", [4], {"bits": 4}, {"quant_method": 4}, {"quant_method": ["gptq"]}])
def test_a_configuration_that_names_no_method_is_an_error(section):
    with pytest.raises(ModelUnusable, match=r"config\.json of m names no quant_method; fetch the checkpoint again"):
        read_prequantised({"quantization_config": section}, "m")


@pytest.mark.model
@pytest.mark.parametrize(
    ("section", "command"),
    [
        ({"quant_method": "gptq", "bits": 4}, "pip install gptqmodel optimum"),
        ({"quant_method": "awq", "bits": 4}, "pip install gptqmodel"),
        ({"quant_method": "compressed-tensors", "config_groups": GROUPS}, "pip install compressed-tensors"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "pip install 'codecrucible[quant]'"),
    ],
)
def test_what_reads_the_weights_and_is_not_installed_is_named_in_one_line(
    quantised, section, command, monkeypatch, capsys
):
    monkeypatch.setattr(prequantised, "find_spec", lambda name: None)
    folder = quantised(**section)
    assert main(["generate", "--model", folder, "--benchmark", "starter[:1]", "--dry-run", "--quiet"]) == EXIT_USAGE
    said = capsys.readouterr().err
    assert said == (
        f"crucible: the weights of {folder} are quantised by {section['quant_method']}, and what reads them is not "
        f"installed: {command}\n"
    )


@pytest.mark.model
def test_a_package_that_transformers_misses_is_no_broken_file(quantised):
    if find_spec("hqq"):
        pytest.skip("hqq is installed")
    with pytest.raises(ModelUnusable, match=r"HQQ .*; install or update the package that it names"):
        load_with(quantised(quant_method="hqq", quant_config={}))


@pytest.mark.model
def test_a_method_that_nothing_here_knows_is_refused_and_not_taken_for_plain_weights(quantised):
    with pytest.raises(ModelUnusable, match=r"quantised by 'int3\\n', which transformers 5\S* does not know"):
        load_with(quantised(quant_method="int3\n"))


@pytest.mark.model
def test_weights_are_not_quantised_twice(quantised, bitsandbytes):
    with pytest.raises(ModelUnusable, match=r"8 bits: the weights of .* are quantised already, by 'gptq'"):
        load_with(quantised(quant_method="gptq", bits=4), bits=8)


@pytest.mark.model
def test_a_checkpoint_is_loaded_by_its_own_configuration_and_its_bits_are_recorded(tmp_path, bitsandbytes):
    save_tiny_llama(tmp_path / "plain", hidden_size=64)  # a row is as long as one scale's block
    asked = load_with(str(tmp_path / "plain"), bits=4)
    for part in (asked.model, asked.tokenizer):
        part.save_pretrained(tmp_path / "nf4")
    own = load_with(str(tmp_path / "nf4"))
    assert (asked.facts.dtype, own.facts.dtype) == ("bfloat16 in 4 bits", "bfloat16 in 4 bits (bitsandbytes)")
    assert (own.facts.parameters, own.model.is_loaded_in_4bit) == (None, True)
    requests = [Request(problem_id="0", sample_index=0, prompt="def f(x):\n")]
    first, second = (list(generate(model, requests, Sampling(max_new_tokens=8))) for model in (asked, own))
    assert first == second


@pytest.mark.model
def test_what_a_reader_of_weights_prints_is_not_among_the_data_of_the_command(tiny_folder, monkeypatch, capsys):
    from transformers import LlamaForCausalLM

    whole = LlamaForCausalLM.__init__

    def chatty(self, config):
        print("welcome to this reader of weights")
        whole(self, config)

    monkeypatch.setattr(LlamaForCausalLM, "__init__", chatty)
    load_with(str(tiny_folder))
    assert capsys.readouterr().out == ""
