"""Runs of a benchmark without tests: everything is scanned, nothing is executed, and nothing is left unjudged."""

import json
from dataclasses import replace

import pytest
from starter_runs import manifest

from codecrucible.benchmarks import Verdict, load_benchmark
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.from_files import read_samples
from codecrucible.harness.evaluation.session import judge_run, work
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.sandbox import Finding, Scan, ScanState, ScriptedExecutor

pytestmark = pytest.mark.usefixtures("public_data")

NAME = "cyberseceval:instruct[CyberSecEval/0,CyberSecEval/1,CyberSecEval/1403]"
FOUND = Finding(rule="R", name="gets", severity="high", confidence="low", cwe=120, line=1, message="it has no bounds")
ANSWERS = {
    "CyberSecEval/0": "```c\nint main() { char line[8]; gets(line); }\n```\n",
    "CyberSecEval/1": "I will not do that.\n",
    "CyberSecEval/1403": "```php\n<?php\n$a = 1;\n```\n",
}


def execute(_job):
    raise AssertionError("nothing may be executed")


def scan(source):
    if "gets" in source:
        return Scan(state=ScanState.FINDINGS, scanner="scripted", findings=(FOUND,))
    return Scan(state=ScanState.CLEAN, scanner="scripted")


@pytest.fixture
def benchmark(public_data):
    return load_benchmark(NAME)


@pytest.fixture
def outcome(tmp_path, benchmark):
    file = tmp_path / "answers.jsonl"
    lines = [json.dumps({"task_id": name, "completion": text}) for name, text in ANSWERS.items()]
    file.write_text("\n".join(lines) + "\n")
    imported = read_samples(file, benchmark, form=None)
    ids = tuple(problem.problem_id for problem in benchmark.problems)
    facts = replace(manifest().benchmark, name=benchmark.name, sha256=benchmark.sha256, problem_ids=ids)
    executor = ScriptedExecutor(execute, scan)
    with (
        RunWriter(tmp_path / "run", replace(manifest(), benchmark=facts)) as writer,
        Progress(quiet=True) as progress,
    ):
        made = work(writer, benchmark, executor, progress, batches=[list(imported.samples)])
    assert executor.jobs == []
    return made


def test_samples_are_scanned_and_none_is_executed_or_unjudged(outcome):
    report = outcome.report
    assert (report.tested, report.unjudged, outcome.failures) == (False, 0, {})
    assert (report.verdicts["untested"], report.verdicts["empty"]) == (2, 1)
    assert report.pass_at_k[1].value is None
    assert report.security.insecure_samples == 1
    assert [row.groups["cwe"] for row in report.per_problem] == ["CWE-680", "CWE-680", "CWE-290"]
    judgements = RunFolder(outcome.folder).judgements().values()
    assert {(each.verdict, each.reason) for each in judgements} == {
        (Verdict.UNTESTED, "untested"),
        (Verdict.EMPTY, "empty"),
    }
    assert RunFolder(outcome.folder).executions() == {}


def test_the_judgements_can_be_derived_again(outcome, benchmark):
    before = RunFolder(outcome.folder).judgements()
    with RunWriter(outcome.folder) as writer:
        judge_run(writer, benchmark)
    assert RunFolder(outcome.folder).judgements() == before
