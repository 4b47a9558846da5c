"""The report made of rows, against numbers worked by hand."""

import json
import random
import weakref
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codecrucible.benchmarks.problem import Verdict
from codecrucible.reports.report import build_report
from codecrucible.reports.report_file import report_from_json, to_json_text
from codecrucible.reports.report_types import FindingCounts, Missing, ScannerCounts, Score, Timing
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.sample_row import SampleRow
from codecrucible.reports.views.report_view import warnings_of


def row(problem_id: str, sample_index: int, verdict: str = "passed", **more) -> SampleRow:
    return SampleRow(problem_id=problem_id, sample_index=sample_index, verdict=verdict, **more)


def facts(*problem_ids: str, n: int, **more) -> RunFacts:
    return RunFacts(run_id="r1", benchmark="starter", model="m", problem_ids=problem_ids, n=n, **more)


def report_of(rows, *, n: int, k=(1,), problem_ids=("a", "b"), **more):
    return build_report(sorted(rows, key=lambda each: each.problem_id), facts=facts(*problem_ids, n=n, **more), k=k)


WORKED = [
    row("a", 0, scan_state="clean", codebleu=1.0, completion_tokens=10, prompt_tokens=5),
    row("a", 1, scan_state="findings", medium=1, codebleu=0.5, completion_tokens=20, prompt_tokens=5),
    row("a", 2, "timeout", scan_state="findings", low=2, codebleu=0.0, completion_tokens=30, prompt_tokens=5),
    row("a", 3, "unjudged", scan_state="clean", codebleu=0.5, completion_tokens=1, prompt_tokens=5, truncated=True),
    row("b", 0, "wrong_answer", scan_state="unscannable", codebleu=None, completion_tokens=4, prompt_tokens=6),
    row("b", 1, scan_state="unscannable", codebleu=0.1, completion_tokens=4, prompt_tokens=6),
    row("b", 2, scan_state="findings", high=1, low=1, codebleu=0.3, completion_tokens=4, prompt_tokens=6),
    row("b", 3, scan_state="findings", low=1, codebleu=0.2, completion_tokens=4, prompt_tokens=6),
]


@pytest.fixture
def worked():
    return report_of(WORKED, n=4, k=(1, 2))


def test_pass_at_k_is_the_mean_over_problems_of_the_judged_samples(worked):
    # a: n=3, c=2; b: n=4, c=3. pass@2: a = 1 - C(1,2)/C(3,2) = 1; b = 1 - C(1,2)/C(4,2) = 1.
    assert worked.pass_at_k[1].value == pytest.approx((2 / 3 + 3 / 4) / 2, abs=1e-6)
    assert worked.pass_at_k[2].value == 1.0
    assert [(each.problem_id, each.n, each.c) for each in worked.per_problem] == [("a", 3, 2), ("b", 4, 3)]


def test_pass_at_k_of_a_part_counts_who_passed_it_whatever_came_after():
    rows = [
        row("a", 0, parts_passed=2),
        row("a", 1, "timeout", parts_passed=1),
        row("b", 0, "wrong_answer"),
        row("b", 1, "unjudged", parts_passed=1),
    ]
    report = report_of(rows, n=2, k=(1, 2), parts=("base", "plus"))
    assert report.pass_at_k[1].value == 0.25
    base = report.pass_at_k_of_parts["base"]
    assert (base[1].value, base[2].value) == (0.5, 1.0)
    assert list(report.pass_at_k_of_parts) == ["base"], "the last part ends with the verdict"
    assert report.pass_at_k_of_parts["base"][2].reason == report.pass_at_k[2].reason != ""
    assert "pass_at_k_of_parts" not in to_json_text(report_of(rows, n=2))


def test_a_problem_has_all_that_a_comparison_needs(worked):
    one, other = worked.per_problem
    assert (one.samples, one.scanned, one.unscannable, one.insecure, one.timeouts, one.truncated) == (4, 4, 0, 1, 1, 1)
    assert (other.samples, other.scanned, other.unscannable, other.insecure) == (4, 2, 2, 1)
    assert (one.secure, other.secure) == (1, 1)
    assert sum(each.secure / each.n for each in (one, other)) / 2 == pytest.approx(
        worked.security.secure_pass_at_1, abs=1e-6
    )
    assert (one.completion_tokens, other.completion_tokens) == (pytest.approx(15.25), 4.0)
    assert other.codebleu == pytest.approx(0.2)


def test_what_was_not_measured_of_a_problem_is_none():
    report = report_of([row("a", 0), row("a", 1, completion_tokens=3)], n=2, problem_ids=("a",))
    (only,) = report.per_problem
    assert (only.secure, only.codebleu, only.completion_tokens) == (None, None, None)
    assert (only.scanned, only.unscannable) == (0, 0)


def test_every_verdict_is_counted_and_present(worked):
    assert set(worked.verdicts) == {verdict.value for verdict in Verdict}
    assert worked.verdicts["passed"] == 5
    assert worked.verdicts["forged"] == 0
    assert sum(worked.verdicts.values()) == worked.samples == 8
    assert worked.unjudged == worked.verdicts["unjudged"] == 1


def test_security_counts_the_scannable_samples_alone(worked):
    security = worked.security
    assert (security.scanned, security.unscannable, security.no_scanner) == (6, 2, 0)
    assert security.findings == FindingCounts(high=1, medium=1, low=4)
    # a: 1 of 4 scanned; b: 1 of 2.
    assert security.insecure_rate == pytest.approx((1 / 4 + 1 / 2) / 2, abs=1e-6)
    low, high = security.insecure_rate_ci95
    assert 0 <= low < security.insecure_rate < high <= 1


def test_the_insecure_rate_counts_each_problem_once_however_many_of_its_samples_can_be_scanned():
    many = [row("a", index, scan_state="findings", high=1) for index in range(4)]
    few = [row("b", 0, scan_state="clean"), *(row("b", index, scan_state="unscannable") for index in (1, 2, 3))]
    assert report_of([*many, *few], n=4).security.insecure_rate == 0.5


def test_empty_samples_cannot_be_scanned_and_are_counted_where_a_scanner_reads_their_language():
    rows = [
        row("a", 0, scan_state="clean"),
        row("a", 1, "empty"),
        row("b", 0, "empty"),
        row("b", 1, "empty"),
        row("c", 0, scan_state="no_scanner"),
        row("c", 1, "empty"),
    ]
    report = report_of(rows, n=2, problem_ids=tuple("abc"), languages={"a": "python", "b": "python", "c": "lua"})
    security = report.security
    assert (security.scanned, security.unscannable, security.unscannable_empty) == (1, 3, 3)
    assert (security.no_scanner, security.not_scanned) == (1, 1)
    assert [each.unscannable for each in report.per_problem] == [1, 2, 0]


def test_empty_samples_of_a_run_that_was_not_scanned_are_not_scanned_either():
    security = report_of([row("a", 0), row("b", 0, "empty")], n=1).security
    assert (security.unscannable, security.not_scanned, security.insecure_rate) == (0, 2, None)


def test_passing_samples_that_no_scanner_could_read_are_counted():
    report = report_of(WORKED, n=4)
    assert report.security.unscannable_passes == 1
    assert [each.unscannable_passes for each in report.per_problem] == [0, 1]


def test_a_passing_sample_is_secure_only_if_scanned_and_without_a_finding_of_medium_or_worse(worked):
    # a: 1 of 3 judged (the other pass has a medium finding); b: 1 of 4 (unscannable and high do not count, low does).
    assert worked.security.secure_pass_at_1 == pytest.approx((1 / 3 + 1 / 4) / 2, abs=1e-6)


def test_codebleu_is_the_mean_over_problems_of_the_mean_over_measured_samples(worked):
    assert worked.codebleu.value == pytest.approx((0.5 + 0.2) / 2, abs=1e-6)
    assert worked.codebleu.reason == "1 of 8 samples could not be measured and are left out"


def test_tokens_and_truncation_are_summed_over_samples(worked):
    assert worked.tokens == {"prompt": 44, "completion": 77}
    assert worked.truncated == 1


def test_tokens_that_were_not_all_counted_have_no_sum():
    report = report_of([row("a", 0, completion_tokens=3), row("b", 0)], n=1)
    assert report.tokens == {"prompt": None, "completion": None}


def test_nothing_measured_is_null_with_a_reason_and_never_0_or_1():
    report = report_of([row("a", 0, "unjudged"), row("b", 0, "unjudged")], n=1)
    for part in (report.pass_at_k[1], report.codebleu):
        assert (part.value, part.ci95) == (None, None)
        assert part.reason
    assert (report.security.insecure_rate, report.security.secure_pass_at_1) == (None, None)
    assert report.security.reason == "no sample is judged"
    assert report.timing == Timing()


def test_a_run_that_was_not_scanned_has_no_security_numbers():
    security = report_of([row("a", 0), row("b", 0, "timeout")], n=1).security
    assert (security.secure_pass_at_1, security.insecure_rate, security.not_scanned) == (None, None, 2)
    assert security.reason == "no sample was scanned"


def test_a_language_without_a_scanner_is_neither_secure_nor_insecure():
    security = report_of([row("a", 0, scan_state="no_scanner"), row("b", 0, scan_state="no_scanner")], n=1).security
    assert (security.secure_pass_at_1, security.insecure_rate, security.no_scanner) == (None, None, 2)
    assert security.reason == "no scanner reads this language"


def test_a_passing_sample_that_awaits_its_scan_leaves_secure_pass_at_1_open():
    security = report_of([row("a", 0, scan_state="clean"), row("b", 0)], n=1).security
    assert security.secure_pass_at_1 is None
    assert security.reason == "1 passing samples are not scanned yet"
    assert security.insecure_rate == 0.0


def test_a_problem_without_enough_judged_samples_is_named_as_left_out():
    report = report_of([row("a", 0), row("a", 1), row("b", 0), row("b", 1, "unjudged")], n=2, k=(1, 2))
    assert report.pass_at_k[1] == Score(value=1.0, ci95=pytest.approx((0.012236, 1.0)), problems=2)
    assert report.pass_at_k[2].problems == 1
    assert report.pass_at_k[2].ci95 is None
    assert report.pass_at_k[2].reason.startswith("1 of 2 problems have fewer than 2 judged samples")


def test_problems_and_samples_that_never_came_are_listed():
    report = report_of([row("b", 0)], n=3, problem_ids=("a", "b", "c"))
    assert report.missing == Missing(problems=("a", "c"), samples=8)
    assert report.problems == 3
    assert report.pass_at_k[1].reason.startswith("2 of 3 problems")


def test_no_sample_at_all_is_a_report_without_numbers():
    report = report_of([], n=1)
    assert report.samples == 0
    assert report.pass_at_k[1].value is None


@pytest.mark.parametrize("k", [0, -1, 11])
def test_a_k_that_is_not_in_1_to_n_is_refused_with_both_named(k):
    with pytest.raises(ValueError, match=rf"n=10, k={k}\b"):
        report_of([row("a", 0)], n=10, k=(1, k))


def test_a_sample_of_another_run_is_refused():
    with pytest.raises(ValueError, match="problem 'z', which is not of this run"):
        report_of([row("a", 0), row("z", 0)], n=1)


def test_a_sample_index_beyond_n_is_refused():
    with pytest.raises(ValueError, match="sample 2 of problem 'a': n=2 allows indices 0 to 1"):
        report_of([row("a", 2)], n=2)


def test_an_unknown_stage_is_refused():
    with pytest.raises(ValueError, match="'lunch_s' is not a timed stage"):
        report_of([], n=1, timing={"lunch_s": 1.0})


@pytest.mark.parametrize("problem_ids", [(), ("a", "a")])
def test_no_problems_or_a_problem_twice_is_refused(problem_ids):
    with pytest.raises(ValueError, match="expected problem ids"):
        report_of([], n=1, problem_ids=problem_ids)


def test_the_order_of_the_rows_does_not_change_a_byte():
    shuffled = list(WORKED)
    random.Random(3).shuffle(shuffled)  # noqa: S311 - any order but this one
    one, other = report_of(WORKED, n=4, k=(1, 2)), report_of(shuffled, n=4, k=(2, 1))
    assert to_json_text(one) == to_json_text(other)


def test_the_json_is_ascii_and_reads_back_equal_whatever_the_names_hold():
    hostile = "a\udc80\x1b[31m\u202e</script>\0"
    report = report_of([row(hostile, 0)], n=1, problem_ids=(hostile,), inputs={"samples.jsonl": "00"})
    text = to_json_text(report)
    assert text.isascii()
    assert report_from_json(text) == report


def test_a_number_that_is_not_finite_never_reaches_the_json():
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json_text({"value": float("nan")})


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        ("'fine' is no verdict", {"verdict": "fine"}),
        ("'maybe' is no scan state", {"scan_state": "maybe"}),
        ("index is negative", {"sample_index": -1}),
        ("findings is negative", {"scan_state": "findings", "high": -1}),
        ("0 findings and the scan state 'findings'", {"scan_state": "findings"}),
        ("1 findings and the scan state 'clean'", {"scan_state": "clean", "low": 1}),
        ("1 findings and the scan state None", {"low": 1}),
        ("tokens is negative", {"completion_tokens": -1}),
        ("CodeBLEU 1.5 is not in", {"codebleu": 1.5}),
        ("CodeBLEU nan is not in", {"codebleu": float("nan")}),
    ],
)
def test_an_impossible_row_is_refused_by_name(fault, more):
    with pytest.raises(ValueError, match=fault):
        report_of([SampleRow(**({"problem_id": "a", "sample_index": 0} | more))], n=1)


def test_a_sample_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="sample 0 of problem 'a': it occurs twice"):
        report_of([row("a", 0), row("a", 0, "timeout")], n=2)


def test_the_initial_verdict_is_unjudged():
    assert report_of([SampleRow(problem_id="a", sample_index=0)], n=1).unjudged == 1


def test_rows_of_a_problem_that_are_not_together_are_refused():
    with pytest.raises(ValueError, match="problem 'a': its rows are not together"):
        build_report([row("a", 0), row("b", 0), row("a", 1)], facts=facts("a", "b", n=2))


def test_rows_are_counted_as_they_come_and_not_kept():
    held = weakref.WeakSet()

    class Watched(SampleRow):
        """Can be seen going."""

    def rows():
        for problem_id in "abcdefgh":
            for index in range(10):
                held.add(made := Watched(problem_id=problem_id, sample_index=index, verdict="passed"))
                assert len(held) <= 21, "more than the rows of a problem, and of the one before, are held"
                yield made
                del made

    assert build_report(rows(), facts=facts(*"abcdefgh", n=10)).samples == 80


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([verdict.value for verdict in Verdict])), max_size=40)
)
def test_every_sample_is_counted_once_and_every_share_lies_in_range(samples):
    index: Counter[str] = Counter()
    rows = []
    for problem_id, verdict in samples:
        rows.append(row(problem_id, index[problem_id], verdict))
        index[problem_id] += 1
    report = report_of(rows, n=max(index.values(), default=1), problem_ids=("a", "b", "c"))
    assert sum(report.verdicts.values()) == len(samples)
    assert sum(each.n for each in report.per_problem) == len(samples) - report.unjudged
    assert sum(each.c for each in report.per_problem) == report.verdicts["passed"]
    score = report.pass_at_k[1].value
    assert score is None or 0 <= score <= 1


def with_dead_rows(*, passes=(4, 0, 2, 0), dead=("b", "d"), k=(1, 2)):
    samples = [
        SampleRow(problem_id=name, sample_index=index, verdict="passed" if index < c else "wrong_answer")
        for name, c in zip("abcd", passes, strict=True)
        for index in range(4)
    ]
    causes = dict.fromkeys(dead, "the prompt does not compile")
    return build_report(samples, facts=facts(*"abcd", n=4, dead=causes), k=k)


def test_dead_rows_count_in_the_published_score_and_not_in_the_live_one():
    report = with_dead_rows()
    assert report.pass_at_k[1].value == 0.375
    assert report.pass_at_k[1].problems == report.problems == 4
    live = report.live
    assert (live.problems, live.dead, live.dead_passed) == (2, 2, ())
    assert live.causes == {"the prompt does not compile": 2}
    assert (live.pass_at_k[1].value, live.pass_at_k[1].problems) == (0.75, 2)
    assert live.pass_at_k[2].value == pytest.approx((1 + 5 / 6) / 2, abs=1e-6)
    low, high = live.pass_at_k[1].ci95
    assert low < 0.75 < high
    assert [row.dead for row in report.per_problem] == ["", "the prompt does not compile"] * 2


def test_without_a_dead_row_there_is_no_live_score():
    assert with_dead_rows(dead=()).live is None


def test_where_every_row_is_dead_the_live_score_is_not_zero():
    assert with_dead_rows(dead="abcd").live.pass_at_k[1] == Score(reason="no problem is live")


def test_a_dead_row_that_passes_is_counted_and_named():
    report = with_dead_rows(passes=(4, 4, 2, 0))
    assert report.pass_at_k[1].value == 0.625
    assert report.live.pass_at_k[1].value == 0.75
    assert report.live.dead_passed == ("b",)


def test_what_each_scanner_read_is_told_apart():
    python = {"scan_state": "findings", "scanner": "bandit 1", "high": 1}
    cpp = {"scan_state": "clean", "scanner": "flawfinder 2"}
    samples = [
        SampleRow(problem_id=name, sample_index=0, verdict="passed", **scan)
        for name, scan in (("a", python), ("b", cpp), ("c", cpp), ("d", {"scan_state": "no_scanner"}))
    ]
    report = build_report(samples, facts=facts(*"abcd", n=1))
    assert report.security.scanners == {
        "bandit 1": ScannerCounts(scanned=1, findings=FindingCounts(high=1, medium=0, low=0), insecure_samples=1),
        "flawfinder 2": ScannerCounts(scanned=2, findings=FindingCounts(high=0, medium=0, low=0), insecure_samples=0),
    }
    assert report.security.no_scanner == 1


def test_passes_are_counted_by_what_confirms_them_and_those_by_a_control_are_warned_of():
    rows = [
        row("a", 0, strength="referee"),
        row("a", 1, strength="control"),
        row("b", 0, "wrong_answer", strength="control"),
        row("b", 1, strength="control"),
    ]
    made = report_of(rows, n=2)
    assert made.passes_by_strength == {"control": 2, "referee": 1}
    assert made.passes_by_control == 2
    (warning,) = warnings_of([made])
    assert warning.endswith(
        "2 of 3 passes are confirmed only by a negative CONTROL, which a program that cheats can get past."
    )
    assert report_from_json(to_json_text(made)) == made


def test_nothing_is_said_of_passes_whose_strength_an_earlier_version_did_not_write():
    made = report_of([row("a", 0)], n=1)
    assert made.passes_by_strength == {}
    assert "passes_by_strength" not in json.loads(to_json_text(made))
