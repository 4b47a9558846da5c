"""The samples of runs in a Parquet file: every row and column, and nothing that was not measured."""

from dataclasses import fields

from pyarrow import parquet

from reports import SampleRow, make_table
from reports.sample_file import write_samples

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
RUN = {"run_id": "r", "benchmark": "b", "model": "m", "adapter": None, "samples": 1}


def written(path, *runs):
    write_samples(path, runs)
    return parquet.read_table(path)


def test_every_field_of_every_sample_is_read_back_beside_its_run(tmp_path):
    other = SampleRow(problem_id="p/1", sample_index=0)
    table = written(tmp_path / "f", (RUN, make_table([FULL, other])), (RUN | {"adapter": "a"}, make_table([FULL])))
    rows = table.to_pylist()
    for row, sample, adapter in zip(rows, (FULL, other, FULL), (None, None, "a"), strict=True):
        assert {field.name: row[field.name] for field in fields(SampleRow)} == {
            field.name: getattr(sample, field.name) for field in fields(SampleRow)
        }
        assert (row["run_id"], row["benchmark"], row["model"], row["adapter"]) == ("r", "b", "m", adapter)


def test_the_types_do_not_depend_on_what_was_measured(tmp_path):
    unmeasured = written(tmp_path / "one", (RUN, make_table([SampleRow(problem_id="p", sample_index=0)])))
    assert unmeasured.schema == written(tmp_path / "two", (RUN, make_table([FULL]))).schema
    assert unmeasured.schema == written(tmp_path / "none", (RUN, make_table([]))).schema


def test_a_lone_surrogate_is_escaped(tmp_path):
    strange = make_table([SampleRow(problem_id="p\ud800=1+1", sample_index=0)])
    assert written(tmp_path / "f", (RUN, strange))["problem_id"].to_pylist() == ["p\\ud800=1+1"]


def test_the_same_runs_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_samples(tmp_path / name, [(RUN, make_table([FULL]))])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
