import gzip
import hashlib
import json

import pytest

from codecrucible.benchmarks import BenchmarkDataError
from codecrucible.benchmarks.sources.problem_file import load_problem_file, read_problems

RECORD = {
    "task_id": "t/0",
    "prompt": 'def one():\n    """Return 1."""\n',
    "entry_point": "one",
    "canonical_solution": "    return 1\n",
    "test": "def check(candidate):\n    assert candidate() == 1\n",
}


def lines(*records):
    return "\n".join(json.dumps(record) for record in records).encode()


def load(file, *, sha256):
    return load_problem_file(
        file, name="mine", title="Mine", source="mine 1", revision="1", sha256=sha256, licence="MIT", stop=("\nX",)
    )


def test_a_record_becomes_a_problem():
    (problem,) = read_problems(lines(RECORD), where="f", stop=("\nX",))

    assert problem.problem_id == "t/0"
    assert problem.prompt + problem.reference == 'def one():\n    """Return 1."""\n    return 1\n'
    assert problem.tests == "def check(candidate):\n    assert candidate() == 1\n\ncheck(one)\n"
    assert (problem.entry_point, problem.language, problem.stop) == ("one", "python", ("\nX",))


@pytest.mark.parametrize(
    ("prompt", "indent"),
    [
        ('def one():\n    """Return 1."""\n', "    "),
        ("def one():\n", "    "),
        ("def one():\n  # only a comment\n", "    "),
        ('def one():\n  """Return 1."""\n', "  "),
        ('def one():\n\t"""Return 1.\n\t\t>>> one()\n\t\t1\n\t"""\n', "\t"),
        ('def one():\n   x = 1\n   """\n        Example:\n     >>> one()\n   """\n', "   "),
        ("def zero():\n    return 0\n\ndef one():\n \t'Return 1.'\n", " \t"),
    ],
)
def test_a_prompt_is_gone_on_with_in_its_own_indentation(prompt, indent):
    (problem,) = read_problems(lines({**RECORD, "prompt": prompt}), where="f", stop=())
    assert problem.body_indent == indent
    for program in (problem.setup, problem.prompt + problem.stub):
        compile(program, "program", "exec")
    namespace = {}
    exec(problem.setup, namespace)  # noqa: S102 - a few lines of our own
    assert namespace["one"]() is None


def test_a_line_that_is_no_problem_is_refused_and_the_others_are_read():
    bad = [
        {**RECORD, "task_id": "t/1", "prompt": "def one(:\n"},
        {**RECORD, "extra": 1},
        {"task_id": "../x"},
        [],
        RECORD,
    ]
    refused = []
    data = lines(RECORD, *bad) + b"\n{oops\n" + lines({**RECORD, "task_id": "t/9"})
    problems = read_problems(data, where="f", stop=(), refuse=refused.append)
    assert [problem.problem_id for problem in problems] == ["t/0", "t/9"]
    assert [(row.place, row.problem_id) for row in refused] == [
        ("f:2", "t/1"), ("f:3", "t/0"), ("f:4", ""), ("f:5", ""), ("f:6", "t/0"), ("f:7", ""),
    ]  # fmt: skip
    assert all(row.reason.startswith(f"{row.place}: ") for row in refused)
    assert refused[4].reason == "f:6: field 'task_id': 't/0' is there twice"


def test_a_file_of_which_every_line_is_refused_is_refused_with_the_first():
    with pytest.raises(BenchmarkDataError, match=r"^f:1: field 'prompt': does not compile"):
        read_problems(lines({**RECORD, "prompt": "def one(:\n"}, []), where="f", stop=(), refuse=lambda _: None)


def test_gzipped_and_plain_files_hold_the_same_problems():
    plain = lines(RECORD, {**RECORD, "task_id": "t/1"})

    assert read_problems(gzip.compress(plain), where="f", stop=()) == read_problems(plain, where="f", stop=())


def test_blank_lines_are_skipped_and_counted():
    with pytest.raises(BenchmarkDataError, match=r"^f:4: expected a JSON object"):
        read_problems(b"\n" + lines(RECORD) + b"\n  \n{oops\n", where="f", stop=())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prompt": 3}, "f:2: field 'prompt': expected a string, found int"),
        ({"test": None}, "f:2: field 'test': expected a string, found NoneType"),
        ({"canonical_solution": "a\0"}, "f:2: field 'canonical_solution': holds NUL"),
        ({"extra": ""}, "f:2: unknown field 'extra'"),
        ({"task_id": "t/0"}, "f:2: field 'task_id': 't/0' is there twice"),
        ({"prompt": "def one(:\n"}, "f:2: field 'prompt': does not compile with a body"),
        ({"prompt": "def one():\n  'two'\n\t'a tab'\n"}, "f:2: field 'prompt': does not compile with a body"),
        ({"prompt": "\ud800"}, "f:2: field 'prompt': does not compile with a body"),
        (
            {"entry_point": "two"},
            "f:2: field 'entry_point': expected the function that the prompt ends with, found 'two'",
        ),
        ({"prompt": "if True:\n"}, "f:2: field 'entry_point': expected the function"),
    ],
)
def test_a_bad_record_is_named_with_file_line_and_field(change, message):
    with pytest.raises(BenchmarkDataError) as raised:
        read_problems(lines(RECORD, {**RECORD, "task_id": "t/1", **change}), where="f", stop=())
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("field", sorted(RECORD))
def test_a_missing_field_is_named(field):
    record = {key: value for key, value in RECORD.items() if key != field}
    with pytest.raises(BenchmarkDataError, match=f"^f:1: field '{field}' is missing$"):
        read_problems(lines(record), where="f", stop=())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[1]", "f:1: expected a JSON object, found list"),
        (b"", "f: expected at least one problem, found none"),
        (b"\xff", "f: expected UTF-8"),
        (b"\x1f\x8bnot gzip", "f: expected gzip"),
        (gzip.compress(lines(RECORD), mtime=0)[:-9], "f: expected gzip"),
    ],
)
def test_a_file_of_another_kind_is_an_error(data, message):
    with pytest.raises(BenchmarkDataError) as raised:
        read_problems(data, where="f", stop=())
    assert str(raised.value).startswith(message)


def test_a_file_that_is_not_the_pinned_one_is_refused_with_both_digests(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_bytes(lines(RECORD))
    found = hashlib.sha256(file.read_bytes()).hexdigest()

    assert load(file, sha256=found).sha256 == found
    with pytest.raises(BenchmarkDataError) as raised:
        load(file, sha256="0" * 64)
    assert found in str(raised.value)
    assert "0" * 64 in str(raised.value)


def test_an_absent_file_is_named_with_the_benchmark(tmp_path):
    with pytest.raises(BenchmarkDataError, match=r"cannot read the data of benchmark 'mine' from .*absent\.jsonl"):
        load(tmp_path / "absent.jsonl", sha256="0" * 64)
