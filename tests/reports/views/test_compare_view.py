"""Comparisons and the gate's decision as text: right numbers, and harmless whatever the names hold."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from compared_reports import BASE, CANDIDATE, hostile_gate
from comparing import report_of, verdicts_of
from hostile_text import each_hostile_text
from rich.cells import cell_len
from rich.console import Console

from codecrucible.reports.comparison import compare_reports, with_holm
from codecrucible.reports.gate import GateRule, GateState, decide, sentences
from codecrucible.reports.report_file import to_json_text
from codecrucible.reports.views.code_quality import to_code_quality
from codecrucible.reports.views.compare_view import comparison_json, comparison_sheets, comparisons_to_csv
from codecrucible.reports.views.gate_view import (
    annotations,
    gate_json,
    gate_sheets,
    gate_to_csv,
    gate_to_junit,
    gate_to_markdown,
    headline,
)
from codecrucible.reports.views.safe_text import for_terminal
from codecrucible.reports.views.sarif import CodeFinding, file_of, to_sarif
from codecrucible.reports.views.sheet import print_sheets, sheets_to_html, sheets_to_latex, sheets_to_markdown

#: Characters of anything that is shown, however long a name is.
LONGEST_SHOWN = 100_000


@pytest.fixture
def comparison():
    return with_holm([compare_reports(BASE, CANDIDATE)])[0]


def printed(sheets, *, width=140):
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_sheets(sheets, console)
    return console.file.getvalue()


def test_a_row_shows_both_sides_the_difference_and_what_is_known_of_it(comparison):
    line = next(line for line in printed(comparison_sheets([comparison])).splitlines() if "pass@1 " in line)
    assert line.split()[:5] == ["pass@1", "70.8", "%", "45.8", "%"]
    assert "-25.0" in line
    assert line.split()[-2:] == ["10", "5"]


def test_a_quantity_that_one_side_lacks_is_a_dash_with_a_reason(comparison):
    text = printed(comparison_sheets([comparison]))
    line = next(line for line in text.splitlines() if "tokens a completion" in line)
    assert line.split()[3:] == ["\N{EN DASH}"] * 7
    assert "tokens a completion: not measured on both sides." in text


def test_the_verdicts_stand_side_by_side(comparison):
    line = next(line for line in printed(comparison_sheets([comparison])).splitlines() if "passed" in line)
    assert line.split() == ["passed", "85", "70.8", "%", "55", "45.8", "%", "-25.0"]


def test_problems_are_listed_as_lost_won_and_flaky(comparison):
    text = printed(comparison_sheets([comparison]))
    assert "Problems: 10 lost, 5 won, 15 flaky; the first 10 of each" in text
    first = next(line for line in text.splitlines() if line.lstrip().startswith("lost"))
    assert first.split() == ["lost", "HumanEval/1", "4", "of", "4", "0", "of", "4", "-100"]


def test_csv_and_json_hold_the_same_numbers(comparison):
    read = {row["quantity"]: row for row in csv.DictReader(io.StringIO(comparisons_to_csv([comparison])))}
    made = comparison_json(comparison)
    assert set(read) == set(made["quantities"])
    for key, quantity in made["quantities"].items():
        assert (read[key]["baseline_run"], read[key]["candidate_run"]) == ("base", "candidate")
        for name in ("baseline", "candidate", "difference", "p_worse", "p_two_sided"):
            assert read[key][name] == ("" if quantity[name] is None else str(quantity[name]))
    assert float(read["pass_at_1"]["low"]) == pytest.approx(made["quantities"]["pass_at_1"]["ci95"][0], abs=1e-6)
    assert made["quantities"]["pass_at_1"]["p_two_sided"] == pytest.approx(
        2 * made["quantities"]["pass_at_1"]["p_worse"], rel=1e-3
    )
    assert len(made["lost"]) == 10
    assert made["verdicts"]["passed"] == {"baseline": 85, "candidate": 55}
    json.loads(to_json_text(made))


def test_latex_has_booktabs_rules_and_a_row_a_quantity(comparison):
    text = sheets_to_latex(comparison_sheets([comparison]))
    assert text.count(r"\toprule") == text.count(r"\midrule") == text.count(r"\bottomrule") == 3
    assert r"pass@1 & 70.8 \% & 45.8 \% & $-$25.0 & " in text


def test_a_candidate_with_its_baselines_name_is_told_apart_by_the_run():
    again = compare_reports(BASE, replace(BASE, run_id="again"))
    assert comparison_sheets([again])[0].title == "m1 (again) against m1 (base) on humaneval"


def test_candidates_of_one_name_are_told_apart_by_the_run():
    others = [compare_reports(BASE, replace(CANDIDATE, run_id=run_id)) for run_id in ("one", "two")]
    titles = [sheet.title for sheet in comparison_sheets(others) if " against " in sheet.title]
    assert titles == ["m2 (one) against m1 on humaneval", "m2 (two) against m1 on humaneval"]


def test_dead_rows_cancel_in_the_pairs_and_both_scores_are_compared():
    dead = ("HumanEval/0", "HumanEval/1")
    base, candidate = (
        report_of(verdicts_of(passes), name=name, dead=dead)
        for name, passes in (("base", [0, 0, 4, 4, 4, 2, 2, 4]), ("candidate", [0, 0, 1, 2, 4, 2, 0, 3]))
    )
    compared = comparison_json(compare_reports(base, candidate))["quantities"]
    published, live = compared["pass_at_1"], compared["live_pass_at_1"]
    assert (published["problems"], live["problems"]) == (8, 6)
    assert live["difference"] == pytest.approx(published["difference"] * 8 / 6, abs=1e-5)
    assert live["p_two_sided"] == published["p_two_sided"]
    assert (published["gated"], live["gated"]) == (True, False)
    assert (published["reason"], live["reason"]) == ("", "over the live 6 of 8 problems")
    without = comparison_json(compare_reports(BASE, CANDIDATE))["quantities"]
    assert "live_pass_at_1" not in without


def test_junit_has_a_failure_for_each_regression(comparison):
    result = decide([comparison])
    root = ET.fromstring(gate_to_junit(result))
    (suite,) = root
    assert root.tag == "testsuites"
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "0")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert cases.keys() == {"pass@1", "secure-pass@1", "insecure rate"}
    failure = cases["pass@1"].find("failure")
    assert failure.get("type") == "regression"
    assert "70.8 % to 45.8 %" in failure.get("message")
    assert "lost: HumanEval/1: 4 of 4 to 0 of 4" in failure.text
    assert {each.get("name") for each in suite.find("properties")} >= {"baseline", "candidate", "state"}


def test_under_strict_what_is_inconclusive_is_a_failure_in_junit():
    result = decide([compare_reports(BASE, BASE)], GateRule(margin=0.001))
    assert result.state is GateState.INCONCLUSIVE
    assert ET.fromstring(gate_to_junit(result)).get("failures") == "0"
    assert ET.fromstring(gate_to_junit(result, strict=True)).get("failures") == "3"


def test_annotations_say_what_is_wrong_and_at_which_level(comparison):
    first, second, third = annotations(decide([comparison]))
    assert first.startswith("::error title=crucible gate REGRESSION::pass@1 on humaneval: 70.8 %25 to 45.8 %25")
    assert second.startswith("::error title=crucible gate REGRESSION::secure-pass@1 on humaneval")
    assert third.startswith("::warning title=crucible gate INCONCLUSIVE::insecure rate on humaneval")
    assert annotations(decide([compare_reports(BASE, BASE)], GateRule(margin=0.5)))[0].startswith("::notice title=")


def test_the_summary_starts_with_the_word(comparison):
    text = gate_to_markdown(decide([comparison]))
    assert text.startswith("### ❌ REGRESSION: pass&#64;&#8203;1 on humaneval: 70.8 % to 45.8 %")


def test_the_gates_json_has_the_word_the_rule_and_the_numbers(comparison):
    made = gate_json(decide([comparison]))
    assert (made["state"], made["alpha"], made["margin"]) == ("REGRESSION", 0.05, 0.03)
    assert [each["quantity"] for each in made["gated"]] == ["pass_at_1", "secure_pass_at_1", "insecure_rate"]
    assert made["gated"][0]["p_worse_holm"] >= made["gated"][0]["p_worse"]


def visible(text):
    """Whether every character is shown as itself; line feeds are the table's own."""
    return all(
        unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for each in text if each != "\n"
    )


@each_hostile_text
@pytest.mark.parametrize("width", [40, 140])
def test_a_terminal_shows_no_command_and_no_line_of_the_texts_own(text, width):
    result = hostile_gate(text)
    sheets = [*comparison_sheets(result.comparisons), *gate_sheets(result)]
    shown = printed(sheets, width=width)
    assert visible(shown)
    assert len(shown) <= LONGEST_SHOWN
    assert not [line for line in shown.splitlines() if re.match(r"\s*(::|##\[)", line)]
    harmless = hostile_gate("p" * cell_len(for_terminal(text)))  # as wide, for a wide table is printed in parts
    plain = printed([*comparison_sheets(harmless.comparisons), *gate_sheets(harmless)], width=width)
    assert len(shown.splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrow_terminal_does_without_columns_and_says_which(width):
    result = decide([compare_reports(BASE, CANDIDATE)])
    shown = printed(gate_sheets(result)[:1], width=width)
    table = [line for line in shown.splitlines() if line.startswith("  ")]
    assert max(map(len, table)) <= width
    assert sum("decision" in line for line in table) == 1
    (gone,) = [
        line for line in shown.splitlines() if line.startswith("Not shown on a terminal this narrow: benchmark,")
    ]
    for heading in ("baseline", "p worse", "detectable drop", "95 % interval"):
        assert (heading in gone) is (heading not in "\n".join(table))


def test_the_gates_sentences_are_said_once():
    result = decide([compare_reports(BASE, CANDIDATE)])
    told = [headline(result), *gate_sheets(result)[0].notes]
    assert [sentence in " ".join(told) for sentence in sentences(result)] == [True] * len(sentences(result))
    assert len(told) == len(sentences(result))


def test_the_gates_csv_has_a_line_a_gated_quantity_with_the_numbers_of_its_json():
    result = decide([compare_reports(BASE, CANDIDATE)])
    lines = list(csv.DictReader(io.StringIO(gate_to_csv(result))))
    gated = gate_json(result)["gated"]
    assert [(each["quantity"], each["state"]) for each in lines] == [
        (each["quantity"], each["state"]) for each in gated
    ]
    for line, told in zip(lines, gated, strict=True):
        for key in ("baseline", "difference", "p_worse_holm", "minimum_detectable_effect", "worst_not_ruled_out"):
            assert line[key] == ("" if told[key] is None else str(told[key]))


@each_hostile_text
def test_html_and_csv_keep_their_structure(text):
    result, plain = hostile_gate(text), hostile_gate("p")
    for sheets_of in (gate_sheets, lambda gate: comparison_sheets(gate.comparisons)):
        shown, expected = (sheets_to_html(sheets_of(each)) for each in (result, plain))
        assert visible(shown)
        assert re.findall(r"<[^>]*>", shown) == re.findall(r"<[^>]*>", expected)
    lines = list(csv.reader(io.StringIO(gate_to_csv(result))))
    assert len({len(line) for line in lines}) == 1
    assert not [cell for cell in lines[1] if cell.lstrip().startswith(("=", "+", "@"))]


@each_hostile_text
def test_markdown_keeps_its_structure(text):
    result, plain = hostile_gate(text), hostile_gate("p")
    shown, expected = gate_to_markdown(result), gate_to_markdown(plain)
    assert visible(shown.replace("⚠️", "").replace("❌", ""))
    assert len(shown.splitlines()) == len(expected.splitlines())
    assert [line.count("|") for line in shown.splitlines()] == [line.count("|") for line in expected.splitlines()]
    assert not re.search(r"<(?!/?b>)|\]\(|(?m:^\s*::)", shown)
    table = sheets_to_markdown(comparison_sheets(result.comparisons))
    assert max(len(shown), len(table)) <= LONGEST_SHOWN
    assert len(table.splitlines()) == len(sheets_to_markdown(comparison_sheets(plain.comparisons)).splitlines())


@each_hostile_text
def test_csv_keeps_its_cells_and_holds_no_formula(text):
    written = comparisons_to_csv(hostile_gate(text).comparisons)
    assert len(written) <= LONGEST_SHOWN
    read = list(csv.reader(io.StringIO(written)))
    assert {len(row) for row in read} == {len(read[0])}
    # A negative number is a number; every other cell that a spreadsheet would calculate is text.
    cells = [cell for row in read for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", cell)]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert all(map(visible, cells))


@each_hostile_text
def test_latex_holds_no_command_of_the_texts(text):
    result, plain = hostile_gate(text), hostile_gate("p" * len(for_terminal(text)))  # as wide, hence in as many parts
    shown = sheets_to_latex([*comparison_sheets(result.comparisons), *gate_sheets(result)])
    expected = sheets_to_latex([*comparison_sheets(plain.comparisons), *gate_sheets(plain)])
    words = "begin|end|caption|toprule|midrule|bottomrule|par|centering|footnotesize|setlength|tabcolsep|abovetopsep"
    words += "|char34"
    signs = "text(backslash|asciitilde|asciicircum|less|greater|bar){}"
    known = rf"\\({words}|{signs}|[{{}}$&#_%\\])"
    assert len(shown) <= LONGEST_SHOWN
    shown = shown.replace("$-$", "-")
    rest = re.sub(known, "", shown)
    assert "\\" not in rest
    assert not re.search(r"[$#_^~]", rest)
    assert shown.isascii()
    assert len(shown.splitlines()) == len(expected.splitlines())
    columns = [len(re.findall(r"(?<!\\)&", line)) for line in shown.splitlines()]
    assert columns == [len(re.findall(r"(?<!\\)&", line)) for line in expected.splitlines()]
    assert not re.search(r"^\s*[\[*]", shown, re.MULTILINE)
    assert "%" not in re.sub(r"\\%", "", shown)


@each_hostile_text
def test_xml_is_well_formed_and_has_no_element_of_the_texts(text):
    document = gate_to_junit(hostile_gate(text))
    document.encode("utf-8")
    root = ET.fromstring(document)
    known = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "system-out"}
    assert {element.tag for element in root.iter()} <= known
    assert all(visible(value or "") for element in root.iter() for value in (element.text, *element.attrib.values()))
    assert max(len(element.text or "") for element in root.iter()) <= 10_000
    assert len(document) <= LONGEST_SHOWN


@each_hostile_text
def test_an_annotation_is_one_command_on_one_line(text):
    for line in annotations(hostile_gate(text)):
        assert visible(line)
        command, message = re.fullmatch(r"::((?:error|warning|notice) title=crucible gate [A-Z]+)::(.*)", line).groups()
        assert ":" not in command
        assert not re.search(r"%(?!25)", message)
        assert "\n" not in line
        assert len(line) <= LONGEST_SHOWN


@each_hostile_text
def test_json_is_ascii_and_reads_back(text):
    made = gate_json(hostile_gate(text))  # its comparisons are what `compare` writes
    written = to_json_text(made)  # whole, for a program: names are what it tells runs and problems by
    assert json.loads(written) == made
    assert written.isascii()


@each_hostile_text
def test_the_last_line_is_one_line(text):
    assert visible(for_terminal(headline(hostile_gate(text)), longest=1000))


def finding(**more):
    values = {
        "benchmark": "humaneval",
        "problem_id": "HumanEval/12",
        "sample_index": 3,
        "samples": 2,
        "scanner": "bandit 1.9.4",
        "rule": "B307",
        "name": "blacklist",
        "severity": "medium",
        "confidence": "high",
        "cwe": 78,
        "line": 12,
        "message": "Use of possibly insecure function.",
        "snippet": "    return eval(x)",
    }
    return CodeFinding(**values | more)


def sarif_of(*findings, **more):
    return to_sarif(findings, version="0.1.0", category="humaneval", **more)


def check_sarif(log):
    """What SARIF 2.1.0 and GitHub's code scanning ask for."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert run["automationDetails"]["id"].endswith("/")
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert "security" in rule["properties"]["tags"]
        assert rule["properties"]["precision"] in {"low", "medium", "high"}
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"samples/[A-Za-z0-9_-]+/\d{3,}\.(py|cpp|txt)", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
        assert re.fullmatch(r"[0-9a-f]{16}:1", result["partialFingerprints"]["primaryLocationLineHash"])
    json.loads(to_json_text(log))


def test_sarif_names_the_scanner_of_each_finding():
    log = sarif_of(finding(), finding(scanner="flawfinder 2.0.20", rule="FF1014", name="gets", problem_id="p"))
    check_sarif(log)
    (run,) = log["runs"]
    assert run["properties"]["scanners"] == ["bandit 1.9.4", "flawfinder 2.0.20"]
    told = {each["ruleId"]: each["properties"]["scanner"] for each in run["results"]}
    assert told == {"B307": "bandit 1.9.4", "FF1014": "flawfinder 2.0.20"}
    assert [rule["help"]["text"].split(" in programs")[0] for rule in run["tool"]["driver"]["rules"]] == [
        "blacklist: found by bandit 1.9.4",
        "gets: found by flawfinder 2.0.20",
    ]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    assert {place.rpartition(".")[2] for place in places} == {"py", "cpp"}


def test_sarif_has_what_code_scanning_asks_for():
    log = sarif_of(finding(), finding(problem_id="HumanEval/2", severity="high"), finding(rule="B101", cwe=None))
    check_sarif(log)
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["B101", "B307"]
    assert run["tool"]["driver"]["rules"][1]["properties"]["security-severity"] == "8.0"
    assert run["tool"]["driver"]["rules"][1]["properties"]["tags"] == ["security", "external/cwe/cwe-078"]
    assert run["results"][0]["level"] == "error"


def test_a_fingerprint_outlives_a_rewritten_line_and_tells_problems_apart():
    same = finding(line=40, snippet="  y = eval(z)", sample_index=9, samples=1)
    assert finding().fingerprint == same.fingerprint
    assert len({finding().fingerprint, finding(rule="B101").fingerprint, finding(problem_id="x").fingerprint}) == 3


def test_findings_that_the_baseline_has_are_not_new():
    log = sarif_of(finding(), finding(problem_id="other"), known=frozenset({finding().fingerprint}))
    states = {each["message"]["text"].partition("(")[2]: each["baselineState"] for each in log["runs"][0]["results"]}
    assert states == {"HumanEval/12 of humaneval, 2 samples)": "unchanged", "other of humaneval, 2 samples)": "new"}


def test_more_findings_than_a_service_takes_are_cut_at_the_lightest():
    many = [finding(problem_id=str(place), severity="low") for place in range(25_001)]
    log = sarif_of(*many, finding(severity="high"))
    assert len(log["runs"][0]["results"]) == 25_000
    assert log["runs"][0]["results"][0]["level"] == "error"
    assert log["runs"][0]["properties"]["leftOut"] == 2


@each_hostile_text
def test_hostile_text_in_a_finding_stays_text(text):
    evil = finding(problem_id=text, message=text, snippet=text, name=text, benchmark=text, scanner=text)
    log = to_sarif([evil], version="0.1.0", category=text)
    check_sarif(log)
    (entry,) = to_code_quality([evil])
    assert visible(log["runs"][0]["results"][0]["message"]["text"])
    assert visible(entry["description"])
    assert entry["location"]["path"] == file_of(evil)
    assert max(len(to_json_text(each)) for each in (log, entry)) <= LONGEST_SHOWN


def test_two_ids_never_share_a_path():
    ids = ["a/1", "a_1", "a:1", "../x", "..", "x" * 70, "x" * 71, "A/1", "a/1/2"]
    uris = {
        sarif_of(finding(problem_id=each))["runs"][0]["results"][0]["locations"][0]["physicalLocation"][
            "artifactLocation"
        ]["uri"]
        for each in ids
    }
    assert len(uris) == len(ids)
    assert "samples/a_1/003.py" in uris
