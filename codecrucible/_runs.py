"""Runs made, read, compared and gated."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import Benchmark, PromptForm, load_benchmark
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.evaluation.plan import FilePlan, RunPlan
from codecrucible.harness.evaluation.running import evaluate_file, run_models
from codecrucible.harness.results.judged_samples import judged_samples
from codecrucible.harness.results.pairs import comparisons_of, paired_runs, refuse_missing_samples
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.remote import local_copy
from codecrucible.harness.runs.remote_url import is_url
from codecrucible.reports import Comparison, GateResult, GateRule, Report, decide
from codecrucible.reports.comparison import with_holm
from codecrucible.reports.statistics.difference import Inference

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run folder, and what is in it.

    Attributes:
        path: The folder.
    """

    path: Path

    @property
    def report(self) -> Report:
        """The numbers of the run, as `report.json` has them."""
        folder = RunFolder(self.path)
        return current_report(folder, benchmark_of(folder.manifest))

    @property
    def samples(self) -> "pd.DataFrame":
        """A row a sample.

        Columns: problem_id, sample_index, verdict ("unjudged" where nothing is known), reason, detail, parts_passed,
        tests (of the problem; 0 where that is not known), tests_passed (before the first that did not), strength (how
        the verdict was established), cpu_s and wall_s (seconds; NaN where nothing was executed), truncated,
        prompt_tokens, completion_tokens, findings (None where nothing was scanned), prompt, completion and program.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for each in judged_samples(RunFolder(self.path)):
            sample, judgement = each.sample, each.judgement
            rows.append(
                {
                    "problem_id": sample.problem_id,
                    "sample_index": sample.sample_index,
                    "verdict": str(each.verdict),
                    "reason": judgement.reason if judgement else "",
                    "detail": judgement.detail if judgement else "",
                    "parts_passed": judgement.parts_passed if judgement else 0,
                    "tests": judgement.tests if judgement else 0,
                    "tests_passed": judgement.tests_passed if judgement else 0,
                    "strength": judgement.strength if judgement else "",
                    "cpu_s": each.observed.cpu_s if each.observed else float("nan"),
                    "wall_s": each.observed.wall_s if each.observed else float("nan"),
                    "truncated": sample.truncated,
                    "prompt_tokens": sample.prompt_tokens,
                    "completion_tokens": sample.completion_tokens,
                    "findings": len(each.scan.findings) if each.scan else None,
                    "prompt": sample.prompt,
                    "completion": sample.completion,
                    "program": sample.program,
                }
            )
        return pd.DataFrame(rows)

    @property
    def problems(self) -> "pd.DataFrame":
        """A row a problem: problem_id, samples, passed, and the share that passed (NaN where none is judged)."""
        samples = self.samples
        judged = samples[samples["verdict"] != "unjudged"]
        passed = (judged["verdict"] == "passed").groupby(judged["problem_id"])
        counts = samples.groupby("problem_id", sort=False).size().rename("samples").to_frame()
        counts["passed"] = passed.sum().reindex(counts.index, fill_value=0).astype(int)
        counts["share"] = passed.mean().reindex(counts.index)
        return counts.reset_index()

    @property
    def findings(self) -> "pd.DataFrame":
        """A row a finding of the scanner: problem_id, scanner, and the finding's own fields; a program counts once."""
        import pandas as pd

        from codecrucible.harness.common.codec import to_json
        from codecrucible.sandbox import Finding

        rows = [
            {"problem_id": record.problem_id, "scanner": record.scanner} | to_json(finding)
            for record in RunFolder(self.path).findings().values()
            for finding in record.findings
        ]
        return pd.DataFrame(rows, columns=["problem_id", "scanner", *Finding.__dataclass_fields__])


def load_run(place: Path | str) -> Run:
    """The run in a folder, or under a URL that fsspec knows, which is copied first.

    Raises:
        UsageError: there is no run.
    """
    path = local_copy(str(place)) if is_url(str(place)) else Path(place)
    RunFolder(path)
    return Run(path=path)


def run(plan: RunPlan) -> Run:
    """The run of a plan that has one adapter, or none, and one benchmark; the same plan again resumes it.

    Raises:
        UsageError: the plan is of several runs, which `run_all` makes.
        HarnessError: it cannot be carried out; what was written stays.
        SandboxError: nothing can be executed here.
    """
    count = len(plan.adapters) * len(plan.benchmarks)
    if count != 1:
        raise UsageError(f"this plan is of {count} runs: give it to run_all")
    return run_all(plan)[0]


def run_all(plan: RunPlan) -> list[Run]:
    """The runs of a plan, one for each adapter and benchmark; the model is loaded once.

    Raises:
        HarnessError: it cannot be carried out; what was written stays.
        SandboxError: nothing can be executed here.
    """
    return [Run(path=outcome.folder) for outcome in run_models(plan)]


def evaluate(
    file: Path | str,
    benchmark: str | Benchmark,
    *,
    ks: tuple[int, ...] | None = None,
    form: PromptForm | None = None,
    name: str = "",
    workers: int | None = None,
    out: Path | None = None,
    quiet: bool = True,
) -> Run:
    """The run of completions that were made elsewhere, as `crucible evaluate` makes it; the same call resumes it.

    Args:
        file: What `crucible evaluate` reads: our own or another harness' files, or a folder of them.
        benchmark: Its name, or the benchmark itself.
        ks: The k of pass@k; None for 1, and 10 where n allows.
        form: Whether texts continue the prompt; None decides for each.
        name: What the tables call it; "" for the file's name.
        workers: Containers at a time; None for one a core.
        out: The run folder; None for runs/RUN_ID.
        quiet: Whether no progress is shown.

    Raises:
        HarnessError: the file is not what it should be.
        SandboxError: nothing can be executed here; the samples are recorded.
    """
    outcome = evaluate_file(
        FilePlan(
            samples=Path(file),
            benchmark=load_benchmark(benchmark) if isinstance(benchmark, str) else benchmark,
            form=form,
            name=name,
            ks=ks,
            workers=workers,
            out=out,
            quiet=quiet,
        )
    )
    return Run(path=outcome.folder)


def compare(
    base: Run | Path | str,
    candidates: Run | Path | str | Sequence[Run | Path | str],
    *,
    inference: Inference = "problems",
    allow_mismatch: bool = False,
) -> list[Comparison]:
    """Every number of candidates beside the base's, paired by problem; p-values are Holm's over all of them.

    Args:
        base: A run, or a folder that holds one a benchmark.
        candidates: One of the same, or several.
        inference: "problems" for problems like these, "fixed-set" for these very problems.
        allow_mismatch: Whether runs are compared that differ in more than their model.

    Raises:
        NotComparable: they differ in more than their model.
    """
    several = [candidates] if isinstance(candidates, Run | Path | str) else candidates
    pairs = [
        pair
        for candidate in several
        for pair in paired_runs(_path(base), _path(candidate), allow_mismatch=allow_mismatch)
    ]
    return with_holm(comparisons_of(pairs, inference=inference, by_language=True))


def gate(
    base: Run | Path | str,
    candidate: Run | Path | str,
    rule: GateRule | None = None,
    *,
    inference: Inference = "problems",
    allow_mismatch: bool = False,
) -> GateResult:
    """Whether the candidate may take the base's place, as `crucible gate` decides it.

    Args:
        base: A run, or a folder that holds one a benchmark.
        candidate: The same.
        rule: Chance of a false alarm, margin, and looks; None for the gate's own.
        inference: As for `compare`.
        allow_mismatch: As for `compare`.

    Raises:
        NotComparable: they differ in more than their model.
        SamplesMissing: some samples are unjudged or were never made.
    """
    pairs = paired_runs(_path(base), _path(candidate), allow_mismatch=allow_mismatch)
    refuse_missing_samples(pairs)
    return decide(comparisons_of(pairs, inference=inference, by_language=False), rule or GateRule())


def _path(run: Run | Path | str) -> Path:
    return run.path if isinstance(run, Run) else load_run(run).path if is_url(str(run)) else Path(run)
