"""The samples of runs in a Parquet file: every row and column, and nothing that was not measured."""

from dataclasses import fields, replace

from pyarrow import parquet

from codecrucible.reports import RunFacts, SampleRow, sample_file
from codecrucible.reports.sample_file import SampleFile

FULL = SampleRow(
    problem_id="p/1",
    sample_index=3,
    verdict="passed",
    parts_passed=1,
    truncated=True,
    prompt_tokens=7,
    completion_tokens=5,
    program_sha256="ab",
    scan_state="findings",
    scanner="bandit 1",
    high=1,
    medium=2,
    low=3,
    codebleu=0.25,
)
FACTS = RunFacts(run_id="r", benchmark="b", model="m", adapter=None, problem_ids=("p/1",), n=4)


def written(path, *runs):
    with SampleFile(path) as file:
        for facts, rows in runs:
            assert list(file.passing(rows, facts=facts)) == rows
    return parquet.read_table(path)


def test_every_field_of_every_sample_is_read_back_beside_its_run(tmp_path):
    other = SampleRow(problem_id="p/1", sample_index=0)
    table = written(tmp_path / "f", (FACTS, [FULL, other]), (replace(FACTS, adapter="a"), [FULL]))
    rows = table.to_pylist()
    for row, sample, adapter in zip(rows, (FULL, other, FULL), (None, None, "a"), strict=True):
        assert {field.name: row[field.name] for field in fields(SampleRow)} == {
            field.name: getattr(sample, field.name) for field in fields(SampleRow)
        }
        assert (row["run_id"], row["benchmark"], row["model"], row["adapter"]) == ("r", "b", "m", adapter)


def test_the_types_do_not_depend_on_what_was_measured(tmp_path):
    unmeasured = written(tmp_path / "one", (FACTS, [SampleRow(problem_id="p", sample_index=0)]))
    assert unmeasured.schema == written(tmp_path / "two", (FACTS, [FULL])).schema
    assert unmeasured.schema == written(tmp_path / "none", (FACTS, [])).schema


def test_a_lone_surrogate_is_escaped(tmp_path):
    strange = SampleRow(problem_id="p\ud800=1+1", sample_index=0)
    assert written(tmp_path / "f", (FACTS, [strange]))["problem_id"].to_pylist() == ["p\\ud800=1+1"]


def test_the_same_runs_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        written(tmp_path / name, (FACTS, [FULL]))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_rows_are_written_in_groups_and_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(sample_file, "ROW_GROUP", 3)
    rows = [SampleRow(problem_id="p/1", sample_index=index) for index in range(7)]
    assert written(tmp_path / "f", (FACTS, rows))["sample_index"].to_pylist() == list(range(7))
    assert parquet.ParquetFile(tmp_path / "f").num_row_groups == 3
