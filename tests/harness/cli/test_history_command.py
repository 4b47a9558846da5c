"""`crucible history`: what a baseline's name has stood for, from run folders that the real commands made."""

import json
import shutil
import xml.etree.ElementTree as ET

import pytest
from own_records import RECORD, write

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_REGRESSION, EXIT_USAGE

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]


@pytest.fixture
def named(tmp_path, monkeypatch, capsys):
    """Three runs of nine problems, of which 9, 8 and 1 pass, and a name that stood for each in turn."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "bench.jsonl", *({**RECORD, "task_id": f"mine/{place}"} for place in range(9)))
    for name, right in (("one", 9), ("two", 8), ("three", 1)):
        lines = [
            {"task_id": f"mine/{place}", "completion": f"    return {1 if place < right else 2}\n"}
            for place in range(9)
        ]
        write(tmp_path / f"{name}.jsonl", *lines)
        assert (
            main(["evaluate", f"{name}.jsonl", "--benchmark", "./bench.jsonl", "--out", name, "--quiet"]) == EXIT_DONE
        )
        assert main(["baseline", "set", "main", name]) == EXIT_DONE
    assert main(["baseline", "set", "main", "three"]) == EXIT_DONE  # the same again is no other moment
    capsys.readouterr()
    return tmp_path


def test_a_name_shows_what_it_stood_for_and_the_exit_code_says_that_it_drifted(named, capsys):
    assert main(["history", "main", "--json"]) == EXIT_REGRESSION
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [each["pass_at_1"]["value"] for each in runs] == [
        1.0,
        pytest.approx(8 / 9, abs=1e-6),
        pytest.approx(1 / 9, abs=1e-6),
    ]
    assert [each["drift"] for each in runs] == [False, False, True]
    for form, mark in (
        ("table", "DRIFT"),
        ("csv", "True"),
        ("markdown", "| DRIFT"),
        ("latex", "DRIFT"),
        ("html", "DRIFT"),
    ):
        assert main(["history", "main", "--format", form]) == EXIT_REGRESSION
        assert mark in capsys.readouterr().out


def test_a_run_that_is_gone_is_named_and_the_rest_is_shown(named, capsys):
    shutil.rmtree(named / "two")
    assert main(["history", "main", "--json"]) == EXIT_REGRESSION
    out, err = capsys.readouterr()
    assert len(json.loads(out)["runs"]) == 2
    assert "two does not hold" in err


def test_the_picture_is_an_image(named):
    pytest.importorskip("matplotlib")
    assert main(["history", "main", "--plot", "drift.svg", "--quiet"]) == EXIT_REGRESSION
    assert ET.parse(named / "drift.svg").getroot().tag.endswith("svg")  # our own file
    assert main(["history", "main", "--plot", "drift.txt"]) == EXIT_USAGE


def test_a_name_that_none_has_is_answered_by_those_there_are(named, capsys):
    assert main(["history", "mian"]) == EXIT_USAGE
    assert "no baseline has the name 'mian'; these have: main" in capsys.readouterr().err


def test_a_file_of_a_release_without_histories_is_read(named):
    file = named / "runs" / "baselines.json"
    kept = json.loads(file.read_text())
    for each in kept:
        del each["earlier"]
    file.write_text(json.dumps(kept))
    assert main(["history", "main"]) == EXIT_DONE
