"""Many runs in one order: scores with intervals, the ranks that each may have in truth, and distance from a reference.

Two models are told apart by the paired test over problems that `compare` and the gate use, never by whether their
intervals overlap.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from codecrucible.reports.counting import NO_TESTS
from codecrucible.reports.report_types import Report
from codecrucible.reports.statistics.completeness import gap_of
from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
from codecrucible.reports.statistics.multiplicity import holm
from codecrucible.reports.statistics.paired import PairedEstimate, paired_difference, weighted_cluster_sums
from codecrucible.reports.statistics.sign_flip import sign_flip_p
from codecrucible.reports.statistics.source_problem import source_problem

Key = tuple[str, str]  # of a problem: benchmark and problem id

ALPHA = 0.05
MEAN = ""  # in place of a benchmark's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One model of a leaderboard.

    Attributes:
        name: As it came: not harmless.
        reports: Reports of its runs, by benchmark.
    """

    name: str
    reports: Mapping[str, Report]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far an entrant is from the reference.

    Attributes:
        estimate: Its pass@1 less the reference's.
        p: Two-sided: the chance of a difference this large if there is none.
        p_holm: Adjusted for every distance on every board of the leaderboard.
    """

    estimate: PairedEstimate
    p: float
    p_holm: float

    @property
    def significant(self) -> bool:
        """Whether there is one."""
        return self.p_holm <= ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One entrant on one board.

    Attributes:
        name: The entrant's.
        report: Report of its run; None where the board is the mean over benchmarks.
        score: Its pass@1; None if it cannot be given.
        reason: Why it cannot; "" if it can.
        rank: 1 and the number of entrants with a higher score; None without one.
        ranks: The best and the worst rank that it may have in truth; None without a score.
        distance: From the reference; None for the reference itself, and where there is none.
        unjudged: Samples without a verdict, of all its runs on the board.
        missing_samples: Samples that were never made.
        missing_problems: Problems without any.
    """

    name: str
    report: Report | None
    score: Estimate | None
    reason: str = ""
    rank: int | None = None
    ranks: tuple[int, int] | None = None
    distance: Distance | None = None
    unjudged: int = 0
    missing_samples: int = 0
    missing_problems: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The entrants in one benchmark, or in the mean over all of them.

    Attributes:
        benchmark: Its name; "" for the mean over the benchmarks, each of which counts the same.
        benchmarks: Those that the scores are of.
        standings: The highest score first, those without one last.
        left_out: Names of the entrants that lack a run.
    """

    benchmark: str
    benchmarks: tuple[str, ...]
    standings: tuple[Standing, ...]
    left_out: tuple[str, ...]


def leaderboard(entrants: Sequence[Entrant], *, reference: str = "") -> list[Board]:
    """A board for each benchmark, after one for the mean where there are several.

    The ranks are a joint 95 % confidence set: with a chance of 95 %, every entrant's true rank on a board lies between
    the two that it is given there. For each ordered pair of entrants the one-sided sign-flip test asks whether the
    first is better, and Holm's method takes all of them together. As many entrants as are shown to be better lie before
    an entrant, and as many as are shown to be worse lie behind it.

    A run that the gate would refuse, with an unjudged sample or more than 1 in 100 that were never made, is not ranked.
    Nor is one of a benchmark without tests, which is in no mean.

    Args:
        entrants: With different names.
        reference: Name of the entrant that the others' distances are from; "" for none.

    Raises:
        ValueError: two entrants have one name, or none has the reference's.

    Source:
        Mogstad, Romano, Shaikh, Wilhelm 2024, Inference for Ranks, doi:10.1093/restud/rdad006.
    """
    names = [entrant.name for entrant in entrants]
    if len(set(names)) < len(names) or (reference and reference not in names):
        raise ValueError(f"Cannot rank {names} with the reference {reference!r}: names must differ and include it.")
    benchmarks = tuple(dict.fromkeys(name for entrant in entrants for name in entrant.reports))
    boards = [_board(entrants, (benchmark,), reference) for benchmark in benchmarks]
    reports = [report for entrant in entrants for report in entrant.reports.values()]
    tested = tuple(name for name in benchmarks if any(each.tested for each in reports if each.benchmark == name))
    if len(tested) > 1:
        boards.insert(0, _board(entrants, tested, reference))
    return _with_holm(boards)


def _board(entrants: Sequence[Entrant], benchmarks: tuple[str, ...], reference: str) -> Board:
    present = [entrant for entrant in entrants if all(name in entrant.reports for name in benchmarks)]
    scores = {entrant.name: _scores(entrant, benchmarks) for entrant in present}
    complete = {name: known for name, known in scores.items() if isinstance(known, dict)}
    ranks = _ranks(complete)
    standings = []
    for entrant in present:
        known = complete.get(entrant.name)
        standing = _unranked(entrant, benchmarks)
        if known is None:
            standings.append(replace(standing, reason=str(scores[entrant.name])))
            continue
        base = complete.get(reference) if entrant.name != reference else None
        standings.append(
            replace(
                standing,
                score=_estimate(known),
                ranks=ranks[entrant.name],
                distance=_distance(base, known) if base else None,
            )
        )
    return Board(
        benchmark=benchmarks[0] if len(benchmarks) == 1 else MEAN,
        benchmarks=benchmarks,
        standings=_ordered(standings),
        left_out=tuple(entrant.name for entrant in entrants if entrant not in present),
    )


def _unranked(entrant: Entrant, benchmarks: Sequence[str]) -> Standing:
    """The entrant before its score is known, with what its runs lack."""
    reports = [entrant.reports[benchmark] for benchmark in benchmarks]
    return Standing(
        name=entrant.name,
        report=reports[0] if len(reports) == 1 else None,
        score=None,
        unjudged=sum(report.unjudged for report in reports),
        missing_samples=sum(report.missing.samples for report in reports),
        missing_problems=sum(len(report.missing.problems) for report in reports),
    )


def _scores(entrant: Entrant, benchmarks: Sequence[str]) -> dict[Key, float] | str:
    """Share of passes of every problem with a sample, or why a run is not ranked."""
    scores: dict[Key, float] = {}
    for benchmark in benchmarks:
        report = entrant.reports[benchmark]
        if not report.tested:
            return f"pass@1 is {NO_TESTS}"
        if gap := gap_of(report):
            return _why_unranked(report, benchmark, gap)
        scores |= {(benchmark, row.problem_id): row.c / row.n for row in report.per_problem if row.n}
    return scores


def _why_unranked(report: Report, benchmark: str, gap: str) -> str:
    holes = sum(not row.n for row in report.per_problem)
    without = f"; {holes} of {report.problems} problems of {benchmark} have no judged sample" if holes else ""
    if gap == "unjudged":
        return f"{report.unjudged} of {report.samples} samples of {benchmark} are unjudged{without}"
    return f"{report.missing.samples} of {report.asked} samples of {benchmark} were never made{without}"


def _estimate(scores: Mapping[Key, float]) -> Estimate:
    return mean_with_interval(list(scores.values()), clusters=_clusters(scores), strata=[key[0] for key in scores])


def _clusters(keys: Sequence[Key] | Mapping[Key, float]) -> list[Hashable]:
    return [source_problem(problem_id) for _, problem_id in keys]


def _ranks(scores: Mapping[str, Mapping[Key, float]]) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each entrant."""
    tests: dict[tuple[str, str], float] = {}
    for one, other in combinations(scores, 2):
        tests[other, one] = sign_flip_p(*_gains(scores[one], scores[other]))  # small where `one` is the better
        tests[one, other] = 1 - tests[other, one]
    shown = [pair for pair, p in zip(tests, holm(list(tests.values())), strict=True) if p <= ALPHA]
    worse = Counter(loser for loser, _ in shown)
    better = Counter(winner for _, winner in shown)
    return {name: (1 + worse[name], len(scores) - better[name]) for name in scores}


def _gains(base: Mapping[Key, float], candidate: Mapping[Key, float]) -> tuple[list[float], list[float]]:
    """What `candidate` has more than `base` in each source problem, and what that counts for."""
    both = [key for key in base if key in candidate]
    return weighted_cluster_sums(
        [candidate[key] - base[key] for key in both], _clusters(both), [benchmark for benchmark, _ in both]
    )


def _distance(base: Mapping[Key, float], candidate: Mapping[Key, float]) -> Distance:
    both = [key for key in base if key in candidate]
    p = min(1.0, 2 * min(sign_flip_p(*_gains(base, candidate)), sign_flip_p(*_gains(candidate, base))))
    estimate = paired_difference(
        [candidate[key] - base[key] for key in both], clusters=_clusters(both), strata=[key[0] for key in both]
    )
    return Distance(estimate=estimate, p=p, p_holm=p)


def _ordered(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    ordered = sorted(standings, key=lambda each: each.score.value if each.score else -1.0, reverse=True)
    values = [each.score.value for each in ordered if each.score]
    return tuple(
        replace(each, rank=1 + sum(value > each.score.value for value in values)) if each.score else each
        for each in ordered
    )


def _with_holm(boards: Sequence[Board]) -> list[Board]:
    """The boards with Holm's p-values in their distances, over all of them as one family."""
    family = [standing.distance.p for board in boards for standing in board.standings if standing.distance]
    adjusted = iter(holm(family))
    return [
        replace(
            board,
            standings=tuple(
                replace(each, distance=replace(each.distance, p_holm=next(adjusted))) if each.distance else each
                for each in board.standings
            ),
        )
        for board in boards
    ]
