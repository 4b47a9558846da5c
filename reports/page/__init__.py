"""One HTML file that holds runs whole, with every problem and every sample, or a leaderboard.

What is covered: it opens from a disk without any network; one problem's samples are unpacked when they are looked at,
so that a large run opens at once.
What is not: trust. Names, prompts, completions and outputs are hostile; they are data in the file, never markup, and
the scripts show them as text alone. A content security policy lets no other script run and nothing be fetched.
"""

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import IO, Any

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.comparison import Comparison
from codecrucible.reports.report_file import report_json
from codecrucible.reports.report_types import Report, Score
from codecrucible.reports.views.compare_view import comparison_sheets
from codecrucible.reports.views.report_view import notes_of, warnings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRun:
    """One run of a page.

    Attributes:
        report: Its numbers, as `build_report` makes them.
        argv: The command line it was made with.
        verdicts: Number of samples by verdict, of each problem by its id.
        weaknesses: Number of samples with a finding, by the finding's CWE.
    """

    report: Report
    argv: str
    verdicts: Mapping[str, Counter[str]]
    weaknesses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProblem:
    """One problem of a page.

    Attributes:
        benchmark: Its benchmark's name.
        problem_id: The benchmark's task id.
        language: In lower case.
    """

    benchmark: str
    problem_id: str
    language: str


def page_index(
    runs: Sequence[PageRun], problems: Sequence[PageProblem], comparisons: Sequence[Comparison] = ()
) -> dict[str, Any]:
    """What the page shows before any problem is opened.

    Args:
        runs: In the order in which they are shown; of the runs that have a problem, the first is what the others'
            changes are from.
        problems: The rows of the matrix.
        comparisons: Shown in the overview.
    """
    return {
        "title": " · ".join(dict.fromkeys(f"{run.report.model} on {run.report.benchmark}" for run in runs)),
        "verdicts": [verdict.value for verdict in Verdict],
        "runs": [_run(run) for run in runs],
        "rows": [_row(problem, runs) for problem in problems],
        "comparisons": [_comparison(comparison) for comparison in comparisons if not comparison.language],
    }


def _run(run: PageRun) -> dict[str, Any]:
    report = run.report
    return {
        "id": report.run_id,
        "name": report.name,
        "scores": {kind: _scores(scores) for kind, scores in _kinds(report).items()},
        "codebleu": report.codebleu.value,
        "cwe": dict(run.weaknesses),
        "argv": run.argv,
        "warnings": list(warnings_of([report])),
        "notes": list(notes_of([report])),
        "benchmark": report.benchmark,
        "n": report.n,
        "problems": report.problems,
        "samples": report.samples,
        "verdicts": dict(report.verdicts),
        "security": report_json(report.security),
        "truncated": report.truncated,
    }


def _kinds(report: Report) -> dict[str, Mapping[int, Score]]:
    """pass@k by what it is over: all there is, which has no name of its own; parts of the tests; live rows."""
    live = {"live": report.live.pass_at_k} if report.live else {}
    return {"": report.pass_at_k, **report.pass_at_k_of_parts, **live}


def _scores(pass_at_k: Mapping[int, Score]) -> list[dict[str, Any]]:
    return [
        {
            "k": k,
            "value": score.value,
            "low": score.ci95[0] if score.ci95 else None,
            "high": score.ci95[1] if score.ci95 else None,
        }
        for k, score in pass_at_k.items()
    ]


def _row(problem: PageProblem, runs: Sequence[PageRun]) -> dict[str, Any]:
    cells = []
    for run in runs:
        known = run.report.benchmark == problem.benchmark and problem.problem_id in run.verdicts
        verdicts = run.verdicts[problem.problem_id] if known else Counter[str]()
        judged = verdicts.total() - verdicts[Verdict.UNJUDGED]
        cells.append({"n": judged, "c": verdicts[Verdict.PASSED], "v": dict(verdicts)} if known else None)
    return {"id": problem.problem_id, "benchmark": problem.benchmark, "language": problem.language, "cells": cells}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    sheet = comparison_sheets([comparison])[0]
    forest = [
        {
            "title": difference.quantity.title,
            "delta": difference.estimate.delta,
            "low": difference.interval[0],
            "high": difference.interval[1],
            "higher_is_better": difference.quantity.sign > 0,
        }
        for difference in comparison.differences
        if difference.estimate and difference.interval and difference.quantity.share and difference.quantity.sign
    ]
    return {
        "benchmark": comparison.benchmark,
        "title": sheet.title,
        "headings": sheet.headings,
        "rows": sheet.rows,
        "notes": sheet.notes,
        "forest": forest,
        "lost": len(comparison.lost),
        "won": len(comparison.won),
    }


def write_page(file: IO[bytes], index: Mapping[str, Any], problems: Iterable[Mapping[str, Any]]) -> None:
    """Write the page.

    Args:
        file: Opened for writing.
        index: From `page_index`.
        problems: What is shown of each of its rows, in their order: `prompt`, `reference`, `tests`, `texts` (each text
            once) and `runs`, a list of samples for each run, whose texts are indices of `texts` or None.
    """
    navigation = '<nav><a href="#/">overview</a><a href="#/problems">problems</a></nav>'
    file.write(_head(index, "page.js", navigation).encode())
    for number, problem in enumerate(problems):
        packed = gzip.compress(json.dumps(problem).encode(), mtime=0)
        file.write(b'<script type="text/plain" id="p%d">%s</script>\n' % (number, base64.b64encode(packed)))
    file.write(b"</html>\n")


def leaderboard_page(index: Mapping[str, Any]) -> str:
    """The page of a leaderboard.

    Args:
        index: From `leaderboard_page_index`.
    """
    return _head(index, "leaderboard.js", "") + "</html>\n"


def _head(index: Mapping[str, Any], script_name: str, navigation: str) -> str:
    """A page but for what may follow its script, whose `index` is shown as text alone."""
    home = files("codecrucible.reports.page")
    style = (home / "page.css").read_text(encoding="utf-8")
    script = "".join((home / name).read_text(encoding="utf-8") for name in ("common.js", script_name))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    known = json.dumps(index).replace("<", "\\u003c")
    return _HEAD.format(policy=policy, style=style, index=known, script=script, navigation=navigation)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>codecrucible</title>
<style>{style}</style>
<header class="top"><b>codecrucible</b>{navigation}
<button id="theme">light / dark</button></header>
<main></main>
<script type="application/json" id="index">{index}</script>
<script>{script}</script>
"""
