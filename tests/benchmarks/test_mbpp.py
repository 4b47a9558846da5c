"""MBPP as it is published: its parts, its prompts, and its traps."""

import ast
import hashlib
import json

import pytest

from codecrucible.benchmarks import BenchmarkDataError, PromptForm, UnknownBenchmark, extract, load_benchmark
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.benchmarks.sources.mbpp import FULL, SANITIZED

pytestmark = [pytest.mark.usefixtures("public_data"), pytest.mark.filterwarnings("ignore:invalid escape sequence")]


def by_number(name="mbpp:all"):
    return {int(problem.problem_id.removeprefix("MBPP/")): problem for problem in load_benchmark(name).problems}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("mbpp", range(11, 511)),
        ("mbpp:3shot", range(11, 511)),
        ("mbpp:train", range(601, 975)),
        ("mbpp:all", range(1, 975)),
    ],
)
def test_a_part_is_a_range_of_task_ids(name, numbers):
    assert list(by_number(name)) == list(numbers)


def test_the_sanitized_problems_are_some_of_all_with_other_texts():
    full, sanitized = by_number(), by_number("mbpp:sanitized")

    assert sanitized.keys() < full.keys()
    assert sanitized[4].prompt != full[4].prompt
    assert sanitized[82].setup == "import math\n"


def test_the_prompt_is_a_docstring_of_the_description_and_the_first_assert():
    problem = by_number()[11]

    assert problem.prompt == (
        '"""\nWrite a python function to remove first and last occurrence of a given character from the string.\n'
        'assert remove_Occ("hello","l") == "heo"\n"""\n'
    )
    assert problem.tests.count("assert") == 3
    assert (problem.entry_point, problem.language) == ("remove_Occ", "python")


def test_the_three_shot_prompt_is_the_papers_and_the_program_is_taken_as_from_any_other():
    problem, plain = by_number("mbpp:3shot")[11], by_number()[11]
    *shots, task = problem.few_shot_prompt.split("You are an expert Python programmer, and here is your task: ")[1:]

    assert [shot.partition(". Your code should pass these tests:\n\n")[0] for shot in shots] == [
        "Write a function to find the similar elements from the given two tuple lists",
        "Write a python function to identify non-prime numbers",
        "Write a function to find the largest integers from a given list of numbers using heap queue algorithm",
    ]
    assert all(shot.count("\nassert ") == 3 and shot.endswith("\n[DONE]\n\n") for shot in shots)
    assert task == (
        "Write a python function to remove first and last occurrence of a given character from the string. "
        f"Your code should pass these tests:\n\n{plain.tests}[BEGIN]\n"
    )
    assert problem.stop == ("[DONE]",)
    assert extract(problem, plain.reference, form=PromptForm.COMPLETION).source == plain.prompt + plain.reference


@pytest.mark.parametrize("name", ["mbpp:all", "mbpp:sanitized"])
def test_the_entry_point_is_the_only_function_of_the_reference_that_every_assert_calls(name):
    for problem in load_benchmark(name).problems:
        defined = {node.name for node in ast.parse(problem.reference).body if isinstance(node, ast.FunctionDef)}
        for test in ast.parse(problem.tests).body:
            assert isinstance(test, ast.Assert)
            calls = [node.func for node in ast.walk(test) if isinstance(node, ast.Call)]
            defined &= {called.id for called in calls if isinstance(called, ast.Name)}
        assert defined == {problem.entry_point}, problem.problem_id


def test_entry_points_may_be_called_check_or_like_a_builtin():
    problems = by_number()

    assert {number: problems[number].entry_point for number in (56, 349, 899, 967, 126)} == {
        56: "check",
        349: "check",
        899: "check",
        967: "check",
        126: "sum",
    }


def test_only_two_problems_have_set_up_code_and_it_needs_a_class_of_the_programs():
    with_setup = {number: problem for number, problem in by_number().items() if problem.setup.strip()}

    assert list(with_setup) == [367, 927]
    for problem in with_setup.values():
        assert "Node(1)" in problem.setup
        assert "class Node" in problem.reference
        assert "class Node" not in problem.setup


def test_line_ends_are_those_that_python_reads():
    records = [json.loads(line) for line in read_data_file(FULL).content.splitlines()]
    assert sum("\r" in record["code"] for record in records) == 972
    for record, problem in zip(records, by_number().values(), strict=True):
        assert "\r" not in problem.reference + problem.setup + problem.tests + problem.prompt
        assert ast.dump(ast.parse(problem.reference)) == ast.dump(ast.parse(record["code"]))


@pytest.mark.parametrize("name", ["mbpp:all", "mbpp:sanitized"])
def test_no_reference_is_cut_by_a_stop_sequence(name):
    for problem in load_benchmark(name).problems:
        assert not any(stop in problem.reference for stop in problem.stop), problem.problem_id


@pytest.mark.parametrize("name", ["mbpp:all", "mbpp:sanitized"])
@pytest.mark.parametrize("form", PromptForm)
def test_a_reference_continues_its_prompt_in_every_form(name, form):
    for problem in load_benchmark(name).problems:
        answer = f"Sure!\n```python\n{problem.reference}```\n" if form is PromptForm.CHAT else problem.reference
        program = extract(problem, answer, form=form)
        assert program.source == problem.prompt + problem.reference
        assert program.prompt_lines == 4
        ast.parse(program.source)


def test_a_chat_answer_that_defines_the_entry_point_in_another_way_is_not_indented():
    problem = by_number()[126]
    program = extract(problem, "```python\nfrom builtins import sum\n```", form=PromptForm.CHAT)

    assert program.source == problem.prompt + "from builtins import sum\n"


def test_the_digests_are_those_of_the_published_files():
    assert (load_benchmark("mbpp").sha256, load_benchmark("mbpp:sanitized").sha256) == (FULL.sha256, SANITIZED.sha256)
    assert "30adf0ec5f35f9609c2f1d896005e184195d9146" in FULL.url


@pytest.fixture
def changed(monkeypatch, tmp_path):
    """MBPP with one problem changed, in a folder of the user's; the digest of its file."""
    (tmp_path / "mbpp").mkdir()
    content = read_data_file(FULL).content.replace(b"Write a function", b"Please write a function", 1)
    (tmp_path / "mbpp" / "mbpp.jsonl").write_bytes(content)
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    return hashlib.sha256(content).hexdigest()


def test_a_changed_file_is_refused_with_both_digests_unless_it_is_asked_for_and_then_marked(changed):
    with pytest.raises(BenchmarkDataError, match=f"{changed}.*{FULL.sha256}.*--allow-unpinned"):
        load_benchmark("mbpp:train")
    marked = load_benchmark("mbpp:train[:2]", allow_unpinned=True)
    name = f"mbpp:train@{changed[:12]}"
    assert (marked.name, marked.sha256, marked.revision, marked.pinned) == (f"{name}[:2]", changed, changed[:12], False)
    assert load_benchmark(f"{name}[:2]") == marked  # as a report of the run finds it again
    with pytest.raises(BenchmarkDataError, match=f"has sha256 {changed}.*begins with 0123456789ab"):
        load_benchmark("mbpp:train@0123456789ab")


def test_a_pinned_file_has_its_own_name_whatever_is_allowed():
    assert load_benchmark("mbpp:train", allow_unpinned=True) == load_benchmark("mbpp:train")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[1, 2", "JSONDecodeError"),
        (b'{"task_id": 601}', "KeyError"),
        (b"[" * 100_000, "RecursionError"),
        (b"", "expected problems with ids of their own"),
        (b"17", "TypeError"),
    ],
)
def test_a_file_of_the_users_that_holds_no_problems_is_an_error_and_no_crash(monkeypatch, tmp_path, content, fault):
    (tmp_path / "mbpp").mkdir()
    (tmp_path / "mbpp" / "mbpp.jsonl").write_bytes(content)
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    with pytest.raises(BenchmarkDataError, match=fault):
        load_benchmark("mbpp:train", allow_unpinned=True)


def test_only_a_benchmark_that_is_read_from_a_file_can_be_asked_for_by_digest():
    with pytest.raises(UnknownBenchmark, match="'starter@0123456789ab' is read from no file of yours"):
        load_benchmark("starter@0123456789ab")
