"""Limits that follow from what the references need on this machine, and that a run keeps."""

import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from measured_runs import FLOOR, MEASURED_FOR_S, Machine, run
from starter_runs import STARTER, manifest, samples

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.common.limit_defaults import CPU_FACTOR, REFERENCE_LIMITS
from codecrucible.harness.evaluation.limits import RunLimits, limits_of
from codecrucible.harness.evaluation.session import judge_run
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import LimitRule
from codecrucible.sandbox import Ending, Execution, Limits, SandboxLost, SandboxUnavailable

SLOW = STARTER.problems[1]


def test_a_limit_is_the_floor_or_the_factor_times_the_reference():
    limits = RunLimits(floor=FLOOR, cpu_s={"a": 8.0})

    assert limits.of("b") == FLOOR
    assert limits.of("a") == replace(FLOOR, cpu_s=8.0, wall_s=24.0)
    assert RunLimits(floor=replace(FLOOR, wall_s=99.0), cpu_s={"a": 8.0}).of("a").wall_s == 99.0


def test_a_run_measures_every_reference_before_it_executes_and_gives_slow_ones_more(tmp_path):
    machine = Machine({SLOW.entry_point: [0.9, 0.8, 9.0]})
    run(tmp_path, machine)

    executed = machine.executed
    assert executed.pop(SLOW.entry_point) == replace(FLOOR, cpu_s=3.6, wall_s=pytest.approx(10.8))
    assert list(executed.values()) == [FLOOR, FLOOR]
    kept = RunFolder(tmp_path).manifest
    assert kept.problem_cpu_s == {SLOW.problem_id: 3.6}
    assert kept.limits == LimitRule(floor=FLOOR, cpu_factor=4.0)


def test_only_what_comes_near_the_floor_is_measured_more_than_once(tmp_path):
    first, second, third = (problem.entry_point for problem in STARTER.problems)
    machine = Machine({first: [0.24], second: [0.26, 0.9, 0.1], third: [7.0]})
    run(tmp_path, machine)

    assert machine.measured == {first: 1, second: 3, third: 1}
    assert RunFolder(tmp_path).manifest.problem_cpu_s == {STARTER.problems[2].problem_id: 28.0}


def test_a_run_that_goes_on_judges_by_the_limits_it_began_with(tmp_path):
    first, *rest = samples()
    run(tmp_path, Machine({SLOW.entry_point: [3.0] * 3}), [first])
    slower = Machine({SLOW.entry_point: [30.0] * 3}, name="slower")
    outcome = run(tmp_path, slower, rest)

    assert slower.measured == {}
    assert slower.executed[SLOW.entry_point].cpu_s == 12.0
    assert outcome.report.verdicts["passed"] == 3
    again = Machine()
    run(tmp_path, again)
    assert again.jobs == []


def test_judging_again_finds_the_executions_under_the_limits_of_the_run(tmp_path):
    run(tmp_path, Machine({SLOW.entry_point: [3.0] * 3}))
    before = (tmp_path / "judgements.jsonl").read_bytes()
    (tmp_path / "judgements.jsonl").unlink()
    with RunWriter(tmp_path) as writer:
        judge_run(writer, STARTER)
    assert (tmp_path / "judgements.jsonl").read_bytes() == before
    assert before.count(b'"verdict":"passed"') == 3


def test_the_next_run_on_this_machine_does_not_measure_again(tmp_path):
    run(tmp_path / "a", Machine({SLOW.entry_point: [3.0] * 3}))
    same, other = Machine(), Machine(name="other")
    run(tmp_path / "b", same)
    run(tmp_path / "c", other)

    assert same.measured == {}
    assert same.executed[SLOW.entry_point].cpu_s == 12.0
    assert sum(other.measured.values()) == 3
    assert other.executed[SLOW.entry_point] == FLOOR


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 3}\n', "\n[[], 1.0]\n", '["a", NaN]', '["a", -1.0]', "\udcff"])
def test_a_damaged_cache_is_measured_again(tmp_path, text):
    run(tmp_path / "a", Machine())
    (cached,) = (cache_home() / "references").iterdir()
    cached.write_text(text, errors="surrogateescape")
    for folder, measured in (("b", 3), ("c", 0)):
        machine = Machine()
        run(tmp_path / folder, machine)
        assert sum(machine.measured.values()) == measured


def test_a_line_that_was_cut_off_costs_its_own_measurement_alone(tmp_path):
    run(tmp_path / "a", Machine())
    (cached,) = (cache_home() / "references").iterdir()
    cached.write_bytes(cached.read_bytes()[:-5])
    for folder, measured in (("b", 1), ("c", 0)):
        machine = Machine()
        run(tmp_path / folder, machine)
        assert sum(machine.measured.values()) == measured


def test_what_needs_more_runs_gets_them_while_others_are_still_running(tmp_path):
    slow = STARTER.problems[0].entry_point

    class Waiting(Machine):
        held = None

        def submit(self, job):
            if job.limits.cpu_s == MEASURED_FOR_S and job.check.entry_point == SLOW.entry_point and not self.held:
                self.held, self.held_job = Future(), job
                return self.held
            future = super().submit(job)
            if self.measured[slow] == 3 and not self.held.done():
                self.held.set_result(super().submit(self.held_job).result())
            return future

    machine = Waiting({slow: [0.9] * 3})
    run(tmp_path, machine)

    assert machine.measured[slow] == 3
    assert RunFolder(tmp_path).manifest.problem_cpu_s == {STARTER.problems[0].problem_id: 3.6}


def test_a_process_that_is_killed_while_it_measures_keeps_what_it_has(tmp_path):
    script = (
        "import sys\n"
        "from concurrent.futures import Future\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2] / 'helpers')!r})\n"
        "from measured_runs import STARTER, Machine, run\n"
        "class Hanging(Machine):\n"
        "    def submit(self, job):\n"
        "        if len(self.jobs) < 2: return super().submit(job)\n"
        "        print('hangs', flush=True)\n"
        "        return Future()\n"
        f"run(Path({str(tmp_path)!r}), Hanging())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        kept = cache_home() / "references"
        while not kept.exists() or sum(path.read_bytes().count(b"\n") for path in kept.iterdir()) < 2:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
    machine = Machine()
    run(tmp_path, machine)

    assert sum(machine.measured.values()) == 1


def test_a_reference_that_does_not_pass_or_is_lost_leaves_the_floor(tmp_path):
    class Odd(Machine):
        def execution(self, job):
            if job.limits.cpu_s == MEASURED_FOR_S and job.check.entry_point == SLOW.entry_point:
                raise SandboxLost("gone")
            if job.limits.cpu_s == MEASURED_FOR_S:
                return Execution(ending=Ending.ASSERTION, cpu_s=50.0)
            return super().execution(job)

    outcome = run(tmp_path, Odd())

    assert RunFolder(tmp_path).manifest.problem_cpu_s == {}
    assert outcome.report.verdicts["passed"] == 3


def test_without_a_sandbox_the_limits_stay_open_and_the_samples_are_kept(tmp_path):
    class Broken(Machine):
        def execution(self, job):
            raise SandboxUnavailable("no engine")

    outcome = run(tmp_path, Broken())
    assert (outcome.report.samples, outcome.report.unjudged) == (3, 3)
    assert outcome.failures["SandboxUnavailable: no engine"] == 3
    assert RunFolder(tmp_path).manifest.problem_cpu_s is None

    outcome = run(tmp_path, Machine({SLOW.entry_point: [3.0] * 3}), [])
    assert outcome.report.unjudged == 0
    assert limits_of(RunFolder(tmp_path).manifest).of(SLOW.problem_id).cpu_s == 12.0


def test_what_is_only_scanned_or_only_sampled_measures_nothing(tmp_path):
    machine = Machine()
    run(tmp_path / "a", machine, execute=False)
    run(tmp_path / "b", None)
    assert machine.jobs == []
    assert RunFolder(tmp_path / "a").manifest.problem_cpu_s is RunFolder(tmp_path / "b").manifest.problem_cpu_s is None


def test_a_factor_of_zero_leaves_the_floor_alone(tmp_path):
    machine = Machine()
    run(tmp_path, machine, factor=0.0)
    assert machine.measured == {}
    assert set(machine.executed.values()) == {FLOOR}


def test_a_run_with_another_factor_is_another_run():
    one, two = (
        replace(manifest(), limits=LimitRule(floor=FLOOR, cpu_factor=factor)).identity() for factor in (4.0, 5.0)
    )
    assert one != two


def test_the_defaults_that_the_help_shows_are_those_in_force():
    from codecrucible.harness.cli.parser import parser

    shown = {name: command.format_help() for name, command in commands_of(parser()).items()}
    check = commands_of(commands_of(parser())["benchmarks"])["check"].format_help()

    for limits, text in ((Limits(), shown["run"]), (REFERENCE_LIMITS, check)):
        assert f"(default: {limits.cpu_s:g})" in text
        assert f"(default: {limits.wall_s:g}, or 3 per CPU second)" in " ".join(text.split())
    assert f"(default: {CPU_FACTOR:g}; 0: never)" in " ".join(shown["evaluate"].split())
    assert "--cpu-factor" not in check


def commands_of(parser):
    return next(action.choices for action in parser._actions if isinstance(action.choices, dict))
