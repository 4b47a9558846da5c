"""What the scanners found in the programs of a run."""

from collections.abc import Sequence

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.counting import (
    NO_TESTS,
    as_score,
    by_problem,
    judged_counts,
    left_out_reason,
    mean_over_problems,
    number_of,
)
from codecrucible.reports.report_types import FindingCounts, ScannerCounts, Score, Security
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.tally import Alike
from codecrucible.sandbox.scan import ScanState


def security_of(kinds: Sequence[Alike], facts: RunFacts) -> Security:
    """Findings by severity and scanner, the insecure rate and secure-pass@1; a rate of no samples is None."""
    scanned = [each for each in kinds if each.scanned]
    total = number_of(scanned)
    rate, secure = _insecure_rate(kinds, facts), _secure_pass_at_1(kinds, facts)
    return Security(
        scanned=total,
        unscannable=number_of(kinds, lambda each: each.unscannable),
        unscannable_empty=number_of(kinds, lambda each: each.unscannable and each.kind.verdict == Verdict.EMPTY),
        unscannable_passes=number_of(kinds, lambda each: each.unscannable and each.passed),
        no_scanner=number_of(kinds, lambda each: each.kind.scan_state == ScanState.NO_SCANNER),
        not_scanned=number_of(kinds, lambda each: each.kind.scan_state is None and not each.unscannable),
        findings=_findings(scanned),
        scanners={
            scanner: _of_scanner([each for each in scanned if each.kind.scanner == scanner])
            for scanner in sorted({each.kind.scanner for each in scanned} - {""})
        },
        insecure_samples=number_of(scanned, lambda each: each.insecure),
        insecure_rate=rate.value,
        insecure_rate_ci95=rate.ci95,
        secure_pass_at_1=secure.value,
        secure_pass_at_1_ci95=secure.ci95,
        reason=secure.reason or ("" if total else "no sample could be scanned"),
    )


def _of_scanner(scanned: Sequence[Alike]) -> ScannerCounts:
    return ScannerCounts(
        scanned=number_of(scanned),
        findings=_findings(scanned),
        insecure_samples=number_of(scanned, lambda each: each.insecure),
    )


def _findings(scanned: Sequence[Alike]) -> FindingCounts:
    return FindingCounts(
        high=sum(each.kind.high * each.samples for each in scanned),
        medium=sum(each.kind.medium * each.samples for each in scanned),
        low=sum(each.kind.low * each.samples for each in scanned),
    )


def _insecure_rate(kinds: Sequence[Alike], facts: RunFacts) -> Score:
    """Mean over the problems with a scanned sample; as the samples of a problem are alike, they are no observations."""
    found = by_problem(kinds, lambda each: each.scanned and each.insecure, facts)
    scanned = by_problem(kinds, lambda each: each.scanned, facts)
    shares = {name: found[name] / n for name, n in scanned.items() if n}
    if not shares:
        return Score(reason="no sample could be scanned")
    return as_score(mean_over_problems(shares), "")


def _secure_pass_at_1(kinds: Sequence[Alike], facts: RunFacts) -> Score:
    if not facts.tested:
        return Score(reason=NO_TESTS)
    if not any(each.judged for each in kinds):
        return Score(reason="no sample is judged")
    if not any(each.scanned or each.unscannable for each in kinds):
        no_scanner = any(each.kind.scan_state == ScanState.NO_SCANNER for each in kinds)
        return Score(reason="no scanner reads this language" if no_scanner else "no sample was scanned")
    not_yet = (None, ScanState.NO_SCANNER)
    if unknown := number_of(kinds, lambda each: each.passed and each.kind.scan_state in not_yet):
        return Score(reason=f"{unknown} passing samples are not scanned yet")
    counts = judged_counts(kinds, lambda each: each.secure_pass, facts)
    estimate = mean_over_problems({name: secure / n for name, (n, secure) in counts.items() if n})
    return as_score(estimate, left_out_reason(estimate.problems, len(facts.problem_ids), 1))
