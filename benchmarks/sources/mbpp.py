"""MBPP: 974 short Python problems of Austin et al. 2021, arXiv:2108.07732, and the 427 that were edited by hand.

The prompt is a docstring of the description and the first assert, which the model continues with a whole function:
the form that bigcode-evaluation-harness and EvalPlus give it. A problem's entry point is the one function that its
reference defines at top level and every assert calls by name.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, Data, DataFile, read_data_file

REVISION = "30adf0ec5f35f9609c2f1d896005e184195d9146"
SOURCE = "google-research/google-research mbpp"
_FOLDER = f"https://raw.githubusercontent.com/google-research/google-research/{REVISION}/mbpp"

FULL = DataFile(
    path="mbpp/mbpp.jsonl",
    url=f"{_FOLDER}/mbpp.jsonl",
    sha256="ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f",
    size_bytes=563_743,
)
SANITIZED = DataFile(
    path="mbpp/sanitized-mbpp.json",
    url=f"{_FOLDER}/sanitized-mbpp.json",
    sha256="ca95deaa9a01ef0a6f439f88bcf0dd3db3563d22f22aad6cae04ebb9a8d8c8e9",
    size_bytes=255_053,
)

#: Title, first and last task id of each part; 511 to 600 are the paper's validation problems.
_PARTS = {
    "mbpp": ("500 Python functions from a description and an assert, the test split", 11, 510),
    "mbpp:3shot": ("the test split in the paper's 3-shot prompt, for plain completion", 11, 510),
    "mbpp:all": ("all of its 974 Python functions", 1, 974),
    "mbpp:train": ("the train split", 601, 974),
}
#: Task ids of the worked examples in the paper's prompt.
_SHOTS = (2, 3, 4)

# Where bigcode-evaluation-harness ends a completion, without "\nclass": the references of four problems go on with one.
STOP = ("\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```")


def load_mbpp(part: str = "mbpp", access: Access = PINNED) -> Benchmark:
    """A part of MBPP, in the order of its task ids.

    Args:
        part: "mbpp" (the test split), "mbpp:3shot" (the same in the paper's prompt), "mbpp:all" or "mbpp:train".
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    title, first, last = _PARTS[part]
    data = read_data_file(FULL, access)
    records = [json.loads(line) for line in data.content.splitlines()]
    chosen = [record for record in records if first <= record["task_id"] <= last]
    problems = [_problem(record, description=record["text"], setup=record["test_setup_code"]) for record in chosen]
    if part == "mbpp:3shot":
        examples = [record for record in records if record["task_id"] in _SHOTS]
        shots = "".join(f"{_task(example)}{unix(example['code'])}\n[DONE]\n\n" for example in examples)
        problems = [
            replace(problem, few_shot_prompt=shots + _task(record), stop=("[DONE]",))
            for problem, record in zip(problems, chosen, strict=True)
        ]
    return _benchmark(part, title, problems, data)


def load_sanitized_mbpp(access: Access = PINNED) -> Benchmark:
    """The problems that were edited by hand, in the order of their task ids; descriptions and asserts differ too.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(SANITIZED, access)
    records = json.loads(data.content)
    problems = [
        _problem(record, description=record["prompt"], setup="\n".join(record["test_imports"])) for record in records
    ]
    return _benchmark("mbpp:sanitized", "the 427 problems that its authors edited by hand", problems, data)


def _benchmark(name: str, title: str, problems: list[Problem], data: Data) -> Benchmark:
    return Benchmark(
        name=name,
        title=f"MBPP: {title} (Austin et al. 2021)",
        problems=tuple(problems),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="CC-BY-4.0",
    )


def _problem(record: dict[str, Any], *, description: str, setup: str) -> Problem:
    reference = unix(record["code"]) + "\n"
    entry_point = _entry_point(reference, record["test_list"])
    return Problem(
        problem_id=f"MBPP/{record['task_id']}",
        prompt=prompt_of(description, record["test_list"]),
        entry_point=entry_point,
        setup=unix(setup) + "\n",
        tests="\n".join(record["test_list"]) + "\n",
        reference=reference,
        stub=stub_of(entry_point),
        stop=STOP,
    )


def _task(record: dict[str, Any]) -> str:
    """The paper's prompt of one problem, up to where its code begins; all of its asserts are in it."""
    tests = "\n".join(record["test_list"])
    return (
        f"You are an expert Python programmer, and here is your task: {record['text']} "
        f"Your code should pass these tests:\n\n{tests}\n[BEGIN]\n"
    )


def prompt_of(description: str, tests: Sequence[str]) -> str:
    """The prompt of a problem: its description and the first of its tests in a docstring, for a function to follow."""
    return f'"""\n{description}\n{tests[0]}\n"""\n'


def stub_of(entry_point: str) -> str:
    """A function that does nothing, whatever it is called with."""
    return f"def {entry_point}(*_arguments, **_named):\n    return None\n"


def unix(source: str) -> str:
    """`source` with the line ends that Python itself reads into any others; most references have CR LF."""
    return re.sub("\r\n?", "\n", source)


def _entry_point(reference: str, tests: Sequence[str]) -> str:
    """Name of the function that `reference` defines at top level and each of `tests` calls by name."""
    defined = re.findall(r"^def[ \t]+(\w+)", reference, re.MULTILINE)
    called: set[str] = {
        name for name in defined if all(re.search(rf"(?<![\w.]){name}[ \t]*\(", test) for test in tests)
    }
    if len(called) != 1:
        raise ValueError(f"every test calls {sorted(called)} of the reference, expected one function")
    return called.pop()
