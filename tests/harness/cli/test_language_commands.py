"""Programs of another language through the command line: a real engine, and the images the run names."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from codecrucible.harness.cli.main import main
from codecrucible.sandbox.errors import ImageBuildFailed

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.usefixtures("engine")]

COMPLETIONS = {
    "HumanEval_23_strlen": ["    echo ${#1}\n", "    echo 7\n"],
    "HumanEval_0_has_close_elements": ["    echo true; }; set() { :; }; other() { echo\n"],
}


def crucible(*arguments):
    return subprocess.run(
        [CRUCIBLE, *map(str, arguments)], capture_output=True, text=True, env=os.environ, check=False, timeout=240
    )


def build(languages):
    """Images of `languages`, or a skip where the data is not at hand."""
    folder = os.environ.get("CRUCIBLE_DATA")
    if not folder or not (Path(folder) / "multipl-e").is_dir():
        if os.environ.get("CI"):
            pytest.fail("CI must have the data: CRUCIBLE_DATA names no folder that holds multipl-e")
        pytest.skip("CRUCIBLE_DATA names no folder that holds multipl-e")
    assert crucible("sandbox", "build", "--languages", languages).returncode == 0


@pytest.fixture
def bash():
    build("python,bash")


@pytest.fixture
def cpp():
    build("python,cpp")


@pytest.fixture
def javascript():
    build("python,javascript")


def test_samples_in_bash_are_judged_and_the_run_names_their_image(bash, tmp_path):
    lines = [
        json.dumps({"task_id": problem_id, "completion": completion})
        for problem_id, completions in COMPLETIONS.items()
        for completion in completions
    ]
    samples, folder = tmp_path / "samples.jsonl", tmp_path / "run"
    samples.write_text("\n".join(lines) + "\n")
    shown = crucible("evaluate", samples, "--benchmark", "multipl-e:humaneval-sh[:25]", "--out", folder, "--json")
    report = json.loads(shown.stdout)
    verdicts = {verdict: count for verdict, count in report["verdicts"].items() if count}
    assert verdicts == {"passed": 1, "wrong_answer": 2}
    reasons = [json.loads(line)["reason"] for line in (folder / "judgements.jsonl").read_text().splitlines()]
    assert sorted(reasons) == ["assertion", "assertion", "completed"]
    assert report["codebleu"]["value"] is None
    assert report["codebleu"]["reason"] == "multipl-e:humaneval-sh[:25] has no reference solutions"
    assert (report["security"]["no_scanner"], report["security"]["scanners"]) == (3, {})
    sandbox = json.loads((folder / "run.json").read_text())["sandbox"]
    assert sandbox["families"]["script"]["toolchain"]["bash"]
    executed = (folder / "executions.jsonl").read_bytes()
    crucible("execute", folder)
    assert (folder / "executions.jsonl").read_bytes() == executed
    judged = (folder / "judgements.jsonl").read_bytes()
    crucible("scan", folder)
    crucible("judge", folder)
    assert (folder / "judgements.jsonl").read_bytes() == judged


def test_samples_in_cpp_are_scanned_and_scored_over_all_rows_and_over_live_rows(cpp, tmp_path):
    completions = {
        "HumanEval_137_compare_one": "    return b;\n",
        "HumanEval_138_is_equal_to_sum_even": '    if (n < 0) std::system("true");\n    return n >= 8 && n % 2 == 0;\n',
    }
    samples, folder = tmp_path / "samples.jsonl", tmp_path / "run"
    lines = [json.dumps({"task_id": name, "completion": text}) for name, text in completions.items()]
    samples.write_text("\n".join(lines) + "\n")
    name = "multipl-e:humaneval-cpp[134:136]"
    done = crucible("evaluate", samples, "--benchmark", name, "--out", folder, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["problems"], report["pass_at_k"]["1"]["value"]) == (2, 0.5)
    assert (report["live"]["problems"], report["live"]["pass_at_k"]["1"]["value"]) == (1, 1.0)
    (scanner,) = report["security"]["scanners"]
    assert scanner == "flawfinder " + json.loads((folder / "run.json").read_text())["sandbox"]["flawfinder"]
    assert report["security"]["scanned"] == 2
    assert report["security"]["insecure_samples"] == 1
    shown = crucible("report", folder)
    assert "1 of 2 problems cannot be passed (causes: 1 x the prompt does not compile)" in shown.stdout
    assert f"no CodeBLEU: {name} has no reference solutions" in shown.stdout
    compared = json.loads(crucible("compare", folder, folder, "--json").stdout)
    quantities = compared["comparisons"][0]["quantities"]
    assert (quantities["pass_at_1"]["baseline"], quantities["live_pass_at_1"]["baseline"]) == (0.5, 1.0)


def test_samples_in_javascript_are_scanned_and_the_run_names_the_scanner(javascript, tmp_path):
    samples, folder = tmp_path / "samples.jsonl", tmp_path / "run"
    completions = (
        "    return string.length;\n}\n",
        "    return eval(`${'string'}`).length;\n}\n",
        "    return eval(\n",
    )
    lines = [json.dumps({"task_id": "HumanEval_23_strlen", "completion": text}) for text in completions]
    samples.write_text("\n".join(lines) + "\n")
    name = "multipl-e:humaneval-js[HumanEval_23_strlen]"
    done = crucible("evaluate", samples, "--benchmark", name, "--out", folder, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    security = report["security"]
    assert report["verdicts"]["passed"] == 2
    assert (security["scanned"], security["insecure_samples"], security["unscannable"]) == (2, 1, 1)
    told = json.loads((folder / "run.json").read_text())["sandbox"]["scanners"]["javascript"]
    assert list(security["scanners"]) == [told["scanner"]] == ["eslint-plugin-security 4.1.0"]
    assert told["image"]["tag"].startswith("codecrucible-sandbox:eslint-")


@pytest.mark.parametrize("action", ["build", "doctor"])
def test_a_language_that_is_none_is_a_mistake_of_usage(action):
    refused = crucible("sandbox", action, "--languages", "bash,cobol")
    assert refused.returncode == 2
    assert "no language is called 'cobol': there are python, bash" in refused.stderr


def test_an_image_that_cannot_be_built_keeps_no_other_from_it_and_is_named_at_the_end(monkeypatch, capsys):
    def build(_progress, family, *, anew, data):
        assert not anew
        assert data
        if family.name == "script":
            raise ImageBuildFailed("no such package")
        return f"image of {family.name}"

    monkeypatch.setattr("codecrucible.sandbox.docker.images.build", build)
    assert main(["sandbox", "build", "--languages", "bash,perl"]) == 4
    shown = capsys.readouterr()
    assert shown.out == "image of perl\n"
    assert "perl, 2 of 2" in shown.err
    assert "script: no such package\n" in shown.err
    assert shown.err.endswith("not built: script\n")
