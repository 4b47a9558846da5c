"""Calls of one's own, as data: values of JSON in each language, what is equal, what is refused, and who cheats."""

import json
import re
from pathlib import Path

import pytest
from values_of_calls import ANSWERING, ECHO, EQUAL, NEAR, SIGNATURES, TYPED, TYPED_EQUAL, VALUE, WITHOUT

from codecrucible.benchmarks import BenchmarkDataError, Verdict, check_benchmark, job_for, judge, load_benchmark
from codecrucible.benchmarks.sources.calls import WRITERS
from codecrucible.sandbox import Ending, Execution, Limits, ScriptedExecutor, Strength
from codecrucible.sandbox.languages import LANGUAGES

SANDBOX = Path(__file__).parents[1] / "sandbox"
LANGUAGES_HERE = ("python", *WRITERS)


def record(language, pairs=(), *, prompt="", **fields):
    return {
        "problem_id": "own/0",
        "language": language,
        "prompt": prompt or ECHO[language][0],
        "entry_point": "answer",
        "calls": [{"arguments": arguments, "expected": expected} for arguments, expected in pairs],
        **fields,
    }


def read(tmp_path, *records):
    file = tmp_path / "own.jsonl"
    lines = ({**each, "problem_id": f"own/{number}"} for number, each in enumerate(records))
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return load_benchmark(str(file))


def secret_record(language, *expected):
    """Calls of a function that answers a string."""
    prompt, more = "", () if language in SIGNATURES else (2,)
    if language in SIGNATURES:
        types = {
            "cpp": ("long a", "std::string"),
            "rust": ("a: isize", "&'static str"),
            "java": ("long a", "String"),
            "go": ("a int", "string"),
        }
        prompt = SIGNATURES[language].format(*types[language])
    pairs = [([number, *more], each) for number, each in enumerate(expected, start=1)]
    return record(language, pairs, prompt=prompt, tolerance=NEAR)


def strength_of(language):
    return Strength.REFEREE if language == "python" else Strength.ANSWERS


def judged(executor, problems, programs, **limits):
    limits = Limits(**limits)
    futures = [
        executor.submit(job_for(problem, program, limits=limits))
        for problem, program in zip(problems, programs, strict=True)
    ]
    return [judge(future.result()) for future in futures]


def test_each_language_that_calls_are_written_in_is_tested_here_and_has_a_printer():
    assert ECHO.keys() == EQUAL.keys()
    assert TYPED.keys() == TYPED_EQUAL.keys() == SIGNATURES.keys()
    assert ECHO.keys() | TYPED.keys() == set(LANGUAGES_HERE)
    assert all(LANGUAGES[language].printer for language in WRITERS)


@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", ECHO)
def test_values_come_back_as_they_went_and_no_other_passes(executor, image_of, tmp_path, language):
    image_of(language)
    prompt, right, wrong = ECHO[language]
    value = WITHOUT.get(language, VALUE)
    echo = record(language, [([value, 3], [value, 3]), ([value, 4], [value, 4])], reference=right)
    equal = [record(language, [([], each[1])], tolerance=each[2]) for each in EQUAL[language]]
    benchmark = read(tmp_path, echo, echo, *equal)
    programs = [ANSWERING[language].replace("{value}", each[0]) for each in EQUAL[language]]
    found = judged(executor, benchmark.problems, [prompt + right, prompt + wrong, *programs])
    assert [each.verdict for each in found] == [
        Verdict.PASSED,
        Verdict.WRONG_ANSWER,
        *(Verdict.PASSED if each[3] else Verdict.WRONG_ANSWER for each in EQUAL[language]),
    ], [each.detail for each in found]
    assert {each.strength for each in found} == {strength_of(language)}
    told = next(each.detail for each in found[2:] if each.verdict is Verdict.WRONG_ANSWER)
    assert re.search(r"\banswer\(\) answered ", told), told
    report = check_benchmark(load_benchmark(f"{benchmark.name}[own/0]"), executor)
    assert (report.references_passed, report.stubs, report.stubs_passed, report.offenders) == (1, 1, 0, ())


@pytest.mark.docker
@pytest.mark.timeout(60)
def test_any_value_that_a_call_accepts_will_do_and_no_other(executor, tmp_path):
    call = {"arguments": [1, 2], "expected": [1, 2], "accepted": [[2, 1], None, 0.5]}
    row = record("python", tolerance=NEAR, calls=[call])
    answers = {"(1, 2)": True, "[2, 1]": True, "None": True, "0.501": True, "[1]": False, "1": False, "'[1, 2]'": False}
    problems = read(tmp_path, row).problems * len(answers)
    programs = [ANSWERING["python"].replace("{value}", answer) for answer in answers]
    found = judged(executor, problems, programs)
    assert [each.verdict is Verdict.PASSED for each in found] == list(answers.values()), found


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", TYPED)
def test_values_come_back_as_they_went_in_a_language_with_types(executor, image_of, tmp_path, language):
    image_of(language)
    prompt, right, wrong, value = TYPED[language]
    echo = record(language, [([value], value)], prompt=prompt, reference=right)
    rows, programs = [echo, echo], [prompt + right, prompt + wrong]
    for parameter, result, body, argument, expected, _ in TYPED_EQUAL[language]:
        begin = SIGNATURES[language].format(parameter, result)
        rows.append(record(language, [([argument], expected)], prompt=begin, tolerance=NEAR))
        programs.append(f"{begin}{body}\n}}\n")
    benchmark = read(tmp_path, *rows)
    refused = [each for each in TYPED_EQUAL[language] if each[-1] is None]
    assert len(benchmark.refused) == len(refused)
    assert all(re.search("is a Object|has 2 parameters", row.reason) for row in benchmark.refused)
    known = [int(problem.problem_id.partition("/")[2]) for problem in benchmark.problems]
    found = judged(executor, benchmark.problems, [programs[number] for number in known])
    passes = [True, False, *(each[-1] for each in TYPED_EQUAL[language] if each[-1] is not None)]
    assert [each.verdict is Verdict.PASSED for each in found] == passes, found
    assert {each.verdict for each in found} == {Verdict.PASSED, Verdict.WRONG_ANSWER}, found
    assert {each.strength for each in found} == {Strength.ANSWERS}
    if language != "cpp":  # whose compiler is slow
        report = check_benchmark(load_benchmark(f"{benchmark.name}[own/0]"), executor)
        assert (report.references_passed, report.stubs, report.stubs_passed, report.offenders) == (1, 1, 0, ())


@pytest.mark.parametrize("language", WRITERS)
def test_no_expected_value_is_where_the_program_is(tmp_path, language):
    (problem,) = read(tmp_path, secret_record(language, "a secret")).problems
    check = job_for(problem, "PROGRAM", limits=Limits()).check
    source = LANGUAGES[language].printer.source("PROGRAM", check)
    assert "PROGRAM" in source
    assert "secret" not in f"{source}{problem.tests}"
    assert re.search(r"answer\(.*\) == .*a secret", problem.shown_tests)
    assert check.control is None


def test_arguments_may_have_names(executor, image_of, tmp_path):
    call = {"arguments": [1], "keywords": {"b": 2}, "expected": [1, 2]}
    records = [record(language, calls=[call]) for language in ("python", "php")]
    programs = [
        "def answer(a, *, b):\n    return [a, b]\n",
        "<?php\nfunction answer($a, $c = 0, $b = 0) {\n return [$a, $b];\n}\n",
    ]
    image_of("php")
    found = judged(executor, read(tmp_path, *records).problems, programs)
    assert [each.verdict for each in found] == [Verdict.PASSED] * 2


@pytest.mark.docker
@pytest.mark.timeout(120)
def test_where_what_is_expected_cannot_be_printed_nothing_passes_and_the_check_says_so(executor, image_of, tmp_path):
    image_of("cpp")
    begin = SIGNATURES["cpp"].format("long a", "std::optional<long>")
    types = {"arguments": ["long"], "result": "std::optional<nonsense>"}
    benchmark = read(tmp_path, record("cpp", [([1], None)], prompt=begin, types=types, reference="    return {};\n}\n"))
    report = check_benchmark(benchmark, executor)
    assert (report.ok, report.references_passed, report.stubs_passed) == (False, 0, 0)
    (offender,), (row,) = report.offenders, report.dead
    assert (offender.judgement.verdict, offender.judgement.strength) == (Verdict.COMPILE_ERROR, Strength.ANSWERS)
    assert "the expected values are none of the declared types" in offender.judgement.detail
    assert (row.problem_id, "nonsense" in row.cause) == ("own/0", True)


def test_the_check_shows_a_problem_whose_calls_all_expect_the_same(tmp_path):
    rows = [
        record("php", [([1, 2], 3)]),
        record("php", [([1, 2], 3), ([0, 3], 3)]),
        record("php", [([1], 1), ([1], 2)]),
    ]
    wrong = Execution(ending=Ending.ASSERTION, stdout="the stub was reached")
    report = check_benchmark(read(tmp_path, *rows), ScriptedExecutor(lambda _: wrong))
    (offender,) = report.offenders
    assert (offender.problem_id, offender.completion) == ("own/1", "what the last test expects, whatever is asked")
    assert "every call expects 3, so" in offender.judgement.detail
    assert not report.ok


BUILTIN = "def abs(x):\n    return x\n"


def test_a_function_may_be_called_as_what_compares(executor, tmp_path):
    (problem,) = read(
        tmp_path, record("python", [([-3], 3)], prompt="def abs(x):\n", tolerance=NEAR, entry_point="abs")
    ).problems
    programs = [BUILTIN, "def abs(x):\n    return -x\n"]
    assert [each.verdict for each in judged(executor, [problem] * 2, programs)] == ["wrong_answer", "passed"]


CALL = {"arguments": [1, 2], "expected": 3}
TYPES = {"arguments": ["long", "std::vector<long>"], "result": "long"}
CPP = record("cpp", [([1, [2]], 3)], prompt="// answer\n", types=TYPES)
REFUSED = [
    (
        {**CPP, "types": {**TYPES, "result": "std::set<long>"}},
        "calls[0].expected",
        "no value of JSON is a std::set<long>",
    ),
    ({**CPP, "types": {**TYPES, "result": "std::vector<long"}}, "calls[0].expected", "is no type that is understood"),
    (
        {**CPP, "types": {**TYPES, "result": "int"}, "calls": [{"arguments": [1, []], "expected": 1 << 31}]},
        "calls[0].expected",
        "int has no number of this size",
    ),
    ({**CPP, "types": {**TYPES, "result": "bool"}}, "calls[0].expected", "bool is true or false"),
    ({**CPP, "types": {**TYPES, "arguments": ["long"]}}, "calls[0].arguments", "the function has 1 parameters"),
    (
        {**CPP, "types": {**TYPES, "arguments": ["long", "std::map<long, long>"]}},
        "calls[0].arguments[1]",
        "is written as an object",
    ),
    ({**CPP, "types": {"result": "long"}}, "types", "expected an object of 'arguments', a list, and 'result'"),
    ({**CPP, "types": {**TYPES, "arguments": "long"}}, "types.arguments", "expected a list"),
    ({**CPP, "types": {**TYPES, "arguments": [1]}}, "types.arguments[0]", "expected a string"),
    ({name: value for name, value in CPP.items() if name != "types"}, "prompt", "give the types in 'types'"),
    (record("bash", prompt="f() {\n", calls=[CALL]), "calls", "nothing here writes calls in bash yet"),
    (record("perl", [([True, 1], 1)]), "calls[0].arguments[0]", "perl has no truth values"),
    (record("lua", [([1, 2], [1, None])]), "calls[0].expected", "a table of lua holds no null"),
    (record("php", [([1, 2], {"a": [1 << 63]})]), "calls[0].expected", "no exact number of this size"),
    (record("javascript", [([1 << 53, 2], 1)]), "calls[0].arguments[0]", "no exact number of this size"),
    (record("lua", calls=[{**CALL, "keywords": {"a": 1}}]), "calls[0].keywords", "lua has no named arguments"),
    (record("php", calls=[{**CALL, "keywords": {"a b": 1}}]), "calls[0].keywords", "is no name of a parameter"),
    (record("php", [([1, 2], float("nan"))]), "calls[0].expected", "is no number that JSON has"),
    (record("python", [([1, 2], float("inf"))]), "calls[0].expected", "is no number that JSON has"),
    (record("ruby", [([1, "\ud800"], 1)]), "calls[0].arguments", "half of a surrogate pair"),
    (record("php", [([1, 2], json.loads("[" * 60 + "]" * 60))]), "calls[0].expected", "more than 50 levels"),
    (record("php", [([1, 2], 3)], entry_point="f(); g"), "entry_point", "expected a name of a function in php"),
    (record("python", [([1, 2], 3)], entry_point="f(); g"), "entry_point", "expected a name of a function in python"),
    (record("python", [([1, 2], 3)], prompt="Write a function.\n"), "prompt", "put prose into a docstring"),
    (record("php", [([1, 2], 3)], types={"arguments": [], "result": ""}), "types", "php needs none"),
]


@pytest.mark.parametrize(("row", "field", "message"), REFUSED, ids=lambda each: each if isinstance(each, str) else "")
def test_what_cannot_be_written_is_refused_with_line_field_and_what_to_do(tmp_path, row, field, message):
    with pytest.raises(BenchmarkDataError) as told:
        read(tmp_path, row)
    assert str(told.value).startswith(f"own.jsonl:1: field {field!r}: ")
    assert message in str(told.value)


# --- hostile programs ------------------------------------------------------------------------------------------------

SECRETS = (271828, 314159)
PYTHON = (
    "always_equal",
    "list_that_equals_everything",
    "number_that_equals_everything",
    "not_a_number_everywhere",
    "searches_the_heap_for_the_answers",
    "patches_the_player",
    "prints_every_mark_of_success",
)
#: Against what is compared with a tolerance.
VAGUE = {
    "javascript": [
        f"require('fs').writeSync(3, {json.dumps(text)}); process.exit(0);\n"
        for text in ("1 5 1e999\n2 5 1e999\n", "1 3 NaN\n2 3 NaN\n", f"1 60000 {'9' * 60000}\n", '1 2 "\\\n2 2 "\\\n')
    ]
    + ["function answer() { return { valueOf: () => 271828, toJSON: () => 271828 }; }\n"],
}


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", LANGUAGES_HERE)
def test_no_hostile_program_passes(executor, image_of, tmp_path, language):
    image_of(language)
    if language == "python":
        programs = [(SANDBOX / "hostile" / f"{name}.py").read_text() for name in PYTHON]
    else:
        paths = (SANDBOX / "hostile_answers" / language.replace("typescript", "javascript")).iterdir()
        programs = [path.read_text().partition("\n")[2] for path in sorted(paths)] + VAGUE.get(language, [])
        programs = programs[:: 3 if language in ("typescript", "cpp") else 1]  # whose compilers are slow
    programs = [re.sub(r"\b(?:twice|double|task_func)\b", "answer", program) for program in programs]
    if language in SIGNATURES and language != "go":
        programs = [f"{program}\n}}\n" for program in programs]
    row = record(language, [([1], SECRETS[0]), ([2], SECRETS[1])], tolerance=NEAR) if language in ECHO else None
    (problem,) = read(tmp_path, row or secret_record(language, *map(str, SECRETS))).problems
    limits = {"cpu_s": 1.0, "wall_s": 8.0, "output_bytes": 4 << 20}
    found = judged(executor, [problem] * len(programs), programs, **limits)
    assert len(found) > 1
    assert Verdict.PASSED not in {each.verdict for each in found}, found
    assert {each.strength for each in found} == {strength_of(language)}
