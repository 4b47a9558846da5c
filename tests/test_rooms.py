"""The four rooms import in one direction, and the command line answers at once."""

import ast
import resource
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
ORDER = ("sandbox", "benchmarks", "reports", "harness")
HEAVY = {
    "torch",
    "transformers",
    "peft",
    "docker",
    "pandas",
    "codebleu",
    "evaluate",
    "datasets",
    "rich",
    "numpy",
    "ray",
}


def imported_modules(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.removeprefix("codecrucible.").partition(".")[0] for name in names}


@pytest.mark.parametrize("room", ORDER)
def test_no_room_imports_against_the_direction(room):
    above = set(ORDER[ORDER.index(room) + 1 :])
    offenders = {
        str(path.relative_to(HOME)): sorted(imported_modules(path) & above)
        for path in (HOME / room).rglob("*.py")
        if imported_modules(path) & above
    }
    assert offenders == {}


@pytest.mark.parametrize("library", ["torch", "transformers", "peft"])
def test_model_libraries_are_at_home_in_the_harness_alone(library):
    users = {room for room in ORDER for path in (HOME / room).rglob("*.py") if library in imported_modules(path)}
    assert users <= {"harness"}


@pytest.mark.parametrize("room", ["codecrucible", *(f"codecrucible.{room}" for room in (*ORDER, "harness.cli.main"))])
def test_importing_a_room_loads_no_heavy_library(room):
    code = f"import sys, {room}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME).stdout
    assert set(loaded.split()) & HEAVY == set()


def test_what_evaluates_and_reports_loads_no_data_frames():
    code = "import sys, codecrucible.harness.cli.run, codecrucible.reports.report; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME).stdout
    assert set(loaded.split()) & {"pandas", "numpy", "torch"} == set()


def test_help_takes_little_processor_time():
    crucible = Path(sys.executable).with_name("crucible")
    least = 9.0
    for _ in range(5):
        before = _of_children()
        shown = subprocess.run([crucible, "--help"], capture_output=True, text=True, check=True).stdout
        least = min(least, _of_children() - before)
    assert "evaluate" in shown
    assert least < 0.4  # a second where torch or pandas is imported; not on the clock, which others' load moves


def _of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
