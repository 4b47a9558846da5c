"""Work goes to other processes when there turns out to be much of it."""

import os
import subprocess
import sys

import pytest

from codecrucible.reports.likeness.work_pool import WorkPool


def here(number):
    return number, os.getpid()


def test_other_processes_are_started_when_there_was_enough_for_them_and_the_order_stays():
    with WorkPool(2, worth=3) as pool:
        few = list(pool.map(here, [1, 2, 3]))
        many = list(pool.map(here, list(range(40))))
    assert {process for _, process in few} == {os.getpid()}
    assert os.getpid() not in {process for _, process in many}
    assert [number for number, _ in many] == list(range(40))


def test_one_worker_is_this_process():
    with WorkPool(1, worth=0) as pool:
        assert list(pool.map(here, [1])) == [(1, os.getpid())]


def test_what_the_function_raises_is_raised_where_the_work_was_asked_for():
    with WorkPool(2, worth=0) as pool:
        failing = pool.submit(int, ["1", "one"])
        with pytest.raises(ValueError, match="one"):
            failing.result()
        assert pool.submit(int, ["1", "2"]).result() == [1, 2]


def test_a_process_that_dies_is_told_and_not_waited_for():
    with WorkPool(2, worth=0) as pool, pytest.raises(RuntimeError, match="ended with status 7"):
        pool.submit(os._exit, [7]).result(timeout=60)


def test_what_the_function_prints_is_no_answer():
    with WorkPool(2, worth=0) as pool:
        assert pool.submit(print, ["text"]).result() == [None]


SCRIPT = """
from codecrucible.reports.likeness.work_pool import WorkPool
print("started")
with WorkPool(2, worth=0) as pool:
    print(list(pool.map(abs, [-1, 2])))
"""


def test_a_script_without_a_main_guard_is_run_once(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "script.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["started", "[1, 2]"]
