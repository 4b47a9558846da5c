"""HumanEval infilling: what a program is made of, and that no answer is empty there."""

import pytest

from codecrucible.benchmarks import PromptForm, Verdict, extract, job_for, judge, load_benchmark, raw
from codecrucible.sandbox import Limits

pytestmark = pytest.mark.usefixtures("public_data")


def problem_of(problem_id="SingleLineInfilling/HumanEval/0/L3", part="single-line"):
    return load_benchmark(f"humaneval-infilling:{part}[{problem_id}]").problems[0]


@pytest.mark.parametrize("form", [PromptForm.INFILL, PromptForm.COMPLETION])
def test_a_program_is_prompt_completion_and_suffix_byte_for_byte(form):
    problem = problem_of()
    program = extract(problem, problem.reference, form=form)

    assert problem.reference == "                distance = abs(elem - elem2)\n"
    assert program.source == problem.prompt + problem.reference + problem.suffix == problem.reference_program
    assert program.code == problem.reference
    assert raw(problem, "    pass\n").source == f"{problem.prompt}    pass\n{problem.suffix}"


def test_white_space_and_nothing_are_answers_since_a_gap_may_be_one():
    problem = load_benchmark("humaneval-infilling:random-span[RandomSpanInfilling/HumanEval/0/6]").problems[0]
    assert not problem.reference.strip()
    for completion in (problem.reference, ""):
        program = extract(problem, completion, form=PromptForm.INFILL)
        assert not program.empty
        assert program.source == problem.prompt + completion + problem.suffix


@pytest.mark.docker
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "problem_id", ["RandomSpanInfillingLight/HumanEval/32/1", "RandomSpanInfillingLight/HumanEval/50/1"]
)
def test_tests_that_call_a_helper_of_the_dataset_find_it_whatever_fills_the_gap(executor, problem_id):
    problem = problem_of(problem_id, "random-span-light")
    for completion, passes in ((problem.reference, True), ("\n    return None\n", False), (problem.stub, False)):
        program = extract(problem, completion, form=PromptForm.INFILL).source
        verdict = judge(executor.submit(job_for(problem, program, limits=Limits())).result()).verdict
        assert (verdict is Verdict.PASSED) is passes
