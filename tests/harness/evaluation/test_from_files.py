"""Completions made elsewhere come in whole, or not at all with file, line and field."""

import gzip
import json
from dataclasses import replace

import pytest

from codecrucible.benchmarks import Extraction, load_benchmark
from codecrucible.harness.common.errors import BadRecord, NothingToDo, UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.from_files import read_samples

HUMANEVAL = load_benchmark("humaneval")
FIRST = HUMANEVAL.problems[0]


def write(path, *records):
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_human_evals_format_is_the_prompt_and_the_completion_byte_for_byte(tmp_path):
    path = write(tmp_path / "s.jsonl", {"task_id": FIRST.problem_id, "completion": "    return  1 \r\n\n"})
    sample = read_samples(path, HUMANEVAL).samples[0]
    assert sample.completion == "    return  1 \r\n\n"
    assert sample.program == FIRST.prompt + "    return  1 \r\n\n"


def test_the_ith_record_of_a_problem_has_index_i(tmp_path):
    second = HUMANEVAL.problems[1].problem_id
    ids = [FIRST.problem_id, second, FIRST.problem_id, FIRST.problem_id, second]
    path = write(tmp_path / "s.jsonl", *({"task_id": name, "completion": "    pass"} for name in ids))
    imported = read_samples(path, HUMANEVAL)
    assert [(sample.problem_id, sample.sample_index) for sample in imported.samples] == [
        (FIRST.problem_id, 0),
        (second, 0),
        (FIRST.problem_id, 1),
        (FIRST.problem_id, 2),
        (second, 1),
    ]
    assert imported.n == 3
    assert len(imported.missing) == 162


@pytest.mark.parametrize("field", ["task_id", "problem_id"])
def test_a_number_as_the_id_is_its_text(tmp_path, field):
    numbered = replace(HUMANEVAL, problems=(replace(FIRST, problem_id="12"),))
    path = write(tmp_path / "s.jsonl", {field: 12, "completion": "    pass"})
    assert [sample.problem_id for sample in read_samples(path, numbered).samples] == ["12"]


def test_equal_completions_on_several_lines_are_several_samples(tmp_path):
    path = write(tmp_path / "s.jsonl", *[{"task_id": FIRST.problem_id, "completion": "    pass"}] * 3)
    assert len(read_samples(path, HUMANEVAL).samples) == 3


def test_a_whole_program_in_solution_runs_with_the_prompts_imports(tmp_path):
    whole = "def has_close_elements(numbers, threshold):\n    return False\n"
    path = write(tmp_path / "s.jsonl", {"task_id": FIRST.problem_id, "solution": whole, "_identifier": "x"})
    program = read_samples(path, HUMANEVAL).samples[0].program
    assert program.endswith(whole)
    assert "from typing import List" in program


def test_raw_completions_continue_the_prompt_and_raw_solutions_are_programs(tmp_path):
    answer = "Sure:\n```python\n    return False\n```\n"
    path = write(
        tmp_path / "s.jsonl",
        {"task_id": FIRST.problem_id, "completion": answer},
        {"task_id": FIRST.problem_id, "solution": answer},
    )
    found, extracted = (read_samples(path, HUMANEVAL, extraction=each) for each in (Extraction.RAW, Extraction.AUTO))
    assert [sample.program for sample in found.samples] == [FIRST.prompt + answer, answer]
    assert {sample.program for sample in extracted.samples} == {FIRST.prompt + "    return False\n"}
    assert {sample.completion for sample in found.samples + extracted.samples} == {answer}


def test_a_completion_in_another_language_ends_at_its_first_stop_string_unless_it_is_raw(tmp_path):
    problem = replace(
        FIRST, prompt="long f(long x) {\n", entry_point="f", stop=("\n}",), language="cpp", tests="}\nint main() {}\n"
    )
    benchmark = replace(HUMANEVAL, problems=(problem,))
    completion = "    return x;\n}\nint main() { return f(1); }\n"
    path = write(tmp_path / "s.jsonl", {"task_id": problem.problem_id, "completion": completion})
    programs = [read_samples(path, benchmark, extraction=each).samples[0].program for each in Extraction]
    assert programs == [problem.prompt + "    return x;", problem.prompt + completion]


def test_a_solution_beside_a_completion_is_what_counts_unless_it_is_empty(tmp_path):
    body, whole = "    return False\n", "def has_close_elements(numbers, threshold):\n    return True\n"
    record = {"task_id": FIRST.problem_id, "completion": body}
    path = write(tmp_path / "s.jsonl", record | {"solution": whole}, record | {"solution": ""}, record)
    imported = read_samples(path, HUMANEVAL)
    programs = [sample.program for sample in imported.samples]
    assert programs[0].endswith(f"\n{whole}")
    assert programs[1:] == [FIRST.prompt + body] * 2
    assert imported.notes == ("1 records have a solution beside their completion: the solution is what is judged",)


def test_samples_of_problems_that_were_not_chosen_are_left_out_and_counted(tmp_path):
    ids = ["HumanEval/0", "HumanEval/5", "HumanEval/5", "HumanEval/1", "HumanEval/163"]
    path = write(tmp_path / "s.jsonl", *({"task_id": each, "completion": "    pass"} for each in ids))
    imported = read_samples(path, load_benchmark("humaneval[:2]"))
    assert [sample.problem_id for sample in imported.samples] == ["HumanEval/0", "HumanEval/1"]
    assert imported.left_out == 3
    assert imported.notes == ("3 samples of problems that were not asked for are left out",)
    assert read_samples(path, HUMANEVAL).left_out == 0
    with pytest.raises(NothingToDo, match=r"no sample of humaneval\[HumanEval/7\], and 5 of its other problems"):
        read_samples(path, load_benchmark("humaneval[HumanEval/7]"))


def test_a_problem_that_the_whole_benchmark_does_not_have_is_refused_whatever_was_chosen(tmp_path):
    path = write(tmp_path / "s.jsonl", {"task_id": "MBPP/11", "completion": "    pass"})
    with pytest.raises(BadRecord, match="no problem 'MBPP/11'"):
        read_samples(path, load_benchmark("humaneval[:2]"))


def test_the_rule_that_chose_the_program_is_in_the_sample(tmp_path):
    whole = "def has_close_elements(numbers, threshold):\n    return near(numbers)\n"
    helper = "def near(numbers):\n    return False\n"
    completions = {
        "continuation": "    return False\n",
        "block": f"```python\n{whole}```",
        "blocks": f"```python\n{helper}```\n```python\n{whole}```",
        "text": f"Here it is:\n\n{whole}",
        "body": "So:\n```python\nreturn False\n```\n",
        "": "```python\n```",
    }
    path = write(
        tmp_path / "s.jsonl", *({"task_id": FIRST.problem_id, "completion": each} for each in completions.values())
    )
    assert [sample.rule for sample in read_samples(path, HUMANEVAL).samples] == list(completions)
    (sample, *_) = read_samples(path, HUMANEVAL, extraction=Extraction.RAW).samples
    assert sample.rule == "raw"


def test_gzipped_samples_and_blank_lines_are_read(tmp_path):
    path = tmp_path / "s.jsonl.gz"
    path.write_bytes(gzip.compress(b'\n{"task_id": "HumanEval/0", "completion": "    pass"}\n\n'))
    assert len(read_samples(path, HUMANEVAL).samples) == 1


@pytest.mark.parametrize("completion", ["\x00", "    return '\ud800'\n", "\u202e\x1b[2J", ""])
def test_hostile_text_is_taken_as_it_is(tmp_path, completion):
    path = write(tmp_path / "s.jsonl", {"task_id": FIRST.problem_id, "completion": completion})
    assert read_samples(path, HUMANEVAL).samples[0].completion == completion


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "expected an object"),
        ("[" * 100_000, "not JSON"),
        ({"completion": "x"}, "field 'task_id' or 'problem_id' is missing"),
        ({"task_id": "HumanEval/0"}, "field 'completion' or 'solution' is missing"),
        ({"task_id": "HumanEval/0", "completion": None}, "field 'completion': expected str, found NoneType"),
        ({"task_id": True, "completion": "x"}, "field 'task_id': expected str, found bool"),
        ({"task_id": 0, "completion": "x"}, "field 'task_id': humaneval has no problem '0'"),
        ({"task_id": "HumanEval/999", "completion": "x"}, "has no problem 'HumanEval/999'; did you mean 'HumanEval/"),
        ({"task_id": "HumanEval/0", "completion": "x", "sample_index": -1}, "field 'sample_index': expected an int"),
        (
            {"task_id": "HumanEval/0", "completion": "x", "sample_index": 0},
            "field 'sample_index': 0 is that of ",
        ),
    ],
)
def test_a_bad_record_is_refused_with_file_line_and_field(tmp_path, record, said):
    path = write(tmp_path / "s.jsonl", {"task_id": "HumanEval/0", "completion": "    pass"}, record)
    with pytest.raises(BadRecord) as refused:
        read_samples(path, HUMANEVAL)
    assert f"{path}:2: " in str(refused.value)
    assert said in str(refused.value)


def test_an_empty_file_is_nothing_to_do(tmp_path):
    (tmp_path / "s.jsonl").write_text("")
    with pytest.raises(NothingToDo, match="holds no sample"):
        read_samples(tmp_path / "s.jsonl", HUMANEVAL)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        read_samples(tmp_path / "none.jsonl", HUMANEVAL)


def test_records_are_counted_while_they_are_read_and_the_stage_ends_with_them(tmp_path, monkeypatch, capsys):
    counted = []
    advance = Progress.advance
    monkeypatch.setattr(Progress, "advance", lambda self, name: (counted.append(name), advance(self, name)))
    record = {"task_id": "HumanEval/0", "completion": "    return 1\n"}
    path = tmp_path / "s.jsonl"
    path.write_text(f"{json.dumps(record)}\n" * 3)
    with Progress() as progress:
        read_samples(path, HUMANEVAL, progress=progress)
    assert counted == ["read"] * 3
    assert capsys.readouterr().err == ""
