"""A run as a log of inspect, for its viewer (extra: `inspect`); its own library writes the file."""

import tempfile
from pathlib import Path

from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalLog,
    EvalMetric,
    EvalResults,
    EvalSample,
    EvalScore,
    EvalSpec,
    write_eval_log,
)
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score

from codecrucible.benchmarks import Problem, Verdict
from codecrucible.harness.results.export.run import ExportedRun
from codecrucible.harness.runs.records import JudgementRecord, Sample


def inspect_log(run: ExportedRun) -> bytes:
    """The log: a problem is a sample of inspect's, and each of its samples an epoch, from 1."""
    samples = [_sample(problem, *pair) for problem, pairs in run.judged for pair in pairs]
    manifest, scores = run.folder.manifest, run.scores()
    log = EvalLog(
        status="success",
        eval=EvalSpec(
            created=manifest.created_utc,
            task=run.benchmark.name,
            task_id=manifest.run_id,
            run_id=manifest.run_id,
            eval_id=manifest.run_id,
            dataset=EvalDataset(
                name=run.benchmark.name,
                location=run.benchmark.source,
                samples=len(run.judged),
                sample_ids=[problem.problem_id for problem, _ in run.judged],
            ),
            model=run.report.name,
            config=EvalConfig(epochs=run.report.n),
            packages={"codecrucible": manifest.code_version},
        ),
        results=EvalResults(
            total_samples=len(samples),
            completed_samples=len(samples),
            scores=[
                EvalScore(
                    name="codecrucible",
                    scorer="codecrucible",
                    metrics={name: EvalMetric(name=name, value=value) for name, value in scores.items()},
                )
            ],
        ),
        samples=samples,
    )
    with tempfile.TemporaryDirectory(prefix="codecrucible-") as home:
        path = Path(home) / "run.eval"
        write_eval_log(log, str(path), format="eval")
        return path.read_bytes()


def _sample(problem: Problem, sample: Sample, judgement: JudgementRecord) -> EvalSample:
    score = Score(
        value="C" if judgement.verdict is Verdict.PASSED else "I",
        answer=sample.program,
        explanation=f"{judgement.verdict}: {judgement.detail}",
        metadata={"verdict": str(judgement.verdict), "reason": judgement.reason},
    )
    return EvalSample(
        id=problem.problem_id,
        epoch=sample.sample_index + 1,
        input=sample.prompt or problem.prompt,
        target=problem.tests,
        output=ModelOutput.from_content(model="", content=sample.completion),
        scores={"codecrucible": score},
    )
