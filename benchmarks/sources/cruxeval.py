"""CRUXEval: what 800 short Python functions answer, and what makes them answer it, Gu et al. 2024, arXiv:2401.03065.

Two benchmarks of one file: `cruxeval-o` gives a function and an input and asks for the output, `cruxeval-i` gives the
output and asks for an input. The model answers with an assertion, of which one side is looked at.

An answer is data and never code. It is a string in a program of ours (`Problem.reader`), which runs in the player's
process, parses it and takes constants out of it: no character of it is executed there or elsewhere, however its text is
brought in. For an input that program calls the dataset's function with these constants. What comes back is compared by
the referee with the dataset's output, which the player never holds.
"""

import json
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file

REVISION = "190faf16"
SOURCE = "facebookresearch/cruxeval"

FILE = DataFile(
    path="cruxeval/cruxeval.jsonl",
    url=f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/data/cruxeval.jsonl",
    sha256="8368b81047dc5014e4caf5a2f97604eff7644e0ecd7415e3ceeb184bbc2e0c96",
    size_bytes=186_873,
)

NAMES = ("cruxeval-o", "cruxeval-i")

_STOP = ("[/ANSWER]",)

_OUTPUT_PROMPT = """\
You are given a Python function and an assertion containing an input to the function. Complete the assertion with a \
literal (no unsimplified expressions, no function calls) containing the output when executing the provided code on the \
given input, even if the function is incorrect or incomplete. Do NOT output any extra information. Provide the full \
assertion with the correct output in [ANSWER] and [/ANSWER] tags, following the examples.

[PYTHON]
def f(n):
    return n
assert f(17) == ??
[/PYTHON]
[ANSWER]
assert f(17) == 17
[/ANSWER]

[PYTHON]
def f(s):
    return s + "a"
assert f("x9j") == ??
[/PYTHON]
[ANSWER]
assert f("x9j") == "x9ja"
[/ANSWER]

[PYTHON]
{code}
assert f({input}) == ??
[/PYTHON]
[ANSWER]
"""

_INPUT_PROMPT = """\
You will be given a function f and an output in the form f(??) == output. Find any input such that executing f on the \
input leads to the given output. There may be multiple answers, but you should only output one. In [ANSWER] and \
[/ANSWER] tags, complete the assertion with one such input that will produce the output when executing the function.

[PYTHON]
def f(my_list):
    count = 0
    for i in my_list:
        if len(i) % 2 == 0:
            count += 1
    return count
assert f(??) == 3
[/PYTHON]
[ANSWER]
assert f(["mq", "px", "zy"]) == 3
[/ANSWER]

[PYTHON]
def f(s1, s2):
    return s1 + s2
assert f(??) == "banana"
[/PYTHON]
[ANSWER]
assert f("ba", "nana") == "banana"
[/ANSWER]

[PYTHON]
{code}
assert f(??) == {output}
[/PYTHON]
[ANSWER]
"""

_OUTPUT_READER = """\
import ast

said = ast.parse(ANSWER.strip(), mode="eval").body
if isinstance(said, ast.Compare) and isinstance(said.ops[0], ast.Eq):
    said = said.comparators[0]
output = ast.literal_eval(said)


def answer():
    return output
"""

_INPUT_READER = """\
import ast

said = ast.parse(ANSWER.strip(), mode="eval").body
if isinstance(said, ast.Compare) and isinstance(said.ops[0], ast.Eq):
    said = said.left
if not isinstance(said, ast.Call) or not isinstance(said.func, ast.Name) or said.func.id != "f":
    raise ValueError("the answer does not call f")
arguments = [ast.literal_eval(argument) for argument in said.args]
named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in said.keywords}


def answer():
    return f(*arguments, **named)


"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    title: str
    prompt: str
    reader: str


_TASKS = {
    "cruxeval-o": _Task(title="the output of 800 Python functions", prompt=_OUTPUT_PROMPT, reader=_OUTPUT_READER),
    "cruxeval-i": _Task(
        title="an input that 800 Python functions answer so", prompt=_INPUT_PROMPT, reader=_INPUT_READER
    ),
}

#: Inputs of the dataset that are expressions, as constants, which an answer is made of; the others are constants.
_AS_CONSTANTS = {
    "sample_152": "'AAAAAAAAAAAAAAAAAAAA'",
    "sample_239": r"'0 t 1cos ', 'st 0\t\n  '",
    "sample_258": "[1, 2, 7, 9], 3, 3, 2",
    "sample_378": "{'did': 0}, 'u'",
    "sample_459": "['b', 'vzjmc', 'f', 'ae', '0'], {}",
    "sample_522": "[100, 101, 102, 103, 104]",
    "sample_694": "{'e': 1, 'd': 2, 'c': 3}",
    "sample_720": "['bfreratrrbdbzagbretaredtroefcoiqrrneaosf'], 'n'",
    "sample_760": "{'f': 1, 'h': 2, 'j': 3, 'k': 4}",
    "sample_770": "'$78', '$'",
}

_TAKES_A_FUNCTION = "f calls one of its arguments, and an answer of constants has no function"
_DEAD = {"sample_344": _TAKES_A_FUNCTION, "sample_364": _TAKES_A_FUNCTION}


def load_cruxeval(name: str, access: Access = PINNED) -> Benchmark:
    """One of the two tasks, in the dataset's own order.

    Args:
        name: "cruxeval-o" or "cruxeval-i".
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    task = _TASKS[name]
    data = read_data_file(FILE, access)
    return Benchmark(
        name=name,
        title=f"CRUXEval: {task.title} (Gu et al. 2024)",
        problems=tuple(_problem(json.loads(line), name, task) for line in data.content.splitlines()),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="MIT",
    )


def _problem(record: dict[str, Any], name: str, task: _Task) -> Problem:
    code, given, output = record["code"], record["input"], record["output"]
    prompt = task.prompt.format(code=code, input=given, output=output)
    predicts_input = name == "cruxeval-i"
    dead = _DEAD.get(record["id"], "") if predicts_input else ""
    if predicts_input:
        given = _AS_CONSTANTS.get(record["id"], given)
    return Problem(
        problem_id=record["id"],
        prompt=prompt,
        message=prompt,
        entry_point="answer",
        setup="",
        tests=f"assert answer() == {output}\n",
        reference="" if dead else f"assert f({given}) == {output}\n",
        stub=f"assert f(0, 0, 0, 0, 0, 0, 0, 0) == {output}\n"
        if predicts_input
        else f"assert f({given}) == 'nothing'\n",
        stop=_STOP,
        reader=f"{task.reader}{code}\n" if predicts_input else task.reader,
        dead=dead,
        dead_by_reading=bool(dead),
    )
