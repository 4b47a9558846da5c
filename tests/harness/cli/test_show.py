"""Which sample failed, and why: `crucible show` and `crucible compare --samples`, on two runs that were executed."""

import csv
import io
import json

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

HOSTILE = "    import pickle\n    print('\x1b[2J')\n    return pickle.loads(b'x')\n"

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("engine")]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder with `base`, where all is right, and `candidate`, which fails HumanEval/0 twice and HumanEval/2 once."""
    home = tmp_path_factory.mktemp("runs")
    wrong = {("HumanEval/0", 0): HOSTILE, ("HumanEval/0", 1): "    return None\n", ("HumanEval/2", 1): "    return 7\n"}
    for name, changed in (("base", {}), ("candidate", wrong)):
        with (home / f"{name}.jsonl").open("w") as file:
            for problem in load_benchmark("humaneval[:3]").problems:
                for index in range(2):
                    completion = changed.get((problem.problem_id, index), problem.reference)
                    file.write(json.dumps({"task_id": problem.problem_id, "completion": completion}) + "\n")
        command = f"evaluate {home}/{name}.jsonl --benchmark humaneval[:3] --out {home}/{name} --quiet"
        assert main([*command.split(), "--name", f"the {name}"]) == EXIT_DONE
    return home


def shown(capsys, *command):
    capsys.readouterr()
    assert main([*map(str, command)]) == EXIT_DONE
    return capsys.readouterr().out


def test_a_problem_is_shown_with_the_call_that_failed_and_what_was_found(runs, capsys):
    text = shown(capsys, "show", runs / "candidate", "HumanEval/0")
    assert "HumanEval/0: 2 samples, 1 runtime_error, 1 wrong_answer" in text
    assert "0.3) answered None" in text
    assert "medium B301, CWE-502" in text
    assert "UnpicklingError" in text
    assert "\x1b" not in text
    assert r"\x1b[2J" in text


def test_what_failed_stands_before_what_passed(runs, capsys):
    text = shown(capsys, "show", runs / "candidate", "HumanEval/2")
    assert text.index("sample 1: wrong_answer") < text.index("sample 0: passed")
    assert "0 of 3 tests passed" in text
    assert "3 of 3 tests passed" in text


def test_a_sample_is_held_against_one_of_the_other_run_that_passed(runs, capsys):
    text = shown(capsys, "show", runs / "candidate", "HumanEval/2/1", "--against", runs / "base")
    assert "against sample 1, passed:" in text
    assert "-    return number % 1.0" in text
    assert "+    return 7" in text


def test_json_has_the_sample_and_what_it_is_held_against(runs, capsys):
    text = shown(capsys, "show", runs / "candidate", "HumanEval/2/1", "--against", runs / "base", "--json")
    (sample,) = json.loads(text)
    assert (sample["judgement"]["verdict"], sample["against"]["judgement"]["verdict"]) == ("wrong_answer", "passed")
    assert sample["sample"]["completion"] == "    return 7\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("HumanEval/22", "did you mean HumanEval/2?"),
        ("zzz", "there are HumanEval/0, HumanEval/1, HumanEval/2"),
        ("HumanEval/0/2", "HumanEval/0 has 2 samples, numbered from 0: there is no 2"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(asked, said, runs, capsys):
    assert main(["show", str(runs / "candidate"), asked]) == EXIT_USAGE
    assert said in capsys.readouterr().err


def test_the_name_given_is_in_the_tables(runs, capsys):
    text = shown(capsys, "compare", runs / "base", runs / "candidate")
    assert text.startswith("the candidate against the base on humaneval[:3]")


def test_each_lost_problem_has_its_reason(runs, capsys):
    text = shown(capsys, "compare", runs / "base", runs / "candidate", "--samples", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    told = [(row["problem_id"], row["passed"], row["sample_index"], row["verdict"]) for row in rows]
    assert told == [("HumanEval/0", "0", "0", "runtime_error"), ("HumanEval/2", "1", "1", "wrong_answer")]
    assert "answered 7" in rows[1]["detail"]


@pytest.mark.parametrize(("order", "first"), [("drop", "HumanEval/0"), ("verdict", "HumanEval/0")])
@pytest.mark.parametrize("form", ["table", "markdown", "latex", "html", "json"])
def test_lost_problems_are_in_the_order_and_the_format_asked_for(order, first, form, runs, capsys):
    text = shown(capsys, "compare", runs / "base", runs / "candidate", "--samples", order, "--format", form)
    assert text.index(first) < text.index("HumanEval/2")
