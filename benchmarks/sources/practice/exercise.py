"""One exercise, and the problem that is made of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

from codecrucible.benchmarks.problem import Problem
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP

NUMBERS = (7, -4, 0, 1, 12, 100, 45, -30)
COUNTS = (7, 12, 0, 1, 45, 100, 8)
LISTS: tuple[list[int], ...] = (
    *([3, 1, 4, 1, 5, 9, 2, 6], [10, -3, 7, 0, 12], [], [5], [-1, -2, -3, -4]),
    *([30, 20, 8, 25, 40, 15, 7, 8], [2, 2, 11, 2, 6, 13, 3], [9, 18, 4, 4, 27, 6, 12]),
)
WORDS: tuple[list[str], ...] = (
    *(["apple", "fig", "banana", "kiwi"], ["sun", "moon", "star"], [], ["a"]),
    *(["green", "grass", "grows", "under", "oaks"], ["tree", "river", "tree", "stone", "ab", "tree"]),
)
TEXTS = ("hello world", "banana bread", "", "a", "the quick brown fox", "mississippi river 42")
PRICES: tuple[dict[str, int], ...] = (
    {"tea": 3, "cake": 12, "milk": 7},
    {"ink": 25, "pen": 4, "tape": 9, "clip": 1},
    {},
    {"pin": 10},
    {"cup": 15, "can": 6},
)

_EXAMPLES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A function to write.

    Attributes:
        name: Its name.
        parameters: As its signature has them.
        returns: Type of what it returns.
        task: What it does, a sentence or two.
        body: A right body, not indented.
        answer: The same function again, written apart: expected values come from it.
        inputs: The value of its only parameter, of each test; the first two are examples in the docstring.
    """

    name: str
    parameters: str
    returns: str
    task: str
    body: str
    answer: Callable[..., Any]
    inputs: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Exercises that differ in numbers, letters or words alone.

    Attributes:
        name: Its name.
        level: 1 for one expression, 2 for a condition or a loop, 3 for both.
        held_out: Whether all of it is kept for evaluation.
        kept: How many of its last exercises are, where the others are to be learnt from.
        exercises: Makes them, the same at every call.
    """

    name: str
    level: int
    held_out: bool
    kept: int
    exercises: Callable[[], Iterator[Exercise]]

    def problems(self) -> Sequence[Problem]:
        """A problem of each exercise, in their order."""
        groups = (("family", self.name), ("level", str(self.level)))
        return tuple(
            _problem(exercise, f"practice/{self.name}@{number}", groups)
            for number, exercise in enumerate(self.exercises())
        )


@dataclass(frozen=True, slots=True)
class Families:
    """The families of a module, in its order."""

    all: list[Family] = field(default_factory=list)

    def family(
        self, *, level: int, held_out: bool = False, kept: int = 0
    ) -> Callable[[Callable[[], Iterator[Exercise]]], Callable[[], Iterator[Exercise]]]:
        """Make a family of the function below, which is named after it."""

        def add(exercises: Callable[[], Iterator[Exercise]]) -> Callable[[], Iterator[Exercise]]:
            self.all.append(
                Family(
                    name=exercises.__name__.strip("_"), level=level, held_out=held_out, kept=kept, exercises=exercises
                )
            )
            return exercises

        return add


def _problem(exercise: Exercise, problem_id: str, groups: tuple[tuple[str, str], ...]) -> Problem:
    cases = [(f"{exercise.name}({value!r})", exercise.answer(value)) for value in exercise.inputs]
    examples = "".join(f"    >>> {call}\n    {expected!r}\n" for call, expected in cases[:_EXAMPLES])
    signature = f"def {exercise.name}({exercise.parameters}) -> {exercise.returns}:\n"
    prompt = f'{signature}    """{exercise.task}\n\n{examples}    """\n'
    return Problem(
        problem_id=problem_id,
        prompt=prompt,
        entry_point=exercise.name,
        setup="",
        tests="".join(f"assert {call} == {expected!r}\n" for call, expected in cases),
        reference=indent(f"{exercise.body}\n", "    "),
        stub="    return None\n",
        stop=CODEX_STOP,
        groups=groups,
    )
