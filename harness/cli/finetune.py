"""`crucible finetune`: prepare data, train an adapter on it or on verdicts, merge it, hold it against its base."""

import argparse
import json
from dataclasses import asdict, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codecrucible.harness.cli.base_model import loading_of, model_options
from codecrucible.harness.cli.grpo import add_parser as add_grpo
from codecrucible.harness.cli.prepare import add_parser as add_prepare
from codecrucible.harness.cli.training_options import recipe_group, report_option
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.sampling import RUN_SAMPLING
from codecrucible.harness.finetune.loggers import logger
from codecrucible.harness.finetune.recipe import Recipe

DEFAULTS = Recipe()


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `crucible finetune`, and its actions `prepare`, `grpo` and `merge`."""
    command.add_argument("--data", type=Path, metavar="DATA", help="folder that `crucible finetune prepare` wrote")
    command.add_argument("--out", type=Path, metavar="ADAPTER", help="folder to make; must not exist")
    model_options(command)
    recipe_options(command)
    _training_options(command)
    after = command.add_argument_group("afterwards")
    after.add_argument(
        "--evaluate",
        metavar="B[,B]",
        help="run base and candidate on these benchmarks, and compare them; run folders in ADAPTER-runs",
    )
    after.add_argument("-n", type=int, default=10, metavar="N", help="samples per problem of those runs (default: 10)")
    command.set_defaults(command=train)
    actions = command.add_subparsers(metavar="ACTION")
    add_prepare(actions)
    add_grpo(actions)
    _add_merge(actions)


def recipe_options(command: argparse.ArgumentParser) -> None:
    """The recipe of an adapter."""
    numbers = (
        ("rank", int, "LoRA rank"),
        ("alpha", int, "LoRA alpha; the scale is alpha / rank"),
        ("dropout", float, "dropout before the adapter"),
        ("learning_rate", float, "peak learning rate, after a tenth of the steps; then a cosine decay"),
        ("batch", int, "rows per step"),
        ("epochs", float, "largest number of times each row is seen"),
        ("max_steps", int, "largest number of steps; 0: --epochs decides"),
        ("patience", int, "evaluations without a lower validation loss after which training stops; 0: never"),
        ("max_tokens", int, "rows longer than this are omitted"),
        ("replay_share", float, "share of training rows taken from --replay"),
        ("seed", int, "random seed of initial weights, dropout and row order"),
    )
    recipe = recipe_group(command, DEFAULTS, numbers, "rows")
    recipe.add_argument(
        "--packing",
        action="store_true",
        help="fill each row up to --max-tokens with further rows, which do not see each other; --batch counts these",
    )
    recipe.add_argument(
        "--4bit",
        dest="four_bit",
        action="store_true",
        help="load the base in 4 bits for the training (QLoRA): a quarter of its memory; needs the extra 'quant'",
    )


def _training_options(command: argparse.ArgumentParser) -> None:
    training = command.add_argument_group("training")
    training.add_argument("--replay", type=Path, metavar="DATA", help="general data to mix in against forgetting")
    report_option(training, "losses")


def _add_merge(actions: "argparse._SubParsersAction[Any]") -> None:
    merge_ = actions.add_parser(
        "merge",
        help="write a checkpoint with the adapter's weights in it",
        description="Write a checkpoint of base and adapter together, checked to give the same logits.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n  crucible finetune merge ./lora --out ./merged",
    )
    merge_.add_argument("adapter", type=Path, metavar="ADAPTER")
    merge_.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make; must not exist")
    model_options(merge_)
    merge_.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    merge_.add_argument("--quiet", action="store_true", help="show no progress")
    merge_.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    merge_.set_defaults(command=merge)


def train(options: argparse.Namespace) -> int:
    """Exit code of `crucible finetune`."""
    missing = [f"--{name}" for name in ("model", "data", "out") if getattr(options, name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}; see `crucible finetune --help`")
    need_packages()
    if options.four_bit and not find_spec("bitsandbytes"):
        raise UsageError("--4bit needs bitsandbytes: pip install 'codecrucible[quant]'")
    check_numbers(options)
    report_to = logger(options.report_to)
    from codecrucible.harness.common.progress import Progress
    from codecrucible.harness.finetune.adapter_folder import manifest_of
    from codecrucible.harness.finetune.forgetting import measure
    from codecrucible.harness.finetune.processes import is_first
    from codecrucible.harness.finetune.training import train

    recipe = recipe_of(options)
    if options.evaluate and _is_trained(options, asdict(recipe)):
        manifest = json.loads((options.out / "training.json").read_text(encoding="utf-8"))
    else:
        with Progress(quiet=options.quiet or not is_first()) as progress:
            trained = train(
                options.model,
                data=options.data,
                replay=options.replay,
                out=options.out,
                recipe=recipe,
                micro_batch=options.micro_batch,
                report_to=report_to,
                progress=progress,
                options=loading_of(options),
            )
        manifest = manifest_of(trained)
    if not is_first():
        return EXIT_DONE
    if not options.json:
        print(_said(options.out, manifest["validation"]))
    found = _evaluate(options) if options.evaluate else []
    forgetting = None
    if options.evaluate:
        forgetting = measure(options.model, options.out, loading_of(options), replay=options.replay)
    if options.json:
        ends = {"evaluation": found, "forgetting": forgetting and forgetting.to_json()}
        print(json.dumps({**manifest, **ends}, indent=2))
    elif forgetting:
        print(forgetting.said())
    return EXIT_DONE


def _evaluate(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Comparison of base and candidate on each benchmark, as `--json` has it, printed as it is known."""
    from codecrucible.benchmarks import load_benchmark, selected_names
    from codecrucible.harness.cli.compare import show_comparisons, warn_of_prompts
    from codecrucible.harness.finetune.evaluate import evaluate
    from codecrucible.reports.views.compare_view import comparison_json

    found = []
    for each in evaluate(
        options.model,
        options.out,
        loading_of(options),
        data=options.data,
        benchmarks=[load_benchmark(name) for name in selected_names(options.evaluate)],
        sampling=replace(RUN_SAMPLING, n=options.n, seed=options.seed),
        argv=options.argv,
        quiet=options.quiet,
    ):
        warn_of_prompts(each.pairs)
        if not options.json:
            print()
            show_comparisons(each.comparisons, form="table")
            print(each.said())
        comparisons = [comparison_json(comparison) for comparison in each.comparisons]
        found.append({"comparison": {"comparisons": comparisons}, "contamination": each.contamination})
    return found


def _is_trained(options: argparse.Namespace, recipe: dict[str, Any]) -> bool:
    """Whether `--out` holds the adapter that these options make, so that what is left is to evaluate it."""
    from codecrucible.harness.finetune.encoding import read_data

    try:
        manifest = json.loads((options.out / "training.json").read_text(encoding="utf-8"))
        made = (manifest["base"]["spec"], manifest["data"]["sha256"], manifest["recipe"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return made == (options.model, read_data(options.data).sha256, recipe)


def merge(options: argparse.Namespace) -> int:
    """Exit code of `crucible finetune merge`."""
    need_packages()
    from codecrucible.harness.finetune.merge_adapter import base_of, merge

    base = options.model or base_of(options.adapter)
    merged = merge(base, options.adapter, options.out, loading_of(options))
    if options.json:
        print(json.dumps(merged, indent=2))
    else:
        print(f"{options.out}: {base} with {options.adapter}; logits within {merged['logit_difference']:.2g}")
    return EXIT_DONE


def recipe_of(options: argparse.Namespace) -> Recipe:
    """The recipe that was asked for."""
    return Recipe(**{field.name: getattr(options, field.name) for field in fields(Recipe)})


def need_packages() -> None:
    """Raise `UsageError` where a package that training needs is not installed."""
    missing = [name for name in ("torch", "transformers", "peft", "matplotlib") if not find_spec(name)]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'codecrucible[finetune]'")


def check_numbers(options: argparse.Namespace) -> None:
    """Raise `UsageError` where a number cannot be what it is asked to be."""
    if options.model.startswith("openai:"):
        raise UsageError(f"--model {options.model}: a model behind a server cannot be trained here; give its weights")
    for name in ("rank", "alpha", "batch", "micro_batch", "max_tokens", "n", "learning_rate", "epochs"):
        if not getattr(options, name) > 0:
            raise UsageError(f"--{name.replace('_', '-')} {getattr(options, name)}: give a number above 0")
    for name in ("dropout", "replay_share"):
        if not 0 <= getattr(options, name) < 1:
            raise UsageError(f"--{name.replace('_', '-')} {getattr(options, name)}: give a number from 0 to below 1")


def _said(out: Path, validation: dict[str, float] | None) -> str:
    if validation is None:
        return f"{out}: trained; no rows were held out, so that there is no validation loss"
    return (
        f"{out}: validation loss {validation['base_loss']:.4f} of the base, {validation['loss']:.4f} of the adapter "
        f"(perplexity {validation['base_perplexity']:.2f} and {validation['perplexity']:.2f})"
    )
