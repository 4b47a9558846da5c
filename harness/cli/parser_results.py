"""The options of the commands that show what runs came to."""

from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.cli.command import Lazy, add_command
from codecrucible.harness.cli.options import (
    NAMED,
    against_option,
    baseline_argument,
    by_option,
    cutoff_option,
    folder_argument,
    inference_options,
    ks_type,
    new_file,
    new_folder,
    page_option,
    port_type,
    positive_type,
    run_path,
)
from codecrucible.harness.results.export import FORMAT_NAMES
from codecrucible.reports.statistics.levels import ALPHA, MARGIN

if TYPE_CHECKING:
    from codecrucible.harness.cli.command import Commands

SAMPLE_ORDERS = ("drop", "problem", "verdict")


def add_report(commands: "Commands") -> None:
    """Add `crucible report`."""
    command = add_command(
        commands,
        "report",
        "write report.json of run folders and print their table",
        "crucible report runs/candidate",
        "crucible report runs/base runs/candidate --format markdown",
        "crucible report runs/base runs/candidate --html report.html",
        "crucible report runs/base runs/candidate --parquet samples.parquet",
        "crucible report runs/candidate --by language",
        "crucible report runs/candidate --json",
        "crucible report runs/base runs/candidate --ratings anna.jsonl ben.jsonl",
        tables=True,
    )
    command.add_argument("folders", nargs="+", metavar="[NAME=]RUN", help=f"run folder; {NAMED}")
    command.add_argument("-k", type=ks_type, metavar="K[,K]", help="k of pass@k (default: the run's own)")
    cutoff_option(command, "default: the run's own")
    by_option(command, "instead, and in a page beside the rest")
    against_option(command)
    command.add_argument(
        "--similarity", action="store_true", help="also BLEU, chrF, exact match and edit similarity to the reference"
    )
    command.add_argument(
        "--codebleu",
        choices=("ours", "corpus", "package"),
        default="ours",
        help="mean of our scores, our components counted over all samples, or the codebleu package's number "
        "(default: ours, which report.json always has)",
    )
    command.add_argument(
        "--ratings",
        nargs="+",
        type=Path,
        default=(),
        metavar="FILE",
        help="also what people said of one of the runs, or of two: files of `crucible rate`, one a rater",
    )
    command.add_argument(
        "--slow",
        type=positive_type,
        nargs="?",
        const=10,
        default=0,
        metavar="N",
        help="also the passing samples that take most CPU time on stress inputs, where `crucible efficiency` measured "
        "them (10 if no N is given)",
    )
    command.add_argument(
        "--report-to", choices=("mlflow", "wandb"), help="log scores, settings and files to this tracker"
    )
    page_option(command)
    command.add_argument(
        "--parquet", type=new_file, metavar="FILE", help="write one table with one row per sample, no texts"
    )
    command.set_defaults(command=Lazy("report", home="report"))


def add_view(commands: "Commands") -> None:
    """Add `crucible view`."""
    command = add_command(
        commands,
        "view",
        "serve the page of some runs to a browser on this machine",
        "crucible view runs/candidate",
        "crucible view runs/base runs/candidate --port 8080",
        "crucible view runs/candidate --by language",
    )
    command.add_argument("folders", nargs="+", metavar="[NAME=]RUN", help=f"run folder; {NAMED}")
    by_option(command, "beside the rest")
    against_option(command)
    command.add_argument(
        "--port", type=port_type, default=0, metavar="P", help="port of 127.0.0.1 (default: a free one)"
    )
    command.set_defaults(command=Lazy("view", home="view"))


def add_show(commands: "Commands") -> None:
    """Add `crucible show`."""
    command = add_command(
        commands,
        "show",
        "show the samples of one problem: program, failing call, output, findings, and what another run wrote instead",
        "crucible show runs/candidate HumanEval/57",
        "crucible show runs/candidate HumanEval/57/3",
        "crucible show runs/candidate HumanEval/57 --against runs/base",
    )
    command.add_argument(
        "folder", type=run_path, metavar="RUN", help="run folder, folder of run folders, or baseline name"
    )
    command.add_argument("sample", metavar="PROBLEM[/SAMPLE]", help="id of a problem, or of one of its samples")
    command.add_argument(
        "--against", type=run_path, metavar="RUN", help="show the difference to a program of this run, one that passed"
    )
    command.set_defaults(command=Lazy("show", home="show"))


def add_compare(commands: "Commands") -> None:
    """Add `crucible compare`."""
    command = add_command(
        commands,
        "compare",
        "show every number of candidates beside the baseline's, paired by problem",
        "crucible compare runs/base runs/candidate",
        "crucible compare runs/base runs/step-100 runs/step-200 --format latex",
        "crucible compare runs/base runs/candidate --html compare.html",
        "crucible compare before=runs/base after=runs/candidate --samples",
        "crucible compare runs/base runs/candidate --by language",
        "crucible compare runs/base runs/candidate --json",
        tables=True,
    )
    baseline_argument(command)
    command.add_argument(
        "candidates",
        nargs="+",
        metavar="CANDIDATE",
        help=f"run folder, folder of run folders, or baseline name; {NAMED}",
    )
    inference_options(command)
    page_option(command)
    instead = command.add_mutually_exclusive_group()
    by_option(instead, "instead, and in a page beside the rest")
    instead.add_argument(
        "--samples",
        choices=SAMPLE_ORDERS,
        nargs="?",
        const=SAMPLE_ORDERS[0],
        metavar="ORDER",
        help="show the problems that were lost instead, each with the verdict and the reason that most of its samples "
        f"have, ordered by {', '.join(SAMPLE_ORDERS)} (default: {SAMPLE_ORDERS[0]})",
    )
    command.set_defaults(command=Lazy("compare", home="compare"))


def add_gate(commands: "Commands") -> None:
    """Add `crucible gate`."""
    command = add_command(
        commands,
        "gate",
        "decide whether a candidate is worse than its baseline: exit code 0 pass or inconclusive, 1 regression, "
        "3 inconclusive under --strict",
        "crucible gate runs/base runs/candidate",
        "crucible gate runs/base runs/candidate --strict --margin 0.02 --junit gate.xml --sarif findings.sarif",
        "crucible gate runs/base runs/4bit --retain 0.95",
        "crucible gate runs/base runs/candidate --json",
        tables=True,
    )
    baseline_argument(command)
    command.add_argument(
        "candidate", metavar="CANDIDATE", help=f"run folder, folder of run folders, or baseline name; {NAMED}"
    )
    rule = command.add_argument_group("rule")
    rule.add_argument(
        "--alpha", type=float, default=ALPHA, metavar="A", help=f"chance of a false alarm (default: {ALPHA:g})"
    )
    rule.add_argument(
        "--margin",
        type=float,
        default=MARGIN,
        metavar="M",
        help="largest tolerated drop; PASS means that a larger one is ruled out "
        f"(default: {MARGIN:g}, {100 * MARGIN:g} points)",
    )
    rule.add_argument(
        "--part",
        type=lambda text: tuple(text.split(",")),
        default=(),
        metavar="NAME[,NAME]",
        help="decide on pass@1 of these parts of the tests too, such as functionality of cweval or base of humaneval+",
    )
    rule.add_argument(
        "--retain",
        type=float,
        metavar="R",
        help="decide pass@1 by the share of the baseline's that is kept, such as 0.95, instead of the margin",
    )
    rule.add_argument("--strict", action="store_true", help="exit with 3 when the result is INCONCLUSIVE")
    rule.add_argument(
        "--refuse-control",
        action="store_true",
        help="exit with 3 instead of 0 when a pass of either side is confirmed only by a negative control",
    )
    rule.add_argument(
        "--looks",
        type=ks_type,
        default=(),
        metavar="N,N",
        help="samples per problem at which this candidate is gated, such as 5,10,15,20, declared before the first look",
    )
    inference_options(command)
    page_option(command)
    command.add_argument("--junit", type=new_file, metavar="FILE", help="write JUnit XML")
    command.add_argument("--sarif", type=new_file, metavar="FILE", help="write the candidate's findings as SARIF 2.1.0")
    command.add_argument(
        "--codequality",
        type=new_file,
        metavar="FILE",
        help="write the candidate's findings in GitLab's code quality format",
    )
    command.set_defaults(command=Lazy("gate", home="compare"))


def add_leaderboard(commands: "Commands") -> None:
    """Add `crucible leaderboard`."""
    command = add_command(
        commands,
        "leaderboard",
        "rank many models: scores with intervals, the ranks that each may have, and the distance from a baseline",
        "crucible leaderboard runs/base runs/step-100 runs/step-200",
        "crucible leaderboard ours=runs/candidate theirs=runs/imported --baseline ours",
        "crucible leaderboard runs --html leaderboard.html --format markdown",
        "crucible leaderboard runs --json",
        tables=True,
    )
    command.add_argument(
        "runs",
        nargs="+",
        metavar="[NAME=]RUN",
        help="a run folder, or a folder that holds some; NAME stands for the model whose runs they are",
    )
    command.add_argument(
        "--baseline", metavar="RUN", help="the model that the others are compared with: a run, or a name"
    )
    command.add_argument("--allow-mismatch", action="store_true", help="rank runs that differ in more than their model")
    command.add_argument("--html", type=new_file, metavar="FILE", help="also write a page, which needs no network")
    command.set_defaults(command=Lazy("rank", home="leaderboard"))


def add_export(commands: "Commands") -> None:
    """Add `crucible export`."""
    command = add_command(
        commands,
        "export",
        "write runs in the files of other harnesses, of the Hugging Face hub, or of inspect's viewer",
        "crucible export lm-eval runs/candidate --out exported",
        "crucible export huggingface runs/candidate --out ./checkpoint",
    )
    command.add_argument("format", choices=FORMAT_NAMES, metavar="FORMAT", help=", ".join(FORMAT_NAMES))
    command.add_argument("folders", nargs="+", type=run_path, metavar="DIR", help="run folder")
    command.add_argument(
        "--out",
        required=True,
        type=new_folder,
        metavar="DIR",
        help="folder to write into; files of the same name are replaced",
    )
    command.set_defaults(command=Lazy("export", home="export"))


def add_baselines(commands: "Commands") -> None:
    """Add `crucible baseline`."""
    command = add_command(
        commands,
        "baseline",
        "give a run a name that `compare` and `gate` take for BASELINE, or list the names",
        "crucible baseline set main runs/base",
        "crucible gate main runs/candidate",
        "crucible baseline list",
    )
    actions = command.add_subparsers(required=True, metavar="ACTION")
    give = add_command(actions, "set", "let a name stand for a run", "crucible baseline set main runs/base")
    give.add_argument("name", metavar="NAME")
    folder_argument(give)
    give.set_defaults(command=Lazy("name_baseline", home="compare"))
    show = add_command(actions, "list", "list the baselines that have a name", "crucible baseline list")
    show.set_defaults(command=Lazy("list_baselines", home="compare"))


def add_history(commands: "Commands") -> None:
    """Add `crucible history`."""
    command = add_command(
        commands,
        "history",
        "show the runs that a baseline's name has stood for, each tested against the first",
        "crucible history main",
        "crucible history main --plot drift.svg",
        tables=True,
    )
    command.add_argument("name", metavar="NAME", help="name that `crucible baseline set` gave")
    command.add_argument("--plot", type=Path, metavar="FILE", help="also draw it into an SVG or PNG file")
    command.add_argument("--allow-mismatch", action="store_true", help="take runs that differ in more than their model")
    command.set_defaults(command=Lazy("history", home="history"))
