"""The library: what it exports, what its page and its notebook show, and what is installed."""

import inspect
import json
import re
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import codecrucible as cc

HOME = Path(__file__).resolve().parent.parent
PAGE = (HOME / "docs" / "library.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_exported_name_is_there_with_a_docstring():
    assert dir(cc) == cc.__all__ == sorted(cc.__all__, key=lambda name: (name[0].islower(), name))
    for name in cc.__all__:
        assert inspect.getdoc(getattr(cc, name)), name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'jugde'"):
        cc.jugde  # noqa: B018 - the access is what is tested


def test_no_file_is_loaded_under_two_names():
    code = (
        "import pkgutil, sys, codecrucible, os\n"
        "from importlib import import_module\n"
        "for module in pkgutil.walk_packages(codecrucible.__path__, 'codecrucible.'):\n"
        "    if '.harness' not in module.name and 'bandit_scan' not in module.name and '__main__' not in module.name:\n"
        "        import_module(module.name)\n"
        "import codecrucible.harness.cli.main\n"
        "paths = [os.path.realpath(m.__file__) for m in list(sys.modules.values()) if getattr(m, '__file__', None)]\n"
        f"ours = [path for path in paths if path.startswith({str(HOME)!r}) and '.venv' not in path]\n"
        "assert len(ours) > 100, len(ours)\n"
        "assert len(ours) == len(set(ours))\n"
        "assert not {'harness', 'benchmarks', 'sandbox', 'reports'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.docker
@pytest.mark.model
@pytest.mark.weights
def test_the_page_runs_from_its_first_line_to_its_last(executor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problems = cc.load_benchmark("starter[:4]").problems
    lines = [json.dumps({"task_id": each.problem_id, "completion": each.reference}) for each in problems]
    Path("samples.jsonl").write_text("\n".join(lines))
    names = {}
    for block in BLOCKS:
        exec(compile(block, "library.md", "exec"), names)  # noqa: S102 - our own page
    assert names["judged"].pass_at_k(1) == 1.0
    assert list(names["judged"].samples["verdict"]) == ["passed"] * 164
    assert names["run"].report.pass_at_k[1].value == 1.0
    assert names["run"].samples.equals(names["again"].samples)
    assert len(names["sampled"].samples) == 4
    assert names["decision"].state == "INCONCLUSIVE"  # four problems rule nothing out


@pytest.mark.slow
@pytest.mark.docker
def test_the_notebook_runs_and_shows_verdicts(executor, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(HOME / "docs" / "library.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = "\n".join(
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    )
    assert "passed    164" in shown
    assert "wrong_answer" in shown
    assert "timeout" in shown
    assert "['passed', 'wrong_answer']" in shown
    assert "'REGRESSION'" in shown


@pytest.mark.docker
def test_programs_are_judged_as_the_command_line_judges_them(executor):
    problems = cc.load_benchmark("starter[:3]").problems
    records = [{"task_id": each.problem_id, "solution": each.prompt + each.reference} for each in problems]
    records += [{"problem_id": each.problem_id, "completion": "    return object()\n"} for each in problems]
    records.append({"task_id": problems[0].problem_id, "completion": ""})
    import pandas as pd

    for samples in (records, pd.DataFrame(records[:3])):
        judged = cc.judge(samples, "starter")
        assert list(judged.samples["verdict"])[:3] == ["passed"] * 3
    whole = cc.judge(records, "starter")
    assert "passed" not in set(whole.samples["verdict"][3:])
    assert list(whole.samples["sample_index"]) == [0, 0, 0, 1, 1, 1, 2]
    assert whole.pass_at_k(1) == pytest.approx((1 / 3 + 1 / 2 + 1 / 2) / 3)
    assert whole.samples["cpu_s"].isna().tolist() == [False] * 6 + [whole.samples["verdict"][6] == "empty"]


def test_a_record_that_is_none_is_named_by_its_place():
    from codecrucible.harness.common.errors import BadRecord
    from codecrucible.harness.evaluation.from_files import samples_of

    with pytest.raises(BadRecord, match=r"samples\[0\]: field 'task_id'"):
        samples_of([("samples[0]", {"task_id": "starter/none", "completion": ""})], cc.load_benchmark("starter"))


def test_a_judge_that_was_not_entered_says_so():
    with pytest.raises(ValueError, match="with Judge"):
        cc.Judge("starter").judge("starter/1", "x")


@pytest.mark.timeout(600)
def test_a_wheel_brings_one_package_with_all_its_files_and_the_command(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(HOME)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    version = wheel.name.split("-")[1]
    assert {name.partition("/")[0] for name in names} == {"codecrucible", f"codecrucible-{version}.dist-info"}
    tracked = subprocess.run(["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=True).stdout.split()
    rooms = ("harness/", "benchmarks/", "sandbox/image/", "reports/", "sandbox/")
    expected = {f"codecrucible/{name}" for name in tracked if name.startswith(rooms)}
    assert expected - set(names) - {"codecrucible/sandbox/start_engine.sh"} == set()
    target = tmp_path / "site-packages"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    assert {path.name for path in target.iterdir()} == {"bin", "codecrucible", f"codecrucible-{version}.dist-info"}
    run = [sys.executable, "-m", "codecrucible", "benchmarks", "--json"]
    shown = subprocess.run(
        run, cwd=tmp_path, env={"PYTHONPATH": str(target)}, capture_output=True, text=True, check=True
    )
    assert json.loads(shown.stdout)[0]["name"] == "humaneval"


def test_all_modules_can_be_found_by_walking():
    names = [module.name for module in walk_packages(cc.__path__, "codecrucible.")]
    assert "codecrucible.harness.cli.main" in names
    assert import_module("codecrucible.sandbox.image").__file__.endswith("sandbox/image/__init__.py")
