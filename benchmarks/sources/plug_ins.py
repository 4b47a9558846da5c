"""Benchmarks of other distributions: callables that they name in the entry point group `codecrucible.benchmarks`.

A plug-in is a Python package that its user has installed, and runs with the user's rights, unlike what a data file
holds. It is imported when it is named or listed, and at no other time.
"""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError, BenchmarkError
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.problem_file import check_ids
from codecrucible.sandbox.job import without_later
from codecrucible.sandbox.languages import LANGUAGES

GROUP = "codecrucible.benchmarks"
"""Group of entry points: the name of a benchmark, and a callable without arguments that returns it."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9+._:-]{0,78}[a-z0-9+])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """One entry point.

    Attributes:
        name: Name of the benchmark.
        distribution: That names it, and its version: "my-benchmarks 1.2".
        entry_point: Where it comes from.
    """

    name: str
    distribution: str
    entry_point: EntryPoint

    def load(self) -> Benchmark:
        """The benchmark, under the plug-in's name; its source says the distribution, its digest is of its problems.

        Raises:
            BenchmarkDataError: in one line that names the distribution, if it fails or gives no benchmark.
        """
        try:
            benchmark = self.entry_point.load()()
        except (Exception, SystemExit) as error:
            raise self._fault(f"failed: {type(error).__name__}: {error}") from error
        if not isinstance(benchmark, Benchmark):
            raise self._fault(f"gave a {type(benchmark).__name__}, where a benchmarks.Benchmark is expected")
        try:
            self._check(benchmark)
            problems = json.dumps([_digested(problem) for problem in benchmark.problems], sort_keys=True)
        except (BenchmarkError, TypeError, AttributeError, ValueError) as error:
            raise self._fault(f"gave a benchmark that cannot be used: {error}") from error
        return replace(
            benchmark,
            name=self.name,
            source=f"{self.distribution}: {benchmark.source}",
            sha256=hashlib.sha256(problems.encode("utf-8", "surrogatepass")).hexdigest(),
        )

    def _check(self, benchmark: Benchmark) -> None:
        check_ids(benchmark.problems)
        for problem in benchmark.problems:
            if problem.language not in LANGUAGES:
                raise BenchmarkDataError(f"{problem.problem_id}: nothing here runs {problem.language!r}")
            if problem.language != "python" and not (problem.changes or problem.assertions or problem.cases):
                raise BenchmarkDataError(
                    f"{problem.problem_id}: has no assertions, no changes of its tests and no cases"
                )

    def _fault(self, what: str) -> BenchmarkDataError:
        line = " ".join(f"the plug-in {self.name!r} of {self.distribution} {what}".split())
        return BenchmarkDataError(line[:500])


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIns:
    """What is installed.

    Attributes:
        usable: By name.
        refused: Why each of the others is not, in one line that names its distribution.
    """

    usable: dict[str, PlugIn]
    refused: tuple[str, ...]


def _digested(problem: Problem) -> dict[str, Any]:
    """What the digest of a problem is made of: all but what follows from its prompt.

    Fields that came later are left out where they are empty, so that digests stay what they were.
    """
    told = {name: value for name, value in asdict(problem).items() if name != "body_indent"}
    later = {name: [without_later(each) for each in told[name]] for name in ("cases", "methods")}
    return without_later(told) | later


def plug_ins(taken: Collection[str]) -> PlugIns:
    """All plug-ins, none of them imported.

    Args:
        taken: Names of our own benchmarks, which a plug-in may not have.
    """
    usable: dict[str, PlugIn] = {}
    refused = []
    for entry_point in sorted(entry_points(group=GROUP), key=lambda each: (each.name, _distribution(each))):
        name, distribution = entry_point.name, _distribution(entry_point)
        told = f"the plug-in {name[:100]!r} of {distribution} is not used: "
        if name in taken:
            refused.append(f"{told}codecrucible has a benchmark {name!r} of its own")
        elif not _NAME.fullmatch(name) or name.endswith((".jsonl", ".gz")):
            refused.append(f"{told}a name is up to 80 small letters, digits and any of + . _ : - and no file's")
        elif name in usable:
            refused.append(f"{told}{usable[name].distribution} has one of that name; remove one of the two")
        else:
            usable[name] = PlugIn(name=name, distribution=distribution, entry_point=entry_point)
    return PlugIns(usable=usable, refused=tuple(refused))


def _distribution(entry_point: EntryPoint) -> str:
    found = entry_point.dist
    return f"{found.name} {found.version}" if found else "an unknown distribution"
