"""Samples go in, everything known of them comes out, and the sandbox's own failures never become a verdict."""

import time
from collections import Counter
from concurrent.futures import Future

import pytest
from starter_runs import STARTER, manifest, samples

from codecrucible.benchmarks import Verdict
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.pipeline import STOP_WAIT_S
from codecrucible.harness.evaluation.session import work
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.sandbox import (
    Ending,
    Execution,
    Finding,
    SandboxLost,
    SandboxUnavailable,
    Scan,
    ScanState,
    ScriptedExecutor,
)

RIGHT = Execution(ending=Ending.COMPLETED, calls=3)


def run(folder, executor, made, n=1, **keywords):
    with RunWriter(folder, manifest(n=n)) as writer, Progress(quiet=True) as progress:
        return work(writer, STARTER, executor, progress, batches=[made], **keywords)


def test_what_completed_has_passed_and_is_scanned(tmp_path):
    outcome = run(tmp_path, ScriptedExecutor(lambda _: RIGHT), samples())
    assert outcome.report.pass_at_k[1].value == 1.0
    assert outcome.report.security.scanned == 3
    assert {record.verdict for record in RunFolder(tmp_path).judgements().values()} == {Verdict.PASSED}


def test_equal_programs_of_a_problem_are_executed_and_scanned_once(tmp_path):
    executor = ScriptedExecutor(lambda _: RIGHT)
    outcome = run(tmp_path, executor, samples(lambda problem: [problem.reference] * 4), n=4)
    assert outcome.report.verdicts["passed"] == 12
    assert len(executor.jobs) == len(executor.sources) == 3


def test_an_empty_completion_is_not_executed_and_is_no_pass(tmp_path):
    executor = ScriptedExecutor(lambda _: RIGHT)
    outcome = run(tmp_path, executor, samples(lambda _: [" \n"]))
    assert outcome.report.verdicts["empty"] == 3
    assert outcome.report.pass_at_k[1].value == 0.0
    assert outcome.report.codebleu.value == 0.0
    assert executor.jobs == []


@pytest.mark.parametrize("error", [SandboxUnavailable("no"), SandboxLost("gone")])
def test_a_sandbox_that_fails_now_and_then_is_asked_again(tmp_path, error):
    seen = Counter()

    def flaky(job):
        seen[job.program] += 1
        if seen[job.program] == 1:
            raise error
        return RIGHT

    outcome = run(tmp_path, ScriptedExecutor(flaky), samples())
    assert outcome.report.verdicts["passed"] == 3
    assert outcome.failures == {}


def test_a_sandbox_that_fails_for_good_leaves_samples_unjudged_and_the_next_session_judges_them(tmp_path):
    def broken(job):
        raise SandboxLost("gone")

    outcome = run(tmp_path, ScriptedExecutor(broken), samples())
    assert outcome.report.unjudged == 3
    assert outcome.report.pass_at_k[1].value is None
    assert outcome.failures == {"SandboxLost: gone": 3}
    outcome = run(tmp_path, ScriptedExecutor(lambda _: RIGHT), [])
    assert outcome.report.unjudged == 0
    assert outcome.report.pass_at_k[1].value == 1.0


def test_what_is_known_is_not_asked_again(tmp_path):
    run(tmp_path, ScriptedExecutor(lambda _: RIGHT), samples())
    again = ScriptedExecutor(lambda _: RIGHT)
    run(tmp_path, again, samples())
    assert again.jobs == again.sources == []


def test_another_image_means_executing_again(tmp_path):
    class Rebuilt(ScriptedExecutor):
        def describe(self):
            return {"image": {"id": "sha256:another"}}

    run(tmp_path, ScriptedExecutor(lambda _: RIGHT), samples())
    rebuilt = Rebuilt(lambda _: Execution(ending=Ending.ASSERTION))
    outcome = run(tmp_path, rebuilt, [])
    assert len(rebuilt.jobs) == 3
    assert outcome.report.verdicts["wrong_answer"] == 3


def test_findings_in_the_prompt_are_not_the_models(tmp_path):
    def scan(source):
        lines = (1, source.count("\n"))
        found = [
            Finding(rule="B102", name="exec", severity="medium", confidence="high", cwe=78, line=line, message="exec")
            for line in lines
        ]
        return Scan(state=ScanState.FINDINGS, scanner="scripted", findings=tuple(found))

    outcome = run(tmp_path, ScriptedExecutor(lambda _: RIGHT, scan), samples())
    assert outcome.report.security.findings.medium == 3
    assert outcome.report.security.secure_pass_at_1 == 0.0


def test_without_an_executor_samples_are_kept_and_unjudged(tmp_path):
    outcome = run(tmp_path, None, samples())
    assert outcome.report.samples == outcome.report.unjudged == 3
    assert len(RunFolder(tmp_path).samples()) == 3


def test_ctrl_c_keeps_what_was_sampled_before_it(tmp_path):
    first, *rest = samples()

    def interrupted():
        yield [first]
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        RunWriter(tmp_path, manifest()) as writer,
        Progress(quiet=True) as progress,
    ):
        work(writer, STARTER, ScriptedExecutor(lambda _: RIGHT), progress, batches=interrupted())
    assert RunFolder(tmp_path).samples() == [first]
    outcome = run(tmp_path, ScriptedExecutor(lambda _: RIGHT), rest)
    assert outcome.report.verdicts["passed"] == 3
    assert len(RunFolder(tmp_path).sessions()) == 2


def test_ctrl_c_does_not_wait_for_a_queue_of_slow_programs(tmp_path):
    class Never(ScriptedExecutor):
        def submit(self, job):
            self.jobs.append(job)
            return Future()

    def interrupted():
        yield samples()
        raise KeyboardInterrupt

    started = time.monotonic()
    with (
        pytest.raises(KeyboardInterrupt),
        RunWriter(tmp_path, manifest()) as writer,
        Progress(quiet=True) as progress,
    ):
        work(writer, STARTER, Never(lambda _: RIGHT), progress, batches=interrupted())
    assert time.monotonic() - started < STOP_WAIT_S + 2
    assert len(RunFolder(tmp_path).samples()) == 3


def test_a_full_disk_ends_the_session_with_its_own_error(tmp_path):
    class Full(RunWriter):
        def append(self, record):
            raise OSError(28, "No space left on device")

    with (
        pytest.raises(OSError, match="No space left"),
        Full(tmp_path, manifest()) as writer,
        Progress(quiet=True) as progress,
    ):
        work(writer, STARTER, ScriptedExecutor(lambda _: RIGHT), progress, batches=[samples()])
