"""What `crucible execute`, `scan`, `judge`, `efficiency` and `merge` do, once their arguments are parsed."""

from argparse import Namespace

from codecrucible.harness.cli.output import conclude
from codecrucible.harness.evaluation.merge_shards import merge_shards
from codecrucible.harness.evaluation.running import RUNS, go_on
from codecrucible.harness.evaluation.session import Outcome, judge_run
from codecrucible.harness.results.report import benchmark_of, current_report, make_report
from codecrucible.harness.runs.folder import RunFolder, RunWriter


def execute(options: Namespace) -> int:
    """Execute what was not executed yet, and judge."""
    outcome = go_on(
        options.folder,
        scan=False,
        cluster=options.cluster,
        workers=options.workers,
        sync=options.sync,
        quiet=options.quiet,
    )
    return conclude([outcome], options)


def scan(options: Namespace) -> int:
    """Scan what was not scanned yet."""
    outcome = go_on(options.folder, execute=False, sync=options.sync, quiet=options.quiet)
    return conclude([outcome], options, unjudged_fails=False)


def judge(options: Namespace) -> int:
    """Derive the judgements again, and the report with them."""
    with RunWriter(options.folder) as writer:
        benchmark = benchmark_of(writer.folder.manifest)
        judge_run(writer, benchmark)
        made = make_report(writer.folder, benchmark)
    return conclude([Outcome(folder=options.folder, report=made, failures={})], options)


def efficiency(options: Namespace) -> int:
    """Measure what passed and was not measured yet."""
    from codecrucible.harness.evaluation.efficiency import measure_efficiency

    outcome = measure_efficiency(
        options.folder, rounds=options.rounds, workers=options.workers, sync=options.sync, quiet=options.quiet
    )
    return conclude([outcome], options, unjudged_fails=False, slow=options.slow)


def merge(options: Namespace) -> int:
    """Put the shards of a run together."""
    out = options.out or RUNS / RunFolder(options.shards[0]).manifest.run_id
    folder = merge_shards(options.shards, out=out, argv=options.argv)
    manifest = folder.manifest
    made = current_report(folder, benchmark_of(manifest))
    outcome = Outcome(folder=folder.path, report=made, failures={})
    return conclude([outcome], options, unjudged_fails=bool(manifest.sandbox))
