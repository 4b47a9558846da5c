"""Problems with dates on the command line: chosen by days, recorded, and reported before and after a cut-off."""

import json

import pytest
from livecodebench_data import RIGHT, ROWS, WRONG, written

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

pytestmark = pytest.mark.docker


def test_days_choose_the_problems_of_a_run_and_a_cut_off_parts_its_report(languages, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path / "lcb.jsonl")
    lines = [
        {"task_id": row["question_id"], "completion": (RIGHT if at % 2 else WRONG)[row["question_id"]]}
        for at, row in enumerate(ROWS)
    ]
    (tmp_path / "samples.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    common = ["evaluate", "samples.jsonl", "--benchmark", "livecodebench:lcb.jsonl", "--out", "run"]
    days = ["--since", "2024-07-01", "--until", "2024-08-31"]

    assert main([*common, *days, "--cutoff", "2024-07-10", "--json"]) == EXIT_DONE
    report = json.loads(capsys.readouterr().out)
    assert report["benchmark"] == f"livecodebench:{path}[2024-07-01..2024-08-31]"
    assert [each["month"] for each in report["by_month"]] == ["2024-07", "2024-08"]
    assert (report["cutoff"]["before"]["problems"], report["cutoff"]["after"]["problems"]) == (1, 3)
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert manifest["benchmark"]["dates"] == {
        "leetcode_6": "2024-07-06",
        "leetcode_7": "2024-08-03",
        "atcoder_6": "2024-07-13",
        "codeforces_7": "2024-08-10",
    }
    assert manifest["cutoff"] == "2024-07-10"

    assert main(["report", "run", "--cutoff", "2024-07-31", "--format", "markdown"]) == EXIT_DONE
    shown = capsys.readouterr().out
    assert " 0.0 % (0.0 to 98.8) (2 problems) | 100.0 % (1.2 to 100.0) (2 problems) | +100.0 |" in shown

    assert main([*common, "--since", "2024-07-01", "--limit", "3"]) == EXIT_USAGE
    assert "--limit 3 beside --since 2024-07-01; give a number, or ids, or days" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([*common, "--since", "July"])
