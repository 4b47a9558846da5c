"""`crucible benchmarks import` makes a folder that is a benchmark, and says what became of each row."""

import hashlib
import json

import pytest
from published_rows import mxeval_row

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "rows.jsonl"
    rows = [mxeval_row("perl"), mxeval_row("php", computed=True), mxeval_row("php") | {"language": "kotlin"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_the_folder_is_a_benchmark_with_a_record_of_every_row(tmp_path, source, capsys):
    command = ["benchmarks", "import", str(source), "--format", "mxeval", "--out", str(tmp_path / "made")]
    assert main(command) == EXIT_DONE
    told = capsys.readouterr().out
    assert "2 of 3 rows, 2 with a solution" in told
    assert "judged by: answers 1, control 1" in told
    assert "dropped:   rows.jsonl:3: field 'language': tests of mxeval in 'kotlin'" in told
    record = json.loads((tmp_path / "made" / "conversion.json").read_text())
    assert record["source"] == {
        "file": "rows.jsonl",
        "format": "mxeval",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "rows": 3,
    }
    assert record["strengths"] == {"answers": 1, "control": 1}
    assert [each["row"] for each in record["under_control"] + record["dropped"]] == ["rows.jsonl:2", "rows.jsonl:3"]
    assert [each.language for each in load_benchmark(str(tmp_path / "made")).problems] == ["perl", "php"]
    assert main([*command, "--json"]) == EXIT_DONE  # the same again
    assert json.loads(capsys.readouterr().out) == record


def test_what_cannot_be_imported_touches_nothing(tmp_path, source, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x")
    for file, out, said in [
        (source, tmp_path / "full", "is no folder of an earlier import"),
        (tmp_path / "none.jsonl", tmp_path / "made", "No such file"),
    ]:
        assert main(["benchmarks", "import", str(file), "--format", "mxeval", "--out", str(out)]) == EXIT_USAGE
        assert said in capsys.readouterr().err
    assert main(["benchmarks", "import", str(source), "--format", "apps", "--out", str(tmp_path / "x")]) == EXIT_USAGE
    assert (
        "none of 3 rows became a problem as 'apps'; the first: rows.jsonl:1: field 'question'"
        in capsys.readouterr().err
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["full", "rows.jsonl"]
