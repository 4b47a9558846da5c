"""What `crucible compare`, `gate` and `baseline` do, once their arguments are parsed."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from codecrucible.harness.cli.groups import group_comparisons_of, show_group_comparisons
from codecrucible.harness.cli.output import show_as, show_sentence, show_sheets
from codecrucible.harness.common.codec import dumps, to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_INCONCLUSIVE, EXIT_REGRESSION, UsageError
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.provenance import code_version
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.results.baselines import baseline_path, baselines, set_baseline
from codecrucible.harness.results.field import label_and_path
from codecrucible.harness.results.footprint import footprints_of
from codecrucible.harness.results.lost import lost_problems
from codecrucible.harness.results.pages import Compared, save_page
from codecrucible.harness.results.pairs import (
    Pair,
    comparisons_of,
    found_in,
    number_type_cautions,
    paired_runs,
    prompt_cautions,
    refuse_missing_samples,
)
from codecrucible.reports import Comparison, GateResult, GateRule, GateState, decide, for_terminal, to_json_text
from codecrucible.reports.comparison import with_holm
from codecrucible.reports.groups import GroupedComparison
from codecrucible.reports.views.code_quality import to_code_quality
from codecrucible.reports.views.compare_view import (
    comparison_json,
    comparison_sheets,
    comparisons_to_csv,
    comparisons_told_apart,
)
from codecrucible.reports.views.gate_view import (
    annotations,
    gate_json,
    gate_sheets,
    gate_to_csv,
    gate_to_junit,
    gate_to_markdown,
    headline,
)
from codecrucible.reports.views.group_page import group_comparison_tables
from codecrucible.reports.views.lost_view import ORDERS, LostProblem, lost_sheet
from codecrucible.reports.views.report_view import warnings_of
from codecrucible.reports.views.sarif import to_sarif
from codecrucible.reports.views.sheet import Sheet, rows_to_csv


def compare(options: Namespace) -> int:
    """Print every number of the candidates beside the baseline's."""
    base_name, base = _named_run(options.baseline)
    by_candidate = [
        paired_runs(base, path, allow_mismatch=options.allow_mismatch, names=(base_name, name))
        for name, path in _each_once([_named_run(each) for each in options.candidates])
    ]
    pairs = [pair for each in by_candidate for pair in each]
    _warn_of_one_run(pairs)
    comparisons = with_holm(comparisons_of(pairs, inference=options.inference, by_language=True))
    warn_of_prompts(pairs)
    whole = [each for each in comparisons if not each.language]
    if options.samples:
        apart = comparisons_told_apart(whole)
        lost = [row for pair, each in zip(pairs, apart, strict=True) for row in lost_problems(pair, each)]
        _show_lost(sorted(lost, key=ORDERS[options.samples]), form=options.format)
        return EXIT_DONE
    groups = group_comparisons_of(pairs, options.by, inference=options.inference) if options.by else []
    if options.html:
        rest = iter(whole)
        compared = [Compared(pairs=each, comparisons=[next(rest) for _ in each]) for each in by_candidate]
        _save_page(options.html, compared, groups)
    if options.by:
        show_group_comparisons(groups, form=options.format)
    else:
        show_comparisons(comparisons, form=options.format)
    return EXIT_DONE


def gate(options: Namespace) -> int:
    """Decide whether the candidate may take the baseline's place."""
    try:
        rule = GateRule(alpha=options.alpha, margin=options.margin, looks=options.looks, retain=options.retain)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if options.retain is not None and options.inference == "fixed-set":
        raise UsageError("--retain is about problems like these; omit --inference fixed-set")
    base_name, base = _named_run(options.baseline)
    name, candidate = _named_run(options.candidate)
    pairs = paired_runs(base, candidate, allow_mismatch=options.allow_mismatch, names=(base_name, name))
    refuse_missing_samples(pairs)
    comparisons = comparisons_of(pairs, inference=options.inference, by_language=False, gated_parts=options.part)
    try:
        result = decide(comparisons, rule)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if rule.retain is not None:
        result = replace(result, footprints=tuple(footprints_of(pairs)))
    warn_of_prompts(pairs)
    _warn_of_one_run(pairs)
    _write_files(options, result, pairs)
    if options.html:
        _save_page(options.html, [Compared(pairs=pairs, comparisons=comparisons, rule=rule)])
    _tell_github(result)
    _show_gate(result, form=options.format)
    code = _exit_code(result, strict=options.strict)
    if options.refuse_control and code == EXIT_DONE and any(_by_control(pair) for pair in pairs):
        complain("--refuse-control: some passes are confirmed only by a negative control; the gate is not passed")
        return EXIT_INCONCLUSIVE
    return code


def name_baseline(options: Namespace) -> int:
    """Let a name stand for a run."""
    made = set_baseline(options.name, options.folder)
    if options.json:
        print(dumps(to_json(made)))
    else:
        print(for_terminal(f"{made.name} is {', '.join(made.run_ids)} in {made.path}", longest=1000))
    return EXIT_DONE


def list_baselines(options: Namespace) -> int:
    """List the baselines that have a name."""
    known = baselines()
    if options.json:
        print(to_json_text({"baselines": [to_json(each) for each in known]}), end="")
    if not known:
        complain("no run has a name yet: `crucible baseline set NAME RUN` gives one")
    for each in [] if options.json else known:
        print(for_terminal(f"{each.name}  {each.path}  {each.set_utc}  {', '.join(each.run_ids)}", longest=1000))
    return EXIT_DONE


def _save_page(path: Path, compared: Sequence[Compared], groups: Sequence[GroupedComparison] = ()) -> None:
    """The page of all runs that were compared, a baseline before its candidates."""
    pairs = [pair for each in compared for pair in each.pairs]
    folders = {folder.path: folder for pair in pairs for folder in (pair.base, pair.candidate)}
    save_page(path, list(folders.values()), compared, groups=group_comparison_tables(groups))


def _by_control(pair: Pair) -> int:
    return pair.base_report.passes_by_control + pair.candidate_report.passes_by_control


def _exit_code(result: GateResult, *, strict: bool) -> int:
    if result.state is GateState.REGRESSION:
        return EXIT_REGRESSION
    return EXIT_INCONCLUSIVE if strict and result.state is GateState.INCONCLUSIVE else EXIT_DONE


def _write_files(options: Namespace, result: GateResult, pairs: Sequence[Pair]) -> None:
    """What was asked for, for CI to read."""
    if options.junit:
        write_atomically(options.junit, gate_to_junit(result, strict=options.strict))
    if not (options.sarif or options.codequality):
        return
    findings = [finding for pair in pairs for finding in found_in(pair.candidate)]
    if options.codequality:
        write_atomically(options.codequality, to_json_text(to_code_quality(findings)))
    if options.sarif:
        log = to_sarif(
            findings,
            version=code_version(),
            category="-".join(pair.candidate_report.benchmark for pair in pairs),
            known=frozenset(finding.fingerprint for pair in pairs for finding in found_in(pair.base)),
        )
        write_atomically(options.sarif, to_json_text(log))


def _tell_github(result: GateResult) -> None:
    """The step's summary, output and annotations, where this is a step of a workflow."""
    for name, text in (
        ("GITHUB_STEP_SUMMARY", gate_to_markdown(result)),
        ("GITHUB_OUTPUT", f"decision={result.state.value}\n"),
    ):
        if os.environ.get(name):
            with Path(os.environ[name]).open("a", encoding="utf-8") as file:
                file.write(text)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print("\n".join(annotations(result)), file=sys.stderr)


def _named_run(given: str) -> tuple[str, Path]:
    """Name and path of [NAME=]RUN, where RUN may be the name of a baseline."""
    name, path = label_and_path(given)
    return name, baseline_path(path)


def _each_once(candidates: Sequence[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """The candidates, without those that were given before."""
    once: dict[Path, tuple[str, Path]] = {}
    for candidate in candidates:
        if once.setdefault(candidate[1].resolve(), candidate) is not candidate:
            complain(f"{candidate[1]} is given twice: it is compared once")
    return list(once.values())


def _warn_of_one_run(pairs: Sequence[Pair]) -> None:
    for pair in pairs:
        if pair.base.path.resolve() == pair.candidate.path.resolve():
            complain(f"baseline and candidate are one run, {pair.base.path}: this decides nothing")


def warn_of_prompts(pairs: Sequence[Pair]) -> None:
    """Say on stderr what is missing from a report's numbers, and which runs asked or computed otherwise."""
    reports = {str(pair.base.path): pair.base_report for pair in pairs}
    reports |= {str(pair.candidate.path): pair.candidate_report for pair in pairs}
    for warning in warnings_of(list(reports.values())):
        complain(warning)
    for caution in (*prompt_cautions(pairs), *number_type_cautions(pairs)):
        complain(for_terminal(caution, longest=1000))


def show_comparisons(comparisons: Sequence[Comparison], *, form: str) -> None:
    """Print comparisons in the form asked for."""
    show_as(
        form,
        as_json=lambda: {"comparisons": [comparison_json(each) for each in comparisons]},
        as_csv=lambda: comparisons_to_csv(comparisons),
        sheets=lambda: comparison_sheets(comparisons),
    )


def _show_lost(lost: Sequence[LostProblem], *, form: str) -> None:
    show_as(
        form,
        as_json=lambda: {"lost": [to_json(each) for each in lost]},
        as_csv=lambda: rows_to_csv(to_json(each) for each in lost),
        sheets=lambda: [lost_sheet(lost)],
    )


def _show_gate(result: GateResult, *, form: str) -> None:
    if form == "json":
        print(to_json_text(gate_json(result)), end="")
    elif form == "csv":
        print(gate_to_csv(result), end="")
    elif form == "markdown":
        print(gate_to_markdown(result), end="")
    elif form == "table":
        show_sheets(gate_sheets(result))
        show_sentence(headline(result))
    else:
        show_sheets([Sheet(title=headline(result), headings=(), rows=()), *gate_sheets(result)], form=form)
