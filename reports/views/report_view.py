"""One or several reports side by side, for a terminal, a Markdown page and a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codecrucible.benchmarks.judging import NO_ANSWERS
from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.views.safe_text import for_csv, for_folding, for_markdown, for_terminal
from codecrucible.reports.views.sheet import NOT_MEASURED, percent

NARROWEST_NAME = 18  # columns of a terminal

Report = Mapping[str, Any]  # what `build_report` returns


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the summary: its heading and the text of a report's cell, each of at most two lines."""

    heading: str
    cell: Callable[[Report], str]


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print the summary, the verdicts and a loud line for whatever is missing from the numbers.

    A table that is wider than the console is printed in parts, so that no number is cut off. Of what others wrote, only
    names are folded, so that nothing else of it begins a line.

    Raises:
        ValueError: if there is no report.
    """
    summary = summary_table(reports)
    if _narrowest(summary, reports) <= console.width:
        console.print(summary)
    else:
        console.print(summary_table(reports, columns=(*_pass_columns(reports), *_other_columns())))
        if parts := _part_columns(reports):
            console.print(summary_table(reports, columns=parts, title="On parts of the tests"))
        console.print(summary_table(reports, columns=_count_columns(reports), title="Behind the scores"))
    console.print(Text(_LEGEND + "\n", style="dim"))
    for note in notes_of(reports):
        console.print(Text(note + "\n"), soft_wrap=True)
    abreast = max(1, (console.width - 20) // 24)
    for first in range(0, len(reports), abreast):
        console.print(verdict_table(reports[first : first + abreast]))
    for warning in warnings_of(reports):
        console.print(Text(warning, style="bold white on red"), soft_wrap=True)


def _narrowest(summary: Table, reports: Sequence[Report]) -> int:
    """Columns that the summary needs when the models' names are folded as far as they may be."""
    unfolded = Console(width=10_000, file=io.StringIO())
    lines = unfolded.render_lines(summary, unfolded.options, pad=False)
    widest = max(sum(segment.cell_length for segment in line) for line in lines)
    names = max(cell_len(line) for report in reports for line in _who(report).plain.split("\n"))
    return widest - max(0, names - NARROWEST_NAME)


def summary_table(
    reports: Sequence[Report], *, columns: Sequence[Column] | None = None, title: str = "Scores"
) -> Table:
    """Rich table with one row a report: the scores, their 95 % intervals, and what they rest on.

    Args:
        reports: At least one.
        columns: The columns to show after the model's; by default all of them.
        title: Printed above.

    Raises:
        ValueError: if there is no report.
    """
    shown = columns or _all_columns(reports)
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 1), collapse_padding=True)
    table.add_column("model\nbenchmark", overflow="fold", min_width=NARROWEST_NAME)
    for column in shown:
        table.add_column(column.heading, justify="right", no_wrap=True)
    for report in reports:
        table.add_row(_who(report), *(Text(column.cell(report)) for column in shown))
    return table


def verdict_table(reports: Sequence[Report]) -> Table:
    """Rich table with one row a verdict and one column a report: number of samples and their share.

    Raises:
        ValueError: if there is no report.
    """
    _all_k(reports)
    table = Table(box=box.SIMPLE_HEAD, title="Verdicts", title_justify="left")
    table.add_column("verdict", no_wrap=True)
    for report in reports:
        table.add_column(_who(report), justify="right", overflow="fold", min_width=14)
    for verdict in _seen_verdicts(reports):
        cells = [_count_and_share(report["verdicts"][verdict], report["samples"]) for report in reports]
        table.add_row(verdict, *cells, style=_STYLES.get(verdict))
    return table


def warnings_of(reports: Sequence[Report]) -> Iterator[str]:
    """A line, safe for a terminal, for each thing that is missing from the numbers of a report."""
    for report in reports:
        run = for_terminal(str(report["run_id"]))
        if not report.get("pinned", True):
            yield (
                f"{run}: the data of {for_terminal(str(report['benchmark']))} is NOT THE PUBLISHED FILE; these are no "
                "scores of that benchmark."
            )
        for caution in report.get("cautions", ()):
            yield f"{run}: caution: {for_terminal(str(caution), longest=1000)}."
        if report["unjudged"]:
            yield (
                f"{run}: {report['unjudged']} of {report['samples']} samples are UNJUDGED and in no score; "
                "run the same command again to judge them."
            )
        for reason, count in (report.get("no_answer") or {}).items():
            told = NO_ANSWERS.get(reason, for_terminal(str(reason)))
            yield f"{run}: {count} of {report['samples']} samples are EMPTY: {told}."
        missing = report["missing"]
        if missing["samples"]:
            yield (
                f"{run}: {missing['samples']} samples are MISSING ({len(missing['problems'])} of "
                f"{report['problems']} problems have none)."
            )
        for k, score in report["pass_at_k"].items():
            if score["reason"]:
                yield f"{run}: pass@{k}: {score['reason']}."
        for problem_id in (report.get("live") or {}).get("dead_passed", ()):
            yield (
                f"{run}: {for_terminal(problem_id)} is PASSED, and the benchmark declares it dead: that is WRONG. "
                "It counts in pass@k, and live pass@k leaves it out."
            )


def notes_of(reports: Sequence[Report]) -> Iterator[str]:
    """A line, safe for a terminal, on what the numbers leave out: dead problems, unscannable passes, CodeBLEU."""
    for report in reports:
        run, live = for_terminal(str(report["run_id"])), report.get("live")
        if live:
            causes = "; ".join(f"{count} x {for_terminal(cause)}" for cause, count in live["causes"].items())
            yield (
                f"{run}: {live['dead']} of {report['problems']} problems cannot be passed (causes: {causes}). "
                f"pass@k is over all problems, as it is published; live pass@k over the other {live['problems']}."
            )
        if passes := _unscannable_passes(report):
            yield (
                f"{run}: no scanner could read {passes} of {report['verdicts'][Verdict.PASSED.value]} passing samples: "
                "they are not in the insecure rate, and are no secure passes."
            )
        if report["codebleu"]["value"] is None:
            yield f"{run}: no CodeBLEU: {for_terminal(report['codebleu']['reason'])}."
        elif "definition" in report["codebleu"]:
            yield f"{run}: CodeBLEU is of all samples together, by {for_terminal(report['codebleu']['method'])}."
        if reason := report.get("perplexity", {}).get("reason"):
            yield f"{run}: perplexity: {for_terminal(reason)}."


def to_markdown(reports: Sequence[Report]) -> str:
    """The warnings, the summary and the verdicts as Markdown, for a step summary or a pull request.

    Raises:
        ValueError: if there is no report.
    """
    columns = _all_columns(reports)
    names = [(for_markdown(_model(report)), for_markdown(str(report["benchmark"]))) for report in reports]
    headings = ["model", "benchmark", *(_one_line(column.heading) for column in columns)]
    rows = [
        [*name, *(_one_line(column.cell(report)) for column in columns)]
        for name, report in zip(names, reports, strict=True)
    ]
    verdict_rows = [
        [verdict, *(_count_and_share(report["verdicts"][verdict], report["samples"]) for report in reports)]
        for verdict in _seen_verdicts(reports)
    ]
    blocks = [f"**{for_markdown(warning, longest=1000)}**" for warning in warnings_of(reports)]
    blocks.append(_markdown_table(headings, rows, labels=2))
    blocks.append(_markdown_table(["verdict", *map(" ".join, names)], verdict_rows, labels=1))
    blocks += [for_markdown(note, longest=1000) for note in notes_of(reports)]
    return "\n\n".join((*blocks, _LEGEND)) + "\n"


def to_csv(reports: Sequence[Report]) -> str:
    """One line a report with every number at full precision; what was not measured is an empty cell.

    Raises:
        ValueError: if there is no report.
    """
    ks = _all_k(reports)
    out = io.StringIO()
    parts = _all_parts(reports)
    lines = [_csv_row(report, ks, parts) for report in reports]
    if any("perplexity" in report for report in reports):
        for line, found in zip(lines, (report.get("perplexity", {}) for report in reports), strict=True):
            line |= {"perplexity": found.get("value"), "bits_per_byte": found.get("bits_per_byte")}
    writer = csv.DictWriter(out, fieldnames=list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


_LEGEND = (
    "95 % intervals are over problems. Secure pass@1: passes without a finding of medium or high severity. "
    f"Insecure rate: mean over problems of the share of scannable samples with one. {NOT_MEASURED}: not measured."
)
_NO_SCORE: Mapping[str, Any] = {"value": None, "ci95": None}
_STYLES = {"passed": "green", "forged": "bold red", "unjudged": "bold white on red"}


def _all_columns(reports: Sequence[Report]) -> tuple[Column, ...]:
    return (
        *_pass_columns(reports),
        *_part_columns(reports),
        *_other_columns(),
        *_perplexity_columns(reports),
        *_count_columns(reports),
    )


def _pass_columns(reports: Sequence[Report]) -> tuple[Column, ...]:
    return (
        *(Column(heading=f"pass@{k}\n95 % interval", cell=partial(_with_interval, k=k)) for k in _all_k(reports)),
        *(
            Column(heading=f"live pass@{k}\n95 % interval", cell=partial(_live_with_interval, k=k))
            for k in _all_k(reports)
            if any(report.get("live") for report in reports)
        ),
    )


def _part_columns(reports: Sequence[Report]) -> tuple[Column, ...]:
    return tuple(
        Column(heading=f"pass@{k}\n{part} tests", cell=partial(_with_interval, k=k, part=part))
        for part in _all_parts(reports)
        for k in _all_k(reports)
    )


def _other_columns() -> tuple[Column, ...]:
    return (
        Column(heading="secure\npass@1", cell=lambda report: percent(report["security"]["secure_pass_at_1"])),
        Column(heading="insecure\nrate", cell=lambda report: percent(report["security"]["insecure_rate"])),
        Column(heading="CodeBLEU", cell=lambda report: percent(report["codebleu"]["value"])),
    )


def _perplexity_columns(reports: Sequence[Report]) -> tuple[Column, ...]:
    if not any("perplexity" in report for report in reports):
        return ()

    def cell(report: Report, name: str) -> str:
        value = report.get("perplexity", {}).get(name)
        return NOT_MEASURED if value is None else f"{value:.3f}"

    return (
        Column(heading="perplexity\nof references", cell=partial(cell, name="value")),
        Column(heading="bits\na byte", cell=partial(cell, name="bits_per_byte")),
    )


def _count_columns(reports: Sequence[Report]) -> tuple[Column, ...]:
    """What the scores rest on; passes that could not be scanned where there are any."""
    return (
        Column(heading="findings\nH / M / L", cell=_findings),
        *(
            [Column(heading="passed,\nnot scannable", cell=lambda report: str(_unscannable_passes(report)))]
            if any(map(_unscannable_passes, reports))
            else []
        ),
        Column(heading="n x\nproblems", cell=lambda report: f"{report['n']} x {report['problems']}"),
        Column(heading="truncated", cell=lambda report: str(report["truncated"])),
        Column(heading="timeouts", cell=lambda report: str(report["verdicts"][Verdict.TIMEOUT.value])),
        Column(heading="unjudged", cell=lambda report: f"{report['unjudged']}{' !' if report['unjudged'] else ''}"),
    )


def _all_k(reports: Sequence[Report]) -> list[str]:
    """Every k that a report has, smallest first."""
    if not reports:
        raise ValueError("Cannot show reports: there is none. Pass at least one.")
    return sorted({k for report in reports for k in report["pass_at_k"]}, key=int)


def _all_parts(reports: Sequence[Report]) -> list[str]:
    """Every part of the tests that a report has scores of; a name that is no plain word is nobody's, and not shown."""
    parts = dict.fromkeys(part for report in reports for part in report.get("pass_at_k_of_parts", {}))
    return [part for part in parts if part.isascii() and part.isidentifier()]


def _seen_verdicts(reports: Sequence[Report]) -> list[str]:
    """Verdicts that occur, in the order of `Verdict` but with `unjudged` last."""
    ordered = sorted(Verdict, key=lambda verdict: verdict is Verdict.UNJUDGED)
    return [verdict.value for verdict in ordered if any(report["verdicts"][verdict.value] for report in reports)]


def _model(report: Report) -> str:
    return f"{report['model']} + {report['adapter']}" if report["adapter"] else str(report["model"])


def _who(report: Report) -> Text:
    """Model and benchmark as text in which nothing is markup."""
    name = for_folding(_model(report), longest=80)
    return Text.assemble((name, "bold"), "\n", (for_folding(str(report["benchmark"]), longest=40), "dim"))


def _score(report: Report, k: str, part: str = "") -> Mapping[str, Any]:
    """pass@k, of one part of the tests if there is one of that name; "not measured" where the report has none."""
    scores = report.get("pass_at_k_of_parts", {}).get(part, {}) if part else report["pass_at_k"]
    return scores.get(k) or _NO_SCORE


def _with_interval(report: Report, k: str, part: str = "") -> str:
    """The score, and below it the ends of its interval if it has one."""
    return _score_and_interval(_score(report, k, part))


def _live_with_interval(report: Report, k: str) -> str:
    """The same over the problems that can be passed; a dash where those are all."""
    return _score_and_interval(_live_score(report, k))


def _live_score(report: Report, k: str) -> Mapping[str, Any]:
    live = report.get("live")
    score: Mapping[str, Any] = live["pass_at_k"].get(k, _NO_SCORE) if live else _NO_SCORE
    return score


def _score_and_interval(score: Mapping[str, Any]) -> str:
    if score["ci95"] is None:
        return percent(score["value"])
    low, high = score["ci95"]
    return f"{percent(score['value'])}\n{100 * low:.1f} to {100 * high:.1f}"


def _findings(report: Report) -> str:
    security = report["security"]
    counts = (str(security["findings"][severity]) for severity in ("high", "medium", "low"))
    return " / ".join(counts) if security["scanned"] else NOT_MEASURED


def _unscannable_passes(report: Report) -> int:
    return int(report["security"]["unscannable_passes"])


def _count_and_share(count: int, samples: int) -> str:
    return f"{count}  {100 * count / samples:5.1f} %" if samples else NOT_MEASURED


def _one_line(two_lines: str) -> str:
    first, _, second = two_lines.partition("\n")
    if second[:1].isdigit():
        return f"{first} ({second})"
    return f"{first} {second}".strip()


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, labels: int) -> str:
    """A table whose first `labels` columns are text and whose others are numbers."""
    rule = [":--"] * labels + ["--:"] * (len(headings) - labels)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (headings, rule, *rows))


def _csv_score(name: str, score: Mapping[str, Any]) -> dict[str, Any]:
    low, high = score["ci95"] or (None, None)
    return {name: score["value"], f"{name}_low": low, f"{name}_high": high}


def _csv_row(report: Report, ks: Sequence[str], parts: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: for_csv(str(report[name] or "")) for name in ("run_id", "benchmark", "model", "adapter")
    }
    row |= {name: report[name] for name in ("problems", "samples", "n")}
    for part in ("", *parts):
        for k in ks:
            row |= _csv_score(f"{part}_pass_at_{k}" if part else f"pass_at_{k}", _score(report, k, part))
    for k in ks:
        row |= _csv_score(f"live_pass_at_{k}", _live_score(report, k))
    row["live_problems"] = report["live"]["problems"] if report.get("live") else report["problems"]
    security = report["security"]
    row |= {"codebleu": report["codebleu"]["value"]}
    row |= {name: security[name] for name in ("secure_pass_at_1", "insecure_rate", "scanned", "unscannable")}
    row |= {name: security[name] for name in ("unscannable_empty", "unscannable_passes")}
    row |= {f"findings_{severity}": count for severity, count in security["findings"].items()}
    missing = report["missing"]
    row |= {"missing_samples": missing["samples"], "missing_problems": len(missing["problems"])}
    row |= {"missing_problem_ids": for_csv(" ".join(missing["problems"]))}
    return row | {"truncated": report["truncated"], **report["verdicts"]}
