"""Every reference of every benchmark through the real referee: all of them can be judged there, and no stub passes."""

import json
from dataclasses import replace

import pytest

from benchmarks import PromptForm, check_benchmark, extract, job_for, load_benchmark
from benchmarks.data_files import read_data_file
from benchmarks.mbpp import FULL
from sandbox import Ending, Limits

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]


@pytest.mark.parametrize("benchmark_name", ["humaneval", "starter", "mbpp:all", "mbpp:sanitized"], indirect=True)
def test_every_reference_passes_and_no_stub_does(executor, benchmark_name):
    report = check_benchmark(load_benchmark(benchmark_name), executor)

    assert report.offenders == report.unproxiable == ()
    assert report.references_passed == report.problems
    assert report.stubs_passed == 0


@pytest.mark.usefixtures("public_data")
def test_every_reference_passes_the_challenge_tests_of_its_problem(executor):
    problems = {problem.problem_id: problem for problem in load_benchmark("mbpp:all").problems}
    records = [json.loads(line) for line in read_data_file(FULL).splitlines()]
    futures = {}
    for record in records:
        problem = problems[f"MBPP/{record['task_id']}"]
        for number, test in enumerate(record["challenge_test_list"]):
            program = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
            job = job_for(replace(problem, tests=test), program, limits=Limits())
            futures[problem.problem_id, number] = executor.submit(job)

    assert len({problem_id for problem_id, _ in futures}) == 11
    assert [key for key, future in futures.items() if future.result().ending is not Ending.COMPLETED] == []
