"""What a command says to what cannot be: which value, what is wrong with it, what to do, and exit code 2."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

RUN = Path(__file__).parents[2] / "data" / "run-of-0.1.0"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with `runs/a`, which the baseline `main` stands for, and a file `file`."""
    shutil.copytree(RUN, tmp_path / "runs" / "a")
    (tmp_path / "file").write_text("")
    (tmp_path / "utf16.jsonl").write_text('{"task_id": "starter/0", "completion": ""}\n', encoding="utf-16")
    monkeypatch.chdir(tmp_path)
    assert main(["baseline", "set", "main", "runs/a"]) == EXIT_DONE
    return tmp_path


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("reprot runs/a", "'reprot' is none; did you mean 'report'?"),
        ("report runs", "runs is not a run folder: it holds no run.json; the runs in it are runs/a"),
        ("report runs/aa", "runs/aa is not a run folder: it does not exist; did you mean runs/a?"),
        ("report runs/a -k 1,x", "1,x: give whole numbers with commas, such as 1,10"),
        ("report runs/a --html no/x.html", "no/x.html: cannot be written, there is no folder no; make it first"),
        ("report runs/a --parquet runs", "runs is no name of a file; name a file to write"),
        ("report runs/a --html /proc/x.html", "/proc/x.html: cannot be written, /proc takes no new file"),
        ("evaluate utf16.jsonl --benchmark starter --out /proc/a/b", "/proc/a/b: cannot be written, /proc takes no"),
        ("compare main runs/a --html no/x.html", "there is no folder no"),
        ("gate main runs/a --junit no/x.xml", "there is no folder no"),
        ("gate mian runs/a", "mian is neither a run folder nor the name of a baseline; did you mean main?"),
        ("view runs/a --port 99999", "99999: give a port from 1 to 65535, or 0 for a free one"),
        ("evaluate utf16.jsonl --benchmark starter", "utf16.jsonl is in UTF-16: write it as UTF-8"),
        ("evaluate utf16.jsonl --benchmark starter --out file", "file is a file; name a folder"),
        ("evaluate utf16.jsonl --benchmark startr", "did you mean 'starter'? `crucible benchmarks` lists all"),
        ("export lm-eval runs/a --out file", "file is a file; name a folder"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_value_that_cannot_be_is_answered_with_what_to_do(command, said, capsys):
    try:
        code = main(command.split())
    except SystemExit as stopped:
        code = stopped.code
    assert (code, said in capsys.readouterr().err) == (EXIT_USAGE, True)


@pytest.mark.usefixtures("home")
def test_a_port_that_another_has_is_answered_with_what_to_do(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["view", "runs/a", "--port", str(port)]) == EXIT_USAGE
    assert f"cannot listen on port {port} of 127.0.0.1 (Address already in use)" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["gate", "compare"])
@pytest.mark.usefixtures("home")
def test_a_run_against_itself_is_said_to_be_one_run(command, capsys):
    main([command, "main", "runs/a"])
    assert "baseline and candidate are one run, runs/a: this decides nothing" in capsys.readouterr().err


def test_a_candidate_that_is_named_twice_is_compared_once(home, capsys):
    shutil.copytree(home / "runs" / "a", home / "runs" / "b")
    assert main(["compare", "runs/b", "runs/a", "./runs/a", "main", "--json"]) == EXIT_DONE
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["comparisons"]) == 1
    assert captured.err.count("runs/a is given twice: it is compared once") == 2


def test_runs_may_be_named_on_the_command_line(home, capsys):
    shutil.copytree(home / "runs" / "a", home / "runs" / "b")
    assert main(["report", "one=runs/a", "two=runs/b", "--json"]) == EXIT_DONE
    assert [each["model"] for each in json.loads(capsys.readouterr().out)] == ["one", "two"]
    assert main(["compare", "before=main", "after=runs/b"]) == EXIT_DONE
    assert "after against before on starter" in capsys.readouterr().out
    main(["gate", "before=runs/a", "after=runs/b"])
    assert capsys.readouterr().out.startswith("after (")
    assert "one" not in (home / "runs" / "a" / "report.json").read_text()[:300], "the name is the command's alone"


def test_a_benchmark_is_shown_with_a_problem_as_a_model_gets_it(capsys):
    assert main(["benchmarks", "show", "HumanEval[HumanEval/2]"]) == EXIT_DONE
    text = capsys.readouterr().out
    for part in (
        "MIT, sha256 b796127e635a",
        "def truncate_number",
        "```python",
        "assert candidate(3.5) == 0.5",
        "% 1.0",
    ):
        assert part in text


def test_no_command_at_all_is_told_what_to_do_first(capsys):
    assert main([]) == EXIT_DONE
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_no_baseline_has_a_name_yet(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["baseline", "list"]) == EXIT_DONE
    assert "`crucible baseline set NAME RUN` gives one" in capsys.readouterr().err


@pytest.mark.parametrize(("line", "offered"), [("crucible gat", "gate"), ("crucible report --form", "--format")])
def test_the_shell_completes_commands_and_options(line, offered, tmp_path):
    answer = tmp_path / "offered"
    environment = {
        "_ARGCOMPLETE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
    }
    subprocess.run([Path(sys.executable).with_name("crucible")], env=environment, check=True)
    assert offered in answer.read_text().split()
