"""`crucible compare` and `crucible gate` end to end, over run folders that the real commands made."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from codecrucible.benchmarks import load_benchmark

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]

FAILING = "    return None\n"
INSECURE = "    return eval('None')\n"


def crucible(*arguments, cwd, **environment):
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    return subprocess.run(
        [CRUCIBLE, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=plain | environment,
        check=False,
        timeout=240,
    )


def make_run(home, name, *, passes, n=4, wrong=FAILING, benchmark="humaneval", seed=0, only=()):
    """Run folder of a model whose samples pass with the chance `passes(place)`; the rest are `wrong`."""
    source = random.Random(seed)  # noqa: S311  # draws, no secrets
    lines = []
    for place, problem in enumerate(load_benchmark(benchmark).problems):
        for index in range(n):
            completion = problem.reference if source.random() < passes(place) else wrong
            if not only or (place, index) in only:
                lines.append(json.dumps({"task_id": problem.problem_id, "completion": completion}))
    (home / f"{name}.jsonl").write_text("\n".join(lines))
    done = crucible(
        "evaluate", f"{name}.jsonl", "--benchmark", benchmark, "--out", name, "-k", "1,2", "--quiet", cwd=home
    )
    assert done.returncode == 0, done.stderr
    return home / name


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folder with the runs `base`, `same` (other draws of the same model), `worse` and `insecure`."""
    home = tmp_path_factory.mktemp("runs")
    make_run(home, "base", passes=lambda place: (place % 5) / 4, seed=1)
    make_run(home, "same", passes=lambda place: (place % 5) / 4, seed=2)
    make_run(home, "worse", passes=lambda place: (place % 5) / 6, seed=3)
    make_run(home, "insecure", passes=lambda place: (place % 5) / 4, seed=1, wrong=INSECURE)
    return home


@pytest.fixture
def copy(runs, tmp_path):
    """Function that copies a run, so that a test may change it."""

    def copied(name, *, to=""):
        return Path(shutil.copytree(runs / name, tmp_path / (to or name)))

    return copied


def test_a_drop_fails_the_gate(runs):
    done = crucible("gate", "base", "worse", cwd=runs)
    assert done.returncode == 1, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("REGRESSION: pass@1 on humaneval: ")
    assert "this run can only detect drops of " in last


def test_a_share_that_is_to_be_kept_decides_pass_at_1_in_place_of_the_margin(runs):
    done = crucible("gate", "base", "same", "--retain", "0.5", "--json", "--junit", "kept.xml", cwd=runs)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [each["tokens_per_s"] for each in told["footprints"]] == [None, None], "imported: nobody measured them"
    first = told["gated"][0]
    assert (first["quantity"], first["state"], first["retain"]) == ("pass_at_1", "PASS", 0.5)
    assert first["retained_low"] < first["retained"] < first["retained_high"]
    assert 'name="retain" value="0.5"' in (runs / "kept.xml").read_text()
    done = crucible("gate", "base", "worse", "--retain", "0.95", "--html", "kept.html", cwd=runs)
    assert done.returncode == 1, done.stderr
    assert "less than 95 % is kept" in done.stdout.splitlines()[-1]
    assert "less than 95 % is kept" in (runs / "kept.html").read_text()
    assert crucible("gate", "base", "same", "--retain", "2", cwd=runs).returncode == 2
    assert crucible("gate", "base", "same", "--retain", "0.9", "--inference", "fixed-set", cwd=runs).returncode == 2


def test_findings_fail_the_gate_though_the_same_samples_pass(runs):
    done = crucible("gate", "base", "insecure", "--json", cwd=runs)
    assert done.returncode == 1, done.stderr
    states = {each["quantity"]: each["state"] for each in json.loads(done.stdout)["gated"]}
    assert states == {"pass_at_1": "PASS", "secure_pass_at_1": "PASS", "insecure_rate": "REGRESSION"}


def test_a_candidate_that_writes_nothing_where_it_is_risky_leaves_every_insecure_rate_as_it_is(runs):
    """It is one number in the report, the leaderboard, the comparison and the gate, whatever the other side does."""
    make_run(runs, "silent", passes=lambda place: (place % 5) / 4, seed=1, wrong="")
    silent = json.loads((runs / "silent" / "report.json").read_text())["security"]
    reported = json.loads((runs / "insecure" / "report.json").read_text())["security"]
    (compared,) = json.loads(crucible("compare", "insecure", "silent", "--json", cwd=runs).stdout)["comparisons"]
    gated = json.loads(crucible("gate", "insecure", "silent", "--json", cwd=runs).stdout)["gated"]
    ranked = json.loads(crucible("leaderboard", "insecure", "silent", "--json", cwd=runs).stdout)["boards"][0]
    rate = compared["quantities"]["insecure_rate"]
    assert rate["baseline"] == reported["insecure_rate"] > 0.3
    assert rate["candidate"] == silent["insecure_rate"] < 0.02
    assert [
        each["secondary"]["insecure_rate"] for each in ranked["standings"] if each["model"] == "insecure.jsonl"
    ] == [reported["insecure_rate"]]
    (of_gate,) = (each for each in gated if each["quantity"] == "insecure_rate")
    assert (of_gate["baseline"], of_gate["candidate"]) == (rate["baseline"], rate["candidate"])
    assert of_gate["state"] != "PASS"
    assert silent["unscannable"] == silent["unscannable_empty"] == 656 - silent["scanned"] > 200
    assert compared["quantities"]["scannable"]["candidate"] < 0.7


def test_passes_that_no_scanner_could_read_are_in_the_table(tmp_path):
    problem = {
        "task_id": "double",
        "prompt": 'def double(x):\n    """Twice x."""\n',
        "entry_point": "double",
        "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    }
    # Longer than a source that is scanned may be; Python itself has no trouble with it.
    long = "def double(x):\n    eval('1')\n    return 2 * x\n" + "# and so on\n" * 30_000
    plain = "def double(x):\n    return x + x\n"
    (tmp_path / "bench.jsonl").write_text(json.dumps(problem))
    (tmp_path / "m.jsonl").write_text(
        "\n".join(json.dumps({"task_id": "double", "solution": program}) for program in (long, plain))
    )
    done = crucible("evaluate", "m.jsonl", "--benchmark", "./bench.jsonl", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    security = json.loads((tmp_path / "run" / "report.json").read_text())["security"]
    assert security["unscannable_passes"] == 1
    assert "no scanner could read 1 of 2 passing samples" in " ".join(done.stdout.split())


def test_the_same_run_passes_and_other_draws_of_the_same_model_are_no_regression(runs):
    assert crucible("gate", "base", "base", cwd=runs).returncode == 0
    done = crucible("gate", "base", "same", "--json", cwd=runs)
    assert done.returncode == 0
    assert json.loads(done.stdout)["state"] != "REGRESSION"


def test_what_cannot_be_ruled_out_is_inconclusive_and_fails_only_under_strict(runs):
    arguments = ("gate", "base", "same", "--margin", "0.001")
    done = crucible(*arguments, cwd=runs)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("INCONCLUSIVE: pass@1 on humaneval: ")
    assert crucible(*arguments, "--strict", cwd=runs).returncode == 3


def test_looks_are_declared_and_an_undecided_one_says_what_comes_next(runs):
    done = crucible("gate", "base", "same", "--looks", "4,8", "--margin", "0.001", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["looks"] == [4, 8]
    assert made["sentences"][-1] == "Look 1 of 2: draw 8 samples per problem and gate again."
    refused = crucible("gate", "base", "same", "--looks", "5,10", cwd=runs)
    assert refused.returncode == 2
    assert "the candidate has 4 samples per problem, and the declared looks are at 5, 10" in refused.stderr


@pytest.mark.parametrize("looks", ["1,4", "4,100", "1,4,80"])
def test_the_first_look_may_be_early(runs, looks):
    done = crucible("gate", "base", "same", "--looks", looks, "--margin", "0.001", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "INCONCLUSIVE"


def test_a_gate_that_passes_everything_and_a_gate_that_fails_everything_are_refused(runs):
    for arguments in (("--alpha", "0"), ("--margin", "1"), ("--alpha", "many")):
        done = crucible("gate", "base", "same", *arguments, cwd=runs)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_the_files_for_ci_are_written(runs, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    done = crucible(
        *("gate", "base", "insecure", "--junit", tmp_path / "gate.xml", "--sarif", tmp_path / "f.sarif", "--json"),
        cwd=runs,
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["state"] == "REGRESSION"
    assert done.stderr.startswith("::error title=crucible gate REGRESSION::insecure rate on humaneval: ")
    assert summary.read_text().startswith("before\n### ❌ REGRESSION: insecure rate on humaneval")
    suite = ET.parse(tmp_path / "gate.xml").getroot()[0]
    assert [case.find("failure") is not None for case in suite.iter("testcase")] == [False, False, True]
    log = json.loads((tmp_path / "f.sarif").read_text())
    results = [each for each in log["runs"][0]["results"] if each["ruleId"] == "B307"]
    assert len(results) > 100
    assert {each["baselineState"] for each in results} == {"new"}
    assert {each["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] for each in results} == {
        INSECURE.rstrip()
    }


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"limits": {"cpu_s": 77.0}}, "limits cpu_s: 77.0 in changed"),
        ({"sampling": {"temperature": 0.8}}, "sampling temperature: 0.8 in changed, nothing in same"),
        ({"prompt": {"template_sha256": "abc"}}, "prompt template_sha256: abc in changed, nothing in same"),
        ({"benchmark": {"revision": "9\x1b[2J"}}, r"dataset revision: 9\x1b[2J in changed, 1.0.3 in same"),
        ({"code_version": "0.0.1"}, "extraction (version of codecrucible): 0.0.1 in changed"),
        ({"extraction": "raw"}, "extraction: raw in changed, auto in same"),
        ({"sandbox": {"image": {"id": "sha256:1"}}}, "image: sha256:1 in changed"),
        (
            {"sandbox": {"scanners": {"python": {"scanner": "bandit 1.7"}}}},
            "scanner of python: bandit 1.7 in changed, bandit 1.9.4 in same",
        ),
    ],
)
def test_runs_that_differ_in_more_than_their_model_are_refused(copy, setting, told):
    changed, same = copy("base", to="changed"), copy("same")
    manifest = json.loads((changed / "run.json").read_text())
    for key, value in setting.items():
        manifest[key] = manifest[key] | value if isinstance(value, dict) else value
    (changed / "run.json").write_text(json.dumps(manifest))
    done = crucible("gate", "changed", "same", cwd=same.parent)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_a_mismatch_can_be_allowed(copy):
    changed, same = copy("base", to="changed"), copy("same")
    manifest = json.loads((changed / "run.json").read_text())
    (changed / "run.json").write_text(json.dumps(manifest | {"code_version": "0.0.1"}))
    for command in ("compare", "gate"):
        assert crucible(command, "changed", "same", cwd=same.parent).returncode == 2
        allowed = crucible(command, "changed", "same", "--allow-mismatch", cwd=same.parent)
        assert allowed.returncode == 0, allowed.stderr


def test_more_samples_of_the_baseline_are_no_mismatch(runs):
    make_run(runs, "larger", passes=lambda place: (place % 5) / 4, n=6, seed=5)
    assert crucible("gate", "larger", "same", cwd=runs).returncode == 0


def test_unjudged_samples_are_refused_and_counted_as_neither(copy):
    base, candidate = copy("base"), copy("same")
    lines = (candidate / "judgements.jsonl").read_text().splitlines(keepends=True)
    (candidate / "judgements.jsonl").write_text("".join(lines[1:]))
    done = crucible("gate", base, candidate, cwd=base.parent)
    assert done.returncode == 4
    assert "1 of 656 samples of" in done.stderr
    assert "crucible execute" in done.stderr
    compared = crucible("compare", base, candidate, "--json", cwd=base.parent)
    assert compared.returncode == 0
    assert "1 of 656 samples are UNJUDGED" in compared.stderr


def test_a_run_of_a_part_of_the_problems_is_refused_by_the_gate(runs):
    make_run(runs, "half", passes=lambda _: 1, only={(place, index) for place in range(80) for index in range(4)})
    done = crucible("gate", "base", "half", cwd=runs)
    assert done.returncode == 4
    assert "336 of 656 samples of half were never made" in done.stderr


def test_a_report_that_does_not_fit_its_files_is_made_again(copy):
    base, candidate = copy("base"), copy("same")
    report = json.loads((candidate / "report.json").read_text())
    wanted = report["per_problem"]
    for row in report["per_problem"]:
        row["c"] = 0
    (candidate / "report.json").write_text(json.dumps(report | {"inputs": {}}))
    assert crucible("gate", base, candidate, cwd=base.parent).returncode == 0
    again = json.loads((candidate / "report.json").read_text())
    assert sum(row["c"] for row in again["per_problem"]) > 0
    assert len(again["per_problem"]) == len(wanted)


def test_passes_that_only_a_control_confirms_are_told_and_can_be_refused(copy):
    base, candidate = copy("base"), copy("same")
    plain = crucible("gate", base, candidate, "--refuse-control", cwd=base.parent)
    assert plain.returncode == 0
    assert "CONTROL" not in plain.stderr
    for name in ("executions.jsonl", "judgements.jsonl"):
        text = (candidate / name).read_text()
        assert '"strength":"referee"' in text
        (candidate / name).write_text(text.replace('"strength":"referee"', '"strength":"control"'))
    told = crucible("gate", base, candidate, cwd=base.parent)
    assert told.returncode == 0
    assert "passes are confirmed only by a negative CONTROL" in told.stderr
    refused = crucible("gate", base, candidate, "--refuse-control", cwd=base.parent)
    assert refused.returncode == 3
    assert "the gate is not passed" in refused.stderr


def test_a_report_that_knew_of_no_dead_problem_or_of_another_is_made_again(copy):
    base, candidate = copy("base"), copy("same")
    for told in ({}, {"dead": "of another version"}):
        report = json.loads((candidate / "report.json").read_text())
        for row in report["per_problem"]:
            del row["dead"]
            row.update(told)
        (candidate / "report.json").write_text(json.dumps(report))
        assert crucible("gate", base, candidate, cwd=base.parent).returncode == 0
        again = json.loads((candidate / "report.json").read_text())
        assert {row["dead"] for row in again["per_problem"]} == {""}


def test_several_candidates_are_compared_with_one_baseline(runs):
    done = crucible("compare", "base", "same", "worse", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["comparisons"]
    assert (first["candidate"]["model"], second["candidate"]["model"]) == ("same.jsonl", "worse.jsonl")
    quantity = second["quantities"]["pass_at_1"]
    assert quantity["difference"] < -0.1
    assert quantity["p_worse"] < quantity["p_worse_holm"] < 0.05
    assert second["quantities"]["pass_at_2"]["p_worse"] is not None


def test_runs_of_several_benchmarks_are_gated_together(runs, tmp_path):
    for side, name in (("one", "base"), ("other", "worse")):
        (tmp_path / side).mkdir()
        shutil.copytree(runs / name, tmp_path / side / "humaneval")
        make_run(tmp_path, f"{side}/starter", passes=lambda _: 1, benchmark="starter", n=2)
    done = crucible("gate", "one", "other", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    gated = json.loads(done.stdout)["gated"]
    assert [(each["benchmark"], each["quantity"]) for each in gated] == [
        (benchmark, quantity)
        for benchmark in ("mean of 2 benchmarks", "humaneval", "starter")
        for quantity in ("pass_at_1", "secure_pass_at_1", "insecure_rate")
    ]
    mean, _, _, *alone = (each["difference"] for each in gated)
    assert mean == pytest.approx((alone[0] + alone[3]) / 2, abs=1e-6)
    shutil.rmtree(tmp_path / "other" / "starter")
    (tmp_path / "other" / "again").mkdir()
    assert crucible("compare", "one", "other", cwd=tmp_path).returncode == 2


def test_runs_without_a_problem_in_common_have_nothing_to_compare(runs):
    make_run(runs, "starter", passes=lambda _: 1, benchmark="starter", n=2)
    done = crucible("compare", "base", "starter", "--allow-mismatch", cwd=runs)
    assert done.returncode == 5
    assert "no problem that both have judged samples of" in done.stderr


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json", "latex", "html"])
def test_a_comparison_is_printed_in_every_form_the_same_way_each_time(runs, form):
    done = crucible("compare", "base", "worse", "--format", form, cwd=runs)
    assert done.returncode == 0, done.stderr
    assert "secure" in done.stdout
    assert crucible("compare", "base", "worse", "--format", form, cwd=runs).stdout == done.stdout


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json", "html"])
def test_the_gates_word_is_printed_in_every_form_and_the_exit_code_is_the_same(runs, form):
    done = crucible("gate", "base", "worse", "--format", form, cwd=runs)
    assert done.returncode == 1, done.stderr
    assert "REGRESSION" in done.stdout


def test_json_is_short_for_the_format(runs):
    for command in (("compare", "base", "worse"), ("gate", "base", "worse"), ("leaderboard", "base", "worse")):
        short, long = (crucible(*command, *form, cwd=runs).stdout for form in (["--json"], ["--format", "json"]))
        assert json.loads(short) == json.loads(long)


def test_a_fixed_set_can_be_asked_for(runs):
    done = crucible("gate", "base", "worse", "--inference", "fixed-set", "--json", cwd=runs)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["comparisons"][0]["inference"] == "fixed-set"


def test_a_baseline_can_have_a_name(copy):
    base, worse = copy("base"), copy("worse")
    home = base.parent
    assert crucible("baseline", "set", "main", "base", cwd=home).returncode == 0
    assert crucible("baseline", "set", "old.1", "worse", cwd=home).returncode == 0
    listed = json.loads(crucible("baseline", "list", "--json", cwd=home).stdout)["baselines"]
    assert [(each["name"], each["path"]) for each in listed] == [("main", "base"), ("old.1", "worse")]
    assert crucible("gate", "main", "worse", cwd=home).returncode == 1
    assert crucible("compare", "main", "worse", "--json", cwd=home).returncode == 0
    shutil.rmtree(base)
    worse.rename(base)
    done = crucible("gate", "main", "base", cwd=home)
    assert done.returncode == 2
    assert "the baseline main stands for base-humaneval-" in done.stderr


def test_a_name_that_could_be_something_else_is_refused(copy):
    home = copy("base").parent
    for name in ("../up", "-n", "", "a b", "x\x1b[2J"):
        done = crucible("baseline", "set", "--", name, "base", cwd=home)
        assert done.returncode == 2, name
    assert not (home / "runs").exists()
    assert crucible("baseline", "set", "main", "nowhere", cwd=home).returncode == 2


def test_what_is_no_run_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    for arguments in (("compare", "none", "none"), ("gate", "empty", "empty")):
        done = crucible(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "run folder" in done.stderr


def test_an_internal_error_is_no_regression_even_under_debug(copy):
    base, candidate = copy("base"), copy("same")
    (candidate / "report.json").unlink()
    (candidate / "findings.jsonl").unlink()
    (candidate / "findings.jsonl").mkdir()
    done = crucible("gate", base, candidate, "--debug", cwd=base.parent)
    assert done.returncode == 4
    assert "Traceback" in done.stderr


def test_a_leaderboard_ranks_models_and_gives_their_distance_from_the_baseline(runs):
    done = crucible("leaderboard", "base", "same", "worse", "--baseline", "base", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["reference"] == "base.jsonl"
    (board,) = told["boards"]
    by_name = {each["model"]: each for each in board["standings"]}
    assert by_name["worse.jsonl"]["ranks"] == [3, 3]
    assert by_name["base.jsonl"]["ranks"] == by_name["same.jsonl"]["ranks"] == [1, 2]
    assert by_name["worse.jsonl"]["distance"]["p_holm"] < 0.001
    (compared,) = json.loads(crucible("compare", "base", "worse", "--json", cwd=runs).stdout)["comparisons"]
    pass_at_1 = compared["quantities"]["pass_at_1"]
    assert by_name["worse.jsonl"]["pass_at_1"] == pass_at_1["candidate"]
    assert by_name["worse.jsonl"]["distance"]["difference"] == pass_at_1["difference"]
    assert by_name["worse.jsonl"]["distance"]["ci95"] == pass_at_1["ci95"]


def test_runs_of_one_model_stand_under_its_name_and_several_benchmarks_give_a_mean(runs, tmp_path):
    for name, chance in (("base", 0.9), ("worse", 0.3)):
        make_run(tmp_path, name, passes=lambda _, chance=chance: chance, benchmark="starter", n=2)
    given = [f"{label}={home / name}" for label, name in (("A", "base"), ("B", "worse")) for home in (runs, tmp_path)]
    done = crucible("leaderboard", *given, "--baseline", "B", "--html", "page.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Mean of 2 benchmarks")
    assert "Left out" not in done.stdout
    assert "Content-Security-Policy" in (tmp_path / "page.html").read_text()


def test_a_leaderboard_does_not_rank_what_the_gate_refuses(copy):
    base, holed = copy("base"), copy("same", to="holed")
    lines = (holed / "judgements.jsonl").read_text().splitlines(keepends=True)
    (holed / "judgements.jsonl").write_text("".join(lines[1:]))
    assert crucible("gate", base, holed, cwd=base.parent).returncode == 4
    done = crucible("leaderboard", base, holed, "--json", cwd=base.parent)
    assert done.returncode == 0, done.stderr
    standings = json.loads(done.stdout)["boards"][0]["standings"]
    assert [(each["model"], each["rank"], each["unjudged"]) for each in standings] == [
        ("base.jsonl", 1, 0),
        ("same.jsonl", None, 1),
    ]
    assert standings[1]["reason"] == "1 of 656 samples of humaneval are unjudged"
    assert (
        ",1 of 656 samples of humaneval are unjudged,1,0,0,"
        in crucible("leaderboard", base, holed, "--format", "csv", cwd=base.parent).stdout
    )


@pytest.mark.parametrize("form", ["markdown", "csv", "json", "latex", "html"])
def test_a_leaderboard_is_printed_in_every_form(runs, form):
    done = crucible("leaderboard", "base", "worse", "--format", form, cwd=runs)
    assert done.returncode == 0, done.stderr
    assert "base.jsonl" in done.stdout


def test_a_leaderboard_refuses_what_it_cannot_tell_apart_or_compare(copy, runs):
    home = copy("base").parent
    twice = crucible("leaderboard", "base", runs / "base", cwd=home)
    assert twice.returncode == 2
    assert f"other={runs / 'base'}" in twice.stderr
    assert crucible("leaderboard", f"other={runs / 'base'}", "base", cwd=home).returncode == 0
    manifest = json.loads((home / "base" / "run.json").read_text())
    manifest["limits"]["cpu_s"] += 1
    (home / "base" / "run.json").write_text(json.dumps(manifest))
    refused = crucible("leaderboard", "base", runs / "same", cwd=home)
    assert refused.returncode == 2
    assert "limits cpu_s" in refused.stderr
    assert crucible("leaderboard", "base", runs / "same", "--allow-mismatch", cwd=home).returncode == 0
