"""COFFE: stress inputs of 398 functions of HumanEval and MBPP, and a fast solution of each, Peng et al. 2025.

Read are the files of the function level. Problems are found by the dataset and the number that COFFE gives itself; its
other two files have the prompt as their key. An input is source, and nothing here evaluates it.
"""

import json
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file

REVISION = "7979acb4"
SOURCE = "JohnnyPeng18/Coffe"
_FOLDER = f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/datasets/function"

PROBLEMS = DataFile(
    path="coffe/function-data.json",
    url=f"{_FOLDER}/data.json",
    sha256="8624cae7b5309bbc7c2a53689f56e95cd944635d9f6e600af3c94541c3d2cc12",
    size_bytes=719_549,
)
INPUTS = DataFile(
    path="coffe/function-stressful_testcases.json",
    url=f"{_FOLDER}/stressful_testcases.json",
    sha256="0fcefc0e69fba1aac29ee95e737e6df4b32a57b6712586aeb337de140672fd0b",
    size_bytes=372_074,
)
SOLUTIONS = DataFile(
    path="coffe/function-best_solutions.json",
    url=f"{_FOLDER}/best_solutions.json",
    sha256="df6da2908a8e34c8402e66097ba2e47ddc5ca8393c0a078be5a77a7e3aec309b",
    size_bytes=291_328,
)
FILES = (PROBLEMS, INPUTS, SOLUTIONS)

_SETS = {"openai_humaneval": "HumanEval", "mbpp": "MBPP"}
_SOLVED_AS = "solution"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeFunction:
    """What COFFE has for one problem.

    Attributes:
        inputs: Source of the argument list of each stress input.
        solution: Source that defines the fastest known solution, under the name `solution`.
    """

    inputs: tuple[str, ...]
    solution: str

    def solution_as(self, entry_point: str) -> str:
        """The solution as a program that defines `entry_point`."""
        return f"{self.solution}\n\n{entry_point} = {_SOLVED_AS}\n"


def load_coffe(access: Access = PINNED) -> dict[str, CoffeFunction]:
    """COFFE's functions by the id of their problem, such as "HumanEval/25" and "MBPP/239".

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    problems, inputs, solutions = (json.loads(read_data_file(file, access).content) for file in FILES)
    return {_id_of(problem): _function(problem["final_prompt"], inputs, solutions) for problem in problems}


def coffe_id(problem_id: str) -> str:
    """Id under which COFFE may have a problem: MBPP+ writes the name in another way, and versions have a suffix.

    >>> coffe_id("Mbpp/2"), coffe_id("HumanEval/25@de")
    ('MBPP/2', 'HumanEval/25')
    """
    name, slash, number = problem_id.partition("@")[0].partition("/")
    return f"{'MBPP' if name == 'Mbpp' else name}{slash}{number}"


def _id_of(problem: dict[str, Any]) -> str:
    return f"{_SETS[problem['dataset']]}/{str(problem['task_id']).removeprefix('HumanEval/')}"


def _function(prompt: str, inputs: dict[str, Any], solutions: dict[str, Any]) -> CoffeFunction:
    return CoffeFunction(inputs=tuple(each["input"] for each in inputs[prompt]), solution=solutions[prompt][0])
