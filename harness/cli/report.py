"""What `crucible report` does, once its arguments are parsed."""

import sys
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from codecrucible.harness.cli.groups import groups_of, refuse_lone_group, show_groups
from codecrucible.harness.cli.output import show
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.results.field import named_folder
from codecrucible.harness.results.parquet import sample_file_at
from codecrucible.harness.results.report import benchmark_of, current_report, make_report
from codecrucible.harness.results.scoring import corpus_codebleu_of, similarity_of
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import Report, for_terminal
from codecrucible.reports.views.group_page import group_tables

if TYPE_CHECKING:
    from codecrucible.reports.sample_file import SampleFile


def report(options: Namespace) -> int:
    """Write report.json of each run folder and print them together."""
    refuse_lone_group(options)
    if options.against and options.format == "csv":
        raise UsageError("--against has no columns in CSV; take another --format")
    if options.by and (options.similarity or options.codebleu != "ours"):
        raise UsageError("--by shows the scores of groups; ask for --similarity and --codebleu without it")
    if options.similarity and options.format == "csv":
        raise UsageError("--similarity has no columns in CSV; take another --format")
    if options.ratings and options.format == "csv":
        raise UsageError("--ratings has no columns in CSV; take another --format")
    with sample_file_at(options.parquet) if options.parquet else nullcontext() as sample_file:
        runs = [
            (folder, _report_of(folder, ks=options.k, cutoff=options.cutoff or "", sample_file=sample_file))
            for folder in [named_folder(given) for given in options.folders]
        ]
    for folder, made in runs:
        if options.cutoff and made.cutoff is None:
            raise UsageError(
                f"--cutoff {options.cutoff}: the problems of {folder.path}, of {made.benchmark}, have no dates"
            )
    groups = groups_of([made for _, made in runs], options.by, against=options.against) if options.by else []
    ratings = None
    if options.ratings:
        from codecrucible.harness.results.ratings.summary import rating_summary

        ratings = rating_summary([folder for folder, _ in runs], options.ratings)
    if options.html:
        from codecrucible.harness.results.pages import save_page

        save_page(options.html, [folder for folder, _ in runs], ratings=ratings, groups=group_tables(groups))
    if options.report_to:
        from codecrucible.harness.results.trackers import log_run

        for folder, made in runs:
            print(for_terminal(log_run(folder, made, options.report_to), longest=1000), file=sys.stderr)
    if options.codebleu != "ours":
        runs = [
            (
                folder,
                replace(made, codebleu=corpus_codebleu_of(folder, benchmark_of(folder.manifest), options.codebleu)),
            )
            for folder, made in runs
        ]
    reports = [made for _, made in runs]
    if options.by:
        show_groups(groups, form=options.format)
        return EXIT_DONE
    if options.similarity:
        reports = [
            replace(made, similarity=similarity_of(folder, benchmark_of(folder.manifest))) for folder, made in runs
        ]
    show(reports, form=options.format, ratings=ratings, slow=options.slow)
    return EXIT_DONE


def _report_of(
    folder: RunFolder, *, ks: tuple[int, ...] | None, cutoff: str, sample_file: "SampleFile | None"
) -> Report:
    """The run's report with `ks` in it, None for its own; rows are made again only where they are needed."""
    benchmark = benchmark_of(folder.manifest)
    if sample_file is None and not cutoff:
        kept = current_report(folder, benchmark)
        if set(kept.pass_at_k) == set(ks or folder.manifest.k) and kept.cutoff is None:
            return kept
    return make_report(folder, benchmark, ks=ks, cutoff=cutoff, sample_file=sample_file)
