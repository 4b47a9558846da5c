"""The options that every training of an adapter has."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from codecrucible.harness.cli.options import positive_type
from codecrucible.harness.finetune.loggers import LOGGERS
from codecrucible.harness.finetune.recipe import PRESETS, Lora


def recipe_group(
    command: argparse.ArgumentParser,
    defaults: Lora,
    numbers: Iterable[tuple[str, Callable[[str], Any], str]],
    unit: str,
) -> "argparse._ArgumentGroup":
    """Add the recipe of an adapter; the group that further options go into.

    Args:
        command: Gets the options.
        defaults: The recipe's.
        numbers: Name of a field of it, type and meaning.
        unit: What is computed together, as "rows".
    """
    recipe = command.add_argument_group("recipe")
    recipe.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default=defaults.preset,
        help=f"layers to adapt (default: {defaults.preset})",
    )
    for name, of, what in numbers:
        default = getattr(defaults, name)
        option = f"--{name.replace('_', '-')}"
        recipe.add_argument(option, type=of, default=default, metavar="X", help=f"{what} (default: {default})")
    recipe.add_argument(
        "--micro-batch",
        type=positive_type,
        default=8,
        metavar="X",
        help=f"{unit} computed together; fewer where memory is short (default: 8)",
    )
    recipe.add_argument("--gradient-checkpointing", action="store_true", help="less memory, a third more time")
    return recipe


def report_option(command: "argparse._ActionsContainer", what: str) -> None:
    """Where `what` is logged."""
    command.add_argument(
        "--report-to",
        default="auto",
        choices=("auto", *LOGGERS, "none"),
        help=f"where {what} are logged; auto: to ADAPTER-logs for TensorBoard, if that is installed (default: auto)",
    )
