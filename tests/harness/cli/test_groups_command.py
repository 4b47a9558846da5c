"""`crucible report --by` and `crucible compare --by` over run folders that the real commands made."""

import csv
import json
from io import StringIO

import pytest
from own_records import RECORD, write

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]

RIGHT, WRONG = "    return 1\n", "    return eval('2')\n"


@pytest.fixture
def runs(tmp_path, monkeypatch, capsys):
    """Two runs of a benchmark of one's own, which has problems in two topics and one in none."""
    monkeypatch.chdir(tmp_path)
    records = [{**RECORD, "task_id": f"mine/{place}"} for place in range(9)]
    for place, record in enumerate(records[:8]):
        record["groups"] = {"topic": "dates" if place % 2 else "sums"}
    write(tmp_path / "bench.jsonl", *records)
    for name, wrong in (("base", {0}), ("candidate", {0, 1, 3, 5, 7, 8})):
        lines = [
            {"task_id": record["task_id"], "completion": WRONG if place in wrong else RIGHT}
            for place, record in enumerate(records)
        ]
        write(tmp_path / f"{name}.jsonl", *lines)
        done = main(["evaluate", f"{name}.jsonl", "--benchmark", "./bench.jsonl", "--out", name, "--quiet"])
        assert done == EXIT_DONE
    capsys.readouterr()
    return tmp_path


def test_groups_of_a_benchmark_of_ones_own_have_their_scores_in_every_form(runs, capsys):
    assert main(["report", "base", "--by", "topic", "--json"]) == EXIT_DONE
    (of_run,) = json.loads(capsys.readouterr().out)["reports"]
    assert [(each["group"], each["problems"], each["pass_at_1"]["value"]) for each in of_run["groups"]] == [
        ("sums", 4, 0.75),
        ("dates", 4, 1.0),
        (None, 1, 1.0),
    ]
    assert [each["insecure_rate"]["value"] for each in of_run["groups"]] == [0.25, 0.0, 0.0]
    for form in ("table", "markdown", "latex", "html"):
        assert main(["report", "base", "candidate", "--by", "topic", "--format", form]) == EXIT_DONE
        shown = capsys.readouterr().out
        assert shown.count("not stated") in {2, 4}  # LaTeX sets a wide table in parts
    assert main(["report", "base", "candidate", "--by", "language", "--format", "csv"]) == EXIT_DONE
    assert [line["group"] for line in csv.DictReader(StringIO(capsys.readouterr().out))] == ["python", "python"]


def test_two_runs_are_compared_by_group(runs, capsys):
    assert main(["compare", "base", "candidate", "--by", "topic", "--json"]) == EXIT_DONE
    (compared,) = json.loads(capsys.readouterr().out)["comparisons"]
    of_passes = compared["quantities"]["pass_at_1"]
    assert [(each["group"], each["difference"], each["lost"]) for each in of_passes] == [
        ("sums", 0.0, 0),
        ("dates", -1.0, 4),
        (None, -1.0, 1),
    ]
    assert set(compared["quantities"]) == {"pass_at_1", "secure_pass_at_1", "insecure_rate"}
    assert main(["compare", "base", "candidate", "--by", "topic"]) == EXIT_DONE
    assert "pass@1 by topic" in capsys.readouterr().out


def test_a_kind_that_is_not_there_lists_those_that_are(runs, capsys):
    for command in (["report", "base"], ["compare", "base", "candidate"]):
        assert main([*command, "--by", "cwe"]) == EXIT_USAGE
        assert "no groups of the kind 'cwe'; there are language, topic" in capsys.readouterr().err
    assert main(["report", "base", "--by", "topic", "--similarity"]) == EXIT_USAGE
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "base", "candidate", "--by", "topic", "--samples"])


def test_groups_are_held_against_one_of_them_where_records_are_versions_of_a_problem(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    records = [
        {**RECORD, "task_id": f"mine/{place}@{tongue}", "groups": {"tongue": tongue}}
        for tongue in ("English", "German")
        for place in range(12)
    ]
    write(tmp_path / "bench.jsonl", *records)
    lines = [
        {"task_id": record["task_id"], "completion": WRONG if place in range(12, 20) else RIGHT}
        for place, record in enumerate(records)
    ]
    write(tmp_path / "samples.jsonl", *lines)
    assert main(["evaluate", "samples.jsonl", "--benchmark", "./bench.jsonl", "--out", "run", "--quiet"]) == EXIT_DONE
    capsys.readouterr()
    assert main(["report", "run", "--by", "tongue", "--against", "English", "--json"]) == EXIT_DONE
    (of_run,) = json.loads(capsys.readouterr().out)["reports"]
    (german,) = of_run["against"]["pass_at_1"]
    assert (german["group"], german["difference"], german["problems"]) == (
        "German",
        pytest.approx(-2 / 3, abs=1e-6),
        12,
    )
    assert german["p_holm"] == pytest.approx(2 * 0.5**9, rel=1e-3)
    ratio = of_run["against"]["worst_to_best"]
    assert (ratio["worst"], ratio["best"], ratio["ratio"]) == ("German", "English", pytest.approx(1 / 3, abs=1e-6))
    assert main(["report", "run", "--by", "tongue", "--against", "English"]) == EXIT_DONE
    assert "four-fifths line (0.8)" in capsys.readouterr().out
    assert main(["report", "run", "--by", "tongue", "--against", "Greek"]) == EXIT_USAGE
    assert "there are English, German" in capsys.readouterr().err
    assert main(["report", "run", "--against", "English"]) == EXIT_USAGE
    assert main(["report", "run", "--by", "tongue", "--against", "English", "--format", "csv"]) == EXIT_USAGE
