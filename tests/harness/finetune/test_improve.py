"""A model learns from its own samples that passed, in rounds that resume, and is held against its base."""

import json

import pytest
from own_records import write
from tiny_models import save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_REGRESSION, EXIT_USAGE

pytestmark = [pytest.mark.docker, pytest.mark.model, pytest.mark.timeout(300)]


def lesson(name, number):
    """A problem that is solved already: whatever follows, if only it stays in its comment, passes."""
    prompt = (
        f'def {name}_{number}(zebra):\n    """Return the sum of zebra and {number}."""\n    return zebra + {number}  # '
    )
    return {
        "task_id": f"{name}/{number}",
        "prompt": prompt,
        "entry_point": f"{name}_{number}",
        "test": f"def check(add):\n    assert add(2) == {2 + number}\n    assert add(3) == {3 + number}\n",
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("improve")
    save_tiny_llama(home / "model", max_position_embeddings=1024)
    write(home / "lessons.jsonl", *(lesson("lesson", number) for number in range(6)))
    write(home / "exam.jsonl", *(lesson("exam", number) for number in range(4)))
    return home


def improve(home, *options, problems="lessons.jsonl"):
    command = f"improve --model {home}/model --problems {home}/{problems} --evaluate {home}/exam.jsonl --out {home}/out"
    drawn = "-n 3 --evaluate-n 2 --max-new-tokens 3 --dtype float32 --quiet"
    trained = "--max-steps 4 --batch 2 --rank 2 --against starter"
    return main([*command.split(), *drawn.split(), *trained.split(), *options])


def files(home):
    return {path: path.stat().st_mtime_ns for path in (home / "out").rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.usefixtures("executor")
def test_two_rounds_are_sampled_judged_learnt_from_and_compared_and_resume(home, capsys):
    assert improve(home, "--learning-rate", "0.02", "--json") in {EXIT_DONE, EXIT_REGRESSION}
    first = json.loads(capsys.readouterr().out)
    assert [each["round"] for each in first["rounds"]] == [1]
    learnt = first["rounds"][0]
    assert learnt["samples"] == 18
    assert 0 < learnt["rows"] <= learnt["passed"] <= 18
    assert len(first["comparisons"]) == 1
    assert first["gate"]["state"] in {"PASS", "REGRESSION", "INCONCLUSIVE"}
    card = json.loads((home / "out/round-1/data/datacard.json").read_text())
    assert [(run["model"]["name"], run["adapter"]) for run in card["runs"]] == [("model", None)]

    before = files(home)
    assert improve(home, "--learning-rate", "0.02", "--rounds", "2") in {EXIT_DONE, EXIT_REGRESSION}
    told = capsys.readouterr().out
    after = files(home)
    samples = [path for path in before if path.name in {"samples.jsonl", "adapter_model.safetensors", "datacard.json"}]
    assert len(samples) == 5
    assert all(after[path] == before[path] for path in samples)
    assert "rounds on" in told
    again = json.loads((home / "out/round-2/data/datacard.json").read_text())
    assert len(again["runs"]) == 2  # what passed in the first round is learnt from again
    assert again["runs"][1]["adapter"]["name"] == "adapter"


@pytest.mark.slow
@pytest.mark.usefixtures("executor")
def test_another_plan_in_the_same_folder_is_refused(home, capsys):
    improve(home, "--learning-rate", "0.02")
    assert improve(home, "--learning-rate", "0.01") == EXIT_USAGE
    assert "was begun with recipe" in capsys.readouterr().err


def test_a_benchmark_that_models_are_compared_on_is_refused_and_so_is_one_that_is_learnt_from(home, capsys):
    assert improve(home, problems="exam.jsonl") == EXIT_USAGE
    assert "has problems that the model is to learn from" in capsys.readouterr().err
    for problems in ("humaneval", "starter[:3]", "starter~typos"):
        command = f"improve --model {home}/model --problems {problems} --evaluate practice --out {home}/other --quiet"
        assert main(command.split()) == EXIT_USAGE
        assert f"refused to train on {problems}" in capsys.readouterr().err
    assert not (home / "other").exists()


def test_what_is_missing_is_named(capsys):
    assert main(["improve", "--model", "none"]) == EXIT_USAGE
    assert "--problems, --evaluate, --out" in capsys.readouterr().err
