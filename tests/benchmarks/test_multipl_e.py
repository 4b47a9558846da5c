"""MultiPL-E as a benchmark: its rows, what is refused, and right and wrong answers through the real sandbox."""

import gzip
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from multipl_e_data import require_data

from codecrucible.benchmarks import (
    BenchmarkDataAbsent,
    BenchmarkDataError,
    benchmark_names,
    check_benchmark,
    job_for,
    load_benchmark,
)
from codecrucible.benchmarks.sources.multipl_e import REVISION, TRANSLATIONS
from codecrucible.sandbox import AnswersCheck, ExitCodeCheck, Limits
from codecrucible.sandbox.languages import LANGUAGES

COUNTS = {
    "multipl-e:humaneval-sh": 158,
    "multipl-e:humaneval-js": 161,
    "multipl-e:humaneval-cpp": 161,
    "multipl-e:humaneval-ts": 159,
    "multipl-e:humaneval-php": 161,
    "multipl-e:humaneval-pl": 161,
    "multipl-e:humaneval-lua": 161,
    "multipl-e:humaneval-rb": 161,
    "multipl-e:humaneval-r": 161,
    "multipl-e:humaneval-go": 154,
    "multipl-e:humaneval-rs": 156,
    "multipl-e:humaneval-hs": 156,
    "multipl-e:humaneval-ml": 155,
    "multipl-e:humaneval-d": 156,
    "multipl-e:humaneval-cs": 158,
    "multipl-e:humaneval-adb": 157,
    "multipl-e:humaneval-java": 158,
    "multipl-e:humaneval-scala": 160,
    "multipl-e:humaneval-clj": 161,
    "multipl-e:humaneval-elixir": 161,
    "multipl-e:humaneval-rkt": 161,
    "multipl-e:humaneval-py": 161,
    "multipl-e:humaneval-jl": 159,
    "multipl-e:humaneval-swift": 159,
    "multipl-e:humaneval-dart": 157,
    "multipl-e:mbpp-sh": 382,
    "multipl-e:mbpp-js": 397,
    "multipl-e:mbpp-cpp": 396,
    "multipl-e:mbpp-ts": 385,
    "multipl-e:mbpp-php": 397,
    "multipl-e:mbpp-pl": 396,
    "multipl-e:mbpp-lua": 397,
    "multipl-e:mbpp-rb": 397,
    "multipl-e:mbpp-r": 397,
    "multipl-e:mbpp-go": 371,
    "multipl-e:mbpp-rs": 356,
    "multipl-e:mbpp-hs": 358,
    "multipl-e:mbpp-ml": 358,
    "multipl-e:mbpp-d": 361,
    "multipl-e:mbpp-cs": 383,
    "multipl-e:mbpp-adb": 365,
    "multipl-e:mbpp-java": 383,
    "multipl-e:mbpp-scala": 395,
    "multipl-e:mbpp-clj": 397,
    "multipl-e:mbpp-elixir": 397,
    "multipl-e:mbpp-rkt": 397,
    "multipl-e:mbpp-py": 397,
    "multipl-e:mbpp-jl": 385,
    "multipl-e:mbpp-swift": 395,
    "multipl-e:mbpp-dart": 374,
}
IN_THE_LINE = {"haskell", "ocaml", "ada", "clojure", "elixir"}


@pytest.fixture
def data():
    require_data()


def test_the_names_are_advertised():
    assert [name for name in benchmark_names() if name.startswith("multipl-e:")] == list(COUNTS)


@pytest.mark.parametrize("name", COUNTS)
def test_every_translation_loads_with_its_count_and_a_control_for_every_row(data, name):
    benchmark = load_benchmark(name)
    assert (benchmark.name, len(benchmark.problems)) == (name, COUNTS[name])
    for problem in benchmark.problems:
        assert bool(problem.changes) is (problem.language != "python")
        assert problem.stop
        assert problem.entry_point in problem.prompt
        # In these the completion goes on in the line of the signature.
        ends = "{" if problem.language == "r" else "\n"
        assert problem.prompt.endswith(ends) or problem.language in IN_THE_LINE


#: How many rows have assertions that cannot be taken apart, of languages whose answers are printed. The control judges
#: them: unions and `std::any` in C++, `Nullable` in D.
NOT_TAKEN_APART = {
    "multipl-e:humaneval-cpp": 3,
    "multipl-e:mbpp-cpp": 14,
    "multipl-e:humaneval-d": 6,
    "multipl-e:mbpp-d": 11,
    "multipl-e:mbpp-cs": 1,
    "multipl-e:mbpp-scala": 3,
}


@pytest.mark.parametrize("name", COUNTS)
def test_the_assertions_of_every_row_are_taken_apart_where_answers_are_printed(data, name):
    problems = load_benchmark(name).problems
    language = LANGUAGES[problems[0].language]
    whole = sum(not problem.assertions for problem in problems)
    assert whole == (NOT_TAKEN_APART.get(name, 0) if language.printer else len(problems))
    for problem in problems:
        for assertion in problem.assertions:
            statement = problem.tests[assertion.start : assertion.end]
            assert assertion.expected in statement
            assert assertion.call in statement


def test_a_problem_carries_what_its_row_says(data):
    problem = load_benchmark("multipl-e:humaneval-sh[:1]").problems[0]
    assert (problem.problem_id, problem.language) == ("HumanEval_0_has_close_elements", "bash")
    assert (problem.entry_point, problem.stop, problem.reference) == ("has_close_elements", ("\n}",), "")
    job = job_for(problem, "program", limits=Limits())
    given = {"tests": problem.tests, "changes": problem.changes}
    assert job.check == AnswersCheck(assertions=problem.assertions, **given)
    assert job.check.control == ExitCodeCheck(**given)
    assert job.language == "bash"


def test_without_the_data_it_is_told_where_they_are_looked_for_and_how_to_make_them(monkeypatch, tmp_path):
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(BenchmarkDataAbsent, match="set CRUCIBLE_DATA to the folder that holds multipl-e/mbpp-js-rewor"):
        load_benchmark("multipl-e:mbpp-js")
    monkeypatch.delenv("CRUCIBLE_DATA")
    with pytest.raises(BenchmarkDataAbsent, match=f"translators of nuprl/MultiPL-E write at commit {REVISION}"):
        load_benchmark("multipl-e:mbpp-js")


def test_a_plain_file_is_read_as_the_gzipped_one_is(data, monkeypatch, tmp_path):
    name = "humaneval-sh-reworded.jsonl"
    zipped = load_benchmark("multipl-e:humaneval-sh")
    packed = Path(os.environ["CRUCIBLE_DATA"]) / "multipl-e" / f"{name}.gz"
    (tmp_path / "multipl-e").mkdir()
    (tmp_path / "multipl-e" / name).write_bytes(gzip.decompress(packed.read_bytes()))
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    assert load_benchmark("multipl-e:humaneval-sh") == zipped


def write(monkeypatch, tmp_path, row):
    """A file of one row in place of HumanEval in Bash."""
    (tmp_path / "multipl-e").mkdir()
    data = json.dumps(row).encode() + b"\n"
    (tmp_path / "multipl-e" / "humaneval-sh-reworded.jsonl.gz").write_bytes(gzip.compress(data))
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    return hashlib.sha256(data).hexdigest()


ROW = {
    "name": "HumanEval_0_f",
    "prompt": "f() {\n",
    "tests": '}\n\ncandidate() {\n    f "$@"\n}\n',
    "stop_tokens": ["\n}"],
}


def test_another_file_than_the_pinned_one_is_refused(monkeypatch, tmp_path):
    write(monkeypatch, tmp_path, ROW)
    with pytest.raises(BenchmarkDataError, match="is not the file that scores are defined on"):
        load_benchmark("multipl-e:humaneval-sh")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW, r"sh-reworded.jsonl:1: field 'tests': no expected value of HumanEval_0_f can be changed"),
        ({**ROW, "tests": "}\n"}, "expected them to say what `candidate` is"),
        ({name: value for name, value in ROW.items() if name != "prompt"}, "field 'prompt' is missing"),
    ],
)
def test_a_row_without_a_control_or_a_field_is_refused(monkeypatch, tmp_path, row, message):
    digest = write(monkeypatch, tmp_path, row)
    bash = replace(TRANSLATIONS["sh"], sha256={"humaneval": digest})
    monkeypatch.setitem(TRANSLATIONS, "sh", bash)
    with pytest.raises(BenchmarkDataError, match=message):
        load_benchmark("multipl-e:humaneval-sh")


@pytest.mark.docker
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "name", ["multipl-e:humaneval-sh[:20]", "multipl-e:mbpp-js[:10]", "multipl-e:humaneval-cpp[:4]"]
)
def test_no_stub_passes(data, languages, name):
    report = check_benchmark(load_benchmark(name), languages)
    assert report.ok, report.offenders
    assert (report.references, report.stubs_passed) == (0, 0)


def test_what_is_declared_dead_is_in_the_data(data):
    for suffix, translation in TRANSLATIONS.items():
        problems = [
            problem
            for origin in ("humaneval", "mbpp")
            for problem in load_benchmark(f"multipl-e:{origin}-{suffix}").problems
        ]
        declared = {**translation.dead, **translation.unpassable}
        assert {problem.problem_id: problem.dead for problem in problems if problem.dead} == declared
        by_reading = {problem.problem_id for problem in problems if problem.dead_by_reading}
        assert by_reading == set(translation.unpassable)


@pytest.mark.docker
@pytest.mark.timeout(120)
def test_a_dead_row_is_found_by_its_stub_and_has_to_be_declared(data, languages):
    benchmark = load_benchmark("multipl-e:humaneval-php")
    chosen = [problem for problem in benchmark.problems if problem.problem_id.startswith("HumanEval_2")]
    declared = check_benchmark(replace(benchmark, problems=tuple(chosen)), languages)
    assert [(row.problem_id, row.fault) for row in declared.dead] == [("HumanEval_23_strlen", "")]
    assert declared.ok
    silent = tuple(replace(problem, dead="") for problem in chosen)
    found = check_benchmark(replace(benchmark, problems=silent), languages)
    (row,) = found.dead
    assert (row.problem_id, row.fault) == ("HumanEval_23_strlen", "not declared")
    assert "Cannot redeclare strlen()" in row.cause
    assert not found.ok
