"""Several processes train one adapter: the one that a single process would have trained."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from trainings import rows, save_data, train, weights

import codecrucible.harness
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.finetune.processes import join

pytestmark = [pytest.mark.slow, pytest.mark.model]

CONFIGURATIONS = Path(codecrucible.harness.__file__).parent / "finetune" / "accelerate"


@pytest.mark.timeout(120)
def test_two_processes_train_the_adapter_that_one_trains(tiny_folder, tmp_path):
    data = save_data(tmp_path / "data", rows(12), rows(4, start=50))
    arguments = [
        "finetune", "--model", tiny_folder, "--data", data, "--out", tmp_path / "two", "--batch", "4",
        "--max-steps", "3", "--micro-batch", "2", "--dtype", "float32", "--device", "cpu", "--rank", "4",
        "--learning-rate", "5e-3", "--dropout", "0", "--report-to", "none",
    ]  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    launch = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(port), "-m", "codecrucible"]
    done = subprocess.run(
        [sys.executable, *launch, *map(str, arguments)],
        capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("validation loss") == 1, "one of them speaks"
    assert not list(tmp_path.glob(".two*"))
    train(tiny_folder, data, tmp_path / "one", max_steps=3, dropout=0.0)
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert one.keys() == two.keys()
    assert all((one[name] - two[name]).abs().max() < 1e-5 for name in one)
    assert any("lora_B" in name and weight.abs().max() > 1e-3 for name, weight in one.items())


@pytest.mark.parametrize("path", sorted(CONFIGURATIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_accelerate_takes_each_configuration_that_is_shipped(path, monkeypatch):
    from accelerate.commands.launch import _validate_launch_command, launch_command_parser
    from accelerate.utils.launch import prepare_multi_gpu_env

    parser = launch_command_parser()
    given = ["--config_file", str(path), "--num_processes", "4", "--module", "codecrucible", "finetune"]
    options, defaults, _ = _validate_launch_command(parser.parse_args(given))
    assert options.num_processes == 4
    assert (options.multi_gpu, options.use_fsdp, options.use_deepspeed).count(True) == 1
    known = vars(parser.parse_args(["--cpu", "x.py"]))
    assert not {*defaults.fsdp_config, *defaults.deepspeed_config} - known.keys(), "a key that accelerate does not know"
    if options.use_fsdp:
        from accelerate import FullyShardedDataParallelPlugin

        for name, value in prepare_multi_gpu_env(options).items():
            monkeypatch.setenv(name, value)
        plugin = FullyShardedDataParallelPlugin()
        assert plugin.fsdp_version == 2
        assert plugin.reshard_after_forward is True
    if options.use_deepspeed:
        assert defaults.deepspeed_config["zero_stage"] == int(path.stem.removeprefix("zero"))


def test_every_kind_of_parallelism_has_its_configuration():
    assert {path.stem for path in CONFIGURATIONS.glob("*.yaml")} == {"gpus", "fsdp2", "zero2", "zero3"}


def test_layers_in_4_bits_are_not_divided(monkeypatch):
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    with pytest.raises(UsageError, match="--4bit: layers in 4 bits are not divided among GPUs"):
        join("cpu", batch=4, four_bit=True)
