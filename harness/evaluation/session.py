"""One session of work on a run: samples in, executions, scans, judgements and a report out.

A session can end early (Ctrl-C, an engine that died); the next one resumes from what is in the run folder.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.provenance import utc_now
from codecrucible.harness.common.stage_clock import StageClock
from codecrucible.harness.evaluation.limits import fix_limits, limits_of
from codecrucible.harness.evaluation.pipeline import Evaluation, judgements_of
from codecrucible.harness.results.report import make_report
from codecrucible.harness.results.scoring import Scoring
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.records import Sample, WorkSession, image_id_of
from codecrucible.harness.runs.shards import part_of
from codecrucible.reports import Report
from codecrucible.sandbox import Executor, SandboxUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a session ended.

    Attributes:
        folder: The run folder.
        report: What was written to `report.json`.
        failures: Number of programs by the sandbox's message about them.
        reason: Why nothing could be executed; "" where something could.
    """

    folder: Path
    report: Report
    failures: dict[str, int]
    reason: str = ""


def work(
    writer: RunWriter,
    benchmark: Benchmark,
    executor: Executor | None,
    progress: Progress,
    *,
    batches: Iterable[list[Sample]] = (),
    execute: bool = True,
    scan: bool = True,
) -> Outcome:
    """Evaluate the run's samples and those of `batches` that come in, and write judgements and report.

    Args:
        writer: Writes to the run folder.
        benchmark: The run's own, all of it: containers are those of the whole run, whatever the shard.
        executor: None to record samples only.
        progress: Gets the stages' advances.
        batches: New samples, as they are made.
        execute: Whether programs are executed, where the benchmark has tests.
        scan: Whether programs are scanned.

    Raises:
        KeyboardInterrupt: after everything known was written.
    """
    execute = execute and benchmark.tested
    clock = _SessionClock()
    if executor:
        if execute:
            for language in sorted(benchmark.without_referee):
                executor.prepare(language)
        if scan:
            for language in benchmark.languages:
                executor.prepare_scanner(language)
        writer.record_sandbox(_sandbox_of(writer, executor, execute=execute))
    failures: dict[str, int] = {}
    if executor and execute:
        try:
            fix_limits(writer, part_of(benchmark, writer.folder.manifest.shard), executor, progress)
        except SandboxUnavailable as error:  # samples are taken all the same, and stay unjudged
            execute, failures = False, {f"{type(error).__name__}: {error}": len(benchmark.problems)}
    evaluation = Evaluation(
        writer=writer,
        benchmark=benchmark,
        executor=executor,
        limits=limits_of(writer.folder.manifest),
        progress=progress,
        execute=execute,
        scan=scan,
    )
    with Scoring(benchmark, at_once=isinstance(batches, Sequence)) as scoring:
        try:
            for batch in chain([writer.folder.samples()], clock.generation(batches)):
                evaluation.add(batch)
                scoring.add(batch)
            scores = scoring.scores()  # while programs are executed
            evaluation.finish()
        except BaseException:
            evaluation.stop()
            writer.append(clock.session(evaluation, scoring))
            raise
        judge_run(writer, benchmark)
    writer.append(clock.session(evaluation, scoring))
    writer.sync()
    report = make_report(writer.folder, benchmark, scores=scores)
    return Outcome(folder=writer.path, report=report, failures=failures | evaluation.failures)


def _sandbox_of(writer: RunWriter, executor: Executor, *, execute: bool) -> dict[str, Any]:
    """Facts for `run.json`; those of the images that the executions on record were made in stay where no more come."""
    facts, recorded = dict(executor.describe()), writer.folder.manifest.sandbox
    if execute or not recorded:
        return facts
    return {**recorded, "scanners": facts.get("scanners", {})}


def judge_run(writer: RunWriter, benchmark: Benchmark) -> None:
    """Derive `judgements.jsonl` again from samples and executions."""
    writer.sync()
    manifest = writer.folder.manifest
    image_id = image_id_of(manifest.sandbox)
    writer.replace_judgements(judgements_of(writer.folder, benchmark, limits=limits_of(manifest), image_id=image_id))


class _SessionClock:
    """Times the stages of one session."""

    def __init__(self) -> None:
        self._started_utc = utc_now()
        self._started = time.monotonic()
        self._generate = StageClock()
        self._tokens: int | None = 0

    def generation(self, batches: Iterable[list[Sample]]) -> Iterator[list[Sample]]:
        """The batches, timed from the first one's asking to the last one's coming."""
        self._generate.tick()
        for batch in batches:
            self._generate.tick()
            self._count(batch)
            yield batch

    def _count(self, batch: Iterable[Sample]) -> None:
        """Add the tokens of a batch; what is not known of one sample is not known of all."""
        for sample in batch:
            if self._tokens is None or sample.completion_tokens is None:
                self._tokens = None
            else:
                self._tokens += sample.completion_tokens

    def session(self, evaluation: Evaluation, scoring: Scoring) -> WorkSession:
        """The line for `sessions.jsonl`."""
        return WorkSession(
            started_utc=self._started_utc,
            wall_s=round(time.monotonic() - self._started, 3),
            generate_s=round(self._generate.seconds, 3),
            execute_s=round(evaluation.execute_clock.seconds, 3),
            scan_s=round(evaluation.scan_clock.seconds, 3),
            score_s=round(scoring.clock.seconds, 3),
            completion_tokens=self._tokens,
        )
