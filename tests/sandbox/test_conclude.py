"""How an execution ended, from captured evidence."""

import signal

import pytest

from sandbox.image.conclude import Evidence, conclude

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
        ({"status": KILLED, "stopped": "finished"}, "tampered"),
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


def test_exit_code_and_signal_are_told():
    assert conclude(evidence(status=EXIT_3))["exit_code"] == 3
    assert conclude(evidence(status=signal.SIGSEGV | 0x80))["signal"] == signal.SIGSEGV
