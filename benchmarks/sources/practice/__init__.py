"""Practice: exercises written for this project, to train on, and others of their kind, to be tried on.

Both are made of families, whose exercises differ in numbers, letters or words alone. No family is on both sides, and
intervals take each as one cluster: its exercises are versions of one problem.
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
    TRAIN: (614, "b4a9abb82884f68c870a8e9525b4b3c1afe8e01c6aab2e229aad001fb1672590"),
    HELD_OUT: (225, "4c2e217657d0ca4030c943d6f304d15b26046c422a2733ecdacfcf8c628a2b16"),
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
