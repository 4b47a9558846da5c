"""The gate's decision for people, for CI and for programs: sheets, Markdown, JUnit XML, annotations and JSON."""

from math import isfinite
from typing import Any
from xml.etree import ElementTree as ET

from codecrucible.reports.gate import GatedQuantity, GateResult, GateState, p_text, sentences
from codecrucible.reports.retention import Retention
from codecrucible.reports.views.compare_view import (
    LISTED,
    comparison_json,
    difference_json,
    difference_row,
    rounded,
    rounded_p,
)
from codecrucible.reports.views.footprint_view import footprint_json, footprint_sheet
from codecrucible.reports.views.safe_text import for_markdown, for_terminal, for_workflow_command
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional, percent, rows_to_csv, sheets_to_markdown

LONGEST_BODY = 10_000  # characters of a JUnit body
_ANNOTATION = {GateState.REGRESSION: "error", GateState.INCONCLUSIVE: "warning", GateState.PASS: "notice"}
_SUMMARY_MARK = {GateState.REGRESSION: "❌", GateState.INCONCLUSIVE: "⚠️", GateState.PASS: "✅"}

_BENCHMARK, _BASELINE, _CANDIDATE, _P, _DETECTABLE = 1, 2, 3, 6, 7  # columns whose values are in the sentences too


def headline(result: GateResult) -> str:
    """The word and the sentence that matters most; names in it are as they came."""
    return (
        f"{result.state.value}: {sentences(result)[0]}" if result.gated else f"{result.state.value}: nothing is gated."
    )


def gate_sheets(result: GateResult) -> list[Sheet]:
    """What was decided on, with what is said of it beside `headline`, and the problems that were lost most."""
    first = result.comparisons[0]
    one_benchmark = len({quantity.benchmark for quantity in result.gated}) == 1
    decided = Sheet(
        title=f"{first.candidate.name} ({first.candidate.run_id}) against {first.base.name} ({first.base.run_id})",
        headings=(
            "gated",
            "benchmark",
            "baseline",
            "candidate",
            "difference",
            "95 % interval",
            "p worse",
            "detectable drop",
            "decision",
        ),
        rows=tuple(_row(quantity) for quantity in result.gated),
        labels=2,
        notes=tuple(sentences(result)[1:]),
        dropped=(*((_BENCHMARK,) if one_benchmark else ()), _DETECTABLE, _P, _BASELINE, _CANDIDATE),
    )
    lost = [(comparison.benchmark, change) for comparison in result.comparisons for change in comparison.lost]
    problems = Sheet(
        title=f"Problems lost: {len(lost)}" + (f", of which the first {LISTED}" if len(lost) > LISTED else ""),
        headings=("benchmark", "problem", "baseline", "candidate"),
        rows=tuple(
            (benchmark, change.problem_id, *("{1} of {0}".format(*side) for side in (change.base, change.candidate)))
            for benchmark, change in sorted(lost, key=lambda pair: pair[1].change)[:LISTED]
        ),
        labels=2,
        notes=("`crucible compare BASELINE CANDIDATE --samples` shows why each was lost.",) if lost else (),
    )
    return [decided, *([footprint_sheet(result.footprints)] if result.footprints else []), problems]


def _row(quantity: GatedQuantity) -> tuple[str, ...]:
    difference = quantity.difference
    estimate, ends = difference.estimate, difference.interval
    return (
        difference.quantity.title,
        quantity.benchmark,
        percent(difference.base),
        percent(difference.candidate),
        f"{100 * estimate.delta:+.1f}" if estimate else NOT_MEASURED,
        f"{100 * ends[0]:+.1f} to {100 * ends[1]:+.1f}" if ends else NOT_MEASURED,
        optional(difference.p_worse_holm, lambda p: p_text(p).removeprefix("p ").removeprefix("= ")),
        optional(quantity.detectable, lambda size: f"{100 * size:.1f}"),
        quantity.state.value,
    )


def gate_to_markdown(result: GateResult) -> str:
    """The word, the numbers behind it and the lost problems, for a step summary or a pull request."""
    told = for_markdown(headline(result), longest=1000)
    return f"### {_SUMMARY_MARK[result.state]} {told}\n\n{sheets_to_markdown(gate_sheets(result))}"


def gate_json(result: GateResult) -> dict[str, Any]:
    """JSON object of the gate's decision with all comparisons; shares are in [0, 1]."""
    return {
        "state": result.state.value,
        "alpha": result.rule.alpha,
        "margin": result.rule.margin,
        "retain": result.rule.retain,
        "looks": list(result.rule.looks),
        "sentences": sentences(result),
        "gated": [difference_json(quantity.difference) | _word(quantity) for quantity in result.gated],
        **({"footprints": [footprint_json(each) for each in result.footprints]} if result.footprints else {}),
        "comparisons": [comparison_json(comparison) for comparison in result.comparisons],
    }


def _word(quantity: GatedQuantity) -> dict[str, Any]:
    """What the gate adds to a difference."""
    return {
        "benchmark": quantity.benchmark,
        "quantity": quantity.difference.quantity.key,
        "state": quantity.state.value,
        "not_scannable_more": rounded(quantity.hidden),
        "worst_not_ruled_out": rounded(quantity.worst),
        "minimum_detectable_effect": rounded(quantity.detectable),
        **(_retention(quantity.retention) if quantity.retention else {}),
    }


def _retention(kept: Retention) -> dict[str, Any]:
    """What a decision on a share that is to be kept rests on; an upper end that is not bounded is null."""
    low, high = kept.estimate.interval() or (None, None)
    return {
        "retain": kept.asked,
        "retained": rounded(kept.estimate.value),
        "retained_low": rounded(low),
        "retained_high": rounded(high) if high is not None and isfinite(high) else None,
        "p_retains_less": rounded_p(kept.p_below),
        "p_retains_more": rounded_p(kept.p_above),
        "problems_needed": kept.problems_needed,
    }


def gate_to_csv(result: GateResult) -> str:
    """One line a gated quantity, at full precision; what was not measured is an empty cell."""
    words = ((_word(quantity), difference_row(quantity.difference)) for quantity in result.gated)
    return rows_to_csv({**word, **difference, **word} for word, difference in words)  # the gate's own values count


def gate_to_junit(result: GateResult, *, strict: bool = False) -> str:
    """JUnit XML with a test case for each gated quantity: a regression is a failure.

    Args:
        result: The gate's decision.
        strict: Whether what is inconclusive is a failure, too.
    """
    failing = {GateState.REGRESSION, GateState.INCONCLUSIVE} if strict else {GateState.REGRESSION}
    failures = sum(quantity.state in failing for quantity in result.gated)
    counts = {"tests": str(len(result.gated)), "failures": str(failures), "errors": "0", "skipped": "0", "time": "0"}
    root = ET.Element("testsuites", {"name": "crucible gate", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "gate", **counts})
    properties = ET.SubElement(suite, "properties")
    first = result.comparisons[0]
    for name, value in (
        ("baseline", first.base.run_id),
        ("candidate", first.candidate.run_id),
        ("state", result.state.value),
        ("alpha", f"{result.rule.alpha:g}"),
        ("margin", f"{result.rule.margin:g}"),
        *((("retain", f"{result.rule.retain:g}"),) if result.rule.retain else ()),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": for_terminal(value)})
    for quantity in result.gated:
        _junit_case(suite, quantity, result, failing)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _junit_case(suite: ET.Element, quantity: GatedQuantity, result: GateResult, failing: set[GateState]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": f"crucible.{for_terminal(quantity.benchmark)}",
            "name": quantity.difference.quantity.title,
            "time": "0",
        },
    )
    only = GateResult(
        state=quantity.state, rule=result.rule, gated=(quantity,), not_gated=(), comparisons=result.comparisons
    )
    told = for_terminal(sentences(only)[0], longest=1000)
    if quantity.state not in failing:
        ET.SubElement(case, "system-out").text = f"{quantity.state.value}: {told}"
        return
    lines = [told]
    if quantity.difference.quantity.key == "pass_at_1":
        lines += [
            f"lost: {for_terminal(each.problem_id)}: {each.base[1]} of {each.base[0]} to "
            f"{each.candidate[1]} of {each.candidate[0]}"
            for comparison in result.comparisons
            if comparison.benchmark == quantity.benchmark
            for each in comparison.lost
        ]
    failure = ET.SubElement(case, "failure", {"message": told, "type": quantity.state.value.lower()})
    failure.text = "\n".join(lines)[:LONGEST_BODY]


def annotations(result: GateResult) -> list[str]:
    """GitHub workflow commands, one for each gated quantity that is no pass, or one notice."""
    shown = [quantity for quantity in result.gated if quantity.state is not GateState.PASS] or list(result.gated[:1])
    lines = []
    for quantity in shown:
        only = GateResult(state=quantity.state, rule=result.rule, gated=(quantity,), not_gated=(), comparisons=())
        title = f"crucible gate {quantity.state.value}"
        lines.append(f"::{_ANNOTATION[quantity.state]} title={title}::{for_workflow_command(sentences(only)[0])}")
    return lines
