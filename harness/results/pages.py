"""Pages of run folders: what `reports.page` shows, read from the folders."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark, Problem
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.files import written_whole
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import FindingsRecord
from codecrucible.reports import Comparison
from codecrucible.reports.page import PageProblem, PageRun, page_index, write_page

TEXT_CHARACTERS = 50_000
"""Most characters of a text that a page holds; the run folder has all of them."""


def save_page(path: Path, folders: Sequence[RunFolder], comparisons: Sequence[Comparison] = ()) -> None:
    """Write the page of some runs to `path`; what was there stays until the new page is whole.

    Args:
        path: An HTML file.
        folders: The runs, a baseline before its candidates.
        comparisons: Shown in the overview.

    Raises:
        RunMismatch: a run was made with other data than its benchmark has here.
    """
    runs = [_Run(folder) for folder in folders]
    benchmarks = {run.benchmark.name: run.benchmark for run in runs}
    problems = [(name, problem) for name, benchmark in benchmarks.items() for problem in benchmark.problems]
    rows = [
        PageProblem(benchmark=name, problem_id=problem.problem_id, language=problem.language)
        for name, problem in problems
    ]
    index = page_index([run.summary() for run in runs], rows, comparisons)
    with written_whole(path) as part, part.open("wb") as file:
        write_page(file, index, (_problem(name, problem, runs) for name, problem in problems))


class _Run:
    """A run folder, read once."""

    def __init__(self, folder: RunFolder) -> None:
        self.benchmark: Benchmark = benchmark_of(folder.manifest)
        self.report = current_report(folder, self.benchmark)
        self._argv = " ".join(folder.manifest.argv)
        self._samples: dict[str, list[JudgedSample]] = defaultdict(list)
        for each in judged_samples(folder):
            self._samples[each.sample.problem_id].append(each)

    def summary(self) -> PageRun:
        """What the page's index has of it."""
        verdicts = {
            problem_id: Counter(str(each.verdict) for each in samples) for problem_id, samples in self._samples.items()
        }
        weaknesses: Counter[str] = Counter()
        for samples in self._samples.values():
            for each in samples:
                found = each.scan.findings if each.scan else ()
                weaknesses.update({f"CWE-{one.cwe}" if one.cwe else f"{one.rule}, no CWE" for one in found})
        return PageRun(report=self.report, argv=self._argv, verdicts=verdicts, weaknesses=weaknesses)

    def samples(self, problem_id: str, text: Callable[[str], int | None]) -> list[dict[str, Any]]:
        """What the page shows of each sample of a problem; `text` keeps a text and gives its place."""
        samples = sorted(self._samples.get(problem_id, []), key=lambda each: each.sample.sample_index)
        return [_shown(each, text) for each in samples]


def _shown(each: JudgedSample, text: Callable[[str], int | None]) -> dict[str, Any]:
    sample, judgement, observed, scan = each.sample, each.judgement, each.observed, each.scan
    return {
        "index": sample.sample_index,
        "verdict": each.verdict,
        "reason": judgement.reason if judgement else "",
        "detail": judgement.detail if judgement else "",
        "finish_reason": sample.finish_reason,
        "truncated": sample.truncated,
        "completion_tokens": sample.completion_tokens,
        "prompt": text(sample.prompt),
        "completion": text(sample.completion),
        "program": text(sample.program),
        "prompt_lines": sample.prompt_lines,
        "cpu_s": observed.cpu_s if observed else None,
        "wall_s": observed.wall_s if observed else None,
        "memory_bytes": observed.memory_bytes if observed else None,
        "stdout": text(observed.stdout) if observed else None,
        "stderr": text(observed.stderr) if observed else None,
        "scan": _scanned(scan),
        "findings": [to_json(finding) for finding in scan.findings] if scan else [],
    }


def _problem(name: str, problem: Problem, runs: Sequence[_Run]) -> dict[str, Any]:
    """What the page shows of one problem, every text once."""
    places: dict[str, int] = {}

    def text(full: str) -> int | None:
        shown = full if len(full) <= TEXT_CHARACTERS else f"{full[:TEXT_CHARACTERS]}\n… {len(full)} characters"
        return places.setdefault(shown, len(places)) if shown else None

    samples = [run.samples(problem.problem_id, text) if run.benchmark.name == name else [] for run in runs]
    return {
        "prompt": problem.prompt,
        "reference": problem.reference_program if problem.reference else "",
        "tests": problem.shown_tests[:TEXT_CHARACTERS],
        "runs": samples,
        "texts": list(places),
    }


def _scanned(scan: FindingsRecord | None) -> str:
    if scan is None:
        return "not scanned"
    return f"{scan.state} ({scan.reason or scan.scanner})" if scan.reason or scan.scanner else str(scan.state)
