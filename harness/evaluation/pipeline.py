"""Executes and scans samples while they arrive, and writes everything that becomes known of them.

One thread owns the run folder's writer: samples come in through a queue from whoever makes them, executions and scans
come in through the same queue from the executor. Identical programs of one problem are executed and scanned once.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from codecrucible.benchmarks import Benchmark, Problem, job_for, judge, judge_empty, judge_untested
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.stage_clock import StageClock
from codecrucible.harness.evaluation.limits import RunLimits
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.records import (
    ExecutionRecord,
    FindingsRecord,
    JudgementRecord,
    Sample,
    image_id_of,
    job_sha256,
)
from codecrucible.sandbox import Execution, Executor, Job, SandboxError, Scan, ScanState

# Enough to keep every worker's pipeline full, few enough to hold next to nothing in memory.
IN_FLIGHT, IN_FLIGHT_PER_WORKER = 64, 128
ATTEMPTS = 3
STOP_WAIT_S = 3.0

ProgramKey = tuple[str, str]
"""Problem id and program hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One thing asked of the executor; `job` is None for a scan."""

    key: ProgramKey
    sample: Sample
    job: Job | None
    job_sha256: str
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    task: _Task
    future: Future[Execution] | Future[Scan]


class Evaluation:
    """Evaluates samples in the background.

    Args:
        writer: Writes to the run folder; used by this object's thread alone until `finish` or `stop` has returned.
        benchmark: That the samples belong to.
        executor: Runs and scans the programs; None only records the samples.
        limits: Limits of the executions.
        progress: Gets "execute" and "scan" advances.
        execute: Whether programs are executed.
        scan: Whether programs are scanned.
    """

    def __init__(
        self,
        *,
        writer: RunWriter,
        benchmark: Benchmark,
        executor: Executor | None,
        limits: RunLimits,
        progress: Progress,
        execute: bool = True,
        scan: bool = True,
    ) -> None:
        self._writer, self._executor, self._limits, self._progress = writer, executor, limits, progress
        self._problems = {problem.problem_id: problem for problem in benchmark.problems}
        self._execute, self._scan = execute and executor is not None, scan and executor is not None
        facts = executor.describe() if executor else {}
        self._image_id = image_id_of(facts)
        self._most_in_flight = max(IN_FLIGHT, IN_FLIGHT_PER_WORKER * int(facts.get("workers", 0)))
        self._executed = set(writer.folder.executions())
        self._scanned = set(writer.folder.findings())
        self._asked: set[tuple[ProgramKey, bool]] = set()
        self._recorded = {(sample.problem_id, sample.sample_index) for sample in writer.folder.samples()}
        self._pending: deque[_Task] = deque()
        self._in_flight = 0
        self._inbox: SimpleQueue[Sample | _Done | None] = SimpleQueue()
        self._closing = False
        self._stop_at: float | None = None
        self._error: BaseException | None = None
        # Not the thread itself: a `join` that a signal interrupts takes a living thread for an ended one (Python 3.11).
        self._ended = threading.Event()
        self.failures: Counter[str] = Counter()
        self.execute_clock, self.scan_clock = StageClock(), StageClock()
        if self._execute:
            progress.stage("execute", total=0)
        if self._scan:
            progress.stage("scan", total=0)
        threading.Thread(target=self._guarded_loop, name="evaluation", daemon=True).start()

    def add(self, samples: Iterable[Sample]) -> None:
        """Record samples that are not in the run folder yet, and evaluate them.

        Raises:
            OSError: the run folder could not be written to.
        """
        self._raise_error()
        for sample in samples:
            self._inbox.put(sample)

    def finish(self) -> None:
        """Wait until every sample added has been evaluated; `failures` says what the sandbox could not do."""
        self._closing = True
        self._inbox.put(None)
        while not self._ended.wait(0.2):  # in slices, so that Ctrl-C is seen
            pass
        self._raise_error()

    def stop(self) -> None:
        """Start nothing more, take what ends within `STOP_WAIT_S`, and leave the rest for the next session."""
        self._stop_at = time.monotonic() + STOP_WAIT_S
        self.finish()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _guarded_loop(self) -> None:
        try:
            self._loop()
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits in `add` or `finish`
            self._error = error
        finally:
            self._ended.set()

    def _loop(self) -> None:
        while True:
            if self._stop_at is not None:
                self._pending.clear()
            while self._pending and self._in_flight < self._most_in_flight:
                self._submit(self._pending.popleft())
            if self._closing and not self._in_flight and not self._pending and self._inbox.empty():
                return
            try:
                event = self._inbox.get(timeout=self._stop_at and max(0.0, self._stop_at - time.monotonic()))
            except Empty:
                return
            if isinstance(event, Sample):
                self._take(event)
            elif isinstance(event, _Done):
                self._in_flight -= 1
                self._record(event)

    def _take(self, sample: Sample) -> None:
        key = (sample.problem_id, sample.sample_index)
        if key not in self._recorded:
            self._recorded.add(key)
            self._writer.append(sample)
        if not sample.program:
            return
        program, problem = sample.program_key, self._problems[sample.problem_id]
        if self._execute and problem.tested and (program, True) not in self._asked:
            limits = self._limits.of(sample.problem_id)
            job = job_for(problem, sample.program, limits=limits)
            sha256 = job_sha256(job, self._image_id)
            self._ask(_Task(key=program, sample=sample, job=job, job_sha256=sha256), known=sha256 in self._executed)
        if self._scan and (program, False) not in self._asked:
            self._ask(_Task(key=program, sample=sample, job=None, job_sha256=""), known=program in self._scanned)

    def _ask(self, task: _Task, *, known: bool) -> None:
        stage = "execute" if task.job else "scan"
        self._asked.add((task.key, task.job is not None))
        if not known:
            self._progress.grow(stage)
            self._pending.append(task)

    def _submit(self, task: _Task) -> None:
        assert self._executor is not None  # noqa: S101  # tasks exist only where there is an executor
        (self.execute_clock if task.job else self.scan_clock).tick()
        language = self._problems[task.key[0]].language
        future: Future[Execution] | Future[Scan]
        if task.job:
            future = self._executor.submit(task.job)
        else:
            future = self._executor.submit_scan(task.sample.program, language=language)
        self._in_flight += 1
        future.add_done_callback(lambda done: self._inbox.put(_Done(task=task, future=done)))

    def _record(self, done: _Done) -> None:
        task = done.task
        try:
            result = done.future.result()
        except SandboxError as error:
            self._retry(task, error)
            return
        (self.execute_clock if task.job else self.scan_clock).tick()
        self._progress.advance("execute" if task.job else "scan")
        if isinstance(result, Execution):
            problem_id, sha256 = task.key
            self._writer.append(
                ExecutionRecord(
                    problem_id=problem_id, program_sha256=sha256, job_sha256=task.job_sha256, observed=result
                )
            )
        else:
            self._writer.append(findings_record(task.sample, result))

    def _retry(self, task: _Task, error: SandboxError) -> None:
        """A failure of the sandbox's is tried again, and then told; it never becomes a verdict."""
        if task.attempt < ATTEMPTS:
            again = _Task(
                key=task.key, sample=task.sample, job=task.job, job_sha256=task.job_sha256, attempt=task.attempt + 1
            )
            self._pending.append(again)
        else:
            self.failures[f"{type(error).__name__}: {error}"] += 1


def findings_record(sample: Sample, scan: Scan) -> FindingsRecord:
    """Line for `findings.jsonl`: the scan less the findings that are in the prompt's own lines."""
    findings = tuple(finding for finding in scan.findings if finding.line > sample.prompt_lines)
    state = scan.state
    if scan.findings and not findings:
        state = ScanState.CLEAN
    return FindingsRecord(
        problem_id=sample.problem_id,
        program_sha256=sample.program_sha256,
        prompt_lines=sample.prompt_lines,
        state=state,
        scanner=scan.scanner,
        findings=findings,
        reason=scan.reason,
    )


def judgements_of(
    folder: RunFolder, benchmark: Benchmark, *, limits: RunLimits, image_id: str
) -> list[JudgementRecord]:
    """Judgements of every sample whose program was executed, is empty or has no tests, from the run folder alone."""
    problems = {problem.problem_id: problem for problem in benchmark.problems}
    executions = folder.executions()
    judgements = []
    for sample in folder.samples():
        problem = problems[sample.problem_id]
        execution = _execution_of(sample, problem, executions, limits=limits, image_id=image_id)
        if execution:
            judgement = judge(execution, problem)
        elif not sample.program:
            judgement = judge_empty(sample.no_answer)
        elif not problem.tested:
            judgement = judge_untested()
        else:
            continue
        judgements.append(
            JudgementRecord(
                problem_id=sample.problem_id,
                sample_index=sample.sample_index,
                verdict=judgement.verdict,
                reason=judgement.reason,
                detail=judgement.detail,
                program_sha256=sample.program_sha256,
                parts_passed=judgement.parts_passed,
                strength=judgement.strength,
                tests=judgement.tests,
                tests_passed=judgement.tests_passed,
            )
        )
    return judgements


def _execution_of(
    sample: Sample, problem: Problem, executions: dict[str, ExecutionRecord], *, limits: RunLimits, image_id: str
) -> Execution | None:
    if not sample.program or not problem.tested:
        return None
    job = job_for(problem, sample.program, limits=limits.of(problem.problem_id))
    record = executions.get(job_sha256(job, image_id))
    return record.observed if record else None
