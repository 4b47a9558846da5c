"""Two sides of run folders: which belong together, whether they may be compared, and their comparisons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import NotComparable, NothingToDo, SamplesMissing, UsageError
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.by_problem import samples_by_problem
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.records import image_id_of
from codecrucible.reports import Comparison, Report, compare_reports, languages_of
from codecrucible.reports.comparison import parts_of
from codecrucible.reports.statistics.completeness import gap_of
from codecrucible.reports.statistics.difference import Inference
from codecrucible.reports.views.sarif import CodeFinding

# More samples may be drawn of one side, with other random numbers, in batches of another size.
FREE_SAMPLING = frozenset({"n", "seed", "batch_size"})
#: A model in fewer bits differs on purpose.
_PLAIN_TYPES = {"float32", "bfloat16", "float16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two runs of one benchmark.

    Attributes:
        base: The baseline.
        candidate: The candidate.
        base_report: Its numbers.
        candidate_report: Its numbers.
    """

    base: RunFolder
    candidate: RunFolder
    base_report: Report
    candidate_report: Report


def paired_runs(
    base: Path, candidate: Path, *, allow_mismatch: bool = False, names: tuple[str, str] = ("", "")
) -> list[Pair]:
    """The runs of both sides that belong together, by benchmark.

    Args:
        base: A run folder, or a folder that holds one a benchmark.
        candidate: The same.
        allow_mismatch: Whether the runs may differ in more than their model.
        names: What the models of both sides are called; "" for their own names.

    Raises:
        UsageError: a path holds no run, or two of one benchmark.
        NotComparable: the two sides differ in more than their model.
    """
    bases, candidates = runs_at(base, names[0]), runs_at(candidate, names[1])
    if len(bases) == len(candidates) == 1:
        couples = [(*bases.values(), *candidates.values())]
    else:
        lonely = sorted(bases.keys() ^ candidates.keys())
        if lonely:
            side = base if lonely[0] in bases else candidate
            raise NotComparable(f"only {side} has a run of {lonely[0]}: both sides need the same benchmarks")
        couples = [(bases[name], candidates[name]) for name in bases]
    if not allow_mismatch:
        for one, other in couples:
            refuse_other_settings(one, other)
    return [
        Pair(
            base=one,
            candidate=other,
            base_report=current_report(one, benchmark_of(one.manifest)),
            candidate_report=current_report(other, benchmark_of(other.manifest)),
        )
        for one, other in couples
    ]


def comparisons_of(
    pairs: Sequence[Pair], *, inference: Inference, by_language: bool, gated_parts: Sequence[str] = ()
) -> list[Comparison]:
    """The comparison of each pair, and of each of its languages where there are several and they are asked for.

    Args:
        pairs: The runs.
        inference: About problems like these, or about these alone.
        by_language: Whether languages are asked for.
        gated_parts: Parts of the tests whose pass@1 is gated too.

    Raises:
        NothingToDo: two runs have no problem in common.
        UsageError: no pair has tests with a part of that name.
    """
    known = list(dict.fromkeys(part for pair in pairs for part in parts_of(pair.base_report, pair.candidate_report)))
    if unknown := sorted(set(gated_parts) - set(known)):
        told = f"there are {', '.join(known)}" if known else "none has parts"
        raise UsageError(f"no tests have a part {unknown[0]!r} before their last: {told}")
    made = []
    for pair in pairs:
        languages = languages_of(pair.base_report) if by_language else []
        for language in ("", *languages):
            try:
                made.append(
                    compare_reports(
                        pair.base_report,
                        pair.candidate_report,
                        inference=inference,
                        language=language,
                        gated_parts=gated_parts,
                    )
                )
            except ValueError as error:
                raise NothingToDo(str(error)) from None
    return made


def refuse_missing_samples(pairs: Sequence[Pair]) -> None:
    """Raise `SamplesMissing` where a side has samples unjudged, or lacks more than one in a hundred.

    For a benchmark without tests: where samples are not scanned.
    """
    for pair in pairs:
        for folder, report in ((pair.base, pair.base_report), (pair.candidate, pair.candidate_report)):
            gap = gap_of(report)
            if gap == "unjudged":
                raise SamplesMissing(
                    f"{report.unjudged} of {report.samples} samples of {folder.path} are unjudged, and count "
                    f"neither as passed nor as failed: run `crucible execute {folder.path}` first"
                )
            if gap == "unscanned":
                raise SamplesMissing(
                    f"{report.security.not_scanned} of {report.samples} samples of {folder.path} are not scanned yet: "
                    f"run `crucible scan {folder.path}` first"
                )
            if gap == "missing":
                raise SamplesMissing(
                    f"{report.missing.samples} of {report.asked} samples of {folder.path} were never made, "
                    "more than 1 in 100: finish the run, or evaluate a complete file"
                )


def prompt_cautions(pairs: Sequence[Pair]) -> Iterator[str]:
    """A line for each pair of runs, under the same template, that asked the same problems in other words.

    Token ids are held against each other where both runs have one tokenizer, and the texts elsewhere.
    """
    for pair in pairs:
        base, candidate = pair.base.manifest, pair.candidate.manifest
        if base.prompt.template_sha256 != candidate.prompt.template_sha256:
            continue  # other templates are a difference of settings, which is told by itself
        same_tokenizer = _has_one_tokenizer(base, candidate)
        before, after = (_prompts_of(each, by_ids=same_tokenizer) for each in (pair.base, pair.candidate))
        both = before.keys() & after.keys()
        others = sorted(problem_id for problem_id in both if before[problem_id] != after[problem_id])
        if others:
            yield (
                f"{len(others)} of {len(both)} problems, such as {others[0]}, were asked by other prompts in "
                f"{pair.base.path} than in {pair.candidate.path}: a difference of their scores may be one of the "
                "prompts; see field 'prompt' in both samples.jsonl, and make the older run again"
            )


def number_type_cautions(pairs: Sequence[Pair]) -> Iterator[str]:
    """A line for each pair of runs that computed one model in different number types, which draws other samples."""
    for pair in pairs:
        base, candidate = pair.base.manifest.model, pair.candidate.manifest.model
        if not (isinstance(base, CheckpointFacts) and isinstance(candidate, CheckpointFacts)):
            continue
        types = {base.dtype, candidate.dtype}
        if base.weights_sha256 == candidate.weights_sha256 and types <= _PLAIN_TYPES and len(types) > 1:
            yield (
                f"{pair.base.path} computed in {base.dtype} and {pair.candidate.path} in {candidate.dtype}: the same "
                "weights draw other samples then; give both runs the same --dtype"
            )


def _has_one_tokenizer(base: Manifest, candidate: Manifest) -> bool:
    """Whether it is known that both runs cut text into the same tokens."""
    files = [manifest.model.sha256 for manifest in (base, candidate)]
    own = any(manifest.adapter and manifest.adapter.tokenizer for manifest in (base, candidate))
    return bool(files[0]) and files[0] == files[1] and not own


def _prompts_of(folder: RunFolder, *, by_ids: bool) -> dict[str, frozenset[str]]:
    """Hashes of the prompts of each problem, where they are known."""
    found = {
        problem_id: frozenset(
            sample.prompt_sha256 if by_ids else text_sha256(sample.prompt) for sample in samples if sample.prompt_sha256
        )
        for problem_id, samples in samples_by_problem(folder)
    }
    return {problem_id: hashes for problem_id, hashes in found.items() if hashes}


def refuse_other_settings(base: RunFolder, candidate: RunFolder) -> None:
    """Raise `NotComparable` where two runs differ in more than their model, each difference with both values."""
    told = [
        f"{name}: {_shown(before)} in {base.path}, {_shown(after)} in {candidate.path}"
        for name, before, after in differing_settings(base.manifest, candidate.manifest)
    ]
    if told:
        raise NotComparable(
            "these runs differ in more than their model, so that a difference of scores says nothing of it "
            "(--allow-mismatch compares them all the same):\n" + "\n".join(f"  {line}" for line in told)
        )


def differing_settings(base: Manifest, candidate: Manifest) -> Iterator[tuple[str, Any, Any]]:
    """Name and both values of everything besides the model in which two runs differ."""
    one, other = _settings(base), _settings(candidate)
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            yield name, one.get(name), other.get(name)
    scanners, others = _scanners(base), _scanners(candidate)
    for language in sorted(scanners.keys() & others.keys()):  # one side may not have been scanned yet
        if scanners[language] != others[language]:
            yield f"scanner of {language}", scanners[language], others[language]


def found_in(folder: RunFolder) -> list[CodeFinding]:
    """Findings in a run's programs, one a rule and problem: the first sample's, and the number of samples."""
    benchmark = folder.manifest.benchmark.name
    scans = {key: record for key, record in folder.findings().items() if record.findings}
    first: dict[tuple[str, str], CodeFinding] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for sample in folder.samples():
        record = scans.get(sample.program_key)
        if record is None:
            continue
        lines = sample.program.split("\n")
        counts.update({(sample.problem_id, finding.rule): 1 for finding in record.findings})
        for finding in record.findings:
            first.setdefault(
                (sample.problem_id, finding.rule),
                CodeFinding(
                    benchmark=benchmark,
                    problem_id=sample.problem_id,
                    sample_index=sample.sample_index,
                    samples=0,
                    scanner=record.scanner,
                    rule=finding.rule,
                    name=finding.name,
                    severity=finding.severity,
                    confidence=finding.confidence,
                    cwe=finding.cwe,
                    line=finding.line,
                    message=finding.message,
                    snippet=lines[finding.line - 1] if finding.line <= len(lines) else "",
                ),
            )
    return [replace(finding, samples=counts[key]) for key, finding in first.items()]


def runs_at(path: Path, called: str = "") -> dict[str, RunFolder]:
    """Run folders by benchmark: the one at `path`, or those in it; `called` is what their model is called.

    Raises:
        UsageError: there is none, or there are two of one benchmark.
    """
    runs: dict[str, RunFolder] = {}
    for folder in all_runs_at(path, called):
        name = folder.manifest.benchmark.name
        if name in runs:
            raise UsageError(
                f"{path} holds two runs of {name}, {runs[name].path.name} and {folder.path.name}: name one"
            )
        runs[name] = folder
    return runs


def all_runs_at(path: Path, called: str = "") -> list[RunFolder]:
    """The run folder at `path`, or those in it; `called` is what their model is called.

    Raises:
        UsageError: there is none.
    """
    if (path / "run.json").is_file() or not path.is_dir():
        return [RunFolder(path, called)]
    runs = [RunFolder(each.parent, called) for each in sorted(path.glob("*/run.json"))]
    if not runs:
        raise UsageError(f"{path} is not a run folder, and holds none")
    return runs


def _settings(manifest: Manifest) -> dict[str, Any]:
    """Everything besides the model that a score depends on, by name."""
    benchmark, sampling = to_json(manifest.benchmark), to_json(manifest.sampling)
    settings = {f"dataset {key}": benchmark[key] for key in ("name", "revision", "sha256", "problem_ids")}
    settings |= {f"prompt {key}": value for key, value in to_json(manifest.prompt).items()}
    settings |= {f"sampling {key}": value for key, value in sampling.items() if key not in FREE_SAMPLING}
    settings |= {f"limits {key}": value for key, value in to_json(manifest.limits).items()}
    settings["extraction"] = manifest.extraction
    settings["shard"] = str(manifest.shard) if manifest.shard else None
    settings["extraction (version of codecrucible)"] = manifest.code_version
    settings["image"] = image_id_of(manifest.sandbox)
    return settings


def _scanners(manifest: Manifest) -> dict[str, str]:
    """Name and version of the scanner of each language for which one was started."""
    return {language: told["scanner"] for language, told in manifest.sandbox.get("scanners", {}).items()}


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"{len(value)} of them"
    return "nothing" if value is None else str(value)[:100]
