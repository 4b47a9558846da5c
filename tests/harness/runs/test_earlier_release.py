"""A run folder of release 0.1.0 is read, is still the same run, and gets the numbers that release gave it.

tests/data/run-of-0.1.0 is as that release's code wrote it; its `code_version` is that of the metadata that were
installed beside the code.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from codecrucible.benchmarks import job_for, load_benchmark
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.results.report import benchmark_of, make_report
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import run_id_of
from codecrucible.harness.runs.records import image_id_of, job_sha256
from codecrucible.sandbox import Limits

KEPT = Path(__file__).parents[3] / "tests/data/run-of-0.1.0"


@pytest.fixture
def folder(tmp_path):
    return RunFolder(shutil.copytree(KEPT, tmp_path / "run"))


def held_by(old, new, place="report"):
    """Check that `new` has all that `old` has, with the same values."""
    if isinstance(old, dict):
        assert old.keys() <= new.keys(), f"{place}: {old.keys() - new.keys()} are gone"
        for key, value in old.items():
            held_by(value, new[key], f"{place}.{key}")
    elif isinstance(old, list):
        assert len(old) == len(new), place
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            held_by(one, other, f"{place}[{number}]")
    else:
        assert old == new, place


def test_the_report_has_every_number_that_the_earlier_release_gave(folder):
    old = json.loads((KEPT / "report.json").read_text())
    (folder.path / "report.json").unlink()
    make_report(folder, benchmark_of(folder.manifest))
    assert old["samples"] == 18
    held_by(old, json.loads((folder.path / "report.json").read_text()))


def test_the_run_is_the_same_run_and_its_facts_are_typed(folder):
    manifest = folder.manifest
    assert manifest.run_id == "smollm2-135m-instruct-starter--6--n3-c376d69053"
    label = f"{manifest.model.name}-{manifest.benchmark.name}-n{manifest.sampling.n}"
    assert run_id_of(label, manifest.identity()) == manifest.run_id
    assert isinstance(manifest.model, CheckpointFacts)
    measured = replace(manifest.model, weight_bytes=1, memory_bytes=2)
    assert replace(manifest, model=measured).identity() == manifest.identity()
    assert manifest.sampling == Sampling(n=3, temperature=0.8, top_p=0.95, max_new_tokens=120)


def test_going_on_with_the_run_changes_nothing_that_was_on_record(folder):
    before = json.loads((KEPT / "run.json").read_text())
    manifest = folder.manifest
    assert to_json(manifest).items() >= before.items()
    with RunWriter(folder.path, replace(manifest, k=(1, 2))):
        pass
    after = json.loads((folder.path / "run.json").read_text())
    assert after == to_json(manifest) | {"k": [1, 2]}
    assert [name for name in after if name in before] == list(before)


def test_what_was_executed_is_known_by_the_same_hash():
    samples, executions = (
        [json.loads(line) for line in (KEPT / name).read_text().splitlines()]
        for name in ("samples.jsonl", "executions.jsonl")
    )
    run = json.loads((KEPT / "run.json").read_text())
    limits = Limits(**{name: value for name, value in run["limits"].items() if name != "cpu_factor"})
    problems = {problem.problem_id: problem for problem in load_benchmark("starter").problems}
    programs = {sample["program_sha256"]: sample["program"] for sample in samples}
    image_id = image_id_of(run["sandbox"])
    for line in executions:
        job = job_for(problems[line["problem_id"]], programs[line["program_sha256"]], limits=limits)
        assert job_sha256(job, image_id) == line["job_sha256"]
