"""The options of the commands in which people judge, and of the document that people read."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.cli.command import Lazy, add_command
from codecrucible.harness.cli.options import count_type, new_file, port_type, run_path

if TYPE_CHECKING:
    from codecrucible.harness.cli.command import Commands

ELSEWHERE = ("label-studio", "argilla")
"""Where raters may be asked instead of on our own page."""


def add_rate(commands: "Commands") -> None:
    """Add `crucible rate`."""
    command = add_command(
        commands,
        "rate",
        "let a person rate passing samples of one run, or of two side by side without their names",
        "crucible rate runs/base runs/candidate --rater anna --out anna.jsonl",
        "crucible rate runs/candidate --questions readability",
        "crucible rate runs/base runs/candidate --export label-studio tasks.json",
        "crucible rate runs/base runs/candidate --import argilla answered.json --key tasks.json.key --out all.jsonl",
        "crucible report runs/base runs/candidate --ratings anna.jsonl ben.jsonl",
    )
    command.add_argument("folders", nargs="+", type=run_path, metavar="RUN", help="run folder; one, or two")
    command.add_argument(
        "--questions",
        type=_questions,
        default="readability,efficiency",
        metavar="Q,Q",
        help="what is answered from 1 to 5 about each program (default: %(default)s)",
    )
    command.add_argument(
        "--out",
        type=new_file,
        default="ratings.jsonl",
        metavar="FILE",
        help="the rater's file, to which each answer is added at once; the same command resumes (default: %(default)s)",
    )
    command.add_argument(
        "--rater", type=_rater, default="rater", metavar="NAME", help="name of the rater (default: %(default)s)"
    )
    command.add_argument(
        "--seed", type=count_type, default=0, metavar="S", help="draws samples, sides and order (default: 0)"
    )
    command.add_argument(
        "--port", type=port_type, default=0, metavar="P", help="port of 127.0.0.1 (default: a free one)"
    )
    other = command.add_mutually_exclusive_group()
    other.add_argument(
        "--export",
        nargs=2,
        metavar=("FORM", "FILE"),
        help=f"write the items for raters elsewhere ({', '.join(ELSEWHERE)}), their key into FILE.key; do not serve",
    )
    other.add_argument(
        "--import",
        nargs=2,
        dest="import_",
        metavar=("FORM", "FILE"),
        help="read what raters answered elsewhere into --out, a new file; needs --key",
    )
    command.add_argument("--key", type=new_file, metavar="FILE", help="the key that --export wrote")
    command.set_defaults(command=Lazy("rate", home="rate"))


def add_card(commands: "Commands") -> None:
    """Add `crucible card`."""
    command = add_command(
        commands,
        "card",
        "write what runs have on record of model, data, protocol and results, and what was not measured",
        "crucible card runs/candidate --out CARD.md",
        "crucible card runs/base runs/candidate --ratings anna.jsonl ben.jsonl --out CARD.md --out card.json",
        "crucible card runs/candidate --audit robustness.json memorisation.json --out CARD.md",
    )
    command.add_argument("folders", nargs="+", type=run_path, metavar="RUN", help="run folder")
    command.add_argument(
        "--out",
        action="append",
        required=True,
        type=new_file,
        metavar="FILE",
        help="file to write; its ending, .md, .json or .html, decides the format; may be given several times",
    )
    command.add_argument(
        "--ratings",
        nargs="+",
        type=Path,
        default=(),
        metavar="FILE",
        help="also what people said of one of the runs, or of two: files of `crucible rate`",
    )
    command.add_argument(
        "--audit",
        nargs="+",
        type=Path,
        default=(),
        metavar="FILE",
        help="also what audits of the runs found: files of what `crucible audit robustness` or `memorisation` prints "
        "with --json",
    )
    command.set_defaults(command=Lazy("card", home="card"))


def _questions(text: str) -> tuple[str, ...]:
    from codecrucible.harness.results.ratings.answers import questions_of

    try:
        return questions_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _rater(text: str) -> str:
    if not re.fullmatch(r"[\w.@-]{1,60}", text):
        raise argparse.ArgumentTypeError(f"{text!r}: give a name of letters, digits and . _ @ -")
    return text
