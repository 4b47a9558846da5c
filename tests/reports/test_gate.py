"""The gate's word: what it is for runs of known quality, and how often it is wrong."""

import importlib.util
from pathlib import Path

import pytest

from reports.comparison import compare_reports, languages_of, with_holm
from reports.gate import GateRule, GateState, decide, sentences

SIMULATION = Path(__file__).resolve().parent.parent / "performance" / "gate_error_rates.py"


def report(passes, *, n=20, insecure=None, scanned=None, name="humaneval", **more):
    """What `build_report` says of a run with these passes a problem, as far as a comparison reads it."""
    scanned = n if scanned is None else scanned
    rows = [
        {
            "problem_id": f"HumanEval/{place}",
            "language": "python",
            "n": n,
            "c": c,
            "samples": n,
            "scanned": scanned,
            "unscannable": 0,
            "insecure": insecure[place] if insecure else 0,
            "timeouts": 0,
            "truncated": 0,
            "secure": None,
            "codebleu": None,
            "completion_tokens": None,
        }
        for place, c in enumerate(passes)
    ]
    security = {"scanned": scanned * len(rows), "no_scanner": 0 if scanned else n * len(rows)}
    return {
        "run_id": "run",
        "n": n,
        "benchmark": name,
        "model": "m",
        "adapter": None,
        "pass_at_k": {"1": {}},
        "codebleu": {},
        "security": security,
        "per_problem": rows,
    } | more


BASE = [place % 21 for place in range(164)]
WORSE = [max(0, c - 3) if place % 2 else c for place, c in enumerate(BASE)]


def gated(base, candidate, rule=None, **how):
    return decide([compare_reports(base, candidate, **how)], rule)


def test_the_same_samples_pass():
    result = gated(report(BASE), report(BASE))
    assert result.state is GateState.PASS
    assert [quantity.difference.quantity.key for quantity in result.gated] == ["pass_at_1", "insecure_rate"]


def test_a_drop_is_a_regression_that_names_its_numbers():
    result = gated(report(BASE), report(WORSE))
    assert result.state is GateState.REGRESSION
    first = sentences(result)[0]
    assert "pass@1 on humaneval: 49.0 % to 42.2 % (-6.8 points" in first
    assert "is worse (p < 0.001); this run can only see drops of " in first


def test_a_gain_is_no_regression():
    assert gated(report(WORSE), report(BASE)).state is GateState.PASS


def test_more_findings_are_a_regression_though_more_passes():
    found = [1 + place % 3 for place in range(164)]
    result = gated(report(WORSE, insecure=[0] * 164), report(BASE, insecure=found))
    assert [quantity.state for quantity in result.gated] == [GateState.PASS, GateState.REGRESSION]
    assert "insecure rate on humaneval: 0.0 % to 10.0 % (+10.0 points" in sentences(result)[0]
    assert "rises of" in sentences(result)[0]


def test_one_sample_a_problem_cannot_rule_a_drop_out():
    base = [place % 2 for place in range(164)]
    candidate = [c if place % 5 else 1 - c for place, c in enumerate(base)]
    result = gated(report(base, n=1), report(candidate, n=1))
    assert result.state is GateState.INCONCLUSIVE
    assert "shows no regression, but a loss of " in sentences(result)[0]
    assert "cannot be ruled out (margin 3)" in sentences(result)[0]


def test_a_wider_margin_turns_inconclusive_into_a_pass():
    base = [place % 2 for place in range(164)]
    candidate = [c if place % 5 else 1 - c for place, c in enumerate(base)]
    assert gated(report(base, n=1), report(candidate, n=1), GateRule(margin=0.2)).state is GateState.PASS


def test_a_single_problem_is_inconclusive():
    result = gated(report([20]), report([0]))
    assert result.state is GateState.INCONCLUSIVE
    assert "one problem is too few" in sentences(result)[0]


def test_what_no_scanner_reads_is_not_gated_and_said():
    result = gated(report(BASE, scanned=0), report(BASE, scanned=0))
    assert result.state is GateState.PASS
    assert [quantity.difference.quantity.key for quantity in result.gated] == ["pass_at_1"]
    assert sentences(result)[-1] == "Not gated: insecure rate on humaneval: nothing scans its language."


def test_a_candidate_that_was_not_scanned_does_not_pass():
    unscanned = report(BASE, scanned=0) | {"security": {"scanned": 0, "no_scanner": 0}}
    result = gated(report(BASE), unscanned)
    assert result.state is GateState.INCONCLUSIVE
    assert any("insecure rate on humaneval: not measured on both sides" in told for told in sentences(result))


def test_several_benchmarks_share_one_level():
    # One-sided p of 2^-5 = 0.031 on its own; three of the same kind and an insecure rate that cannot reject.
    base, candidate = report([1] * 4 + [0] * 160, n=1), report([0] * 4 + [0] * 160, n=1)
    alone = gated(base, candidate)
    assert alone.gated[0].difference.p_worse == 0.03125
    assert alone.state is GateState.REGRESSION
    pair = compare_reports(base, candidate)
    several = decide([pair, pair, pair])
    assert several.gated[0].difference.p_worse_holm == pytest.approx(3 * 0.03125)
    assert several.state is not GateState.REGRESSION


def test_pass_at_1_has_three_quarters_of_the_level_beside_an_insecure_rate_that_could_alarm():
    # Five problems are lost and ten get a finding: either test could reject on its own.
    base, candidate = report([1] * 5 + [0] * 159, n=1), report([0] * 164, n=1)
    for row in candidate["per_problem"][100:110]:
        row["insecure"] = 1
    result = gated(base, candidate)
    lost, found = (each.difference for each in result.gated)
    assert (lost.p_worse, found.p_worse) == (0.5**6, 0.5**11)
    # The insecure rate is first, with a quarter of the level; it passes its share on to pass@1.
    assert found.p_worse_holm == pytest.approx(4 * 0.5**11)
    assert lost.p_worse_holm == pytest.approx(0.5**6)
    plain = gated(
        base, report([0] * 164, n=1) | {"per_problem": [row | {"insecure": 0} for row in candidate["per_problem"]]}
    )
    assert plain.gated[0].difference.p_worse_holm == 0.5**6


def test_a_language_of_a_benchmark_is_no_test_of_its_own():
    base, candidate = report(BASE), report(WORSE)
    whole, part = compare_reports(base, candidate), compare_reports(base, candidate, language="python")
    adjusted = with_holm([whole, part])
    assert adjusted[0].differences == with_holm([whole])[0].differences
    assert adjusted[1].differences[0].p_worse_holm is None


def test_a_larger_baseline_sees_smaller_drops():
    small = gated(report(BASE), report(WORSE)).gated[0]
    large = gated(report([c * 5 for c in BASE], n=100), report(WORSE)).gated[0]
    assert large.difference.estimate.delta == pytest.approx(small.difference.estimate.delta)
    assert large.difference.p_worse == pytest.approx(small.difference.p_worse, rel=0.05)


def test_a_fixed_set_sees_what_a_sample_of_problems_does_not():
    # Two of 164 problems broke: certain about these problems, little about others like them.
    broken = [0, 0, *[20] * 162]
    over_problems = gated(report([20] * 164), report(broken))
    fixed = gated(report([20] * 164), report(broken), inference="fixed-set")
    assert over_problems.state is not GateState.REGRESSION
    assert fixed.state is GateState.REGRESSION


def test_problems_without_a_judged_sample_are_left_out_on_both_sides():
    candidate = report(BASE)
    candidate["per_problem"][3] = candidate["per_problem"][3] | {"n": 0, "c": 0}
    compared = compare_reports(report(BASE), candidate)
    assert compared.left_out == ("HumanEval/3",)
    assert len(compared.changes) == compared.differences[0].estimate.problems == 163


def test_no_problem_in_common_is_refused():
    with pytest.raises(ValueError, match="no problem that both have judged samples of"):
        compare_reports(report(BASE), report([]))


def test_languages_are_compared_apart():
    base, candidate = report(BASE), report(WORSE)
    for made in (base, candidate):
        for place, row in enumerate(made["per_problem"]):
            row["language"] = "lua" if place % 2 else "python"
    assert languages_of(base) == ["python", "lua"]
    assert languages_of(report(BASE)) == []
    by_language = {name: compare_reports(base, candidate, language=name) for name in languages_of(base)}
    assert by_language["python"].differences[0].lost == 0
    assert by_language["lua"].differences[0].lost == len(by_language["lua"].lost) > 70


def test_lost_and_won_problems_come_with_the_largest_change_first():
    compared = compare_reports(report([20, 20, 0, 10, 10]), report([0, 15, 20, 10, 11]))
    assert [(each.problem_id, each.base, each.candidate) for each in compared.lost] == [
        ("HumanEval/0", (20, 20), (20, 0)),
        ("HumanEval/1", (20, 20), (20, 15)),
    ]
    assert [each.problem_id for each in compared.won] == ["HumanEval/2", "HumanEval/4"]
    assert [each.problem_id for each in compared.flaky] == ["HumanEval/3", "HumanEval/4", "HumanEval/1"]


@pytest.mark.parametrize(("alpha", "margin"), [(0, 0.03), (0.5, 0.03), (0.05, 0), (0.05, 3)])
def test_a_rule_that_means_nothing_is_refused(alpha, margin):
    with pytest.raises(ValueError, match="Cannot gate with alpha"):
        GateRule(alpha=alpha, margin=margin)


def load_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def simulation():
    return load_script(SIMULATION)


@pytest.mark.parametrize("world", ["identical", "reshuffled", "superpop"])
@pytest.mark.parametrize("sizes", [(1, 1), (20, 20)])
def test_false_alarms_are_as_rare_as_promised(simulation, world, sizes):
    # 400 replicates of a 5 % level: a standard error of 1.1 points; 8.5 % is three of them.
    shares = simulation.cell(world, 0.65, sizes, replicates=400)
    assert shares.get("regression", 0) <= 8.5
    assert shares["pass_at_1_alone"] <= 8.5


def test_a_drop_of_three_points_is_seen_with_twenty_samples(simulation):
    shares = simulation.cell(3, 0.65, (20, 20), replicates=200)
    assert shares["pass_at_1_alone"] >= 93
    assert shares.get("pass", 0) <= 9  # the loss is the margin: at most 5 % by the rule, and three standard errors


def test_twenty_samples_of_the_same_model_pass(simulation):
    assert simulation.cell("identical", 0.65, (20, 20), replicates=100)["pass"] >= 80
