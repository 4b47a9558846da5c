"""Audits over finished runs: on perturbed prompts beside the nominal ones, and on twins beside the originals."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from codecrucible.benchmarks import TWIN, Benchmark, nominal_benchmark
from codecrucible.harness.common.errors import NotComparable, NothingToDo, SamplesMissing, UsageError
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.results.pairs import all_runs_at, differing_settings, runs_at
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.by_problem import samples_by_problem
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import ImportedFile
from codecrucible.reports import Report
from codecrucible.reports.likeness.same_tokens import FunctionTokens, function_tokens
from codecrucible.reports.memorisation import MemorisationReport, SameCounts, memorisation_report
from codecrucible.reports.robustness import PerturbedRun, RobustnessReport, robustness_report


def robustness_of(nominal: Path, perturbed: Sequence[Path], *, allow_mismatch: bool = False) -> RobustnessReport:
    """The robustness audit of runs of one model.

    Args:
        nominal: Run folder on the nominal prompts.
        perturbed: Run folders on perturbed ones, or folders that hold some; the nominal run among them is skipped.
        allow_mismatch: Whether the runs may differ in more than their prompts.

    Raises:
        UsageError: a path holds no run, or `nominal` several, or a run is not on perturbed prompts.
        NotComparable: a run differs in more than its prompts, or perturbs those of another benchmark.
        SamplesMissing: a run has unjudged samples.
        NothingToDo: no perturbed problem has a nominal one.
    """
    base = _only_run(nominal)
    folders = [
        folder for path in perturbed for folder in all_runs_at(path) if folder.path.resolve() != base.path.resolve()
    ]
    _refuse_twice(folders)
    notes: list[str] = []
    runs = []
    for folder in folders:
        _refuse_other_prompts(base, folder)
        if not allow_mismatch:
            _refuse_other_settings(base, folder)
        benchmark = benchmark_of(folder.manifest)
        out = _failed_references(folder, benchmark, notes)
        runs.append(PerturbedRun(report=_whole_report(folder, benchmark), left_out=out))
    report = _whole_report(base, benchmark_of(base.manifest))
    try:
        return robustness_report(report, runs, greedy=_is_greedy(base), notes=notes)
    except ValueError as error:
        raise NothingToDo(str(error)) from None


def memorisation_of(original: Path, twin: Path, *, allow_mismatch: bool = False) -> MemorisationReport:
    """The audit of memorisation of two runs of one model.

    Args:
        original: Run folder on a benchmark.
        twin: Run folder on its twins.
        allow_mismatch: Whether the runs may differ in more than their prompts.

    Raises:
        UsageError: a path does not hold one run, or the second is not on twins.
        NotComparable: they differ in more than their prompts, or the twins are of another benchmark.
        SamplesMissing: a run has unjudged samples.
        NothingToDo: they have no problem in common.
    """
    base, other = _only_run(original), _only_run(twin)
    if f"~{TWIN}" not in other.manifest.benchmark.name:
        raise UsageError(f"{other.path} is a run of {other.manifest.benchmark.name}, which has no twins: B~{TWIN} has")
    _refuse_other_prompts(base, other)
    if not allow_mismatch:
        _refuse_other_settings(base, other)
    notes: list[str] = []
    benchmarks = benchmark_of(base.manifest), benchmark_of(other.manifest)
    out = _failed_references(other, benchmarks[1], notes)
    if out:
        notes.append(f"{len(out)} twins are left out, since their own reference did not pass")
    try:
        return memorisation_report(
            _whole_report(base, benchmarks[0]),
            _whole_report(other, benchmarks[1]),
            same=(_same_counts(base, benchmarks[0]), _same_counts(other, benchmarks[1])),
            left_out=tuple(out),
            notes=notes,
        )
    except ValueError as error:
        raise NothingToDo(str(error)) from None


def _only_run(path: Path) -> RunFolder:
    runs = runs_at(path)
    if len(runs) > 1:
        raise UsageError(f"{path} holds {len(runs)} runs, of {', '.join(runs)}: name the folder of one")
    return next(iter(runs.values()))


def _refuse_twice(folders: Sequence[RunFolder]) -> None:
    seen: dict[str, Path] = {}
    for folder in folders:
        name = folder.manifest.benchmark.name
        kind = re.sub(r"\[.*\]|:\d+(?=@|$)", "", name)  # whatever problems, and however many versions
        if kind in seen and folder.manifest.shard is None:
            raise UsageError(f"{seen[kind]} and {folder.path} are both runs of {kind}: name one")
        seen[kind] = folder.path
    if not folders:
        raise UsageError("there is no run on perturbed prompts: name one, or a folder that holds some")


def _refuse_other_prompts(base: RunFolder, folder: RunFolder) -> None:
    """Refuse a run whose prompts are not perturbed ones of the nominal run's benchmark."""
    own, name = base.manifest.benchmark.name, folder.manifest.benchmark.name
    nominal = nominal_benchmark(name)
    if nominal is None:
        raise UsageError(
            f"{folder.path} is a run of {name}, whose prompts are not perturbed ones: `recode:KIND` and `B~KIND` are"
        )
    if nominal.partition("[")[0] != own.partition("[")[0]:
        raise NotComparable(f"{folder.path} is on perturbed prompts of {nominal}, and {base.path} is a run of {own}")


def _refuse_other_settings(base: RunFolder, folder: RunFolder) -> None:
    told = [
        f"{name}: {before} in {base.path}, {after} in {folder.path}"
        for name, before, after in differing_settings(base.manifest, folder.manifest)
        if not name.startswith("dataset ")
    ]
    one, other = base.manifest.identity(), folder.manifest.identity()
    if not isinstance(base.manifest.model, ImportedFile):  # of files, nobody knows who wrote them
        told += [f"{part}: they are of different ones" for part in ("model", "adapter") if one[part] != other[part]]
    if told:
        raise NotComparable(
            "these runs differ in more than their prompts (--allow-mismatch compares them all the same):\n"
            + "\n".join(f"  {line[:300]}" for line in told)
        )


def _failed_references(folder: RunFolder, benchmark: Benchmark, notes: list[str]) -> frozenset[str]:
    """Problems of ours whose reference did not pass under another name or layout.

    ReCode's references fail where a right completion need not, so they leave nothing out.
    """
    manifest = folder.manifest
    if "~" not in benchmark.name:
        return frozenset()
    notes += [f"{benchmark.name}: {caution}" for caution in benchmark.cautions]
    if manifest.problem_cpu_s is None:
        notes.append(
            f"{benchmark.name}: the references were not run, so that a version may be left in that none can pass"
        )
    return frozenset(manifest.failed_references)


def _whole_report(folder: RunFolder, benchmark: Benchmark) -> Report:
    report = current_report(folder, benchmark)
    if report.unjudged:
        raise SamplesMissing(
            f"{report.unjudged} of {report.samples} samples of {folder.path} are unjudged, and count neither as passed "
            f"nor as failed: run `crucible execute {folder.path}` first"
        )
    return report


def _is_greedy(folder: RunFolder) -> bool:
    sampling = folder.manifest.sampling
    return isinstance(sampling, Sampling) and not sampling.temperature


def _same_counts(folder: RunFolder, benchmark: Benchmark) -> dict[str, SameCounts]:
    """Completions that are the reference, of each problem with one in Python."""
    references = dict(_references(benchmark))
    counts = {}
    for problem_id, samples in samples_by_problem(folder):
        if problem_id not in references:
            continue
        name, reference = references[problem_id]
        found = [function_tokens(sample.program, name) for sample in samples]
        counts[problem_id] = SameCounts(
            samples=len(found),
            kept=sum(each is not None and each.kept == reference.kept for each in found),
            canonical=sum(each is not None and each.canonical == reference.canonical for each in found),
        )
    return counts


def _references(benchmark: Benchmark) -> Iterator[tuple[str, tuple[str, FunctionTokens]]]:
    for problem in benchmark.problems:
        if problem.language == "python" and problem.reference:
            tokens = function_tokens(problem.reference_program, problem.entry_point)
            if tokens:
                yield problem.problem_id, (problem.entry_point, tokens)
