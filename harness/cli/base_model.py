"""The options of a base that is trained, and how it is loaded by them."""

import argparse
from typing import TYPE_CHECKING

from codecrucible.harness.cli.options import PROMPT_FORMS

if TYPE_CHECKING:
    from codecrucible.harness.models.protocol import LoadOptions


def model_options(command: argparse.ArgumentParser) -> None:
    """The base, and how it is loaded."""
    model = command.add_argument_group("model")
    model.add_argument("--model", metavar="M", help="the base: hub id, folder, GGUF file or bundled:NAME")
    model.add_argument("--revision", metavar="REV", help="commit or tag on the hub")
    model.add_argument("--dtype", default="auto", metavar="TYPE", help="auto, float32, bfloat16 or float16")
    model.add_argument("--device", default="auto", metavar="DEV", help="auto, cpu, cuda, cuda:1, ...")
    model.add_argument("--prompt-form", choices=PROMPT_FORMS, default="auto")


def loading_of(options: argparse.Namespace) -> "LoadOptions":
    """How the base is loaded."""
    from codecrucible.harness.models.protocol import LoadOptions

    return LoadOptions(
        revision=options.revision, dtype=options.dtype, device=options.device, prompt_form=options.prompt_form
    )
