"""What HumanEvalPack's rows of one language are, beyond what each of them says itself.

Tests of all languages but Python share a process with the program. So that the exit status tells what became of them,
JavaScript's `console.assert` throws, Java's and Rust's tests are called by the `main` that the sandbox knows, and Go's
`assert.Equal` is a few lines in place of testify's, which the image lacks. Nothing of a call or an expected value is
changed, but for the negative control (`changes`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.humanevalpack.shims import (
    BOOST,
    CPP_HEAD,
    GO_ASSERT,
    GO_HEAD,
    PYTHON_HEAD,
    RAND,
    THROWING,
    USED,
)
from codecrucible.sandbox.job import Change

_WORD = r"\b(?:true|false)\b"
_NO_PACKAGE = "the dataset's solution uses the package {}, which the image lacks"
_STOP_PYTHON = ("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\nassert")


def _no_change(_tests: str) -> Iterable[Change]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLanguage:
    """One language of the dataset.

    Attributes:
        suffix: Suffix of its file, and of the benchmarks' names.
        title: For a person.
        language: As `Problem.language` has it.
        sha256: Digest of the file, uncompressed.
        size_bytes: Size of the same.
        stop: Strings at which a plain completion has ended.
        stub: A body that does nothing, as the tests close it.
        head: Put before every program: what upstream's evaluation imports for a program that does not itself.
        main: Put before the declaration in the text that a model is given, and not in a program.
        program: From a row's declaration to what a program begins with.
        helpers: Whether a declaration lacks the helpers that the row's prompt has.
        shown: From a declaration to what a chat is shown of it.
        closes: What a reference omits at its end, since the tests begin with it; the last of the two first.
        tests: From a row's tests to those that are run.
        changes: From those to changes of them for the negative control.
        dead: Why no completion can pass, by problem id.
        unproven: Why the dataset's solution is no reference here, by problem id; another solution may pass.
    """

    suffix: str
    title: str
    language: str
    sha256: str
    size_bytes: int
    stop: tuple[str, ...]
    stub: str
    head: str = ""
    main: str = ""
    program: Callable[[str], str] = str
    helpers: bool = False
    shown: Callable[[str], str] = str
    closes: tuple[str, ...] = ()
    tests: Callable[[str], str] = str
    changes: Callable[[str], Iterable[Change]] = _no_change
    dead: Mapping[str, str] = field(default_factory=dict)
    unproven: Mapping[str, str] = field(default_factory=dict)


def _of_forms(*forms: Form, otherwise: Mapping[str, str]) -> Callable[[str], list[Change]]:
    """Changes in assertions of these forms; without any, what each pattern finds becomes the text of it."""

    def changes(tests: str) -> list[Change]:
        found = sorted({change for form in forms for change in form.changes(tests)}, key=lambda change: change.start)
        return found or [
            Change(start=each.start(), end=each.end(), text=text)
            for pattern, text in otherwise.items()
            for each in re.finditer(pattern, tests)
        ]

    return changes


_BRACKET = re.compile(rf"{STRING}|'(?:\\.|[^'\\\n])*'|[()]", re.DOTALL)


def outside_of_calls(changes: Iterable[Change], tests: str, name: str) -> Iterator[Change]:
    """The changes that touch no argument of a call of `name`, as where the value that is expected stands first."""
    calls = [
        (called.end() - 1, _closing(tests, called.end() - 1))
        for called in re.finditer(rf"\b{re.escape(name)}\(", tests)
    ]
    return (change for change in changes if not any(start < change.start < end for start, end in calls))


def _closing(text: str, at: int) -> int:
    """Index after the bracket that closes the one at `at`."""
    depth = 0
    for found in _BRACKET.finditer(text, at):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)


def _of_truths(asked: re.Pattern[str], tests: str, *, after: str) -> Iterator[Change]:
    """Changes of the group `no` before a call whose answer is all that is asked, as what is behind it says."""
    for call in asked.finditer(tests):
        end = _closing(tests, tests.index("(", call.end()))
        if re.match(after, tests[end:]):
            yield Change(start=call.start("no"), end=call.end("no"), text="" if call["no"] else "!")


_TOO_CLOSE = {r"(?<=< )1e-\d": "-1", r"(?<=<)1e-\d": "-1", r"(?<=> )1e-\d": "-1"}
"""Tolerances in rows that have no expected value: no difference is below -1, and all are above it."""

# --- Python ---------------------------------------------------------------------------------------------------------


# --- JavaScript -----------------------------------------------------------------------------------------------------


def _javascript_value(text: str) -> str:
    return changed(text, {"[]": "[0]", "{}": "{a: 0}"})


_JAVASCRIPT = tuple(
    Form(
        opening=r"console\.assert\(",
        call_end=call_end,
        between=between,
        end=end,
        # JavaScript/136 expects `(-1, null)`, which is null: its number changes nothing.
        literal=re.compile(rf"(?>'(?:\\.|[^'\\])*'|{STRING}|{NUMBER}|{_WORD}|\[\]|\{{\}})(?!, null\))", re.DOTALL),
        changed=_javascript_value,
        quotes="\"'`",
    )
    for call_end, between, end in (("==", ("= ", "=", " "), ")"), ("", ("",), "=="))
)

# --- Java -----------------------------------------------------------------------------------------------------------


def _java_program(declaration: str) -> str:
    return declaration.replace("class Solution", "class Problem", 1)


def _java_tests(tests: str) -> str:
    """The tests' class as the rest of the program's, which is called `Problem` in the sandbox's one file."""
    body = tests[tests.index("{") + 1 :].replace("Solution", "Problem")
    return f"    }}\n{body}"


def _java_value(text: str) -> str:
    return changed(text, {"List.of()": "List.of(0)", "Arrays.asList()": "Arrays.asList(0)", "Map.of()": "Map.of(0, 0)"})


_JAVA_LITERAL = re.compile(rf"{STRING}|{NUMBER}|{_WORD}|\bList\.of\(\)|\bArrays\.asList\(\)|\bMap\.of\(\)", re.DOTALL)
_JAVA = tuple(
    Form(opening=opening, between=(between, f".get(){between}"), end=end, literal=_JAVA_LITERAL, changed=_java_value)
    for opening, between, end in (
        (r"(?:\(\w+\) )?s\.\w+\(", ".equals(", ")"),
        (r"(?:\(\w+\) )?s\.\w+\(", " == ", "\n"),
        (r"Objects\.equals\((?:\(\w+\) )?s\.\w+\(", ", ", ")"),
    )
)
_JAVA_TRUTH = re.compile(r"^[ \t]*(?P<no>!?)(?=s\.\w+\()", re.MULTILINE)


def _java_changes(tests: str) -> Iterator[Change]:
    """Changes of a value, and of whether an answer that is true or false has to be true."""
    otherwise = {r"(?<=\.equals\(str)(?=\))": ' + "x"', r'(?<=put\("\w", )\d': "7"}
    yield from _of_forms(*_JAVA, otherwise=_TOO_CLOSE | otherwise)(tests)
    yield from _of_truths(_JAVA_TRUTH, tests, after=r"(?:\.isEmpty\(\))?\s*(?:,|\))")


# --- Go -------------------------------------------------------------------------------------------------------------


_GO_REST = re.compile(r"^import \([^()]*\)\n|^[ \t]*//[^\n]*\n", re.MULTILINE)


def _go_program(prompt: str) -> str:
    """A prompt without its imports, which every program has, and its comments."""
    return _GO_REST.sub("", prompt)


def _go_tests(tests: str) -> str:
    return GO_ASSERT + tests


def _go_value(text: str) -> str:
    if text.endswith("{}"):
        element = text[2:-2]
        zero = '""' if element == "string" else "nil" if element.startswith(("[", "i", "map")) else "0"
        return f"{text[:-1]}{zero}}}"
    return changed(text, {})


_GO = Form(
    opening=r"assert\.Equal\(",
    call_end="",
    end=",",
    literal=re.compile(rf"{STRING}|{NUMBER}|{_WORD}|\[\](?:\[\])?\w+(?:\{{\}})?\{{\}}", re.DOTALL),
    changed=_go_value,
    quotes="\"'`",
)

# --- C++ ------------------------------------------------------------------------------------------------------------


def _cpp_program(declaration: str) -> str:
    """A declaration up to its last brace at the end of a line at column 0: that of CPP/38 goes on into the body."""
    end = max(found.end() for found in re.finditer(r"^\w[^\n]*\{[ \t]*$", declaration, re.MULTILINE))
    return declaration[:end].replace("#include<boost/any.hpp>", BOOST)


_CPP_LITERAL = re.compile(rf"{STRING}|{NUMBER}|{_WORD}", re.DOTALL)
_CPP = tuple(
    Form(opening=opening, call_end=call_end, end=")", literal=_CPP_LITERAL, changed=lambda text: changed(text, {}))
    for opening, call_end in (
        (r"assert *\(\s*", "=="),
        (r"assert *\(\s*\(", "=="),
        (r"assert *\(\s*issame ?\(", ","),
    )
)
_CPP_TRUTH = re.compile(r"^[ \t]*assert *\((?P<no>(?:!|not\b)?) ?\(?(?=\w+\()", re.MULTILINE)


def _cpp_changes(tests: str) -> Iterator[Change]:
    """Changes of a value, and of whether an answer that is true or false has to be true."""
    otherwise = {r"(?<=<)0\.\d+": "-1", r"(?<=== str)(?=\))": ' + "x"'}
    yield from _of_forms(*_CPP, otherwise=_TOO_CLOSE | otherwise)(tests)
    yield from _of_truths(_CPP_TRUTH, tests, after=r"\)+\s*;")


# --- Rust -----------------------------------------------------------------------------------------------------------

_CRATES = re.compile(r"^use (?:rand::Rng|regex::Regex|md5);\n", re.MULTILINE)


_USES = re.compile(r"^use std::(?:\{slice::Iter|any::\{)[^;]*;\n", re.MULTILINE)


def _without_crates(declaration: str) -> str:
    return _CRATES.sub("", declaration)


def _rust_program(declaration: str) -> str:
    """The declaration with a `use` for each name, so that one that an answer repeats can be omitted."""
    return USED + _USES.sub("", _without_crates(declaration)).lstrip("\n")


def _rust_tests(tests: str) -> str:
    """The tests as functions that `main` calls, behind the brace that a completion leaves open."""
    names = re.findall(r"#\[test\]\s*(?://[^\n]*\s*)?(?:pub )?fn (\w+)\(\)", tests)
    called = re.sub(r"#\[test\]\s*(?://[^\n]*\s*)?(?:pub )?fn ", "pub fn ", tests.replace("#[cfg(test)]", ""))
    calls = "".join(f"    tests::{name}();\n" for name in names)
    return f"}}\n{RAND if 'rand::' in tests else ''}{called}\nfn main() {{\n{calls}}}\n"


def _rust_value(text: str) -> str:
    return changed(text, {})


_RUST_LITERAL = re.compile(rf"{STRING}|{NUMBER}|{_WORD}", re.DOTALL)
_RUST = tuple(
    Form(opening=opening, call_end=call_end, end=")", literal=_RUST_LITERAL, changed=_rust_value)
    for opening, call_end in ((r"assert_eq!\(", ","), (r"assert!\(", "=="))
)
_RUST_TRUTH = re.compile(r"^[ \t]*assert!\((?P<no>!?)\(?(?=\w+\()", re.MULTILINE)


def _rust_changes(tests: str) -> Iterator[Change]:
    """Changes of a value, and of whether an answer that is true or false has to be true."""
    otherwise = {
        r"(?<=< )(?:0\.0\d+|1e-\d)": "-1000.0",
        r"(?<=&encoded_str\), str)(?=\))": '.clone() + "x"',
        r"(?<=&encoded_str\) == str)(?=\))": '.clone() + "x"',
    }
    yield from _of_forms(*_RUST, otherwise=otherwise)(tests)
    yield from _of_truths(_RUST_TRUTH, tests, after=r"\)+;")


# --------------------------------------------------------------------------------------------------------------------

LANGUAGES: Mapping[str, PackLanguage] = {
    each.suffix: each
    for each in (
        PackLanguage(
            suffix="python",
            title="Python",
            language="python",
            sha256="b1376d72be4bd016a62ad043d9de3846edb8d63edf1222da802a31330c14c3a7",
            size_bytes=537_907,
            stop=_STOP_PYTHON,
            stub="    return None\n",
            head=PYTHON_HEAD,
        ),
        PackLanguage(
            suffix="js",
            title="JavaScript",
            language="javascript",
            sha256="04c86c1fac5f33818d9187cba278ed1dfc66cc259372dd8342126aa580fb7569",
            size_bytes=479_665,
            stop=("\nconst ", "\nfunction ", "\nlet ", "\nvar ", "\n/*", "\n//", "\nconsole.", "\nmodule."),
            stub="  return undefined;\n}\n",
            tests=lambda tests: THROWING + tests,
            changes=_of_forms(*_JAVASCRIPT, otherwise=_TOO_CLOSE | {r"(?<==== str)(?=\))": ' + "x"'}),
            unproven={"JavaScript/162": _NO_PACKAGE.format("js-md5")},
        ),
        PackLanguage(
            suffix="java",
            title="Java",
            language="java",
            sha256="a8d077d300bbdc2eda91e1a733deb2944678bce8fcc7eb272214626516768cc1",
            size_bytes=710_974,
            stop=("\n    }\n",),
            stub='        throw new RuntimeException("nothing");\n',
            program=_java_program,
            closes=("}", "}"),
            tests=_java_tests,
            changes=_java_changes,
        ),
        PackLanguage(
            suffix="go",
            title="Go",
            language="go",
            sha256="0ee2cdca46d70afb33d913a0d4b205624fe4ded2f28c2efdb241727221837993",
            size_bytes=520_781,
            stop=("\n//", "\nfunc main(", "struct", "\nfunc"),
            stub='    panic("nothing")\n}\n',
            head=GO_HEAD,
            program=_go_program,
            helpers=True,
            tests=_go_tests,
            changes=_of_forms(_GO, otherwise=_TOO_CLOSE | {r"(?<=string\(runes\))(?=[,)])": ' + "x"'}),
        ),
        PackLanguage(
            suffix="cpp",
            title="C++",
            language="cpp",
            sha256="891a390c1b9d2cb85dd8fbebcf1d88dbdd565734a6b2b3259f9ddb3fe95e33d7",
            size_bytes=519_422,
            stop=("\n}",),
            stub='    throw std::runtime_error("nothing");\n',
            head=CPP_HEAD,
            program=_cpp_program,
            closes=("}",),
            tests=lambda tests: f"}}\n{tests}",
            changes=_cpp_changes,
        ),
        PackLanguage(
            suffix="rust",
            title="Rust",
            language="rust",
            sha256="01ece28eaf490d7af037ce53095083dacfd38022cf5b82662ccb78024dc269a1",
            size_bytes=497_152,
            stop=("\n}",),
            stub='    panic!("nothing");\n',
            main="fn main(){}\n",
            program=_rust_program,
            shown=_without_crates,
            closes=("}",),
            tests=_rust_tests,
            changes=_rust_changes,
            unproven={
                "Rust/32": "the dataset's solution does not come to an end for every polynomial that is drawn",
                "Rust/91": _NO_PACKAGE.format("regex"),
                "Rust/162": _NO_PACKAGE.format("md5"),
            },
        ),
    )
}
"""By suffix."""
