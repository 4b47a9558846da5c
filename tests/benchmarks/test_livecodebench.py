"""LiveCodeBench's form: what is read, what is refused, how it is asked and judged, and how its days choose."""

import base64
import gzip
import pickle
import zlib

import pytest
from livecodebench_data import RIGHT, ROWS, WRONG, packed, written

from codecrucible.benchmarks import (
    BenchmarkDataAbsent,
    BenchmarkDataError,
    PromptForm,
    UnknownBenchmark,
    Verdict,
    catalogue,
    extract,
    form_of,
    job_for,
    judge,
    load_benchmark,
)
from codecrucible.benchmarks.registry import canonical_name
from codecrucible.benchmarks.sources import livecodebench, livecodebench_rows
from codecrucible.benchmarks.sources.pickled_text import text_in_pickle
from codecrucible.sandbox import Limits, Strength


@pytest.fixture
def every(tmp_path):
    return load_benchmark(f"livecodebench:{written(tmp_path / 'mine.jsonl')}")


def problem_of(benchmark, problem_id):
    return next(problem for problem in benchmark.problems if problem.problem_id == problem_id)


@pytest.mark.docker
@pytest.mark.timeout(180)
def test_every_right_program_passes_and_no_wrong_one_does(languages, every):
    futures = {}
    for problem in every.problems:
        for programs, right in ((RIGHT, True), (WRONG, False)):
            answer = f"It is short.\n\n```python\n{programs[problem.problem_id]}```\n"
            program = extract(problem, answer, form=PromptForm.CHAT).source
            futures[problem.problem_id, right] = languages.submit(job_for(problem, program, limits=Limits()))
    judged = {key: judge(future.result()) for key, future in futures.items()}
    assert [key for key, one in judged.items() if (one.verdict is Verdict.PASSED) is not key[1]] == []
    strengths = {problem_id.partition("_")[0]: one.strength for (problem_id, right), one in judged.items() if right}
    assert strengths == {"leetcode": Strength.REFEREE, "atcoder": Strength.CASES, "codeforces": Strength.CASES}


@pytest.mark.docker
def test_a_function_without_the_class_is_called_and_an_object_that_equals_all_is_no_answer(executor, every):
    problem = problem_of(every, "leetcode_0")
    bare = "def solve0(x):\n    return x * 2\n"
    liar = "class Any(int):\n    __eq__ = lambda *_: True\nclass Solution:\n    def solve0(self, x): return Any()\n"
    jobs = [job_for(problem, program, limits=Limits()) for program in (bare, liar, "x = 1\n")]
    verdicts = [judge(executor.run(job)).verdict for job in jobs]
    assert verdicts == [Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR]


def test_the_prompts_are_upstreams(every):
    method, program = (problem_of(every, name) for name in ("leetcode_0", "atcoder_0"))
    starter = "class Solution:\n    def solve0(self, x: int) -> int:\n        "
    assert method.message.endswith(
        "### Question:\nDouble it.\n\n### Format: You will use the following starter code to write the solution to the "
        f"problem and enclose your code within delimiters.\n```python\n{starter}\n```\n\n"
        "### Answer: (use the provided format with backticks)\n\n"
    )
    assert program.message.endswith(
        "### Format: Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test "
        "on the sample inputs). Enclose your code within delimiters as follows.\n```python\n# YOUR CODE HERE\n```\n\n"
        "### Answer: (use the provided format with backticks)\n\n"
    )
    assert method.message.startswith("You are an expert Python programmer. ")
    assert program.few_shot_prompt == "### Question\nThe sum of a line.\n\n### Answer\n\n"
    asked = "### Question\nDouble it.\n\n### Starter Code\n"
    assert method.few_shot_prompt == f"{asked}{starter}\n\n### Answer\n\n"


def test_a_completion_is_the_whole_program_and_of_a_chat_a_body_is_enough(every):
    problem, program = problem_of(every, "leetcode_0"), RIGHT["leetcode_0"]
    assert form_of(problem, program) is PromptForm.COMPLETION
    assert extract(problem, program, form=PromptForm.COMPLETION).source == program
    body = extract(problem, "```python\nreturn x * 2\n```", form=PromptForm.CHAT).source
    assert body == "class Solution:\n    def solve0(self, x: int) -> int:\n        return x * 2\n"


@pytest.mark.parametrize("problem_id", ["leetcode_0", "atcoder_0"])
def test_of_several_blocks_the_last_that_is_a_solution_is_taken(every, problem_id):
    right, wrong = RIGHT[problem_id], WRONG[problem_id]
    blocks = f"First:\n```python\n{wrong}```\nBut that is wrong. So:\n```python\n{right}```\n"
    answer = f"{blocks}Run it:\n```sh\npython a.py\n```"
    assert extract(problem_of(every, problem_id), answer, form=PromptForm.CHAT).source == right


def test_days_choose_problems_and_stand_in_the_name(every):
    name = every.name
    chosen = load_benchmark(f"{name}[2024-07-01..2024-08-10]")
    assert chosen.name == f"{name}[2024-07-01..2024-08-10]"
    assert [problem.date[:7] for problem in chosen.problems] == ["2024-07", "2024-08", "2024-07", "2024-08"]
    assert len(load_benchmark(f"{name}[2024-12-14..]").problems) == 1
    assert len(load_benchmark(f"{name}[..2024-01-06]").problems) == 1
    with pytest.raises(UnknownBenchmark, match="which are of 2024-01-06 to 2024-12-14"):
        load_benchmark(f"{name}[2025-01-01..]")
    with pytest.raises(UnknownBenchmark, match="2024-02-30 is no day"):
        load_benchmark(f"{name}[2024-02-30..]")
    with pytest.raises(UnknownBenchmark, match="the problems of 'starter' have no dates"):
        load_benchmark("starter[2024-01-01..]")


def test_the_same_rows_are_read_from_gzip_from_parquet_and_from_the_data_folder(tmp_path, monkeypatch, every):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "mine.parquet")
    (tmp_path / "mine.jsonl.gz").write_bytes(gzip.compress((tmp_path / "mine.jsonl").read_bytes()))
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    written(tmp_path / "livecodebench" / "test.jsonl", ROWS[:10])
    written(tmp_path / "livecodebench" / "test2.jsonl", ROWS[10:])
    names = [f"livecodebench:{tmp_path}/mine.{suffix}" for suffix in ("parquet", "jsonl.gz")]
    loaded = [load_benchmark(name) for name in (*names, "lcb")]
    assert [each.problems for each in loaded] == [every.problems] * 3
    assert [each.name for each in loaded] == [*names, "livecodebench"]
    assert loaded[1].sha256 == every.sha256 != loaded[2].sha256
    assert {entry.name: entry.at_hand for entry in catalogue() if "v" in entry.name and "live" in entry.name} == {
        "livecodebench": True,
        **{f"livecodebench:v{number}": number < 3 for number in range(1, 7)},
    }


def test_a_release_is_the_hubs_files_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    with pytest.raises(BenchmarkDataAbsent, match="hf download livecodebench/code_generation_lite"):
        load_benchmark("livecodebench:v2")
    path = written(tmp_path / "livecodebench" / "test.jsonl")
    with pytest.raises(BenchmarkDataError, match=r"test\.jsonl is not the file of 'livecodebench:v1'"):
        load_benchmark("livecodebench:v1")
    mine = load_benchmark("lcb:v1", allow_unpinned=True)
    assert (mine.name, mine.pinned) == (f"livecodebench:v1@{mine.sha256[:12]}", False)
    monkeypatch.setattr(livecodebench, "_HUB_FILES", {"test.jsonl": mine.sha256})
    assert load_benchmark("livecodebench:v1").pinned
    assert canonical_name("LiveCodeBench:release_v5") == canonical_name("LCB:v5") == "livecodebench:v5"
    assert path.exists()


class _Runs:
    def __reduce__(self):
        return print, ("unpickled",)


def compressed(data):
    return base64.b64encode(zlib.compress(data)).decode()


HOSTILE = {
    "a pickle that calls": ({"private_test_cases": compressed(pickle.dumps(_Runs()))}, "'private_test_cases'.*opcode"),
    "a pickled list": ({"private_test_cases": compressed(pickle.dumps([]))}, "'private_test_cases'.*EMPTY_LIST"),
    "two pickles": ({"private_test_cases": compressed(pickle.dumps("[]") * 2)}, "'private_test_cases'.*bytes follow"),
    "no pickle": ({"private_test_cases": compressed(b"[]")}, "'private_test_cases'"),
    "a bomb": ({"private_test_cases": compressed(bytes(2 << 20))}, "'private_test_cases'.*unpacks to more than"),
    "a torn stream": ({"private_test_cases": packed([])[:16]}, "'private_test_cases'.*whole"),
    "no zlib": ({"private_test_cases": "AAAA"}, "'private_test_cases'.*zlib"),
    "no base64": ({"private_test_cases": "é"}, "'private_test_cases'.*base64"),
    "deep JSON": ({"public_test_cases": "[" * 100_000}, "'public_test_cases'.*expected JSON"),
    "no list": ({"public_test_cases": "{}"}, "'public_test_cases'.*JSON list"),
    "a test without input": ({"public_test_cases": '[{"output": "1"}]'}, r"'public_test_cases\[0\]\.input'"),
    "arguments that are no JSON": (
        {"public_test_cases": '[{"input": "x", "output": "1"}]'},
        r"'public_test_cases\[0\]\.input': expected JSON",
    ),
    "no tests": ({"public_test_cases": "[]", "private_test_cases": "[]"}, "'public_test_cases'.*has no test"),
    "a name that is code": ({"metadata": '{"func_name": "f\\nimport os"}'}, "'metadata.func_name'"),
    "another name": ({"metadata": '{"func_name": "other"}'}, "'starter_code': defines no 'other'"),
    "metadata that is no object": ({"metadata": "[]"}, "'metadata'"),
    "a field that is missing": ({"question_content": None}, "'question_content': is missing"),
    "a day that is none": ({"contest_date": "soon"}, "'contest_date'"),
    "an id that is a path": ({"question_id": "../x"}, "'question_id'.*path of a file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_row_is_refused_by_file_row_and_field_and_the_others_are_read(tmp_path, monkeypatch, name, capsys):
    monkeypatch.setattr(livecodebench_rows, "MOST_TEST_BYTES", 1 << 20)
    changes, told = HOSTILE[name]
    path = written(tmp_path / "mine.jsonl", [ROWS[8], {**ROWS[0], **changes}, ROWS[1]])
    benchmark = load_benchmark(f"livecodebench:{path}")
    assert [problem.problem_id for problem in benchmark.problems] == ["atcoder_0", "leetcode_1"]
    (row,) = benchmark.refused
    assert row.reason.startswith("mine.jsonl:2: field ")
    with pytest.raises(BenchmarkDataError, match=told):
        raise BenchmarkDataError(row.reason)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", b"[1]\n{]\n", r"a\.jsonl:1: expected a JSON object, found list"),
        ("a.jsonl", b"", "expected a problem, found none"),
        ("a.jsonl.gz", b"no gzip", "expected gzip"),
        ("a.parquet", b"no parquet", "expected Parquet"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BenchmarkDataError, match=told):
        load_benchmark(f"livecodebench:{tmp_path / name}")


def test_tests_that_no_job_takes_are_left_out_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(livecodebench_rows, "CASES_BYTES", 5)
    benchmark = load_benchmark(f"livecodebench:{written(tmp_path / 'mine.jsonl', [ROWS[8]])}")
    assert [case.stdin for case in benchmark.problems[0].cases] == ["0\n"]
    assert benchmark.cautions == ("1 of 2 tests, of 1 problems, are LEFT OUT: they have more input than a job takes",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_text_is_read_from_its_pickle_by_any_protocol(protocol):
    for text in ("", "[1]", "é\ud800\n'\\", "x" * 300, "y" * 70_000):
        assert text_in_pickle(pickle.dumps(text, protocol)) == text
