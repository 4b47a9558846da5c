"""Which problems of a run belong to which of its shards.

A shard is a part of a run's problems, for one of several machines. It depends on the ids of the problems and on nothing
else: not on their order, nor on how many samples each has.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codecrucible.benchmarks import Benchmark


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of the parts that a run's problems are dealt out to.

    Attributes:
        number: From 1 to `count`.
        count: Shards of the run.
    """

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def of(self, problem_ids: Iterable[str]) -> tuple[str, ...]:
        """Those of distinct `problem_ids` that are this shard's, in their order.

        They are dealt out in the order of their hashes, so that neighbours, which are often alike in length, part; and
        no shard has two problems more than another.
        """
        given = tuple(problem_ids)
        dealt = sorted(given, key=lambda each: sha256(each.encode("utf-8", "surrogatepass")).digest())
        mine = frozenset(dealt[self.number - 1 :: self.count])
        return tuple(each for each in given if each in mine)


def parse_shard(text: str) -> Shard:
    """The shard that "i/n" names.

    Raises:
        ValueError: `text` names none.

    >>> parse_shard("2/4")
    Shard(number=2, count=4)
    """
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise ValueError(f"{text!r} is no shard: give i/n with i from 1 to n, such as 1/4")
    return Shard(number=int(found[1]), count=int(found[2]))


def part_of(benchmark: "Benchmark", shard: Shard | None) -> "Benchmark":
    """The benchmark with the problems of `shard` alone; all of it for None."""
    if shard is None:
        return benchmark
    mine = frozenset(shard.of(problem.problem_id for problem in benchmark.problems))
    return replace(benchmark, problems=tuple(each for each in benchmark.problems if each.problem_id in mine))
