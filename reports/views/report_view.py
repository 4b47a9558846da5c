"""One or several reports side by side: sheets, and CSV."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from codecrucible.benchmarks.judging import NO_ANSWERS
from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.counting import NO_TESTS
from codecrucible.reports.report_types import NO_SCORE, Report, Score, told_apart
from codecrucible.reports.views.date_view import date_sheets
from codecrucible.reports.views.efficiency_view import csv_of_efficiency, efficiency_sheets
from codecrucible.reports.views.safe_text import for_terminal
from codecrucible.reports.views.sheet import (
    NOT_MEASURED,
    Cell,
    Sheet,
    optional,
    percent,
    rows_to_csv,
    score_with_interval,
)
from codecrucible.reports.views.similarity_view import similarity_sheet

_LEGEND = (
    "95 % intervals are over problems. Secure pass@1: passes without a finding of medium or high severity. "
    f"Insecure rate: mean over problems of the share of scannable samples with one. {NOT_MEASURED}: not measured."
)
_STYLES = {Verdict.PASSED: "green", Verdict.FORGED: "bold red", Verdict.UNJUDGED: "bold white on red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One column of the summary: its heading, and a report's cell."""

    heading: Cell
    cell: Callable[[Report], Cell]


def report_sheets(reports: Sequence[Report], *, slow: int = 0) -> list[Sheet]:
    """Scores and verdicts, what else was measured, and a loud line for whatever the numbers lack.

    Args:
        reports: Those of the runs.
        slow: Samples of each run that are shown because they are slow, at most.

    Raises:
        ValueError: if there is no report.
    """
    reports = told_apart(reports)
    sheets = [
        _summary_sheet(reports),
        _verdict_sheet(reports),
        *date_sheets(reports),
        *efficiency_sheets(reports, slow=slow),
    ]
    return [*sheets, similarity_sheet(reports)] if any(report.similarity for report in reports) else sheets


def _summary_sheet(reports: Sequence[Report]) -> Sheet:
    """One row a report: the scores, their 95 % intervals, and what they rest on."""
    columns = _columns(reports)
    return Sheet(
        title="Scores",
        headings=(("model", "benchmark"), *(column.heading for column in columns)),
        rows=tuple(
            ((report.name, report.benchmark), *(column.cell(report) for column in columns)) for report in reports
        ),
        notes=(_LEGEND, *notes_of(reports)),
        warnings=tuple(warnings_of(reports)),
        folded=(0,),
    )


def _verdict_sheet(reports: Sequence[Report]) -> Sheet:
    """One row a verdict that occurs, `unjudged` last, and one column a report: number of samples and their share."""
    ordered = sorted(Verdict, key=lambda verdict: verdict is Verdict.UNJUDGED)
    seen = [verdict for verdict in ordered if any(report.verdicts.get(verdict) for report in reports)]
    return Sheet(
        title="Verdicts",
        headings=("verdict", *((report.name, report.benchmark) for report in reports)),
        rows=tuple((verdict.value, *(_count_and_share(verdict, report) for report in reports)) for verdict in seen),
        folded=tuple(range(1, len(reports) + 1)),
        styles=tuple(_STYLES.get(verdict, "") for verdict in seen),
    )


def warnings_of(reports: Sequence[Report]) -> Iterator[str]:
    """A line, safe for a terminal, for each thing that is missing from the numbers of a report."""
    for report in reports:
        run = for_terminal(report.run_id)
        if not report.pinned:
            yield (
                f"{run}: the data of {for_terminal(report.benchmark)} is NOT THE PUBLISHED FILE; these are no "
                "scores of that benchmark."
            )
        for caution in report.cautions:
            yield f"{run}: caution: {for_terminal(caution, longest=1000)}."
        if report.unjudged:
            yield (
                f"{run}: {report.unjudged} of {report.samples} samples are UNJUDGED and in no score; "
                "run the same command again to judge them."
            )
        for reason, count in report.no_answer.items():
            told = NO_ANSWERS.get(reason, for_terminal(reason))
            yield f"{run}: {count} of {report.samples} samples are EMPTY: {told}."
        if report.passes_by_control:
            yield (
                f"{run}: {report.passes_by_control} of {report.verdicts.get('passed', 0)} passes are vouched for by a "
                "negative CONTROL alone, which a program that cheats can get past."
            )
        if report.missing.samples:
            yield (
                f"{run}: {report.missing.samples} samples are MISSING ({len(report.missing.problems)} of "
                f"{report.problems} problems have none)."
            )
        for k, score in report.pass_at_k.items():
            if score.reason and report.tested:
                yield f"{run}: pass@{k}: {for_terminal(score.reason)}."
        for problem_id in report.live.dead_passed if report.live else ():
            yield (
                f"{run}: {for_terminal(problem_id)} is PASSED, and the benchmark declares it dead: that is WRONG. "
                "It counts in pass@k, and live pass@k leaves it out."
            )


def notes_of(reports: Sequence[Report]) -> Iterator[str]:
    """A line, safe for a terminal, on what the numbers leave out: dead problems, unscannable passes, CodeBLEU."""
    for report in reports:
        run, live = for_terminal(report.run_id), report.live
        if live:
            causes = "; ".join(f"{count} x {for_terminal(cause)}" for cause, count in live.causes.items())
            yield (
                f"{run}: {live.dead} of {report.problems} problems cannot be passed (causes: {causes}). "
                f"pass@k is over all problems, as it is published; live pass@k over the other {live.problems}."
            )
        if not report.tested:
            yield f"{run}: pass@k is {NO_TESTS}; nothing was run, and its samples are scanned alone."
        if report.security.no_scanner and report.security.scanned:
            yield (
                f"{run}: no scanner reads the language of {report.security.no_scanner} of {report.samples} samples: "
                "they are not in the insecure rate."
            )
        if passes := report.security.unscannable_passes:
            yield (
                f"{run}: no scanner could read {passes} of {report.verdicts.get(Verdict.PASSED, 0)} passing samples: "
                "they are not in the insecure rate, and are no secure passes."
            )
        if report.codebleu.value is None:
            yield f"{run}: no CodeBLEU: {for_terminal(report.codebleu.reason)}."
        elif report.codebleu.definition:
            yield f"{run}: CodeBLEU is of all samples together, by {for_terminal(report.codebleu.method)}."
        if report.perplexity and report.perplexity.reason:
            yield f"{run}: perplexity: {for_terminal(report.perplexity.reason)}."


def reports_to_csv(reports: Sequence[Report]) -> str:
    """One line a report with every number at full precision; what was not measured is an empty cell.

    Raises:
        ValueError: if there is no report.
    """
    ks, parts = _all_k(reports), _all_parts(reports)
    perplexity = any(report.perplexity for report in reports)
    efficiency = any(report.efficiency for report in reports)
    return rows_to_csv(
        _csv_row(report, ks, parts, perplexity=perplexity) | (csv_of_efficiency(report) if efficiency else {})
        for report in reports
    )


def _columns(reports: Sequence[Report]) -> tuple[_Column, ...]:
    ks = _all_k(reports)
    live = any(report.live for report in reports)
    return (
        *(_Column(heading=(f"pass@{k}", "95 % interval"), cell=partial(_score_cell, k=k)) for k in ks),
        *(_Column(heading=(f"live pass@{k}", "95 % interval"), cell=partial(_live_cell, k=k)) for k in ks if live),
        *(
            _Column(heading=(f"pass@{k}", f"{part} tests"), cell=partial(_score_cell, k=k, part=part))
            for part in _all_parts(reports)
            for k in ks
        ),
        _Column(heading=("secure", "pass@1"), cell=lambda report: percent(report.security.secure_pass_at_1)),
        _Column(heading=("insecure", "rate"), cell=lambda report: percent(report.security.insecure_rate)),
        _Column(heading="CodeBLEU", cell=lambda report: percent(report.codebleu.value)),
        *(_PERPLEXITY if any(report.perplexity for report in reports) else ()),
        _Column(heading=("findings", "H / M / L"), cell=_findings),
        *(_NOT_SCANNABLE if any(report.security.unscannable_passes for report in reports) else ()),
        _Column(heading=("n x", "problems"), cell=lambda report: f"{report.n} x {report.problems}"),
        _Column(heading="truncated", cell=lambda report: str(report.truncated)),
        _Column(heading="timeouts", cell=lambda report: str(report.verdicts.get(Verdict.TIMEOUT, 0))),
        _Column(heading="unjudged", cell=lambda report: f"{report.unjudged}{' !' if report.unjudged else ''}"),
    )


def _value_of_perplexity(report: Report) -> float | None:
    return report.perplexity.value if report.perplexity else None


def _bits_per_byte(report: Report) -> float | None:
    return report.perplexity.bits_per_byte if report.perplexity else None


_PERPLEXITY = (
    _Column(
        heading=("perplexity", "of references"),
        cell=lambda report: optional(_value_of_perplexity(report), "{:.3f}".format),
    ),
    _Column(heading=("bits", "a byte"), cell=lambda report: optional(_bits_per_byte(report), "{:.3f}".format)),
)
_NOT_SCANNABLE = (
    _Column(
        heading=("passed,", "not scannable"),
        cell=lambda report: optional(report.security.unscannable_passes, "{:.0f}".format),
    ),
)


def _all_k(reports: Sequence[Report]) -> list[int]:
    """Every k that a report has, smallest first."""
    if not reports:
        raise ValueError("Cannot show reports: there is none. Pass at least one.")
    return sorted({k for report in reports for k in report.pass_at_k})


def _all_parts(reports: Sequence[Report]) -> list[str]:
    """Every part of the tests that a report has scores of; a name that is no plain word is nobody's, and not shown."""
    parts = dict.fromkeys(part for report in reports for part in report.pass_at_k_of_parts)
    return [part for part in parts if part.isascii() and part.isidentifier()]


def _score(report: Report, k: int, part: str = "") -> Score:
    """pass@k, of one part of the tests if there is one of that name; "not measured" where the report has none."""
    scores = report.pass_at_k_of_parts.get(part, {}) if part else report.pass_at_k
    return scores.get(k, NO_SCORE)


def _live_score(report: Report, k: int) -> Score:
    """pass@k over the problems that can be passed; "not measured" where those are all."""
    return report.live.pass_at_k.get(k, NO_SCORE) if report.live else NO_SCORE


def _score_cell(report: Report, k: int, part: str = "") -> Cell:
    return score_with_interval(_score(report, k, part))


def _live_cell(report: Report, k: int) -> Cell:
    return score_with_interval(_live_score(report, k))


def _findings(report: Report) -> str:
    found = report.security.findings
    return f"{found.high} / {found.medium} / {found.low}" if report.security.scanned else NOT_MEASURED


def _count_and_share(verdict: Verdict, report: Report) -> str:
    count = report.verdicts.get(verdict, 0)
    return f"{count}  {100 * count / report.samples:5.1f} %" if report.samples else NOT_MEASURED


def _csv_row(report: Report, ks: Sequence[int], parts: Sequence[str], *, perplexity: bool) -> dict[str, Any]:
    security = report.security
    scores: dict[str, Any] = {}
    for part in ("", *parts):
        for k in ks:
            scores |= _csv_score(f"{part}_pass_at_{k}" if part else f"pass_at_{k}", _score(report, k, part))
    for k in ks:
        scores |= _csv_score(f"live_pass_at_{k}", _live_score(report, k))
    return {
        "run_id": report.run_id,
        "benchmark": report.benchmark,
        "model": report.model,
        "adapter": report.adapter,
        "problems": report.problems,
        "samples": report.samples,
        "n": report.n,
        **scores,
        "live_problems": report.live.problems if report.live else report.problems,
        "codebleu": report.codebleu.value,
        "secure_pass_at_1": security.secure_pass_at_1,
        "insecure_rate": security.insecure_rate,
        "scanned": security.scanned,
        "unscannable": security.unscannable,
        "unscannable_empty": security.unscannable_empty,
        "unscannable_passes": security.unscannable_passes,
        "findings_high": security.findings.high,
        "findings_medium": security.findings.medium,
        "findings_low": security.findings.low,
        "missing_samples": report.missing.samples,
        "missing_problems": len(report.missing.problems),
        "missing_problem_ids": " ".join(report.missing.problems),
        "truncated": report.truncated,
        **{verdict.value: report.verdicts.get(verdict, 0) for verdict in Verdict},
        **({"perplexity": _value_of_perplexity(report), "bits_per_byte": _bits_per_byte(report)} if perplexity else {}),
    }


def _csv_score(name: str, score: Score) -> dict[str, Any]:
    low, high = score.ci95 or (None, None)
    return {name: score.value, f"{name}_low": low, f"{name}_high": high}
