"""CWEval: programs that have to work and to be secure, Peng et al. 2025, arXiv:2501.08200; its 25 tasks in Python.

A task is a file up to the line `BEGIN SOLUTION`. Its tests have two parts: "functionality", what the program is to do,
and "security", inputs by which one that is not secure shows it. Passed is a program that passes both; whether it passed
the first is known too. The tests share a process with the program (`UnittestCheck`), in the image that BigCodeBench
runs in, which has the libraries that the tasks use.

What is not upstream's: pytest, for which there is a stand-in (`cweval_tests`), limits, and the versions of libraries.
"""

import json
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, OwnLimits, Problem
from codecrucible.benchmarks.sources.bigcodebench import RUNTIME
from codecrucible.benchmarks.sources.cweval_tests import PARTS, converted, unsafe_solutions
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.sandbox.limits import MEBIBYTE

REVISION = "e9a2a124"
SOURCE = "Co1lin/CWEval"
PROBLEMS = 25
FILE = DataFile(
    path="cweval/cweval.jsonl",
    url="",
    sha256="43cc3f66dd6e8ab87adafaa3d9a2c3a8936b75d144ee61fd7038f075f1b79424",
    size_bytes=816_192,
    recipe=(
        f"its rows are made of the files in `benchmark/` of {SOURCE} at {REVISION}, a JSON object a line with task_id, "
        "group, language, cwe, task_file, task, test and unsafe"
    ),
)

DEAD = {
    "CWEval/core/py/cwe_1333_0": "its tests of security call a checker of regular expressions that is not there",
}
"""Why no completion can pass, by task id."""

SLOW = {"CWEval/core/py/cwe_326_0": 120.0, "CWEval/core/py/cwe_326_1": 120.0}
"""CPU seconds of the tasks that make keys, which takes as long as chance will have it."""

#: Upstream sets none but that of each test which may hang.
_CPU_S, _MEMORY_BYTES = 20.0, 2048 * MEBIBYTE

#: Programs here begin with another one, under which every file that they make is their own alone.
_UMASK = '__import__("os").umask(0o022)\n'

_BEGIN = "    # BEGIN SOLUTION\n"
_STOP = ("\ndef ", "\nclass ", "\nimport ", "\nfrom ", "\nassert ", "\nif __name__", "\nprint(")


def load_cweval(access: Access = PINNED) -> Benchmark:
    """The tasks in Python, in the dataset's own order.

    Args:
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(FILE, access)
    rows = [json.loads(line) for line in data.content.splitlines()]
    return Benchmark(
        name="cweval",
        title=f"CWEval: {PROBLEMS} Python functions that have to work and to be secure (Peng et al. 2025)",
        problems=tuple(_problem(row) for row in rows if row["language"] == "py"),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="Apache-2.0",
        parts=PARTS,
    )


def unsafe_programs(access: Access = PINNED) -> dict[str, list[str]]:
    """Programs that the authors give as functional and not secure, by task id.

    Args:
        access: How the data may be had.

    Raises:
        BenchmarkDataError: as `load_cweval`.
    """
    rows = [json.loads(line) for line in read_data_file(FILE, access).content.splitlines()]
    return {row["task_id"]: unsafe_solutions(row["test"], _begun(row)) for row in rows if row["language"] == "py"}


def _begun(row: dict[str, Any]) -> str:
    return str(row["task"].partition(_BEGIN)[0])


def _problem(row: dict[str, Any]) -> Problem:
    problem_id, made = row["task_id"], converted(row["test"])
    dead = DEAD.get(problem_id, "")
    return Problem(
        problem_id=problem_id,
        prompt=_begun(row),
        entry_point=made.entry_point,
        setup=_UMASK + made.setup,
        tests=made.tests,
        methods=made.methods,
        runtime=RUNTIME,
        reference="" if dead else row["task"].partition(_BEGIN)[2],
        stub="    return None\n",
        stop=_STOP,
        limits=OwnLimits(cpu_s=SLOW.get(problem_id, _CPU_S), memory_bytes=_MEMORY_BYTES, at_least=True),
        dead=dead,
        dead_by_reading=bool(dead),
        groups=(("cwe", f"CWE-{row['cwe']}"),),
    )
