"""A run that is written in the files of others."""

import re
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Self

from codecrucible.benchmarks import Benchmark, Problem, Verdict
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import JudgementRecord, Sample, current_judgement
from codecrucible.reports import Report, pass_at_k


@dataclass(frozen=True, kw_only=True)
class ExportedRun:
    """A run that is exported.

    Attributes:
        folder: Its folder.
        benchmark: Its benchmark.
        report: Its numbers.
    """

    folder: RunFolder
    benchmark: Benchmark
    report: Report

    @classmethod
    def of(cls, folder: RunFolder) -> Self:
        """The run in `folder`."""
        benchmark = benchmark_of(folder.manifest)
        return cls(folder=folder, benchmark=benchmark, report=current_report(folder, benchmark))

    @cached_property
    def judged(self) -> list[tuple[Problem, list[tuple[Sample, JudgementRecord]]]]:
        """The judged samples of each problem that has some, both in their order."""
        judgements = self.folder.judgements()
        found: dict[str, list[tuple[Sample, JudgementRecord]]] = {}
        for sample in self.folder.samples():
            judgement = current_judgement(judgements, sample)
            if judgement and judgement.verdict not in (Verdict.UNJUDGED, Verdict.UNTESTED):
                found.setdefault(sample.problem_id, []).append((sample, judgement))
        return [
            (problem, sorted(found[problem.problem_id], key=lambda pair: pair[0].sample_index))
            for problem in self.benchmark.problems
            if problem.problem_id in found
        ]

    @property
    def task(self) -> str:
        """The benchmark's name as a part of a file's."""
        return slug(self.benchmark.name)

    def per_problem(self, k: int) -> list[float]:
        """pass@k of each problem.

        Raises:
            UsageError: a problem has fewer than k judged samples.
        """
        counts = [(len(pairs), sum(passed(judgement) for _, judgement in pairs)) for _, pairs in self.judged]
        if len(counts) < len(self.benchmark.problems) or min(n for n, _ in counts) < k:
            raise UsageError(
                f"{self.folder.path}: a problem has fewer than {k} judged samples, so that there is no pass@{k} to "
                f"export: `crucible execute {self.folder.path}` judges what is left"
            )
        return [pass_at_k(n, c, k) for n, c in counts]

    def scores(self) -> dict[str, float]:
        """pass@k by its name.

        Raises:
            UsageError: as `per_problem`.
        """
        values = {k: self.per_problem(k) for k in self.report.pass_at_k}
        return {f"pass@{k}": fsum(each) / len(each) for k, each in values.items()}


def slug(text: str) -> str:
    """`text` as a part of a path."""
    return re.sub(r"[^\w.+-]", "_", text, flags=re.ASCII)[:80].lstrip(".") or "_"


def passed(judgement: JudgementRecord) -> bool:
    """Whether the verdict is a pass."""
    return judgement.verdict is Verdict.PASSED
