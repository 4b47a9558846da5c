"""What a run folder holds of its programs under stress, as a report takes it."""

from collections import Counter
from dataclasses import replace

from codecrucible.benchmarks import Verdict
from codecrucible.harness.runs.efficiency_record import EfficiencyRecord, Role
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import current_judgement
from codecrucible.reports.efficiency import StressProblem, StressRow


def stress_problems_of(folder: RunFolder) -> dict[str, StressProblem]:
    """What is known of each problem of the run; {} where nothing was measured."""
    records = folder.efficiency()
    if not records:
        return {}
    judgements, judged = folder.judgements(), Counter[str]()
    passing: dict[str, dict[int, str]] = {}
    for sample in folder.samples():
        judgement = current_judgement(judgements, sample)
        if judgement is None or judgement.verdict is Verdict.UNJUDGED:
            continue
        judged[sample.problem_id] += 1
        if judgement.verdict is Verdict.PASSED:
            passing.setdefault(sample.problem_id, {})[sample.sample_index] = sample.program_sha256
    problems = {
        name: StressProblem(judged=judged[name], passing=passing.get(name, {})) for name in folder.manifest.problem_ids
    }
    for record in records:  # a later one is of a later measurement
        if record.problem_id in problems:
            problems[record.problem_id] = _with(problems[record.problem_id], record)
    return problems


def _with(problem: StressProblem, record: EfficiencyRecord) -> StressProblem:
    row = StressRow(
        state=record.state,
        cpu_ratio=record.cpu_ratio,
        memory_ratio=record.memory_ratio,
        waited_s=record.waited_s,
        detail=record.detail,
    )
    if record.role is Role.REFERENCE:
        return replace(problem, reference=row, own_tests=not record.inputs)
    if record.role is Role.BEST:
        return replace(problem, best=row)
    return replace(problem, programs={**problem.programs, record.program_sha256: row})
