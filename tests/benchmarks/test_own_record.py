"""Problems of one's own in every language: what is read, and what is refused with its line and field."""

import json
from pathlib import Path

import pytest

from codecrucible.benchmarks import BenchmarkDataError, PromptForm, extract, form_of, job_for, load_benchmark, raw
from codecrucible.benchmarks.problem import OwnLimits
from codecrucible.benchmarks.sources.calls import WRITERS
from codecrucible.benchmarks.sources.own_record import LIMITS, TOLERANCES
from codecrucible.harness.models.prompts import chat_message
from codecrucible.harness.results.report import _method
from codecrucible.sandbox import CasesCheck, ExitCodeCheck, Limits
from codecrucible.sandbox.languages import LANGUAGES

SCHEMA = json.loads((Path(__file__).parents[2] / "benchmarks" / "sources" / "own_record.schema.json").read_text())
TEST = {
    "problem_id": "own/0",
    "prompt": 'def one():\n    """Return 1."""\n',
    "entry_point": "one",
    "test": "def check(candidate):\n    assert candidate() == 1\n",
}
TESTS = {
    "problem_id": "own/0",
    "language": "javascript",
    "prompt": "function one() {\n",
    "entry_point": "one",
    "tests": "}\nconst assert = require('assert');\nlet candidate = one;\nassert.deepEqual(candidate(),1);\n",
}
CASES = {
    "problem_id": "own/0",
    "language": "java",
    "prompt": "Print the input.",
    "cases": [{"stdin": "1\n", "expected": "1\n"}, {"stdin": "", "expected": ""}],
}
CALLS = {
    "problem_id": "own/0",
    "language": "php",
    "prompt": "<?php\nfunction one($x) {\n",
    "entry_point": "one",
    "calls": [{"arguments": [None], "expected": 1}],
}
GONE = object()


def changed(record, **fields):
    return {name: value for name, value in (record | fields).items() if value is not GONE}


def read(tmp_path, *records):
    file = tmp_path / "own.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return load_benchmark(str(file)).problems


#: Of set-up files: other folders, what a language takes for a source, what a shell or an engine might.
HOSTILE_NAMES = [
    "../a.txt",
    "/a.txt",
    "a/b.txt",
    ".txt",
    "main.js",
    "os.py",
    "main",
    "-r.txt",
    "é.txt",
    "a.b.txt",
]

VALID = [
    TEST,
    changed(TEST, groups={"topic": "dates", "how hard": "é, very"}),
    changed(CASES, groups={}),
    changed(TEST, problem_id=GONE, task_id="own/0", canonical_solution="    return 1\n", limits={}),
    changed(TEST, language="python", reference="    return 1\n", stop=[], limits={"cpu_s": 60, "wall_s": 180}),
    TESTS,
    changed(TESTS, expected=["7"], tests="}\nif (one() !== 7) process.exit(1);\n", stop=["\n}"]),
    changed(
        TESTS, expected=[{"literal": "7", "occurrence": 1}, {"pattern": "!== {}"}], tests="}\nif (one() !== 7) f();\n"
    ),
    changed(TESTS, language=GONE, prompt="def one():\n", tests="assert one() == 1\n"),
    changed(TESTS, tests=GONE, test=TESTS["tests"]),
    CASES,
    changed(CASES, language=GONE, reference="print(input())\n", limits={"memory_bytes": 16 << 20, "cpu_s": 0.1}),
    changed(CASES, cases=[{"stdin": "\0", "expected": "x"}] * 1000),
    changed(CASES, cases=[{"stdin": "", "expected": ["1", "2"]}], files={"words.txt": "", "a-b.json": "{}"}),
    changed(TESTS, files={"rows.csv": "1,2\n"}),
    CALLS,
    changed(CALLS, language=GONE, prompt='"""Write one(x)."""\n', tolerance={"relative": 0.5}, stop=["x"], limits={}),
    changed(CALLS, language=GONE, prompt="", calls=[{"arguments": [1], "expected": [1], "accepted": [[2], None]}]),
    changed(CALLS, calls=[{"arguments": [], "keywords": {"x": 1}, "expected": [{"\0": "\0"}]}] * 1000),
]

# What a schema can say, with the field that the reader names.
INVALID = [
    (changed(TEST, groups=["dates"]), "groups"),
    (changed(CALLS, groups={f"kind {number}": "x" for number in range(21)}), "groups"),
    (changed(CASES, groups={"language": "java"}), "groups.language"),
    (changed(TESTS, groups={"a=b": "x"}), "groups.a=b"),
    (changed(TESTS, groups={"topic": ""}), "groups.topic"),
    (changed(TESTS, groups={"topic": 1}), "groups.topic"),
    (changed(TEST, task_id="own/1"), "task_id"),
    (changed(TESTS, problem_id=GONE), "problem_id"),
    (changed(TESTS, problem_id=7), "problem_id"),
    (changed(TESTS, problem_id="x" * 201), "problem_id"),
    (changed(TESTS, prompt=GONE), "prompt"),
    (changed(TESTS, prompt="\0"), "prompt"),
    (changed(TESTS, prompt=["x"]), "prompt"),
    (changed(TESTS, entry_point=GONE), "entry_point"),
    (changed(TESTS, language="cobol"), "language"),
    (changed(TESTS, language=None), "language"),
    (changed(TESTS, cases=CASES["cases"]), "cases"),
    (changed(TESTS, test=TEST["test"]), "tests"),
    (changed(TEST, language="cpp", tests="x"), "tests"),
    (changed(TEST, expected=["1"]), "expected"),
    (changed(TESTS, setup=""), "setup"),
    (changed(TESTS, expected=[]), "expected"),
    (changed(TESTS, expected=[1]), "expected[0]"),
    (changed(TESTS, expected="1"), "expected"),
    (changed(TESTS, reference="", canonical_solution=""), "canonical_solution"),
    (changed(TESTS, reference=1), "reference"),
    (changed(TESTS, stop="x"), "stop"),
    (changed(TESTS, stop=[""]), "stop[0]"),
    (changed(TESTS, stop=["x"] * 17), "stop"),
    (changed(TESTS, limits=[]), "limits"),
    (changed(TESTS, limits={"cpu": 1}), "limits"),
    (changed(TESTS, limits={"cpu_s": 61}), "limits.cpu_s"),
    (changed(TESTS, limits={"cpu_s": 0}), "limits.cpu_s"),
    (changed(TESTS, limits={"cpu_s": True}), "limits.cpu_s"),
    (changed(TESTS, limits={"wall_s": 181}), "limits.wall_s"),
    (changed(TESTS, limits={"memory_bytes": 1 << 40}), "limits.memory_bytes"),
    (changed(TESTS, limits={"memory_bytes": 2e7 + 0.5}), "limits.memory_bytes"),
    (changed(TESTS, expected=[{}]), "expected[0]"),
    (changed(TESTS, expected=[{"literal": "1"}]), "expected[0]"),
    (changed(TESTS, expected=[{"literal": "1", "offset": 1, "occurrence": 1}]), "expected[0]"),
    (changed(TESTS, expected=[{"literal": "1", "occurrence": 0}]), "expected[0].occurrence"),
    (changed(TESTS, expected=[{"literal": "1", "offset": -1}]), "expected[0].offset"),
    (changed(TESTS, expected=[{"literal": 1, "offset": 1}]), "expected[0].literal"),
    (changed(TESTS, expected=[{"pattern": 1}]), "expected[0].pattern"),
    (changed(CASES, entry_point="f"), "entry_point"),
    (changed(CASES, cases=[]), "cases"),
    (changed(CASES, cases={}), "cases"),
    (changed(CASES, cases=CASES["cases"] * 501), "cases"),
    (changed(CASES, cases=["x"]), "cases[0]"),
    (changed(CASES, cases=[{"stdin": ""}]), "cases[0]"),
    (changed(CASES, cases=[{"stdin": "", "expected": "", "x": ""}]), "cases[0]"),
    (changed(CASES, cases=[{"stdin": "", "expected": 1}]), "cases[0].expected"),
    (changed(CASES, cases=[{"stdin": "", "expected": []}]), "cases[0].expected"),
    (changed(CASES, cases=[{"stdin": "", "expected": ["1", 2]}]), "cases[0].expected[1]"),
    (changed(CASES, files=["a.txt"]), "files"),
    (changed(CASES, files={"a.txt": 1}), "files.a.txt"),
    (changed(CASES, files={f"{number}.txt": "" for number in range(21)}), "files"),
    *((changed(CASES, files={name: ""}), f"files.{name}") for name in HOSTILE_NAMES),
    (changed(TEST, files={}), "files"),
    (changed(CALLS, entry_point=GONE), "entry_point"),
    (changed(CALLS, tests="x"), "calls"),
    (changed(CALLS, calls=[]), "calls"),
    (changed(CALLS, calls=CALLS["calls"] * 1001), "calls"),
    (changed(CALLS, calls=[[1, 2]]), "calls[0]"),
    (changed(CALLS, calls=[{"arguments": [1]}]), "calls[0]"),
    (changed(CALLS, calls=[{"arguments": [1], "expected": 1, "x": 1}]), "calls[0]"),
    (changed(CALLS, calls=[{"arguments": 1, "expected": 1}]), "calls[0].arguments"),
    (changed(CALLS, calls=[{"arguments": [], "keywords": [], "expected": 1}]), "calls[0].keywords"),
    (changed(CALLS, calls=[{"arguments": [], "expected": 1, "accepted": 2}]), "calls[0].accepted"),
    (changed(CALLS, language="bash"), "calls"),
    (changed(CALLS, tolerance=0.1), "tolerance"),
    (changed(CALLS, tolerance={"x": 1}), "tolerance"),
    (changed(CALLS, tolerance={"absolute": -1}), "tolerance.absolute"),
    (changed(CALLS, tolerance={"relative": 0.6}), "tolerance.relative"),
    (changed(CALLS, tolerance={"relative": True}), "tolerance.relative"),
    (changed(TESTS, tolerance={}), "tolerance"),
]

# What it cannot say.
BEYOND = [
    (changed(CASES, problem_id="../x"), "problem_id", "reads as the path of a file"),
    (changed(TESTS, expected=["7"]), "expected[0]", "is 0 times in 'tests'"),
    (changed(TESTS, expected=["one"]), "expected[0]", "expected the text of a number"),
    (changed(TESTS, expected=["1"], tests="11"), "expected[0]", "is 2 times in 'tests'"),
    (changed(TESTS, expected=[{"literal": "1", "occurrence": 3}], tests="1 1"), "expected[0].occurrence", "is 2 times"),
    (
        changed(TESTS, expected=[{"literal": "1", "offset": 1}], tests="1 1"),
        "expected[0].offset",
        "no '1' at character",
    ),
    (changed(TESTS, expected=[{"pattern": "v {}"}], tests="v 1 v 2"), "expected[0].pattern", "is 2 times"),
    (
        changed(TESTS, expected=[{"pattern": "v\\{}"}], tests='v\\"' * 999),
        "expected[0].pattern",
        "at more than 100",
    ),
    (changed(TESTS, expected=[{"pattern": "{}{}"}]), "expected[0].pattern", "with {} once"),
    (changed(TESTS, tests="if (one() !== 1) process.exit(1);"), "tests", "negative control"),
    (changed(TESTS, language="cpp", tests="assert(1)"), "tests", "should have `int main() {` in them"),
    (changed(TESTS, language="python", tests="assert ("), "tests", "is no python"),
    (changed(TESTS, language="python", tests="(" * 50_000), "tests", "is no python"),
    (changed(TESTS, limits={"cpu_s": 9, "wall_s": 8}), "limits.wall_s", "is less than cpu_s"),
    (changed(TESTS, limits={"cpu_s": float("nan")}), "limits.cpu_s", "expected a number"),
    (changed(CASES, cases=[{"stdin": "x", "expected": " \n"}]), "cases", "a program that prints nothing would pass"),
    (changed(CASES, cases=[{"stdin": "\ud800", "expected": "x"}]), "cases[0].stdin", "half of a surrogate pair"),
    (
        changed(CASES, cases=[{"stdin": "", "expected": ["x", " "]}]),
        "cases",
        "a program that prints nothing would pass",
    ),
    (changed(CASES, files={"a.txt\n": ""}), "files.a.txt\n", "expected letters, digits, _ and -"),
    (changed(CASES, files={"a.txt": "é" * (1 << 19), "b.txt": "x"}), "files", "at most 1048576 bytes together"),
    (
        changed(CALLS, calls=[{"arguments": [1], "expected": 1, "accepted": [2]}]),
        "calls[0].accepted",
        "one answer alone",
    ),
    (changed(CALLS, language="python", prompt="", files={"a.txt": "x"}), "files", "give 'tests' or 'cases'"),
    (changed(TEST, prompt="def two():\n"), "entry_point", "expected the function that the prompt ends with"),
]


@pytest.mark.parametrize("record", VALID)
def test_what_the_schema_takes_is_read(tmp_path, record):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    (problem,) = read(tmp_path, record)
    assert problem.problem_id == "own/0"


@pytest.mark.parametrize(("record", "field"), INVALID)
def test_what_the_schema_refuses_is_refused_with_line_and_field(tmp_path, record, field):
    jsonschema = pytest.importorskip("jsonschema")
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(record)
    (problem,) = read(tmp_path, {**CALLS, "problem_id": "own/first"}, record)
    (row,) = load_benchmark(str(tmp_path / "own.jsonl")).refused
    assert (problem.problem_id, row.place) == ("own/first", "own.jsonl:2")
    assert row.reason.startswith(f"own.jsonl:2: field {field!r}: ")


@pytest.mark.parametrize(("record", "field", "message"), BEYOND)
def test_what_no_schema_can_say_is_refused_with_line_and_field(tmp_path, record, field, message):
    with pytest.raises(BenchmarkDataError) as told:
        read(tmp_path, record)
    assert str(told.value).startswith(f"own.jsonl:1: field {field!r}: ")
    assert message in str(told.value)


def test_the_schema_knows_every_language_and_the_limits_of_the_reader():
    assert SCHEMA["properties"]["language"]["enum"] == list(LANGUAGES)
    limits = SCHEMA["properties"]["limits"]["properties"]
    assert {name: (each["minimum"], each["maximum"]) for name, each in limits.items()} == LIMITS
    assert SCHEMA["$defs"]["with_calls"]["properties"]["language"]["enum"] == ["python", *WRITERS]
    tolerances = SCHEMA["properties"]["tolerance"]["properties"]
    assert {name: each["maximum"] for name, each in tolerances.items()} == TOLERANCES


def test_an_id_that_is_there_twice_is_refused(tmp_path):
    (problem,) = read(tmp_path, TESTS, CASES)
    (row,) = load_benchmark(str(tmp_path / "own.jsonl")).refused
    assert problem.language == "javascript"
    assert (row.problem_id, row.reason) == ("own/0", "own.jsonl:2: field 'problem_id': 'own/0' is there twice")


def test_each_kind_has_its_check_and_its_own_limits(tmp_path):
    limits = {"cpu_s": 9.0, "memory_bytes": 64 << 20}
    kinds = [changed(record, problem_id=f"own/{i}", limits=limits) for i, record in enumerate([TESTS, CASES])]
    tests, cases = (job_for(problem, "x", limits=Limits()) for problem in read(tmp_path, *kinds))
    assert isinstance(tests.check, ExitCodeCheck)
    assert [change.of(tests.check.tests)[-15:] for change in tests.check.changes] == ["candidate(),2);\n"[-15:]]
    assert isinstance(cases.check, CasesCheck)
    assert (cases.limits.cpu_s, cases.limits.wall_s, cases.limits.memory_bytes) == (9.0, 27.0, 64 << 20)
    assert OwnLimits().within(Limits(cpu_s=10.0, wall_s=15.0)) == Limits(cpu_s=10.0, wall_s=15.0)


def test_a_literal_that_is_named_is_the_one_that_is_changed(tmp_path):
    tests = "}\nif (one() !== -41) process.exit(1);\n"
    (problem,) = read(tmp_path, changed(TESTS, expected=["-41"], tests=tests))
    assert [change.of(problem.tests) for change in problem.changes] == [tests.replace("-41", "-14")]
    tests += "if (one(1) !== 305) process.exit(1);\n"
    (problem,) = read(tmp_path, changed(TESTS, expected=["-41", "305"], tests=tests))
    changed_tests = [change.of(problem.tests) for change in problem.changes]
    assert changed_tests == [
        tests.replace(*each) for each in (("-41", "-14"), ("-41", "-305"), ("305", "350"), ("305", "41"))
    ]


@pytest.mark.parametrize(
    ("item", "place"),
    [
        ({"literal": "8", "occurrence": 1}, 2),
        ({"literal": "8", "occurrence": 3}, 15),
        ({"literal": "8", "offset": 10}, 10),
        ({"literal": "-8", "offset": 24}, 25),
        ({"pattern": "v = {};"}, 10),
        ({"pattern": "v2 = {}"}, 25),
    ],
)
def test_a_literal_that_is_there_more_than_once_is_named_by_its_place(tmp_path, item, place):
    (problem,) = read(tmp_path, changed(TESTS, expected=[item], tests="x(8); v = 8; y(8); v2 = -8;"))
    assert [(change.start, change.end) for change in problem.changes] == [(place, place + 1)]


PROGRAM = "public class Main {\n    public static void main(String[] args) {}\n}\n"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (PROGRAM, PROGRAM),
        (f"Sure!\n\n```java\n{PROGRAM}```\nRun it:\n```sh\njava Main < in.txt && {'x' * 200}\n```\n", PROGRAM),
        (f"```\n1 2\n```\n```Java\n{PROGRAM}```\n```java\nint x;\n```\n", PROGRAM),
        (f"```\n{PROGRAM}```\nprints\n```text\n{'1' * 500}\n```\n", PROGRAM),
        (f"<think>\n```java\n{PROGRAM * 2}```\n</think>\n```java\n{PROGRAM}", PROGRAM),
        ("```java\n```\n", ""),
    ],
)
def test_a_whole_program_is_taken_from_an_answer(tmp_path, answer, code):
    (problem,) = read(tmp_path, CASES)
    program = extract(problem, answer, form=PromptForm.CHAT)
    assert (program.source, program.prompt_lines, program.empty) == (code, 0, not code)


def test_a_completion_of_elsewhere_is_a_program_or_an_answer_that_holds_one(tmp_path):
    (problem,) = read(tmp_path, CASES)
    assert form_of(problem, PROGRAM) is PromptForm.COMPLETION
    assert form_of(problem, f"Sure!\n```java\n{PROGRAM}```\n") is PromptForm.CHAT


def test_the_prompt_is_no_part_of_a_whole_program(tmp_path):
    (problem,) = read(tmp_path, changed(CASES, reference=PROGRAM))
    assert extract(problem, PROGRAM, form=PromptForm.COMPLETION).source == PROGRAM == problem.reference_program
    assert raw(problem, PROGRAM).source == PROGRAM


def test_a_model_is_asked_for_a_whole_program():
    told = chat_message("Print the input.\n", "java", whole=True)
    assert told.startswith("Write a Java program that does the following. It reads from standard input")
    assert "whole program, a class called Main, in one ```java code block.\n\nPrint the input." in told
    assert "program in one ```python" in chat_message("x", "python", whole=True)


def test_a_file_may_mix_languages(tmp_path):
    read(tmp_path, changed(TESTS, problem_id="own/1"), CASES)
    benchmark = load_benchmark(str(tmp_path / "own.jsonl"))
    assert benchmark.without_referee == {"java", "javascript"}
    assert [part.partition(":")[0] for part in _method(benchmark).split("; ") if ": " in part] == ["java", "javascript"]
