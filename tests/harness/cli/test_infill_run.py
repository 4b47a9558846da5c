"""Infilling benchmarks from the command line: what is recorded, and which forms are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_models import byte_level_tokenizer, tiny_llama

CRUCIBLE = Path(sys.executable).with_name("crucible")
LIGHT = "humaneval-infilling:random-span-light[:2]"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("public_data")]


@pytest.fixture(scope="module")
def infilling_folder(tmp_path_factory):
    """Checkpoint folder of a tiny model with StarCoder's tokens."""
    folder = tmp_path_factory.mktemp("infilling")
    tokenizer = byte_level_tokenizer()
    tokens = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>"]
    tokenizer.add_special_tokens({"additional_special_tokens": tokens})
    tiny_llama(vocabulary=len(tokenizer), max_position_embeddings=2048).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def generate(folder, out: Path, *more):
    arguments = ["generate", "--model", str(folder), "--device", "cpu", "-n", "1", "--max-new-tokens", "4", *more]
    return subprocess.run(
        [CRUCIBLE, *arguments, "--out", str(out)], capture_output=True, text=True, check=False, cwd=out.parent
    )


def test_a_run_records_the_form_and_its_tokens_and_its_programs_have_the_suffix(tmp_path, infilling_folder):
    done = generate(infilling_folder, tmp_path / "run", "--benchmark", LIGHT, "--prompt-form", "infill")
    assert done.returncode == 0, done.stderr
    prompt = json.loads((tmp_path / "run" / "run.json").read_text())["prompt"]
    assert (prompt["form"], prompt["infill"]) == ("infill", "<fim_prefix>PREFIX<fim_suffix>SUFFIX<fim_middle>")
    samples = [json.loads(line) for line in (tmp_path / "run" / "samples.jsonl").read_text().splitlines()]
    assert len(samples) == 2
    for sample in samples:
        before, _, behind = sample["prompt"].removeprefix("<fim_prefix>").partition("<fim_suffix>")
        behind = behind.removesuffix("<fim_middle>")
        assert sample["program"] == before + sample["completion"] + behind
        assert sample["prompt_form"] == "infill"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--benchmark", LIGHT], "has gaps to fill, and this model would be asked in the form completion"),
        (["--benchmark", "starter[:1]", "--prompt-form", "infill"], "starter[:1] has no gaps to fill"),
    ],
)
def test_a_gap_is_filled_in_its_own_form_and_nothing_else_is(tmp_path, infilling_folder, arguments, told):
    done = generate(infilling_folder, tmp_path / "run", *arguments)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert not (tmp_path / "run").exists()
