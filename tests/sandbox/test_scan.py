"""What Bandit says, and what is no measurement."""

import pytest

from sandbox import ScanState

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
        ("x = 1\n" * 100_000, "above the limit"),
        ("x = " + "-" * 100_000 + "1\n", ""),
        ("x = " + "(" * 5_000 + ")" * 5_000, ""),
    ],
    ids=["syntax", "nul", "surrogate", "not utf-8", "a body alone", "too long", "deep unary", "deep brackets"],
)
def test_what_cannot_be_read_is_not_called_clean(executor, source, reason):
    result = scan(executor, source)
    assert result.state is ScanState.UNSCANNABLE, result
    assert reason in result.reason
    assert result.reason
    assert result.findings == ()


def test_results_do_not_mix(executor):
    sources = ["import telnetlib\n", "x = 1\n", "exec('x')\n", "def f(:\n"] * 20
    futures = [executor.submit_scan(source) for source in sources]
    states = [(future.result().state.value, len(future.result().findings)) for future in futures]
    assert states == [("findings", 1), ("clean", 0), ("findings", 1), ("unscannable", 0)] * 20
