"""A problem of the user's own in MBPP's format: a description, and a list of asserts, judged by the referee.

What is covered: the fields of the full and of the edited file, with or without reference solutions; a `prompt` that is
Python already is taken as it is, and any other text becomes a docstring, as the benchmark itself has it. The function
is the one that every assert calls and the reference defines, unless `entry_point` names it. A `test`, as EvalPlus adds
it, is executed after the asserts.
What is not: `challenge_test_list`, which no score of MBPP is made of.
"""

import ast
import builtins
import re
from collections.abc import Sequence
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Problem
from codecrucible.benchmarks.sources.mbpp import prompt_of, unix
from codecrucible.benchmarks.sources.problem_file import begun, check_id, fault, text_of

TEST_LIST = "test_list"
"""The field that such a record is known by."""

_DESCRIPTIONS = ("text", "prompt")
_REFERENCES = ("code", "canonical_solution", "reference")
_SETUPS = ("test_setup_code", "test_imports")
_IDS = ("task_id", "problem_id")
_FIELDS = {*_DESCRIPTIONS, *_REFERENCES, *_SETUPS, *_IDS, TEST_LIST, "test", "entry_point"}
_IGNORED = {"challenge_test_list", "source_file"}
_MOST_ASSERTS = 1000
_FAULTS = (SyntaxError, ValueError, RecursionError, MemoryError)


def read_asserts(record: dict[str, Any], where: str) -> Problem:
    """The problem that a record with `TEST_LIST` holds.

    Args:
        record: As JSON has it.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is no problem.
    """
    return _Reader(record, where).problem()


class _Reader:
    """Reads the fields of one record."""

    def __init__(self, record: dict[str, Any], where: str) -> None:
        self._record, self._where = record, where
        unknown = sorted(record.keys() - _FIELDS - _IGNORED)
        if unknown:
            raise self._fault(unknown[0], f"a problem with {TEST_LIST!r} has no such field")

    def problem(self) -> Problem:
        """The problem."""
        id_field, problem_id = self._id()
        check_id(problem_id, where=self._where, field=id_field)
        tests = self._strings(TEST_LIST)
        if not tests:
            raise self._fault(TEST_LIST, "expected an assert at least")
        called = [self._called(test, f"{TEST_LIST}[{number}]") for number, test in enumerate(tests)]
        reference = unix(self._text(self._one_of(_REFERENCES), default=""))
        entry_point = self._entry_point(called, reference)
        prompt = self._prompt(entry_point, tests)
        start = begun(prompt, entry_point, where=self._where)
        return Problem(
            problem_id=problem_id,
            prompt=prompt,
            entry_point=entry_point,
            setup=self._setup() + "\n",
            tests="\n".join(tests) + "\n" + self._source("test"),
            reference=f"{reference}\n" if reference else "",
            stub=start.stub,
            stop=start.stop,
            body_indent=start.indent,
        )

    def _id(self) -> tuple[str, str]:
        """The field of the id, and the id; a number is its text."""
        field = self._one_of(_IDS)
        value = self._record.get(field)
        return field, str(value) if type(value) is int else self._text(field)

    def _prompt(self, entry_point: str, tests: Sequence[str]) -> str:
        field = self._one_of(_DESCRIPTIONS)
        text = self._text(field)
        try:
            begun(text, entry_point, where=self._where)
        except BenchmarkDataError:
            prompt = prompt_of(text, tests)
        else:
            return text
        try:
            ast.parse(prompt)
        except _FAULTS as error:
            raise self._fault(
                field,
                f"is no Python, and cannot stand in a docstring either; leave out backslashes and quotes: {error}",
            ) from error
        return prompt

    def _setup(self) -> str:
        field = self._one_of(_SETUPS)
        if isinstance(self._record.get(field), list):
            return self._parsed("\n".join(self._strings(field)), field)
        return self._source(field)

    def _source(self, field: str) -> str:
        """Source in Python, "" if it is left out."""
        return self._parsed(unix(self._text(field, default="")), field)

    def _parsed(self, source: str, field: str) -> str:
        try:
            ast.parse(source)
        except _FAULTS as error:
            raise self._fault(field, f"is no Python: {error}") from error
        return source

    def _called(self, test: str, field: str) -> set[str]:
        """Names of the functions that an assert calls, without those that Python has."""
        try:
            body = ast.parse(test).body
        except _FAULTS as error:
            raise self._fault(field, f"is no Python: {error}") from error
        if not any(isinstance(each, ast.Assert) for each in body):
            raise self._fault(field, "expected an assert")
        calls = (each.func for statement in body for each in ast.walk(statement) if isinstance(each, ast.Call))
        return {func.id for func in calls if isinstance(func, ast.Name)}

    def _entry_point(self, called: Sequence[set[str]], reference: str) -> str:
        """Name of the function that is asked for: of those that each assert calls, the one that is no one else's."""
        common = set[str].intersection(*called)
        if "entry_point" in self._record:
            named = self._text("entry_point")
            if named not in common:
                raise self._fault("entry_point", f"not every assert calls {named[:40]!r}")
            return named
        defined = common & set(re.findall(r"^def[ \t]+(\w+)", reference, re.MULTILINE))
        found = sorted(defined or common - set(vars(builtins)) or common)
        if len(found) != 1:
            raise self._fault(
                TEST_LIST, f"every assert calls {', '.join(found) or 'no function'}: name one in 'entry_point'"
            )
        return found[0]

    def _one_of(self, names: tuple[str, ...]) -> str:
        """Which of the names the record has a field of; the first if it has none."""
        found = [name for name in names if name in self._record]
        if len(found) > 1:
            raise self._fault(found[1], f"is there beside {found[0]!r}; give one of the two")
        return found[0] if found else names[0]

    def _strings(self, field: str) -> list[str]:
        value = self._record[field]
        if (
            not isinstance(value, list)
            or len(value) > _MOST_ASSERTS
            or not all(isinstance(each, str) for each in value)
        ):
            raise self._fault(field, f"expected a list of at most {_MOST_ASSERTS} strings")
        return [text_of(unix(each), f"{field}[{number}]", where=self._where) for number, each in enumerate(value)]

    def _text(self, field: str, *, default: str | None = None) -> str:
        return text_of(self._record.get(field, default), field, where=self._where)

    def _fault(self, field: str, what: str) -> BenchmarkDataError:
        return fault(field, what, where=self._where)
