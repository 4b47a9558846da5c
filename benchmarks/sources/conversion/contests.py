"""Rows of APPS, Hendrycks et al. 2021, arXiv:2105.09938, and of CodeContests, Li et al. 2022, arXiv:2203.07814.

What is covered: whole programs, which read and print, and APPS' functions in Python, which are called. Of several
accepted solutions the first in the language that is asked for is the reference. Tests keep all their inputs: a problem
with more than a benchmark of one's own may have is left out whole.
What is not: problems that accept several outputs, which neither format says of its rows: `benchmarks check` shows the
reference that does not pass. Wrong solutions are left alone.
"""

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from codecrucible.benchmarks.sources.conversion.candidate import Candidate, NotConverted, Row, text_in
from codecrucible.benchmarks.sources.own_record import LIMITS

_IDS = ("id", "problem_id", "task_id")
#: What CodeContests calls the languages of its solutions.
_SOLUTIONS: Mapping[str, int] = {"cpp": 2, "python": 3, "java": 4}
_TESTS = ("public_tests", "private_tests", "generated_tests")
_UNFIT = re.compile(r"[^\w.+-]+")
_LEARNT = "from typing import *\nfrom collections import *\nimport math, heapq, bisect, itertools, functools\n"
_FAULTS = (SyntaxError, ValueError, RecursionError, MemoryError)


def from_apps(row: Row) -> Candidate:
    """A problem of APPS, in Python.

    Raises:
        NotConverted: saying which field is at fault.
    """
    question = text_in(row, "question")
    problem_id = f"APPS/{_id(row)}"
    tests = _json(row, "input_output")
    if not isinstance(tests, dict) or not all(isinstance(tests.get(name), list) for name in ("inputs", "outputs")):
        raise NotConverted("field 'input_output': expected an object of 'inputs' and 'outputs', lists of one length")
    inputs, outputs = tests["inputs"], tests["outputs"]
    if len(inputs) != len(outputs) or not inputs:
        raise NotConverted(f"field 'input_output': has {len(inputs)} inputs and {len(outputs)} outputs")
    solutions = [each for each in _list(row, "solutions") if isinstance(each, str) and _compiles(each)]
    if name := tests.get("fn_name"):
        return _function(row, problem_id, question, str(name), list(zip(inputs, outputs, strict=True)), solutions)
    cases = [
        {"stdin": _lines(each, "inputs"), "expected": _lines(output, "outputs")}
        for each, output in zip(inputs, outputs, strict=True)
    ]
    starter = row.get("starter_code")
    prompt = f"{question}\n\nBegin with:\n{starter}" if isinstance(starter, str) and starter.strip() else question
    record = {"problem_id": problem_id, "language": "python", "prompt": prompt, "cases": cases}
    return Candidate(record=record | ({"reference": solutions[0]} if solutions else {}))


def from_codecontests(row: Row, language: str) -> Candidate:
    """A problem of CodeContests, in `language`: "python", "cpp" or "java".

    Raises:
        NotConverted: saying which field is at fault.
    """
    if language not in _SOLUTIONS:
        raise NotConverted(f"codecontests has no solutions in {language[:40]!r}; there are {', '.join(_SOLUTIONS)}")
    for field in ("input_file", "output_file"):
        if row.get(field):
            raise NotConverted(f"field {field!r}: its program reads or writes a file, and not stdin and stdout")
    cases = []
    for field in _TESTS:
        tests = row.get(field) or {}
        inputs, outputs = (
            (tests.get(name) or [] for name in ("input", "output")) if isinstance(tests, dict) else ([], 0)
        )
        if not isinstance(inputs, list) or not isinstance(outputs, list) or len(inputs) != len(outputs):
            raise NotConverted(f"field {field!r}: expected an object of 'input' and 'output', lists of one length")
        cases += [{"stdin": each, "expected": output} for each, output in zip(inputs, outputs, strict=True)]
    if not cases:
        raise NotConverted(f"field {_TESTS[0]!r}: it has no tests")
    record: dict[str, Any] = {
        "problem_id": f"CodeContests/{_UNFIT.sub('_', text_in(row, 'name')).strip('_')}",
        "language": language,
        "prompt": text_in(row, "description"),
        "cases": cases,
        "limits": _limits(row),
    }
    solutions = row.get("solutions") or {}
    if isinstance(solutions, dict):
        known = zip(solutions.get("language") or [], solutions.get("solution") or [], strict=False)
        fitting = [text for number, text in known if number == _SOLUTIONS[language] and isinstance(text, str)]
        fitting = [text for text in fitting if language != "python" or _compiles(text)]
        if fitting:
            record["reference"] = _with_main(fitting[0]) if language == "java" else fitting[0]
    return Candidate(record=record)


def _function(
    row: Row, problem_id: str, question: str, name: str, tests: list[tuple[Any, Any]], solutions: list[str]
) -> Candidate:
    """A function that is called: the whole of it is asked for, and its method of a class is not."""
    starter = row.get("starter_code")
    shown = f"\n\n{_plain(starter)}" if isinstance(starter, str) and starter.strip() else ""
    asked = f"{question.strip()}\n\nWrite the function {name}.{shown}".replace("\\", "\\\\").replace('"""', "'''")
    # In most rows, and then in all their tests, the answer stands in a list of its own.
    wrapped = all(isinstance(output, list) and len(output) == 1 for _, output in tests)
    calls = []
    for number, (arguments, output) in enumerate(tests):
        if not isinstance(arguments, list):
            raise NotConverted(f"field 'input_output': inputs[{number}]: expected a list of arguments")
        calls.append({"arguments": arguments, "expected": output[0] if wrapped else output})
    record = {
        "problem_id": problem_id,
        "prompt": f'"""{asked}\n"""\n{_LEARNT}',
        "entry_point": name,
        "calls": calls,
    }
    for solution in solutions:
        if re.search(rf"^def {re.escape(name)}\b", solution, re.MULTILINE):
            return Candidate(record=record | {"reference": solution + "\n"})
        if re.search(r"^class Solution\b", solution, re.MULTILINE):
            return Candidate(record=record | {"reference": f"{solution}\n\n{name} = Solution().{name}\n"})
    return Candidate(record=record)


def _plain(starter: str) -> str:
    """The head of a method as that of a function."""
    found = re.search(r"^[ \t]*(def \w+\()(?:self,?[ \t]*)?([^\n]*)", starter, re.MULTILINE)
    return f"{found[1]}{found[2]}" if found else starter


def _with_main(program: str) -> str:
    """A program in Java whose public class is called Main."""
    found = re.search(r"public\s+(?:final\s+)?class\s+(\w+)", program)
    return re.sub(rf"\b{found[1]}\b", "Main", program) if found else program


def _limits(row: Row) -> dict[str, float]:
    """The limits of a row within the bounds of a benchmark of one's own."""
    limits: dict[str, float] = {}
    time_limit, memory = row.get("time_limit"), row.get("memory_limit_bytes")
    if isinstance(time_limit, dict):
        seconds, nanos = (time_limit.get(name) or 0 for name in ("seconds", "nanos"))
        if type(seconds) in (int, float) and type(nanos) in (int, float) and 0 < seconds + nanos / 1e9 < 1e6:  # noqa: PLR2004
            limits["cpu_s"] = _within("cpu_s", seconds + nanos / 1e9)
    if type(memory) is int and memory > 0:
        limits["memory_bytes"] = int(_within("memory_bytes", memory))
    return limits


def _within(name: str, value: float) -> float:
    least, most = LIMITS[name]
    return min(max(value, least), most)


def _id(row: Row) -> str:
    value = next((row[name] for name in _IDS if name in row), None)
    if type(value) is not int and not isinstance(value, str):
        raise NotConverted(f"field {_IDS[0]!r}: expected a number or a string, and so {', '.join(_IDS[1:])}")
    return str(value)


def _json(row: Row, field: str) -> Any:
    """What a field holds, or the JSON in its text."""
    value = row.get(field)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise NotConverted(f"field {field!r}: expected JSON: {error}") from error


def _list(row: Row, field: str) -> list[Any]:
    try:
        value = _json(row, field)
    except NotConverted:  # an empty text, where there is none
        return []
    return value if isinstance(value, list) else []


def _lines(value: Any, field: str) -> str:
    """What is read or printed, which may be a list of lines."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "".join(f"{each}\n" for each in value)
    if not isinstance(value, str):
        raise NotConverted(f"field 'input_output': {field} has a {type(value).__name__} where a string is expected")
    return value


def _compiles(solution: str) -> bool:
    try:
        ast.parse(solution)
    except _FAULTS:
        return False
    return True
