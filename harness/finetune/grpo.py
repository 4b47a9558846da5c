"""LoRA training on verdicts as rewards (GRPO), by TRL's trainer: resumes after a kill, ends in an adapter folder."""

import json
import logging
import random
import shutil
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import Benchmark, Problem, PromptForm
from codecrucible.harness.common.codec import loads
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.provenance import of_benchmark
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.from_model import request_of
from codecrucible.harness.finetune.grpo_folder import LOGGED, SAMPLES, Rewarded, write_rewarded
from codecrucible.harness.finetune.grpo_samples import Rollouts
from codecrucible.harness.finetune.loggers import tensorboard
from codecrucible.harness.finetune.lora import divisor, out_of_memory, pad_id, with_adapter
from codecrucible.harness.finetune.preparation.run_rows import refuse_compared_on
from codecrucible.harness.finetune.processes import several
from codecrucible.harness.finetune.recipe import GrpoRecipe
from codecrucible.harness.finetune.rewards import Reward
from codecrucible.harness.finetune.training_checkpoints import SETTINGS, explained_if_full, remove_torn, resumed
from codecrucible.harness.models.batches import prepare
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers

if TYPE_CHECKING:
    from codecrucible.harness.models.local.model import LocalModel


def train_on_rewards(
    spec: str,
    *,
    benchmark: Benchmark,
    out: Path,
    recipe: GrpoRecipe,
    micro_batch: int,
    workers: int | None,
    report_to: str,
    progress: Progress,
    options: LoadOptions,
) -> Rewarded:
    """Train an adapter of the model `spec` on the verdicts of its own samples, and write it to `out`.

    Samples are drawn as `crucible run` draws them: the same prompts, decoder, ends and seeds, and the same programs in
    them. Each step is saved in a hidden folder beside `out`; the same call resumes from the last one.

    Args:
        spec: As `load_model` takes it.
        benchmark: The problems to learn from.
        out: Folder to make; must not exist.
        recipe: How to train.
        micro_batch: Samples that are computed together at most.
        workers: Containers at a time; None for one a core.
        report_to: "tensorboard", which writes to the folder OUT-logs, another logger of transformers, or "none".
        progress: Is told the steps.
        options: How the base is loaded.

    Raises:
        UsageError: if `out` exists, or the problems are not to be learnt from, or too few.
        RunMismatch: if another training was begun there.
        SamplesMissing: if no sample of a step has a reward.
        DiskFull: if it cannot be saved; the checkpoints that are whole stay.
        ModelError: if the model cannot be loaded or trained.
        SandboxError: if nothing can be executed here.
    """
    _check(benchmark, out, recipe)
    local: Any = load_model(spec, options)
    if local.prompt_form is PromptForm.INFILL:
        raise UsageError("--prompt-form infill: what is learnt from is continued or answered; give completion or chat")
    model = with_adapter(local, recipe)
    working = out.with_name(f".{out.name}.training")
    settings = {
        **asdict(recipe), "base": local.facts.sha256, "dtype": local.facts.dtype, "method": "grpo",
        "prompt_form": local.prompt_form.value, "problems_sha256": benchmark.sha256, "benchmark": benchmark.name,
    }  # fmt: skip
    micro = resumed(working, settings) or divisor(recipe.batch * recipe.group, micro_batch)
    with (
        explained_if_full(working),
        Reward(benchmark, fraction=recipe.fraction, form=local.prompt_form, workers=workers) as reward,
    ):
        working.mkdir(parents=True, exist_ok=True)
        remove_torn(working)
        (working / SETTINGS).write_text(json.dumps(settings | {"micro_batch": micro}, indent=2), encoding="utf-8")
        samples = working / SAMPLES
        steps = plan_steps(benchmark.problems, recipe)
        rollouts = Rollouts(local, model, steps, recipe, reward, samples)
        logs = out.with_name(f"{out.name}-logs")
        history = _fit(model, local, rollouts, recipe, micro, working, logs, report_to, progress)
        rewarded = Rewarded(
            spec=spec, facts=local.facts, benchmark=of_benchmark(benchmark), recipe=asdict(recipe), micro_batch=micro,
            verdicts=_verdicts(samples), history=tuple(history),
        )  # fmt: skip
        write_rewarded(out, model, local.tokenizer, rewarded, samples)
        shutil.rmtree(working)
    return rewarded


def plan_steps(problems: Sequence[Problem], recipe: GrpoRecipe) -> list[list[Problem]]:
    """Problems of each step: all of them in random order, then all in another, as often as it takes."""
    order: list[Problem] = []
    draw = random.Random(recipe.seed)  # noqa: S311  # an order, no secret
    while len(order) < recipe.steps * recipe.batch:
        order += draw.sample(problems, len(problems))
    return [order[step * recipe.batch : (step + 1) * recipe.batch] for step in range(recipe.steps)]


def _check(benchmark: Benchmark, out: Path, recipe: GrpoRecipe) -> None:
    if several():
        raise UsageError("training on rewards in several processes is not there yet: start one")
    if out.exists():
        raise UsageError(f"{out} is there already: name another folder, or remove it first")
    refuse_compared_on(benchmark.name, source=benchmark.name)
    untested = next((problem.problem_id for problem in benchmark.problems if not problem.tested), None)
    if untested:
        raise UsageError(f"{untested} of {benchmark.name} has no tests, so that nothing of it can be rewarded")
    if len(benchmark.problems) < recipe.batch:
        raise UsageError(
            f"{benchmark.name} has {len(benchmark.problems)} problems, and a step takes {recipe.batch}: give fewer "
            "with --batch"
        )


def _fit(
    model: Any, local: "LocalModel", rollouts: Rollouts, recipe: GrpoRecipe, micro: int, working: Path, logs: Path,
    report_to: str, progress: Progress,
) -> list[dict[str, float]]:  # fmt: skip
    """Train `model`; an entry for each step."""
    from transformers import PrinterCallback
    from transformers.trainer_utils import get_last_checkpoint

    checkpoint = get_last_checkpoint(str(working))  # type: ignore[no-untyped-call]
    rollouts.resume(int(checkpoint.rpartition("-")[2]) if checkpoint else 0)
    with quiet_transformers(), _quiet_trl():
        from trl import GRPOConfig, GRPOTrainer

        arguments = GRPOConfig(
            output_dir=str(working),
            per_device_train_batch_size=micro,
            gradient_accumulation_steps=recipe.batch * recipe.group // micro,
            num_generations=recipe.group,
            max_completion_length=recipe.max_new_tokens,
            temperature=recipe.temperature,
            beta=recipe.kl,
            shuffle_dataset=False,  # the plan has an order, which a resumed training keeps
            learning_rate=recipe.learning_rate,
            lr_scheduler_type="constant",
            max_steps=recipe.steps,
            save_strategy="steps",
            save_steps=1,  # a step takes many times what an adapter takes to save
            save_total_limit=2,
            logging_steps=1,
            logging_nan_inf_filter=False,
            report_to="none" if report_to == "tensorboard" else report_to,
            run_name=logs.name.removesuffix("-logs"),
            use_cpu=local.model.device.type == "cpu",
            bf16=False,  # it computes in the base's own type
            gradient_checkpointing=False,  # `with_adapter` has turned it on, if it was asked for
            seed=recipe.seed,
            dataloader_pin_memory=False,
            disable_tqdm=True,
        )
        trainer = GRPOTrainer(
            model=model,
            args=arguments,
            train_dataset=_dataset(local, rollouts),
            processing_class=local.tokenizer,
            reward_funcs=[rollouts.verdict],
            rollout_func=rollouts.draw,
            callbacks=_callbacks(recipe, report_to, logs, checkpoint, progress),
        )
        trainer.remove_callback(PrinterCallback)
        if "ref" in model.peft_config:  # a copy of the adapter as it is at first, which is the base itself
            model.delete_adapter("ref")
        try:
            trainer.train(resume_from_checkpoint=checkpoint)
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
            raise ModelUnusable(
                f"{micro} samples computed together do not fit into memory: remove {working}, and give a smaller "
                "--micro-batch, a smaller --max-new-tokens or --gradient-checkpointing"
            ) from error
    named = {name: key for name, key in LOGGED.items() if key != "step"}
    return [
        {"step": entry["step"]} | {name: entry[key] for name, key in named.items() if entry.get(key) is not None}
        for entry in trainer.state.log_history
        if "reward" in entry
    ]


def _dataset(local: "LocalModel", rollouts: Rollouts) -> Any:
    """A row a problem of each step, in order."""
    from datasets import Dataset

    problems = [problem for step in rollouts.steps for problem in step]
    distinct = {problem.problem_id: problem for problem in problems}
    requests = [request_of(problem, 0) for problem in distinct.values()]
    pad_id(local)
    prepared = prepare(local, requests, Sampling(max_new_tokens=1))
    prompts = {each.request.problem_id: each.rendered.text for each in prepared}
    ids = [problem.problem_id for problem in problems]
    return Dataset.from_dict({"prompt": [prompts[problem_id] for problem_id in ids], "problem_id": ids})


def _callbacks(recipe: GrpoRecipe, report_to: str, logs: Path, checkpoint: str | None, progress: Progress) -> list[Any]:
    from codecrucible.harness.finetune.training_progress import callback, rewards_callback

    callbacks: list[Any] = [callback(progress, 0), rewards_callback(progress, every=max(1, recipe.steps // 20))]
    if report_to == "tensorboard":
        callbacks.append(tensorboard(logs, checkpoint))
    return callbacks


@contextmanager
def _quiet_trl() -> Iterator[None]:
    """TRL without its advice, and without the texts of samples that have no reward."""
    trl = logging.getLogger("trl")
    level = trl.level
    trl.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="You are using 'rollout_func'", category=UserWarning)
            yield
    finally:
        trl.setLevel(level)


def _verdicts(samples: Path) -> dict[str, int]:
    with samples.open(encoding="utf-8") as lines:
        return dict(Counter(loads(line)["verdict"] for line in lines).most_common())
