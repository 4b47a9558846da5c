"""Samples in the forms of other harnesses become the same programs as in ours."""

import gzip
import json

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.common.errors import BadRecord, NothingToDo, UsageError
from codecrucible.harness.evaluation import foreign_files
from codecrucible.harness.evaluation.from_files import read_samples

HUMANEVAL = load_benchmark("humaneval")
FIRST, SECOND = HUMANEVAL.problems[:2]
BODIES = ("    return 1\n", "    return 2\n")


def lm_eval_record(problem, programs, *, nested):
    """One line of `samples_humaneval_….jsonl`."""
    resps = [[program.removeprefix(problem.prompt) for program in programs]]
    return {
        "doc_id": 0,
        "doc": {"task_id": problem.problem_id, "prompt": problem.prompt, "test": problem.tests},
        "target": "check(f)",
        "arguments": {"gen_args_0": {"arg_0": problem.prompt}},
        "resps": resps,
        "filtered_resps": [list(programs)] if nested else list(programs),
        "filter": "create_test",
        "pass@1": 0.0,
    }


def bigcode(path):
    path = path / "generations_humaneval.json"
    path.write_text(json.dumps([[problem.prompt + body for body in BODIES] for problem in (FIRST, SECOND)]))
    return path


def evalplus_results(path):
    solutions = {
        problem.problem_id: [
            {
                "task_id": problem.problem_id,
                "solution": problem.prompt + body,
                "base_status": "fail",
                "plus_status": None,
            }
            for body in BODIES
        ]
        for problem in (FIRST, SECOND)
    }
    path = path / "samples_eval_results.json"
    path.write_text(json.dumps({"date": "2026-01-01 00:00", "hash": "abc", "eval": solutions}, indent=2))
    return path


def evalplus_folder(path):
    for problem in (FIRST, SECOND):
        folder = path / problem.problem_id.replace("/", "_")
        folder.mkdir()
        for number, body in enumerate(BODIES):
            (folder / f"{number}.py").write_text(problem.prompt + body)
    return path


def lm_eval(path, *, nested):
    programs = {problem: [problem.prompt + body for body in BODIES] for problem in (FIRST, SECOND)}
    lines = [json.dumps(lm_eval_record(problem, texts, nested=nested)) for problem, texts in programs.items()]
    path = path / "samples_humaneval_2026-01-01T00-00-00.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


FORMS = {
    "bigcode-evaluation-harness": bigcode,
    "EvalPlus' results": evalplus_results,
    "EvalPlus' folder": evalplus_folder,
    "lm-evaluation-harness": lambda path: lm_eval(path, nested=False),
    "lm-evaluation-harness, nested": lambda path: lm_eval(path, nested=True),
}


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_the_programs_are_those_that_were_judged_elsewhere(tmp_path, make):
    imported = read_samples(make(tmp_path), HUMANEVAL)
    found = {(sample.problem_id, sample.sample_index): sample.program for sample in imported.samples}
    assert sorted(found) == [(problem.problem_id, index) for problem in (FIRST, SECOND) for index in (0, 1)]
    for problem in (FIRST, SECOND):
        for index, body in enumerate(BODIES):
            # Before a whole program stand the imports of its prompt, as for every answer that is one.
            assert found[problem.problem_id, index].rstrip().endswith((problem.prompt + body).rstrip())
    assert len(imported.missing) == 162
    assert imported.n == 2


def test_of_several_filters_of_lm_eval_the_first_is_judged_and_the_others_are_named(tmp_path):
    lines = [
        lm_eval_record(problem, [f"{problem.prompt}{body}"], nested=True) | {"filter": name}
        for name, body in zip(("create_test", "strict"), BODIES, strict=True)
        for problem in (FIRST, SECOND)
    ]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    imported = read_samples(tmp_path / "s.jsonl", HUMANEVAL)
    assert imported.n == 1
    assert [sample.program for sample in imported.samples] == [each.prompt + BODIES[0] for each in (FIRST, SECOND)]
    (note,) = imported.notes
    assert note.startswith("2 records of the filter 'strict' are left out")


def test_generations_for_the_whole_benchmark_fit_a_choice_of_its_problems(tmp_path):
    programs = [[problem.prompt + problem.reference] for problem in HUMANEVAL.problems]
    (tmp_path / "g.json").write_text(json.dumps(programs))
    imported = read_samples(tmp_path / "g.json", load_benchmark("humaneval[10:12]"))
    assert [(sample.problem_id, sample.program) for sample in imported.samples] == [
        (problem.problem_id, problem.prompt + problem.reference) for problem in HUMANEVAL.problems[10:12]
    ]
    assert imported.left_out == 162


def test_multipl_es_files_hold_completions_without_the_prompt(tmp_path):
    for problem in (FIRST, SECOND):
        name = problem.problem_id.replace("/", "_")
        record = {"name": problem.problem_id, "language": "py", "prompt": problem.prompt, "completions": list(BODIES)}
        with gzip.open(tmp_path / f"{name}.json.gz", "wt") as file:
            file.write(json.dumps(record))
        (tmp_path / f"{name}.results.json").write_text("{}")
    imported = read_samples(tmp_path, HUMANEVAL)
    assert [sample.completion for sample in imported.samples] == [*BODIES, *BODIES]
    assert imported.samples[0].program.startswith(FIRST.prompt)


def test_a_folders_digest_is_of_its_files(tmp_path):
    folder = evalplus_folder(tmp_path)
    before = read_samples(folder, HUMANEVAL).sha256
    assert read_samples(folder, HUMANEVAL).sha256 == before
    (folder / "HumanEval_0" / "0.py").write_text("def has_close_elements(numbers, threshold): return True\n")
    assert read_samples(folder, HUMANEVAL).sha256 != before


def test_mbpps_numbers_are_its_task_ids(tmp_path):
    ids = ["MBPP/11", "MBPP/12"]
    record = {"doc": {"task_id": 12}, "filtered_resps": ["def f(): pass"]}
    (tmp_path / "s.jsonl").write_text(json.dumps(record))
    ((_, found),) = foreign_files.read_foreign(tmp_path / "s.jsonl", ids).records
    assert found == {"task_id": "MBPP/12", "solution": "def f(): pass"}


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("g.json", [["a"]] * 165, BadRecord, "generations for 165 problems, and the benchmark has 164"),
        ("g.json", [["a"], "b"], BadRecord, "[1]: expected a list of strings, found str"),
        ("g.json", [["a", 1]], BadRecord, "[0][1]: expected a string, found int"),
        ("g.json", [["a"], [None]], BadRecord, "[1][0]: expected a string, found NoneType"),
        ("r.json", {"eval": {"HumanEval/0": {"nfiles": 1, "base": []}}}, UsageError, "has no programs"),
        ("r.json", {"eval": {"HumanEval/0": [{"base_status": "pass"}]}}, BadRecord, "field 'solution' is missing"),
        ("r.json", {"eval": []}, BadRecord, "field 'eval': expected an object"),
        ("r.json", {"eval": {"HumanEval/999": [{"solution": ""}]}}, BadRecord, "did you mean 'HumanEval/"),
        ("s.jsonl", {"doc": {}, "filtered_resps": ["x"]}, BadRecord, "field 'task_id': expected str, found NoneType"),
        ("s.jsonl", {"doc": {"task_id": "HumanEval/0"}, "filtered_resps": 3}, BadRecord, "expected a list of strings"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_its_place(tmp_path, name, content, error, told):
    (tmp_path / name).write_text(json.dumps(content))
    with pytest.raises(error) as refused:
        read_samples(tmp_path / name, HUMANEVAL)
    assert told in str(refused.value)
    assert str(tmp_path / name) in str(refused.value)


def test_folders_without_samples_say_what_was_expected(tmp_path):
    with pytest.raises(NothingToDo, match=r"expected NAME\.json\.gz with completions"):
        read_samples(tmp_path, HUMANEVAL)
    (tmp_path / "HumanEval_0.results.json.gz").write_bytes(gzip.compress(b"{}"))
    with pytest.raises(UsageError, match="results alone"):
        read_samples(tmp_path, HUMANEVAL)
    (tmp_path / "HumanEval_0.json").write_text("{}")
    with pytest.raises(BadRecord, match="field 'name' is missing"):
        read_samples(tmp_path, HUMANEVAL)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(foreign_files, "MOST_BYTES", 1000)
    (tmp_path / "s.jsonl.gz").write_bytes(gzip.compress(b" " * 100_000))
    with pytest.raises(UsageError, match="more than 1000 bytes once it is unpacked"):
        read_samples(tmp_path / "s.jsonl.gz", HUMANEVAL)
