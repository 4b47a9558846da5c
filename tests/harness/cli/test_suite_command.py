"""`crucible run SUITE` and `crucible init`, with models behind servers and programs in real containers."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from codecrucible.harness.cli.main import main
from codecrucible.reports.views.sheet import NOT_MEASURED

pytestmark = pytest.mark.docker

RUN = Path(__file__).parents[2] / "data" / "run-of-0.1.0"

SUITE = """\
out = "release"

[run]
benchmark = "starter"
problems = ["starter/0", "starter/1"]
prompt-form = "completion"
n = 3
temperature = 0.5

[[models]]
name = "base"
model = "openai:{base}#tiny"

[[models]]
name = "tuned"
model = "openai:{tuned}#tiny"
n = 2

[gate]
baseline = "base"
candidate = "tuned"
strict = true

[outputs]
leaderboard = "leaderboard.html"
page = "comparison.html"
junit = "gate.xml"
"""


@pytest.fixture
def suite(serve, tmp_path, monkeypatch):
    """The suite file, in the current folder."""
    monkeypatch.chdir(tmp_path)
    address = serve(text="    return 1\n")
    file = tmp_path / "suite.toml"
    file.write_text(SUITE.format(base=address, tuned=address))
    return file


@pytest.mark.usefixtures("engine")
def test_one_command_makes_all_runs_and_decides_and_the_same_again_asks_no_model(suite, tmp_path, capsys):
    assert main(["run", "suite.toml", "--quiet", "--dry-run", "--model", "./other"]) == 0
    planned = [
        line for line in capsys.readouterr().out.splitlines() if line.startswith("crucible run --benchmark=starter")
    ]
    assert ["./other" in planned[0].split("--model=")[1], "./other" in planned[1].split("--model=")[1]] == [False, True]
    assert not (tmp_path / "release").exists()

    assert main(["run", "suite.toml", "--quiet", "--seed", "7"]) == 3, "two problems decide nothing"
    out = capsys.readouterr().out
    assert out.rindex("INCONCLUSIVE") > out.index("95 % ranks") > out.index("run folder: release/tuned")
    made = json.loads((tmp_path / "release" / "tuned" / "run.json").read_text())
    assert (made["sampling"]["n"], made["sampling"]["seed"]) == (2, 7)
    assert "<!doctype html>" in (tmp_path / "release" / "comparison.html").read_text()[:100].lower()
    assert (tmp_path / "release" / "leaderboard.html").exists()
    assert ET.parse(tmp_path / "release" / "gate.xml").getroot().tag == "testsuites"

    asked = (tmp_path / "log.jsonl").read_text().count("\n")
    assert main(["run", "suite.toml", "--quiet", "--seed", "7"]) == 3
    log = (tmp_path / "log.jsonl").read_text().splitlines()[asked:]
    assert not [line for line in log if json.loads(line).get("prompt", "").startswith("def")], "nothing was left to ask"
    capsys.readouterr()
    assert main(["run", "suite.toml", "--quiet", "--seed", "7", "--dry-run"]) == 0
    assert [line.split()[1:4] for line in capsys.readouterr().out.splitlines() if "starter[" in line] == [
        ["starter[starter/0,starter/1]", "6", "6"],
        ["starter[starter/0,starter/1]", "4", "4"],
    ]


@pytest.mark.usefixtures("engine")
def test_a_model_that_fails_does_not_keep_the_others_from_their_runs(suite, tmp_path, capsys):
    broken = SUITE.format(base="http://127.0.0.1:9/v1", tuned=suite.read_text().split("openai:")[2].split("#")[0])
    suite.write_text(broken)
    assert main(["run", "suite.toml", "--quiet"]) == 2
    captured = capsys.readouterr()
    assert "1 of 2 runs are not whole, so nothing is decided; the same command resumes them" in captured.err
    assert "--out=release/base" in captured.err
    assert (tmp_path / "release" / "tuned" / "report.json").exists()
    assert not (tmp_path / "release" / "gate.xml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--adapter", "x"], "--adapter beside the suite suite.toml"),
        (["--json"], "--json beside the suite"),
        (["-n", "1", "-k", "5"], "-k"),
        (["--problems", "starter/99"], "starter/99"),
    ],
)
def test_what_cannot_be_carried_out_stops_a_suite_before_its_first_run(suite, tmp_path, capsys, arguments, said):
    assert main(["run", "suite.toml", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "release").exists()


def test_init_writes_an_example_that_can_be_planned_and_replaces_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert json.loads((tmp_path / "suite.schema.json").read_text())["title"]
    (tmp_path / "suite.toml").write_text("mine = 1\n")
    assert main(["init"]) == 2
    assert "suite.toml is there already" in capsys.readouterr().err
    assert (tmp_path / "suite.toml").read_text() == "mine = 1\n"
    assert main(["init", "other.toml"]) == 0


def test_a_plan_says_which_hours_are_not_known_and_how_to_learn_them(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["run", "--model", "bundled:smollm2-135m-instruct", "--benchmark", "starter", "-n", "5", "--dry-run"]
    assert main(command) == 0
    planned = " ".join(capsys.readouterr().out.split())
    assert f"bundled:smollm2-135m-instruct starter 200 0 {NOT_MEASURED} 0.10" in planned
    assert "Hours are not known of bundled:smollm2-135m-instruct, of which no run is here." in planned

    run = tmp_path / "runs" / "trial"
    shutil.copytree(RUN, run)
    session = json.loads((run / "sessions.jsonl").read_text())
    samples = len((run / "samples.jsonl").read_text().splitlines())
    assert main(command) == 0
    planned = " ".join(capsys.readouterr().out.split())
    assert f"starter 200 0 {200 * session['generate_s'] / samples / 3600:.2f} 0.10" in planned
    assert "are not known of" not in planned


def test_neither_a_model_nor_a_suite_is_refused(capsys):
    assert main(["run", "--benchmark", "starter"]) == 2
    assert "--model is required, or a suite file" in capsys.readouterr().err
