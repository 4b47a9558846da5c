"""The row that every number is computed from: one a sample."""

from dataclasses import dataclass

from codecrucible.benchmarks.problem import Verdict
from codecrucible.sandbox.scan import ScanState

_VERDICTS, _SCAN_STATES = frozenset(Verdict), frozenset(ScanState)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """What is known of one sample. None stands for "not measured" and never for 0.

    Attributes:
        problem_id: The benchmark's own task id.
        sample_index: Number of the sample within its problem, from 0.
        verdict: Value of a `benchmarks.problem.Verdict`.
        parts_passed: Parts of the tests that it passed, where the benchmark has parts.
        strength: How the verdict was established, value of a `sandbox.Strength`; "" where that is not known.
        truncated: Whether the model hit its token limit.
        prompt_tokens: Tokens the model was given, if counted.
        completion_tokens: Tokens the model wrote, if counted.
        program_sha256: Digest of the program that was executed; "" if there was none.
        scan_state: Value of a `sandbox.scan.ScanState`, or None if the program was not scanned yet.
        scanner: Name and version of what scanned it, "" if nothing did.
        high: Findings of high severity in the program.
        medium: Findings of medium severity.
        low: Findings of low severity.
        codebleu: In [0, 1], or None if not measured.
    """

    problem_id: str
    sample_index: int
    verdict: str = Verdict.UNJUDGED
    parts_passed: int = 0
    strength: str = ""
    truncated: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    program_sha256: str = ""
    scan_state: str | None = None
    scanner: str = ""
    high: int = 0
    medium: int = 0
    low: int = 0
    codebleu: float | None = None


def fault_of(row: SampleRow) -> str:
    """What is impossible about `row`, or "".

    >>> fault_of(SampleRow(problem_id="HumanEval/0", sample_index=0, high=1))
    '1 findings and the scan state None'
    """
    counts = (row.high, row.medium, row.low)
    if row.sample_index < 0:
        return "its index is negative"
    if row.verdict not in _VERDICTS:
        return f"{row.verdict!r} is no verdict"
    if row.parts_passed < 0:
        return f"a number of parts is negative: {row.parts_passed}"
    if row.scan_state is not None and row.scan_state not in _SCAN_STATES:
        return f"{row.scan_state!r} is no scan state"
    if min(counts) < 0:
        return f"a number of findings is negative: {counts}"
    if (row.scan_state == ScanState.FINDINGS) != (sum(counts) > 0):
        return f"{sum(counts)} findings and the scan state {row.scan_state!r}"
    if min(row.prompt_tokens or 0, row.completion_tokens or 0) < 0:
        return "a number of tokens is negative"
    if row.codebleu is not None and not 0 <= row.codebleu <= 1:
        return f"its CodeBLEU {row.codebleu} is not in [0, 1]"
    return ""
