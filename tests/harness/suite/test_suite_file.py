"""Suite files: what is read of them, and what is said of a file that is none."""

import re
import tomllib
from pathlib import Path

import pytest

from codecrucible.harness.cli.parser import parser
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.suite.suite_file import line_of, read_suite, schema

EXAMPLE = Path(__file__).parents[3] / "harness" / "suite" / "example.toml"
GOOD = """\
[run]
benchmark = ["humaneval", "mbpp"]
n = 20

[[models]]
name = "base"
run = "baselines/main"

[[models]]
name = "tuned"
model = "./checkpoint"
n = 5
since = 2024-07-26

[gate]
baseline = "base"
candidate = "tuned"
"""


def fault_of(tmp_path, text):
    """What is said of a suite file with this text."""
    file = tmp_path / "release.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as refused:
        read_suite(file)
    return str(refused.value)


def test_a_setting_of_a_model_goes_before_that_of_all(tmp_path):
    file = tmp_path / "release.toml"
    file.write_text(GOOD)
    suite = read_suite(file)
    base, tuned = suite.entrants
    assert (tuned.settings["n"], base.settings["n"]) == (5, 20)
    assert tuned.settings["since"] == "2024-07-26"
    assert tuned.settings["benchmark"] == ["humaneval", "mbpp"]
    assert suite.out == Path("runs/release")
    assert suite.folder_of(base) == Path("baselines/main")
    assert suite.folder_of(tuned) == Path("runs/release/tuned")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("n = 20", "temperatur = 1", "line 3: run.temperatur is no setting; did you mean temperature?"),
        ("n = 20", "n = 0", "line 3: run.n: 0 is less than the minimum of 1"),
        ("n = 20", 'n = "20"', "line 3: run.n: '20' is not of type 'integer'"),
        ("n = 5", 'run = "there"', "line 9: models.2: give either model"),
        ('name = "tuned"', 'name = "../tuned"', "line 10: models.2.name: '../tuned': letters, digits"),
        ('name = "tuned"', 'name = "base"', "line 10: a model before it has the name 'base' too"),
        ('candidate = "tuned"', 'candidate = "tune"', "line 17: gate.candidate: no model has the name 'tune'"),
        ("[gate]", "[gates]", "line 15: gates is no setting; did you mean gate?"),
        ("n = 20", "n = ", "not TOML: Invalid value (at line 3, column 5)"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, old, new, said):
    assert old in GOOD
    assert said in fault_of(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.encode("utf-16"), "cannot be read as a suite file"),
        ("", "line 1: the file: 'models' is a required property"),
        ("models = 3\ngate = 4\n", "line 1: models: 3 is not of type 'array'"),
        ("a = " + "[" * 5000, "not TOML"),
    ],
)
def test_what_is_no_suite_is_refused(tmp_path, text, said):
    assert said in fault_of(tmp_path, text)


def test_many_faults_are_all_counted(tmp_path):
    said = fault_of(tmp_path, GOOD + "".join(f"odd{number} = 1\n" for number in range(14)))
    assert said.count("is no setting") == 10
    assert said.endswith("... and 4 more")


def test_a_line_is_found_in_tables_of_any_form():
    text = "run.n = 3\n[gate]\n\nalpha = 0.1\n[[models]]\n[[models]]\n\"name\" = 'x'\n"
    assert [line_of(text, place) for place in (["run", "n"], ["gate", "alpha"], ["models", 1, "name"], ["x"])] == [
        1,
        4,
        7,
        1,
    ]


def test_the_schema_knows_every_option_that_a_run_has():
    asked = vars(parser().parse_args(["run"]))
    of_the_command = {"suite", "dry_run", "out", "shard", "sync", "json", "quiet", "debug", "command", "version"}
    settings = set(schema()["properties"]["models"]["items"]["properties"]) - {"name", "run"}
    assert {setting.replace("-", "_") for setting in settings} == set(asked) - of_the_command


def test_the_schema_knows_every_option_that_a_gate_has():
    asked = vars(parser().parse_args(["gate", "a", "b"]))
    of_the_command = {
        "format",
        "quiet",
        "debug",
        "command",
        "version",
        "baseline",
        "candidate",
        "junit",
        "sarif",
        "html",
        "codequality",
    }
    settings = schema()["properties"]["gate"]["properties"]
    assert {setting.replace("-", "_") for setting in settings} == {*asked} - of_the_command | {"baseline", "candidate"}


def test_the_example_is_a_suite():
    assert [entrant.name for entrant in read_suite(EXAMPLE).entrants] == ["base", "candidate"]
    assert EXAMPLE.read_text().startswith("#:schema ./suite.schema.json\n")
    tomllib.loads(re.sub(r"^# (?=[\w-]+ = )", "", EXAMPLE.read_text(), flags=re.MULTILINE))  # and so with all of it
