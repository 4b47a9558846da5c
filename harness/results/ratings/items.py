"""What is put to a rater: a passing sample of each run, problem by problem, without a trace of the run.

What is covered: sample, side and order are drawn from a seed alone, so that the same call gives the same items; the
samples are the same for all raters, and sides and order are each rater's own.
What is not: a program may give its run away by how it is written, such as the prompt's docstring in one run alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from codecrucible.benchmarks import Problem, Verdict
from codecrucible.harness.common.errors import NotComparable, NothingToDo, UsageError
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.results.report import benchmark_of
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import Sample, current_judgement

MOST_RUNS = 2
WITHOUT = "a run has no passing sample"
SAME_PROGRAM = "both runs wrote the same program"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedSample:
    """A sample that is put to raters.

    Attributes:
        run_id: Its run.
        sample: The sample.
    """

    run_id: str
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is put to a rater at one time.

    Attributes:
        item_id: Name that tells nothing; the same for all raters.
        problem: What the programs solve.
        samples: One, or two from left to right.
    """

    item_id: str
    problem: Problem
    samples: tuple[RatedSample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPlan:
    """All that is put to a rater, in order.

    Attributes:
        items: At least one.
        left_out: Number of problems without an item by the reason.
    """

    items: tuple[Item, ...]
    left_out: Mapping[str, int]


def rating_plan(folders: Sequence[RunFolder], *, seed: int, rater: str) -> RatingPlan:
    """What a rater is to judge.

    Args:
        folders: One run, or two of the same benchmark.
        seed: Decides samples, sides and order.
        rater: Name of the rater, who has sides and an order of their own; "" for those that nobody has.

    Raises:
        UsageError: there are more runs than two, or two have the same id.
        NotComparable: two runs are of different benchmarks.
        NothingToDo: no problem has what is to be rated.
    """
    _refuse_runs(folders)
    benchmark = benchmark_of(folders[0].manifest)
    passing = [passing_samples(folder) for folder in folders]
    run_ids = [folder.manifest.run_id for folder in folders]
    items, left_out = [], Counter[str]()
    for problem in benchmark.problems:
        drawn = []
        for run_id, samples in zip(run_ids, passing, strict=True):
            if of_problem := samples.get(problem.problem_id):
                place = _draw(seed, "sample", problem.problem_id, run_id) % len(of_problem)
                drawn.append(RatedSample(run_id=run_id, sample=of_problem[place]))
        if len(drawn) < len(folders):
            left_out[WITHOUT] += 1
        elif len({each.sample.program.strip() for each in drawn}) < len(drawn):
            left_out[SAME_PROGRAM] += 1
        else:
            items.append(_item(problem, drawn, seed, rater))
    if not items:
        reasons = "; ".join(f"{count} problems: {reason}" for reason, count in left_out.items())
        raise NothingToDo(f"there is nothing to rate in {folders[0].path}: {reasons}")
    items.sort(key=lambda item: _draw(seed, "order", rater, item.problem.problem_id))
    return RatingPlan(items=tuple(items), left_out=dict(left_out))


def passing_samples(folder: RunFolder) -> dict[str, list[Sample]]:
    """The samples of a run that passed, by problem id, in the order of their places."""
    judgements = folder.judgements()
    found: dict[str, list[Sample]] = {}
    for sample in sorted(folder.samples(), key=lambda each: each.sample_index):
        judgement = current_judgement(judgements, sample)
        if judgement and judgement.verdict is Verdict.PASSED:
            found.setdefault(sample.problem_id, []).append(sample)
    return found


def _refuse_runs(folders: Sequence[RunFolder]) -> None:
    if len(folders) > MOST_RUNS:
        raise UsageError(f"{len(folders)} runs are given; rate one run, or two side by side")
    manifests = [folder.manifest for folder in folders]
    if len({each.run_id for each in manifests}) < len(manifests):
        raise UsageError(f"{folders[0].path} and {folders[1].path} are the same run; rate it alone")
    if len({each.benchmark.sha256 for each in manifests}) > 1:
        names = " and ".join(each.benchmark.name for each in manifests)
        raise NotComparable(f"the runs are of different problems, {names}: two that are rated side by side share them")


def _item(problem: Problem, drawn: Sequence[RatedSample], seed: int, rater: str) -> Item:
    turned = len(drawn) > 1 and _draw(seed, "side", rater, problem.problem_id) % 2
    programs = sorted(each.sample.program_sha256 for each in drawn)
    return Item(
        item_id=text_sha256("\n".join([str(seed), problem.problem_id, *programs]))[:20],
        problem=problem,
        samples=tuple(reversed(drawn) if turned else drawn),
    )


def _draw(seed: int, *names: str) -> int:
    """A number that looks random, and is the same for the same arguments."""
    text = "\n".join([str(seed), *names])
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
