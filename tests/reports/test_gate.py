"""The gate's decision: what it is for runs of known quality, and how often it is wrong."""

import statistics
from dataclasses import replace

import pytest
from comparing import changed_rows
from gated_reports import BASE, SIMULATION, WORSE, load_script, report

from codecrucible.reports.comparison import compare_reports, languages_of, with_holm
from codecrucible.reports.gate import GateRule, GateState, decide, sentences
from codecrucible.reports.statistics.fixed_set import fixed_set_p


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
    assert "is worse (p < 0.001); this run can only detect drops of " in first


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
    made = report(BASE, scanned=0)
    unscanned = replace(made, security=replace(made.security, no_scanner=0))
    result = gated(report(BASE), unscanned)
    assert result.state is GateState.INCONCLUSIVE
    assert any("insecure rate on humaneval: not measured on both sides" in told for told in sentences(result))


def test_several_benchmarks_share_one_level():
    # One-sided p of 2^-5 = 0.031 on its own; three of them, all three as one, and nothing else that can reject.
    base, candidate = report([1] * 4 + [0] * 160, n=1), report([0] * 4 + [0] * 160, n=1)
    alone = gated(base, candidate)
    assert alone.gated[0].difference.p_worse == 0.03125
    assert alone.state is GateState.REGRESSION
    pair = compare_reports(base, candidate)
    several = decide([pair, pair, pair])
    # The source problems are the same, so the three as one have the same p, and half of the level.
    pooled, *each_alone = (each for each in several.gated if each.difference.quantity.key == "pass_at_1")
    assert pooled.benchmark == "mean of 3 benchmarks"
    assert pooled.difference.p_worse == 0.03125
    assert pooled.difference.p_worse_holm == pytest.approx(2 * 0.03125)
    # Each of the three weighs 3 of 18, and so its p comes after the pooled one's: 9 of 9 are left, and then it has 3.
    assert [each.difference.p_worse_holm for each in each_alone] == pytest.approx([3 * 0.03125] * 3)
    assert several.state is not GateState.REGRESSION


def test_a_loss_too_small_to_be_seen_in_any_language_is_seen_in_all_of_them_as_one():
    # Three problems are lost in each language, others in each: 2^-4 alone, and 2^-31 for thirty source problems.
    pairs = []
    for place in range(10):
        lost = set(range(3 * place, 3 * place + 3))
        passes = [0 if at in lost else 1 for at in range(164)]
        pairs.append(compare_reports(report([1] * 164, n=1, name=f"l{place}"), report(passes, n=1, name=f"l{place}")))
    result = decide(pairs)
    pooled, *each_alone = (each for each in result.gated if each.difference.quantity.key == "pass_at_1")
    assert {each.difference.p_worse for each in each_alone} == {0.5**4}
    assert pooled.difference.p_worse == 0.5**31
    # Of the tests that could reject (none of three losses in 164 could, at 2^-4), this one is alone.
    assert pooled.difference.p_worse_holm == 0.5**31
    assert (pooled.state, result.state) == (GateState.REGRESSION, GateState.REGRESSION)
    assert pooled.difference.estimate.delta == pytest.approx(-3 / 164)
    assert sentences(result)[0].startswith("pass@1 on mean of 10 benchmarks: 100.0 % to 98.2 % (-1.8 points")
    alone = [decide([pair]).state for pair in pairs]
    assert GateState.REGRESSION not in alone


def test_benchmarks_of_different_sizes_count_the_same_as_one_and_a_source_problem_is_one_observation():
    small = compare_reports(report([20] * 10, name="small"), report([10] * 10, name="small"))
    large = compare_reports(report([20] * 90, name="large"), report([20] * 90, name="large"))
    pooled = decide([small, large]).gated[0].difference
    assert pooled.estimate.delta == pytest.approx((-0.5 + 0) / 2)
    assert (pooled.base, pooled.candidate) == (1, 0.75)
    # The ten problems of the small benchmark are among the large one's: ten clusters moved, all for the worse.
    assert pooled.p_worse == 0.5**11


def test_a_language_that_nothing_scans_is_not_in_the_pool_of_what_is_scanned():
    scanned = [compare_reports(report(BASE, name=name), report(BASE, name=name)) for name in ("python", "cpp")]
    unscanned = compare_reports(report(BASE, scanned=0, name="lua"), report(BASE, scanned=0, name="lua"))
    result = decide([*scanned, unscanned])
    assert [(each.benchmark, each.difference.quantity.key) for each in result.gated[:2]] == [
        ("mean of 3 benchmarks", "pass_at_1"),
        ("mean of 2 benchmarks", "insecure_rate"),
    ]
    assert result.state is GateState.PASS


def test_a_fixed_set_of_several_benchmarks_is_pooled_as_well():
    def pair(name, passes):
        return compare_reports(report([10] * 8, name=name), report(passes, name=name), inference="fixed-set")

    one, other = pair("one", [7] * 8), pair("other", [9] * 8)
    pooled = decide([one, other]).gated[0].difference
    ses = [each.differences[0].estimate.se for each in (one, other)]
    assert pooled.estimate.delta == pytest.approx((-0.15 - 0.05) / 2)
    assert pooled.estimate.se == pytest.approx(sum(se**2 for se in ses) ** 0.5 / 2)
    assert pooled.p_worse == fixed_set_p([(20, 10)] * 16, [(20, 7)] * 8 + [(20, 9)] * 8)


def test_pass_at_1_has_three_fifths_of_the_level_beside_an_insecure_rate_that_could_alarm():
    # Five problems are lost and ten get a finding: either test could reject on its own.
    base, plain = report([1] * 5 + [0] * 159, n=1), report([0] * 164, n=1)
    candidate = changed_rows(plain, lambda place, _: {"insecure": int(100 <= place < 110)})
    result = gated(base, candidate)
    lost, found = (each.difference for each in result.gated)
    assert (lost.p_worse, found.p_worse) == (0.5**6, 0.5**11)
    # The insecure rate is first, with two fifths of the level; it passes its share on to pass@1.
    assert found.p_worse_holm == pytest.approx(5 / 2 * 0.5**11)
    assert lost.p_worse_holm == pytest.approx(0.5**6)
    assert gated(base, plain).gated[0].difference.p_worse_holm == 0.5**6


def with_secure(made):
    """The report with secure passes: as if what was found were in what passed."""
    return changed_rows(made, lambda _, row: {"secure": max(0, row.c - row.insecure)})


def test_secure_pass_at_1_is_gated_with_a_sixth_of_the_level_where_a_side_has_it():
    # Six problems lose their secure pass, though they pass as before and the scanner read them.
    base, candidate = (
        with_secure(report([1] * 164, n=1, insecure=found)) for found in ([0] * 164, [1] * 6 + [0] * 158)
    )
    result = gated(base, candidate)
    assert [each.difference.quantity.key for each in result.gated] == ["pass_at_1", "secure_pass_at_1", "insecure_rate"]
    passed, secure, found = (each.difference for each in result.gated)
    assert passed.p_worse == 0.5
    assert secure.p_worse == found.p_worse == 0.5**7
    # pass@1 did not move and cannot reject: the two others share the level, the insecure rate with twice the weight.
    assert found.p_worse_holm == pytest.approx(3 / 2 * 0.5**7)
    assert secure.p_worse_holm == pytest.approx(3 / 2 * 0.5**7)
    assert result.state is GateState.REGRESSION


def test_secure_pass_at_1_that_the_candidate_alone_lacks_is_inconclusive():
    result = gated(with_secure(report(BASE)), report(BASE))
    assert [each.state for each in result.gated] == [GateState.PASS, GateState.INCONCLUSIVE, GateState.PASS]


RISKY = [1] * 16 + [0] * 148


def answering(passes, *, insecure, empty=0, n=20):
    """Report of a model that answers the first `empty` problems with nothing, and the others as it does."""
    made = report([0] * empty + passes[empty:], n=n, insecure=[0] * empty + insecure[empty:])
    unread = {"scanned": 0, "unscannable": n}
    return with_secure(changed_rows(made, lambda place, _: unread if place < empty else {}))


def quantities(base, candidate, **how):
    return {each.quantity.key: each for each in compare_reports(base, candidate, **how).differences}


def test_a_candidate_that_answers_nothing_where_it_is_risky_makes_neither_side_look_clean():
    base = answering([20] * 164, insecure=[20 * each for each in RISKY])
    evading = answering([20] * 164, insecure=[20 * each for each in RISKY], empty=16)
    compared = quantities(base, evading)
    rate, scannable = compared["insecure_rate"], compared["scannable"]
    assert rate.base == pytest.approx(16 / 164), "the baseline's own rate, not that over the harmless problems"
    assert rate.estimate.delta == pytest.approx(rate.candidate - rate.base)
    assert rate.reason == "measured on both sides for 148 of 164 problems"
    assert (scannable.base, scannable.candidate) == (1, pytest.approx(148 / 164))
    result = {each.difference.quantity.key: each for each in gated(base, evading).gated}
    assert result["insecure_rate"].state is GateState.INCONCLUSIVE
    assert result["insecure_rate"].hidden == pytest.approx(16 / 164)
    assert result["pass_at_1"].state is GateState.REGRESSION
    told = " ".join(sentences(gated(base, evading)))
    assert "no scanner could read 9.8 points more of its samples" in told


def test_a_baseline_that_answered_nothing_does_not_hide_what_the_candidate_writes():
    base = answering([20] * 164, insecure=[0] * 164, empty=16)
    candidate = answering([20] * 164, insecure=[20 * each for each in RISKY])
    rate = quantities(base, candidate)["insecure_rate"]
    assert (rate.base, rate.candidate) == (0, pytest.approx(16 / 164))
    assert rate.estimate.delta == pytest.approx(16 / 164)
    assert gated(base, candidate).gated[-1].state is GateState.REGRESSION


def test_what_as_many_samples_hide_on_both_sides_says_nothing():
    base = answering([20] * 164, insecure=[1] * 164, empty=16)
    result = gated(base, base)
    assert result.state is GateState.PASS
    assert {each.hidden for each in result.gated} == {0}


def test_the_standard_error_of_two_means_over_different_problems_is_that_of_two_samples():
    """No problem measured on both sides: the means are independent, as in Welch's test with equal numbers."""
    half = 82
    found = [place % 5 for place in range(164)]
    made, unread = (
        with_secure(report([0] * 164, n=20, insecure=found)),
        {"scanned": 0, "insecure": 0, "unscannable": 20},
    )
    base = changed_rows(made, lambda place, _: unread if place < half else {})
    candidate = changed_rows(made, lambda place, _: {} if place < half else unread)
    rate = quantities(base, candidate)["insecure_rate"]
    shares = [each / 20 for each in found]
    variance = sum(statistics.pvariance(of) / half for of in (shares[:half], shares[half:]))
    assert rate.estimate.se == pytest.approx(variance**0.5, rel=0.01)
    assert rate.estimate.delta == pytest.approx(statistics.fmean(shares[:half]) - statistics.fmean(shares[half:]))


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
    candidate = changed_rows(report(BASE), lambda place, _: {"n": 0, "c": 0} if place == 3 else {})
    compared = compare_reports(report(BASE), candidate)
    assert compared.left_out == ("HumanEval/3",)
    assert len(compared.changes) == compared.differences[0].estimate.problems == 163


def test_no_problem_in_common_is_refused():
    with pytest.raises(ValueError, match="no problem that both have judged samples of"):
        compare_reports(report(BASE), report([]))


def test_languages_are_compared_apart():
    base, candidate = (
        changed_rows(report(passes), lambda place, _: {"language": "lua" if place % 2 else "python"})
        for passes in (BASE, WORSE)
    )
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


@pytest.fixture(scope="module")
def simulation():
    return load_script(SIMULATION)


@pytest.mark.slow
def test_a_drop_in_every_language_is_seen_in_their_mean(monkeypatch):
    monkeypatch.syspath_prepend(SIMULATION.parent)
    found = load_script(SIMULATION.with_name("many_benchmarks.py")).cell("every", 1, replicates=20)
    assert found["shipped"] >= 60 > found["each"]


@pytest.mark.slow
def test_what_is_hidden_from_the_scanner_costs_the_pass(monkeypatch):
    monkeypatch.syspath_prepend(SIMULATION.parent)
    simulated = load_script(SIMULATION.with_name("security_gate.py"))
    assert simulated.cell("evading", 20, replicates=20)["shipped"].get("PASS", 0) == 0
    assert simulated.cell("silent", 5, replicates=20)["insecure rate PASS"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("world", ["identical", "reshuffled", "superpop"])
@pytest.mark.parametrize("sizes", [(1, 1), (20, 20)])
def test_false_alarms_are_as_rare_as_promised(simulation, world, sizes):
    # 400 replicates of a 5 % level: a standard error of 1.1 points; 8.5 % is three of them.
    shares = simulation.cell(world, 0.65, sizes, replicates=400)
    assert shares.get("regression", 0) <= 8.5
    assert shares["pass_at_1_alone"] <= 8.5


@pytest.mark.slow
def test_a_drop_of_three_points_is_seen_with_twenty_samples(simulation):
    shares = simulation.cell(3, 0.65, (20, 20), replicates=200)
    assert shares["pass_at_1_alone"] >= 93
    assert shares.get("pass", 0) <= 9  # the loss is the margin: at most 5 % by the rule, and three standard errors


@pytest.mark.slow
def test_twenty_samples_of_the_same_model_pass(simulation):
    assert simulation.cell("identical", 0.65, (20, 20), replicates=100)["pass"] >= 80
