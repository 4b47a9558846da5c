"""HumanEvalPack: HumanEval in six languages to write and to repair, Muennighoff et al. 2023, arXiv:2308.07124.

Two tasks for each language: `fix` gives a function with a fault and its tests and asks for the right function,
`synthesize` asks for it from its docstring. Programs and tests are the same in both. Those in Python are judged by the
referee, the others by exit status with a negative control. The third task, explain, needs two turns and is left out.
"""

import json
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.sources.humanevalpack.languages import LANGUAGES, PackLanguage, outside_of_calls
from codecrucible.sandbox.job import Change

__all__ = ["LANGUAGES", "NAMES", "REVISION", "SOURCE", "file_of", "load_humanevalpack"]

REVISION = "e17a8f64"
SOURCE = "bigcode-project/octopack"

_TASKS = {"fix": "mend", "synthesize": "write"}

NAMES = {f"humanevalpack:{task}-{suffix}": (task, suffix) for task in _TASKS for suffix in LANGUAGES}
"""Task and suffix of each name on the command line."""

_WHOLE = "Answer with the whole function in one ```{fence} code block."


def file_of(suffix: str) -> DataFile:
    """The file of one language."""
    pack = LANGUAGES[suffix]
    return DataFile(
        path=f"humanevalpack/humanevalpack-{suffix}.jsonl",
        url=(
            f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/evaluation/create/humaneval-x/data/{suffix}/data/"
            "humanevalpack.jsonl"
        ),
        sha256=pack.sha256,
        size_bytes=pack.size_bytes,
    )


def load_humanevalpack(task: str, suffix: str, access: Access = PINNED) -> Benchmark:
    """One task in one language, in the dataset's own order.

    Args:
        task: "fix" or "synthesize".
        suffix: Suffix of the language, a key of `LANGUAGES`.
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, is not the pinned file, or holds a row without an expected value
            that can be changed.
    """
    pack = LANGUAGES[suffix]
    data = read_data_file(file_of(suffix), access)
    return Benchmark(
        name=f"humanevalpack:{task}-{suffix}",
        title=f"HumanEvalPack: 164 functions to {_TASKS[task]} in {pack.title} (Muennighoff et al. 2023)",
        problems=tuple(_problem(json.loads(line), task, pack) for line in data.content.splitlines()),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="MIT",
    )


def _problem(row: dict[str, Any], task: str, pack: PackLanguage) -> Problem:
    problem_id = row["task_id"]
    begun = row["prompt"] if pack.helpers else row["declaration"]
    program = f"{pack.head}{pack.program(begun).rstrip()}\n"
    in_python = pack.language == "python"
    tests = pack.tests(row["test"])
    changes = () if in_python else tuple(outside_of_calls(pack.changes(tests), tests, _entry_point(row)))
    dead = pack.dead.get(problem_id, "")
    if not in_python and not changes:
        if not dead:
            raise BenchmarkDataError(f"{problem_id}: no expected value of its tests can be changed")
        changes = (Change(start=0, end=0, text=""),)
    return Problem(
        problem_id=problem_id,
        prompt=program,
        few_shot_prompt=_text(row, task, pack),
        message=_message(row, task, pack),
        entry_point=_entry_point(row),
        setup=f"{program}    pass\n" if in_python else "",
        tests=tests,
        reference="" if dead or problem_id in pack.unproven else _without(row["canonical_solution"], pack.closes),
        stub=pack.stub,
        language=pack.language,
        stop=pack.stop,
        changes=changes,
        dead=dead,
        dead_by_reading=bool(dead),
    )


def _entry_point(row: dict[str, Any]) -> str:
    """The function that the declaration ends with; three rows in Java and one in JavaScript name it otherwise."""
    last = row["declaration"].rstrip().splitlines()[-1]
    name: str = row["entry_point"]
    if name in last:
        return name
    return next((word for word in last.replace("(", " ").split() if word.lower() == name.lower()), name)


def _faulty(row: dict[str, Any], begun: str) -> str:
    return f"{begun}{row['buggy_solution']}\n{row['test']}"


def _text(row: dict[str, Any], task: str, pack: PackLanguage) -> str:
    """What a model is given to continue: upstream's prompt `instruct`, without white space at its end."""
    if task == "fix":
        begun = f"{pack.main}{row['declaration']}"
        return f"{_faulty(row, begun)}\nFix bugs in {row['entry_point']}.\n\n{begun}".strip()
    return f"{row['instruction'].strip()}\n\n{row['prompt']}".strip()


def _message(row: dict[str, Any], task: str, pack: PackLanguage) -> str:
    """What a chat is asked: the same, with the whole function as the answer."""
    fence = pack.language
    if task == "fix":
        faulty = _faulty(row, pack.shown(row["declaration"])).strip()
        return f"```{fence}\n{faulty}\n```\n\nFix bugs in {row['entry_point']}. {_WHOLE.format(fence=fence)}"
    begun = pack.shown(row["declaration"]).strip()
    asked = row["instruction"].strip()
    return f"{asked}\n\n{_WHOLE.format(fence=fence)} It begins:\n\n```{fence}\n{begun}\n```"


def _without(solution: str, closes: tuple[str, ...]) -> str:
    """A solution up to what the tests close; that of CPP/94 has the first lines of its tests too."""
    solution = solution.partition("\n#undef NDEBUG")[0]
    for last in closes:
        solution = solution.rstrip().removesuffix(last)
    return solution.rstrip() + "\n" if closes else solution
