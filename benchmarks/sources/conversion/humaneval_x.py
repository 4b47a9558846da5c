"""Rows of HumanEval-X: HumanEval by hand in six languages, Zheng et al. 2023, arXiv:2303.17568.

What is covered: Python, whose `check` a referee runs; JavaScript, C++ and Go whose tests consist of calls with literals
that are compared with literals, which become calls; and all of them, Java and Rust with the source of their tests and a
negative control, which `humanevalpack` has the parts for.
What is not: what makes a row of the published file dead. `benchmarks check` finds it.
"""

import re
from collections.abc import Mapping
from typing import Any

from codecrucible.benchmarks.negative_control import changed
from codecrucible.benchmarks.sources.conversion.candidate import (
    Candidate,
    NotConverted,
    Row,
    begun_record,
    calls_of,
    text_in,
)
from codecrucible.benchmarks.sources.conversion.literal import LiteralReader, NoLiteral
from codecrucible.benchmarks.sources.humanevalpack.languages import LANGUAGES, PackLanguage, outside_of_calls
from codecrucible.benchmarks.sources.own_expected import LITERAL
from codecrucible.sandbox.job import Change

_SUFFIXES = {"javascript": "js"} | {suffix: suffix for suffix in LANGUAGES}

_ISSAME = (
    r"bool issame\(vector<(\w+)> a,\s?vector<\1> ?b\)\{\s*if \(a\.size\(\)!=b\.size\(\)\) return false;\s*"
    r"for \(int i=0;i<a\.size\(\);i\+\+\)\s*\{\s*if \(a\[i\]!=b\[i\]\) return false;\s*\}\s*return true;\s*\}"
)
#: What tests have beside assertions.
_OTHERS: Mapping[str, re.Pattern[str]] = {
    "js": re.compile(r"const test\w+ = \(\) => \{|\};?|test\w+\(\);?"),
    "cpp": re.compile(rf"#undef NDEBUG|#include\s?<assert\.h>|{_ISSAME}|int main\(\)\s?\{{|\}}|return 0;"),
    "go": re.compile(r"func Test\w+\(t \*testing\.T\) \{|assert := assert\.New\(t\)|\}"),
}
#: What an assertion begins with, what stands between call and value, and what it ends with.
_ASSERTIONS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "js": (
        (r"console\.assert\(\s*JSON\.stringify\(", r"\)\s*===\s*JSON\.stringify\(", r"\)\s*\);?"),
        (r"console\.assert\(", r"===", r"\);?"),
    ),
    "cpp": (
        (r"assert ?\(\s*issame ?\(", r",", r"\)\s*\);"),
        (r"assert ?\(\(", r"==", r"\)\s*\);"),
        (r"assert ?\(", r"==", r"\);"),
    ),
}
_TRUTH_ENDS = re.compile(r"\)?\s*\);")
_DECLARED = re.compile(r"(?:const|let|var)\s{1,9}(\w{1,200})\s{0,9}=|(\w{1,200})\s{0,9}(?:<[^<>()]{0,200}>)?\(")
#: Characters of tests that keep their source.
_MOST_TESTS = 100_000
_GO_IMPORTS = re.compile(r"^import \([^()]*\)\n", re.MULTILINE)
_VARIABLE = re.compile(r"(?:(?:std::)?vector<[\w<>: ]{1,60}>\s|(?:int|string|double|float|bool)\s)?(\w+)\s?=(?!=)")


def as_calls(row: Row) -> Candidate:
    """A row whose answers are compared outside of its program: calls, or in Python a `check` that a referee runs.

    Raises:
        NotConverted: if its tests are anything else.
    """
    pack = _pack_of(row)
    prompt, tests, name = text_in(row, "prompt"), text_in(row, "test"), _name(row)
    row = {**row, "entry_point": name}
    if pack.suffix == "python":
        return Candidate(record=begun_record(row, "python", prompt) | {"test": tests})
    if pack.suffix not in _OTHERS:
        raise NotConverted(f"its tests in {pack.title} are not taken apart")
    found = _calls(tests, pack.suffix, name)
    begun = _program(row, pack) if pack.suffix != "js" else prompt
    record = begun_record(row, pack.language, begun, pack.stop if pack.suffix != "cpp" else ("\nint main",))
    changes = ["answers are compared as values of JSON"]
    if begun != prompt:
        changes.append("what upstream's evaluation imports stands in the prompt")
    return Candidate(record=record | {"calls": calls_of(found, pack.language, begun, name)}, changes=tuple(changes))


def as_tests(row: Row) -> Candidate:
    """A row whose tests keep their source, with the expected values that a negative control may change.

    Raises:
        NotConverted: if none is found.
    """
    pack = _pack_of(row)
    if pack.suffix == "python":
        raise NotConverted("field 'test': a check in Python has no other form")
    if len(text_in(row, "test")) > _MOST_TESTS:
        raise NotConverted(f"field 'test': has more than {_MOST_TESTS} characters")
    name = _name(row)
    begun = _program(row, pack)
    try:
        tests = pack.tests(text_in(row, "test"))
    except ValueError as error:
        raise NotConverted(f"field 'test': is not written as the dataset's in {pack.title}") from error
    expected = [
        {"literal": tests[change.start : change.end], "offset": change.start}
        for change in outside_of_calls(pack.changes(tests), tests, name)
        if _is_made_again(tests, change)
    ]
    if not expected:
        raise NotConverted("its tests have no expected value that could be changed for a negative control")
    record = begun_record({**row, "entry_point": name}, pack.language, begun, pack.stop)
    if "reference" in record and pack.closes:
        for last in pack.closes:
            record["reference"] = record["reference"].rstrip().removesuffix(last)
        record["reference"] = record["reference"].rstrip() + "\n"
    return Candidate(
        record=record | {"tests": tests, "expected": expected},
        changes=("tests and prompt have what upstream's evaluation imports, and say by an exit status how they ended",),
    )


def _is_made_again(tests: str, change: Change) -> bool:
    """Whether the reader of one's own benchmarks makes the same change of the literal there."""
    literal = tests[change.start : change.end]
    return bool(LITERAL.fullmatch(literal)) and changed(literal, {}) == change.text


def _pack_of(row: Row) -> PackLanguage:
    named = text_in(row, "task_id").partition("/")[0].lower()
    if named not in _SUFFIXES:
        raise NotConverted(f"field 'task_id': {named[:40]!r} is no language of HumanEval-X; it has CPP, Go, Java, ...")
    return LANGUAGES[_SUFFIXES[named]]


def _name(row: Row) -> str:
    """The function that the tests call: the one that the row names, unless its declaration spells it otherwise."""
    declared = row.get("declaration")
    text = declared if isinstance(declared, str) and declared.strip() else text_in(row, "prompt")
    if isinstance(named := row.get("entry_point"), str) and re.search(rf"\b{re.escape(named)}\b", text):
        return named
    last = text.rstrip().rpartition("\n")[2]
    found = _DECLARED.search(last)
    if not found:
        raise NotConverted("field 'declaration': ends with no function; name it in 'entry_point'")
    return found[1] or found[2]


def _program(row: Row, pack: PackLanguage) -> str:
    """The prompt as the program begins with it: with the imports of upstream's evaluation, and its comment."""
    prompt = text_in(row, "prompt")
    if pack.suffix == "go":
        return pack.head + _GO_IMPORTS.sub("", prompt)
    try:
        return pack.head + pack.program(prompt.replace("fn main(){}\n", ""))
    except ValueError as error:
        raise NotConverted(f"field 'prompt': begins no function in {pack.title} as the dataset's do") from error


def _calls(tests: str, suffix: str, name: str) -> list[tuple[list[Any], Any]]:
    """Arguments and expected value of each assertion; the tests consist of nothing else."""
    names: dict[str, Any] = {}
    reader = LiteralReader(tests, LANGUAGES[suffix].language, names)
    found = []
    while not reader.ends():
        start = reader.at
        try:
            if reader.matched(_OTHERS[suffix]):
                continue
            if suffix == "cpp" and (variable := reader.matched(_VARIABLE)):
                names[variable[1]] = reader.value()
                if reader.takes(";"):
                    continue
            call = _go_assertion(reader, name) if suffix == "go" else _assertion(reader, suffix, name)
        except NoLiteral as error:
            raise NotConverted(f"its tests have {_line(tests, start)!r}: {error}") from error
        if not call:
            raise NotConverted(f"its tests have {_line(tests, start)!r}")
        found.append(call)
    return found


def _line(tests: str, at: int) -> str:
    return tests[at:].lstrip().partition("\n")[0][:60]


def _assertion(reader: LiteralReader, suffix: str, name: str) -> tuple[list[Any], Any] | None:
    start = reader.at
    if suffix == "cpp" and (
        truth := reader.matched(re.compile(rf"assert ?\((?P<no>(?:not ?|!)?)\(?{re.escape(name)}\("))
    ):
        arguments = reader.arguments()
        if reader.matched(_TRUTH_ENDS):
            return arguments, not truth["no"]
    for opening, between, closing in _ASSERTIONS[suffix]:
        reader.at = start
        if reader.matched(re.compile(rf"{opening}\s*{re.escape(name)}\(")):
            arguments = reader.arguments()
            if reader.matched(re.compile(between)):
                expected = reader.value()
                if reader.matched(re.compile(closing)):
                    return arguments, expected
    return None


def _go_assertion(reader: LiteralReader, name: str) -> tuple[list[Any], Any] | None:
    if not reader.takes("assert.Equal("):
        return None
    expected = reader.value()
    if not (reader.takes(",") and reader.takes(f"{name}(")):
        return None
    arguments = reader.arguments()
    return (arguments, expected) if reader.takes(")") else None
