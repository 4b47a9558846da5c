"""ClassEval: 100 classes of Python from their skeletons, Du et al. 2023, arXiv:2308.01861.

Asked for at once, which upstream calls holistic. The tests of a problem are several classes of `unittest`, one for each
method and one for the class; passed is a program with which all of them pass. They share a process with the program
(`UnittestCheck`), in the image that BigCodeBench runs in, for the libraries that some of the classes use.
"""

import json
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, OwnLimits, Problem
from codecrucible.benchmarks.sources.bigcodebench import RUNTIME
from codecrucible.benchmarks.sources.classeval_rows import DEAD, UNCHANGED
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.unittest_methods import joined, methods_of
from codecrucible.sandbox.limits import MEBIBYTE

REVISION = "eaeac44d"
SOURCE = "FudanSELab/ClassEval"
PROBLEMS = 100

FILE = DataFile(
    path="classeval/ClassEval_data.json",
    url=f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/data/ClassEval_data.json",
    sha256="50a1ac0e4d0c238573c10c0ab11feae00b14a80ae9e4c9cc28148707ecf0b6a2",
    size_bytes=2_345_518,
)

_ASKED = "Please complete the class {name} in the following code.\n{skeleton}"
_CONTINUED = (
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{asked}\n\n### Response:\n"
)

#: Path of the module, as upstream's has it: tests make files beside it, and expect their whole path.
_WHOLE_PATH = '__file__ = __import__("os").path.abspath(__file__)\n'

#: Upstream allows 5 s for each class of tests.
_CPU_S, _MEMORY_BYTES = 20.0, 2048 * MEBIBYTE


def load_classeval(access: Access = PINNED) -> Benchmark:
    """All classes, in the dataset's own order.

    Args:
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(FILE, access)
    return Benchmark(
        name="classeval",
        title=f"ClassEval: {PROBLEMS} Python classes from their skeletons (Du et al. 2023)",
        problems=tuple(_problem(row) for row in json.loads(data.content)),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="MIT",
    )


def _problem(row: dict[str, Any]) -> Problem:
    problem_id, name, tests = row["task_id"], row["class_name"], row["test"]
    asked = _ASKED.format(name=name, skeleton=row["skeleton"])
    classes = [each.strip() for each in row["test_classes"]]
    dead = DEAD.get(problem_id, "")
    return Problem(
        problem_id=problem_id,
        prompt="",
        few_shot_prompt=_CONTINUED.format(asked=asked),
        message=asked,
        entry_point=name,
        setup="".join((_WHOLE_PATH, *(f"{line}\n" for line in row["import_statement"]))),
        tests=joined(tests, classes),
        methods=methods_of(tests, UNCHANGED.get(problem_id, ()), classes),
        runtime=RUNTIME,
        reference="" if dead else row["solution_code"],
        stub=f"class {name}:\n    pass\n",
        stop=("### Instruction:",),
        limits=OwnLimits(cpu_s=_CPU_S, memory_bytes=_MEMORY_BYTES, at_least=True),
        dead=dead,
        dead_by_reading=bool(dead),
    )
