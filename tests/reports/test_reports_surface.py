"""What `reports` exports, what importing it costs, and the examples in its docstrings."""

import doctest
import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

from codecrucible import reports

MODULES = [module.name for module in walk_packages(reports.__path__, "codecrucible.reports.")]


def test_every_exported_name_is_there():
    for module in MODULES:
        if not module.endswith("hf_metrics"):
            import_module(module)
    assert "pass_at_k" in dir(reports)
    for name in dir(reports):
        assert callable(getattr(reports, name)) or name.isupper(), name  # and not the module of that name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'pass_at_kay'"):
        reports.pass_at_kay  # noqa: B018 - the access is what is tested


def test_importing_the_room_loads_neither_numpy_nor_rich():
    loaded = "print('numpy' in sys.modules, 'rich' in sys.modules)"
    code = f"import sys; from codecrucible import reports; reports.mean_pass_at_k; {loaded}"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_are_right(module, monkeypatch, tmp_path):
    if module.endswith("hf_metrics"):
        evaluate = pytest.importorskip("evaluate", reason="the extra 'metrics' is not installed")
        monkeypatch.setattr(evaluate.config, "HF_METRICS_CACHE", tmp_path)  # else a folder appears in the user's home
    assert doctest.testmod(import_module(module)).failed == 0
