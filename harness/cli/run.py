"""What `crucible run`, `generate` and `evaluate` do, once their arguments are parsed."""

from argparse import Namespace

from codecrucible.harness.cli.output import conclude, print_one_or_all
from codecrucible.harness.cli.requests import file_plan, run_plan
from codecrucible.harness.cli.suite import run_suite, show_plan
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.plan import RunPlan
from codecrucible.harness.evaluation.running import evaluate_file, refuse_other_form, run_models
from codecrucible.harness.models.in_turn import generators_for, models_in_turn
from codecrucible.reports import report_json


def run(options: Namespace) -> int:
    """Sample, execute, scan, judge, report; each benchmark in a run folder of its own."""
    if options.suite is not None:
        return run_suite(options)
    if options.dry_run:
        return show_plan([options], [run_plan(options)])
    return conclude(run_models(run_plan(options)), options)


def generate(options: Namespace) -> int:
    """Only sample; the other steps can follow on another machine."""
    if options.dry_run:
        if options.cluster is not None:
            raise UsageError(
                f"--dry-run beside --cluster {options.cluster}: it loads the model here; give one of the two"
            )
        return _examine_prompts(run_plan(options), as_json=options.json)
    outcomes = run_models(run_plan(options), execute=False)
    if options.json:
        print_one_or_all([report_json(outcome.report) for outcome in outcomes])
    else:
        for outcome in outcomes:
            print(f"{outcome.report.samples} samples in {outcome.folder}; next: crucible execute {outcome.folder}")
    return EXIT_DONE


def evaluate(options: Namespace) -> int:
    """Score completions made elsewhere."""
    return conclude([evaluate_file(file_plan(options))], options)


def _examine_prompts(plan: RunPlan, *, as_json: bool) -> int:
    """Show what the model would be sent, and a handful of what it answers; write nothing."""
    from codecrucible.harness.evaluation.prompt_check import examine, lines_of

    reports = []
    with generators_for(plan.model, plan.loading, plan.adapters, plan.sampling, quiet=plan.quiet) as engine:
        models = models_in_turn(plan.model, plan.loading, plan.adapters, plan.sampling, pool=engine, quiet=plan.quiet)
        for model in models:
            refuse_other_form(model, plan.benchmarks)
            for benchmark in plan.benchmarks:
                with Progress(quiet=plan.quiet) as progress:
                    found = examine(
                        model,
                        benchmark,
                        plan.sampling,
                        asked_form=plan.loading.prompt_form,
                        extraction=plan.extraction,
                        progress=progress,
                    )
                reports.append(to_json(found))
                if not as_json:
                    print(*lines_of(found), sep="\n", end="\n\n")
    if as_json:
        print_one_or_all(reports)
    return EXIT_DONE
