"""How much of a model's pass@1 stays when its prompts are perturbed: the worst of the versions of each problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, prod
from statistics import fmean

import numpy as np

from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
from codecrucible.reports.statistics.paired import PairedEstimate, paired_difference
from codecrucible.reports.statistics.source_problem import source_problem

DRAWS = 20_000
SEED = 0
TIE = 1e-9
CHUNK = 1000  # draws at a time, which bounds the memory

Counts = tuple[int, int]
"""Samples, and those of them that passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """One problem: what was sampled of its nominal prompt and of each perturbed version.

    Attributes:
        problem_id: Id of the nominal problem.
        nominal: Its samples, at least 1, and passes.
        perturbed: The same of each version, of which there is one at least.
    """

    problem_id: str
    nominal: Counts
    perturbed: tuple[Counts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """The numbers of one kind of perturbation.

    Attributes:
        problems: How many entered.
        versions: Most perturbed versions that a problem has.
        nominal: pass@1 of the nominal prompts of these problems.
        mean: pass@1 of the perturbed prompts, the versions of a problem averaged.
        mean_drop: `mean` less `nominal`.
        worst: Robust pass@1: how often one draw of each version passes for all of them.
        as_often: How often as many draws of the nominal prompt all pass, see `matched`.
        worst_drop: `worst` less `as_often`.
        matched: Whether `as_often` is of as many draws; else it is pass@1, and the drop holds what chance does alone.
        p: One-sided, see `relabelling_p`; None where the versions cannot change places.
        reason: Why there is no p; "" where there is one.
    """

    problems: int
    versions: int
    nominal: Estimate
    mean: Estimate
    mean_drop: PairedEstimate
    worst: Estimate
    as_often: Estimate
    worst_drop: PairedEstimate
    matched: bool
    p: float | None
    reason: str = ""


def all_pass(versions: Sequence[Counts]) -> float:
    """Chance that one draw of each version passes for all of them, estimated without bias.

    The share of passes estimates a version's chance without bias, and samples of different versions are independent:
    so does the product of the shares estimate the product of the chances. With one greedy sample a version it is 1
    where every version passes and 0 elsewhere, the robust pass of Wang et al. 2023, arXiv:2212.10264, section 3.

    >>> all_pass([(2, 1), (4, 4), (2, 1)])
    0.25
    """
    return prod(passed / samples for samples, passed in versions)


def draws_pass(counts: Counts, draws: int) -> float:
    """Chance that so many draws of one prompt all pass, estimated without bias.

    Raises:
        ValueError: if there are fewer samples than draws, of which no such estimate exists.

    >>> draws_pass((5, 4), 2)
    0.6
    """
    samples, passed = counts
    if samples < draws:
        raise ValueError(f"{draws} draws cannot be estimated from {samples} samples: take more samples of a prompt.")
    return comb(passed, draws) / comb(samples, draws)


def robustness(problems: Sequence[Versions], *, greedy: bool) -> Robustness:
    """The numbers of one kind over its problems, with 95 % intervals over source problems.

    Args:
        problems: Those that have a nominal and a perturbed sample; one at least.
        greedy: Whether nothing was drawn by chance, so that one sample of a prompt says all of it.

    Raises:
        ValueError: if there is no problem.
    """
    if not problems:
        raise ValueError("Cannot tell how robust a model is over no problem: pass at least one.")
    clusters = [source_problem(each.problem_id) for each in problems]
    matched = greedy or all(
        samples >= len(each.perturbed) for each in problems for samples, _ in (each.nominal, *each.perturbed)
    )
    powers = [len(each.perturbed) if matched and not greedy else 1 for each in problems]
    nominal = [passed / samples for samples, passed in (each.nominal for each in problems)]
    mean = [fmean(passed / samples for samples, passed in each.perturbed) for each in problems]
    worst = [all_pass(each.perturbed) for each in problems]
    as_often = [draws_pass(each.nominal, power) for each, power in zip(problems, powers, strict=True)]
    p, reason = None, _unlike(problems, clusters)
    if not reason:
        p = relabelling_p([drops(each, power) for each, power in zip(problems, powers, strict=True)])
    return Robustness(
        problems=len(problems),
        versions=max(len(each.perturbed) for each in problems),
        nominal=mean_with_interval(nominal, clusters=clusters),
        mean=mean_with_interval(mean, clusters=clusters),
        mean_drop=_difference(mean, nominal, clusters),
        worst=mean_with_interval(worst, clusters=clusters),
        as_often=mean_with_interval(as_often, clusters=clusters),
        worst_drop=_difference(worst, as_often, clusters),
        matched=matched,
        p=p,
        reason=reason,
    )


def _difference(one: Sequence[float], other: Sequence[float], clusters: Sequence[str]) -> PairedEstimate:
    return paired_difference([a - b for a, b in zip(one, other, strict=True)], clusters=clusters)


def _unlike(problems: Sequence[Versions], clusters: Sequence[str]) -> str:
    """Why the versions of a problem cannot change places; "" where they can."""
    if any(samples != each.nominal[0] for each in problems for samples, _ in each.perturbed):
        return "the nominal prompt and its versions have different numbers of samples"
    return "several problems are versions of one" if len(set(clusters)) < len(clusters) else ""


def drops(problem: Versions, power: int) -> list[float]:
    """What the worst of the others is above one version, with each in the place of the nominal prompt.

    Args:
        problem: The problem.
        power: Draws of the version in the nominal prompt's place that must all pass.

    Returns:
        The nominal prompt's own first.

    >>> drops(Versions(problem_id="p", nominal=(1, 1), perturbed=((1, 0), (1, 1))), 1)
    [-1.0, 1.0, -1.0]
    """
    every = (problem.nominal, *problem.perturbed)
    return [all_pass(every[:place] + every[place + 1 :]) - draws_pass(one, power) for place, one in enumerate(every)]


def relabelling_p(problems: Sequence[Sequence[float]]) -> float:
    """One-sided mid-p: how often the drops add up to as little when chance says which version is the nominal one.

    If the nominal prompt is one more version like the others, each of a problem's versions could as well have been the
    nominal one. That the worst of several is below one of them by chance alone is so part of what is compared with.
    With one version a problem it is the sign-flip test.

    It is exact where the drops are whole numbers, as with one sample a prompt. Elsewhere it is made of 20,000
    draws with a fixed seed; the p is then never below 1 in 40,000.

    Args:
        problems: For each problem its drop with each version in the nominal prompt's place, the true one first.

    Returns:
        Between 0 and 1; small where the nominal prompt is better than its versions, 0.5 where nothing differs.

    Source:
        Permutation tests within blocks: Pitman 1938, doi:10.1093/biomet/29.3-4.322.

    >>> relabelling_p([[-1.0, 0.0], [-1.0, 0.0]])
    0.125
    """
    moved = [each for each in problems if max(each) - min(each) > TIE]
    if not moved:
        return 0.5
    observed = sum(each[0] for each in moved)
    if all(float(value).is_integer() for each in moved for value in each):
        return _exact(moved, round(observed))
    below, tied = _drawn(moved, observed)
    return (below + tied / 2 + 0.5) / (DRAWS + 1)


def _exact(moved: Sequence[Sequence[float]], observed: int) -> float:
    chances, first = np.ones(1), 0
    for values in moved:
        low, high = round(min(values)), round(max(values))
        of_one = np.bincount([round(value) - low for value in values], minlength=high - low + 1) / len(values)
        chances = np.convolve(chances, of_one)
        first += low
    place = observed - first
    return float(chances[:place].sum() + chances[place] / 2)


def _drawn(moved: Sequence[Sequence[float]], observed: float) -> tuple[int, int]:
    """How many draws are below what was observed, and how many are as it is."""
    sizes = np.array([len(each) for each in moved])
    values = np.zeros((len(moved), sizes.max()))
    for place, each in enumerate(moved):
        values[place, : len(each)] = each
    source = np.random.default_rng(SEED)
    below = tied = 0
    for _ in range(DRAWS // CHUNK):
        chosen = (source.random((CHUNK, len(moved))) * sizes).astype(np.int64)
        above = values[np.arange(len(moved)), chosen].sum(axis=1) - observed
        below += int((above < -TIE).sum())
        tied += int((np.abs(above) <= TIE).sum())
    return below, tied
