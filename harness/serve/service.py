"""Takes jobs of many clients at a time, as many as may wait, and hands them to one executor."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from codecrucible.benchmarks import (
    Judgement,
    Problem,
    Program,
    PromptForm,
    Verdict,
    form_of,
    job_for,
    judge,
    judge_empty,
)
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.evaluation.from_files import program_of
from codecrucible.harness.evaluation.limits import RunLimits
from codecrucible.sandbox import Execution, Executor, Job, Limits, SandboxError

_BUCKETS_S = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class QueueFull(Exception):
    """As many jobs wait as may; the client is to ask again later."""


class TooLate(Exception):
    """The job did not end within the time that its client waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One benchmark that answers are judged by.

    Attributes:
        problems: Its problems by id.
        limits: Limits of each problem.
    """

    problems: Mapping[str, Problem]
    limits: RunLimits


class JudgingService:
    """Verdicts for many clients.

    Args:
        executor: Executes; the caller opens and closes it.
        served: Benchmarks by name.
        most_waiting: Jobs that may be executed or wait at one time.
    """

    def __init__(self, executor: Executor, served: Mapping[str, Served], *, most_waiting: int) -> None:
        self._executor, self._served, self._most_waiting = executor, served, most_waiting
        self._waiting = 0
        self._registry = CollectorRegistry()
        self._verdicts = Counter("crucible_verdicts", "Judged answers", ["verdict"], registry=self._registry)
        self._executions = Counter("crucible_runs", "Programs that were only run", ["ending"], registry=self._registry)
        self._refused = Counter("crucible_refused", "Requests that were not taken", ["why"], registry=self._registry)
        self._seconds = Histogram(
            "crucible_job_seconds", "From a job's arrival to its end", buckets=_BUCKETS_S, registry=self._registry
        )
        waiting = Gauge("crucible_jobs", "Jobs that are executed or wait", registry=self._registry)
        waiting.set_function(lambda: self._waiting)

    @property
    def benchmarks(self) -> list[str]:
        """Names of the benchmarks that answers are judged by."""
        return list(self._served)

    @property
    def waiting(self) -> int:
        """Jobs that are executed or wait."""
        return self._waiting

    def metrics(self) -> bytes:
        """Counters in the text format of Prometheus."""
        return generate_latest(self._registry)

    def refused(self, why: str) -> None:
        """Count a request that was not taken."""
        self._refused.labels(why).inc()

    def problem_of(self, benchmark: str, problem_id: str) -> tuple[Problem, Limits]:
        """A problem of a benchmark that is served, and its limits.

        Raises:
            UsageError: there is no such benchmark or problem.
        """
        served = self._served.get(benchmark)
        if served is None:
            raise UsageError(f"{benchmark!r} is not served; there are {', '.join(self._served) or 'none'}")
        if problem_id not in served.problems:
            raise UsageError(f"{benchmark} has no problem {problem_id!r}")
        return served.problems[problem_id], served.limits.of(problem_id)

    async def judged(
        self, problem: Problem, limits: Limits, answers: Sequence[str], form: PromptForm | None
    ) -> list[Judgement]:
        """Judgement of each answer to a problem; what the sandbox failed at is `unjudged`.

        Args:
            problem: What is answered.
            limits: Limits of each execution.
            answers: Continuations of the prompt, a chat's answers, or whole programs.
            form: Which of them they are; None decides for each.

        Raises:
            QueueFull: the jobs are more than may wait.
            ValueError: the problem's tests cannot be put to a program.
        """

        def taken() -> tuple[list[Program], dict[str, Job]]:
            programs = [program_of(problem, each, form=form or form_of(problem, each, prompt="")) for each in answers]
            return programs, {
                each.source: job_for(problem, each.source, limits=limits) for each in programs if not each.empty
            }

        programs, jobs = await asyncio.to_thread(taken)  # long answers keep no other client waiting
        if self._waiting + len(jobs) > self._most_waiting:
            raise QueueFull
        found = dict(
            zip(jobs, await asyncio.gather(*(self._judgement(job, problem) for job in jobs.values())), strict=True)
        )
        judgements = [judge_empty(each.no_answer) if each.empty else found[each.source] for each in programs]
        for judgement in judgements:
            self._verdicts.labels(str(judgement.verdict)).inc()
        return judgements

    async def run(self, job: Job, *, within_s: float) -> Execution:
        """What was observed of one job.

        Raises:
            QueueFull: as many jobs wait as may.
            TooLate: it did not end within `within_s` seconds; it is executed all the same.
            SandboxError: it was not executed.
        """
        execution = await self._execution(job, within_s=within_s)
        self._executions.labels(str(execution.ending)).inc()
        return execution

    async def _judgement(self, job: Job, problem: Problem) -> Judgement:
        try:
            return judge(await self._execution(job), problem)
        except SandboxError as error:  # ours, and no fault of the program
            return Judgement(verdict=Verdict.UNJUDGED, reason="sandbox", detail=str(error))

    async def _execution(self, job: Job, *, within_s: float | None = None) -> Execution:
        if self._waiting >= self._most_waiting:
            raise QueueFull
        began = monotonic()
        self._waiting += 1

        def ended(_: asyncio.Future[Execution]) -> None:
            self._waiting -= 1
            self._seconds.observe(monotonic() - began)

        execution = asyncio.wrap_future(self._executor.submit(job))
        execution.add_done_callback(ended)
        try:
            return await asyncio.wait_for(asyncio.shield(execution), within_s)
        except TimeoutError:
            raise TooLate from None
