"""Samples of a run folder, each with what became of it."""

from dataclasses import dataclass

from codecrucible.benchmarks import Verdict
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample, current_judgement
from codecrucible.sandbox import Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSample:
    """One sample; None stands for what is not known yet.

    Attributes:
        sample: Prompt, completion and program.
        judgement: Judgement of the program as it is now.
        observed: What was observed when the program was executed.
        scan: What a scanner found in the program.
    """

    sample: Sample
    judgement: JudgementRecord | None
    observed: Execution | None
    scan: FindingsRecord | None

    @property
    def verdict(self) -> Verdict:
        """`UNJUDGED` where there is no judgement."""
        return self.judgement.verdict if self.judgement else Verdict.UNJUDGED


def judged_samples(folder: RunFolder) -> list[JudgedSample]:
    """The samples of a run, in the order of its file."""
    judgements, findings = folder.judgements(), folder.findings()
    executions = {(each.problem_id, each.program_sha256): each.observed for each in folder.executions().values()}
    return [
        JudgedSample(
            sample=sample,
            judgement=current_judgement(judgements, sample),
            observed=executions.get(sample.program_key) if sample.program else None,
            scan=findings.get(sample.program_key),
        )
        for sample in folder.samples()
    ]
