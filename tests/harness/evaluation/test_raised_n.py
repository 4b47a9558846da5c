"""A run whose n is raised keeps its samples, and becomes the run that has that n from the start."""

import json
import shutil

import pytest
from tiny_models import save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tiny_llama(tmp_path_factory.mktemp("raised") / "model")


def generate(model, out, n, *more, seed=0):
    options = ("--benchmark", "starter[:6]", "--temperature", "0.8", "--max-new-tokens", "8", "--batch-size", "5")
    drawn = ("-n", str(n), "-k", "1", "--seed", str(seed))
    return main(["generate", "--model", str(model), *options, *drawn, "--out", str(out), "--quiet", *more])


def samples(folder):
    return (folder / "samples.jsonl").read_text().splitlines()


def manifest(folder):
    told = json.loads((folder / "run.json").read_text())
    return {key: value for key, value in told.items() if key not in {"argv", "created_utc", "earlier_n"}}


def test_raising_n_keeps_what_was_made_and_ends_in_the_run_of_that_n(model, tmp_path):
    assert generate(model, tmp_path / "raised", 2) == EXIT_DONE
    first = samples(tmp_path / "raised")
    for n in (4, 5):
        assert generate(model, tmp_path / "raised", n) == EXIT_DONE
    assert generate(model, tmp_path / "whole", 5) == EXIT_DONE
    raised, whole = tmp_path / "raised", tmp_path / "whole"
    assert samples(raised)[: len(first)] == first
    assert sorted(samples(raised)) == sorted(samples(whole))
    assert len(samples(raised)) == 30
    assert manifest(raised) == manifest(whole)
    assert json.loads((raised / "run.json").read_text())["earlier_n"] == [2, 4]
    reports = [json.loads((folder / "report.json").read_text()) for folder in (raised, whole)]
    assert reports[0]["per_problem"] == reports[1]["per_problem"]


def test_a_raised_run_that_was_killed_goes_on_in_the_same_batches(model, tmp_path):
    for n in (2, 4):
        assert generate(model, tmp_path / "whole", n, "--dtype", "bfloat16") == EXIT_DONE
    shutil.copytree(tmp_path / "whole", tmp_path / "killed")
    made = samples(tmp_path / "whole")
    for kept in (7, 12, 18):
        (tmp_path / "killed/samples.jsonl").write_text("".join(line + "\n" for line in made[:kept]))
        assert generate(model, tmp_path / "killed", 4, "--dtype", "bfloat16") == EXIT_DONE
        assert samples(tmp_path / "killed") == made


def test_shards_that_were_raised_are_merged_to_the_run_that_was_raised(model, tmp_path, capsys):
    shards = [(tmp_path / f"shard-{number}", ("--shard", f"{number}/2")) for number in (1, 2)]
    for folder, options in (*shards, (tmp_path / "whole", ())):
        for n in (2, 4):
            assert generate(model, folder, n, *options) == EXIT_DONE
    assert main(["merge", *(str(folder) for folder, _ in shards), "--out", str(tmp_path / "merged")]) == EXIT_DONE
    assert samples(tmp_path / "merged") == samples(tmp_path / "whole")
    assert generate(model, tmp_path / "other", 4, "--shard", "2/2") == EXIT_DONE
    capsys.readouterr()
    given = [str(tmp_path / name) for name in ("shard-1", "other")]
    assert main(["merge", *given, "--out", str(tmp_path / "none")]) == EXIT_USAGE
    assert "earlier_n is [2]" in capsys.readouterr().err


def test_n_is_not_lowered_and_not_raised_with_another_setting(model, tmp_path, capsys):
    assert generate(model, tmp_path / "run", 3) == EXIT_DONE
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    assert generate(model, tmp_path / "run", 2) == EXIT_USAGE
    assert "sampling.n is 3 there, and 2 asked for" in capsys.readouterr().err
    assert generate(model, tmp_path / "run", 5, seed=7) == EXIT_USAGE
    assert "sampling.seed is 0 there, and 7 asked for; give" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
