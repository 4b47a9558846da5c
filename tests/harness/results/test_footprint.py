"""What a run has on record of its weights and of its speed, as `gate --retain` shows it."""

import json
from dataclasses import replace

import pytest
from records_made import MANIFEST

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.results.footprint import footprints_of
from codecrucible.harness.results.pairs import Pair
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.records import WorkSession

SESSION = WorkSession(started_utc="", wall_s=9.0, generate_s=0.0, execute_s=0.0, scan_s=0.0, score_s=0.0)


def speed_of(path, *sessions):
    """Tokens per second of a run with these seconds and tokens."""
    with RunWriter(path, replace(MANIFEST, machine={"processor": "p"})) as writer:
        for generate_s, tokens in sessions:
            writer.append(replace(SESSION, generate_s=generate_s, completion_tokens=tokens))
    pair = Pair(base=writer.folder, candidate=writer.folder, base_report=None, candidate_report=None)
    base, candidate = footprints_of([pair])
    assert (base.side, candidate.side, base.weight_bytes, base.memory_bytes) == ("baseline", "candidate", None, None)
    assert base.tokens_per_s == candidate.tokens_per_s
    return base.tokens_per_s


def test_speed_is_over_the_sessions_that_counted_their_tokens(tmp_path):
    assert speed_of(tmp_path / "resumed", (10.0, 300), (100.0, None), (0.0, 0), (20.0, 600)) == 30.0
    assert speed_of(tmp_path / "older", (10.0, None)) is None
    assert speed_of(tmp_path / "idle", (0.0, 0)) is None
    assert speed_of(tmp_path / "begun") is None


@pytest.mark.docker
@pytest.mark.model
def test_two_runs_of_one_model_show_what_fewer_bits_take(engine, tiny_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for dtype in ("float32", "bfloat16"):
        command = ["run", "--model", str(tiny_folder), "--benchmark", "starter[:2]", "-n", "2", "--temperature", "0.5"]
        more = ["--max-new-tokens", "8", "--device", "cpu", "--dtype", dtype, "--out", dtype, "--quiet"]
        assert main([*command, *more]) == EXIT_DONE
    capsys.readouterr()
    assert main(["gate", "float32", "bfloat16", "--retain", "0.9", "--json"]) == EXIT_DONE
    base, candidate = json.loads(capsys.readouterr().out)["footprints"]
    assert base["weight_bytes"] == candidate["weight_bytes"] == (tiny_folder / "model.safetensors").stat().st_size
    assert base["memory_bytes"] == pytest.approx(2 * candidate["memory_bytes"], rel=1e-3)
    assert (base["dtype"], candidate["dtype"]) == ("float32", "bfloat16")
    assert base["tokens_per_s"] > 0 < candidate["tokens_per_s"]
    samples, sessions = (
        [json.loads(line) for line in (tmp_path / "float32" / name).read_text().splitlines()]
        for name in ("samples.jsonl", "sessions.jsonl")
    )
    written, (session,) = sum(sample["completion_tokens"] for sample in samples), sessions
    assert session["completion_tokens"] == written
    assert base["tokens_per_s"] == pytest.approx(written / session["generate_s"], rel=1e-3)
    assert main(["gate", "float32", "bfloat16", "--retain", "0.9"]) == EXIT_DONE
    assert "Size and speed" in capsys.readouterr().out
