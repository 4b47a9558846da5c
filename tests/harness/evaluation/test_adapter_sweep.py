"""Several adapters over one base: loaded once, and each with the runs that it has alone."""

import json
import shutil

import pytest
from tiny_models import save_adapter, save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_USAGE
from codecrucible.harness.models.local import loading

pytestmark = pytest.mark.model
RUN = ("--benchmark", "starter[:3]", "-n", "2", "--max-new-tokens", "8", "--temperature", "0.8", "--quiet")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Folder with a base and adapters `one` and `two`, which differ."""
    from safetensors.torch import load_file, save_file

    home = tmp_path_factory.mktemp("sweep")
    save_tiny_llama(home / "base")
    save_adapter(home / "one", home / "base")
    shutil.copytree(home / "one", home / "two")
    weights = {name: -2 * tensor for name, tensor in load_file(home / "one/adapter_model.safetensors").items()}
    save_file(weights, home / "two/adapter_model.safetensors", metadata={"format": "pt"})
    return home


def generate(home, out, *adapters, dtype="float32"):
    given = [text for adapter in adapters for text in ("--adapter", str(adapter))]
    return main(["generate", "--model", str(home / "base"), *given, *RUN, "--dtype", dtype, "--out", str(out)])


def written(folder):
    rows = map(json.loads, (folder / "samples.jsonl").read_text().splitlines())
    return {(row["problem_id"], row["sample_index"]): row["completion"] for row in rows}


def identity(folder):
    manifest = json.loads((folder / "run.json").read_text())
    return {key: manifest[key] for key in ("model", "adapter", "benchmark", "prompt", "sampling")}


def test_each_adapter_has_the_run_that_it_has_alone_and_the_base_is_loaded_once(home, tmp_path, monkeypatch, capsys):
    loads, load_weights = [], loading._load_weights
    monkeypatch.setattr(
        loading, "_load_weights", lambda *given, **more: loads.append(1) or load_weights(*given, **more)
    )
    assert generate(home, tmp_path / "all", home / "one", "none", home / "two") == 0
    assert len(loads) == 1
    names = ("one-starter--3-", "starter--3-", "two-starter--3-")
    together = [tmp_path / "all" / name for name in names]
    alone = [tmp_path / name for name in ("one", "base", "two")]
    for folder, adapters in zip(alone, [(home / "one",), (), (home / "two",)], strict=True):
        assert generate(home, folder, *adapters) == 0
    assert [written(folder) for folder in together] == [written(folder) for folder in alone]
    assert [identity(folder) for folder in together] == [identity(folder) for folder in alone]
    assert written(together[0]) != written(together[1]) != written(together[2])
    before = [(folder / "samples.jsonl").read_bytes() for folder in together]
    assert generate(home, tmp_path / "all", home / "one", "none", home / "two") == 0
    assert [(folder / "samples.jsonl").read_bytes() for folder in together] == before


def test_a_head_that_was_trained_as_a_whole_does_not_stay_in_the_base(home, tmp_path):
    from peft import LoraConfig

    config = LoraConfig(target_modules=["q_proj"], modules_to_save=["lm_head"], task_type="CAUSAL_LM")
    head = save_adapter(tmp_path / "head", home / "base", config=config)
    assert generate(home, tmp_path / "all", head, "none", home / "one") == 0
    for adapter, name in ((head, "head-"), ("none", ""), (home / "one", "one-")):
        alone, together = tmp_path / f"alone {name}", tmp_path / "all" / f"{name}starter--3-"
        assert generate(home, alone, adapter) == 0
        assert written(together) == written(alone)
        assert identity(together) == identity(alone)


def test_an_adapter_that_does_not_fit_stops_the_sweep_before_anything_is_written(home, tmp_path, capsys):
    save_adapter(tmp_path / "inert", home / "base", zero=True)
    assert generate(home, tmp_path / "out", home / "one", tmp_path / "inert") == EXIT_USAGE
    assert f"the adapter {tmp_path / 'inert'} changed nothing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_adapter_that_is_given_twice_is_refused(home, tmp_path, capsys):
    assert generate(home, tmp_path / "out", home / "one", home / "one") == EXIT_USAGE
    assert "is given 2 times" in capsys.readouterr().err
