"""The instructions that ship to be trained on: each is right, in the form of the question, and no benchmark's."""

import json
from pathlib import Path

import pytest

from codecrucible.benchmarks import catalogue, check_benchmark, load_benchmark
from codecrucible.harness.finetune.preparation.decontamination import Decontamination, installed_benchmarks
from codecrucible.harness.models.prompts import chat_message

PROBLEMS = Path(__file__).with_name("demo_problems.jsonl")
INSTRUCTIONS = Path(__file__).parents[3] / "harness/finetune/demo/instructions.jsonl"


def instructions():
    return [json.loads(line) for line in INSTRUCTIONS.read_text(encoding="utf-8").splitlines()]


def test_each_row_asks_as_a_chat_model_is_asked_and_answers_with_the_whole_function_alone():
    for row, problem in zip(instructions(), load_benchmark(str(PROBLEMS)).problems, strict=True):
        signature = problem.prompt.split("\n", 1)[0]
        assert row == {
            "prompt": chat_message(problem.prompt, "python"),
            "completion": f"```python\n{signature}\n{problem.reference}```",
        }


@pytest.mark.docker
def test_every_solution_passes_its_tests_in_the_sandbox(executor):
    report = check_benchmark(load_benchmark(str(PROBLEMS)), executor)

    assert (report.problems, report.references_passed) == (287, 287)
    assert report.offenders == report.unproxiable == ()


@pytest.mark.slow
@pytest.mark.usefixtures("public_data")
def test_no_row_gives_a_problem_of_any_benchmark_away():
    found, absent = installed_benchmarks(None, training_split=False)
    releases = [entry for entry in catalogue() if entry.name.startswith("livecodebench:")]
    untested = {"cyberseceval:instruct", "cyberseceval:autocomplete"}
    assert len(found) + len(absent) == len(list(catalogue())) - len(releases) - len({"practice"} | untested)
    assert {"starter", "humaneval", "mbpp:all", "humaneval+", "mbpp+"} <= {each.name for each in found}
    decontamination = Decontamination(found)

    assert [
        hit for row in instructions() for hit in decontamination.hits(f"{row['prompt']}\n{row['completion']}")
    ] == []


def test_no_function_is_called_like_one_of_the_starter_problems():
    own = {problem.entry_point for problem in load_benchmark(str(PROBLEMS)).problems}
    assert own & {problem.entry_point for problem in load_benchmark("starter").problems} == set()
