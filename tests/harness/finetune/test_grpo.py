"""An adapter is trained on the verdicts of the model's own samples, drawn and judged as evaluations do."""

import csv
import json
from collections import Counter
from dataclasses import replace

import pytest
from own_records import write
from tiny_models import load_with, save_tiny_llama
from trainings import weights

import codecrucible as cc
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE, RunMismatch, SamplesMissing
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.finetune.recipe import GrpoRecipe
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.protocol import LoadOptions

pytestmark = [pytest.mark.docker, pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(300)]

RECIPE = GrpoRecipe(
    steps=3, batch=2, group=4, max_new_tokens=16, learning_rate=5e-3, rank=2, preset="all-linear", seed=1
)


def lesson(number):
    """Whatever follows passes, if it stays in its comment: a model without any training passes some of the time."""
    name = f"add_{number}"
    return {
        "task_id": f"lesson/{number}",
        "prompt": f'def {name}(x):\n    """Return the sum of x and {number}."""\n    return x + {number}  # ',
        "entry_point": name,
        "test": f"def check(add):\n    assert add(2) == {2 + number}\n    assert add(3) == {3 + number}\n",
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("grpo")
    save_tiny_llama(home / "model")
    write(home / "lessons.jsonl", *(lesson(number) for number in range(4)))
    return home


def train(home, out, recipe=RECIPE, *, problems=None):
    from codecrucible.harness.finetune.grpo import train_on_rewards

    with Progress(quiet=True) as progress:
        return train_on_rewards(
            str(home / "model"), benchmark=problems or cc.load_benchmark(str(home / "lessons.jsonl")), out=home / out,
            recipe=recipe, micro_batch=4, workers=1, report_to="none", progress=progress,
            options=LoadOptions(dtype="float32", device="cpu"),
        )  # fmt: skip


@pytest.fixture(scope="module")
def whole(executor, home):
    """What an undisturbed training has on record."""
    return train(home, "whole")


def lines(folder):
    return [json.loads(line) for line in (folder / "samples.jsonl").read_text().splitlines()]


def test_the_rewards_are_the_verdicts_of_the_samples_and_the_curves_their_means(home, whole):
    samples = lines(home / "whole")
    assert len(samples) == 3 * 2 * 4
    records = [{"task_id": each["problem_id"], "completion": each["completion"]} for each in samples]
    judged = cc.judge(records, str(home / "lessons.jsonl"), form=cc.PromptForm.COMPLETION).samples
    assert list(judged["verdict"]) == [each["verdict"] for each in samples]
    assert [each["reward"] for each in samples] == [float(verdict == "passed") for verdict in judged["verdict"]]
    assert 0 < sum(each["reward"] for each in samples) < len(samples)
    assert whole.verdicts == Counter(judged["verdict"])
    with (home / "whole" / "curves.csv").open() as file:
        curves = list(csv.DictReader(file))
    for step, entry in enumerate(curves, start=1):
        rewards = [each["reward"] for each in samples if each["step"] == step]
        assert float(entry["reward"]) == pytest.approx(sum(rewards) / 8)
        assert float(entry["passed"]) == pytest.approx(sum(rewards) / 8)
        cut_off = [each["finish_reason"] == "length" for each in samples if each["step"] == step]
        assert float(entry["cut_off"]) == pytest.approx(sum(cut_off) / 8)
        assert (float(entry["forged"]), float(entry["unjudged"])) == (0, 0)
    assert float(curves[0]["kl"]) == 0  # of the base from itself
    assert float(curves[2]["kl"]) > 0


def test_the_folder_is_an_adapter_with_its_record_its_log_and_its_picture(home, whole):
    folder = home / "whole"
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert "No benchmark score is claimed" in (folder / "README.md").read_text()
    manifest = json.loads((folder / "training.json").read_text())
    assert manifest["method"] == "grpo"
    assert manifest["packages"]["trl"]
    assert manifest["problems"]["problem_ids"] == [f"lesson/{number}" for number in range(4)]
    assert manifest["verdicts"] == whole.verdicts
    adapted = load_with(str(home / "model"), adapter=folder, dtype="float32", device="cpu")
    assert adapted.adapter.base_verified
    assert adapted.adapter.logit_difference > 0
    assert not any("ref" in name for name in weights(folder)), "the trainer's copy of the adapter was saved"


def test_the_first_samples_are_those_that_an_evaluation_draws(home, whole):
    from codecrucible.harness.evaluation.from_model import request_of
    from codecrucible.harness.models.batches import generate

    problems = {each.problem_id: each for each in cc.load_benchmark(str(home / "lessons.jsonl")).problems}
    first = [each for each in lines(home / "whole") if each["step"] == 1]
    base = load_with(str(home / "model"), dtype="float32", device="cpu")
    requests = [request_of(problems[each["problem_id"]], each["sample_index"]) for each in first]
    sampling = cc.Sampling(temperature=1.0, max_new_tokens=16, seed=1)
    drawn = {made.sample_index: made.completion for batch in generate(base, requests, sampling) for made in batch}
    assert [each["completion"] for each in first] == [drawn[each["sample_index"]] for each in first]


def test_an_interrupted_training_goes_on_to_the_same_adapter(home, whole):
    from codecrucible.harness.finetune import training_progress

    told = training_progress._Told.on_step_end

    def interrupt(self, args, state, control, **more):
        told(self, args, state, control, **more)
        if state.global_step == 2:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training_progress._Told, "on_step_end", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(home, "again")
    assert not (home / "again").exists()
    assert (home / ".again.training" / "checkpoint-1").is_dir()
    assert max(each["step"] for each in lines(home / ".again.training")) == 2
    with pytest.raises(RunMismatch, match=r"kl 0.04 there, 0.5 asked"):
        train(home, "again", replace(RECIPE, kl=0.5))
    resumed = train(home, "again")
    assert lines(home / "again") == lines(home / "whole")
    assert [entry["step"] for entry in resumed.history] == [1, 2, 3]
    before, after = weights(home / "whole"), weights(home / "again")
    assert before.keys() == after.keys()
    assert all((before[name] == after[name]).all() for name in before)


def test_a_step_makes_what_passed_likelier_than_what_failed(home, executor, monkeypatch):
    import torch

    from codecrucible.harness.finetune.grpo_samples import Rollouts

    draw, seen = Rollouts.draw, []

    def watched(self, prompts, trainer):
        seen.append(draw(self, prompts, trainer))
        return seen[-1]

    monkeypatch.setattr(Rollouts, "draw", watched)
    train(home, "step", replace(RECIPE, steps=1, batch=4, kl=0.0, learning_rate=1e-3, gradient_checkpointing=True))
    (drawn,), samples = seen, lines(home / "step")
    assert drawn["sample_index"] == [each["sample_index"] for each in samples]

    def log_probabilities(**adapter):
        model = load_with(str(home / "model"), dtype="float32", device="cpu", **adapter).model
        made = []
        for prompt, answer in zip(drawn["prompt_ids"], drawn["completion_ids"], strict=True):
            with torch.inference_mode():
                logits = model(input_ids=torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
            made.append(logits.log_softmax(-1)[range(len(answer)), answer].sum().item())
        return made

    change = [
        after - before
        for before, after in zip(log_probabilities(), log_probabilities(adapter=home / "step"), strict=True)
    ]
    gained = 0.0
    for start in range(0, 16, 4):
        rewards = [each["reward"] for each in samples[start : start + 4]]
        mean = sum(rewards) / 4
        gained += sum((reward - mean) * each for reward, each in zip(rewards, change[start : start + 4], strict=True))
    assert 0 < sum(each["reward"] for each in samples) < 16
    assert gained > 0


def test_a_sandbox_that_is_gone_ends_the_training_and_not_the_model(home, executor, monkeypatch):
    from codecrucible.harness.finetune.grpo_samples import Rollouts

    draw = Rollouts.draw

    def closed(self, prompts, trainer):
        self._reward._judge._executor.close()
        return draw(self, prompts, trainer)

    monkeypatch.setattr(Rollouts, "draw", closed)
    with pytest.raises(SamplesMissing, match=r"no sample of step 1 has a reward: the sandbox failed \(.*resumes"):
        train(home, "gone")


def test_too_little_memory_is_told_with_what_helps(home, executor, monkeypatch):
    import torch

    from codecrucible.harness.finetune.grpo_samples import Rollouts

    def full(self, completions, **columns):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(Rollouts, "verdict", full)
    with pytest.raises(ModelUnusable, match=r"4 samples computed together do not fit .*--micro-batch"):
        train(home, "full")


def test_one_command_trains_and_tells_what_passed_and_what_cheated(home, executor, capsys):
    command = f"finetune grpo --model {home}/model --problems {home}/lessons.jsonl --out {home}/lora --quiet --json"
    options = "--steps 1 --batch 2 --group 2 --max-new-tokens 3 --dtype float32 --workers 1 --report-to none --fraction"
    assert main([*command.split(), *options.split()]) == EXIT_DONE
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((home / "lora" / "training.json").read_text())
    assert sum(told["verdicts"].values()) == 4
    assert main([*command.split(), *options.split()]) == EXIT_USAGE
    assert "is there already" in capsys.readouterr().err
