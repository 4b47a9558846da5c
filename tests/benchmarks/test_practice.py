"""Practice: exercises in families, none on both sides, and none that an answer without content passes."""

import re
from collections import Counter

import pytest

from codecrucible.benchmarks import check_benchmark, load_benchmark
from codecrucible.harness.finetune.preparation.decontamination import Decontamination, installed_benchmarks
from codecrucible.reports.statistics.source_problem import source_problem

NAMES = ("practice", "practice:same-families", "practice:held-out")


def families(name):
    return Counter(dict(problem.groups)["family"] for problem in load_benchmark(name).problems)


def test_there_are_614_exercises_to_learn_from_and_375_to_be_tried_on_in_three_levels():
    assert [len(load_benchmark(name).problems) for name in NAMES] == [614, 150, 225]
    for name in NAMES:
        levels = Counter(dict(problem.groups)["level"] for problem in load_benchmark(name).problems)
        assert levels.keys() == {"1", "2", "3"}
        assert min(levels.values()) >= 30


def test_no_function_is_on_two_sides_and_no_family_that_is_held_out():
    learnt, same, held_out = (families(name) for name in NAMES)
    assert (len(learnt), len(same), len(held_out)) == (50, 30, 23)
    assert same.keys() <= learnt.keys()
    assert learnt.keys() & held_out.keys() == set()
    functions = [problem.entry_point for name in NAMES for problem in load_benchmark(name).problems]
    assert len(functions) == len(set(functions))


def test_the_exercises_of_a_family_are_versions_of_one_problem():
    for name in NAMES:
        sources = {source_problem(problem.problem_id) for problem in load_benchmark(name).problems}
        assert len(sources) == len(families(name))


def test_no_exercise_expects_one_value_alone():
    for name in NAMES:
        for problem in load_benchmark(name).problems:
            assert len(set(re.findall(r" == (.*)\n", problem.tests))) > 1, problem.problem_id


@pytest.mark.docker
@pytest.mark.parametrize("name", NAMES)
def test_every_reference_passes_what_was_computed_in_another_way_and_no_stub_does(executor, name):
    benchmark = load_benchmark(name)
    report = check_benchmark(benchmark, executor)

    assert report.references_passed == report.references == len(benchmark.problems)
    assert (report.stubs_passed, report.offenders, report.unproxiable, report.dead) == (0, (), (), ())


@pytest.mark.slow
@pytest.mark.usefixtures("public_data")
def test_no_exercise_gives_a_problem_of_another_benchmark_away():
    found, _ = installed_benchmarks(None, training_split=False)
    decontamination = Decontamination(found)
    assert set(NAMES[1:]) <= set(decontamination.names)
    hits = [
        (name, problem.problem_id, hit)
        for name in NAMES
        for problem in load_benchmark(name).problems
        for hit in decontamination.hits(problem.prompt + problem.reference)
        if hit.benchmark != name
    ]
    assert hits == []
