"""ReCode: HumanEval's prompts perturbed in 29 ways, Wang et al. 2023, arXiv:2212.10264.

Tests are HumanEval's, run by the referee; only the natgen rows have references of their own. A kind with chance in it
has five seeds, each a row: `HumanEval/3@seed2`. What changes words or the function's name keeps HumanEval's prompt
otherwise; what changes code goes on into the first half of the solution, and so has another nominal prompt.
"""

import json
import re
from functools import cache
from typing import Any

from codecrucible.benchmarks.answers.body_indent import USUAL
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP

REVISION = "66885222"
SOURCE = "amazon-science/recode"
PARTIAL = "recode:partial"
_PREFIX = "recode:"

_SEEDED, _ONCE = 820, 164
#: Rows of each kind by what it changes.
KINDS = {
    "nlaugmenter": {
        "BackTranslation": _ONCE,
        "ButterFingersPerturbation": _SEEDED,
        "ChangeCharCase": _SEEDED,
        "EnglishInflectionalVariation": _SEEDED,
        "SwapCharactersPerturbation": _SEEDED,
        "SynonymInsertion": _SEEDED,
        "SynonymSubstitution": _SEEDED,
        "TenseTransformationFuture": _ONCE,
        "TenseTransformationPast": _ONCE,
        "WhitespacePerturbation": _SEEDED,
    },
    "func_name": {
        "FuncRenameButterFinger": _SEEDED,
        "FuncRenameCamelCase": _ONCE,
        "FuncRenameChangeChar": _SEEDED,
        "FuncRenameInflectionalVariation": _SEEDED,
        "FuncRenameSwapChar": _SEEDED,
        "FuncRenameSynonymSub": _SEEDED,
    },
    "natgen": {
        "DeadCodeInserter": _SEEDED,
        "DeadCodeInserterLast": _ONCE,
        "ForWhileTransformer": _ONCE,
        "OperandSwap": _ONCE,
        "VarRenamerCB": _ONCE,
        "VarRenamerNaive": _ONCE,
        "VarRenamerRN": _SEEDED,
    },
    "format": {
        "doc2comments": _ONCE,
        "new_line_aftercode": _ONCE,
        "new_line_afterdoc": _ONCE,
        "new_lines": _SEEDED,
        "split_lines": _ONCE,
        "tab_indent": _ONCE,
    },
}

NAMES = {
    PARTIAL: _ONCE,
    **{f"{_PREFIX}{kind}": rows for kinds in KINDS.values() for kind, rows in kinds.items()},
}
"""How many problems each benchmark has."""

_IN_HALF = frozenset({*KINDS["natgen"], *KINDS["format"]})

_NOMINAL = DataFile(
    path="recode/recode-humaneval-partial-nominal.jsonl",
    url="",
    sha256="600816b55c1d775cfb27ad57b9f460c7b1078afeaf4ac69a01e1938146d1ba64",
    size_bytes=315_693,
    recipe="its rows are those of the nominal prompts with half of a solution in the dataset release of ReCode",
)
_PERTURBED = DataFile(
    path="recode/recode-humaneval.jsonl",
    url="",
    sha256="b10a59c21b4cc0367d4ab7eaf1d615ece56ca7b033aa20c8932bacb441640f55",
    size_bytes=10_213_949,
    recipe="its rows are those of seeds 0 to 4 of the perturbed HumanEval in the dataset release of ReCode",
)

#: No line of Python has it outside of a string or a comment, and this one is a line of its own.
_STUB = "\n$\n"


def file_of(name: str) -> DataFile:
    """The file of one benchmark."""
    return _NOMINAL if name == PARTIAL else _PERTURBED


def nominal_of(kind: str) -> str | None:
    """Name of the benchmark with the prompts that were perturbed; None if ReCode has no such kind.

    >>> nominal_of("tab_indent"), nominal_of("ChangeCharCase"), nominal_of("typos")
    ('recode:partial', 'humaneval', None)
    """
    if f"{_PREFIX}{kind}" not in NAMES or _PREFIX + kind == PARTIAL:
        return None
    return PARTIAL if kind in _IN_HALF else "humaneval"


def load_recode(name: str, access: Access = PINNED) -> Benchmark:
    """One kind of perturbation, or the nominal prompts that go on into a solution, in the dataset's own order.

    Args:
        name: A key of `NAMES`.
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file, or HumanEval's is not.
    """
    whole = _whole()
    data = read_data_file(file_of(name), access)
    kind = name.removeprefix(_PREFIX)
    if name == PARTIAL:
        title = "the nominal prompts of the kinds that go on into half of a solution"
        problems = [_nominal(row, whole) for row in map(json.loads, data.content.splitlines())]
    else:
        title = f"HumanEval with prompts perturbed by {kind}"
        halves = {}
        if kind in _IN_HALF:
            lines = read_data_file(_NOMINAL).content.splitlines()
            halves = {row["task_id"]: _nominal(row, whole) for row in map(json.loads, lines)}
        marked = f'"perturbation": {json.dumps(kind)}'.encode()
        rows = (json.loads(line) for line in data.content.splitlines() if marked in line)
        problems = [_perturbed(row, halves or whole) for row in rows if row["perturbation"] == kind]
    return Benchmark(
        name=name,
        title=f"ReCode: {title} (Wang et al. 2023)",
        problems=tuple(problems),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="Apache-2.0",
    )


@cache
def _whole() -> dict[str, Problem]:
    """HumanEval's problems by id."""
    return {problem.problem_id: problem for problem in load_humaneval().problems}


def _nominal(row: dict[str, Any], whole: dict[str, Problem]) -> Problem:
    """A nominal row with half of the solution in its prompt. Helpers that tests call are HumanEval's own."""
    prompt, entry_point = row["prompt"], row["entry_point"]
    return Problem(
        problem_id=row["task_id"],
        prompt=prompt,
        entry_point=entry_point,
        setup=whole[row["task_id"]].setup,
        tests=f"{row['test']}\ncheck({entry_point})\n",
        reference=row["canonical_solution"],
        stub=_STUB,
        stop=CODEX_STOP,
    )


def _perturbed(row: dict[str, Any], nominal: dict[str, Problem]) -> Problem:
    base, entry_point = nominal[row["task_id"]], row["entry_point"]
    tests = row.get("test", base.tests.removesuffix(f"check({base.entry_point})\n"))
    dead = ""
    if entry_point != base.entry_point and re.search(rf"\b{re.escape(base.entry_point)}\(", tests):
        dead = f"its tests call {base.entry_point}, which the prompt names otherwise"
    return Problem(
        problem_id=f"{row['task_id']}@seed{row['seed']}",
        prompt=row["prompt"],
        entry_point=entry_point,
        setup=base.setup,
        tests=f"{tests}\ncheck({entry_point})\n",
        reference="" if dead else row.get("canonical_solution", base.reference),
        stub=_STUB,
        stop=CODEX_STOP,
        body_indent="\t" if row["perturbation"] == "tab_indent" else USUAL,
        dead=dead,
        dead_by_reading=bool(dead),
        groups=(
            ("perturbation", row["perturbation"]),
            ("seed", str(row["seed"])),
            ("perturbed", "yes" if row["perturbed"] else "no"),
        ),
    )
