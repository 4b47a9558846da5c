"""`crucible finetune grpo`: train an adapter on the verdicts of the model's own samples."""

import argparse
import json
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codecrucible.harness.cli.base_model import loading_of, model_options
from codecrucible.harness.cli.options import positive_type
from codecrucible.harness.cli.training_options import recipe_group, report_option
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.finetune.loggers import logger
from codecrucible.harness.finetune.recipe import GrpoRecipe

DEFAULTS = GrpoRecipe()


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    """Add `grpo` to the commands of `crucible finetune`."""
    command = actions.add_parser(
        "grpo",
        help="train an adapter on the verdicts of the model's own samples (reinforcement learning)",
        description="Train a LoRA adapter by GRPO: samples that pass their tests in the sandbox are rewarded, relative "
        "to other samples of the same problem. Run the same command again to resume.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n"
        "  crucible finetune grpo --model ./checkpoint --problems practice --out lora\n"
        "  crucible finetune grpo --model ./checkpoint --problems mbpp:train --group 16 --fraction --out lora",
    )
    command.add_argument("--out", type=Path, required=True, metavar="ADAPTER", help="folder to make; must not exist")
    command.add_argument(
        "--problems", required=True, metavar="B", help="benchmark to learn from: practice, mbpp:train, or your own"
    )
    model_options(command)
    _recipe_options(command)
    command.add_argument(
        "--workers", type=positive_type, metavar="N", help="containers at a time (default: one a core)"
    )
    report_option(command, "rewards")
    command.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    command.add_argument("--quiet", action="store_true", help="show no progress")
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    command.set_defaults(command=train)


def _recipe_options(command: argparse.ArgumentParser) -> None:
    numbers = (
        ("steps", positive_type, "steps"),
        ("batch", positive_type, "problems per step"),
        ("group", positive_type, "samples per problem, compared with each other; at least 2"),
        ("temperature", float, "temperature of the samples"),
        ("max_new_tokens", positive_type, "longest sample"),
        ("kl", float, "coefficient of the KL divergence from the base; 0 for none"),
        ("learning_rate", float, "learning rate, the same in each step"),
        ("rank", positive_type, "LoRA rank"),
        ("alpha", positive_type, "LoRA alpha; the scale is alpha / rank"),
        ("dropout", float, "dropout before the adapter"),
        ("seed", int, "random seed of initial weights, samples and problem order"),
    )
    recipe = recipe_group(command, DEFAULTS, numbers, "samples")
    recipe.add_argument(
        "--fraction",
        action="store_true",
        help="reward a failing sample with the share of the tests that it passed before the first failure, where that "
        "is known",
    )
    recipe.add_argument(
        "--allow-control",
        dest="control",
        action="store_true",
        help="also reward passes that only a negative control confirms",
    )


def train(options: argparse.Namespace) -> int:
    """Exit code of `crucible finetune grpo`."""
    missing = [name for name in ("torch", "transformers", "peft", "matplotlib", "trl") if not find_spec(name)]
    if missing:
        raise UsageError(f"training on rewards needs {', '.join(missing)}: pip install 'codecrucible[rl]'")
    recipe = _recipe(options)
    report_to = logger(options.report_to)
    from codecrucible.benchmarks import load_benchmark
    from codecrucible.harness.common.progress import Progress
    from codecrucible.harness.finetune.grpo import train_on_rewards
    from codecrucible.harness.finetune.grpo_folder import rewarded_manifest

    with Progress(quiet=options.quiet) as progress:
        rewarded = train_on_rewards(
            options.model,
            benchmark=load_benchmark(options.problems),
            out=options.out,
            recipe=recipe,
            micro_batch=options.micro_batch,
            workers=options.workers,
            report_to=report_to,
            progress=progress,
            options=loading_of(options),
        )
    print(json.dumps(rewarded_manifest(rewarded), indent=2) if options.json else f"{options.out}: {rewarded.said()}")
    return EXIT_DONE


def _recipe(options: argparse.Namespace) -> GrpoRecipe:
    if options.model is None:
        raise UsageError("training needs --model; see `crucible finetune grpo --help`")
    if options.model.startswith("openai:"):
        raise UsageError(f"--model {options.model}: a model behind a server cannot be trained here; give its weights")
    if options.group < 2:  # noqa: PLR2004
        raise UsageError(
            f"--group {options.group}: give 2 or more, since samples of a problem are held against each other"
        )
    for name in ("temperature", "learning_rate"):
        if not getattr(options, name) > 0:
            raise UsageError(f"--{name.replace('_', '-')} {getattr(options, name)}: give a number above 0")
    if not options.kl >= 0:
        raise UsageError(f"--kl {options.kl}: give 0 or more")
    if not 0 <= options.dropout < 1:
        raise UsageError(f"--dropout {options.dropout}: give a number from 0 to below 1")
    return GrpoRecipe(**{field.name: getattr(options, field.name) for field in fields(GrpoRecipe)})
