"""What cannot be trained on rewards is told in a line, before a model is loaded."""

import pytest

from codecrucible.harness.cli import grpo
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_USAGE
from codecrucible.harness.finetune.recipe import GrpoRecipe

pytestmark = pytest.mark.model


def refused(capsys, tmp_path, *options, problems="practice"):
    command = f"finetune grpo --model none --problems {problems} --out {tmp_path}/lora --quiet"
    assert main([*command.split(), *options]) == EXIT_USAGE
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
    return said


@pytest.mark.parametrize("problems", ["humaneval", "starter[:3]", "starter~typos", "practice:held-out"])
def test_a_benchmark_that_models_are_compared_on_is_refused(capsys, tmp_path, problems):
    assert f"refused to train on {problems}" in refused(capsys, tmp_path, problems=problems)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--group", "1"], "--group 1: give 2 or more"),
        (["--temperature", "0"], "--temperature 0.0: give a number above 0"),
        (["--kl", "-1"], "--kl -1.0: give 0 or more"),
        (["--dropout", "1"], "--dropout 1.0:"),
        (["--batch", "615"], "practice has 614 problems, and a step takes 615: give fewer with --batch"),
        (["--model", "openai:http://x#y"], "cannot be trained"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(capsys, tmp_path, options, said):
    assert said in refused(capsys, tmp_path, *options)


def test_without_trl_it_says_what_to_install(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(grpo, "find_spec", lambda name: None if name == "trl" else object())
    said = refused(capsys, tmp_path)
    assert "training on rewards needs trl: pip install 'codecrucible[rl]'" in said


def test_several_processes_are_refused(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert "in several processes is not there yet" in refused(capsys, tmp_path)


def test_each_problem_comes_once_before_any_comes_again():
    import codecrucible as cc
    from codecrucible.harness.finetune.grpo import plan_steps

    problems = cc.load_benchmark("practice[:5]").problems
    recipe = GrpoRecipe(steps=5, batch=2, seed=3)
    steps = plan_steps(problems, recipe)
    assert [len(step) for step in steps] == [2] * 5
    ids = [problem.problem_id for step in steps for problem in step]
    assert sorted(ids[:5]) == sorted(ids[5:]) == sorted(problem.problem_id for problem in problems)
    assert ids[:5] != ids[5:]
    assert steps == plan_steps(problems, recipe)


@pytest.mark.parametrize(("allowed", "worth"), [(False, None), (True, 1.0)])
def test_a_pass_that_only_a_negative_control_confirms_is_left_out_unless_it_is_asked_for(tmp_path, allowed, worth):
    import codecrucible as cc
    from codecrucible.harness.evaluation.judging import Judged
    from codecrucible.harness.finetune.grpo_samples import Rollouts
    from codecrucible.sandbox import Strength

    recipe, file = GrpoRecipe(control=allowed), tmp_path / "samples.jsonl"
    rollouts = Rollouts(None, None, [], recipe, cc.Reward("starter"), file)

    def reward(verdict, strength):
        judgement = cc.Judgement(verdict=verdict, strength=strength)
        return rollouts._of(Judged(sample=None, judgement=judgement, share=None, cpu_s=None, wall_s=None))

    assert reward(cc.Verdict.PASSED, Strength.CONTROL) == worth
    assert reward(cc.Verdict.PASSED, Strength.REFEREE) == 1
    assert reward(cc.Verdict.WRONG_ANSWER, Strength.CONTROL) == 0
