"""`crucible efficiency`: a step over a run folder that resumes, and what reports and comparisons say then."""

import json
import shutil

import pytest
from own_records import RECORD, write

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.evaluation import efficiency
from codecrucible.harness.runs.efficiency_record import EFFICIENCY, Role, UnderStress
from codecrucible.harness.runs.folder import RunFolder

pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.timeout(900)]

ITS_TESTS_ALONE = """\
    known = {(3, 5): 3, (1101, 101): 2, (0, 101): 1, (3, 11): 8, (100, 101): 1, (30, 5): 4, (31, 5): 3}
    return known.get((n, p), 0)
"""
NAME = "humaneval[HumanEval/25,HumanEval/49]"


def as_json(capsys, *arguments):
    code = main([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def judged(executor, public_data, tmp_path_factory):
    """Run of two problems: a reference and a slow program that pass, one that passes its tests alone, a wrong one."""
    folder = tmp_path_factory.mktemp("runs")
    factorize, modp = load_benchmark(NAME).problems
    slow = "    for _ in range(3_000_000): pass\n" + factorize.reference
    answers = {
        factorize.problem_id: [factorize.reference, slow, slow, "    return []\n"],
        modp.problem_id: [ITS_TESTS_ALONE] * 4,
    }
    lines = [{"task_id": each, "completion": text} for each, texts in answers.items() for text in texts]
    (folder / "samples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = folder / "run"
    assert main(["evaluate", str(folder / "samples.jsonl"), "--benchmark", NAME, "--out", str(run), "--quiet"]) == 0
    return run


@pytest.fixture(scope="module")
def measured(judged, tmp_path_factory):
    run = tmp_path_factory.mktemp("measured") / "run"
    shutil.copytree(judged, run)
    assert main(["efficiency", str(run), "--rounds", "2", "--workers", "1", "--quiet"]) == 0
    return run


def test_each_distinct_passing_program_is_measured_once_beside_reference_and_best(measured):
    records = RunFolder(measured).efficiency()
    roles = [(record.problem_id, record.role) for record in records]
    for problem_id in ("HumanEval/25", "HumanEval/49"):
        assert (problem_id, Role.REFERENCE) in roles
        assert (problem_id, Role.BEST) in roles
    samples = [record for record in records if record.role is Role.SAMPLE]
    assert len([record for record in samples if record.problem_id == "HumanEval/25"]) == 2
    assert max(record.cpu_ratio for record in samples if record.problem_id == "HumanEval/25") > 3


def test_the_report_has_the_numbers_and_names_the_slow_samples(measured, capsys):
    code, report = as_json(capsys, "report", measured)
    found = report["efficiency"]
    assert code == 0
    assert found["efficient_at_1"] == sum(row["efficient"] / row["n"] for row in report["per_problem"]) / 2
    assert found["cpu_ratio"] > 1
    (slow,) = [each for each in found["slow"] if each["state"] == "measured"]
    assert (slow["problem_id"], slow["sample_index"], slow["samples"]) == ("HumanEval/25", 1, 2)
    assert main(["report", str(measured), "--slow"]) == 0
    told = capsys.readouterr().out
    assert "efficient@1" in told
    assert "HumanEval/25/1" in told


def test_a_program_that_passes_its_tests_alone_is_wrong_under_stress(measured, capsys):
    records = [each for each in RunFolder(measured).efficiency() if each.problem_id == "HumanEval/49"]
    (own,) = [each for each in records if each.role is Role.SAMPLE]
    assert own.state is UnderStress.WRONG
    _, report = as_json(capsys, "report", measured)
    assert report["efficiency"]["wrong"] == 4


def test_given_again_nothing_is_measured_again_and_the_report_stays_the_same(measured, capsys):
    before = {path.name: path.read_bytes() for path in measured.iterdir() if path.name in (EFFICIENCY, "report.json")}
    assert main(["efficiency", str(measured), "--rounds", "2", "--workers", "1", "--quiet"]) == 0
    assert {name: (measured / name).read_bytes() for name in before} == before


def test_a_session_that_was_ended_is_resumed_with_what_is_missing(judged, measured, tmp_path, monkeypatch):
    run = tmp_path / "run"
    shutil.copytree(judged, run)
    asked = []
    real = efficiency.measure_beside_reference

    def interrupted(executor, test, programs, *, rounds):
        asked.append((test.problem.problem_id, len(programs)))
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(executor, test, programs, rounds=rounds)

    monkeypatch.setattr(efficiency, "measure_beside_reference", interrupted)
    command = ["efficiency", str(run), "--rounds", "1", "--workers", "1", "--quiet"]
    assert main(command) == 130
    assert {record.problem_id for record in RunFolder(run).efficiency()} == {"HumanEval/25"}
    assert main(command) == 0
    assert asked == [("HumanEval/25", 4), ("HumanEval/49", 3), ("HumanEval/49", 3)]
    assert len(RunFolder(run).efficiency()) == 7


def test_a_comparison_has_efficient_at_1_where_both_sides_have_it(judged, measured, capsys):
    _, alone = as_json(capsys, "compare", measured, judged)
    assert "efficient_at_1" not in json.dumps(alone)
    _, both = as_json(capsys, "compare", measured, measured)
    assert "efficient_at_1" in json.dumps(both)


def test_a_benchmark_without_references_has_nothing_to_measure_against(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "bench.jsonl", RECORD)
    write(tmp_path / "samples.jsonl", {"task_id": RECORD["task_id"], "completion": "    return 1\n"})
    command = "evaluate samples.jsonl --benchmark ./bench.jsonl --out run --quiet"
    assert main(command.split()) == 0
    assert main(["efficiency", "run", "--quiet"]) == 2
    assert "neither stress inputs nor references" in capsys.readouterr().err
