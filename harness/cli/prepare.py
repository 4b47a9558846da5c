"""`crucible finetune prepare`: from sources to a folder of data with its card."""

import argparse
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.harness.common.errors import EXIT_DONE, Stopped, UsageError

if TYPE_CHECKING:
    from codecrucible.harness.finetune.preparation.prepare import Preparation

_MINORS = range(7, 15)  # of the versions of Python that ruff knows
_NEEDED = {"datasketch": "datasketch", "detect_secrets": "detect-secrets", "pylint": "pylint", "ruff": "ruff"}


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add `prepare` to the commands of `crucible finetune`."""
    command = subparsers.add_parser(
        "prepare",
        help="turn code into rows to train on: licensed, checked, without secrets, repeats or benchmark problems",
        description="Turn folders, files and data sets into rows to train on, with a card that says what was dropped.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n"
        "  crucible finetune prepare ./code --out data\n"
        "  crucible finetune prepare ./code --form instruction --out data\n"
        "  crucible finetune prepare rows.jsonl mbpp:train --out data --json\n"
        "  crucible finetune prepare --from-run runs/train --per-problem 4 --diverse --out data\n"
        "  crucible finetune prepare hub:OWNER/NAME@REVISION#train --text-column content --limit 100000 --out data",
    )
    command.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="folder or file of Python, JSONL (prompt and completion, messages, or text), mbpp:train, practice, or "
        "hub:ID[@REVISION][#SPLIT]",
    )
    command.add_argument("--out", type=Path, required=True, metavar="DATA", help="folder to write; must not exist")
    _run_options(command)
    _reading_options(command)
    _rule_options(command)
    command.add_argument("--json", action="store_true", help="print the data card as JSON on stdout")
    command.add_argument("--quiet", action="store_true", help="show no progress")
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    command.set_defaults(command=prepare)


def prepare(options: argparse.Namespace) -> int:
    """Exit code of `crucible finetune prepare`."""
    if not options.sources and not options.from_run:
        raise UsageError("there is nothing to prepare: name a source, or a run after --from-run")
    check_installed(options.sources)
    from codecrucible.harness.common.progress import Progress
    from codecrucible.harness.finetune.preparation.data_folder import card_text
    from codecrucible.harness.finetune.preparation.prepare import prepare_data

    preparation = _preparation(options)
    try:
        with Progress(quiet=options.quiet) as progress:
            card = prepare_data(options.out, preparation, progress)
    except KeyboardInterrupt as stopped:
        message = f"interrupted; {options.out} was not written, and the same command starts anew"
        raise Stopped(message, stopped) from None
    print(json.dumps(card, indent=2) if options.json else card_text(card), end="\n" if options.json else "")
    return EXIT_DONE


def _preparation(options: argparse.Namespace) -> "Preparation":
    from codecrucible.harness.finetune.preparation.pipeline import Rules
    from codecrucible.harness.finetune.preparation.prepare import Preparation
    from codecrucible.harness.finetune.preparation.run_rows import Order, RunRules
    from codecrucible.harness.finetune.preparation.sources import SourceOptions

    order: Order = "shortest" if options.shortest else "diverse" if options.diverse else "first"
    return Preparation(
        sources=tuple(options.sources),
        reading=SourceOptions(form=options.form, text_column=options.text_column),
        limit=options.limit,
        runs=tuple(options.from_run or ()),
        run_rules=RunRules(per_problem=options.per_problem, order=order, control=options.allow_control),
        rules=Rules(
            licences=options.licences or Rules().licences,
            python=options.python,
            any_text=options.any_text,
            ruff=not options.no_ruff,
            pylint=not options.no_pylint,
            normalise=not (options.no_format or options.from_run),  # an answer stays as it was written
            secrets=options.secrets,
            augment=options.augment,
            seed=options.seed,
        ),
        against=options.against,
        validation_share=options.validation_share,
    )


def check_installed(sources: Sequence[str]) -> None:
    """Raise `UsageError` where a package that preparing data needs is not installed."""
    needed = dict(_NEEDED)
    if any(source.startswith("hub:") for source in sources):
        needed["datasets"] = "datasets"
    missing = sorted(package for module, package in needed.items() if find_spec(module) is None)
    if missing:
        raise UsageError(f"to prepare data needs {', '.join(missing)}: pip install 'codecrucible[finetune]'")


def _run_options(command: argparse.ArgumentParser) -> None:
    runs = command.add_argument_group("samples of runs")
    runs.add_argument(
        "--from-run",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="run folders, or folders of them: samples that passed become rows, as they were asked and answered",
    )
    runs.add_argument("--keep", choices=("passed",), default="passed", help="which samples (default: passed)")
    runs.add_argument("--per-problem", type=_at_least_one, metavar="M", help="samples kept per problem (default: all)")
    order = runs.add_mutually_exclusive_group()
    order.add_argument("--shortest", action="store_true", help="the shortest programs of a problem first")
    order.add_argument("--diverse", action="store_true", help="the most different programs of a problem first")
    runs.add_argument(
        "--allow-control",
        action="store_true",
        help="also samples whose verdict only a negative control confirms",
    )


def _reading_options(command: argparse.ArgumentParser) -> None:
    reading = command.add_argument_group("reading")
    reading.add_argument(
        "--form",
        choices=("text", "instruction"),
        default="text",
        help="Python files: one row per file, or one per function with signature, docstring, body (default: text)",
    )
    reading.add_argument(
        "--text-column",
        metavar="NAME",
        help="column of JSONL files and data sets that holds the text (default: the usual ones)",
    )
    reading.add_argument("--limit", type=_at_least_one, metavar="N", help="the first N records of each source")


def _rule_options(command: argparse.ArgumentParser) -> None:
    rules = command.add_argument_group("rules")
    rules.add_argument(
        "--licences", type=_names, metavar="ID[,ID]", help="SPDX ids to allow (default: permissive ones)"
    )
    rules.add_argument("--python", type=_python, default=(3, 11), metavar="X.Y", help="target (default: 3.11)")
    rules.add_argument("--any-text", action="store_true", help="keep rows that are no Python, such as general data")
    rules.add_argument("--no-ruff", action="store_true", help="skip ruff's error rules")
    rules.add_argument("--no-pylint", action="store_true", help="skip pylint, the slowest step")
    rules.add_argument("--no-format", action="store_true", help="leave formatting as it is")
    rules.add_argument(
        "--secrets",
        choices=("redact", "drop", "keep"),
        default="redact",
        help="what to do about keys, passwords and e-mail addresses (default: redact)",
    )
    rules.add_argument(
        "--against", type=_names, metavar="B[,B]", help="benchmarks to keep out (default: all on this machine)"
    )
    rules.add_argument(
        "--augment",
        type=_kinds,
        default=(),
        metavar="KIND[,KIND]",
        help="make further rows of each: rename (other local names), docstring (asked for in pseudocode)",
    )
    rules.add_argument(
        "--validation-share", type=_share, default=0.1, metavar="S", help="share of the rows (default: 0.1; 0: none)"
    )
    rules.add_argument(
        "--seed", type=int, default=0, metavar="S", help="random seed of hashing and splitting (default: 0)"
    )


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return value


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _kinds(text: str) -> tuple[str, ...]:
    from codecrucible.harness.finetune.preparation.augmentation import KINDS

    names = _names(text)
    if not names or set(names) - set(KINDS):
        raise argparse.ArgumentTypeError(f"{text}: expected one or more of {', '.join(KINDS)}")
    return tuple(dict.fromkeys(names))


def _python(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    if major != "3" or not minor.isdecimal() or int(minor) not in _MINORS:
        raise argparse.ArgumentTypeError(f"{text}: expected a version from 3.7 to 3.14")
    return 3, int(minor)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 0 and less than 1")
    return value
