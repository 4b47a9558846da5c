"""HumanEval-XL: ids, groups, prompts and references, and the choice of problems by group."""

import json

import pytest

from codecrucible.benchmarks import UnknownBenchmark, check_benchmark, load_benchmark
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.benchmarks.sources.humaneval_xl import FILE, KIND
from codecrucible.reports.statistics.source_problem import source_problem
from codecrucible.sandbox import Limits

pytestmark = pytest.mark.usefixtures("public_data")


def test_80_problems_are_asked_in_23_languages_and_are_versions_of_each_other():
    problems = load_benchmark("humaneval-xl").problems
    languages = {dict(problem.groups)[KIND] for problem in problems}
    assert (len(problems), len(languages)) == (1840, 23)
    of_source = {}
    for problem in problems:
        of_source.setdefault(source_problem(problem.problem_id), set()).add(dict(problem.groups)[KIND])
    assert len(of_source) == 80
    assert all(asked_in == languages for asked_in in of_source.values())


def test_tests_and_references_are_the_same_in_every_language_and_the_text_is_not():
    german, greek = (load_benchmark(f"humaneval-xl[natural language={name}]").problems for name in ("German", "Greek"))
    for one, other in zip(german, greek, strict=True):
        assert (one.tests, one.entry_point) == (other.tests, other.entry_point)
        assert one.prompt != other.prompt
    same = sum(one.reference == other.reference for one, other in zip(german, greek, strict=True))
    assert same == 80


def test_most_problems_are_those_of_humaneval_with_its_stop_strings():
    own = {problem.entry_point: problem for problem in load_benchmark("humaneval").problems}
    english = load_benchmark("humaneval-xl[natural language=English]").problems
    assert all(problem.entry_point in own for problem in english)
    assert {problem.stop for problem in english} == {own["below_zero"].stop}


def test_groups_are_chosen_by_name_in_the_benchmarks_order():
    chosen = load_benchmark("humaneval-xl[natural language=Greek, German]")
    assert chosen.name == "humaneval-xl[natural language=German,Greek]"
    assert len(chosen.problems) == 160
    assert load_benchmark(chosen.name).problems == chosen.problems
    with pytest.raises(UnknownBenchmark, match="did you mean 'German'"):
        load_benchmark("humaneval-xl[natural language=Germn]")
    with pytest.raises(UnknownBenchmark, match="no problem 'tongue=German'"):
        load_benchmark("humaneval-xl[tongue=German]")
    with pytest.raises(UnknownBenchmark, match="no problem 'topic=dates'"):
        load_benchmark("humaneval[topic=dates]")


def test_rows_written_in_another_order_are_the_pinned_ones(tmp_path, monkeypatch):
    rows = [json.loads(line) for line in read_data_file(FILE).content.splitlines()]
    file = tmp_path / FILE.path
    file.parent.mkdir()
    file.write_text("".join(json.dumps(dict(reversed(row.items()))) + "\n" for row in rows))
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    assert load_benchmark("humaneval-xl").pinned


@pytest.mark.docker
@pytest.mark.timeout(180)
def test_references_pass_and_stubs_do_not(executor):
    """Every 46th row: each language, and problems from all parts of the list."""
    report = check_benchmark(load_benchmark("humaneval-xl[::46]"), executor, limits=Limits(cpu_s=60.0, wall_s=180.0))
    assert report.offenders == report.unproxiable == ()
    assert (report.references_passed, report.stubs_passed) == (40, 0)
