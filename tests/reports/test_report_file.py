"""A report as a file: the same bytes each time, and readable whichever release wrote it."""

import json
from dataclasses import replace

import pytest
from comparing import report_of, verdicts_of

from codecrucible.reports.efficiency_types import Efficiency, SlowSample
from codecrucible.reports.report_file import report_from_json, report_json, to_json_text
from codecrucible.reports.report_types import CodeBleuScore, CutoffScores, MonthScore, Perplexity, Report, Score

REPORT = report_of(
    verdicts_of([4, 0, 2]),
    k=(1, 2, 4),
    adapter="lora",
    dead=("HumanEval/1",),
    scan_state=lambda *_: "clean",
    scanner=lambda *_: "bandit 1",
    completion_tokens=lambda *_: 7,
    codebleu=lambda *_: 0.5,
)
FULL = replace(
    REPORT,
    tested=False,
    cautions=("a caution",),
    pass_at_k_of_parts={"base": {1: Score(value=0.5, ci95=(0.25, 0.75), problems=3)}},
    passes_by_strength={"referee": 2},
    perplexity=Perplexity(value=4.0, bits_per_byte=0.5, tokens=4, bytes=16, measured=1, problems=3, reason="two"),
    inputs={"samples.jsonl": "00"},
    no_answer={"refused": 1},
    left_out_samples=2,
    by_month=(MonthScore(month="2024-07", pass_at_1=Score(value=0.5, ci95=(0.25, 0.75), problems=3)),),
    efficiency=Efficiency(
        passing=2,
        measured=2,
        problems=3,
        left_out=0,
        efficient_at_1=0.5,
        efficient_at_1_ci95=(0.25, 0.75),
        slow=(SlowSample(problem_id="HumanEval/0", sample_index=1, samples=2, state="measured", cpu_ratio=4.0),),
    ),
    cutoff=CutoffScores(cutoff="2024-07-26", before=Score(value=0.5, problems=1), after=Score(reason="none")),
)

#: As release 0.1.0 wrote it: less on security and of each problem, and nothing on cautions.
OLDER = {
    "run_id": "r",
    "benchmark": "starter[:1]",
    "pinned": True,
    "model": "m",
    "adapter": None,
    "problems": 1,
    "samples": 3,
    "n": 3,
    "pass_at_k": {"1": {"value": 1.0, "ci95": None, "problems": 1, "reason": ""}},
    "live": None,
    "verdicts": {"unjudged": 0, "passed": 3},
    "unjudged": 0,
    "missing": {"problems": [], "samples": 0},
    "codebleu": {"value": None, "ci95": None, "problems": 0, "reason": "none", "samples": 0, "method": "own"},
    "security": {
        "scanned": 3,
        "unscannable": 0,
        "no_scanner": 0,
        "not_scanned": 0,
        "findings": {"high": 0, "medium": 0, "low": 0},
        "scanners": {},
        "insecure_samples": 0,
        "insecure_rate": 0.0,
        "secure_pass_at_1": 1.0,
        "secure_pass_at_1_ci95": None,
        "reason": "",
    },
    "tokens": {"prompt": 5, "completion": 7},
    "truncated": 0,
    "timing": {"generate_s": 1.5, "execute_s": 0.5, "scan_s": None, "score_s": None, "wall_s": 2},
    "per_problem": [
        {
            "problem_id": "starter/0",
            "language": "python",
            "n": 3,
            "c": 3,
            "dead": "",
            "samples": 3,
            "scanned": 3,
            "unscannable": 0,
            "insecure": 0,
            "timeouts": 0,
            "truncated": 0,
            "secure": 3,
            "codebleu": None,
            "completion_tokens": 39.0,
        }
    ],
    "inputs": {"run.json": "00"},
}


@pytest.mark.parametrize("report", [REPORT, FULL])
def test_what_is_read_is_what_was_written(report):
    text = to_json_text(report)
    assert report_from_json(text) == report
    assert to_json_text(report_from_json(text)) == text


def test_what_was_not_asked_for_is_not_in_the_file():
    optional = {"pass_at_k_of_parts", "passes_by_strength", "perplexity", "left_out_samples", "similarity"}
    optional |= {"by_month", "cutoff", "efficiency", "tested"}
    assert report_json(REPORT).keys() == {*REPORT.__dataclass_fields__} - optional
    assert report_json(FULL).keys() == {*REPORT.__dataclass_fields__} - {"similarity"}
    assert "definition" not in report_json(REPORT)["codebleu"]
    corpus = replace(REPORT, codebleu=CodeBleuScore(value=0.5, definition="corpus", components={"codebleu": 0.5}))
    assert "problems" not in report_json(corpus)["codebleu"]


def test_a_report_of_release_0_1_0_is_read_and_what_it_does_not_say_is_not_zero():
    report = report_from_json(json.dumps(OLDER))
    assert isinstance(report, Report)
    assert (report.name, report.pass_at_k[1].value, report.timing.wall_s, report.asked) == ("m", 1.0, 2, 3)
    assert (report.cautions, report.no_answer, report.perplexity) == ((), {}, None)
    assert (report.security.unscannable_passes, report.security.unscannable_empty) == (None, None)
    assert report.per_problem[0].unscannable_passes is None
    assert to_json_text(report) != to_json_text(OLDER), "it is known not to be one of this release"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"of_tomorrow": 1}, "Report has no field 'of_tomorrow'"),
        ({"samples": "3"}, "'samples': expected int, found str '3'"),
        ({"unjudged": True}, "'unjudged': expected int, found bool True"),
        ({"adapter": 3}, "'adapter': expected str, found int 3"),
        ({"cautions": "none"}, "'cautions': expected list, found str 'none'"),
        ({"pass_at_k": {"one": {}}}, "invalid literal"),
        ({"pass_at_k": {"1": {"ci95": [0.5]}}}, "expected a list of 2"),
        ({"missing": None}, "'missing': expected dict, found NoneType"),
        ({"per_problem": [{"n": 3}]}, "problem_id"),
    ],
)
def test_what_is_no_report_is_refused_with_the_place(change, told):
    with pytest.raises(ValueError, match=told):
        report_from_json(json.dumps(OLDER | change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 100_000, b"\xff"])
def test_what_is_no_json_object_of_a_report_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        report_from_json(text)
