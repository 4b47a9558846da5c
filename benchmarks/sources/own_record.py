"""A problem of the user's own, from one record of a file: the format that `own_record.schema.json` describes.

A record is judged in one of four ways: `calls` of a function and what each has to answer, as JSON, by the referee in
Python and by the answers elsewhere; `test` and `entry_point` as in HumanEval, by the referee, in Python; `tests`,
which follow the completion as MultiPL-E's do, by its answers, or by exit status with a negative control; `cases` of
stdin and expected stdout, for whole programs. Nothing of a record is executed here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from codecrucible.benchmarks.answers.answer_language import ANSWER_LANGUAGES
from codecrucible.benchmarks.answers.braces import BRACES, braces
from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.in_process import changes_in
from codecrucible.benchmarks.problem import OwnLimits, Problem
from codecrucible.benchmarks.sources.calls import WRITERS, Call, Signature, Unwritable, Writer, python, taken_apart
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.benchmarks.sources.own_asserts import TEST_LIST, read_asserts
from codecrucible.benchmarks.sources.own_expected import NotFound, Place, changes_at, place_of
from codecrucible.benchmarks.sources.own_files import read_files
from codecrucible.benchmarks.sources.own_inputs import BASE_INPUT, read_inputs
from codecrucible.benchmarks.sources.own_shapes import with_tests
from codecrucible.benchmarks.sources.own_translation import STOP_TOKENS, read_translation
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP, begun, check_id, problem_of
from codecrucible.sandbox.case_check import CASE_OUTPUT_BYTES, Case
from codecrucible.sandbox.image.printed import digest_of
from codecrucible.sandbox.job import Change, SetUpFile, Tolerance
from codecrucible.sandbox.languages import LANGUAGES
from codecrucible.sandbox.limits import MEBIBYTE

#: What only this format has; a record with none of it is in HumanEval's.
_OWN = {"problem_id", "language", "reference", "tests", "cases", "calls", "expected", "stop", "limits"}
_KINDS = {
    "test": {"test", "entry_point"},
    "tests": {"tests", "entry_point", "expected"},
    "cases": {"cases"},
    "calls": {"calls", "entry_point", "tolerance", "types"},
}
_COMMON = {"prompt", "language", "stop", "limits", "files"}
_IDS = ("problem_id", "task_id")
_REFERENCES = ("reference", "canonical_solution")

#: What a call may have.
_CALL = {"arguments", "keywords", "expected", "accepted"}

MOST_CALLS = 1000
MOST_LEVELS = 50
MOST_CASES = 1000
MOST_ACCEPTED = 100
MOST_STOPS = 16
MOST_EXPECTED = 1000
LIMITS: Mapping[str, tuple[float, float]] = {
    "cpu_s": (0.1, 60),
    "wall_s": (0.1, 180),
    "memory_bytes": (16 * MEBIBYTE, 512 * MEBIBYTE),
}
"""Least and most of each limit that a problem may set."""
TOLERANCES: Mapping[str, float] = {"absolute": 1e9, "relative": 0.5}
"""Most of each tolerance."""

_TRANSLATIONS = {each.language: each for each in TRANSLATIONS.values()}


def read_record(record: Any, where: str) -> Problem | None:
    """The problem that `record`, as JSON has it, holds; None if it is not in this format but in HumanEval's, or none.

    One with a `test_list` is in MBPP's, see `own_asserts` and, for other languages than Python, `own_shapes`. One with
    `stop_tokens` is in MultiPL-E's, see `own_translation`, and one with a `base_input` in EvalPlus', see `own_inputs`.

    Args:
        record: What a line holds.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is in this format and no problem.
    """
    if isinstance(record, dict) and TEST_LIST in record:
        record = with_tests(record, where)
    if isinstance(record, dict) and TEST_LIST in record:
        return read_asserts(record, where)
    if isinstance(record, dict) and STOP_TOKENS in record:
        return read_translation(record, where)
    if isinstance(record, dict) and BASE_INPUT in record:
        return read_inputs(record, where)
    if not isinstance(record, dict) or not _OWN & record.keys():
        return None
    return _Reader(record, where).problem()


def _takes_nothing(case: Case) -> bool:
    """Whether a program that prints nothing passes it."""
    return any(digest_of(text.encode()) == digest_of(b"") for text in (case.expected, *case.accepted))


class _Reader:
    """Reads the fields of one record."""

    def __init__(self, record: dict[str, Any], where: str) -> None:
        self._record, self._where = record, where
        self._id, self._reference = self._one_of(_IDS, needed=True), self._one_of(_REFERENCES)
        self._kind = self._one_of(tuple(_KINDS), needed=True)
        known = _COMMON | _KINDS[self._kind] | {self._id, self._reference}
        if self._kind == "test" and record.get("language", "python") != "python":
            known = known | {"expected"}
        unknown = sorted(record.keys() - known)
        if unknown:
            raise self._fault(unknown[0], f"a problem with {self._kind!r} has no such field")

    def problem(self) -> Problem:
        """The problem."""
        check_id(self._text(self._id), where=self._where, field=self._id)
        language = self._text("language", "python")
        if language not in LANGUAGES:
            raise self._fault("language", f"nothing here runs {language[:40]!r}; there are {', '.join(LANGUAGES)}")
        read = {
            "test": self._with_test,
            "tests": self._with_tests,
            "cases": self._with_cases,
            "calls": self._with_calls,
        }[self._kind]
        return replace(read(language), limits=self._limits(), files=self._files(language))

    def _with_test(self, language: str) -> Problem:
        if language != "python":
            return self._with_tests(language, "test")
        record = {name: self._text(name) for name in ("prompt", "entry_point", "test")}
        record |= {"task_id": self._text(self._id), "canonical_solution": self._text(self._reference, "")}
        return problem_of(record, where=self._where, stop=self._stop(CODEX_STOP), reference_needed=False)

    def _with_tests(self, language: str, field: str = "tests") -> Problem:
        tests = self._text(field)
        try:
            LANGUAGES[language].source("", tests, "")
        except ValueError as error:
            raise self._fault(field, str(error)) from error
        prompt = self._text("prompt")
        stub = _TRANSLATIONS[language].stub
        assertions, result = _TRANSLATIONS[language].taken_apart(tests, prompt)
        return Problem(
            problem_id=self._text(self._id),
            prompt=prompt,
            entry_point=self._text("entry_point"),
            setup="",
            tests=tests,
            reference=self._text(self._reference, ""),
            language=language,
            stop=self._stop(CODEX_STOP if language == "python" else ()),
            changes=self._changes(tests, language, field),
            assertions=assertions,
            result=result,
            stub="    return None\n" if language == "python" else stub,
        )

    def _with_cases(self, language: str) -> Problem:
        return Problem(
            problem_id=self._text(self._id),
            prompt=self._text("prompt"),
            entry_point="",
            setup="",
            tests="",
            reference=self._text(self._reference, ""),
            language=language,
            stop=self._stop(()),
            cases=self._cases(),
            stub="",
        )

    def _with_calls(self, language: str) -> Problem:
        prompt, entry_point, calls = self._text("prompt"), self._text("entry_point"), self._calls()
        tolerance = self._tolerance()
        problem = Problem(
            problem_id=self._text(self._id),
            prompt=prompt,
            entry_point=entry_point,
            setup=python.SETUP if language == "python" else "",
            tests="",
            reference=self._text(self._reference, ""),
            language=language,
            stop=self._stop(()),
            stub="",
        )
        try:
            if language == "python":
                tests = python.tests(entry_point, calls, tolerance)
                start = begun(prompt, entry_point, where=self._where)
                stop = self._stop(start.stop)
                return replace(problem, tests=tests, body_indent=start.indent, stub=start.stub, stop=stop)
            if language not in WRITERS:
                raise self._fault(
                    "calls",
                    f"nothing here writes calls in {language} yet (there are python, {', '.join(WRITERS)}): give "
                    "'tests' or 'cases'",
                )
            writer = WRITERS[language]
            made = taken_apart(writer, entry_point, calls, self._signature(writer, prompt, entry_point))
        except Unwritable as error:
            raise self._fault(error.field, error.what) from error
        return replace(
            problem,
            tests=made.tests,
            assertions=made.assertions,
            result=made.result,
            tolerance=tolerance,
            stub=self._stub(language, prompt, entry_point),
        )

    def _calls(self) -> list[Call]:
        calls = []
        for number, call in enumerate(self._list("calls", MOST_CALLS)):
            field = f"calls[{number}]"
            if not isinstance(call, dict) or not {"arguments", "expected"} <= call.keys() <= _CALL:
                raise self._fault(
                    field, "expected an object of 'arguments', 'expected' and perhaps 'keywords', 'accepted'"
                )
            arguments, keywords, accepted = call["arguments"], call.get("keywords", {}), call.get("accepted", [])
            if not isinstance(arguments, list):
                raise self._fault(f"{field}.arguments", "expected a list, of one value for each parameter")
            if not isinstance(keywords, dict):
                raise self._fault(f"{field}.keywords", "expected an object of values by parameter")
            if not isinstance(accepted, list) or len(accepted) > MOST_ACCEPTED:
                raise self._fault(f"{field}.accepted", f"expected a list of at most {MOST_ACCEPTED} values")
            for name, value in call.items():
                self._check_value(value, f"{field}.{name}")
            one = Call(
                arguments=tuple(arguments), keywords=keywords, expected=call["expected"], accepted=tuple(accepted)
            )
            calls.append(one)
        return calls

    def _check_value(self, value: Any, field: str, depth: int = 0) -> None:
        """Refuse what no language writes: more levels than a printer goes down, and what is no number or no text."""
        if depth > MOST_LEVELS:
            raise self._fault(field, f"has more than {MOST_LEVELS} levels")
        if isinstance(value, float) and not math.isfinite(value):
            raise self._fault(field, f"{value} is no number that JSON has: write another value")
        if isinstance(value, str):
            self._check_text(value, field, nul=True)
        for inner in value if isinstance(value, list) else value.items() if isinstance(value, dict) else ():
            for each in inner if isinstance(value, dict) else (inner,):
                self._check_value(each, field, depth + 1)

    def _tolerance(self) -> Tolerance:
        given = self._record.get("tolerance", {})
        if not isinstance(given, dict) or not given.keys() <= TOLERANCES.keys():
            raise self._fault("tolerance", "expected an object of 'absolute' and 'relative'")
        for name, value in given.items():
            most = TOLERANCES[name]
            if type(value) not in (int, float) or not 0 <= value <= most:
                raise self._fault(f"tolerance.{name}", f"expected a number from 0 to {most}")
        return Tolerance(**given)

    def _signature(self, writer: Writer, prompt: str, entry_point: str) -> Signature:
        """The types of the function: those that `types` gives, else those of the prompt."""
        if writer.types is None:
            if "types" in self._record:
                raise self._fault("types", f"{writer.language} needs none")
            return Signature()
        if "types" not in self._record:
            found = writer.types(prompt, entry_point)
            if found is None:
                raise self._fault(
                    "prompt", f"has no signature of {entry_point[:40]!r} that is understood: give the types in 'types'"
                )
            return found
        types = self._record["types"]
        if not isinstance(types, dict) or types.keys() != {"arguments", "result"}:
            raise self._fault("types", "expected an object of 'arguments', a list, and 'result'")
        arguments = types["arguments"]
        if not isinstance(arguments, list):
            raise self._fault("types.arguments", "expected a list, of one type for each parameter")
        for number, type_ in enumerate(arguments):
            self._check_text(type_, f"types.arguments[{number}]")
        return Signature(arguments=tuple(arguments), result=self._check_text(types["result"], "types.result"))

    def _stub(self, language: str, prompt: str, entry_point: str) -> str:
        """A completion that does nothing; "" where the prompt does not begin the function, so that none fits."""
        if not ANSWER_LANGUAGES[language].defines(re.escape(entry_point)).search(prompt):
            return ""
        stub = _TRANSLATIONS[language].stub
        return stub if language not in BRACES or braces(stub, language).unopened else f"{stub}}}\n"

    def _changes(self, tests: str, language: str, field: str) -> tuple[Change, ...]:
        """What the negative control is drawn from: the `expected` literals, else those that assertions are known by."""
        if "expected" in self._record:
            literals = self._list("expected", MOST_EXPECTED)
            places = [self._place(tests, item, f"expected[{number}]") for number, item in enumerate(literals)]
            return tuple(changes_at(tests, places))
        find = changes_in if language == "python" else _TRANSLATIONS[language].changes
        try:
            found = tuple(find(tests)) if find else ()
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self._fault(field, f"is no {language}: {error}") from error
        if not found:
            raise self._fault(
                field,
                "no expected value was found that could be changed, so that no pass could be confirmed by a negative "
                "control: write the assertions as MultiPL-E does, or name the values in 'expected'",
            )
        return found

    def _place(self, tests: str, item: Any, field: str) -> Place:
        try:
            return place_of(tests, item)
        except NotFound as error:
            raise self._fault(f"{field}{error.part}", error.what) from error

    def _cases(self) -> tuple[Case, ...]:
        cases = []
        for number, case in enumerate(self._list("cases", MOST_CASES)):
            field = f"cases[{number}]"
            if not isinstance(case, dict) or case.keys() != {"stdin", "expected"}:
                raise self._fault(field, "expected an object of 'stdin' and 'expected'")
            self._check_text(case["stdin"], f"{field}.stdin", nul=True)
            first, *others = self._accepted(case["expected"], f"{field}.expected")
            cases.append(Case(stdin=case["stdin"], expected=first, accepted=tuple(others)))
        if all(_takes_nothing(case) for case in cases):
            raise self._fault("cases", "a program that prints nothing would pass: expect some text in one of them")
        return tuple(cases)

    def _accepted(self, value: Any, field: str) -> list[str]:
        """The texts of which one has to be printed."""
        texts = value if isinstance(value, list) else [value]
        if not 1 <= len(texts) <= MOST_ACCEPTED:
            raise self._fault(field, f"expected a string, or a list of 1 to {MOST_ACCEPTED}")
        for number, text in enumerate(texts):
            place = f"{field}[{number}]" if isinstance(value, list) else field
            if len(self._check_text(text, place, nul=True).encode()) > CASE_OUTPUT_BYTES:
                raise self._fault(place, f"a program can print at most {CASE_OUTPUT_BYTES} bytes")
        return texts

    def _files(self, language: str) -> tuple[SetUpFile, ...]:
        if "files" in self._record and language == "python" and self._kind in ("test", "calls"):
            raise self._fault("files", "a function that the referee calls finds none: give 'tests' or 'cases'")
        return read_files(self._record.get("files", {}), self._where)

    def _stop(self, default: tuple[str, ...]) -> tuple[str, ...]:
        if "stop" not in self._record:
            return default
        stops = self._list("stop", MOST_STOPS, least=0)
        for number, stop in enumerate(stops):
            self._check_text(stop, f"stop[{number}]")
            if not stop:
                raise self._fault(f"stop[{number}]", "is empty, and would stop everything")
        return tuple(stops)

    def _limits(self) -> OwnLimits:
        limits = self._record.get("limits", {})
        if not isinstance(limits, dict) or not limits.keys() <= LIMITS.keys():
            raise self._fault("limits", f"expected an object of {', '.join(LIMITS)}")
        for name, value in limits.items():
            least, most = LIMITS[name]
            kinds = (int,) if name == "memory_bytes" else (int, float)
            if type(value) not in kinds or not math.isfinite(value) or not least <= value <= most:
                raise self._fault(f"limits.{name}", f"expected a number from {least} to {most}")
        if limits.get("wall_s", math.inf) < limits.get("cpu_s", 0):
            raise self._fault("limits.wall_s", "is less than cpu_s")
        return OwnLimits(**limits)

    def _one_of(self, names: tuple[str, ...], *, needed: bool = False) -> str:
        """Which of the names the record has a field of; the first of them if none is there and none is needed."""
        found = [name for name in names if name in self._record]
        if len(found) > 1:
            raise self._fault(found[1], f"is there beside {found[0]!r}; give one of the two")
        if not found and needed:
            raise self._fault(names[0], "is missing" + "".join(f", and so is {name!r}" for name in names[1:]))
        return found[0] if found else names[0]

    def _text(self, field: str, default: str | None = None) -> str:
        if field not in self._record:
            if default is None:
                raise self._fault(field, "is missing")
            return default
        return self._check_text(self._record[field], field)

    def _list(self, field: str, most: int, *, least: int = 1) -> list[Any]:
        value = self._record[field]
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self._fault(field, f"expected a list of {least} to {most}")
        return value

    def _check_text(self, value: Any, field: str, *, nul: bool = False) -> str:
        if not isinstance(value, str):
            raise self._fault(field, f"expected a string, found {type(value).__name__}")
        if "\0" in value and not nul:
            raise self._fault(field, "holds NUL, which no source may hold")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self._fault(field, "holds half of a surrogate pair, which is no text")
        return value

    def _fault(self, field: str, what: str) -> BenchmarkDataError:
        return BenchmarkDataError(f"{self._where}: field {field[:100]!r}: {what}")
