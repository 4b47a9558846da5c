"""A run folder loses nothing, mixes nothing and has one writer."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from records_made import MANIFEST, SAMPLE

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import BadRecord, RunLocked, RunMismatch, UsageError
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import (
    ImportedSampling,
    run_id_of,
)
from codecrucible.sandbox import Limits


def test_what_was_appended_is_read_back(tmp_path):
    with RunWriter(tmp_path / "run", MANIFEST) as writer:
        writer.append(SAMPLE)
        writer.append(replace(SAMPLE, sample_index=1))
    assert [sample.sample_index for sample in RunFolder(tmp_path / "run").samples()] == [0, 1]
    assert RunFolder(tmp_path / "run").manifest == MANIFEST


@pytest.mark.parametrize("torn", [b"{", b'{"problem_id": "starter/0"', b"\xff\xfe", b"x" * 200_000])
def test_a_torn_last_line_is_dropped_and_its_place_written_again(tmp_path, torn):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
    with (tmp_path / "samples.jsonl").open("ab") as file:
        file.write(torn)
    assert len(RunFolder(tmp_path).samples()) == 1
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(replace(SAMPLE, sample_index=1))
    assert len(RunFolder(tmp_path).samples()) == 2


def test_a_damaged_line_in_the_middle_is_named(tmp_path):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
    text = (tmp_path / "samples.jsonl").read_text()
    (tmp_path / "samples.jsonl").write_text("{broken\n" + text)
    with pytest.raises(BadRecord, match=r"samples\.jsonl:1: not JSON"):
        RunFolder(tmp_path).samples()


def test_a_sample_that_stands_twice_is_refused(tmp_path):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
        writer.append(SAMPLE)
    with pytest.raises(BadRecord, match=r"samples\.jsonl:2: sample 0 of starter/0"):
        RunFolder(tmp_path).samples()


def test_another_run_in_the_folder_is_refused_and_the_difference_named(tmp_path):
    with RunWriter(tmp_path, MANIFEST):
        pass
    with pytest.raises(RunMismatch, match=r"holds another run: sampling\.n is 2 there, and 1 asked for; give"):
        RunWriter(tmp_path, replace(MANIFEST, sampling=ImportedSampling(n=1)))
    assert RunFolder(tmp_path).manifest == MANIFEST


def test_the_same_run_from_another_place_goes_on(tmp_path):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
    with RunWriter(tmp_path, replace(MANIFEST, model=replace(MANIFEST.model, spec="/b", name="b"))) as writer:
        assert len(writer.folder.samples()) == 1


def test_asking_for_another_k_goes_on_and_is_remembered(tmp_path):
    with RunWriter(tmp_path, MANIFEST):
        pass
    with RunWriter(tmp_path, replace(MANIFEST, k=(1, 2))):
        pass
    assert RunFolder(tmp_path).manifest.k == (1, 2)


def test_a_second_writer_is_refused_with_the_owner(tmp_path):
    with RunWriter(tmp_path, MANIFEST), pytest.raises(RunLocked, match=f"pid {os.getpid()} on "):
        RunWriter(tmp_path, MANIFEST)
    with RunWriter(tmp_path, MANIFEST):
        pass


def test_the_lock_of_a_killed_owner_is_no_obstacle(tmp_path):
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[2]);"
        "from pathlib import Path; from records_made import MANIFEST;"
        "from codecrucible.harness.runs.folder import RunWriter;"
        "writer = RunWriter(Path(sys.argv[1]), MANIFEST); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path, Path(__file__).parents[2] / "helpers"], check=False)
    assert (tmp_path / "run.lock").exists()
    with RunWriter(tmp_path):
        pass


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"holds no run\.json"):
        RunFolder(tmp_path)
    with pytest.raises(UsageError, match="it does not exist"):
        RunWriter(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_run_folder_of_another_schema_is_refused(tmp_path):
    with RunWriter(tmp_path, MANIFEST):
        pass
    value = json.loads((tmp_path / "run.json").read_text()) | {"schema_version": 99}
    (tmp_path / "run.json").write_text(json.dumps(value))
    with pytest.raises(BadRecord, match="schema_version 99"):
        _ = RunFolder(tmp_path).manifest


def test_a_run_id_is_a_safe_file_name_and_follows_the_identity():
    one = run_id_of("../../Org/Model:x\x00\n", MANIFEST.identity())
    assert one == run_id_of("../../Org/Model:x\x00\n", MANIFEST.identity())
    assert one != run_id_of("../../Org/Model:x\x00\n", replace(MANIFEST, sampling=ImportedSampling(n=3)).identity())
    assert one != run_id_of("../../Org/Model:x\x00\n", replace(MANIFEST, extraction="raw").identity())
    assert set(one) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not one.startswith(".")


def test_a_run_with_the_other_extraction_does_not_go_on_in_the_folder(tmp_path):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
    with pytest.raises(RunMismatch, match="extraction"), RunWriter(tmp_path, replace(MANIFEST, extraction="raw")):
        pass


def test_a_run_of_before_there_was_raw_extraction_is_still_read(tmp_path):
    with RunWriter(tmp_path, MANIFEST):
        pass
    kept = json.loads((tmp_path / "run.json").read_text())
    assert kept.pop("extraction") == "auto"
    (tmp_path / "run.json").write_text(json.dumps(kept))
    assert RunFolder(tmp_path).manifest == MANIFEST


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"name": "a"}}, "field 'model': field 'spec' is missing"),
        ({"model": "a"}, "field 'model': expected a JSON object"),
        ({"adapter": {}}, "field 'adapter': field 'path' is missing"),
        ({"benchmark": {"name": "starter"}}, "field 'benchmark': field 'source' is missing"),
        ({"sampling": {"n": 2.5}}, "field 'sampling': field 'n': expected int"),
        ({"sampling": {"n": 2, "temperature": 0.0}}, "field 'sampling': temperature 0 with n = 2"),
        ({"limits": {"cpu_s": "5"}}, "field 'limits': field 'cpu_s': expected float"),
        ({"prompt": {}}, "field 'prompt': field 'form' is missing"),
        ({"problem_cpu_s": {"starter/0": None}}, r"field 'problem_cpu_s'\['starter/0'\]: expected float"),
        ({"k": []}, "field 'k': expected numbers from 1"),
        ({"earlier_n": [2]}, "field 'earlier_n': expected rising numbers from 1 to below n"),
        ({"shard": {"number": 3, "count": 2}}, "field 'shard': expected a number from 1 to its count"),
        ({"shard": {"number": 1, "count": 2}}, "field 'expected_samples': expected those of the shard"),
        ({"sandbox": {"scanners": {"python": {}}}}, "field 'sandbox.scanners': expected objects with 'scanner'"),
        ({"sandbox": {"image": []}}, "field 'sandbox': expected images as objects"),
    ],
)
def test_a_damaged_part_of_the_manifest_is_named_with_its_place(tmp_path, change, said):
    with RunWriter(tmp_path, MANIFEST):
        pass
    value = json.loads((tmp_path / "run.json").read_text()) | change
    (tmp_path / "run.json").write_text(json.dumps(value))
    with pytest.raises(BadRecord, match=rf"run\.json: {said}"):
        _ = RunFolder(tmp_path).manifest


@pytest.mark.parametrize("ids", [[], ["starter/0", "starter/0"]])
def test_a_manifest_names_each_problem_once(tmp_path, ids):
    with RunWriter(tmp_path, MANIFEST):
        pass
    value = json.loads((tmp_path / "run.json").read_text())
    value["benchmark"]["problem_ids"] = ids
    (tmp_path / "run.json").write_text(json.dumps(value))
    with pytest.raises(BadRecord, match=r"field 'benchmark\.problem_ids': expected strings, each once"):
        _ = RunFolder(tmp_path).manifest


def test_more_samples_at_another_temperature_are_another_run(tmp_path):
    with RunWriter(tmp_path, replace(MANIFEST, sampling=Sampling(n=1))):
        pass
    with pytest.raises(RunMismatch, match=r"run: sampling\.temperature is 0\.0 there, and 0\.8 asked for; give"):
        RunWriter(tmp_path, replace(MANIFEST, sampling=Sampling(n=5, temperature=0.8)))
    with RunWriter(tmp_path / "warm", replace(MANIFEST, sampling=Sampling(n=1, temperature=0.8))):
        pass
    with RunWriter(tmp_path / "warm", replace(MANIFEST, sampling=Sampling(n=5, temperature=0.8))) as writer:
        assert writer.folder.manifest.sampling.n == 5
        assert writer.folder.manifest.earlier_n == (1,)


def test_what_was_not_asked_of_a_chat_is_not_in_the_file(tmp_path):
    with RunWriter(tmp_path, MANIFEST):
        pass
    value = json.loads((tmp_path / "run.json").read_text())
    assert value["prompt"] == {"form": "completion"}
    assert value["sampling"] == {"n": 2}
    assert value["model"] == {"spec": "/a", "name": "a", "sha256": "m"}
    assert list(value["limits"]) == [*to_json(Limits()), "cpu_factor"]
    assert "refused" not in value["benchmark"]
