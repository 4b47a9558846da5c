"""Runs of a benchmark without tests: nothing that passes is measured, and what the scanners found is."""

from dataclasses import replace

import pytest
from comparing import changed_rows, report_of, verdicts_of
from gated_reports import BASE, WORSE
from gated_reports import report as with_tests

from codecrucible.reports import report_from_json, to_json_text
from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.gate import GateState, decide, sentences
from codecrucible.reports.groups import grouped_report
from codecrucible.reports.leaderboard import Entrant, leaderboard
from codecrucible.reports.report import build_report
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.sample_row import SampleRow
from codecrucible.reports.statistics.completeness import gap_of
from codecrucible.reports.views.group_view import grouped_sheets
from codecrucible.reports.views.report_view import notes_of, warnings_of
from codecrucible.reports.views.sheet import NOT_MEASURED

IDS = tuple(f"CyberSecEval/{number}" for number in range(400))
NO_TESTS = "not measured: the benchmark has no tests"


def report(insecure, *, unscanned=0, empty=0, n=4, name="run", benchmark="cyberseceval:instruct"):
    """A run in which so many samples of each problem are insecure; every fourth problem is in Rust."""
    rows = []
    for place, problem_id in enumerate(IDS):
        for index in range(n):
            rust, bad = place % 4 == 3, index < insecure[place]
            state = "no_scanner" if rust else "findings" if bad else "clean"
            number = len(rows)
            if number < unscanned:
                state = None
            verdict = "untested"
            if unscanned <= number < unscanned + empty:
                verdict, state = "empty", None
            high = int(state == "findings")
            rows.append(
                SampleRow(
                    problem_id=problem_id,
                    sample_index=index,
                    verdict=verdict,
                    scan_state=state,
                    scanner="s 1" if state in ("findings", "clean") else "",
                    high=high,
                )
            )
    facts = RunFacts(
        run_id=name,
        benchmark=benchmark,
        model=name,
        problem_ids=IDS,
        n=n,
        languages={each: "rust" if place % 4 == 3 else "c" for place, each in enumerate(IDS)},
        groups={each: {"cwe": f"CWE-{place % 2}"} for place, each in enumerate(IDS)},
        untested=frozenset(IDS),
    )
    return build_report(rows, facts=facts)


SOME = [place % 3 for place in range(400)]


def test_nothing_that_passes_is_measured_and_no_sample_is_unjudged():
    made = report(SOME, empty=2)
    assert not made.tested
    verdicts = {name: count for name, count in made.verdicts.items() if count}
    assert (made.unjudged, verdicts) == (0, {"untested": 1598, "empty": 2})
    assert (made.pass_at_k[1].value, made.pass_at_k[1].reason) == (None, NO_TESTS)
    assert (made.security.secure_pass_at_1, made.security.reason) == (None, NO_TESTS)
    assert {(row.n, row.c, row.secure) for row in made.per_problem} == {(0, 0, None)}
    assert report_from_json(to_json_text(made)) == made
    assert '"tested"' not in to_json_text(with_tests(BASE))


def test_the_insecure_rate_is_the_mean_over_problems_that_a_scanner_reads():
    made = report(SOME)
    read = [SOME[place] / 4 for place in range(400) if place % 4 != 3]
    assert made.security.insecure_rate == pytest.approx(sum(read) / len(read), abs=1e-6)
    assert (made.security.scanned, made.security.no_scanner, made.security.not_scanned) == (1200, 400, 0)
    told = [*notes_of([made]), *warnings_of([made])]
    assert f"run: pass@k is {NO_TESTS}; nothing was run, and its samples are scanned alone." in told
    assert any("no scanner reads the language of 400 of 1600 samples" in line for line in told)
    assert not any("UNJUDGED" in line for line in told)


def test_the_gate_decides_on_the_insecure_rate_and_says_that_the_rest_is_not_measured():
    same = decide([compare_reports(report(SOME), report(SOME))])
    assert [each.difference.quantity.key for each in same.gated] == ["insecure_rate"]
    assert same.state is GateState.PASS
    assert f"Not gated: pass@1 on cyberseceval:instruct: {NO_TESTS}." in sentences(same)
    assert f"Not gated: secure-pass@1 on cyberseceval:instruct: {NO_TESTS}." in sentences(same)
    worse = decide([compare_reports(report(SOME), report([4] * 400))])
    assert worse.state is GateState.REGRESSION


def test_beside_a_benchmark_with_tests_each_counts_for_what_it_measures():
    tested, untested = with_tests(BASE), report(SOME)
    result = decide([compare_reports(tested, tested), compare_reports(untested, untested)])
    assert [(each.benchmark, each.difference.quantity.key) for each in result.gated] == [
        ("mean of 2 benchmarks", "insecure_rate"),
        ("humaneval", "pass_at_1"),
        ("humaneval", "insecure_rate"),
        ("cyberseceval:instruct", "insecure_rate"),
    ]


def test_a_sample_that_was_not_scanned_is_missing_as_elsewhere_one_without_a_verdict():
    assert gap_of(report(SOME)) == ""
    assert gap_of(report(SOME, unscanned=1)) == "unscanned"
    assert gap_of(replace(report(SOME, unscanned=1), tested=True)) == ""


def test_a_run_without_tests_has_no_rank_and_is_in_no_mean():
    entrants = [
        Entrant(name=name, reports={"humaneval": with_tests(passes), "cyberseceval:instruct": report(SOME)})
        for name, passes in (("a", BASE), ("b", WORSE))
    ]
    boards = leaderboard(entrants)
    assert [board.benchmark for board in boards] == ["humaneval", "cyberseceval:instruct"]
    assert {(each.score, each.rank, each.reason) for each in boards[1].standings} == {
        (None, None, f"pass@1 is {NO_TESTS}")
    }


def test_by_group_the_samples_are_those_that_were_scanned():
    (sheet,) = grouped_sheets([grouped_report(report(SOME), "language")])
    assert [row[:4] for row in sheet.rows] == [("c", "300", "1200", NOT_MEASURED), ("rust", "100", "0", NOT_MEASURED)]
    assert sheet.notes[1:] == (f"pass@1 is {NO_TESTS}.",)


def part_report(parts_passed):
    verdicts = verdicts_of([count // 2 for count in parts_passed], n=4)
    made = report_of(verdicts)
    return changed_rows(made, lambda place, _: {"of_parts": {"functionality": parts_passed[place]}})


def test_a_part_of_the_tests_is_compared_and_gated_where_it_is_asked_for():
    base, candidate = part_report([4] * 60), part_report([2] * 60)
    unasked = decide([compare_reports(base, candidate)])
    assert "functionality_pass_at_1" not in [each.difference.quantity.key for each in unasked.gated]
    asked = decide([compare_reports(base, candidate, gated_parts=["functionality"])])
    (part,) = [each for each in asked.gated if each.difference.quantity.key == "functionality_pass_at_1"]
    assert (part.difference.base, part.difference.candidate, part.state) == (1.0, 0.5, GateState.REGRESSION)
    assert part.difference.weight == 3
    assert any("pass@1 of functionality tests on humaneval: 100.0 % to 50.0 %" in told for told in sentences(asked))


def test_the_passes_of_a_part_are_counted_for_each_problem():
    rows = [
        SampleRow(problem_id="a", sample_index=index, verdict=verdict, parts_passed=parts)
        for index, (verdict, parts) in enumerate(
            [("passed", 2), ("wrong_answer", 1), ("wrong_answer", 0), ("unjudged", 1)]
        )
    ]
    facts = RunFacts(run_id="r", benchmark="b", model="m", problem_ids=("a",), n=4, parts=("functionality", "security"))
    made = build_report(rows, facts=facts)
    assert made.per_problem[0].of_parts == {"functionality": 2}
    assert made.pass_at_k_of_parts["functionality"][1].value == pytest.approx(2 / 3, abs=1e-6)
    assert report_from_json(to_json_text(made)) == made
