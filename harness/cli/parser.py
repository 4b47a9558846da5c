"""The parser of the command line.

Nothing heavy is imported here: `crucible --help` must answer at once.
"""

import argparse

from codecrucible.harness.cli.command import Parser, Version
from codecrucible.harness.cli.parser_audit import add_audit
from codecrucible.harness.cli.parser_people import add_card, add_rate
from codecrucible.harness.cli.parser_results import (
    add_baselines,
    add_compare,
    add_export,
    add_gate,
    add_history,
    add_leaderboard,
    add_report,
    add_show,
    add_view,
)
from codecrucible.harness.cli.parser_runs import (
    add_efficiency,
    add_evaluate,
    add_execute,
    add_generate,
    add_judge,
    add_merge,
    add_run,
    add_scan,
)
from codecrucible.harness.cli.parser_setup import (
    add_benchmarks,
    add_doctor,
    add_finetune,
    add_improve,
    add_init,
    add_sandbox,
    add_serve,
)
from codecrucible.harness.common.errors import EXIT_DONE

_FIRST = """\
crucible doctor                                                        what this machine has of what a run needs
crucible sandbox build                                                 make the containers' image, once
crucible run --model MODEL --benchmark starter -n 5                    sample a model, execute, scan and score
crucible evaluate samples.jsonl --benchmark humaneval                  score completions made elsewhere
crucible gate runs/BASELINE runs/CANDIDATE                             decide whether the candidate may replace it
crucible --help                                                        every command; COMMAND --help has examples"""


def _start(_options: argparse.Namespace) -> int:
    """Print what to do first, where no command is given."""
    print(_FIRST)
    return EXIT_DONE


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    top = Parser(
        prog="crucible",
        description="Sandboxed evaluation harness for code models: sample, execute in isolation, scan, score.",
        epilog="examples:\n"
        "  crucible run --model bundled:smollm2-135m-instruct --benchmark starter -n 5\n"
        "  crucible evaluate samples.jsonl --benchmark humaneval\n"
        "  crucible gate runs/base runs/candidate\n"
        "  crucible benchmarks check humaneval",
    )
    top.add_argument("--version", action=Version)
    top.set_defaults(command=_start)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for add in (
        add_run,
        add_generate,
        add_execute,
        add_scan,
        add_judge,
        add_efficiency,
        add_merge,
        add_report,
        add_view,
        add_evaluate,
    ):
        add(commands)
    for add in (
        add_show,
        add_compare,
        add_gate,
        add_leaderboard,
        add_audit,
        add_export,
        add_baselines,
        add_history,
        add_finetune,
        add_improve,
        add_benchmarks,
        add_sandbox,
        add_doctor,
        add_init,
        add_serve,
        add_rate,
        add_card,
    ):
        add(commands)
    return top
