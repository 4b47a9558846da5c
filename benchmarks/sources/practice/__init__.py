"""Practice: exercises written for this project, to train on, and others, to be tried on.

They are made of families, whose exercises differ in numbers, letters or words alone. To be tried on are further
exercises of families that were learnt from, and families of which none was. Intervals take a family as one cluster: its
exercises are versions of one problem.
"""

import hashlib
import json
from collections.abc import Sequence

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.practice.exercise import Family
from codecrucible.benchmarks.sources.practice.lists import LIST_FAMILIES
from codecrucible.benchmarks.sources.practice.numbers import NUMBER_FAMILIES
from codecrucible.benchmarks.sources.practice.texts import TEXT_FAMILIES
from codecrucible.benchmarks.sources.practice.words_and_prices import WORD_AND_PRICE_FAMILIES

TRAIN, SAME_FAMILIES, HELD_OUT = "practice", "practice:same-families", "practice:held-out"

# Scores are comparable within one revision: a changed exercise is a new one.
REVISION = "1"
NAMES = {
    TRAIN: (614, "b4a9abb82884f68c870a8e9525b4b3c1afe8e01c6aab2e229aad001fb1672590"),
    SAME_FAMILIES: (150, "20da029b8a579e6cec83e1956163f9b04c931591f531cbaaf69156484de5f3bc"),
    HELD_OUT: (225, "4c2e217657d0ca4030c943d6f304d15b26046c422a2733ecdacfcf8c628a2b16"),
}
"""Number of problems, and the digest of their texts, by name."""

_FAMILIES = (*NUMBER_FAMILIES.all, *LIST_FAMILIES.all, *TEXT_FAMILIES.all, *WORD_AND_PRICE_FAMILIES.all)
_TITLES = {
    TRAIN: "Practice: easy Python functions to train on",
    SAME_FAMILIES: "Practice: easy Python functions of the same kinds",
    HELD_OUT: "Practice: easy Python functions of other kinds",
}


def load_practice(name: str) -> Benchmark:
    """The exercises to train on, or those of the same families or of others that are held out.

    Args:
        name: `TRAIN`, `SAME_FAMILIES` or `HELD_OUT`.

    Raises:
        BenchmarkDataError: they are not those that the scores are defined on.
    """
    problems = tuple(problem for family in _FAMILIES for problem in _of(family, name))
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


def _of(family: Family, name: str) -> Sequence[Problem]:
    """The problems of a family that a benchmark has."""
    problems = family.problems()
    if family.held_out:
        return problems if name == HELD_OUT else ()
    learnt = len(problems) - family.kept
    return {TRAIN: problems[:learnt], SAME_FAMILIES: problems[learnt:]}.get(name, ())
