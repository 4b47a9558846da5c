"""Records in MBPP's shape whose language is not Python, as records with `tests`.

A `test_list` is statements of its language, one assertion each. They are put one below the other, in a `main` where
there has to be one, and the last literal of each is the value that a negative control may change.
"""

from collections.abc import Mapping
from typing import Any

from codecrucible.benchmarks.sources.own_asserts import TEST_LIST
from codecrucible.benchmarks.sources.own_expected import LITERAL
from codecrucible.benchmarks.sources.problem_file import fault

_MOST_ASSERTS = 1000
_AROUND: Mapping[str, tuple[str, str]] = {
    "javascript": ("const assert = require('node:assert');\n", ""),
    "typescript": ("declare var require: any;\nconst assert = require('node:assert');\n", ""),
    "cpp": ("#include <cassert>\nint main() {\n", "}\n"),
    **dict.fromkeys(("bash", "php", "perl", "lua", "ruby", "r"), ("", "")),
}
_SAME = {"code": "reference", "test_setup_code": "", "challenge_test_list": ""}


def with_tests(record: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The record with `tests` in the place of its `test_list`, if it is in another language than Python; else itself.

    Args:
        record: As JSON has it, with a `test_list`.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if the list cannot be put one below the other.
    """
    language = record.get("language", "python")
    if language == "python":
        return {name: value for name, value in record.items() if name != "language"}
    return _of_list(record, language, where) if isinstance(language, str) else record


def _of_list(record: Mapping[str, Any], language: str, where: str) -> dict[str, Any]:
    asserts = record[TEST_LIST]
    if language not in _AROUND:
        what = f"in {language[:40]!r} nothing is known that could stand around it: give 'calls' or 'tests'"
        raise fault(TEST_LIST, what, where=where)
    if (
        not isinstance(asserts, list)
        or not 1 <= len(asserts) <= _MOST_ASSERTS
        or not all(isinstance(each, str) for each in asserts)
    ):
        raise fault(TEST_LIST, f"expected a list of 1 to {_MOST_ASSERTS} strings", where=where)
    head, tail = _AROUND[language]
    setup = record.get("test_setup_code", "")
    if not isinstance(setup, str):
        raise fault("test_setup_code", "expected a string", where=where)
    tests, expected = head + (f"{setup}\n" if setup else ""), []
    for number, text in enumerate(asserts):
        literals = list(LITERAL.finditer(text))
        if not literals:
            raise fault(f"{TEST_LIST}[{number}]", "has no literal that a negative control could change", where=where)
        expected.append({"literal": literals[-1][0], "offset": len(tests) + literals[-1].start()})
        tests += f"{text}\n"
    same = {_SAME.get(name, name): value for name, value in record.items() if name != TEST_LIST}
    same.pop("", None)
    return {"expected": expected, **same, "tests": tests + tail}
