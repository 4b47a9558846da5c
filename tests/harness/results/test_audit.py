"""`crucible audit` over run folders that the real commands made of completions."""

import json

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

pytestmark = [pytest.mark.docker, pytest.mark.timeout(240), pytest.mark.usefixtures("executor")]

FAILING = "    return None\n"


def make_run(home, benchmark, passes=lambda place: True, *, name="run", n=1):
    """Folder of a run whose answers to the problems at some places are the references."""
    lines = [
        json.dumps({"task_id": problem.problem_id, "completion": problem.reference if passes(place) else FAILING})
        for place, problem in enumerate(load_benchmark(benchmark).problems)
        for _ in range(n)
    ]
    (home / "samples.jsonl").write_text("\n".join(lines))
    arguments = ["--benchmark", benchmark, "--name", "m", "--out", str(home / name), "--quiet"]
    assert main(["evaluate", str(home / "samples.jsonl"), *arguments]) == EXIT_DONE
    return str(home / name)


def test_worst_of_the_versions_beside_the_nominal_prompts(tmp_path, capsys):
    nominal = make_run(tmp_path, "starter[:4]", name="nominal", n=2)
    typos = make_run(tmp_path, "starter[:4]~typos:2", lambda place: place not in (0, 2, 3), name="typos", n=2)
    rename = make_run(tmp_path, "starter[:4]~rename", name="rename", n=2)
    capsys.readouterr()
    assert main(["audit", "robustness", nominal, typos, rename, "--json"]) == EXIT_DONE
    told = json.loads(capsys.readouterr().out)
    by_kind = {each["perturbation"]: each for each in told["kinds"]}
    assert by_kind["typos"]["robust_pass_at_1"]["value"] == 0.5
    assert by_kind["typos"]["perturbed_pass_at_1"]["value"] == 0.625
    assert by_kind["typos"]["drop"]["value"] == -0.5
    assert by_kind["rename"]["drop"]["value"] == 0
    assert any("left out: a function whose name is one word" in note for note in told["notes"])
    (tmp_path / "robustness.json").write_text(json.dumps(told))
    out = ["--out", str(tmp_path / "card.json"), "--out", str(tmp_path / "card.md")]
    assert main(["card", nominal, "--audit", str(tmp_path / "robustness.json"), *out]) == EXIT_DONE
    (audit,) = json.loads((tmp_path / "card.json").read_text())["audits"]
    assert audit == told
    assert "## Results under perturbed prompts" in (tmp_path / "card.md").read_text()

    assert main(["audit", "robustness", nominal, str(tmp_path), "--format", "markdown"]) == EXIT_DONE
    assert "| typos |" in capsys.readouterr().out
    assert main(["audit", "robustness", nominal, typos, typos]) == EXIT_USAGE
    assert "are both runs of starter~typos@r1" in capsys.readouterr().err
    assert main(["audit", "robustness", typos, nominal]) == EXIT_USAGE
    assert "whose prompts are not perturbed ones" in capsys.readouterr().err
    assert main(["audit", "robustness", nominal, typos, "--seeds", "2"]) == EXIT_USAGE
    assert main(["audit", "robustness"]) == EXIT_USAGE


def test_prompts_of_another_benchmark_are_no_perturbed_ones_of_this(tmp_path, capsys):
    nominal = make_run(tmp_path, "humaneval[:1]", name="nominal")
    typos = make_run(tmp_path, "starter[:1]~typos:1", name="typos")
    assert main(["audit", "robustness", nominal, typos]) == EXIT_USAGE
    assert "is on perturbed prompts of starter[:1]" in capsys.readouterr().err


def test_twins_beside_originals_and_completions_that_are_the_reference(tmp_path, capsys):
    original = make_run(tmp_path, "starter[:4]", name="original")
    twin = make_run(tmp_path, "starter[:4]~twin", lambda place: place % 2, name="twin")
    capsys.readouterr()
    assert main(["audit", "memorisation", original, twin, "--json"]) == EXIT_DONE
    told = json.loads(capsys.readouterr().out)
    twins = len(load_benchmark("starter[:4]~twin").problems)
    assert told["pass_at_1"]["problems"] == twins
    assert (told["pass_at_1"]["baseline"], told["pass_at_1"]["candidate"] < 1) == (1.0, True)
    assert told["same_as_reference"]["original"]["same"]["value"] == 1.0
    assert told["same_as_reference"]["twin"]["same_but_for_names"]["value"] == told["pass_at_1"]["candidate"]
    (tmp_path / "twins.json").write_text(json.dumps(told))
    out = ["--out", str(tmp_path / "card.json"), "--out", str(tmp_path / "card.md")]
    assert main(["card", original, "--audit", str(tmp_path / "twins.json"), *out]) == EXIT_DONE
    (audit,) = json.loads((tmp_path / "card.json").read_text())["audits"]
    assert audit["pass_at_1"].items() <= told["pass_at_1"].items()
    assert audit["same_as_reference"]["twin"].items() <= told["same_as_reference"]["twin"].items()
    assert "## Signs of memorised problems" in (tmp_path / "card.md").read_text()

    assert main(["audit", "memorisation", original, twin]) == EXIT_DONE
    shown = capsys.readouterr().out
    assert "Completions that are the reference" in shown
    assert main(["audit", "memorisation", twin, original]) == EXIT_USAGE
    assert "which has no twins: B~twin has" in capsys.readouterr().err
    assert main(["audit", "memorisation", original, twin, "--format", "csv"]) == EXIT_DONE
    assert "same_but_for_names" in capsys.readouterr().out


@pytest.mark.model
def test_a_model_is_run_on_nominal_and_perturbed_prompts_and_the_same_command_resumes(tiny_folder, tmp_path, capsys):
    command = ["audit", "robustness", "--model", str(tiny_folder), "--benchmark", "starter[:2]", "--kinds"]
    options = [
        "--seeds",
        "2",
        "-n",
        "1",
        "--max-new-tokens",
        "4",
        "--temperature",
        "0",
        "--out",
        str(tmp_path / "audit"),
    ]
    assert main([*command, "typos,comments", *options, "--quiet", "--json"]) == EXIT_DONE
    told = json.loads(capsys.readouterr().out)
    assert [(each["perturbation"], each["versions"]) for each in told["kinds"]] == [("typos", 2), ("comments", 1)]
    assert told["greedy"]
    assert len(list((tmp_path / "audit").glob("*/run.json"))) == 3
    assert main([*command, "typos,comments", *options, "--quiet", "--json"]) == EXIT_DONE
    assert json.loads(capsys.readouterr().out) == told
    assert main([*command, "typoes", *options, "--quiet"]) == EXIT_USAGE
    assert "--kinds typoes: there are rename" in capsys.readouterr().err
