"""What `crucible run SUITE` and `crucible init` do: a suite stands for commands, which are given one after another."""

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import BenchmarkError
from codecrucible.harness.cli.failures import tell
from codecrucible.harness.cli.output import show_sheets
from codecrucible.harness.cli.requests import run_plan
from codecrucible.harness.common.errors import EXIT_DONE, HarnessError, UsageError
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.evaluation.executors import refuse_missing_images
from codecrucible.harness.evaluation.plan import RunPlan
from codecrucible.harness.evaluation.running import RUNS
from codecrucible.harness.suite.estimate import Estimate, estimates
from codecrucible.harness.suite.suite_file import Entrant, Suite, read_suite
from codecrucible.reports import for_terminal
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet
from codecrucible.sandbox import SandboxError

SCHEMA_NAME = "suite.schema.json"
_SHORT = {"n": "-n", "k": "-k"}


def run_suite(options: Namespace) -> int:
    """Make every run of a suite, then what is to be written of them; the gate's exit code.

    Raises:
        UsageError: the suite, or an option beside it, cannot be carried out; nothing was run.
    """
    for name in ("adapter", "shard", "sync", "json"):
        if getattr(options, name):
            raise UsageError(f"--{name} beside the suite {options.suite}: the suite has several runs; omit it")
    suite = read_suite(Path(options.suite))
    if options.out:
        suite = replace(suite, out=options.out)
    given = [each for each in options.argv[2:] if each not in {options.suite, "--dry-run", "--"}]
    runs = [
        _parsed(_run_command(suite, entrant, given=given, model=options.model))
        for entrant in suite.entrants
        if entrant.run is None
    ]
    plans = [run_plan(each) for each in runs]  # so that what cannot be carried out stops the suite before its first run
    if options.dry_run:
        return show_plan(runs, plans)
    for plan in plans:
        refuse_missing_images(plan.benchmarks)
    suite.out.mkdir(parents=True, exist_ok=True)
    quiet = ["--quiet"] if options.quiet else []
    afterwards = [_parsed([name, *quiet, *arguments]) for name, *arguments in _closing_commands(suite)]
    failed = [(each, code) for each in runs if (code := _carried_out(each)) != EXIT_DONE]
    if failed:
        for each, code in failed:
            complain(f"ended with exit code {code}: {' '.join(each.argv)}")
        complain(
            f"{len(failed)} of {len(runs)} runs are not whole, so nothing is decided; the same command resumes them"
        )
        return failed[0][1]
    codes = [_carried_out(each) for each in afterwards]
    return next(filter(None, reversed(codes)), EXIT_DONE)  # the gate's, which comes last, before that of a file


def show_plan(runs: Sequence[Namespace], plans: Sequence[RunPlan]) -> int:
    """Print what runs would take, and the command of each."""
    planned = [
        (options, each)
        for options, plan in zip(runs, plans, strict=True)
        for each in estimates(plan, [RUNS, *([plan.out, plan.out.parent] if plan.out else [])])
    ]
    notes = [f"Hours: of sampling, as fast as earlier runs of the model on this machine. {NOT_MEASURED}: not known."]
    if new := dict.fromkeys(options.model for options, each in planned if each.hours is None):
        notes.append(
            f"Hours are not known of {', '.join(new)}, of which no run is here. The same command with "
            f"--limit 5 --out {RUNS / 'trial'} in place of --dry-run makes a short one to go by."
        )
    sheet = Sheet(
        title="planned",
        headings=("model", "benchmark", "samples", "made", "hours", "weights GB"),
        rows=tuple(_row(options, each) for options, each in planned),
        labels=2,
        notes=tuple(notes),
    )
    show_sheets([sheet])
    for options in runs:
        print(for_terminal(" ".join(options.argv), longest=2000))
    for plan in plans:
        refuse_missing_images(plan.benchmarks)
    return EXIT_DONE


def init(options: Namespace) -> int:
    """Write a suite file with comments, and beside it the schema that editors check it by."""
    home = resources.files("codecrucible.harness.suite")
    for path, name in ((options.file, "example.toml"), (options.file.parent / SCHEMA_NAME, SCHEMA_NAME)):
        text = (home / name).read_text(encoding="utf-8")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            if name == SCHEMA_NAME and path.read_text(encoding="utf-8") == text:
                continue
            raise UsageError(f"{path} is there already and stays as it is; name another file") from None
    print(f"wrote {options.file}; next: edit its models, then crucible run {options.file} --dry-run")
    return EXIT_DONE


def _row(options: Namespace, each: Estimate) -> tuple[str, ...]:
    def number(value: float | None, form: str) -> str:
        return NOT_MEASURED if value is None else format(value, form)

    name = options.out.name if options.out else options.model
    counts = (f"{each.samples:,}", f"{each.made:,}")
    return (name, each.benchmark, *counts, number(each.hours, ".2f"), number(each.weights_gb, ".2f"))


def _run_command(suite: Suite, entrant: Entrant, *, given: Sequence[str], model: str | None) -> list[str]:
    """The command that makes the runs of one model; `model` is sampled in place of the gate's candidate."""
    settings = {key: value for key, value in entrant.settings.items() if key != "model"}
    sampled = model if model and entrant.name == suite.gate["candidate"] else entrant.settings["model"]
    return ["run", *_arguments(settings), *given, f"--model={sampled}", f"--out={suite.folder_of(entrant)}"]


def _closing_commands(suite: Suite) -> Iterator[list[str]]:
    """The commands that show and decide, once the runs are there."""
    named = {entrant.name: f"{entrant.name}={suite.folder_of(entrant)}" for entrant in suite.entrants}
    files = {what: str(suite.out / name) for what, name in suite.outputs.items()}
    sides = [named[suite.gate[role]] for role in ("baseline", "candidate") if suite.gate]
    if len(named) > 1:
        page = _arguments({"html": files["leaderboard"]} if "leaderboard" in files else {})
        yield ["leaderboard", *page, "--", *named.values()]
    if "page" in files:
        others = [run for run in named.values() if run not in sides]
        yield [*(["compare"] if sides else ["report"]), f"--html={files['page']}", "--", *sides, *others]
    if suite.gate:
        rule = {key: value for key, value in suite.gate.items() if key not in {"baseline", "candidate"}}
        written = {what: files[what] for what in ("junit", "sarif", "codequality") if what in files}
        yield ["gate", *_arguments(rule | written), "--", *sides]


def _arguments(settings: Mapping[str, Any]) -> Iterator[str]:
    """Settings as arguments of the command line."""
    for key, value in settings.items():
        name = _SHORT.get(key, f"--{key}")
        if key == "bits":
            yield f"--{value}bit"
        elif value is True:
            yield name
        elif value is not False:
            yield from (name, _text(value)) if key in _SHORT else (f"{name}={_text(value)}",)


def _text(value: Any) -> str:
    """A setting as the command line has it."""
    if isinstance(value, dict):
        return json.dumps(value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _parsed(arguments: Sequence[str]) -> Namespace:
    """Options of a command, as its own parser reads them."""
    from codecrucible.harness.cli.parser import parser

    options = parser().parse_args(list(arguments))
    options.argv = ("crucible", *arguments)
    return options


def _carried_out(options: Namespace) -> int:
    """Exit code of one command; what it refuses is told, so that the others are not lost by it."""
    try:
        return int(options.command(options))
    except (HarnessError, BenchmarkError, SandboxError) as error:
        return tell(error)
