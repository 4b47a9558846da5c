"""Pages of run folders: what `reports.page` shows, read from the folders."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark, Problem
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import NotComparable, NothingToDo, SamplesMissing
from codecrucible.harness.common.files import written_whole
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.lost import usual_failure
from codecrucible.harness.results.pairs import Pair, comparisons_of, refuse_missing_samples, refuse_other_settings
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.records import FindingsRecord
from codecrucible.reports import Comparison, GateRule, decide
from codecrucible.reports.page import Failure, PageCandidate, PageProblem, PageRun, page_index, write_page
from codecrucible.reports.ratings import RatingSummary

TEXT_CHARACTERS = 50_000
"""Most characters of a text that a page holds; the run folder has all of them."""
_SETTINGS = ("n", "temperature", "top_p", "top_k", "max_new_tokens", "seed")
_USUAL = {"top_p": 1.0, "top_k": 0}  # not said


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A candidate beside its baseline, as a page is to show it.

    Attributes:
        pairs: The runs of both, one pair a benchmark.
        comparisons: One for each pair, in the same order.
        rule: What the gate asks for.
    """

    pairs: Sequence[Pair]
    comparisons: Sequence[Comparison]
    rule: GateRule = GateRule()  # noqa: RUF009  # frozen


def save_page(
    path: Path,
    folders: Sequence[RunFolder],
    compared: Sequence[Compared] | None = None,
    *,
    boards: Mapping[str, Any] | None = None,
    samples: bool = True,
    ratings: RatingSummary | None = None,
    groups: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write the page of some runs to `path`; what was there stays until the new page is whole.

    Args:
        path: An HTML file.
        folders: The runs, a baseline before its candidates.
        compared: What was compared; None compares each run with the first of its benchmark, where that may be done.
        boards: A leaderboard, from `leaderboard_page_index`; shown in place of the overview.
        samples: Whether problems and samples are in it.
        ratings: What people said of the runs' programs.
        groups: Tables of scores or differences by group, from `reports.views.group_page`.

    Raises:
        RunMismatch: a run was made with other data than its benchmark has here.
    """
    runs = [_Run(folder, samples=samples) for folder in folders]
    benchmarks = {run.benchmark.name: run.benchmark for run in runs if samples}
    problems = [(name, problem) for name, benchmark in benchmarks.items() for problem in benchmark.problems]
    rows = [
        PageProblem(benchmark=name, problem_id=problem.problem_id, language=problem.language)
        for name, problem in problems
    ]
    places = {folder.path: place for place, folder in enumerate(folders)}
    candidates = list(_with_first(runs)) if compared is None else [_candidate(each, places) for each in compared]
    index = page_index([run.summary() for run in runs], rows, candidates, boards, ratings, groups)
    with written_whole(path) as part, part.open("wb") as file:
        write_page(file, index, (_problem(name, problem, runs) for name, problem in problems))


def _candidate(compared: Compared, places: Mapping[Path, int]) -> PageCandidate:
    """What the gate says of a candidate, or why it says nothing."""
    pairs = tuple((places[pair.base.path], places[pair.candidate.path]) for pair in compared.pairs)
    comparisons, undecided = tuple(compared.comparisons), ""
    try:
        refuse_missing_samples(compared.pairs)
    except SamplesMissing as error:
        undecided = f"Not decided: {error}."
    decision = None if undecided else decide(comparisons, compared.rule)
    return PageCandidate(pairs=pairs, comparisons=comparisons, decision=decision, undecided=undecided)


def _with_first(runs: "Sequence[_Run]") -> Iterator[PageCandidate]:
    """Each run beside the first of its benchmark."""
    places = {run.folder.path: place for place, run in enumerate(runs)}
    first: dict[str, _Run] = {}
    for run in runs:
        base = first.setdefault(run.benchmark.name, run)
        if base is run:
            continue
        pair = Pair(base=base.folder, candidate=run.folder, base_report=base.report, candidate_report=run.report)
        try:
            refuse_other_settings(base.folder, run.folder)
            comparisons = comparisons_of([pair], inference="problems", by_language=False)
        except (NotComparable, NothingToDo) as error:
            pairs = ((places[base.folder.path], places[run.folder.path]),)
            yield PageCandidate(pairs=pairs, undecided=f"Not compared: {error}.")
        else:
            yield _candidate(Compared(pairs=[pair], comparisons=comparisons), places)


class _Run:
    """A run folder, read once."""

    def __init__(self, folder: RunFolder, *, samples: bool) -> None:
        self.folder = folder
        self.benchmark: Benchmark = benchmark_of(folder.manifest)
        self.report = current_report(folder, self.benchmark)
        self._argv = " ".join(folder.manifest.argv)
        self._samples: dict[str, list[JudgedSample]] = defaultdict(list)
        for each in judged_samples(folder) if samples else ():
            self._samples[each.sample.problem_id].append(each)
        for of_problem in self._samples.values():
            of_problem.sort(key=lambda each: each.sample.sample_index)

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
        return PageRun(
            report=self.report,
            argv=self._argv,
            folder=str(self.folder.path),
            facts=_facts(self.folder.manifest),
            verdicts=verdicts,
            failures=dict(self._failures()),
            weaknesses=weaknesses,
        )

    def _failures(self) -> Iterator[tuple[str, Failure]]:
        for problem_id, samples in self._samples.items():
            if shown := usual_failure(samples):
                told = shown.judgement
                why = (told.detail or told.reason) if told else ""
                yield problem_id, Failure(place=samples.index(shown), verdict=shown.verdict, why=why)

    def samples(self, problem_id: str, text: Callable[[str], int | None]) -> list[dict[str, Any]]:
        """What the page shows of each sample of a problem; `text` keeps a text and gives its place."""
        return [_shown(each, text) for each in self._samples.get(problem_id, [])]


def _facts(manifest: Manifest) -> dict[str, str]:
    """What a reader may ask about a run, by name."""
    sampling = manifest.sampling
    known = {each.name: getattr(sampling, each.name) for each in fields(sampling)}
    told = [name for name in _SETTINGS if name in known and known[name] != _USUAL.get(name)]
    return {
        "made": manifest.created_utc[:16].replace("T", " "),
        "model": manifest.model.spec,
        "adapter": manifest.adapter.source or manifest.adapter.path if manifest.adapter else "none",
        "settings": ", ".join(f"{name} {known[name]:g}" for name in told),
        "prompt": manifest.prompt.form,
        "codecrucible": manifest.code_version,
    }


def _shown(each: JudgedSample, text: Callable[[str], int | None]) -> dict[str, Any]:
    sample, judgement, observed, scan = each.sample, each.judgement, each.observed, each.scan
    return {
        "index": sample.sample_index,
        "verdict": each.verdict,
        "reason": judgement.reason if judgement else "",
        "detail": judgement.detail if judgement else "",
        "tests": judgement.tests if judgement else 0,
        "tests_passed": judgement.tests_passed if judgement else 0,
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
