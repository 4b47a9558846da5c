import ast
import doctest
import json
from pathlib import Path

import trusted

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.sources.starter import REVISION, SHA256

PROBLEMS = load_benchmark("starter").problems
BY_ID = {problem.problem_id: problem for problem in PROBLEMS}
NEAR_MISSES = [
    json.loads(line) for line in Path(__file__).with_name("near_misses.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_there_are_forty_numbered_starter_problems():
    assert [problem.problem_id for problem in PROBLEMS] == [f"starter/{i}" for i in range(40)]
    assert len({problem.entry_point for problem in PROBLEMS}) == 40


def test_a_changed_starter_file_is_a_new_revision():
    # Scores of one revision are comparable: whoever changes the file raises REVISION and this pair with it.
    assert (REVISION, SHA256) == ("1", "f11464e493ecf0af5674f90a0abbe500eb45b5180cece33053f93cd44ff6a594")


def test_every_starter_reference_passes():
    found = trusted.outcomes([problem.prompt + problem.reference + problem.tests for problem in PROBLEMS])

    assert found == ["passed"] * len(PROBLEMS)


def test_stubs_pass_no_starter_problem():
    stubs = (
        "    return None\n",
        "    pass\n",
        "    return 0\n",
        '    return ""\n',
        "    return []\n",
        "    return True\n",
    )
    found = trusted.outcomes([problem.prompt + stub + problem.tests for problem in PROBLEMS for stub in stubs])

    assert "passed" not in found


def test_every_near_miss_runs_and_fails():
    programs = [
        BY_ID[miss["task_id"]].prompt + miss["completion"] + BY_ID[miss["task_id"]].tests for miss in NEAR_MISSES
    ]
    found = trusted.outcomes(programs)

    passed = [miss for miss, outcome in zip(NEAR_MISSES, found, strict=True) if outcome == "passed"]
    assert passed == []
    assert set(found) <= {"AssertionError", "ValueError", "IndexError", "ZeroDivisionError"}


def test_every_starter_problem_has_two_near_misses_or_more():
    for problem in PROBLEMS:
        mine = {miss["completion"] for miss in NEAR_MISSES if miss["task_id"] == problem.problem_id}
        assert len(mine) >= 2, problem.problem_id


def test_every_starter_problem_asserts_five_things_or_more():
    for problem in PROBLEMS:
        asserts = [node for node in ast.walk(ast.parse(problem.tests)) if isinstance(node, ast.Assert)]
        assert len(asserts) >= 5, problem.problem_id


def test_the_examples_in_every_starter_prompt_are_true():
    for problem in PROBLEMS:
        namespace = {}
        exec(problem.prompt + problem.reference, namespace)  # noqa: S102  # our own text
        found = doctest.DocTestFinder().find(namespace[problem.entry_point], problem.entry_point, globs=namespace)
        for test in found:
            assert test.examples, problem.problem_id
            assert doctest.DocTestRunner(verbose=False).run(test).failed == 0, problem.problem_id


def test_every_starter_signature_is_typed():
    for problem in PROBLEMS:
        function = ast.parse(problem.prompt + "    pass\n").body[-1]
        assert function.returns is not None
        assert all(argument.annotation for argument in function.args.args)
