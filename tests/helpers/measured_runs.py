"""Runs on a machine whose references need so many CPU seconds."""

from collections import Counter
from dataclasses import replace

from starter_runs import STARTER, manifest, samples

from codecrucible.harness.common.limit_defaults import CPU_FACTOR, REFERENCE_LIMITS
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.session import work
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.manifest import LimitRule
from codecrucible.sandbox import Ending, Execution, Limits, ScriptedExecutor

FLOOR = Limits(cpu_s=2.0, wall_s=6.0)


MEASURED_FOR_S = REFERENCE_LIMITS.cpu_s  # tells the measurement of a reference from the run's own executions


class Machine(ScriptedExecutor):
    """Every program completes; the references of `needs` need so many CPU seconds, one run after the other."""

    def __init__(self, needs=None, name="scripted"):
        super().__init__(self.execution)
        self.needs = {entry_point: list(cpu_s) for entry_point, cpu_s in (needs or {}).items()}
        self.name = name

    def execution(self, job):
        waiting = self.needs.get(job.check.entry_point) if job.limits.cpu_s == MEASURED_FOR_S else None
        return Execution(ending=Ending.COMPLETED, calls=1, cpu_s=waiting.pop(0) if waiting else 0.01)

    def describe(self):
        return {"engine": {"name": self.name}, "image": {"id": "sha256:i"}}

    @property
    def measured(self):
        return Counter(job.check.entry_point for job in self.jobs if job.limits.cpu_s == MEASURED_FOR_S)

    @property
    def executed(self):
        return {job.check.entry_point: job.limits for job in self.jobs if job.limits.cpu_s != MEASURED_FOR_S}


def run(folder, executor, made=None, factor=CPU_FACTOR, **keywords):
    asked = replace(manifest(), limits=LimitRule(floor=FLOOR, cpu_factor=factor))
    with RunWriter(folder, asked) as writer, Progress(quiet=True) as progress:
        return work(writer, STARTER, executor, progress, batches=[samples() if made is None else made], **keywords)
