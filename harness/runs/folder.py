"""The run folder: the artifact that everything else reads.

`RunFolder` reads one, `RunWriter` is the only thing that writes to one. Lines are only ever appended, by one process
that holds a lock, and a line torn by a kill is dropped and made again. What may be used again is decided by hashes
inside the records, never by a file's existence.
"""

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from codecrucible.harness.common.codec import differing, dumps, from_json, loads, to_json
from codecrucible.harness.common.errors import BadRecord, RunLocked, RunMismatch, UsageError
from codecrucible.harness.common.files import AlreadyLocked, drop_torn_line, locked, text_sha256, write_atomically
from codecrucible.harness.runs.records import ExecutionRecord, FindingsRecord, JudgementRecord, Sample
from codecrucible.harness.runs.shards import Shard

SCHEMA_VERSION = 1
FSYNC_EVERY_S = 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`run.json`: everything that a score depends on, and where it was made.

    Attributes:
        schema_version: Of the run folder.
        run_id: Name of the run; derived from the identity, so that the same command finds the same folder.
        argv: The command line.
        created_utc: ISO 8601.
        code_version: Of codecrucible.
        packages: Version by package name.
        model: Facts of the checkpoint, or of the file that completions were imported from.
        adapter: Facts of the adapter, or None.
        benchmark: name, source, revision, sha256, licence and problem_ids.
        prompt: The prompt form and the hash of the chat template; what is asked of a chat beside the message, if it is
            anything; and the day that a dated template was told.
        sampling: n, temperature, top_p, top_k, max_new_tokens, seed, batch_size.
        limits: Of each execution; units are in the names. `cpu_s` is the floor, and `cpu_factor` what a reference's CPU
            seconds are multiplied by.
        k: The k of pass@k that the report shows.
        sandbox: What the executor says of itself; {} until the first execution.
        machine: Host, kernel, processor, cores, memory; and node, device and hardware of generators on a cluster.
        problem_cpu_s: CPU seconds of the problems whose limit is above the floor, by problem id; None until the
            references were measured.
        extraction: "auto", or "raw" if completions were executed as they stand.
        shard: The part of the run that this folder holds; None for all of it.
        expected_samples: Samples that this folder is to hold; None where an earlier version made it.
        left_out_samples: Samples of the file that are of problems which were not asked for.
        earlier_n: What n was before it was raised, each time; rising. The samples of each time are batched together.
        failed_references: Problems whose own reference solution did not pass, of those that were measured.
    """

    schema_version: int
    run_id: str
    argv: tuple[str, ...]
    created_utc: str
    code_version: str
    packages: dict[str, Any]
    model: dict[str, Any]
    adapter: dict[str, Any] | None
    benchmark: dict[str, Any]
    prompt: dict[str, Any]
    sampling: dict[str, Any]
    limits: dict[str, Any]
    k: tuple[int, ...]
    sandbox: dict[str, Any]
    machine: dict[str, Any]
    problem_cpu_s: dict[str, Any] | None = None
    extraction: str = "auto"
    shard: Shard | None = None
    expected_samples: int | None = None
    left_out_samples: int = 0
    earlier_n: tuple[int, ...] = ()
    failed_references: tuple[str, ...] = ()

    @property
    def problem_ids(self) -> tuple[str, ...]:
        """Problems that this folder is to hold samples of, in the benchmark's order."""
        ids: list[str] = self.benchmark["problem_ids"]
        return self.shard.of(ids) if self.shard else tuple(ids)

    def identity(self) -> dict[str, Any]:
        """What two runs must share to be the same run; where the files lie and which machine it was do not count.

        Nor does the shard: all shards of a run have its identity.
        """
        return {
            "model": _portable(self.model),
            "adapter": _of_adapter(self.adapter) if self.adapter else None,
            "benchmark": self.benchmark,
            "prompt": self.prompt,
            "sampling": self.sampling,
            "limits": self.limits,
        } | ({"extraction": "raw"} if self.extraction == "raw" else {})  # the names of other runs stay what they were


def _parts_of(manifest: Manifest) -> Iterator[tuple[str, str, bool]]:
    """Of what is read from the fields that are objects: its place, what it should be, and whether it is."""
    named = {"model": ("name",), "adapter": ("name",), "benchmark": ("name", "source", "revision", "sha256")}
    for field, keys in named.items():
        part = getattr(manifest, field) if field != "adapter" or manifest.adapter is not None else {"name": ""}
        yield from ((f"{field}.{key}", "a string", isinstance(part.get(key), str)) for key in keys)
    ids, n, seconds = manifest.benchmark.get("problem_ids"), manifest.sampling.get("n"), manifest.problem_cpu_s or {}
    yield (
        "benchmark.problem_ids",
        "strings, each once",
        isinstance(ids, list) and all(isinstance(each, str) for each in ids) and 0 < len(ids) == len(set(ids)),
    )
    if shard := manifest.shard:
        yield "shard", "a number from 1 to its count", 1 <= shard.number <= shard.count
        yield "expected_samples", "those of the shard", manifest.expected_samples is not None
    yield "k", "numbers from 1", bool(manifest.k) and min(manifest.k) >= 1
    yield "sampling.n", "a whole number", type(n) is int
    rises = (*manifest.earlier_n, manifest.sampling["n"])
    yield "earlier_n", "rising numbers from 1 to below n", len(rises) == 1 or _rises((0, *rises))
    yield "problem_cpu_s", "numbers", all(type(each) in (int, float) for each in seconds.values())
    for field, inner in (("families", "image"), ("scanners", "scanner")):
        parts = manifest.sandbox.get(field, {})
        fits = isinstance(parts, dict) and all(isinstance(each, dict) and inner in each for each in parts.values())
        yield f"sandbox.{field}", f"objects with {inner!r}", fits
    images = (
        manifest.sandbox.get("image", {}),
        *(each["image"] for each in manifest.sandbox.get("families", {}).values()),
    )
    yield "sandbox", "images as objects", all(isinstance(each, dict) for each in images)


def _rises(numbers: tuple[int, ...]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def _portable(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without those that depend on where a file lies and what it is called."""
    return {key: value for key, value in facts.items() if key not in {"spec", "source", "path", "name"}}


def _of_adapter(facts: dict[str, Any]) -> dict[str, Any]:
    """The adapter's facts without its cautions, which follow from the others and from what its base is called here."""
    return {key: value for key, value in _portable(facts).items() if key != "cautions"}


def run_id_of(label: str, identity: dict[str, Any]) -> str:
    """Folder name for a run: a readable label and the hash of what the run is."""
    readable = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.lower())[:80].strip("-.")
    return f"{readable}-{text_sha256(json.dumps(identity, sort_keys=True))[:10]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One process's work on the run; a line of `sessions.jsonl`. Seconds; stages overlap.

    Attributes:
        started_utc: ISO 8601.
        wall_s: From the session's start to its end.
        generate_s: From the first to the last completion of this session.
        execute_s: From the first program submitted to the last observed.
        scan_s: From the first source submitted to the last scanned.
        score_s: Spent on CodeBLEU.
    """

    started_utc: str
    wall_s: float
    generate_s: float
    execute_s: float
    scan_s: float
    score_s: float


class RunFolder:
    """Reads a run folder. Every method reads the files anew.

    Raises:
        UsageError: if `path` holds no run.
        BadRecord: from the reading methods, with file and line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path / "run.json").is_file():
            raise UsageError(f"{path} is not a run folder: it holds no run.json")

    @property
    def manifest(self) -> Manifest:
        """What is in `run.json`."""
        path = self.path / "run.json"
        try:
            value = loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadRecord(f"{path}: not JSON: {error}") from None
        if isinstance(value, dict) and value.get("schema_version") != SCHEMA_VERSION:
            raise BadRecord(
                f"{path}: schema_version {value.get('schema_version')!r}; this version reads {SCHEMA_VERSION}"
            )
        manifest = from_json(Manifest, value, where=str(path))
        for field, expected, fits in _parts_of(manifest):
            if not fits:
                raise BadRecord(f"{path}: field {field!r}: expected {expected}")
        return manifest

    def samples(self) -> list[Sample]:
        """Samples in file order; two of the same problem and index are refused, and one that is not of this run."""
        manifest = self.manifest
        lines = _lines(self.path / "samples.jsonl")
        return list(checked_samples(lines, problem_ids=frozenset(manifest.problem_ids), n=manifest.sampling["n"]))

    def executions(self) -> dict[str, ExecutionRecord]:
        """Executions by `job_sha256`."""
        return {record.job_sha256: record for record in self._records("executions.jsonl", ExecutionRecord.from_json)}

    def findings(self) -> dict[tuple[str, str], FindingsRecord]:
        """Scans by problem id and program hash."""
        records = self._records("findings.jsonl", _reader(FindingsRecord))
        return {(record.problem_id, record.program_sha256): record for record in records}

    def judgements(self) -> dict[tuple[str, int], JudgementRecord]:
        """Judgements by problem id and sample index."""
        records = self._records("judgements.jsonl", _reader(JudgementRecord))
        return {(record.problem_id, record.sample_index): record for record in records}

    def sessions(self) -> list[Session]:
        """Sessions in the order they ended."""
        return list(self._records("sessions.jsonl", _reader(Session)))

    def _records(self, name: str, read: Callable[..., T]) -> Iterator[T]:
        for where, value in _lines(self.path / name):
            yield read(value, where=where)


def checked_samples(lines: Iterable[tuple[str, Any]], *, problem_ids: Collection[str], n: int) -> Iterator[Sample]:
    """Samples of a run.

    Args:
        lines: Place and JSON value of each.
        problem_ids: Of the run.
        n: Samples of a problem that the run is to have.

    Raises:
        BadRecord: two are of the same problem and index, or one is not of this run.
    """
    seen: set[tuple[str, int]] = set()
    for where, value in lines:
        sample = from_json(Sample, value, where=where)
        key = (sample.problem_id, sample.sample_index)
        if key in seen:
            raise BadRecord(f"{where}: sample {key[1]} of {key[0]} stands here a second time")
        if key[0] not in problem_ids or not 0 <= key[1] < n:
            raise BadRecord(f"{where}: sample {key[1]} of {key[0]!r} is none of this run's")
        seen.add(key)
        yield sample


def _reader(cls: type[T]) -> Callable[..., T]:
    return lambda value, *, where: from_json(cls, value, where=where)


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Place and JSON value of each line; a last line without its newline was torn by a kill and is left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line_number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            where = f"{path}:{line_number}"
            try:
                value = loads(line)
            except ValueError as error:
                raise BadRecord(f"{where}: not JSON: {error}") from None
            yield where, value


class RunWriter:
    """The one writer of a run folder, which it makes if need be; a context manager.

    Args:
        path: The folder.
        manifest: What the run is, or None to go on with the run that is there.

    Raises:
        RunLocked: another process writes to the folder.
        RunMismatch: the folder holds a run of another identity.
        UsageError: `manifest` is None and there is no run.
    """

    def __init__(self, path: Path, manifest: Manifest | None = None) -> None:
        self.path = path
        if manifest is None:
            RunFolder(path)
        path.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(path / "run.lock", wait=False))
            except AlreadyLocked as owner:
                raise RunLocked(f"{path} is being written by {owner}; wait for it or stop it") from None
            if manifest is not None:
                self._claim(manifest)
            for name in ("samples.jsonl", "executions.jsonl", "findings.jsonl", "sessions.jsonl"):
                drop_torn_line(path / name)
            self._lock = stack.pop_all()
        self._files: dict[str, IO[str]] = {}
        self._synced_at = time.monotonic()
        self.folder = RunFolder(path)

    def _claim(self, manifest: Manifest) -> None:
        if not (self.path / "run.json").exists():
            self._write_manifest(manifest)
            return
        kept = RunFolder(self.path).manifest
        if kept.sampling["n"] < manifest.sampling["n"]:
            kept = _with_more_samples(kept, manifest)
        refuse_other_run(self.path, kept, manifest)
        self._write_manifest(replace(kept, k=manifest.k))

    def append(self, record: Sample | ExecutionRecord | FindingsRecord | Session) -> None:
        """Add one line to the file that holds records of this kind."""
        name, value = _line_of(record)
        if name not in self._files:
            self._files[name] = (self.path / name).open("a", encoding="utf-8")
        self._files[name].write(dumps(value) + "\n")
        self._files[name].flush()  # a kill of this process loses nothing; the disk is asked now and then
        if time.monotonic() - self._synced_at > FSYNC_EVERY_S:
            self.sync()

    def sync(self) -> None:
        """Bring every appended line to the disk."""
        for file in self._files.values():
            os.fsync(file.fileno())
        self._synced_at = time.monotonic()

    def replace_judgements(self, records: list[JudgementRecord]) -> None:
        """Write `judgements.jsonl` anew: judgements are derived, not observed."""
        text = "".join(dumps(to_json(record)) + "\n" for record in records)
        write_atomically(self.path / "judgements.jsonl", text)

    def record_sandbox(self, facts: dict[str, Any]) -> None:
        """Write what the executor says of itself into `run.json`."""
        self._write_manifest(replace(self.folder.manifest, sandbox=facts))

    def record_problem_cpu_s(self, problem_cpu_s: dict[str, float], *, failed: tuple[str, ...] = ()) -> None:
        """Write the limits that follow from the references into `run.json`; every later session is under them.

        Args:
            problem_cpu_s: CPU seconds by problem id, of those above the floor.
            failed: Problems whose reference did not pass.
        """
        self._write_manifest(replace(self.folder.manifest, problem_cpu_s=problem_cpu_s, failed_references=failed))

    def _write_manifest(self, manifest: Manifest) -> None:
        write_atomically(self.path / "run.json", json.dumps(to_json(manifest), indent=1) + "\n")

    def close(self) -> None:
        """Bring everything to the disk and give the lock back."""
        try:
            self.sync()
        finally:
            for file in self._files.values():
                file.close()
            self._files.clear()
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _with_more_samples(kept: Manifest, wanted: Manifest) -> Manifest:
    """`kept` with the n of `wanted`, and what follows from it; the samples that are there are the first ones."""
    n = kept.sampling["n"]
    return replace(
        kept,
        run_id=wanted.run_id,
        argv=wanted.argv,
        sampling=kept.sampling | {"n": wanted.sampling["n"]},
        expected_samples=wanted.expected_samples,
        earlier_n=(*kept.earlier_n, n),
    )


def refuse_other_run(place: Path | str, kept: Manifest, wanted: Manifest) -> None:
    """Raise `RunMismatch` with what differs if the folder at `place`, whose manifest is `kept`, is not of `wanted`."""
    told = [
        f"{name} is {old} there, and {new} asked for"
        for name, old, new in differing(_identity_in_folder(kept), _identity_in_folder(wanted))
    ]
    if told:
        raise RunMismatch(f"{place} holds another run: {'; '.join(told[:5])}; give another --out")


def _identity_in_folder(manifest: Manifest) -> dict[str, Any]:
    """Which run a folder holds, and which part of it."""
    return manifest.identity() | {"shard": str(manifest.shard) if manifest.shard else None}


def _line_of(record: Sample | ExecutionRecord | FindingsRecord | Session) -> tuple[str, dict[str, Any]]:
    match record:
        case Sample():
            return "samples.jsonl", to_json(record)
        case ExecutionRecord():
            return "executions.jsonl", record.to_json()
        case FindingsRecord():
            return "findings.jsonl", to_json(record)
        case Session():
            return "sessions.jsonl", to_json(record)
