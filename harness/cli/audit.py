"""What `crucible audit` does, once its arguments are parsed."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from codecrucible.benchmarks import KINDS, SEEDS, TWIN, Benchmark, DerivedName, UnknownBenchmark, load_benchmark
from codecrucible.harness.cli.output import show_as
from codecrucible.harness.cli.requests import run_plan
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.evaluation.running import run_models
from codecrucible.harness.results.audit import memorisation_of, robustness_of
from codecrucible.reports import for_terminal
from codecrucible.reports.views.memorisation_view import (
    memorisation_json,
    memorisation_sheets,
    memorisation_to_csv,
)
from codecrucible.reports.views.robustness_view import robustness_json, robustness_sheets, robustness_to_csv


def audit_robustness(options: Namespace) -> int:
    """Show how robust a model is, running it on nominal and perturbed prompts first where no runs are named."""
    runs: list[Path] = options.runs
    asked = options.model is not None or options.benchmark is not None
    if bool(runs) is asked:
        raise UsageError("name runs, the nominal one first, or give --model and --benchmark: one of the two")
    if asked:
        runs = _run_both(options)
    elif options.kinds or options.seeds:
        raise UsageError("--kinds and --seeds are for a model that is run, beside --model and --benchmark")
    nominal, *perturbed = runs
    report = robustness_of(nominal, perturbed, allow_mismatch=options.allow_mismatch)
    show_as(
        options.format,
        as_json=lambda: robustness_json(report),
        as_csv=lambda: robustness_to_csv(report),
        sheets=lambda: robustness_sheets(report),
    )
    return EXIT_DONE


def audit_memorisation(options: Namespace) -> int:
    """Show a run beside one on twins."""
    report = memorisation_of(options.original, options.twin, allow_mismatch=options.allow_mismatch)
    show_as(
        options.format,
        as_json=lambda: memorisation_json(report),
        as_csv=lambda: memorisation_to_csv(report),
        sheets=lambda: memorisation_sheets(report),
    )
    return EXIT_DONE


def _run_both(options: Namespace) -> list[Path]:
    """The folders of the run on the nominal prompts and of those on perturbed ones, each made or resumed.

    Raises:
        UsageError: what is asked for does not go together.
    """
    plan = run_plan(options)
    if len(plan.benchmarks) > 1 or len(plan.adapters) > 1:
        raise UsageError("audit one model, with one adapter or none, on one benchmark at a time")
    (nominal,) = plan.benchmarks
    perturbed = _perturbed(nominal, options)
    outcomes = run_models(replace(plan, benchmarks=(nominal, *perturbed)))
    for outcome in outcomes:
        for message, count in outcome.failures.items():
            complain(f"{for_terminal(message, longest=1000)} ({count} programs)")
    return [outcome.folder for outcome in outcomes]


def _perturbed(nominal: Benchmark, options: Namespace) -> Sequence[Benchmark]:
    """The benchmarks of the kinds asked for, or of all that fit.

    Raises:
        UsageError: there is no such kind.
        UnknownBenchmark: a kind that is asked for fits no problem, or none does.
    """
    kinds = [each.strip() for each in (options.kinds or "").split(",") if each.strip()]
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"--kinds {kind}: there are {', '.join(KINDS)}")
    found, reason = [], UnknownBenchmark("")
    for kind in dict.fromkeys(kinds) or (each for each in KINDS if each != TWIN):
        seeds = options.seeds or SEEDS
        name = str(DerivedName(base=nominal.name, kind=kind, seeds=seeds))
        try:
            found.append(load_benchmark(name, allow_unpinned=options.allow_unpinned))
        except UnknownBenchmark as error:
            reason = error
            if kinds:
                raise
            complain(for_terminal(str(error), longest=1000))
    if not found:
        raise reason
    return found
