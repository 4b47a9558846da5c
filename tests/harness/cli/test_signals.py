"""Signals that end a command, where Python drops what is raised."""

import gc
import signal
import sys
import time
import weakref

import pytest

from codecrucible.harness.cli.main import _ended_in_order_by_signals
from codecrucible.harness.common.errors import Terminated

SIGNALS = pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)], ids=["SIGINT", "SIGTERM"]
)


class Dying:
    """Gets a signal as it is finalised."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        signal.raise_signal(self.number)


class Gone:
    """Something that can be referred to."""


def command_until_a_signal(bring_about):
    with _ended_in_order_by_signals():
        bring_about()
        for _ in range(2000):  # one long sleep that is just being begun hears no signal
            time.sleep(0.01)


@SIGNALS
def test_a_signal_within_a_finaliser_ends_the_command_all_the_same(number, raised):
    with pytest.raises(raised):
        command_until_a_signal(lambda: Dying(number))


@SIGNALS
def test_a_signal_within_a_callback_of_a_reference_ends_the_command(number, raised):
    kept = [Gone()]
    reference = weakref.ref(kept[0], lambda _: signal.raise_signal(number))
    with pytest.raises(raised):
        command_until_a_signal(kept.clear)
    assert reference() is None


@SIGNALS
def test_a_signal_within_a_callback_of_the_collector_ends_the_command(number, raised):
    gc.callbacks.append(lambda *_: (gc.callbacks.pop(), signal.raise_signal(number)))
    with pytest.raises(raised):
        command_until_a_signal(gc.collect)


def test_what_else_is_dropped_is_told_as_ever(monkeypatch):
    class Failing:
        def __del__(self):
            raise ValueError

    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda dropped: told.append(dropped.exc_type))
    with _ended_in_order_by_signals():
        Failing()
    assert told == [ValueError]
