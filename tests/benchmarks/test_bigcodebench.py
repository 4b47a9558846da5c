"""BigCodeBench: its prompts and rule are upstream's, its tests are read as they are run, and references pass."""

import json

import pytest

from codecrucible.benchmarks import PromptForm, Verdict, check_benchmark, extract, job_for, judge, load_benchmark
from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import OwnLimits
from codecrucible.benchmarks.sources.bigcodebench import HARD, RUNTIME, load_bigcodebench
from codecrucible.benchmarks.sources.bigcodebench_rows import DEAD, UNCHANGED
from codecrucible.benchmarks.sources.data_files import read_data_file
from codecrucible.benchmarks.unittest_methods import methods_of
from codecrucible.sandbox import Limits

pytestmark = pytest.mark.usefixtures("public_data")

TASK = "BigCodeBench/5"
ASKED = "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n"


def problem_of(name, problem_id=TASK):
    return load_benchmark(f"{name}[{problem_id}]").problems[0]


@pytest.fixture(scope="module")
def every(public_data):
    return load_bigcodebench("bigcodebench")


def test_every_row_is_read_with_its_methods_and_the_hard_ones_are_among_them(every):
    methods = [method for problem in every.problems for method in problem.methods]
    left_out = sum(map(len, UNCHANGED.values()))
    assert len(methods) == 6419  # 6434 in the text, of which 15 are defined again
    assert sum(bool(method.changes) for method in methods) == 2603 - left_out
    hard = load_benchmark("bigcodebench:hard").problems
    assert {problem.problem_id: problem for problem in every.problems}.items() >= {
        problem.problem_id: problem for problem in hard
    }.items()
    assert every.without_referee == {RUNTIME}
    assert {problem.problem_id for problem in every.problems if problem.dead} == set(DEAD)
    assert not any(problem.reference for problem in every.problems if problem.dead)


def test_a_name_that_is_left_out_is_a_method_that_could_be_changed(every):
    by_id = {problem.problem_id: problem for problem in every.problems}
    for problem_id, names in UNCHANGED.items():
        assert set(names) <= {method.name for method in methods_of(by_id[problem_id].tests) if method.changes}


def test_the_same_rows_in_other_bytes_are_taken_and_others_are_not(tmp_path, monkeypatch, public_data):
    rows = [json.loads(line) for line in read_data_file(HARD).content.splitlines()]
    copy = tmp_path / HARD.path
    copy.parent.mkdir()
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    copy.write_text("".join(json.dumps(dict(reversed(row.items()))) + "\n" for row in rows))
    assert load_bigcodebench("bigcodebench:hard").sha256 == HARD.sha256
    rows[3]["test"] += " "
    for text in ("".join(json.dumps(row) + "\n" for row in rows), "[1]\n"):
        copy.write_text(text)
        with pytest.raises(BenchmarkDataError, match=r"is not the file that scores are defined on.*to_json\(PATH\)"):
            load_bigcodebench("bigcodebench:hard")


def test_the_prompts_are_upstreams():
    complete, instruct = problem_of("bigcodebench"), problem_of("bigcodebench:instruct")
    assert complete.message == f"{ASKED}```\n{complete.prompt.strip()}\n```\n"
    assert complete.few_shot_prompt == ""
    assert instruct.message.startswith(f"{ASKED}Create a dictionary where keys are letters")
    assert "You should write self-contained code starting with:\n```\nimport random" in instruct.message
    assert instruct.few_shot_prompt.endswith(f"\n```\n\n```python\n{instruct.prompt}")
    assert '"""' in complete.prompt and '"""' not in instruct.prompt  # noqa: PT018 - one has the docstring
    assert complete.stop[:3] == ("\ndef ", "\nclass ", "\nimport ")


@pytest.mark.parametrize("name", ["bigcodebench", "bigcodebench:instruct"])
def test_the_signature_comes_before_the_program_whatever_that_is(name):
    problem = problem_of(name)
    continued = extract(problem, problem.reference, form=PromptForm.COMPLETION).source
    answered = extract(problem, "```python\ndef task_func(letters):\n    return 1\n```", form=PromptForm.CHAT).source
    assert continued == problem.prompt + problem.reference
    for program in (continued, answered):
        job = job_for(problem, program, limits=Limits())
        assert job.program == f"{problem.setup}{program}"
        assert (job.language, problem.language) == (RUNTIME, "python")
    assert problem.setup.endswith("range(97, 123)]):\n\n    pass\n")


def test_its_limits_are_floors():
    own = OwnLimits(cpu_s=20.0, memory_bytes=1 << 31, at_least=True)
    small, large = own.within(Limits()), own.within(Limits(cpu_s=68.0, wall_s=204.0))
    assert (small.cpu_s, small.wall_s, small.memory_bytes) == (20.0, 60.0, 1 << 31)
    assert (large.cpu_s, large.wall_s, large.memory_bytes) == (68.0, 204.0, 1 << 31)


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_references_pass_with_every_change_and_no_stub_does(executor, image_of):
    image_of(RUNTIME)
    benchmark = load_benchmark("bigcodebench[8:1000:199]")
    report = check_benchmark(benchmark, executor)
    assert (report.references_passed, report.stubs_passed, report.offenders) == (report.references, 0, ())


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_a_completion_that_leaves_the_imports_to_the_signature_passes(executor, image_of):
    image_of(RUNTIME)
    problem = problem_of("bigcodebench:instruct")
    answer = f"```python\ndef task_func(LETTERS=[chr(i) for i in range(97, 123)]):\n{problem.reference}\n```\n"
    program = extract(problem, answer, form=PromptForm.CHAT).source
    judgement = judge(executor.run(job_for(problem, program, limits=Limits())))
    assert judgement.verdict is Verdict.PASSED, judgement
