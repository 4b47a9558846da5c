"""A problem of the user's own in the format of EvalPlus' releases: inputs, and a solution that says what is expected.

What is covered: the fields of HumanEval+ and MBPP+, with all inputs as one part. The solution is executed where the
referee is, in the sandbox, and answers are compared by EvalPlus' rules.
What is not: a problem without a solution, of which nothing is known to be right.
"""

import ast
import json
import math
import re
from typing import Any

from codecrucible.benchmarks.problem import Problem
from codecrucible.benchmarks.sources.evalplus import oracle_of, rules_of_comparison
from codecrucible.benchmarks.sources.problem_file import begun, check_id, fault, text_of

BASE_INPUT = "base_input"
"""The field that such a record is known by."""

_PLUS_INPUT, _SOLUTION = "plus_input", "canonical_solution"
_TEXTS = ("task_id", "prompt", "entry_point", _SOLUTION)
#: Ids of EvalPlus' own problems, some of which have rules of their own.
_RELEASED = r"(?:HumanEval|Mbpp)/[0-9]{1,4}"
_IGNORED = {"contract", "assertion", "test"}


def read_inputs(record: dict[str, Any], where: str) -> Problem:
    """The problem that a record with `BASE_INPUT` holds.

    Args:
        record: As JSON has it.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is no problem.
    """
    unknown = sorted(record.keys() - {*_TEXTS, BASE_INPUT, _PLUS_INPUT, "atol"} - _IGNORED)
    if unknown:
        raise fault(unknown[0], f"a problem with {BASE_INPUT!r} has no such field", where=where)
    for field in _TEXTS:
        text_of(record.get(field), field, where=where)
    check_id(record["task_id"], where=where)
    if not record["entry_point"].isidentifier():
        raise fault("entry_point", "expected a name of a function in python", where=where)
    start = begun(record["prompt"], record["entry_point"], where=where)
    if not record[_SOLUTION].strip():
        raise fault(_SOLUTION, "has to be there, since it says what is expected", where=where)
    try:
        body = ast.parse(record["prompt"] + record[_SOLUTION]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise fault(_SOLUTION, f"is no Python behind the prompt: {error}", where=where) from error
    if record["entry_point"] not in {each.name for each in body if isinstance(each, ast.FunctionDef)}:
        raise fault(_SOLUTION, f"defines no function {record['entry_point'][:40]!r}", where=where)
    base, plus = record[BASE_INPUT], record.get(_PLUS_INPUT) or []  # which is an object where there are none
    for field, inputs in ((BASE_INPUT, base), (_PLUS_INPUT, plus)):
        if (
            not isinstance(inputs, list)
            or not all(isinstance(each, list) for each in inputs)
            or (inputs is base and not base)
        ):
            raise fault(field, "expected a list of lists of arguments", where=where)
    atol = record.get("atol", 0)
    if type(atol) not in (int, float) or not (math.isfinite(atol) and atol >= 0):
        raise fault("atol", "expected a number from 0 on", where=where)
    rules_for = record["task_id"] if re.fullmatch(_RELEASED, record["task_id"]) else "own/0"
    return Problem(
        problem_id=record["task_id"],
        prompt=record["prompt"],
        entry_point=record["entry_point"],
        setup=oracle_of({**record, "task_id": rules_for, "atol": atol}, rules_of_comparison()),
        tests="",
        calls=(json.dumps(base + plus),),
        reference=record[_SOLUTION],
        stub=start.stub,
        stop=start.stop,
        body_indent=start.indent,
    )
