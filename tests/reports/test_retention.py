"""`gate --retain`: how much of the baseline's pass@1 is kept."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from gated_reports import BASE, load_script, report
from scipy import stats

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.footprint import Footprint
from codecrucible.reports.gate import GateRule, GateState, decide, sentences
from codecrucible.reports.views.gate_view import (
    gate_json,
    gate_sheets,
    gate_to_csv,
    gate_to_junit,
    gate_to_markdown,
    headline,
)
from codecrucible.reports.views.sheet import NOT_MEASURED

RULE = GateRule(retain=0.95)
SIMULATION = Path(__file__).resolve().parents[1] / "performance" / "retention_errors.py"


def gated(candidate, base=BASE, rule=RULE, **columns):
    return decide([compare_reports(report(base, **columns), report(candidate, **columns))], rule)


def of_passes(result):
    return next(each for each in result.gated if each.difference.quantity.key == "pass_at_1")


def test_a_candidate_that_loses_nothing_passes_and_one_that_loses_a_fifth_is_a_regression():
    kept = gated(BASE)
    assert of_passes(kept).state is GateState.PASS
    assert "which keeps 100.0 % of it" in headline(kept)
    lost = gated([round(0.8 * c) for c in BASE])
    assert lost.state is GateState.REGRESSION
    assert headline(lost).startswith("REGRESSION: pass@1 on humaneval: ")
    assert "less than 95 % is kept (p < 0.001)" in headline(lost)


def test_a_drop_of_points_that_is_small_beside_the_baseline_is_kept():
    """3 points of 47 are more than a twentieth, and a rule of a tenth takes them."""
    shorter = [max(0, c - place % 2) for place, c in enumerate(BASE)]
    states = {retain: of_passes(gated(shorter, rule=GateRule(retain=retain))).state for retain in (0.9, 0.99)}
    assert states == {0.9: GateState.PASS, 0.99: GateState.REGRESSION}


def test_the_plain_p_is_that_of_a_t_test_over_problems_and_the_corrected_one_is_never_smaller():
    source = np.random.default_rng(2)
    candidate = source.binomial(20, np.array(BASE) / 20 * (source.random(164) < 0.93)).tolist()
    kept = of_passes(gated(candidate)).retention
    values = (np.array(candidate) - 0.95 * np.array(BASE)) / 20
    for p, alternative in ((kept.p_below, "less"), (kept.p_above, "greater")):
        plain = stats.ttest_1samp(values, 0, alternative=alternative)
        bent = stats.skew(values) / np.sqrt(164)
        t = plain.statistic
        corrected = stats.t(163).sf(
            (1 if alternative == "greater" else -1) * (t + bent * t**2 / 3 + bent**2 * t**3 / 27 + bent / 6)
        )
        assert p == pytest.approx(max(plain.pvalue, corrected), abs=1e-9)


def test_so_many_problems_are_needed_as_a_simulated_candidate_that_loses_nothing_takes():
    source = np.random.default_rng(5)
    rates = source.beta(0.65, 0.35, 164)
    sides = [source.binomial(5, rates).tolist() for _ in range(2)]
    needed = of_passes(gated(sides[1], base=sides[0], n=5)).retention.problems_needed
    passed = 0
    for _ in range(200):
        drawn = source.beta(0.65, 0.35, needed)
        base, candidate = (source.binomial(5, drawn) / 5 for _ in range(2))
        passed += stats.ttest_1samp(candidate - 0.95 * base, 0, alternative="greater").pvalue <= 0.05
    assert 0.65 <= passed / 200 <= 0.95


def test_nothing_can_be_kept_of_nothing():
    nothing = gated([1] * 164, base=[0] * 164)
    assert (nothing.state, of_passes(nothing).state) == (GateState.INCONCLUSIVE, GateState.INCONCLUSIVE)
    assert "the baseline passes nothing, of which no share can be kept" in sentences(nothing)[0]
    assert gate_json(nothing)["gated"][0]["p_retains_less"] is None


def test_a_baseline_that_may_pass_nothing_leaves_the_share_without_an_upper_end():
    little = gated([0] * 163 + [1], base=[0] * 163 + [1], n=1)
    assert "to no upper end: whether 95 % is kept is open" in sentences(little)[0]
    assert gate_json(little)["gated"][0]["retained_high"] is None


def test_the_insecure_rate_is_gated_as_ever():
    base, candidate = report(BASE), report(BASE, insecure=[6] * 164)
    result = decide([compare_reports(base, candidate)], RULE)
    states = {each.difference.quantity.key: each.state for each in result.gated}
    assert (states["pass_at_1"], states["insecure_rate"]) == (GateState.PASS, GateState.REGRESSION)


def test_several_benchmarks_are_one_mean_in_which_each_counts_the_same():
    smaller = [10] * 40
    comparisons = [
        compare_reports(report(BASE), report([round(0.9 * c) for c in BASE])),
        compare_reports(report(smaller, name="mbpp"), report([10] * 40, name="mbpp")),
    ]
    kept = decide(comparisons, RULE).gated[0].retention.estimate
    assert kept.denominator == pytest.approx((np.mean(BASE) / 20 + 0.5) / 2)
    assert kept.numerator == pytest.approx((np.mean([round(0.9 * c) for c in BASE]) / 20 + 0.5) / 2)


def test_the_rule_is_in_json_csv_junit_and_in_the_table():
    result = gated([round(0.9 * c) for c in BASE])
    told = json.loads(json.dumps(gate_json(result)))
    assert (told["retain"], told["gated"][0]["retain"]) == (0.95, 0.95)
    assert 0.85 < told["gated"][0]["retained_low"] < told["gated"][0]["retained"] < told["gated"][0]["retained_high"]
    assert "retained_low" in gate_to_csv(result).splitlines()[0]
    assert ET.fromstring(gate_to_junit(result)).find(".//property[@name='retain']").get("value") == "0.95"
    assert gate_sheets(result)[0].rows[0][-1] == "REGRESSION"
    assert gate_json(replace(result, rule=GateRule()))["retain"] is None


def test_size_and_speed_stand_beside_the_decision_and_what_was_not_measured_is_a_dash():
    base = Footprint(
        side="baseline",
        benchmark="humaneval",
        run_id="a",
        dtype="float32",
        machine="cpu, one",
        weight_bytes=269_060_552,
        memory_bytes=538_060_032,
        tokens_per_s=61.25,
    )
    candidate = Footprint(side="candidate", benchmark="<b>|", run_id="b", machine="cpu, two", tokens_per_s=30.0)
    result = replace(gated(BASE), footprints=(base, candidate))
    sheet = gate_sheets(result)[1]
    assert sheet.rows[0] == ("baseline", "humaneval", "float32", "269.1", "538.1", "61.2")
    assert sheet.rows[1] == ("candidate", "<b>|", NOT_MEASURED, NOT_MEASURED, NOT_MEASURED, "30.0")
    assert sheet.notes[-1].endswith("their speeds cannot be compared: cpu, one; cpu, two.")
    dashes = " | ".join([NOT_MEASURED] * 3)
    assert f"| candidate | &#60;b&#62;&#124; | {dashes} | 30.0 |" in gate_to_markdown(result)
    first, second = gate_json(result)["footprints"]
    assert (first["weight_bytes"], first["memory_bytes"], first["tokens_per_s"]) == (269_060_552, 538_060_032, 61.25)
    assert (second["weight_bytes"], second["memory_bytes"]) == (None, None)
    assert "footprints" not in gate_json(gated(BASE))


@pytest.mark.parametrize("retain", [0.0, 1.0, 1.5, -1.0])
def test_a_share_is_between_0_and_1(retain):
    with pytest.raises(ValueError, match="give a share between 0 and 1"):
        GateRule(retain=retain)


def test_at_the_boundary_each_word_is_as_rare_as_it_is_to_be():
    simulated = load_script(SIMULATION).simulated
    for world in ("scaled", "lost"):
        told = simulated(world, 0.65, 20, replicates=150, seed=3)
        assert told["REGRESSION"] <= 100 * stats.binom.ppf(0.999, 150, 0.05) / 150
        assert told["PASS"] <= 100 * stats.binom.ppf(0.999, 150, 0.07) / 150
