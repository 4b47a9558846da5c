"""What every executor does; `fresh` is the one that is tried. Test files take these tests in by `contract`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from exit_code_jobs import exit_code_job
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import Ending, SandboxUnavailable, Scan, ScanState


def contract():
    """The tests of this file by their names."""
    return {name: test for name, test in globals().items() if name.startswith("test_")}


def test_run_says_what_submit_says(fresh):
    assert fresh.run(job(HONEST)).ending is fresh.submit(job(HONEST)).result().ending is Ending.COMPLETED


def test_a_job_that_is_judged_by_exit_status_goes_through_the_same_door(fresh):
    right, wrong = (exit_code_job("python", f"def twice(x): return x * {factor}\n") for factor in (2, 3))
    assert [fresh.run(right).ending, fresh.run(wrong).ending] == [Ending.COMPLETED, Ending.ASSERTION]


def test_what_is_prepared_runs_as_what_is_not(fresh):
    fresh.prepare("python")
    fresh.prepare("python")
    assert fresh.run(exit_code_job("python", "def twice(x): return x * 2\n")).ending is Ending.COMPLETED


def test_every_job_gets_its_own_execution_from_many_threads(fresh):
    programs = [HONEST if number % 3 else "def double(x): return x\n" for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        endings = list(pool.map(lambda program: fresh.run(job(program)).ending, programs))
    assert endings == [Ending.COMPLETED if program == HONEST else Ending.ASSERTION for program in programs]


def test_a_language_that_nothing_scans_is_no_clean_bill(fresh):
    scan = fresh.submit_scan("fn main() {}", language="rust").result()
    assert scan == Scan(state=ScanState.NO_SCANNER, reason="nothing here scans 'rust'")


def test_a_closed_executor_starts_nothing_and_may_be_closed_again(fresh):
    fresh.close()
    fresh.close()
    with pytest.raises(SandboxUnavailable, match="closed"):
        fresh.run(job(HONEST))
    with pytest.raises(SandboxUnavailable, match="closed"):
        fresh.submit_scan("x = 1").result()


def test_it_describes_itself(fresh):
    assert {"engine", "image", "workers", "policy"} <= set(fresh.describe())
