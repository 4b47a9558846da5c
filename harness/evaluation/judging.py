"""Programs or answers in, verdicts out, without a run folder."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from codecrucible.benchmarks import (
    Benchmark,
    Judgement,
    Problem,
    PromptForm,
    Verdict,
    job_for,
    judge_empty,
    load_benchmark,
)
from codecrucible.benchmarks import judge as judgement_of
from codecrucible.benchmarks.passed_tests import passed_share
from codecrucible.harness.common.limit_defaults import CPU_FACTOR
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.from_files import read_samples, samples_of
from codecrucible.harness.evaluation.limits import RunLimits, measured_limits
from codecrucible.harness.runs.records import Sample
from codecrucible.reports import mean_pass_at_k
from codecrucible.sandbox import DockerExecutor, Execution, Job, Limits, SandboxError

if TYPE_CHECKING:
    import pandas as pd

Samples: TypeAlias = "Mapping[str, str | Sequence[str]] | Iterable[Mapping[str, Any]] | pd.DataFrame | Path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sample and its verdict.

    Attributes:
        sample: What was judged.
        judgement: The verdict, and why.
        share: Share of the tests that passed, see `passed_share`; None where that is not known.
        cpu_s: CPU seconds of its execution; None where there was nothing to execute.
        wall_s: The same by the clock.
    """

    sample: Sample
    judgement: Judgement
    share: float | None
    cpu_s: float | None
    wall_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """Verdicts of samples of a benchmark.

    Attributes:
        benchmark: Whose problems they answer.
        judged: In the order in which the samples came.
    """

    benchmark: Benchmark
    judged: tuple[Judged, ...]

    @property
    def samples(self) -> "pd.DataFrame":
        """A row a sample.

        Columns: problem_id, sample_index, verdict, reason, detail, parts_passed, tests (of
        the problem; 0 where that is not known), tests_passed (before the first that did not), strength (how the verdict
        was established), cpu_s and wall_s (seconds; NaN where nothing was executed), completion (as it was given) and
        program (as it was executed).
        """
        import pandas as pd

        frame = pd.DataFrame(
            {
                "problem_id": each.sample.problem_id,
                "sample_index": each.sample.sample_index,
                "verdict": str(each.judgement.verdict),
                "reason": each.judgement.reason,
                "detail": each.judgement.detail,
                "parts_passed": each.judgement.parts_passed,
                "tests": each.judgement.tests,
                "tests_passed": each.judgement.tests_passed,
                "strength": str(each.judgement.strength),
                "cpu_s": each.cpu_s,
                "wall_s": each.wall_s,
                "completion": each.sample.completion,
                "program": each.sample.program,
            }
            for each in self.judged
        )
        return frame.astype({"cpu_s": "float64", "wall_s": "float64"})

    def pass_at_k(self, k: int) -> float:
        """Mean of the unbiased estimate of pass@k over the problems that have samples.

        Source:
            Chen et al. 2021, arXiv:2107.03374.

        Raises:
            ValueError: a problem has fewer than k samples.
        """
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in self.judged:
            counts[each.sample.problem_id][0] += 1
            counts[each.sample.problem_id][1] += each.judgement.verdict is Verdict.PASSED
        return mean_pass_at_k([(n, c) for n, c in counts.values()], k=k).value


class Judge:
    r"""Gives verdicts on answers to a benchmark's problems, from containers that stay warm; a context manager.

        with Judge("humaneval", workers=2) as judge:
            judge.judge("HumanEval/0", ["    return False\n", "    return True\n"])

    Args:
        benchmark: Its name, see `load_benchmark`, or the benchmark itself.
        workers: Containers at a time; None for one a core.
        limits: The least limits that each execution has.
        cpu_factor: A problem gets so many times the CPU seconds that its reference needs on this machine, where that is
            more; references are measured on entry, once for a machine. 0 for none.
        form: Whether answers continue the prompt or are answers of a chat; None decides for each.
        quiet: Whether nothing is shown while references are measured.

    Raises:
        BenchmarkError: there is no such benchmark, or its data is not here.
        SandboxUnavailable: on entry, if no engine answers.
    """

    def __init__(
        self,
        benchmark: str | Benchmark,
        *,
        workers: int | None = None,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        cpu_factor: float = CPU_FACTOR,
        form: PromptForm | None = None,
        quiet: bool = True,
    ) -> None:
        self.benchmark = load_benchmark(benchmark) if isinstance(benchmark, str) else benchmark
        self._problems = {problem.problem_id: problem for problem in self.benchmark.problems}
        self._workers, self._cpu_factor, self._form, self._quiet = workers, cpu_factor, form, quiet
        self._limits = RunLimits(floor=limits, cpu_s={})
        self._executor: DockerExecutor | None = None

    def __enter__(self) -> Self:
        executor = DockerExecutor(workers=self._workers)
        self._executor = executor.__enter__()
        try:
            for language in sorted(self.benchmark.without_referee):
                executor.prepare(language)
            if self._cpu_factor:
                with Progress(quiet=self._quiet) as progress:
                    self._limits, _ = measured_limits(
                        self.benchmark, executor, progress, floor=self._limits.floor, cpu_factor=self._cpu_factor
                    )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.__exit__(None, None, None)
            self._executor = None

    def judge(self, problem_id: str, answers: str | Sequence[str]) -> list[Judgement]:
        """Judgement of each answer to a problem: a continuation of its prompt, a chat's answer, or a whole program.

        Raises:
            BadRecord: the benchmark has no such problem.
            SandboxError: the sandbox failed; that is never a verdict.
        """
        return [each.judgement for each in self.judge_all({problem_id: answers}).judged]

    def judge_all(self, samples: Samples, *, raises: bool = True) -> Judgements:
        """Judgements of many samples, see `judge` of this package for what they may be.

        Args:
            samples: The samples.
            raises: Whether a failure of the sandbox is raised; if not, each sample that it failed at is `unjudged`.

        Raises:
            BadRecord: a sample is not what it should be, with its place.
            NothingToDo: a file holds no sample.
            SandboxError: the sandbox failed; that is never a verdict.
            ValueError: outside of `with`.
        """
        if self._executor is None:
            raise ValueError("a Judge has no containers yet: use it in `with Judge(...) as judge:`")
        if isinstance(samples, Path):
            taken = list(read_samples(samples, self.benchmark, form=self._form).samples)
        else:
            taken, _, _ = samples_of(_records(samples), self.benchmark, form=self._form)
        asked: dict[tuple[str, str], Future[Execution]] = {}
        for sample in taken:
            key = (sample.problem_id, sample.program)
            if sample.program and key not in asked:
                limits = self._limits.of(sample.problem_id)
                job = job_for(self._problems[sample.problem_id], sample.program, limits=limits)
                asked[key] = _submitted(self._executor, job)
        return Judgements(
            benchmark=self.benchmark,
            judged=tuple(
                _judged(
                    sample, self._problems[sample.problem_id], asked.get((sample.problem_id, sample.program)), raises
                )
                for sample in taken
            ),
        )


def judge(
    samples: Samples,
    benchmark: str | Benchmark,
    *,
    workers: int | None = None,
    limits: Limits = Limits(),  # noqa: B008  # frozen
    cpu_factor: float = CPU_FACTOR,
    form: PromptForm | None = None,
    quiet: bool = True,
) -> Judgements:
    """Verdicts on samples, from containers that are made for it and removed.

    Args:
        samples: Answers by problem id; or records, as mappings or as a data frame, with `task_id` (or `problem_id`)
            and `completion` or `solution`; or the path of a file that `crucible evaluate` reads.
        benchmark: See `Judge`, as for all that follows.
        workers: Containers at a time.
        limits: The least limits that each execution has.
        cpu_factor: By how much a reference's CPU seconds are multiplied.
        form: Whether answers continue the prompt.
        quiet: Whether nothing is shown while references are measured.

    Raises:
        BenchmarkError: there is no such benchmark, or its data is not here.
        BadRecord: a sample is not what it should be, with its place.
        SandboxError: the sandbox failed; that is never a verdict.
    """
    with Judge(
        benchmark, workers=workers, limits=limits, cpu_factor=cpu_factor, form=form, quiet=quiet
    ) as keeping_warm:
        return keeping_warm.judge_all(samples)


def _records(samples: Any) -> list[tuple[str, dict[str, Any]]]:
    """Place and fields of each."""
    if hasattr(samples, "to_dict") and hasattr(samples, "columns"):
        samples = samples.to_dict(orient="records")
    if isinstance(samples, Mapping):
        return [
            (f"samples[{problem_id!r}]", {"task_id": problem_id, "completion": answer})
            for problem_id, answers in samples.items()
            for answer in ([answers] if isinstance(answers, str) else answers)
        ]
    return [(f"samples[{place}]", dict(record)) for place, record in enumerate(samples)]


def _submitted(executor: DockerExecutor, job: Job) -> Future[Execution]:
    """What becomes of the job, also where it is refused at once."""
    try:
        return executor.submit(job)
    except SandboxError as error:
        refused: Future[Execution] = Future()
        refused.set_exception(error)
        return refused


def _judged(sample: Sample, problem: Problem, asked: Future[Execution] | None, raises: bool) -> Judged:
    if asked is None:
        return Judged(sample=sample, judgement=judge_empty(sample.no_answer), share=0.0, cpu_s=None, wall_s=None)
    try:
        execution = asked.result()
    except SandboxError as error:
        if raises:
            raise
        unjudged = Judgement(reason="sandbox", detail=" ".join(str(error).split()))
        return Judged(sample=sample, judgement=unjudged, share=None, cpu_s=None, wall_s=None)
    return Judged(
        sample=sample,
        judgement=judgement_of(execution, problem),
        share=passed_share(problem, execution),
        cpu_s=execution.cpu_s,
        wall_s=execution.wall_s,
    )
