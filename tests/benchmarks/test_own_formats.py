"""Files in formats of others, as people have them: read as they are, or refused."""

import gzip
import json
from dataclasses import replace

import pytest
from answers_jobs import STYLES, answering
from own_records import RECORD, write

from codecrucible.benchmarks import (
    BenchmarkDataError,
    PromptForm,
    Verdict,
    check_benchmark,
    extract,
    job_for,
    judge,
    load_benchmark,
)
from codecrucible.sandbox import Limits, Strength

ASSERTS = {
    "task_id": 7,
    "text": "Write a function to add two numbers.",
    "code": "def add(a, b):\r\n    return a + b",
    "test_setup_code": "",
    "test_list": ["assert add(1, 2) == 3", "assert set([add(0, 0)]) == {0}"],
    "challenge_test_list": [],
}
_STYLE = STYLES["javascript"]
ROW = {
    "name": "own_1_answer",
    "language": "js",
    "prompt": "//Answers.\nfunction answer(number){\n",
    "doctests": "keep",
    "original": "x.py",
    "prompt_terminology": "verbatim",
    "tests": _STYLE.head + _STYLE.line.replace("{number}", "1").replace("{expected}", "[7]") + _STYLE.tail,
    "stop_tokens": ["\nfunction "],
}
INPUTS = {
    "task_id": "own/plus",
    "prompt": 'def half(numbers):\n    """Half of each."""\n',
    "entry_point": "half",
    "canonical_solution": "    return [each / 2 for each in numbers]\n",
    "base_input": [[[1, 2]], [[]]],
    "plus_input": [[[3.5]]],
    "atol": 1e-6,
    "contract": "",
}
GONE = object()


def changed(record, **fields):
    return {name: value for name, value in (record | fields).items() if value is not GONE}


def test_a_record_of_mbpp_becomes_the_problem_that_the_benchmark_has(public_data, tmp_path):
    rows = json.loads((public_data / "mbpp" / "sanitized-mbpp.json").read_text())
    own = load_benchmark(str(write(tmp_path / "own.jsonl", *rows)))
    known = load_benchmark("mbpp:sanitized")
    found = [replace(problem, problem_id=f"MBPP/{problem.problem_id}") for problem in own.problems]
    assert (found, own.refused) == ([replace(problem, unproxiable="") for problem in known.problems], ())


HALVES = {
    "task_id": "own/halves",
    "language": "javascript",
    "prompt": "// Half of each number.\nfunction halves(numbers) {\n",
    "entry_point": "halves",
    "code": "  return numbers.map((each) => each / 2);\n}\n",
    "test_list": ["assert.deepEqual(halves([4]), [2]);", "assert.deepEqual(halves([2, 4]), [1, 2]);"],
}
HALF = {
    "task_id": "own/half",
    "language": "bash",
    "prompt": "half() {\n",
    "entry_point": "half",
    "canonical_solution": "    echo $(($1 / 2))\n}\n",
    "test": "[[ $(half 4) = 2 ]] || exit 1\n[[ $(half 2) = 1 ]] || exit 1\n",
    "expected": [{"pattern": "4) = {}"}, {"pattern": "2) = {}"}],
}


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_the_shapes_of_humaneval_and_mbpp_are_judged_in_other_languages_too(languages, tmp_path):
    own = load_benchmark(str(write(tmp_path / "own.jsonl", HALVES, HALF)))
    behind = [{problem.tests[change.start :][:3] for change in problem.changes} for problem in own.problems]
    assert behind == [{"2])"}, {"2 ]", "1 ]"}]
    report = check_benchmark(own, languages)
    assert (report.ok, report.references_passed, report.stubs_passed) == (True, 2, 0), report.offenders


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"language": "haskell"}, "test_list"),
        ({"test_list": []}, "test_list"),
        ({"test_list": ["f();"]}, "test_list[0]"),
        ({"test_setup_code": 1}, "test_setup_code"),
        ({"text": "x"}, "text"),
    ],
)
def test_a_list_of_asserts_that_cannot_be_put_together_is_refused_with_its_field(tmp_path, fields, field):
    with pytest.raises(BenchmarkDataError, match=rf"own.jsonl:1: field '{field}'".replace("[", r"\[")):
        load_benchmark(str(write(tmp_path / "own.jsonl", HALVES | fields)))


def test_a_row_of_multipl_e_becomes_the_problem_that_the_benchmark_has(public_data, tmp_path):
    known = load_benchmark("multipl-e:humaneval-go")
    with gzip.open(public_data / "multipl-e" / "humaneval-go-reworded.jsonl.gz", "rt") as rows:
        own = load_benchmark(str(write(tmp_path / "own.jsonl", *map(json.loads, rows))))
    assert (own.problems, own.refused) == (
        tuple(replace(each, dead="", dead_by_reading=False) for each in known.problems),
        (),
    )


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_a_row_of_multipl_e_is_judged_by_its_answers(executor, image_of, tmp_path):
    image_of("javascript")
    (problem,) = load_benchmark(str(write(tmp_path / "own.jsonl", ROW))).problems
    assert (problem.problem_id, problem.entry_point, problem.stop) == ("own_1_answer", "answer", ("\nfunction ",))
    for value, verdict in (("[7]", "passed"), ("[8]", "wrong_answer")):
        job = job_for(problem, answering("javascript", value), limits=Limits())
        found = judge(executor.run(job))
        assert (found.verdict, found.strength) == (verdict, Strength.ANSWERS)


def test_rows_of_evalplus_become_the_problems_that_the_benchmark_has_with_one_part(public_data, tmp_path):
    (folder,) = {path.parent for path in (public_data / "evalplus").rglob("HumanEvalPlus-Mini.jsonl.gz")}
    with gzip.open(folder / "HumanEvalPlus-Mini.jsonl.gz", "rt") as rows:
        own = load_benchmark(str(write(tmp_path / "own.jsonl", *map(json.loads, rows))))
    known = load_benchmark("humaneval+:mini").problems
    parts = [[json.loads(part) for part in each.calls] for each in known]
    joined = [replace(each, calls=(json.dumps(part[0] + part[1]),)) for each, part in zip(known, parts, strict=True)]
    assert (list(own.problems), own.refused) == (joined, ())


READ = [
    (changed(ASSERTS, code=GONE, test_setup_code=GONE, challenge_test_list=GONE, task_id="a/1"), "add"),
    (
        changed(ASSERTS, text=GONE, test_setup_code=GONE, prompt="Add two.", test_imports=["import math", "import re"]),
        "add",
    ),
    (
        changed(ASSERTS, text=GONE, prompt='def add(a, b):\n\t"""Add."""\n', reference="\treturn a + b\n", code=GONE),
        "add",
    ),
    (changed(ASSERTS, text=GONE, prompt='import math\n\n"""Add."""\n'), "add"),
    (changed(ASSERTS, test_list=["assert twice(add(1, 2)) == 6"], entry_point="add"), "add"),
    (changed(ASSERTS, test_list=["x = add(1, 2)\nassert x == 3"], code=GONE), "add"),
    (changed(ASSERTS, test_list=["assert sum([1]) == 1"], code=GONE), "sum"),
    (changed(ASSERTS, test="for a, b in [(1, 2)]:\n    assert add(a, b) == a + b\n"), "add"),
    (INPUTS, "half"),
    (
        changed(
            INPUTS,
            **dict.fromkeys(("plus_input", "atol", "contract"), GONE),
            prompt='"""Write half(numbers)."""\n',
            canonical_solution="def half(numbers):\n    return [each / 2 for each in numbers]\n",
        ),
        "half",
    ),
    (RECORD, "one"),
    (changed(RECORD, prompt='def one():\n  """Return 1."""\n', canonical_solution="  return 1\n"), "one"),
    (changed(RECORD, prompt="def one():\n"), "one"),
    (changed(RECORD, prompt='"""Write a function one() that returns 1."""\n'), "one"),
    (changed(RECORD, prompt="import math\n# Write one().\n", canonical_solution="def one():\n    return 1\n"), "one"),
]


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_what_people_have_is_read_as_it_is_and_its_references_pass(executor, tmp_path):
    rows = [changed(row, task_id=f"{number}/{row['task_id']}") for number, (row, _) in enumerate(READ)]
    benchmark = load_benchmark(str(write(tmp_path / "own.jsonl", *rows)))
    assert [problem.entry_point for problem in benchmark.problems] == [name for _, name in READ]
    begun = [("\ndef" in problem.stop) for problem in benchmark.problems]
    assert begun == ["def " in problem.prompt for problem in benchmark.problems]
    assert [problem.body_indent for problem in benchmark.problems] == [
        "    ",
        "    ",
        "\t",
        *["    "] * 8,
        "  ",
        *["    "] * 3,
    ]
    references = [problem for problem in benchmark.problems if problem.reference and "twice" not in problem.tests]
    jobs = [job_for(problem, problem.reference_program, limits=Limits()) for problem in references]
    found = [judge(executor.run(job)) for job in jobs]
    assert len(found) == 8
    assert {(each.verdict, each.strength) for each in found} == {(Verdict.PASSED, Strength.REFEREE)}
    report = check_benchmark(load_benchmark(f"{benchmark.name}[2/7,0/a/1]"), executor)
    assert (report.stubs, report.stubs_passed, report.references_passed, report.offenders) == (2, 0, 1, ())
    answer = extract(benchmark.problems[-2], "```python\ndef one():\n    return 1\n```\n", form=PromptForm.CHAT)
    assert judge(executor.run(job_for(benchmark.problems[-2], answer.source, limits=Limits()))).verdict == "passed"


REFUSED = [
    (changed(ASSERTS, text=GONE), "text", "is missing"),
    (changed(ASSERTS, prompt="x"), "prompt", "is there beside 'text'"),
    (changed(ASSERTS, text='a """ b'), "text", "cannot stand in a docstring"),
    (changed(ASSERTS, text="\0"), "text", "holds NUL"),
    (changed(ASSERTS, task_id=GONE), "task_id", "is missing"),
    (changed(ASSERTS, task_id="../x"), "task_id", "reads as the path of a file"),
    (changed(ASSERTS, test_list=[]), "test_list", "expected an assert at least"),
    (changed(ASSERTS, test_list="assert add(1, 2) == 3"), "test_list", "expected a list"),
    (changed(ASSERTS, test_list=["add(1, 2)"]), "test_list[0]", "expected an assert"),
    (changed(ASSERTS, test_list=["assert ("]), "test_list[0]", "is no Python"),
    (changed(ASSERTS, test_list=["assert f(g(1))"], code=GONE), "test_list", "every assert calls f, g: name one"),
    (changed(ASSERTS, test_list=["assert True"]), "test_list", "every assert calls no function"),
    (changed(ASSERTS, entry_point="mul"), "entry_point", "not every assert calls 'mul'"),
    (changed(ASSERTS, test_setup_code="import ("), "test_setup_code", "is no Python"),
    (changed(ASSERTS, test="assert ("), "test", "is no Python"),
    (changed(ASSERTS, difficulty=3), "difficulty", "has no such field"),
    (changed(INPUTS, canonical_solution=GONE), "canonical_solution", "is missing"),
    (changed(INPUTS, canonical_solution=" "), "canonical_solution", "has to be there"),
    (changed(INPUTS, canonical_solution="    return (\n"), "canonical_solution", "is no Python behind the prompt"),
    (
        changed(INPUTS, prompt='"""Half."""\n', canonical_solution="x = 1\n"),
        "canonical_solution",
        "defines no function 'half'",
    ),
    (changed(INPUTS, base_input=[]), "base_input", "expected a list of lists of arguments"),
    (changed(INPUTS, base_input=[1]), "base_input", "expected a list of lists of arguments"),
    (changed(INPUTS, plus_input={"x": 1}), "plus_input", "expected a list of lists of arguments"),
    (changed(INPUTS, atol=-1), "atol", "expected a number from 0 on"),
    (changed(INPUTS, atol="x"), "atol", "expected a number from 0 on"),
    (changed(INPUTS, prompt="Half.\n"), "prompt", "put prose into a docstring"),
    (changed(INPUTS, tests="x"), "tests", "has no such field"),
    (changed(ROW, name="../x"), "name", "reads as the path of a file"),
    (changed(ROW, name=GONE), "name", "is missing"),
    (changed(ROW, language="zig"), "language", "nothing here is 'zig'"),
    (changed(ROW, tests=1), "tests", "expected a string"),
    (changed(ROW, tests="}\n"), "tests", "expected them to say what `candidate` is"),
    (changed(ROW, tests="let candidate = answer;\n"), "tests", "no expected value of own_1_answer can be changed"),
    (changed(ROW, stop_tokens="x"), "stop_tokens", "expected a list"),
    (changed(ROW, stop_tokens=[""]), "stop_tokens", "with something in them"),
    (changed(ROW, prompt="\0"), "prompt", "holds NUL"),
    (changed(ROW, test="x"), "test", "has no such field"),
    (changed(RECORD, test="assert one() == 1\n"), "test", "defines no `check(candidate)`"),
    (
        changed(RECORD, prompt='def two():\n    """Two."""\n'),
        "entry_point",
        "expected the function that the prompt ends",
    ),
    (changed(RECORD, prompt="Write one().\n"), "prompt", "put prose into a docstring"),
]


@pytest.mark.parametrize(("row", "field", "message"), REFUSED)
def test_a_bad_row_is_refused_with_line_and_field_and_no_other_for_it(tmp_path, row, field, message):
    good = changed(ASSERTS, task_id="good")
    benchmark = load_benchmark(str(write(tmp_path / "own.jsonl", row, good)))
    assert [problem.problem_id for problem in benchmark.problems] == ["good"]
    (refused,) = benchmark.refused
    assert refused.reason.startswith(f"own.jsonl:1: field {field!r}: ")
    assert message in refused.reason
    with pytest.raises(BenchmarkDataError, match=r"own.jsonl:1: "):
        load_benchmark(str(write(tmp_path / "own.jsonl", row)))
