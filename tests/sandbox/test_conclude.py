"""How an execution ended, from captured evidence."""

import signal
from itertools import product

import pytest

from codecrucible.sandbox.image import confine
from codecrucible.sandbox.image.conclude import (
    Evidence,
    conclude,
    conclude_compile,
    conclude_run,
    kernel_cpu_s,
    proves_nothing,
)

KILLED = signal.SIGKILL  # wait status of a process that a signal ended is the signal's number
EXIT_0, EXIT_3 = 0, 3 << 8


def evidence(**given):
    quiet = {
        "outcome": "gone", "stopped": "", "status": EXIT_0, "cpu_s": 0.1, "cpu_limit_s": 5.0, "oom_kills": 0,
        "output_bytes": 0, "output_limit_bytes": 100,
    }  # fmt: skip
    return Evidence(**{**quiet, **given})


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ({"outcome": "completed"}, "completed"),
        ({"outcome": "completed", "stopped": "wall", "status": KILLED}, "completed"),
        ({"outcome": "completed", "stopped": "finished", "status": KILLED}, "completed"),
        ({"outcome": "completed", "oom_kills": 1}, "completed"),
        ({"outcome": "completed", "output_bytes": 100}, "completed"),
        ({"outcome": "completed", "output_bytes": 101}, "output_limit"),
        ({"outcome": "assertion", "stopped": "cpu", "status": KILLED}, "assertion"),
        ({"outcome": "raised"}, "raised"),
        ({"outcome": "raised", "oom_kills": 1}, "memory_limit"),
        ({"outcome": "syntax_error"}, "syntax_error"),
        ({"outcome": "tampered"}, "tampered"),
        ({}, "exited"),
        ({"status": EXIT_3}, "exited"),
        ({"status": KILLED, "stopped": "cpu"}, "cpu_limit"),
        ({"status": KILLED, "stopped": "wall"}, "wall_limit"),
        ({"status": KILLED, "stopped": "memory"}, "memory_limit"),
        ({"status": KILLED, "stopped": "output", "output_bytes": 101}, "output_limit"),
        ({"status": KILLED, "oom_kills": 2}, "memory_limit"),
        ({"status": KILLED, "stopped": "finished", "at_work": True}, "tampered"),
        ({"status": KILLED, "stopped": "finished"}, "signalled"),
        ({"status": signal.SIGXCPU, "stopped": "finished", "cpu_s": 4.99}, "cpu_limit"),
        ({"status": signal.SIGSEGV, "stopped": "finished", "at_work": True}, "signalled"),
        ({"status": KILLED, "stopped": "finished", "at_work": True, "oom_kills": 1}, "memory_limit"),
        ({"outcome": "tampered", "status": KILLED, "stopped": "cpu"}, "cpu_limit"),
        ({"outcome": "tampered", "status": KILLED, "stopped": "finished"}, "tampered"),
        ({"status": 0, "stopped": "finished"}, "exited"),
        ({"status": signal.SIGXCPU, "cpu_s": 4.99}, "cpu_limit"),
        ({"status": KILLED, "cpu_s": 6.0}, "cpu_limit"),
        ({"status": signal.SIGXCPU, "cpu_s": 3.0}, "cpu_limit"),
        ({"status": signal.SIGXCPU, "cpu_s": 0.1}, "signalled"),
        ({"status": KILLED}, "signalled"),
        ({"status": signal.SIGSEGV, "cpu_s": 4.99}, "signalled"),
        ({"outcome": "silent", "status": KILLED, "stopped": "wall"}, "wall_limit"),
        ({"outcome": "silent"}, "wall_limit"),
    ],
)
def test_the_ending_follows_from_the_evidence(given, ending):
    assert conclude(evidence(**given))["ending"] == ending


@pytest.mark.parametrize(
    "explained",
    [
        {"stopped": "cpu", "status": KILLED},
        {"stopped": "wall", "status": KILLED},
        {"stopped": "memory", "status": KILLED},
        {"oom_kills": 1, "status": KILLED},
        {"output_bytes": 101, "status": KILLED},
        {"cpu_s": 5.0, "status": KILLED},
        {"cpu_s": 4.2, "status": signal.SIGXCPU},
        {"status": signal.SIGSEGV},
        {"status": signal.SIGXCPU},
        {"status": EXIT_0},
        {"status": EXIT_3},
        {"status": KILLED, "at_work": False},
    ],
    ids=str,
)
def test_a_channel_that_is_closed_accuses_nobody_whose_end_explains_it(explained):
    for stopped, at_work, awake in product(("finished", ""), (True, False), (True, False)):
        seen = {"outcome": "gone", "stopped": stopped, "at_work": at_work, "awake": awake, **explained}
        assert conclude(evidence(**seen))["ending"] != "tampered"


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ({"stopped": "wall", "status": KILLED, "awake": True}, True),
        ({"stopped": "wall", "status": KILLED, "awake": False}, False),
        ({"stopped": "wall", "status": KILLED, "awake": False, "stretched": True}, False),
        ({"stopped": "wall", "status": KILLED, "awake": True, "cpu_s": 4.0}, False),
        ({"stopped": "wall", "status": KILLED, "awake": True, "cpu_s": 4.0, "stretched": True}, True),
        ({"outcome": "silent", "status": EXIT_0, "awake": True}, True),
        ({"outcome": "silent", "status": EXIT_0}, False),
        ({"status": signal.SIGXCPU, "cpu_s": 4.2}, True),
        ({"status": signal.SIGXCPU, "cpu_s": 5.0}, False),
        ({"status": signal.SIGXCPU, "cpu_s": 0.1}, False),
        ({"stopped": "cpu", "status": KILLED, "cpu_s": 5.0, "awake": True}, False),
        ({"stopped": "cpu", "status": KILLED, "cpu_s": 4.9, "awake": True}, False),
        ({"outcome": "completed", "stopped": "wall", "status": KILLED, "awake": True}, False),
        ({"outcome": "assertion", "stopped": "wall", "status": KILLED, "awake": True}, False),
        ({"outcome": "tampered", "awake": True, "stretched": True}, False),
        ({"status": KILLED, "stopped": "memory", "awake": True}, False),
        ({}, False),
    ],
    ids=str,
)
def test_what_met_a_limit_of_time_for_want_of_a_core_is_run_again_and_nothing_else_is(given, again):
    assert proves_nothing(evidence(**given)) is again


def test_the_kernels_own_limit_is_out_of_the_way_of_the_one_that_decides():
    assert [kernel_cpu_s(cpu_s) for cpu_s in (0.1, 1.0, 5.0, 60.0)] == [4, 4, 16, 181]


def test_exit_code_and_signal_are_told():
    assert conclude(evidence(status=EXIT_3))["exit_code"] == 3
    assert conclude(evidence(status=signal.SIGSEGV | 0x80))["signal"] == signal.SIGSEGV


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ({"outcome": "completed"}, {"ending": "completed", "exit_code": 0}),
        ({"outcome": "completed", "oom_kills": 1}, {"ending": "completed", "exit_code": 0}),
        ({"status": EXIT_3}, {"ending": "assertion", "exit_code": 3}),
        ({"status": 4 << 8}, {"ending": "raised", "exit_code": 4}),
        ({"status": signal.SIGABRT}, {"ending": "assertion", "signal": 6}),
        ({"status": signal.SIGSEGV}, {"ending": "signalled", "signal": 11}),
        ({"status": KILLED, "stopped": "cpu"}, {"ending": "cpu_limit"}),
        ({"status": signal.SIGABRT, "stopped": "wall"}, {"ending": "wall_limit"}),
        ({"outcome": "completed", "output_bytes": 101}, {"ending": "output_limit"}),
    ],
)
def test_an_exit_status_is_read_as_its_language_says(given, ending):
    assert conclude_run(evidence(**given), exits=(3,), signals=(6,)) == ending


def test_exit_status_0_without_the_token_is_an_early_exit():
    conclusion = conclude_run(evidence(status=EXIT_0), exits=(0, 3), signals=())
    assert (conclusion["ending"], conclusion["exit_code"]) == ("exited", 0)


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ({"status": EXIT_0}, "completed"),
        ({"status": EXIT_3}, "compile_error"),
        ({"status": signal.SIGSEGV}, "compile_error"),
        ({"status": EXIT_3, "oom_kills": 1}, "memory_limit"),
        ({"status": KILLED, "stopped": "wall"}, "wall_limit"),
        ({"status": EXIT_3, "output_bytes": 101}, "output_limit"),
    ],
)
def test_a_compiler_that_met_a_limit_is_told_from_one_that_refused(given, ending):
    assert conclude_compile(evidence(**given))["ending"] == ending


def test_a_sleeper_whose_lane_has_no_referee_was_not_kept_from_its_end():
    nobody = 54_321
    assert not confine.any_awake(nobody), "else it would be run again, twice"
    assert not confine.all_asleep(nobody)
