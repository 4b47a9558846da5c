"""Files in formats that others publish become benchmarks of one's own, row by row, or are left out with the reason."""

import gzip
import hashlib
import json
from collections import Counter

import pytest
from published_rows import APPS, CODECONTESTS, HUMANEVAL_X, KEPT, LANGUAGES, mxeval_row

from codecrucible.benchmarks import (
    CONVERTED,
    BenchmarkDataError,
    PromptForm,
    Verdict,
    check_benchmark,
    converted,
    extract,
    job_for,
    judge,
    load_own,
)
from codecrucible.benchmarks.sources.conversion.literal import NoLiteral, literal_of
from codecrucible.harness.cli.parser_setup import IMPORTED
from codecrucible.sandbox import Limits, Strength

#: Those whose images every run of the suite builds.
BUILT = ("python", "javascript", "typescript", "php", "perl", "cpp")


def convert(format_, *rows, **options):
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return converted(data, format_, where="rows.jsonl", **options)


def records(conversion):
    return [json.loads(line) for line in conversion.lines]


def loaded(tmp_path, *conversions):
    file = tmp_path / "own.jsonl"
    file.write_text("".join(f"{line}\n" for conversion in conversions for line in conversion.lines))
    return load_own(file)


def test_the_command_names_every_format():
    assert IMPORTED == CONVERTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_mxeval_becomes_calls_in_each_language(language):
    conversion = convert("mxeval", mxeval_row(language))
    (record,) = records(conversion)
    if language == "python":
        assert (conversion.strengths, "test" in record) == ({Strength.REFEREE: 1}, True)
        return
    assert conversion.strengths == {Strength.ANSWERS: 1}
    assert record["calls"] == [{"arguments": [numbers, least], "expected": kept} for numbers, least, kept in KEPT]


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "python"])
def test_tests_with_more_than_literals_keep_their_source_and_say_what_kept_them(language):
    conversion = convert("mxeval", mxeval_row(language, computed=True))
    (record,) = records(conversion)
    assert conversion.strengths == {Strength.CONTROL: 1}
    places = [record["tests"][each["offset"] :][: len(each["literal"])] for each in record["expected"]]
    assert places == [each["literal"] for each in record["expected"]] == ["2", "7"]
    (kept,) = conversion.under_control
    assert (kept.place, kept.problem_id) == ("rows.jsonl:1", f"KEPT_{language}/1")
    assert "+ 0" in kept.reason


def test_rows_of_humaneval_x_become_calls_or_are_run_by_the_referee():
    conversion = convert("humaneval-x", *HUMANEVAL_X.values())
    assert conversion.strengths == {Strength.REFEREE: 1, Strength.ANSWERS: 2}
    even = records(conversion)[2]
    assert [(call["arguments"], call["expected"]) for call in even["calls"]] == [
        ([[2, 4]], True),
        ([[]], True),
        ([[1]], False),
    ]


def test_most_of_the_published_rows_of_its_form_become_calls(public_data):
    found = {}
    for suffix in ("python", "js", "cpp", "go", "java", "rust"):
        data = (public_data / "humanevalpack" / f"humanevalpack-{suffix}.jsonl.gz").read_bytes()
        conversion = converted(data, "humaneval-x", where=suffix)
        found[suffix] = ({str(key): count for key, count in conversion.strengths.items()}, len(conversion.dropped))
    assert found == {
        "python": ({"referee": 164}, 0),
        "js": ({"answers": 140, "control": 20}, 4),
        "cpp": ({"answers": 135, "control": 21}, 8),
        "go": ({"answers": 134, "control": 28}, 2),
        "java": ({"control": 141}, 23),
        "rust": ({"control": 156}, 8),
    }


def test_a_problem_of_apps_is_a_program_or_a_function():
    program, function = records(convert("apps", *APPS))
    assert program["cases"] == [{"stdin": "1 2\n", "expected": "3\n"}, {"stdin": "3 4\n", "expected": "7\n"}]
    assert program["reference"].startswith("a, b =")  # the first that compiles
    assert function["calls"] == [{"arguments": [[1, 2]], "expected": [2, 4]}, {"arguments": [[]], "expected": []}]
    assert "def twice(numbers: List[int]) -> List[int]:" in function["prompt"]


@pytest.mark.parametrize(("language", "begins"), [("python", "print("), ("cpp", "#include"), ("java", "")])
def test_a_problem_of_codecontests_has_all_its_tests_and_a_solution_in_the_language(language, begins):
    (record,) = records(convert("codecontests", CODECONTESTS, language=language))
    assert record["problem_id"] == "CodeContests/900_A._Sum_of_two"
    assert [case["expected"] for case in record["cases"]] == ["3\n", "7\n"]
    assert record["limits"] == {"cpu_s": 1.5, "memory_bytes": 512 << 20}
    assert record.get("reference", "").startswith(begins)


def test_lines_of_formats_that_are_read_as_they_are_stay_as_they_are():
    row = {"task_id": "own/1", "prompt": "def one():\n", "entry_point": "one", "canonical_solution": "    return 1\n"}
    row |= {"base_input": [[]], "plus_input": [], "atol": 0}
    assert records(convert("evalplus", row)) == [row]
    with pytest.raises(BenchmarkDataError, match="field 'stop_tokens': is missing"):
        convert("multipl-e", row)


@pytest.mark.parametrize(
    ("format_", "row", "reason"),
    [
        ("mxeval", [1], "expected a JSON object, found list"),
        ("mxeval", mxeval_row("php") | {"language": "kotlin"}, "field 'language': tests of mxeval in 'kotlin'"),
        ("mxeval", mxeval_row("php") | {"language": None}, "field 'language': expected a string, found NoneType"),
        ("mxeval", mxeval_row("php") | {"task_id": "../x"}, "field 'problem_id': '../x' reads as the path of a file"),
        ("mxeval", mxeval_row("php") | {"test": "$v0 = f();"}, "no expected value that could be changed"),
        ("mxeval", mxeval_row("perl") | {"prompt": "\ud800"}, "half of a surrogate pair"),
        ("mxeval", mxeval_row("python"), "the id 'KEPT_python/1' is there twice"),
        ("humaneval-x", HUMANEVAL_X["CPP"] | {"task_id": "Cobol/1"}, "field 'task_id': 'cobol' is no language"),
        ("apps", APPS[0] | {"id": None}, "field 'id': expected a number or a string"),
        ("apps", APPS[0] | {"input_output": "{"}, "field 'input_output': expected JSON"),
        ("apps", APPS[0] | {"input_output": {"inputs": [1], "outputs": ["1"]}}, "inputs has a int where a string"),
        ("apps", APPS[0] | {"input_output": {"inputs": ["1"], "outputs": []}}, "has 1 inputs and 0 outputs"),
        (
            "apps",
            APPS[0] | {"input_output": {"inputs": ["1"] * 1001, "outputs": ["1"] * 1001}},
            "field 'cases': expected a list of 1 to 1000",
        ),
        (
            "codecontests",
            CODECONTESTS | {"input_file": "a.in"},
            "field 'input_file': its program reads or writes a file",
        ),
        ("codecontests", CODECONTESTS | {"public_tests": {"input": [1]}}, "field 'public_tests': expected an object"),
    ],
)
def test_a_row_that_becomes_no_problem_is_left_out_with_its_line_and_the_reason(format_, row, reason):
    good = {"mxeval": mxeval_row("python"), "humaneval-x": HUMANEVAL_X["Python"], "apps": APPS[0]}
    good = {"id": 1} | good.get(format_, CODECONTESTS)
    (dropped,) = convert(format_, good, row).dropped
    assert dropped.place == "rows.jsonl:2"
    assert reason in dropped.reason


def test_a_file_of_which_no_row_becomes_a_problem_is_refused_with_the_first_reason():
    with pytest.raises(BenchmarkDataError, match=r"none of 1 rows .*; the first: rows.jsonl:1: field 'question'"):
        convert("apps", {"id": 1})
    packed = gzip.compress(json.dumps(mxeval_row("php")).encode())
    assert converted(packed, "mxeval", where="x").sha256 == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    ("language", "source", "value"),
    [
        ("javascript", "[1, -2.5e3, {a: 'it\\'s', \"b\": null}, []]", [1, -2500.0, {"a": "it's", "b": None}, []]),
        ("php", "['a' => [true], \"b\\n\" => array(1)]", {"a": [True], "b\n": [1]}),
        ("perl", "[{'a' => undef}, 'x\\n']", [{"a": None}, "x\\n"]),
        ("ruby", '[nil, {"a" => 1}]', [None, {"a": 1}]),
        ("cpp", 'tuple<int, string>(1, string("a\\"b"))', [1, 'a"b']),
        ("java", "new ArrayList<Integer>(Arrays.asList(1, 2L))", [1, 2]),
        ("go", 'map[string][]int{"a": []int{1}}', {"a": [1]}),
    ],
)
def test_literals_are_read_in_each_language(language, source, value):
    assert literal_of(source, language, {}) == value


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("javascript", "1 + 1"),
        ("javascript", "undefined"),
        ("javascript", "{1, 2}"),
        ("javascript", "[" * 10_000),
        ("javascript", "'open"),
        ("php", '"$x"'),
        ("perl", '"@x"'),
        ("ruby", '"#{1}"'),
        ("ruby", "{1 => 2}"),
        ("cpp", "vector<int>(3)"),
        ("cpp", "010"),
        ("go", "[2]int{1, 2}"),
        ("php", "['a' => 1, 'a' => 2]"),
        ("php", "[1, 'a' => 2]"),
    ],
)
def test_what_is_no_literal_is_no_value(language, source):
    with pytest.raises(NoLiteral):
        literal_of(source, language, {})


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        " " * 999_999 + "x",
        "var x0 = kept(" + "1" * 999_999 + "x);",
        "var v0 = " + " " * 999_999 + "x",
        "assert (even(" * 99_999,
        "[" * 999_999,
        "\\" * 999_999,
        "'" + "\\'" * 499_999,
    ],
)
def test_hostile_tests_are_read_in_no_time(text):
    rows = [mxeval_row(language) | {"test": text} for language in ("javascript", "cpp", "php")]
    with pytest.raises(BenchmarkDataError, match="none of 3 rows"):
        convert("mxeval", *rows)
    hostile = [HUMANEVAL_X["CPP"] | {field: text} for field in ("test", "prompt", "declaration")]
    hostile.append(HUMANEVAL_X["CPP"] | {"task_id": "Java/1", "test": text})
    convert("humaneval-x", HUMANEVAL_X["Python"], *hostile)


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(240)
def test_solutions_of_converted_rows_pass_on_the_engine_in_six_languages(languages, tmp_path):
    control = [mxeval_row(language, computed=True) | {"task_id": f"control/{language}"} for language in ("php", "perl")]
    problems = loaded(
        tmp_path,
        convert("mxeval", *map(mxeval_row, BUILT), *control),
        convert("humaneval-x", HUMANEVAL_X["Python"], HUMANEVAL_X["JavaScript"]),
        convert("apps", *APPS),
        convert("codecontests", CODECONTESTS),
    ).problems
    programs = [extract(problem, problem.reference, form=PromptForm.COMPLETION).source for problem in problems]
    futures = [
        languages.submit(job_for(problem, program, limits=Limits(cpu_s=10.0, wall_s=60.0)))
        for problem, program in zip(problems, programs, strict=True)
    ]
    judgements = [judge(future.result()) for future in futures]
    assert {each.verdict for each in judgements} == {Verdict.PASSED}, judgements
    assert Counter(each.strength for each in judgements) == {
        Strength.ANSWERS: 6,
        Strength.REFEREE: 3,
        Strength.CONTROL: 2,
        Strength.CASES: 2,
    }


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_converted_rows_pass_their_check_in_each_language_whose_image_is_there(languages, image_of, tmp_path, language):
    image_of(language)
    rows = [mxeval_row(language)]
    if language != "python":
        rows.append(mxeval_row(language, computed=True) | {"task_id": "control/1"})
    report = check_benchmark(loaded(tmp_path, convert("mxeval", *rows)), languages)
    assert report.ok, report.offenders
    assert (report.references_passed, report.stubs_passed) == (len(rows), 0)
