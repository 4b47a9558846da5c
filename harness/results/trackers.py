"""A run's scores, settings and files in MLflow or Weights & Biases, wherever their own settings point to.

Their keys and addresses come from the environment and their own files, and are in none of ours.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.util import find_spec

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import LoggingFailed, UsageError
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import current_judgement, image_id_of
from codecrucible.reports import Report, for_terminal

PROJECT = "codecrucible"
"""Where neither the service's settings nor the environment name an experiment or project."""

FILES = ("run.json", "report.json", "samples.jsonl", "judgements.jsonl", "findings.jsonl")
MOST_ROWS = 10_000
"""Samples in a table of Weights & Biases; the files have all."""


def log_run(folder: RunFolder, report: Report, service: str) -> str:
    """Log a run to "mlflow" or "wandb"; a sentence on where it is.

    Raises:
        UsageError: the service's package is not installed.
        LoggingFailed: the service did not take it.
    """
    if not find_spec(service):
        raise UsageError(f"--report-to {service} needs its package: pip install 'codecrucible[{service}]'")
    try:
        return {"mlflow": _to_mlflow, "wandb": _to_wandb}[service](folder, report)
    except Exception as error:  # whatever a service's package raises
        told = for_terminal(f"{type(error).__name__}: {error}", longest=1000)
        raise LoggingFailed(f"{folder.path} was reported and not logged to {service}: {told}") from error


def metrics_of(report: Report) -> dict[str, float]:
    """The numbers of a report by names such as "humaneval/pass_at_1" and "humaneval/pass_at_1_low"."""
    found = {name: value for name, value in _numbers(report) if value is not None}
    benchmark = _name(report.benchmark)
    return {f"{benchmark}/{name}": float(value) for name, value in found.items()}


def _numbers(report: Report) -> Iterator[tuple[str, float | None]]:
    security, timing = report.security, report.timing
    for k, score in report.pass_at_k.items():
        yield from _with_ends(f"pass_at_{k}", score.value, score.ci95)
    yield "codebleu", report.codebleu.value
    yield from _with_ends("insecure_rate", security.insecure_rate, security.insecure_rate_ci95)
    yield from _with_ends("secure_pass_at_1", security.secure_pass_at_1, security.secure_pass_at_1_ci95)
    yield from (("samples", report.samples), ("truncated", report.truncated), ("unjudged", report.unjudged))
    yield from ((stage.name, getattr(timing, stage.name)) for stage in fields(timing))


def _with_ends(name: str, value: float | None, ci95: tuple[float, float] | None) -> Iterator[tuple[str, float | None]]:
    low, high = ci95 or (None, None)
    yield from ((name, value), (f"{name}_low", low), (f"{name}_high", high))


def settings_of(folder: RunFolder) -> dict[str, str]:
    """Everything that the run was made with, flat and as text, by names such as "sampling.temperature"."""
    manifest = folder.manifest
    written, parts = to_json(manifest), ("model", "adapter", "benchmark", "prompt", "sampling", "limits")
    told = [(part, key, value) for part in parts for key, value in (written[part] or {}).items()]
    flat = {f"{part}.{key}": str(value)[:500] for part, key, value in told if key != "problem_ids"}
    scanners = manifest.sandbox.get("scanners", {})
    return {
        **flat,
        **{f"scanner.{language}": str(scanner.get("scanner"))[:500] for language, scanner in scanners.items()},
        "image": image_id_of(manifest.sandbox)[:500],
        "extraction": manifest.extraction,
        "codecrucible": manifest.code_version,
    }


def _to_mlflow(folder: RunFolder, report: Report) -> str:
    import mlflow

    if not (os.environ.get("MLFLOW_EXPERIMENT_NAME") or os.environ.get("MLFLOW_EXPERIMENT_ID")):
        mlflow.set_experiment(PROJECT)
    with mlflow.start_run(run_name=report.run_id) as run:
        mlflow.log_params(settings_of(folder))
        mlflow.log_metrics(metrics_of(report))
        mlflow.set_tags({"codecrucible.run_id": report.run_id, "codecrucible.benchmark": report.benchmark})
        for name in FILES:
            if (folder.path / name).exists():
                mlflow.log_artifact(str(folder.path / name))
    return f"{report.run_id} is run {run.info.run_id} of {mlflow.get_tracking_uri()}"


def _to_wandb(folder: RunFolder, report: Report) -> str:
    import wandb

    run = wandb.init(
        project=None if wandb.setup().settings.project else PROJECT,
        name=report.run_id,
        config=settings_of(folder),
        job_type="evaluation",
    )
    try:
        run.summary.update(metrics_of(report))
        table = wandb.Table(columns=["problem", "sample", "verdict", "detail", "program"])
        judgements = folder.judgements()
        for _, sample in zip(range(MOST_ROWS), folder.samples(), strict=False):
            judgement = current_judgement(judgements, sample)
            told = (str(judgement.verdict), judgement.detail) if judgement else ("unjudged", "")
            table.add_data(sample.problem_id, sample.sample_index, *told, sample.program)
        run.log({"samples": table})
        artifact = wandb.Artifact(_name(report.run_id).replace("/", "_"), type="run")
        for name in FILES:
            if (folder.path / name).exists():
                artifact.add_file(str(folder.path / name))
        run.log_artifact(artifact)
    finally:
        run.finish()
    return f"{report.run_id} is run {run.id} of project {run.project}{f', {run.url}' if run.url else ''}"


def _name(text: str) -> str:
    """`text` in the characters that both services take in a name."""
    return re.sub(r"[^\w.:/ -]", "_", text, flags=re.ASCII)[:120]
