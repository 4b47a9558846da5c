"""Stress inputs: COFFE's, found for our problems, and evaluated nowhere but in the sandbox."""

from dataclasses import replace

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.sources.coffe import FILES, coffe_id, load_coffe
from codecrucible.benchmarks.stress import stress_tests
from codecrucible.sandbox import Limits

LIMITS = Limits()


@pytest.fixture(scope="module")
def coffe(public_data):
    return load_coffe()


def test_coffe_has_398_functions_with_1986_inputs(coffe):
    sets = [problem_id.partition("/")[0] for problem_id in coffe]
    assert (sets.count("HumanEval"), sets.count("MBPP")) == (164, 234)
    assert sum(len(function.inputs) for function in coffe.values()) == 1986
    assert all(function.solution for function in coffe.values())
    assert all("7979acb4" in file.url for file in FILES)


@pytest.mark.parametrize(
    ("name", "found"), [("humaneval", 164), ("humaneval+", 164), ("mbpp", 234), ("mbpp:all", 234), ("mbpp+", 219)]
)
def test_problems_of_humaneval_and_mbpp_find_their_inputs(coffe, name, found):
    assert len(stress_tests(load_benchmark(name))) == found


def test_the_fastest_known_program_has_the_name_that_our_tests_call(coffe):
    """MBPP/167 and three more are called otherwise in COFFE."""
    tests = stress_tests(load_benchmark("mbpp:all[MBPP/160,MBPP/164,MBPP/166,MBPP/167]"))
    for test in tests.values():
        assert test.best.endswith(f"\n{test.problem.entry_point} = solution\n")


def test_a_version_of_a_problem_has_the_inputs_of_the_problem(coffe):
    (problem,) = load_benchmark("humaneval[HumanEval/25]").problems
    german = replace(load_benchmark("humaneval"), problems=(replace(problem, problem_id="HumanEval/25@de"),))
    assert stress_tests(german)["HumanEval/25@de"].inputs == coffe["HumanEval/25"].inputs
    assert coffe_id("Mbpp/2") == "MBPP/2"


def test_an_input_is_text_until_it_is_in_the_sandbox(coffe):
    (test,) = stress_tests(load_benchmark("humaneval[HumanEval/25]")).values()
    hostile = replace(test, inputs=("print('evaluated') or [1]",))
    job = hostile.job(hostile.best, limits=LIMITS)
    assert job.check.parts == ("\"print('evaluated') or [1]\"",)
    assert "evaluated" not in job.program


def test_no_expected_value_is_in_a_program_or_its_calls(coffe):
    (test,) = stress_tests(load_benchmark("humaneval[HumanEval/25]")).values()
    programs = [job.program for job in test.overhead_jobs(limits=LIMITS)]
    assert not any("Oracle" in program or "reference" in program for program in programs)


def test_other_benchmarks_are_measured_by_their_own_tests_and_need_no_data(monkeypatch):
    monkeypatch.delenv("CRUCIBLE_DATA", raising=False)
    starter = load_benchmark("starter[:3]")
    tests = stress_tests(starter)
    assert list(tests) == [problem.problem_id for problem in starter.problems]
    assert all(not test.inputs and test.overhead_jobs(limits=LIMITS) is None for test in tests.values())
    unreferenced = replace(starter, problems=tuple(replace(each, reference="") for each in starter.problems))
    assert stress_tests(unreferenced) == {}
