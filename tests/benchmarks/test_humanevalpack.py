"""HumanEvalPack: its prompts, the control in each language, and programs of both forms of answer."""

import ast
import json

import pytest

from codecrucible.benchmarks import PromptForm, Verdict, extract, job_for, judge, load_benchmark
from codecrucible.benchmarks.answers.braces import braces
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.benchmarks.sources.humanevalpack import LANGUAGES, file_of
from codecrucible.sandbox import Limits

pytestmark = pytest.mark.usefixtures("public_data")

EXECUTED = [suffix for suffix in LANGUAGES if suffix != "python"]


def rows_of(suffix):
    return [json.loads(line) for line in read_data_file(file_of(suffix)).content.splitlines()]


def test_a_fault_is_shown_with_its_tests_and_the_function_is_begun_again():
    problem = load_benchmark("humanevalpack:fix-python[:1]").problems[0]
    row = rows_of("python")[0]

    assert (
        problem.few_shot_prompt
        == (
            f"{row['declaration']}{row['buggy_solution']}\n{row['test']}\nFix bugs in has_close_elements.\n\n"
            f"{row['declaration']}"
        ).strip()
    )
    assert problem.few_shot_prompt.endswith("threshold: float) -> bool:")
    assert problem.message.endswith(
        "check(has_close_elements)\n```\n\nFix bugs in has_close_elements. "
        "Answer with the whole function in one ```python code block."
    )
    assert row["buggy_solution"].strip() in problem.message


def test_a_function_is_asked_for_by_its_instruction_and_begun_with_its_docstring():
    problem = load_benchmark("humanevalpack:synthesize-rust[:1]").problems[0]
    row = rows_of("rust")[0]

    assert problem.few_shot_prompt == f"{row['instruction'].strip()}\n\n{row['prompt']}".strip()
    assert row["canonical_solution"].strip() not in problem.message


@pytest.mark.parametrize("suffix", LANGUAGES)
def test_programs_and_tests_are_the_same_in_both_tasks_and_no_prompt_has_the_solution(suffix):
    fix, write = (load_benchmark(f"humanevalpack:{task}-{suffix}").problems for task in ("fix", "synthesize"))
    for mended, written, row in zip(fix, write, rows_of(suffix), strict=True):
        assert (mended.prompt, mended.tests, mended.changes) == (written.prompt, written.tests, written.changes)
        assert bool(mended.changes) is (suffix != "python")
        assert row["canonical_solution"].rstrip() not in written.few_shot_prompt + written.message
        assert row["buggy_solution"].strip() in mended.message


@pytest.mark.parametrize("suffix", EXECUTED)
def test_a_change_is_of_an_expected_value_and_of_no_call(suffix):
    asked = ("assert", "Equal", "s.", "put(", "!", "==", "(")
    for problem in load_benchmark(f"humanevalpack:fix-{suffix}").problems:
        for change in problem.changes:
            assert change.of(problem.tests) != problem.tests
            line = problem.tests[: change.start].rsplit("\n", 1)[-1] + problem.tests[change.start :].split("\n", 1)[0]
            around = problem.tests[max(0, change.start - 300) : change.end]
            assert any(word in line or word in around for word in asked)


@pytest.mark.parametrize("suffix", EXECUTED)
def test_every_brace_of_a_reference_between_its_prompt_and_its_tests_is_closed(suffix):
    for problem in load_benchmark(f"humanevalpack:fix-{suffix}").problems:
        found = braces(problem.prompt + problem.reference + problem.tests, problem.language)
        assert not problem.reference or not (found.unclosed or found.unopened), problem.problem_id


def test_python_is_judged_by_the_referee_with_the_helpers_of_the_dataset():
    problem = load_benchmark("humanevalpack:fix-python[Python/32]").problems[0]
    assert problem.changes == ()
    assert "poly" in {node.name for node in ast.parse(problem.setup).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(180)
def test_no_faulty_solution_in_python_passes(executor):
    problems = load_benchmark("humanevalpack:fix-python").problems
    jobs = [
        (problem, executor.submit(job_for(problem, problem.prompt + row["buggy_solution"], limits=Limits())))
        for problem, row in zip(problems, rows_of("python"), strict=True)
    ]
    passed = [problem.problem_id for problem, job in jobs if judge(job.result()).verdict is Verdict.PASSED]
    assert passed == []


@pytest.mark.docker
@pytest.mark.timeout(300)
@pytest.mark.parametrize("suffix", EXECUTED)
def test_solutions_pass_in_both_forms_of_answer_and_faulty_ones_and_exits_do_not(executor, image_of, suffix):
    pack = LANGUAGES[suffix]
    image_of(pack.language)
    exits = {
        "js": "  process.exit(0);\n}\n",
        "java": "        System.exit(0); return false;\n",
        "go": "    panic(nil)\n}\n",
        "cpp": "    exit(0);\n",
        "rust": "    std::process::exit(0);\n",
    }
    problem, row = load_benchmark(f"humanevalpack:fix-{suffix}[:1]").problems[0], rows_of(suffix)[0]
    whole = f"{pack.shown(row['declaration'])}{row['canonical_solution']}"
    answer = f"Here it is:\n\n```{pack.language}\n{whole}\n```\n"
    programs = {
        "plain": extract(problem, problem.reference, form=PromptForm.COMPLETION).source,
        "chat": extract(problem, answer, form=PromptForm.CHAT).source,
        "faulty": extract(
            problem, answer.replace(row["canonical_solution"], row["buggy_solution"]), form=PromptForm.CHAT
        ).source,
        "exit": extract(problem, exits[suffix], form=PromptForm.COMPLETION).source,
    }
    limits = Limits(cpu_s=20.0, wall_s=90.0)
    jobs = {name: executor.submit(job_for(problem, program, limits=limits)) for name, program in programs.items()}
    passed = {name: judge(job.result()) for name, job in jobs.items()}
    assert {name: judged.verdict is Verdict.PASSED for name, judged in passed.items()} == {
        "plain": True,
        "chat": True,
        "faulty": False,
        "exit": False,
    }, passed
