"""Leaderboards for people and for programs: sheets, CSV and JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codecrucible.reports.leaderboard import MEAN, Board, Distance, Standing
from codecrucible.reports.report_file import to_json_text
from codecrucible.reports.report_types import NO_SCORE, Report
from codecrucible.reports.statistics.interval import Estimate
from codecrucible.reports.views.compare_view import rounded, rounded_p
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional, percent, rows_to_csv

_RANKS = (
    "95 % ranks: every model's true rank lies in its range, with a chance of 95 % for all of them together (paired "
    "tests over problems, Holm's method). Where a range begins with 1, no model is shown to be better."
)
SURE_P = 0.001  # below which p is not told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Secondary:
    """A number of a run that stands beside its score and ranks nothing.

    Attributes:
        key: Its name in JSON and CSV.
        title: Its name for people.
        of: Its value in a report, None where it was not measured.
        share: Whether it lies in [0, 1] and is shown in percent.
    """

    key: str
    title: str
    of: Callable[[Report], float | None]
    share: bool = True


def leaderboard_page_index(
    boards: Sequence[Board],
    *,
    runs: Mapping[tuple[str, str], int],
    reference: str = "",
    warnings: Sequence[str] = (),
    left_out: str = "",
) -> dict[str, Any]:
    """What the page of a leaderboard shows: its sheets, the scores that are drawn, and what can be downloaded.

    Args:
        boards: From `leaderboard`.
        runs: Places among the page's runs, by the names of a model and of a benchmark.
        reference: Name of the model that the others' distances are from.
        warnings: What is missing from the numbers.
        left_out: Why the page has no samples; "" if it has.
    """
    sheets = leaderboard_sheets(boards, reference=reference)
    return {
        "warnings": list(warnings),
        "left_out": left_out,
        "csv": leaderboard_to_csv(boards),
        "json": to_json_text(leaderboard_json(boards, reference=reference)),
        "boards": [
            {
                "title": sheet.title,
                "headings": sheet.headings,
                "rows": sheet.rows,
                "notes": sheet.notes,
                "scores": [_drawn(standing, reference) for standing in board.standings if standing.score],
                "runs": {name: place for (name, benchmark), place in runs.items() if benchmark == board.benchmark},
            }
            for board, sheet in zip(boards, sheets, strict=True)
        ],
    }


def _drawn(standing: Standing, reference: str) -> dict[str, Any]:
    score = standing.score
    return {
        "name": standing.name,
        "value": score.value if score else None,
        "low": score.low if score else None,
        "high": score.high if score else None,
        "reference": standing.name == reference,
    }


def leaderboard_sheets(boards: Sequence[Board], *, reference: str = "") -> list[Sheet]:
    """One sheet a board; what is said of all of them stands under the last."""
    sheets = [
        _mean_sheet(boards, reference) if board.benchmark == MEAN else _sheet(board, reference) for board in boards
    ]
    last = sheets[-1]
    return [*sheets[:-1], replace(last, notes=(*last.notes, *_legend(reference)))]


def _title_of(board: Board) -> str:
    """What a board is about."""
    return board.benchmark or f"Mean of {len(board.benchmarks)} benchmarks"


def _secondaries(board: Board) -> list[Secondary]:
    """The other numbers of the board's runs that at least one of them has."""
    reports = [standing.report for standing in board.standings if standing.report]
    ks = sorted({k for report in reports for k in report.pass_at_k} - {1})
    every = [
        *(Secondary(key=f"pass_at_{k}", title=f"pass@{k}", of=_pass_at(k)) for k in ks),
        Secondary(key="live_pass_at_1", title="live pass@1", of=_live),
        Secondary(key="secure_pass_at_1", title="secure-pass@1", of=lambda report: report.security.secure_pass_at_1),
        Secondary(key="insecure_rate", title="insecure rate", of=lambda report: report.security.insecure_rate),
        Secondary(key="codebleu", title="CodeBLEU", of=lambda report: report.codebleu.value),
        Secondary(key="truncated", title="truncated", of=_truncated),
        Secondary(key="n", title="n", of=lambda report: report.n, share=False),
    ]
    return [each for each in every if any(each.of(report) is not None for report in reports)]


def _pass_at(k: int) -> Callable[[Report], float | None]:
    return lambda report: report.pass_at_k.get(k, NO_SCORE).value


def _live(report: Report) -> float | None:
    return report.live.pass_at_k.get(1, NO_SCORE).value if report.live else None


def _truncated(report: Report) -> float | None:
    return report.truncated / report.samples if report.samples else None


def _sheet(board: Board, reference: str) -> Sheet:
    others = _secondaries(board)
    return Sheet(
        title=_title_of(board),
        headings=(*_headings(reference), *(each.title for each in others)),
        rows=tuple(
            (*_cells(standing, reference), *(_secondary(each, standing) for each in others))
            for standing in board.standings
        ),
        notes=_notes(board),
    )


def _mean_sheet(boards: Sequence[Board], reference: str) -> Sheet:
    mean, *each_alone = boards
    scores = {board.benchmark: {each.name: each.score for each in board.standings} for board in each_alone}
    return Sheet(
        title=_title_of(mean),
        headings=(*_headings(reference), *scores),
        rows=tuple(
            (*_cells(standing, reference), *(_score(of.get(standing.name)) for of in scores.values()))
            for standing in mean.standings
        ),
        notes=("Every benchmark counts the same; a problem in several languages is one observation.", *_notes(mean)),
    )


def _headings(reference: str) -> tuple[str, ...]:
    against = ("difference", "95 % interval", "p") if reference else ()
    return ("model", "rank", "95 % ranks", "pass@1", "95 % interval", *against)


def _cells(standing: Standing, reference: str) -> tuple[str, ...]:
    return (
        standing.name,
        _rank(standing),
        _ranks(standing),
        _score(standing.score),
        _interval(standing.score),
        *(_distance(standing.distance) if reference else ()),
    )


def _rank(standing: Standing) -> str:
    """The rank by the score alone."""
    return NOT_MEASURED if standing.rank is None else str(standing.rank)


def _ranks(standing: Standing) -> str:
    """The ranks that it may have."""
    if standing.ranks is None:
        return NOT_MEASURED
    best, worst = standing.ranks
    return str(best) if best == worst else f"{best} to {worst}"


def _score(score: Estimate | None) -> str:
    return percent(score.value if score else None)


def _interval(score: Estimate | None) -> str:
    """The interval of a score, in percent."""
    if score is None or score.low is None or score.high is None:
        return NOT_MEASURED
    return f"{100 * score.low:.1f} to {100 * score.high:.1f}"


def _distance(distance: Distance | None) -> tuple[str, str, str]:
    """Difference in points, its interval and its adjusted p, with a star where there is one."""
    if distance is None:
        return (NOT_MEASURED,) * 3
    ends = distance.estimate.interval()
    p = f"< {SURE_P}" if distance.p_holm < SURE_P else f"{distance.p_holm:.3f}"
    return (
        f"{100 * distance.estimate.delta:+.1f}",
        f"{100 * max(-1.0, ends[0]):+.1f} to {100 * min(1.0, ends[1]):+.1f}" if ends else NOT_MEASURED,
        f"{p} *" if distance.significant else p,
    )


def _secondary(secondary: Secondary, standing: Standing) -> str:
    """Its value for people."""
    value = secondary.of(standing.report) if standing.report else None
    return percent(value) if secondary.share else optional(value, "{:.0f}".format)


def _notes(board: Board) -> tuple[str, ...]:
    left_out = (f"Left out, for they lack a run: {', '.join(board.left_out)}.",) if board.left_out else ()
    return (*left_out, *(f"{each.name}: {each.reason}." for each in board.standings if each.reason))


def _legend(reference: str) -> tuple[str, ...]:
    if not reference:
        return (_RANKS,)
    against = (
        f"Difference: points of pass@1 from {reference}, paired by problem; p is two-sided, adjusted by Holm's method "
        "for every difference of this leaderboard; * where it is at most 0.05."
    )
    return _RANKS, against


def leaderboard_to_csv(boards: Sequence[Board]) -> str:
    """One line a model of each board, at full precision; what was not measured is an empty cell."""
    return rows_to_csv(_csv_row(board, standing) for board in boards for standing in board.standings)


def _csv_row(board: Board, standing: Standing) -> dict[str, Any]:
    score, distance = standing.score, standing.distance
    best, worst = standing.ranks or (None, None)
    low, high = (distance.estimate.interval() if distance else None) or (None, None)
    return {
        "board": board.benchmark or "mean",
        "model": standing.name,
        "run_id": standing.report.run_id if standing.report else None,
        "rank": standing.rank,
        "rank_best": best,
        "rank_worst": worst,
        "pass_at_1": rounded(score.value if score else None),
        "low": rounded(score.low if score else None),
        "high": rounded(score.high if score else None),
        "difference": rounded(distance.estimate.delta if distance else None),
        "difference_low": rounded(low),
        "difference_high": rounded(high),
        "p": rounded_p(distance.p if distance else None),
        "p_holm": rounded_p(distance.p_holm if distance else None),
        "reason": standing.reason,
        "unjudged": standing.unjudged,
        "missing_samples": standing.missing_samples,
        "missing_problems": standing.missing_problems,
        **_secondary_values(board, standing),
    }


def _secondary_values(board: Board, standing: Standing) -> dict[str, float | None]:
    """The other numbers of a run, by key; none where the board is of several."""
    report = standing.report
    return {each.key: each.of(report) for each in _secondaries(board)} if report else {}


def leaderboard_json(boards: Sequence[Board], *, reference: str = "") -> dict[str, Any]:
    """JSON object of a leaderboard; shares are in [0, 1], and null is "not measured"."""
    return {
        "reference": reference or None,
        "boards": [
            {
                "benchmark": board.benchmark or None,
                "benchmarks": list(board.benchmarks),
                "standings": [_standing_json(board, standing) for standing in board.standings],
                "left_out": list(board.left_out),
            }
            for board in boards
        ],
    }


def _standing_json(board: Board, standing: Standing) -> dict[str, Any]:
    """JSON object of one model of a board."""
    score, distance, report = standing.score, standing.distance, standing.report
    ends = distance.estimate.interval() if distance else None
    return {
        "model": standing.name,
        "run_id": report.run_id if report else None,
        "rank": standing.rank,
        "ranks": list(standing.ranks) if standing.ranks else None,
        "pass_at_1": rounded(score.value if score else None),
        "ci95": [rounded(score.low), rounded(score.high)] if score and score.low is not None else None,
        "problems": score.problems if score else 0,
        "reason": standing.reason,
        "unjudged": standing.unjudged,
        "missing_samples": standing.missing_samples,
        "missing_problems": standing.missing_problems,
        "distance": {
            "difference": rounded(distance.estimate.delta),
            "ci95": [rounded(end) for end in ends] if ends else None,
            "p": rounded_p(distance.p),
            "p_holm": rounded_p(distance.p_holm),
        }
        if distance
        else None,
        "secondary": _secondary_values(board, standing),
    }
