"""The recipe for CI on a runner with an empty engine: the kept image is loaded, and runs of two builds are compared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from own_engine import own_engine

from codecrucible.benchmarks import load_benchmark
from codecrucible.sandbox.docker.images import expected_tag, find

CI = Path(__file__).parents[3] / "docs" / "ci"
BIN = Path(sys.executable).parent
STEPS = {step["name"]: step for step in yaml.safe_load((CI / "github" / "action.yml").read_text())["runs"]["steps"]}

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.usefixtures("executor"), pytest.mark.timeout(300)]


def bash(script, cwd, **environment):
    environment = os.environ | environment | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def run_of(out, home):
    problems = load_benchmark("starter[:10]").problems
    lines = [json.dumps({"task_id": each.problem_id, "completion": each.reference}) for each in problems]
    (home / "samples.jsonl").write_text("\n".join(lines))
    done = bash(f"crucible evaluate samples.jsonl --benchmark 'starter[:10]' --out {out} --quiet", home)
    assert done.returncode == 0, done.stderr


def test_the_image_is_kept_and_a_candidate_of_another_build_is_gated(tmp_path):
    run_of("base", tmp_path)
    kept = bash(STEPS["Images"]["run"], tmp_path, LANGUAGES="python")
    assert kept.returncode == 0, kept.stderr
    assert (tmp_path / "crucible-images.tar").stat().st_size
    ids = [find().id]
    with own_engine():
        loaded = bash(STEPS["Images"]["run"], tmp_path, LANGUAGES="python")
        assert loaded.returncode == 0, loaded.stderr
        ids.append(find().id)
        # As on a runner that had no kept image: the same content, built at another time.
        dockerfile = f"FROM {expected_tag()}\nLABEL codecrucible.date=2001-01-01T00:00:00+00:00\n"
        subprocess.run(["docker", "build", "-q", "-t", expected_tag(), "-"], input=dockerfile, text=True, check=True)
        ids.append(find().id)
        run_of("crucible/candidate", tmp_path)
        gate = dict.fromkeys(STEPS["Gate"]["env"], "") | {"BASELINE": "base", "ALPHA": "0.05", "MARGIN": "0.9"}
        done = bash(STEPS["Gate"]["run"], tmp_path, **gate | {"OUT": "crucible"})
    assert ids[0] == ids[1] != ids[2]
    assert done.returncode == 0, done.stderr
    built = [json.loads((tmp_path / name / "run.json").read_text()) for name in ("base", "crucible/candidate")]
    assert [each["sandbox"]["image"]["built"]["id"] for each in built] == [ids[0], ids[2]]
