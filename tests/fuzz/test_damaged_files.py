"""Files that a stranger, a crash or a bad disk changed: an error in words, in time, and never a crash.

Hypothesis damages files that are right; `make fuzz` does it many times more, and looks for what else there is.
"""

import contextlib
import hashlib
import json
import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsers import FRAME, OWN, PARSERS, SAMPLES, make_run, told

from codecrucible.benchmarks import BenchmarkError, load_benchmark, load_own
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE, HarnessError
from codecrucible.harness.evaluation.from_files import read_samples
from codecrucible.harness.finetune.encoding import read_data

#: The same few in every run of the suite; others, and as many as wanted, with `make fuzz`.
EXAMPLES = int(os.environ.get("CRUCIBLE_FUZZ_EXAMPLES", "0"))
fuzzed = settings(
    max_examples=EXAMPLES or 12,
    derandomize=not EXAMPLES,
    deadline=10_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged_bytes(draw, data):
    """`data` with bytes of it changed, cut out, put in or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = data[:start] + draw(st.binary(max_size=8) | st.just(data[start:end] * 2)) + data[end:]
    return data


@st.composite
def damaged_json(draw, value):
    """`value` with one of its parts replaced by any other, or gone."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()):
            return {**value, key: draw(damaged_json(value[key]))}
        return {name: each for name, each in value.items() if name != key}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], draw(damaged_json(value[place])), *value[place + 1 :]]
    return draw(ANY_JSON)


@st.composite
def damaged_lines(draw, data):
    """The JSON lines of `data` with one of them damaged, in its bytes or its meaning."""
    if draw(st.booleans()):
        return draw(damaged_bytes(data))
    lines = data.decode().splitlines()
    place = draw(st.integers(0, len(lines) - 1))
    lines[place] = json.dumps(draw(damaged_json(json.loads(lines[place]))))
    return "".join(f"{line}\n" for line in lines).encode()


@fuzzed
@given(data=damaged_lines(SAMPLES))
def test_a_damaged_file_of_samples_is_read_or_refused(tmp_path, data):
    (tmp_path / "samples.jsonl").write_bytes(data)
    with contextlib.suppress(HarnessError):
        read_samples(tmp_path / "samples.jsonl", load_benchmark("starter[:3]"))


@fuzzed
@given(data=damaged_lines(OWN))
def test_a_damaged_benchmark_is_read_or_refused(tmp_path, data):
    (tmp_path / "own.jsonl").write_bytes(data)
    with contextlib.suppress(BenchmarkError):
        load_own(tmp_path / "own.jsonl")


@fuzzed
@given(data=damaged_bytes(FRAME))
def test_a_damaged_frame_is_an_answer_or_refused(data):
    PARSERS["frames"][0](data)


@fuzzed
@given(data=st.data())
def test_a_damaged_folder_of_training_data_is_read_or_refused(tmp_path, data):
    row = {"prompt": "a", "completion": "b", "origin": "here"}
    text = json.dumps(row).encode() + b"\n"
    files = {"train.jsonl": text, "validation.jsonl": text}
    digest = {name: {"rows": 1, "sha256": hashlib.sha256(text).hexdigest()} for name in files}
    files["datacard.json"] = json.dumps({"schema": 1, "files": digest}).encode()
    damaged = data.draw(st.sampled_from(sorted(files)))
    files[damaged] = data.draw(damaged_lines(files[damaged]))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with contextlib.suppress(HarnessError):
        read_data(tmp_path)


@pytest.fixture(scope="module")
def run(executor, tmp_path_factory):
    """A run folder with everything in it."""
    return make_run(tmp_path_factory.mktemp("damaged"))


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize(
    "name",
    ["run.json", "samples.jsonl", "executions.jsonl", "findings.jsonl", "judgements.jsonl", "sessions.jsonl",
     "report.json"],
)  # fmt: skip
@fuzzed
@given(data=st.data())
def test_a_damaged_run_folder_is_reported_on_or_refused(run, tmp_path, name, data):
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(run, folder)
    content = (folder / name).read_bytes()
    if name.endswith(".json"):
        value = json.dumps(data.draw(damaged_json(json.loads(content)))).encode()
        content = value if data.draw(st.booleans()) else data.draw(damaged_bytes(content))
    else:
        content = data.draw(damaged_lines(content))
    (folder / name).write_bytes(content)
    for command in (
        ("report", folder),
        ("judge", folder),
        ("compare", run, folder, "--allow-mismatch"),
        ("gate", run, folder),
    ):
        code, said = told(*command)
        assert "internal error" not in said, (command[0], said)
        assert code in range(6)


def test_a_line_of_ten_megabytes_is_reported_on_and_kept_and_the_page_stays_small(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")  # nothing of it is executed
    long = "    return '" + "\u202e<script>=1|\\" * (10 << 16) + "'\n"
    (tmp_path / "s.jsonl").write_text(json.dumps({"task_id": "starter/0", "completion": long}) + "\n")
    run = str(tmp_path / "run")
    given = ["--benchmark", "starter[:1]", "--prompt-form", "completion", "--out", run, "--quiet"]
    assert main(["evaluate", str(tmp_path / "s.jsonl"), *given]) == EXIT_FAILURE
    assert main(["report", run, "--format", "markdown", "--html", str(tmp_path / "page.html")]) == EXIT_DONE
    assert len(capsys.readouterr().out) < 10_000
    assert (tmp_path / "page.html").stat().st_size < 1 << 20
    assert json.loads((tmp_path / "run/samples.jsonl").read_text())["completion"] == long
