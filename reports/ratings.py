"""What people said of passing programs: means by run and question, preference, and how far the raters agree.

What is covered: each problem counts once, whatever number of ratings it has; intervals and p are over problems.
What is not: raters as a sample of all raters. With few of them, another rater may well say something else.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from codecrucible.reports.statistics.interval import mean_with_interval
from codecrucible.reports.statistics.krippendorff import krippendorff_alpha
from codecrucible.reports.statistics.paired import cluster_sums, paired_difference
from codecrucible.reports.statistics.sign_flip import sign_flip_p
from codecrucible.reports.statistics.source_problem import source_problem

LOWEST, HIGHEST = 1, 5
"""The answers to a question."""
PREFERENCE = "preference"
"""Stands for the choice between two programs where questions are listed; no question may have this name."""
_TIE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedProgram:
    """One program of a rating.

    Attributes:
        run_id: The run that it is of.
        program_sha256: Digest of the program.
        scores: Answer to each question, from `LOWEST` to `HIGHEST`.
    """

    run_id: str
    program_sha256: str
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one rater said of one program, or of two that were side by side.

    Attributes:
        rater: Who it was.
        problem_id: The problem that the programs solve.
        programs: One, or two of different runs.
        preferred: Run of the better of two, "" for a tie; None where there is one.
    """

    rater: str
    problem_id: str
    programs: tuple[RatedProgram, ...]
    preferred: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedRun:
    """A run whose programs were rated.

    Attributes:
        run_id: Its id.
        name: Model and adapter as they came: not harmless.
    """

    run_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingMean:
    """What a run's programs got for a question.

    Attributes:
        run_id: The run.
        question: The question.
        mean: Over problems, from 1 to 5; None where nobody answered.
        ci95: Its 95 % interval, over problems; None where one problem leaves nothing to estimate it from.
        problems: Problems that entered.
        judgements: Answers that entered.
    """

    run_id: str
    question: str
    mean: float | None
    ci95: tuple[float, float] | None
    problems: int
    judgements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingDifference:
    """The second run less the first, over the problems on which both were rated side by side.

    Attributes:
        question: A question; or `PREFERENCE`, whose value is the share of the second run's wins, a tie being half.
        value: Mean difference, from -4 to 4; of `PREFERENCE` a share in [0, 1].
        ci95: Its 95 % interval, over problems.
        p: Two-sided sign-flip test over problems of no difference, or of a share of one half.
        problems: Problems that entered.
        judgements: Ratings that entered.
    """

    question: str
    value: float
    ci95: tuple[float, float] | None
    p: float
    problems: int
    judgements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far raters agree on a question.

    Attributes:
        question: A question, or `PREFERENCE`.
        alpha: Krippendorff's alpha, ordinal; None where no two raters rated the same thing, or all said the same.
        items: Programs, or pairs, that two raters or more have rated.
    """

    question: str
    alpha: float | None
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSummary:
    """All that ratings come to.

    Attributes:
        runs: Whose programs were rated: one, or two in the order in which they are compared.
        raters: Number of raters.
        judgements: Number of ratings.
        means: By run and question.
        differences: By question and for the preference; () with one run.
        agreement: By question and for the preference.
    """

    runs: tuple[RatedRun, ...]
    raters: int
    judgements: int
    means: tuple[RatingMean, ...]
    differences: tuple[RatingDifference, ...]
    agreement: tuple[Agreement, ...]


def summary_of(ratings: Sequence[Rating], runs: Sequence[RatedRun]) -> RatingSummary:
    """What the ratings of one run, or of two, come to.

    Raises:
        ValueError: there is no rating, a rater rated the same programs twice, or a rating is of another run.
    """
    _refuse_what_does_not_fit(ratings, {run.run_id for run in runs})
    questions = list(dict.fromkeys(name for each in ratings for one in each.programs for name in one.scores))
    pairs = [each for each in ratings if each.preferred is not None]
    return RatingSummary(
        runs=tuple(runs),
        raters=len({each.rater for each in ratings}),
        judgements=len(ratings),
        means=tuple(_mean(ratings, run.run_id, name) for run in runs for name in questions),
        differences=tuple(_differences(pairs, questions, *(run.run_id for run in runs))) if pairs else (),
        agreement=tuple(_agreements(ratings, pairs, questions)),
    )


def _refuse_what_does_not_fit(ratings: Sequence[Rating], run_ids: set[str]) -> None:
    if not ratings:
        raise ValueError("there is no rating")
    seen = set()
    for each in ratings:
        programs = tuple(sorted((one.run_id, one.program_sha256) for one in each.programs))
        if (key := (each.rater, each.problem_id, programs)) in seen:
            raise ValueError(f"{each.rater} rated the same programs of {each.problem_id} twice")
        seen.add(key)
        if others := {one.run_id for one in each.programs} - run_ids:
            raise ValueError(f"a rating of {each.problem_id} is of {min(others)}, which is not among the runs")


def _of_problems(values: Iterable[tuple[str, float]]) -> tuple[list[float], list[str], int]:
    """Mean value of each problem, the source problem of each, and how many values there are."""
    found: dict[str, list[float]] = {}
    for problem_id, value in values:
        found.setdefault(problem_id, []).append(value)
    means = [fsum(each) / len(each) for each in found.values()]
    return means, [source_problem(problem_id) for problem_id in found], sum(map(len, found.values()))


def _mean(ratings: Sequence[Rating], run_id: str, question: str) -> RatingMean:
    answers = [
        (each.problem_id, float(one.scores[question]))
        for each in ratings
        for one in each.programs
        if one.run_id == run_id and question in one.scores
    ]
    means, clusters, count = _of_problems(answers)
    if not means:
        return RatingMean(run_id=run_id, question=question, mean=None, ci95=None, problems=0, judgements=0)
    span = HIGHEST - LOWEST
    made = mean_with_interval([(each - LOWEST) / span for each in means], clusters=clusters)
    return RatingMean(
        run_id=run_id,
        question=question,
        mean=round(LOWEST + span * made.value, 6),
        ci95=None
        if made.low is None or made.high is None
        else (round(LOWEST + span * made.low, 6), round(LOWEST + span * made.high, 6)),
        problems=len(means),
        judgements=count,
    )


def _differences(
    pairs: Sequence[Rating], questions: Sequence[str], first: str, second: str
) -> Iterator[RatingDifference]:
    span = HIGHEST - LOWEST
    for question in questions:
        gains = []
        for each in pairs:
            scores = {one.run_id: one.scores for one in each.programs}
            if question in scores[first] and question in scores[second]:
                gains.append((each.problem_id, (scores[second][question] - scores[first][question]) / span))
        if gains:
            yield _difference(question, gains, scale=span)
    wins = [(each.problem_id, _win(each, second) - _TIE) for each in pairs]
    yield _difference(PREFERENCE, wins, scale=1, centre=_TIE)


def _win(pair: Rating, run_id: str) -> float:
    return float(pair.preferred == run_id) if pair.preferred else _TIE


def _difference(
    question: str, gains: Sequence[tuple[str, float]], *, scale: float, centre: float = 0.0
) -> RatingDifference:
    """Mean gain over problems, in units of `scale` above `centre`; no gain is beyond -1 and 1."""
    means, clusters, count = _of_problems(gains)
    made = paired_difference(means, clusters=clusters)
    ends = made.interval()
    least = -scale if centre == 0 else 0.0
    worse = sign_flip_p(cluster_sums(means, clusters))
    return RatingDifference(
        question=question,
        value=round(centre + scale * made.delta, 6),
        ci95=None
        if ends is None
        else (
            round(max(least, centre + scale * ends[0]), 6),
            round(min(scale, centre + scale * ends[1]), 6),
        ),
        p=round(min(1.0, 2 * min(worse, 1 - worse)), 6),
        problems=len(means),
        judgements=count,
    )


def _agreements(ratings: Sequence[Rating], pairs: Sequence[Rating], questions: Sequence[str]) -> Iterator[Agreement]:
    for question in questions:
        units: dict[Hashable, list[float]] = {}
        for each in ratings:
            for one in each.programs:
                if question in one.scores:
                    key = (each.problem_id, one.run_id, one.program_sha256)
                    units.setdefault(key, []).append(one.scores[question])
        yield _agreement(question, units)
    if pairs:
        chosen: dict[Hashable, list[float]] = {}
        for each in pairs:
            programs = sorted((one.run_id, one.program_sha256) for one in each.programs)
            chosen.setdefault((each.problem_id, *programs), []).append(_win(each, programs[1][0]))
        yield _agreement(PREFERENCE, chosen)


def _agreement(question: str, units: Mapping[Hashable, Sequence[float]]) -> Agreement:
    alpha = krippendorff_alpha(units.values())
    return Agreement(
        question=question,
        alpha=None if alpha is None else round(alpha, 6),
        items=sum(len(values) > 1 for values in units.values()),
    )
