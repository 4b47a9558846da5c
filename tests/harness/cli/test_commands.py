"""The command line end to end: a real engine, real containers, real exit codes."""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE
from codecrucible.harness.results import parquet as sample_export

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]


def crucible(*arguments, cwd, **environment):
    return subprocess.run(
        [CRUCIBLE, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | environment,
        check=False,
        timeout=240,
    )


def write_samples(path, benchmark, completion_of, copies=1):
    lines = [
        json.dumps({"task_id": problem.problem_id, "completion": completion_of(problem)})
        for problem in benchmark.problems
        for _ in range(copies)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def canonical(tmp_path_factory):
    """A run folder of the 164 canonical solutions, and what the command printed."""
    folder = tmp_path_factory.mktemp("canonical")
    samples = write_samples(folder / "canonical.jsonl", load_benchmark("humaneval"), lambda problem: problem.reference)
    done = crucible("evaluate", samples, "--benchmark", "humaneval", "--out", "run", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "run", json.loads(done.stdout)


def test_the_canonical_solutions_score_one(canonical):
    _, report = canonical
    assert report["pass_at_k"]["1"]["value"] == 1.0
    assert report["verdicts"]["passed"] == report["samples"] == report["problems"] == 164
    assert report["unjudged"] == 0
    assert report["codebleu"]["value"] == 1.0
    assert report["security"]["scanned"] == 164
    assert report["security"]["findings"] == {"high": 1, "medium": 1, "low": 1}


def test_stubs_score_zero(tmp_path):
    samples = write_samples(tmp_path / "stubs.jsonl", load_benchmark("humaneval"), lambda _: "    return None\n")
    done = crucible("evaluate", samples, "--benchmark", "humaneval", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["pass_at_k"]["1"]["value"] == 0.0
    assert report["verdicts"]["passed"] == 0


def test_a_report_that_is_there_is_not_made_again_unless_another_one_is_asked_for(tmp_path):
    run = shutil.copytree(Path(__file__).parents[2] / "data/run-of-0.1.0", tmp_path / "run")

    def made_at(*options):
        assert main(["report", str(run), *options]) == EXIT_DONE
        return (run / "report.json").stat().st_mtime_ns

    first = made_at()
    assert made_at() == first
    second = made_at("-k", "1,2,3")
    assert second > first
    assert made_at() > second, "the run's own k"
    (run / "findings.jsonl").write_text("")
    before = (run / "report.json").read_bytes()
    made_at()
    assert (run / "report.json").read_bytes() != before


def test_a_report_made_again_is_the_same_to_the_byte(canonical):
    run, _ = canonical
    first = (run / "report.json").read_bytes()
    (run / "report.json").unlink()
    again = crucible("report", run, "--json", cwd=run.parent)
    assert again.returncode == 0, again.stderr
    assert (run / "report.json").read_bytes() == first
    assert json.loads(again.stdout) == json.loads(first)


def test_the_same_command_again_executes_nothing(canonical):
    run, _ = canonical
    executions, report = (run / "executions.jsonl").read_bytes(), json.loads((run / "report.json").read_bytes())
    done = crucible("evaluate", "canonical.jsonl", "--benchmark", "humaneval", "--out", "run", "--json", cwd=run.parent)
    assert done.returncode == 0, done.stderr
    assert (run / "executions.jsonl").read_bytes() == executions
    for made in (report, again := json.loads(done.stdout)):
        del made["timing"]
    assert again == report


def test_other_samples_in_the_same_folder_are_refused(canonical):
    run, _ = canonical
    before = (run / "samples.jsonl").read_bytes()
    write_samples(run.parent / "other.jsonl", load_benchmark("humaneval"), lambda _: "    pass\n")
    done = crucible("evaluate", "other.jsonl", "--benchmark", "humaneval", "--out", "run", cwd=run.parent)
    assert done.returncode == 2
    assert "holds another run" in done.stderr
    assert (run / "samples.jsonl").read_bytes() == before


def test_judging_again_needs_no_container(canonical):
    run, _ = canonical
    before = (run / "judgements.jsonl").read_bytes()
    (run / "judgements.jsonl").unlink()
    done = crucible("judge", run, "--json", cwd=run.parent, DOCKER_HOST="unix:///nowhere")
    assert done.returncode == 0, done.stderr
    assert (run / "judgements.jsonl").read_bytes() == before


@pytest.mark.usefixtures("public_data")
def test_one_execution_says_who_passed_the_base_tests_and_who_all(tmp_path):
    (problem,) = load_benchmark("humaneval+[35:36]").problems
    from_zero = "    best = 0\n    for each in l:\n        best = max(best, each)\n    return best\n"
    lines = [
        json.dumps({"task_id": problem.problem_id, "completion": completion})
        for completion in (problem.reference, from_zero, "    return None\n", "    return l[-1]\n")
    ]
    (tmp_path / "s.jsonl").write_text("\n".join(lines) + "\n")
    options = ("--benchmark", "humaneval+[35:36]", "--out", "run", "--json")
    done = crucible("evaluate", "s.jsonl", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["pass_at_k"]["1"]["value"] == 0.25
    assert report["pass_at_k_of_parts"]["base"]["1"]["value"] == 0.5
    assert "base tests" in crucible("report", "run", cwd=tmp_path).stdout


def test_a_run_folder_of_before_there_were_parts_is_read(canonical, tmp_path):
    run, report = canonical
    old = tmp_path / "old"
    shutil.copytree(run, old)
    (old / "report.json").unlink()
    for name, key in (("judgements.jsonl", "parts_passed"), ("executions.jsonl", "parts_completed")):
        records = [json.loads(line) for line in (old / name).read_text().splitlines()]
        assert all(record.pop(key) == 0 for record in records)
        (old / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    done = crucible("report", old, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pass_at_k"] == report["pass_at_k"]


def test_identical_programs_of_a_problem_are_executed_once(tmp_path):
    starter = load_benchmark("starter[:3]")
    samples = write_samples(tmp_path / "s.jsonl", starter, lambda problem: problem.reference, copies=4)
    done = crucible(
        "evaluate", samples, "--benchmark", "starter[:3]", "--out", "run", "-k", "1,4", "--json", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["samples"] == report["verdicts"]["passed"] == 12
    assert report["pass_at_k"]["4"]["value"] == 1.0
    assert len((tmp_path / "run" / "executions.jsonl").read_text().splitlines()) == 3
    assert len((tmp_path / "run" / "findings.jsonl").read_text().splitlines()) == 3


def test_without_an_engine_the_samples_are_kept_and_unjudged(tmp_path):
    samples = write_samples(tmp_path / "s.jsonl", load_benchmark("starter[:2]"), lambda problem: problem.reference)
    arguments = ("evaluate", samples, "--benchmark", "starter[:2]", "--out", "run", "--json")
    done = crucible(*arguments, cwd=tmp_path, DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert done.returncode == 4
    report = json.loads(done.stdout)
    assert report["unjudged"] == 2
    assert report["pass_at_k"]["1"]["value"] is None
    assert "systemctl start docker" in done.stderr
    assert "Traceback" not in done.stderr
    done = crucible("execute", "run", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pass_at_k"]["1"]["value"] == 1.0


def test_slow_references_raise_the_limits_of_their_problems_and_the_run_keeps_them(tmp_path):
    samples = write_samples(tmp_path / "s.jsonl", load_benchmark("starter[:2]"), lambda problem: problem.reference)
    arguments = ("--benchmark", "starter[:2]", "--out", "run", "--cpu-limit", "0.1", "--cpu-factor", "1e6", "--quiet")
    done = crucible("evaluate", samples, *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (kept["limits"]["cpu_s"], kept["limits"]["cpu_factor"]) == (0.1, 1e6)
    assert kept["problem_cpu_s"].keys() == {"starter/0", "starter/1"}
    assert min(kept["problem_cpu_s"].values()) > 100
    (tmp_path / "run" / "executions.jsonl").unlink()
    done = crucible("execute", "run", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["verdicts"]["passed"] == 2
    assert json.loads((tmp_path / "run" / "run.json").read_text())["problem_cpu_s"] == kept["problem_cpu_s"]


def test_hostile_text_is_executed_and_judged(tmp_path):
    problem = load_benchmark("starter").problems[0].problem_id
    hostile = [
        "\x00",
        "    return '\ud800'\n",
        "",
        "\x1b[2J\u202e",
        "    import os; os._exit(0)\n",
        "    while True: pass\n",
    ]
    lines = [json.dumps({"task_id": problem, "completion": completion}) for completion in hostile]
    (tmp_path / "s.jsonl").write_text("\n".join(lines))
    arguments = ("--benchmark", "starter[:1]", "--out", "run", "--cpu-limit", "1", "--json")
    done = crucible("evaluate", "s.jsonl", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    judgements = [json.loads(line) for line in (tmp_path / "run" / "judgements.jsonl").read_text().splitlines()]
    assert [judgement["verdict"] for judgement in judgements] == [
        "syntax_error",
        "syntax_error",
        "empty",
        "syntax_error",
        "early_exit",
        "timeout",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("evaluate", "none.jsonl", "--benchmark", "starter"), 2, "No such file"),
        (("evaluate", "empty.jsonl", "--benchmark", "starter"), 5, "holds no sample"),
        (("evaluate", "bad.jsonl", "--benchmark", "starter"), 2, "bad.jsonl:1: "),
        (("evaluate", "bad.jsonl", "--benchmark", "humanevil"), 2, "did you mean 'humaneval'"),
        (("evaluate", "one.jsonl", "--benchmark", "starter", "-k", "2"), 2, "pass@k is undefined for k > n"),
        (("evaluate", "one.jsonl", "--benchmark", "starter", "--cpu-factor", "-1"), 2, "--cpu-factor -1: give 0"),
        (("evaluate", "one.jsonl", "--benchmark", "starter[:2]", "--limit", "1"), 2, "beside the choice"),
        (("evaluate", "one.jsonl", "--benchmark", "starter,humaneval"), 2, "holds the samples of one benchmark"),
        (("evaluate", "one.jsonl", "--benchmark", "starter", "--problems", "starter/99"), 2, "did you mean 'starter/9"),
        (("evaluate", "one.jsonl", "--benchmark", "starter", "--problems", "@none"), 2, "cannot read the ids"),
        (("run", "--model", "./nowhere", "--benchmark", "starter,humanevil"), 2, "did you mean 'humaneval'"),
        (("report", "nowhere"), 2, "is not a run folder"),
        (("execute", "nowhere"), 2, "is not a run folder"),
        (("run", "--model", "./nowhere", "--benchmark", "starter"), 2, "nowhere"),
        (("benchmarks", "check", "start"), 2, "did you mean 'starter'"),
    ],
)
def test_bad_input_is_told_and_leaves_nothing_behind(tmp_path, arguments, code, said):
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "bad.jsonl").write_text('{"task_id": "starter/0"}\n')
    (tmp_path / "one.jsonl").write_text('{"task_id": "starter/0", "completion": "    pass"}\n')
    done = crucible(*arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"empty.jsonl", "bad.jsonl", "one.jsonl"}


def test_missing_problems_are_told(tmp_path):
    (tmp_path / "one.jsonl").write_text('{"task_id": "starter/0", "completion": "    pass"}\n')
    done = crucible("evaluate", "one.jsonl", "--benchmark", "starter", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "39 of 40 problems have no sample" in done.stderr
    assert len(json.loads((tmp_path / "run" / "report.json").read_text())["missing"]["problems"]) == 39


def test_a_run_over_the_first_problems_never_has_the_bare_name_of_the_benchmark(tmp_path):
    (tmp_path / "one.jsonl").write_text('{"task_id": "starter/0", "completion": "    pass"}\n')
    done = crucible("evaluate", "one.jsonl", "--benchmark", "starter", "--limit", "1", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert (report["benchmark"], report["problems"]) == ("starter[:1]", 1)
    assert "starter[:1]" in done.stdout


def test_a_run_over_chosen_problems_says_so_wherever_a_benchmark_is_named(tmp_path):
    write_samples(tmp_path / "two.jsonl", load_benchmark("starter[:2]"), lambda _: "    return eval(a)\n")
    (tmp_path / "ids").write_text("starter/1\n\nstarter/0\n")
    name = "starter[starter/0,starter/1]"
    for folder in ("base", "candidate"):
        done = crucible(
            *("evaluate", "two.jsonl", "--benchmark", "starter", "--problems", "@ids", "--out", folder), cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert name in done.stdout
    assert json.loads((tmp_path / "base" / "run.json").read_text())["benchmark"]["name"] == name
    for form in ("markdown", "csv"):
        shown = crucible("report", "base", "--format", form, "--html", "page.html", cwd=tmp_path).stdout
        assert name in html.unescape(shown)
    assert name in (tmp_path / "page.html").read_text()
    assert name in crucible("compare", "base", "candidate", cwd=tmp_path).stdout
    gated = crucible("gate", "base", "candidate", "--junit", "gate.xml", "--sarif", "gate.sarif", cwd=tmp_path)
    assert name in gated.stdout
    assert name in (tmp_path / "gate.xml").read_text()
    assert name in (tmp_path / "gate.sarif").read_text()


def test_several_benchmarks_are_checked_with_one_command(tmp_path):
    done = crucible("benchmarks", "check", "starter,humaneva?", "--limit", "2", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout)
    assert [one["benchmark"] for one in checked] == ["starter[:2]", "humaneval[:2]"]
    assert all(one["references_passed"] == one["problems"] == 2 for one in checked)


@pytest.mark.parametrize("benchmark_name", ["starter", "humaneval", "mbpp[:20]"], indirect=True)
def test_a_benchmark_passes_its_own_check(benchmark_name, tmp_path):
    done = crucible("benchmarks", "check", benchmark_name, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    checked = json.loads(done.stdout)
    assert checked["references_passed"] == checked["problems"] == len(load_benchmark(benchmark_name).problems)
    assert checked["stubs_passed"] == 0


def test_the_list_of_benchmarks_needs_no_data(tmp_path):
    elsewhere = {"CRUCIBLE_DATA": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = crucible("benchmarks", cwd=tmp_path, **elsewhere)
    rows = json.loads(crucible("benchmarks", "--json", cwd=tmp_path, **elsewhere).stdout)
    assert done.returncode == 0, done.stderr
    assert re.search(r"mbpp:all +974 problems  python, 2021, CC-BY-4.0, data not on this machine", done.stdout)
    shipped = ["humaneval", "starter", "practice", "practice:same-families", "practice:held-out"]
    assert [row["name"] for row in rows if row["at_hand"]] == shipped
    assert [row["name"] for row in rows if row["name"] not in done.stdout] == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("markdown", "| model | benchmark |"),
        ("csv", "run_id,benchmark,model"),
        ("latex", r"\toprule"),
        ("html", "<th>model</th><th>benchmark</th>"),
        ("json", '"benchmark": "'),
    ],
)
def test_a_report_is_printed_in_other_forms(canonical, form, said):
    run, _ = canonical
    done = crucible("report", run, "--format", form, cwd=run.parent)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_the_samples_of_several_runs_go_to_one_parquet_file(canonical, tmp_path):
    run, report = canonical
    file = tmp_path / "samples.parquet"
    done = crucible("report", run, run, "--parquet", file, "--json", cwd=run.parent)
    assert done.returncode == 0, done.stderr
    rows = parquet.read_table(file).to_pylist()
    assert [row["problem_id"] for row in rows] == [f"HumanEval/{number}" for number in range(164)] * 2
    assert {(row["run_id"], row["verdict"], row["codebleu"]) for row in rows} == {(report["run_id"], "passed", 1.0)}
    assert sum(row["high"] + row["medium"] + row["low"] for row in rows) == 6
    assert list(tmp_path.iterdir()) == [file]


def test_without_pyarrow_the_extra_is_named_before_anything_is_computed(canonical, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sample_export, "find_spec", lambda _: None)
    assert main(["report", str(canonical[0]), "--parquet", str(tmp_path / "samples.parquet")]) == EXIT_USAGE
    assert "needs the extra 'parquet': pip install 'codecrucible[parquet]'" in capsys.readouterr().err


@pytest.mark.slow
def test_the_doctor_finds_everything(tmp_path):
    done = crucible("doctor", "--json", cwd=tmp_path)
    facts = {fact["name"]: fact for fact in json.loads(done.stdout)}
    assert done.returncode == 0, [fact for fact in facts.values() if not fact["ok"]]
    assert {"benchmark humaneval", "benchmark starter", "model packages", "accelerator"} <= facts.keys()


def test_a_changed_data_file_is_used_only_where_that_is_asked_for_and_every_report_says_so(tmp_path):
    row = {
        "task_id": 601, "text": "Write a function that doubles a number.", "code": "def twice(x):\n    return 2 * x",
        "test_list": ["assert twice(2) == 4"], "test_setup_code": "", "challenge_test_list": [],
    }  # fmt: skip
    (tmp_path / "mbpp").mkdir()
    (tmp_path / "mbpp/mbpp.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "s.jsonl").write_text(json.dumps({"task_id": "MBPP/601", "completion": row["code"]}) + "\n")
    evaluate = ("evaluate", "s.jsonl", "--benchmark", "mbpp:train", "--out", "run")
    refused = crucible(*evaluate, cwd=tmp_path, CRUCIBLE_DATA=str(tmp_path))
    assert (refused.returncode, "--allow-unpinned" in refused.stderr) == (2, True)
    taken = crucible(*evaluate, "--allow-unpinned", cwd=tmp_path, CRUCIBLE_DATA=str(tmp_path))
    assert taken.returncode == 0, taken.stderr
    again = crucible("report", "run", "--json", cwd=tmp_path, CRUCIBLE_DATA=str(tmp_path))
    report = json.loads(again.stdout)
    digest = hashlib.sha256((tmp_path / "mbpp/mbpp.jsonl").read_bytes()).hexdigest()
    assert (report["benchmark"], report["pinned"]) == (f"mbpp:train@{digest[:12]}", False)
    assert report["pass_at_k"]["1"]["value"] == 1.0
    assert "is NOT THE PUBLISHED FILE" in taken.stdout
