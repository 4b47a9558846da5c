"""Starter: 40 easy problems written for this project, on which a very small model scores more than zero."""

from importlib.resources import files

from codecrucible.benchmarks.problem import Benchmark
from codecrucible.benchmarks.sources.problem_file import load_problem_file

# Scores are comparable within one revision: a changed problem file is a new one.
REVISION = "1"
SHA256 = "f11464e493ecf0af5674f90a0abbe500eb45b5180cece33053f93cd44ff6a594"


def load_starter() -> Benchmark:
    """The starter problems; raises `BenchmarkDataError` if their file was changed."""
    return load_problem_file(
        files("codecrucible.benchmarks.sources").joinpath("starter.jsonl"),
        name="starter",
        title="Starter: 40 easy Python functions, for small models and quick checks",
        source="codecrucible",
        revision=REVISION,
        sha256=SHA256,
        licence="Apache-2.0",
    )
