"""The run folder: the artifact that everything else reads.

`RunFolder` reads one, `RunWriter` is the only thing that writes to one. Lines are only ever appended, by one process
that holds a lock, and a line torn by a kill is dropped and made again. What may be used again is decided by hashes
inside the records, never by a file's existence.
"""

import json
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from codecrucible.harness.common.codec import dumps, from_json, loads, to_json
from codecrucible.harness.common.errors import BadRecord, RunLocked, UsageError
from codecrucible.harness.common.files import AlreadyLocked, drop_torn_line, locked, write_atomically
from codecrucible.harness.runs.efficiency_record import EFFICIENCY, EfficiencyRecord
from codecrucible.harness.runs.manifest import (
    Manifest,
    manifest_from_json,
    refuse_other_run,
    with_fewer_samples,
    with_more_samples,
)
from codecrucible.harness.runs.records import ExecutionRecord, FindingsRecord, JudgementRecord, Sample, WorkSession

FSYNC_EVERY_S = 2.0
_RUNS_SHOWN = 5

_FILES: Mapping[type, str] = {
    Sample: "samples.jsonl",
    ExecutionRecord: "executions.jsonl",
    FindingsRecord: "findings.jsonl",
    WorkSession: "sessions.jsonl",
    EfficiencyRecord: EFFICIENCY,
}
"""What is appended to, by the records that each holds."""

T = TypeVar("T")


class RunFolder:
    """Reads a run folder. Every method reads the files anew.

    Args:
        path: The folder.
        name: What its model is called in tables; "" for its own name.

    Raises:
        UsageError: if `path` holds no run.
        BadRecord: from the reading methods, with file and line.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path, self.name = path, name
        if not (path / "run.json").is_file():
            raise UsageError(f"{path} is not a run folder: {_what_is_there(path)}")

    @property
    def manifest(self) -> Manifest:
        """What is in `run.json`."""
        path = self.path / "run.json"
        try:
            value = loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadRecord(f"{path}: not JSON: {error}") from None
        return manifest_from_json(value, where=str(path))

    def samples(self) -> list[Sample]:
        """Samples in file order; two of the same problem and index are refused, and one that is not of this run."""
        manifest = self.manifest
        lines = json_lines(self.path / "samples.jsonl")
        return list(checked_samples(lines, problem_ids=frozenset(manifest.problem_ids), n=manifest.sampling.n))

    def executions(self) -> dict[str, ExecutionRecord]:
        """Executions by `job_sha256`."""
        return {record.job_sha256: record for record in self._records("executions.jsonl", ExecutionRecord)}

    def findings(self) -> dict[tuple[str, str], FindingsRecord]:
        """Scans by problem id and program hash."""
        records = self._records("findings.jsonl", FindingsRecord)
        return {(record.problem_id, record.program_sha256): record for record in records}

    def judgements(self) -> dict[tuple[str, int], JudgementRecord]:
        """Judgements by problem id and sample index."""
        records = self._records("judgements.jsonl", JudgementRecord)
        return {(record.problem_id, record.sample_index): record for record in records}

    def efficiency(self) -> list[EfficiencyRecord]:
        """What programs cost on stress inputs, in the order in which it became known."""
        return list(self._records(EFFICIENCY, EfficiencyRecord))

    def sessions(self) -> list[WorkSession]:
        """Sessions in the order they ended."""
        return list(self._records("sessions.jsonl", WorkSession))

    def _records(self, name: str, cls: type[T]) -> Iterator[T]:
        for where, value in json_lines(self.path / name):
            yield from_json(cls, value, where=where)


def checked_samples(lines: Iterable[tuple[str, Any]], *, problem_ids: Collection[str], n: int) -> Iterator[Sample]:
    """Samples of a run.

    Args:
        lines: Place and JSON value of each.
        problem_ids: Ids of the run's problems.
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


def _what_is_there(path: Path) -> str:
    """Why a path holds no run, and which runs are near it."""
    if not path.exists():
        near = get_close_matches(path.name, (each.parent.name for each in path.parent.glob("*/run.json")), n=1)
        hint = f"; did you mean {path.parent / near[0]}?" if near else ""
        return f"it does not exist{hint}"
    runs = [str(each.parent) for each in sorted(path.glob("*/run.json"))]
    shown = ", ".join(runs[:_RUNS_SHOWN]) + (f" and {len(runs) - _RUNS_SHOWN} more" if len(runs) > _RUNS_SHOWN else "")
    return f"it holds no run.json; the runs in it are {shown}" if runs else "it holds no run.json"


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
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
        manifest: What the run is, or None to resume the run that is there.

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
            for name in _FILES.values():
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
        n = min(kept.sampling.n, manifest.sampling.n)
        refuse_other_run(self.path, kept, with_fewer_samples(manifest, n))
        if n < manifest.sampling.n:
            kept = with_more_samples(kept, manifest)
        self._write_manifest(replace(kept, k=manifest.k))

    def append(self, record: Sample | ExecutionRecord | FindingsRecord | WorkSession | EfficiencyRecord) -> None:
        """Add one line to the file that holds records of this kind."""
        name = _FILES[type(record)]
        if name not in self._files:
            self._files[name] = (self.path / name).open("a", encoding="utf-8")
        self._files[name].write(dumps(to_json(record)) + "\n")
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
