"""Practice: exercises written for this project, to train on, and others of their kind, to be tried on.

Both are made of families, whose exercises differ in numbers, letters or words alone. No family is on both sides.
"""

import hashlib
import json

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark
from codecrucible.benchmarks.sources.practice.lists import LIST_FAMILIES
from codecrucible.benchmarks.sources.practice.numbers import NUMBER_FAMILIES
from codecrucible.benchmarks.sources.practice.texts import TEXT_FAMILIES
from codecrucible.benchmarks.sources.practice.words_and_prices import WORD_AND_PRICE_FAMILIES

TRAIN, HELD_OUT = "practice", "practice:held-out"

# Scores are comparable within one revision: a changed exercise is a new one.
REVISION = "1"
NAMES = {
    TRAIN: (672, "fb785fe34d23b6d52c0233b3041fe54923bf8a69a560f80a6cc9f6f153c0789d"),
    HELD_OUT: (167, "6102918103955faddbea8f144668e4e3735f15467d533c51a8b6f4428224e056"),
}
"""Number of problems, and the digest of their texts, by name."""

_FAMILIES = (*NUMBER_FAMILIES.all, *LIST_FAMILIES.all, *TEXT_FAMILIES.all, *WORD_AND_PRICE_FAMILIES.all)
_TITLES = {
    TRAIN: "Practice: easy Python functions to train on",
    HELD_OUT: "Practice: easy Python functions of other kinds",
}


def load_practice(name: str) -> Benchmark:
    """The exercises to train on, or those that are held out.

    Args:
        name: `TRAIN` or `HELD_OUT`.

    Raises:
        BenchmarkDataError: they are not those that the scores are defined on.
    """
    families = [family for family in _FAMILIES if family.held_out is (name == HELD_OUT)]
    problems = tuple(problem for family in families for problem in family.problems())
    texts = [(problem.problem_id, problem.prompt, problem.reference, problem.tests) for problem in problems]
    digest = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    if NAMES[name] != (len(problems), digest):
        raise BenchmarkDataError(
            f"the {len(problems)} problems of {name!r} are not those that its scores are defined on: their texts have "
            f"sha256 {digest}, expected {NAMES[name][1]}; install codecrucible again"
        )
    return Benchmark(
        name=name,
        title=_TITLES[name],
        problems=problems,
        source="codecrucible",
        revision=REVISION,
        sha256=digest,
        licence="Apache-2.0",
    )
