"""From a run folder to `report.json`: reads the files, has `reports` make the numbers, writes them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from codecrucible.benchmarks import Benchmark, Verdict, load_benchmark
from codecrucible.harness.common.errors import RunMismatch, UsageError
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.files import file_sha256, write_atomically
from codecrucible.harness.models.server.answers import FILTERED
from codecrucible.harness.results.cautions import cautions_of
from codecrucible.harness.results.efficiency import stress_problems_of
from codecrucible.harness.results.scoring import Scorer, Scores, known_scorer, scorer_of
from codecrucible.harness.runs.by_problem import records_by_problem
from codecrucible.harness.runs.efficiency_record import EFFICIENCY
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample, WorkSession, current_judgement
from codecrucible.harness.runs.reference_losses import PERPLEXITY, read_reference_losses
from codecrucible.harness.runs.shards import part_of
from codecrucible.reports import (
    Report,
    RunFacts,
    SampleRow,
    build_report,
    code_bleu_absence,
    code_bleu_method,
    report_from_json,
    to_json_text,
)
from codecrucible.reports.efficiency import efficiency_of, efficient_counts
from codecrucible.reports.report_types import Perplexity, Timing
from codecrucible.reports.statistics.perplexity import perplexity_of

if TYPE_CHECKING:
    from codecrucible.reports.sample_file import SampleFile

INPUTS = ("run.json", "samples.jsonl", "executions.jsonl", "judgements.jsonl", "findings.jsonl", PERPLEXITY, EFFICIENCY)


def benchmark_of(manifest: Manifest) -> Benchmark:
    """The benchmark that a run was made with.

    Raises:
        RunMismatch: the one that is installed has other data.
    """
    benchmark = load_benchmark(manifest.benchmark.name)
    if benchmark.sha256 != manifest.benchmark.sha256:
        raise RunMismatch(
            f"run {manifest.run_id} was made with {benchmark.name} of sha256 {manifest.benchmark.sha256}, and the "
            f"{benchmark.name} found here has {benchmark.sha256}: get {manifest.benchmark.source} as it was, or "
            "make the run again"
        )
    return benchmark


def make_report(
    folder: RunFolder,
    benchmark: Benchmark,
    *,
    scores: Scores | None = None,
    ks: Sequence[int] | None = None,
    cutoff: str = "",
    sample_file: "SampleFile | None" = None,
) -> Report:
    """Write `report.json` of a run folder; the report.

    Args:
        folder: The run.
        benchmark: The run's own.
        scores: From `Scoring`; None measures them.
        ks: The k of pass@k; None takes the run's own.
        cutoff: The last day of the model's training data; "" takes the run's own.
        sample_file: Gets the rows that the report is made of.

    Raises:
        UsageError: a k is larger than the run's n.
    """
    manifest = folder.manifest
    ks = manifest.k if ks is None else ks
    if max(ks) > manifest.sampling.n:
        raise UsageError(
            f"pass@{max(ks)} needs {max(ks)} samples per problem, and {folder.path} has n = {manifest.sampling.n}; "
            "ask for a smaller -k"
        )
    facts = _facts(folder, manifest, benchmark, cutoff or manifest.cutoff)
    with scorer_of(benchmark) if scores is None else nullcontext(known_scorer(scores)) as scorer:
        no_answers, ends = Counter[str](), Counter[str]()
        rows = sample_rows(folder, scorer, no_answers, ends)
        made = build_report(sample_file.passing(rows, facts=facts) if sample_file else rows, facts=facts, k=ks)
    report = replace(
        made,
        no_answer=dict(sorted(no_answers.items())),
        left_out_samples=manifest.left_out_samples,
        cautions=(*made.cautions, *_cautions_of_ends(ends)),
    )
    write_atomically(folder.path / "report.json", to_json_text(report))
    return _named(report, folder)


def sample_rows(folder: RunFolder, scorer: Scorer, no_answers: Counter[str], ends: Counter[str]) -> Iterator[SampleRow]:
    """A row a sample, a problem after another in the benchmark's order; no more than those of a problem are held.

    `no_answers` gets the reasons for which samples hold no answer, `ends` how the completions ended.
    """
    for records in records_by_problem(folder):
        programs: dict[str, str] = {}
        rows = []
        for sample in records.samples:
            programs[sample.program_sha256] = sample.program
            no_answers.update([sample.no_answer] if sample.no_answer else [])
            ends[sample.finish_reason] += 1
            judgement = current_judgement(records.judgements, sample)
            rows.append(_row(sample, judgement, records.findings.get(sample.program_sha256)))
        scores = scorer(records.problem_id, programs)
        yield from (_with_score(row, scores[row.program_sha256]) for row in rows)


def _cautions_of_ends(ends: Counter[str]) -> list[str]:
    """What a reader of the scores should know of how completions ended."""
    return [f"{ends[FILTERED]} answers were cut by the server's filter"] if ends[FILTERED] else []


def _with_score(row: SampleRow, score: float | None) -> SampleRow:
    return row if score is None else replace(row, codebleu=score)


def current_report(folder: RunFolder, benchmark: Benchmark) -> Report:
    """The run's report: the one in `report.json` if it was made of the files as they are now, else made again.

    The k of its pass@k may be others than the run's own.

    Raises:
        OSError: the report has to be made again and the folder cannot be written to.
    """
    try:
        text = (folder.path / "report.json").read_text(encoding="utf-8")
        kept = report_from_json(text)
        parts = set(benchmark.parts[:-1])
        same = all(row.of_parts.keys() == parts for row in kept.per_problem)
        same = same and kept.inputs == _inputs(folder) and kept.codebleu.method == _method(benchmark)
        same = same and kept.timing == Timing(**_timing(folder))
        # A version that wrote fewer fields made it, or one that knew of other dead problems or groups.
        complete = to_json_text(kept) == text
        dead = {row.problem_id: row.dead for row in kept.per_problem if row.dead}
        groups = {row.problem_id: dict(row.groups) for row in kept.per_problem if row.groups}
        part = part_of(benchmark, folder.manifest.shard)
        if same and complete and dead == _dead(part) and groups == _groups(part):
            return _named(kept, folder)
    except (OSError, ValueError):
        pass  # there is none, or it is not one of ours
    return make_report(folder, benchmark)


def _named(report: Report, folder: RunFolder) -> Report:
    return replace(report, model=folder.name, adapter=None) if folder.name else report


def _method(benchmark: Benchmark) -> str:
    """What decides the CodeBLEU of each language of the benchmark."""
    methods = {language: code_bleu_method(language) for language in benchmark.languages}
    if len(methods) == 1:
        return next(iter(methods.values()))
    return "; ".join(f"{language}: {method}" for language, method in methods.items())


def _inputs(folder: RunFolder) -> dict[str, str]:
    """SHA-256 of the files that a report is made from."""
    return {name: file_sha256(folder.path / name) for name in INPUTS if (folder.path / name).exists()}


def _row(sample: Sample, judgement: JudgementRecord | None, scan: FindingsRecord | None) -> SampleRow:
    severities = Counter(finding.severity for finding in scan.findings) if scan else Counter[str]()
    return SampleRow(
        problem_id=sample.problem_id,
        sample_index=sample.sample_index,
        verdict=judgement.verdict if judgement else Verdict.UNJUDGED,
        parts_passed=judgement.parts_passed if judgement else 0,
        strength=judgement.strength if judgement else "",
        truncated=sample.truncated,
        prompt_tokens=sample.prompt_tokens,
        completion_tokens=sample.completion_tokens,
        program_sha256=sample.program_sha256,
        scan_state=scan.state if scan else None,
        scanner=scan.scanner if scan else "",
        high=severities["high"],
        medium=severities["medium"],
        low=severities["low"],
    )


def _facts(folder: RunFolder, manifest: Manifest, whole: Benchmark, cutoff: str) -> RunFacts:
    benchmark = part_of(whole, manifest.shard)
    stressed = stress_problems_of(folder)
    return RunFacts(
        run_id=manifest.run_id,
        benchmark=_name_of(manifest),
        model=manifest.model.name,
        adapter=manifest.adapter.name if manifest.adapter else None,
        problem_ids=manifest.problem_ids,
        n=manifest.sampling.n,
        timing=_timing(folder),
        inputs=_inputs(folder),
        parts=benchmark.parts,
        languages={problem.problem_id: problem.language for problem in benchmark.problems},
        pinned=benchmark.pinned,
        dead=_dead(benchmark),
        codebleu_reason=_codebleu_reason(benchmark),
        codebleu_method=_method(whole),
        cautions=(*_cautions(manifest), *cautions_of(benchmark, manifest)),
        perplexity=_perplexity(folder, benchmark),
        efficiency=efficiency_of(stressed) if stressed else None,
        efficient=efficient_counts(stressed),
        dates={problem.problem_id: problem.date for problem in benchmark.problems if problem.date},
        groups=_groups(benchmark),
        untested=frozenset(problem.problem_id for problem in benchmark.problems if not problem.tested),
        cutoff=cutoff,
    )


def _timing(folder: RunFolder) -> dict[str, float]:
    """Seconds of each stage, of all sessions together."""
    sessions = folder.sessions()
    stages = [field.name for field in fields(WorkSession) if field.name.endswith("_s")]
    return {stage: round(sum(getattr(session, stage) for session in sessions), 3) for stage in stages}


def _cautions(manifest: Manifest) -> tuple[str, ...]:
    """What is recorded of model and adapter."""
    facts = (part for part in (manifest.model, manifest.adapter) if isinstance(part, CheckpointFacts | AdapterFacts))
    return tuple(caution for part in facts for caution in part.cautions)


def _perplexity(folder: RunFolder, benchmark: Benchmark) -> Perplexity | None:
    """Perplexity of the benchmark's references, if it was measured."""
    losses = read_reference_losses(folder.path)
    if losses is None:
        return None
    own = {problem.problem_id for problem in benchmark.problems if problem.reference}
    measured = [
        (each.nats, each.tokens, each.text_bytes) for each in losses if each.problem_id in own and each.nats is not None
    ]
    reason = "" if own else f"{benchmark.name} has no reference solutions"
    return perplexity_of(measured, problems=len(own), reason=reason)


def _name_of(manifest: Manifest) -> str:
    """The benchmark's name; the scores of a shard are not the benchmark's, and its name says so."""
    name = manifest.benchmark.name
    return f"{name} (shard {manifest.shard})" if manifest.shard else name


def _dead(benchmark: Benchmark) -> dict[str, str]:
    return {problem.problem_id: problem.dead for problem in benchmark.problems if problem.dead}


def _groups(benchmark: Benchmark) -> dict[str, dict[str, str]]:
    return {problem.problem_id: dict(problem.groups) for problem in benchmark.problems if problem.groups}


def _codebleu_reason(benchmark: Benchmark) -> str:
    """Why no program of the benchmark can have a CodeBLEU, "" if one can."""
    if not any(problem.reference for problem in benchmark.problems):
        return f"{benchmark.name} has no reference solutions"
    referenced = {problem.language for problem in benchmark.problems if problem.reference}
    reasons = [code_bleu_absence(language) for language in sorted(referenced)]
    return "; ".join(reasons) if all(reasons) else ""
