"""Rows of mxeval: MBXP and multilingual HumanEval, Athiwaratkun et al. 2022, arXiv:2210.14868.

What is covered: Python, whose `check(candidate)` a referee calls, and eight languages whose tests call the function
with literals, keep its answer and compare it with a literal. Where the tests consist of nothing else they become calls;
others keep their source, and share a process with the program.
What is not: C#, whose tests need a package, Kotlin, Scala and Swift.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.sources.conversion.candidate import (
    Candidate,
    NotConverted,
    Row,
    begun_record,
    calls_of,
    expected_between,
    text_in,
)
from codecrucible.benchmarks.sources.conversion.literal import LiteralReader, NoLiteral, literal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How the tests of one language are written, and what the sandbox's image has in the place of a package.

    Attributes:
        compared: Pattern of the line that compares answer and value of one number, its group 1; with a group
            `expected` where the value is in it.
        others: Patterns of the other lines.
        stop: Strings at which a plain completion has ended.
        replaced: For the tests that keep their source: a text, what takes its place, and a phrase that says so.
    """

    compared: str
    others: tuple[str, ...]
    stop: tuple[str, ...]
    replaced: tuple[tuple[str, str, str], ...] = ()


_ASSIGNED = re.compile(
    r"(?:[\w:.]+(?:<[\w:.<>,\[\]?* \t]{0,200}>)?(?:\[\])* )?"
    r"(?P<name>\$?(?P<kind>arg|x|v|actual_?|expected_?)(?P<number>\d+)) :?= (?P<value>.*)",
)

_LODASH = ('const _ = require("lodash")', 'const _ = { isEqual: require("node:util").isDeepStrictEqual }')
_DATA_COMPARE = ("use Data::Compare;", "use Test::Deep qw(eq_deeply);\nsub Compare { return eq_deeply(@_); }")
_ASSERT = ("import * as assert from 'assert'", "declare var require: any;\nconst assert = require('node:assert');")

_FORMS: Mapping[str, _Form] = {
    "javascript": _Form(
        compared=r"if\(!compare\(x(\d+), v\1\)\)\{",
        others=(
            r'const _ = require\("lodash"\)',
            r"function compare\(object1, object2\)\{",
            r"return _\.isEqual\(object1, object2\)",
            r"throw [^\n]*",
            r"\}",
        ),
        stop=("\nfunction ", "\n/*", "\n//", "\nconsole.log"),
        replaced=((*_LODASH, "lodash is node's own comparison"),),
    ),
    "typescript": _Form(
        compared=r"assert\.deepEqual\(actual_(\d+), expected_\1, \"[^\"\n]*\"\);",
        others=(r"import \* as assert from 'assert'",),
        stop=("\nfunction ", "\nconst ", "\n/*", "\n//", "\nconsole.log"),
        replaced=((*_ASSERT, "the module assert is loaded by require"),),
    ),
    "php": _Form(
        compared=r"if \(!compare\(\$x(\d+), \$v\1\)\) \{",
        others=(r"function compare\(\$x, \$y\) \{", r"return \$x == \$y;", r"throw new Exception\([^\n]*\);", r"\}"),
        stop=("\nfunction", "\n?>", "\n//", "\n#"),
    ),
    "perl": _Form(
        compared=r"unless\(Compare\(\$x(\d+), \$v\1\)\) \{",
        others=(r"use Data::Compare;", r"die \"[^\n]*\";", r"\}"),
        stop=("\nsub", "\n#", "\n\n\n"),
        replaced=((*_DATA_COMPARE, "Data::Compare is Test::Deep"),),
    ),
    "ruby": _Form(
        compared=r"if x(\d+) != v\1",
        others=(r"raise StandardError, \"[^\n]*\"", r"end"),
        stop=("\nclass", "\ndef", "\n#", "\n\n\n"),
    ),
    "cpp": _Form(
        compared=r"if \(!\(compare\(x(\d+), (?P<expected>[^\n]*)\)\)\) \{",
        others=(
            r"template <typename T> bool compare\(T a, T b\)\{",
            r"return a == b;",
            r"int main\((?:int argc, char\* argv\[\])?\) \{",
            r"throw runtime_error\([^\n]*\);",
            r"return 0;",
            r"\}",
        ),
        stop=("\nint main", "\n/*", "\n//", "\n#"),
        replaced=(("int main(int argc, char* argv[]) {", "int main() {", "main has no arguments"),),
    ),
    "java": _Form(
        compared=r"if \(!\(compare\(x(\d+), v\1\)\)\) \{",
        others=(
            r"class Main \{",
            r"public static boolean compare\(Object obj1, Object obj2\) \{",
            r"if \(obj1 == null && obj2 == null\)\s?\{",
            r"\} else if \(obj1 == null \|\| obj2 == null\)\s?\{",
            r"\} else \{",
            r"return (?:true|false|obj1\.equals\(obj2\));",
            r"public static void main\(String\[\] args\) throws Exception \{",
            r"throw new java\.lang\.Exception\([^\n]*\);",
            r"\}",
        ),
        stop=("\n}",),
        replaced=(("class Main {", "class Problem {", "the class Main of the tests is called Problem"),),
    ),
    "go": _Form(
        compared=r"deepCompare\(actual_(\d+), expected_\1, \"[^\"\n]*\"\)",
        others=(
            r"func deepCompare\(a interface\{\}, b interface\{\}, msg string\) bool \{",
            r"[ab]JSON, err := json\.Marshal\([ab]\)",
            r"if (?:err != nil|result) \{",
            r"panic\(msg\)",
            r"var [ab]2 interface\{\}",
            r"err = json\.Unmarshal\([ab]JSON, &[ab]2\)",
            r"result := reflect\.DeepEqual\(a2, b2\)",
            r"return true",
            r"\} else \{",
            r"func main\(\) \{",
            r"\}",
        ),
        stop=("\nfunc", "\n//", "\ntype"),
    ),
}

_NAMES = {"c++": "cpp", "golang": "go", "js": "javascript", "ts": "typescript"}
_JAVA_CLASS = re.compile(r"^(?:public )?class (\w+) \{$", re.MULTILINE)
_GO_OF_TESTS = re.compile(r"^[ \t]*\"(?:encoding/json|reflect)\"\n", re.MULTILINE)
_GO_EMPTY = re.compile(r"^import \(\s*\)\n", re.MULTILINE)


def as_calls(row: Row) -> Candidate:
    """A row whose answers are compared outside of its program: calls, or in Python a `check` that a referee runs.

    Raises:
        NotConverted: if its tests are anything else.
    """
    language, form = _form_of(row)
    prompt, tests = text_in(row, "prompt"), text_in(row, "test")
    if form is None:
        return Candidate(record=begun_record(row, language, prompt) | {"test": tests})
    entry_point, changes = text_in(row, "entry_point"), ["answers are compared as values of JSON"]
    found = _calls(tests, language, entry_point, form)
    if language == "java":
        prompt = _JAVA_CLASS.sub("class Problem {", prompt)
        changes.append("the class of the prompt is called Problem")
    if language == "go" and _GO_OF_TESTS.search(prompt):
        prompt = _GO_EMPTY.sub("", _GO_OF_TESTS.sub("", prompt))
        changes.append("the prompt does not import what only the tests need")
    record = begun_record(row, language, prompt, form.stop)
    if language == "java" and "reference" in record:
        record["reference"] = re.sub(r"\}\s*\Z", "", record["reference"])  # which closes the class
    record["calls"] = calls_of(found, language, prompt, entry_point)
    return Candidate(record=record, changes=tuple(changes))


def as_tests(row: Row) -> Candidate:
    """A row whose tests keep their source, with the expected values that a negative control may change.

    Raises:
        NotConverted: if none is found.
    """
    language, form = _form_of(row)
    if form is None:
        raise NotConverted("field 'test': a check in Python has no other form")
    tests, changes = text_in(row, "test"), []
    for text, other, change in form.replaced:
        if text in tests:
            tests = tests.replace(text, other)
            changes.append(change)
    record = begun_record(row, language, text_in(row, "prompt"), form.stop)
    record |= {"tests": tests, "expected": expected_between(tests, _values_of(tests, form))}
    return Candidate(record=record, changes=tuple(changes))


def _form_of(row: Row) -> tuple[str, _Form | None]:
    """Language of a row, and how its tests are written; None for Python."""
    language = text_in(row, "language").lower()
    language = _NAMES.get(language, language)
    if language != "python" and language not in _FORMS:
        raise NotConverted(
            f"field 'language': tests of mxeval in {language[:40]!r} are not converted; there are python, "
            f"{', '.join(_FORMS)}"
        )
    return language, _FORMS.get(language)


def _calls(tests: str, language: str, entry_point: str, form: _Form) -> list[tuple[list[Any], Any]]:
    """Arguments and expected value of each comparison; the tests consist of nothing else."""
    values: dict[str, Any] = {}
    answers: dict[str, list[Any]] = {}
    found = []
    called = re.compile(rf"(?:\w+\.)?{re.escape(entry_point)}\(")
    for line in filter(None, map(str.strip, tests.split("\n"))):
        try:
            if compared := re.fullmatch(form.compared, line):
                number = compared[1]
                inner = compared.groupdict().get("expected")
                expected = values[f"v{number}"] if inner is None else literal_of(inner, language, {})
                found.append((answers.pop(number), expected))
            elif assigned := _ASSIGNED.match(re.sub(r"^(?:var|let|const|my|auto) ", "", line)):
                kind, value = assigned["kind"][0], assigned["value"].removesuffix(";")
                if kind not in "xa" or assigned["kind"] == "arg":
                    name = f"v{assigned['number']}" if kind in "ve" else assigned["name"]
                    values[name] = literal_of(value, language, values)
                elif call := called.match(value):
                    reader = LiteralReader(value[call.end() :], language, values)
                    answers[assigned["number"]] = reader.arguments()
                    if not reader.ends():
                        raise NotConverted(f"{value[:60]!r} is more than a call")
                else:
                    raise NotConverted(f"{value[:60]!r} is no call of {entry_point[:40]!r}")
            elif not any(re.fullmatch(other, line) for other in form.others):
                raise NotConverted(f"its tests have {line[:60]!r}")
        except (NoLiteral, KeyError) as error:
            raise NotConverted(f"its tests have {line[:60]!r}: {error}") from error
    if answers:
        raise NotConverted("an answer of its tests is compared with nothing")
    return found


def _values_of(tests: str, form: _Form) -> Iterator[tuple[int, int]]:
    """Where the values that answers are compared with stand."""
    at = 0
    for line in tests.splitlines(keepends=True):
        stripped = line.strip()
        begin = at + line.index(stripped) if stripped else at
        at += len(line)
        compared = re.fullmatch(form.compared, stripped)
        if compared and "expected" in compared.re.groupindex:
            yield begin + compared.start("expected"), begin + compared.end("expected")
        declared = re.match(r"(?:var|let|const|my|auto) ", stripped)
        rest = stripped[declared.end() :] if declared else stripped
        assigned = _ASSIGNED.match(rest)
        if assigned and assigned["kind"][0] in "ve":
            begin += len(stripped) - len(rest)
            yield begin + assigned.start("value"), begin + assigned.end("value")
