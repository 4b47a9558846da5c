"""The options of `crucible audit`."""

from typing import TYPE_CHECKING

from codecrucible.harness.cli.command import Lazy, add_command
from codecrucible.harness.cli.options import (
    cluster_option,
    factor_option,
    generators_option,
    limit_options,
    positive_type,
    run_path,
    sampling_options,
)

if TYPE_CHECKING:
    import argparse

    from codecrucible.harness.cli.command import Commands


def add_audit(commands: "Commands") -> None:
    """Add `crucible audit`."""
    command = add_command(
        commands,
        "audit",
        "ask of a model what one score does not say: how robust it is, and whether it knows the benchmark",
        "crucible audit robustness --model bundled:smollm2-135m-instruct --benchmark starter --out runs/audit",
        "crucible audit robustness runs/humaneval runs/recode",
        "crucible audit memorisation runs/twins/humaneval runs/twins/humaneval-twin-r1",
    )
    audits = command.add_subparsers(required=True, metavar="AUDIT")
    _add_robustness(audits)
    _add_memorisation(audits)


def _add_robustness(audits: "Commands") -> None:
    command = add_command(
        audits,
        "robustness",
        "show pass@1 on perturbed prompts beside the nominal ones, of runs that are there or of a model run now",
        "crucible audit robustness --model ./checkpoint --benchmark humaneval --kinds typos,rename --out runs/audit",
        "crucible audit robustness --model ./checkpoint --benchmark starter --seeds 3 -n 5 --temperature 0.8",
        "crucible audit robustness runs/humaneval runs/recode-typos runs/recode-rename --format markdown",
        tables=True,
    )
    command.add_argument(
        "runs",
        nargs="*",
        type=run_path,
        metavar="RUN",
        help="the run on the nominal prompts, then those on perturbed ones, or folders that hold some",
    )
    perturbing = command.add_argument_group("perturbations, beside --model and --benchmark")
    perturbing.add_argument(
        "--kinds",
        metavar="KIND[,KIND]",
        help="which perturbations, see docs/audit.md (default: all that fit but twin)",
    )
    perturbing.add_argument(
        "--seeds", type=positive_type, metavar="S", help="versions of a prompt where chance decides (default: 5)"
    )
    _mismatch_option(command)
    sampling_options(command, required=False)
    factor_option(limit_options(command))
    cluster_option(command)
    generators_option(command)
    command.set_defaults(command=Lazy("audit_robustness", home="audit"))


def _add_memorisation(audits: "Commands") -> None:
    command = add_command(
        audits,
        "memorisation",
        "show a run on a benchmark beside one on its twins, and how many completions are the published reference",
        "crucible run --model ./checkpoint --benchmark 'humaneval,humaneval~twin' --out runs/twins",
        "crucible audit memorisation runs/twins/humaneval runs/twins/humaneval-twin-r1",
        tables=True,
    )
    command.add_argument("original", type=run_path, metavar="ORIGINAL", help="run folder on the benchmark")
    command.add_argument("twin", type=run_path, metavar="TWIN", help="run folder on its twins, B~twin")
    _mismatch_option(command)
    command.set_defaults(command=Lazy("audit_memorisation", home="audit"))


def _mismatch_option(command: "argparse.ArgumentParser") -> None:
    command.add_argument(
        "--allow-mismatch", action="store_true", help="take runs that differ in more than their prompts"
    )
