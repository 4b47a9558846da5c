"""Work goes to other processes when there turns out to be much of it."""

import os

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
