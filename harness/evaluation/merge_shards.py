"""Shards of a run, put together to the run folder that one machine would have made.

Nothing is measured or drawn here: samples, executions and findings are taken as they stand, judgements and the report
are derived from them as in every run. Lines are in the order of the samples, whatever was done first.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from codecrucible.harness.common.codec import differing
from codecrucible.harness.common.errors import RunMismatch, SamplesMissing, UsageError
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.evaluation.session import judge_run
from codecrucible.harness.results.report import benchmark_of, make_report
from codecrucible.harness.runs.efficiency_record import EFFICIENCY, EfficiencyRecord
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import Manifest, refuse_other_run
from codecrucible.harness.runs.records import ExecutionRecord, FindingsRecord, Sample, WorkSession, current_judgement
from codecrucible.harness.runs.reference_losses import PERPLEXITY
from codecrucible.harness.runs.shards import Shard
from codecrucible.sandbox.docker.images import without_builds

#: Names of the facts of an executor that are about its machine; no verdict depends on them.
_OF_THE_MACHINE = ("engine", "kernel", "machine", "workers", "nodes")
#: What must be the same in a folder that was merged before.
_CONTENT = ("samples.jsonl", "executions.jsonl", "findings.jsonl", "judgements.jsonl", PERPLEXITY, EFFICIENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A shard's folder, and what its `run.json` said when it was first read."""

    folder: RunFolder
    manifest: Manifest
    shard: Shard

    def __str__(self) -> str:
        return f"shard {self.shard} in {self.folder.path}"


def merge_shards(paths: Sequence[Path], *, out: Path, argv: tuple[str, ...]) -> RunFolder:
    """The run folder at `out`, whole or not there at all, made of the shards in the folders at `paths`.

    Args:
        paths: All shards of a run, in any order.
        out: Where to put it. A folder that holds the same already is left as it is.
        argv: The command line, for `run.json`.

    Raises:
        RunMismatch: the shards are not of one run, with every difference; or `out` holds another run.
        UsageError: a folder holds no run, or `out` holds something else.
        SamplesMissing: shards are missing or not finished.
    """
    parts = sorted((_part(path) for path in paths), key=lambda part: part.shard.number)
    _refuse_strangers(parts)
    _refuse_missing(parts)
    manifest = _merged(parts, argv)
    there = out.exists() and (not out.is_dir() or any(out.iterdir()))
    if there:
        refuse_other_run(out, RunFolder(out).manifest, manifest)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
        scratch = Path(beside) / out.name
        _write(scratch, parts, manifest)
        if there:
            _refuse_other_content(out, scratch)
        else:
            scratch.rename(out)
    return RunFolder(out)


def _part(path: Path) -> _Part:
    folder = RunFolder(path)
    manifest = folder.manifest
    if manifest.shard is None:
        raise RunMismatch(f"{path} is no shard but a whole run: give folders that were made with --shard")
    return _Part(folder=folder, manifest=manifest, shard=manifest.shard)


def _refuse_strangers(parts: Sequence[_Part]) -> None:
    """Raise `RunMismatch` unless all are different shards of one run."""
    told = [
        f"{name} is {one} for {group[0][0]}, and {other} for {part}"
        for group in _comparable(parts)
        for part, facts in group[1:]
        for name, one, other in differing(group[0][1], facts)
    ]
    if told:
        raise RunMismatch("these shards are not of one run:\n" + "\n".join(f"  {line}" for line in told))
    seen: dict[int, _Part] = {}
    for part in parts:
        if other := seen.get(part.shard.number):
            raise RunMismatch(f"{other} is the same as {part}: give each shard once")
        seen[part.shard.number] = part


def _comparable(parts: Sequence[_Part]) -> Iterator[list[tuple[_Part, dict[str, Any]]]]:
    """Facts that must be the same, each time with the parts that have them: one may not be executed or scanned yet."""
    yield [(part, _settings(part.manifest)) for part in parts]
    of_all = dict.fromkeys(key for part in parts for key in part.manifest.sandbox if key not in _OF_THE_MACHINE)
    for key in of_all:
        told = [(part, without_builds(part.manifest.sandbox.get(key))) for part in parts]
        yield [(part, {f"sandbox.{key}": value}) for part, value in told if value]


def _settings(manifest: Manifest) -> dict[str, Any]:
    """What all shards of a run have in common from the start."""
    return {
        "shards": manifest.shard and manifest.shard.count,
        "k": manifest.k,
        "earlier_n": manifest.earlier_n,
        "code_version": manifest.code_version,
        "packages": manifest.packages,
    } | manifest.identity()


def _refuse_missing(parts: Sequence[_Part]) -> None:
    """Raise `SamplesMissing` if a shard is not there, or is behind another."""
    count = parts[0].shard.count
    there = {part.shard.number for part in parts}
    told = [f"shard {number}/{count} is missing" for number in range(1, count + 1) if number not in there]
    states = [(part, _State.of(part)) for part in parts]
    executed, scanned = any(state.executed for _, state in states), any(state.scanned for _, state in states)
    for part, state in states:
        if state.missing:
            told.append(f"{part} lacks {state.missing} samples: run the command that made it again to resume")
        elif executed and state.unjudged:
            told.append(f"{part} has {state.unjudged} samples unjudged: `crucible execute {part.folder.path}` resumes")
        elif scanned and state.unscanned:
            told.append(f"{part} has {state.unscanned} samples not scanned: `crucible scan {part.folder.path}` resumes")
    if told:
        raise SamplesMissing("the run is not complete:\n" + "\n".join(f"  {line}" for line in told))


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """How far a shard has come.

    Attributes:
        missing: Samples that were not made.
        unjudged: Samples without a verdict.
        unscanned: Samples whose program was not scanned.
        executed: Whether any program was executed.
        scanned: Whether any program was scanned.
    """

    missing: int
    unjudged: int
    unscanned: int
    executed: bool
    scanned: bool

    @classmethod
    def of(cls, part: _Part) -> "_State":
        """The state of a shard, from its files."""
        folder, expected = part.folder, part.manifest.expected_samples
        samples, judgements, findings = folder.samples(), folder.judgements(), folder.findings()
        return cls(
            missing=(expected or 0) - len(samples),
            unjudged=sum(current_judgement(judgements, sample) is None for sample in samples),
            unscanned=sum(bool(sample.program) and sample.program_key not in findings for sample in samples),
            executed=bool(folder.executions()),
            scanned=bool(findings),
        )


def _merged(parts: Sequence[_Part], argv: tuple[str, ...]) -> Manifest:
    """The manifest of the run; where its shards were made stands in `machine`."""
    first = next((part.manifest for part in parts if part.manifest.sandbox), parts[0].manifest)
    failed = {problem_id for part in parts for problem_id in part.manifest.failed_references}
    return replace(
        first,
        argv=argv,
        created_utc=min(part.manifest.created_utc for part in parts),
        machine={"shards": [_origin(part.manifest) for part in parts]},
        problem_cpu_s=_problem_cpu_s(parts),
        failed_references=tuple(each for each in first.benchmark.problem_ids if each in failed),
        shard=None,
        expected_samples=sum(part.manifest.expected_samples or 0 for part in parts),
    )


def _origin(manifest: Manifest) -> dict[str, Any]:
    """Where, when and how a shard was made."""
    sandbox = {key: manifest.sandbox[key] for key in _OF_THE_MACHINE if key in manifest.sandbox}
    return {
        "argv": manifest.argv,
        "created_utc": manifest.created_utc,
        "machine": manifest.machine,
        "sandbox": sandbox,
    }


def _problem_cpu_s(parts: Sequence[_Part]) -> dict[str, float] | None:
    """The limits that the shards measured, each of its own problems; in the benchmark's order."""
    measured = [part.manifest.problem_cpu_s for part in parts if part.manifest.problem_cpu_s is not None]
    if not measured:
        return None
    by_problem = {problem_id: cpu_s for each in measured for problem_id, cpu_s in each.items()}
    return {each: by_problem[each] for each in parts[0].manifest.benchmark.problem_ids if each in by_problem}


def _write(scratch: Path, parts: Sequence[_Part], manifest: Manifest) -> None:
    """Write the run folder `scratch`."""
    benchmark = benchmark_of(manifest)
    samples = _in_order([sample for part in parts for sample in part.folder.samples()], manifest)
    place: dict[tuple[str, str], int] = defaultdict(lambda: len(samples))  # there may be one of no sample
    place |= {sample.program_key: number for number, sample in reversed(list(enumerate(samples)))}
    executions = [record for part in parts for record in part.folder.executions().values()]
    findings = [record for part in parts for record in part.folder.findings().values()]
    sessions = [session for part in parts for session in part.folder.sessions()]
    efficiency = [record for part in parts for record in part.folder.efficiency()]
    records: list[Sample | ExecutionRecord | FindingsRecord | WorkSession | EfficiencyRecord] = [
        *samples,
        *sorted(executions, key=lambda each: place[each.problem_id, each.program_sha256]),
        *sorted(findings, key=lambda each: place[each.problem_id, each.program_sha256]),
        *sorted(sessions, key=lambda each: each.started_utc),
        *efficiency,
    ]
    measured = [part.folder.path / PERPLEXITY for part in parts]
    with RunWriter(scratch, manifest) as writer:
        for record in records:
            writer.append(record)
        if all(path.exists() for path in measured):
            (scratch / PERPLEXITY).write_bytes(b"".join(path.read_bytes() for path in measured))
        judge_run(writer, benchmark)
        make_report(writer.folder, benchmark)


def _in_order(samples: list[Sample], manifest: Manifest) -> list[Sample]:
    """The samples as a run on one machine has them.

    Those of a model in this process are made longest prompts first, see `plan_batches`. Others are in the benchmark's
    order, in which a server is asked and a file is usually written. Where n was raised, each time has its own order.
    """
    place = {problem_id: number for number, problem_id in enumerate(manifest.benchmark.problem_ids)}

    def order(sample: Sample) -> tuple[object, ...]:
        rise = bisect_right(manifest.earlier_n, sample.sample_index)
        if isinstance(manifest.model, CheckpointFacts) and manifest.model.device:
            return rise, -(sample.prompt_tokens or 0), sample.problem_id, sample.sample_index
        return rise, place[sample.problem_id], sample.sample_index

    return sorted(samples, key=order)


def _refuse_other_content(out: Path, merged: Path) -> None:
    """Raise `UsageError` if the folder at `out` does not hold what was merged."""
    for name in _CONTENT:
        one, other = ((folder / name).read_bytes() if (folder / name).exists() else b"" for folder in (out, merged))
        if one != other:
            raise UsageError(
                f"{out} holds this run with another {name} than its shards: remove it, or give another --out"
            )
