"""Reports on a terminal, in Markdown and in CSV."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace
from functools import cache, partial
from html.parser import HTMLParser

import pytest
from hostile_text import each_hostile_text
from rich.console import Console

from codecrucible.reports.report import build_report
from codecrucible.reports.report_file import report_from_json, to_json_text
from codecrucible.reports.report_types import Missing, Perplexity
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.sample_row import SampleRow
from codecrucible.reports.views.report_view import report_sheets, reports_to_csv, warnings_of
from codecrucible.reports.views.sheet import print_sheets, sheets_to_html, sheets_to_latex, sheets_to_markdown

UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
PASS = "pass&#64;&#8203;"  # in Markdown, where nothing may mention anybody
EVIL = "evil\x1b[31m[red]|=\u202e@all\udc80"


def report(*, model="bundled:smollm2-135m-instruct", adapter=None, n=20, k=(1, 10), unjudged=0, scanned=True, parts=()):
    rows = [
        SampleRow(
            problem_id=f"HumanEval/{problem}",
            sample_index=sample,
            verdict="passed" if (problem + sample) % 4 else "timeout",
            parts_passed=2 if (problem + sample) % 4 else sample % 2,
            scan_state=("findings" if sample == 0 else "clean") if scanned else None,
            high=int(scanned and sample == 0),
            codebleu=0.25 if scanned else None,
            truncated=sample == 1,
        )
        for problem in range(8)
        for sample in range(n)
    ]
    rows[:unjudged] = [
        SampleRow(problem_id=row.problem_id, sample_index=row.sample_index, scan_state=row.scan_state, high=row.high)
        for row in rows[:unjudged]
    ]
    facts = RunFacts(
        run_id=f"run-{model}",
        benchmark="humaneval",
        model=model,
        adapter=adapter,
        problem_ids=tuple(f"HumanEval/{problem}" for problem in range(8)),
        n=n,
        parts=parts,
    )
    return build_report(rows, facts=facts, k=k)


def test_runs_of_one_name_are_told_apart_by_the_run():
    one, other, third = report(), replace(report(), run_id="other"), report(model="third")
    scores, verdicts, *_ = report_sheets([one, other, third])
    names = [f"{one.model} (run-{one.model})", f"{one.model} (other)", "third"]
    assert [row[0][0] for row in scores.rows] == names
    assert [heading[0] for heading in verdicts.headings[1:]] == names


def dated(cutoff=""):
    days = {"p/1": "2024-06-01", "p/2": "2024-06-30", "p/3": "2024-07-01", "p/4": "2024-09-02"}
    rows = [
        SampleRow(problem_id=name, sample_index=0, verdict="passed" if day < "2024-07" else "wrong_answer")
        for name, day in days.items()
    ]
    facts = RunFacts(run_id="r", benchmark="lcb", model=EVIL, problem_ids=tuple(days), n=1, dates=days, cutoff=cutoff)
    return build_report(rows, facts=facts)


def printed(reports, *, width=160) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_sheets(report_sheets(reports), console)
    return console.file.getvalue()


def table_lines(text):
    """All but the sentences below a table, which are left to the terminal to fold."""
    return [line for line in text.splitlines() if not line.startswith("95 % intervals are")]


def to_markdown(reports) -> str:
    return sheets_to_markdown(report_sheets(reports))


def to_html(reports) -> str:
    return sheets_to_html(report_sheets(reports))


def to_latex(reports) -> str:
    return sheets_to_latex(report_sheets(reports))


def test_a_row_shows_the_scores_with_one_decimal_and_what_they_rest_on():
    line = next(line for line in printed([report()]).splitlines() if "smollm2" in line)
    assert " ".join(line.split()[1:]) == "75.0 % 100.0 % 71.2 % 5.0 % 25.0 % 8 / 0 / 0 20 x 8 8 40 0"


def test_the_interval_stands_below_its_score():
    low, high = report().pass_at_k[1].ci95
    assert f"{100 * low:.1f} to {100 * high:.1f}" in printed([report()])


def test_what_was_not_measured_is_a_dash_and_not_a_zero():
    line = next(line for line in printed([report(scanned=False)]).splitlines() if "smollm2" in line)
    assert line.split()[5:9] == ["\N{EN DASH}"] * 4


def test_a_k_that_only_some_runs_have_is_a_dash_in_the_others():
    few = report(model="few", n=5, k=(1,))
    line = next(line for line in printed([report(), few]).splitlines() if line.split()[:1] == ["few"])
    assert line.split()[1:4] == ["75.0", "%", "\N{EN DASH}"]


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("runs", [1, 3, 9])
def test_no_number_is_cut_off_at_any_width(width, runs):
    text = printed([report(adapter="adapters/lora-r16", k=(1, 10)) for _ in range(runs)], width=width)
    assert "…" not in text
    assert text.count("100.0 %") == runs
    assert text.count("8 / 0 / 0") == runs
    assert text.count("20 x 8") == runs
    assert text.count("120   75.0 %") == runs
    assert max(map(len, table_lines(text))) <= width


@pytest.mark.parametrize("model", ["m", "s5.jsonl", "smollm2-135m-instruct", "a" * 60])
def test_no_column_is_cut_off_whatever_the_length_of_the_name(model):
    for width in range(80, 150):
        text = printed([report(model=model)], width=width)
        assert "unjudged" in text, width
        assert max(map(len, table_lines(text))) <= width


def test_a_score_on_a_part_of_the_tests_stands_beside_that_on_all_of_them():
    reports = [report(parts=("base", "plus")), report(model="m")]
    lines = printed(reports, width=250).splitlines()
    (heading,) = (number for number, line in enumerate(lines) if "base tests" in line)
    assert lines[heading - 1].split()[:5] == ["model", "pass@1", "pass@10", "pass@1", "pass@10"]
    one, other = (line.split() for line in lines[heading:] if line.split()[1:2] == ["75.0"])
    assert one[1:9:2] == ["75.0", "100.0", "87.5", "100.0"]
    assert other[1:7] == ["75.0", "%", "100.0", "%", "\N{EN DASH}", "\N{EN DASH}"]
    assert "base tests" not in printed([report()], width=250)


def test_scores_on_parts_are_not_cut_off_where_there_is_little_room():
    text = printed([report(parts=("base", "plus"))], width=80)
    assert "base tests" in text
    assert "87.5 %" in text
    assert "…" not in text


def test_scores_on_parts_are_in_markdown_and_csv_and_a_name_that_is_no_word_is_nowhere():
    made = report(parts=("base", "plus"))
    forged = replace(made, pass_at_k_of_parts={**made.pass_at_k_of_parts, EVIL: made.pass_at_k_of_parts["base"]})
    (row,) = csv.DictReader(io.StringIO(reports_to_csv([forged])))
    assert float(row["base_pass_at_1"]) == 0.875
    assert f"| {PASS}1 base tests |" in to_markdown([forged])
    assert "evil" not in reports_to_csv([forged]) + to_markdown([forged]) + printed([forged])
    assert "base_pass_at_1" not in reports_to_csv([report()])


def test_unjudged_samples_are_a_loud_line():
    text = printed([report(unjudged=3)])
    assert "3 of 160 samples are UNJUDGED" in text
    assert "3 !" in text
    assert "UNJUDGED" not in printed([report()])


def test_passes_that_could_not_be_scanned_are_a_column_and_a_sentence_where_there_are_any():
    rows = [
        SampleRow(problem_id="p", sample_index=index, verdict="passed", scan_state=state)
        for index, state in enumerate(("unscannable", "clean", "unscannable"))
    ]
    facts = RunFacts(run_id="r", benchmark="b", model="m", problem_ids=("p",), n=3)
    hidden = build_report(rows, facts=facts)
    for width in (80, 200):
        text = printed([hidden, report()], width=width)
        assert "not scannable" in text
        assert "no scanner could read 2 of 3 passing samples" in " ".join(text.split())
    assert "| passed, not scannable |" in to_markdown([hidden])
    (line,) = csv.DictReader(io.StringIO(reports_to_csv([hidden])))
    assert (line["unscannable"], line["unscannable_passes"], line["unscannable_empty"]) == ("2", "2", "0")
    assert "scannable |" not in to_markdown([report()])


def test_what_is_missing_is_in_the_csv():
    partial = replace(report(), missing=Missing(problems=("HumanEval/6", "=HumanEval/7"), samples=43))
    whole, holed = csv.DictReader(io.StringIO(reports_to_csv([report(), partial])))
    columns = ("missing_samples", "missing_problems", "missing_problem_ids")
    assert [whole[column] for column in columns] == ["0", "0", ""]
    assert [holed[column] for column in columns] == ["43", "2", "HumanEval/6 =HumanEval/7"]


def test_missing_samples_are_a_loud_line():
    partial = replace(report(), missing=Missing(problems=("HumanEval/7",), samples=20))
    assert "20 samples are MISSING (1 of 8 problems have none)" in printed([partial])


def test_the_verdicts_that_occur_are_counted_with_their_share():
    text = printed([report()])
    assert "timeout" in text
    assert "40   25.0 %" in text
    assert "forged" not in text


def test_hostile_names_are_inert_on_a_terminal():
    console = Console(width=200, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    print_sheets(report_sheets([report(model=EVIL, unjudged=1)]), console)
    text = console.file.getvalue()
    assert r"evil\x1b[31m[red]|=\u202e@all\udc80" in text  # also: rich took "[red]" for no markup
    assert "\u202e" not in text
    assert "\x1b[31m[red]" not in text
    text.encode("utf-8")


@cache
def one_report():
    return report(unjudged=1)


@each_hostile_text
def test_a_report_keeps_its_structure_and_its_size_whatever_the_names_hold(text):
    names = ("run_id", "benchmark", "model", "adapter")
    evil, plain = (replace(one_report(), **dict.fromkeys(names, each)) for each in (text, "p"))
    for show in (printed, partial(printed, width=80), to_markdown, to_html, to_latex, reports_to_csv):
        shown = show([evil])
        assert all(unicodedata.category(each) not in UNSHOWN for each in shown if each != "\n")
        assert not [line for line in shown.splitlines() if re.match(r"\s*(::|##\[)", line)]
        assert len(shown) <= 20_000
    shown, expected = to_markdown([evil]), to_markdown([plain])
    assert [line.count("|") for line in shown.splitlines()] == [line.count("|") for line in expected.splitlines()]
    assert not re.search(r"<|\]\(", shown)
    assert elements(to_html([evil])) == elements(to_html([plain]))
    for part in to_latex([evil]).split(r"\toprule")[1:]:
        assert len({line.count(" & ") for line in part.splitlines() if line.endswith(r" \\")}) == 1
    (row,) = csv.DictReader(io.StringIO(reports_to_csv([evil])))
    assert None not in row
    assert not [row[name] for name in names if row[name].lstrip().startswith(("=", "+", "-", "@"))]


def elements(page):
    """Tags of a page with their attributes, in their order."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, attributes))
    parser.feed(page)
    return found


def test_html_has_a_cell_a_number_and_runs_nothing():
    page = to_html([report(unjudged=3), report(model="<script>alert(1)</script>")])
    assert page.count("<table>") == 2
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td>humaneval</td>" in page
    assert page.count('<td class="n">8 / 0 / 0</td>') == 2
    assert "3 of 160 samples are UNJUDGED" in page.partition("<table>")[0]
    assert "default-src 'none'" in page
    assert {"script", "img", "a", "link"}.isdisjoint(tag for tag, _ in elements(page))


def test_latex_has_model_and_benchmark_in_columns_of_their_own():
    text = to_latex([report()])
    assert r"bundled:smollm2{-}135m{-}instruct & humaneval & 75.0 \% (" in text


def test_what_is_shown_of_a_perplexity_is_shown_where_there_is_little_room_too():
    found = Perplexity(value=4.5, bits_per_byte=0.5, tokens=4, bytes=16, measured=1, problems=1, reason="")
    for width in (80, 200):
        text = printed([replace(report(), perplexity=found), report()], width=width)
        assert "4.500" in text
        assert "0.500" in text


def test_nobody_is_mentioned_by_a_name():
    assert "&#64;&#8203;all" in to_markdown([report(model=EVIL)])


def test_markdown_shows_the_same_numbers():
    text = to_markdown([report(unjudged=3)])
    assert f"| model | benchmark | {PASS}1 (95 % interval) | {PASS}10 (95 % interval) | secure {PASS}1 |" in text
    assert text.startswith("**run-bundled:smollm2-135m-instruct: 3 of 160 samples are UNJUDGED")
    assert "| 8 / 0 / 0 | 20 x 8 |" in text


def test_csv_holds_full_precision_and_empty_cells_for_what_was_not_measured():
    one, other = report(), report(model="=1+1", n=5, k=(1,), scanned=False)
    read = list(csv.DictReader(io.StringIO(reports_to_csv([one, other]))))
    assert float(read[0]["pass_at_10_low"]) == one.pass_at_k[10].ci95[0]
    assert read[0]["secure_pass_at_1"] == str(one.security.secure_pass_at_1)
    assert (read[1]["model"], read[1]["pass_at_10"], read[1]["codebleu"], read[1]["insecure_rate"]) == (
        "'=1+1",
        "",
        "",
        "",
    )
    assert (read[1]["timeout"], read[1]["forged"]) == ("10", "0")


@pytest.mark.parametrize("show", [to_markdown, reports_to_csv, printed])
def test_no_report_is_refused(show):
    with pytest.raises(ValueError, match="there is none"):
        show([])


def report_with_dead_rows(*, passes=(2, 0)):
    rows = [
        SampleRow(problem_id=name, sample_index=index, verdict="passed" if index < c else "wrong_answer")
        for name, c in zip("ab", passes, strict=True)
        for index in range(2)
    ]
    facts = RunFacts(
        run_id="run", benchmark="b", model="m", problem_ids=("a", "b"), n=2, dead={"b": "a | [quote]\x1b[2J is missing"}
    )
    return build_report(rows, facts=facts)


def test_both_scores_are_shown_and_which_is_which():
    text = printed([report_with_dead_rows(), report(k=(1,))])
    assert "live pass@1" in text
    row = next(line.split() for line in text.splitlines() if line.split()[:1] == ["m"])
    assert row[1:5] == ["50.0", "%", "100.0", "%"]
    other = next(line.split() for line in text.splitlines() if "smollm2" in line)
    assert other[1:4] == ["75.0", "%", "\N{EN DASH}"]
    told = " ".join(text.split())
    assert "run: 1 of 2 problems cannot be passed (causes: 1 x a | [quote]" in told
    assert "\x1b" not in text
    assert "pass@k is over all problems, as it is published; live pass@k over the other 1." in told


def test_where_all_problems_are_live_nothing_is_said_of_it():
    assert "live" not in printed([report()])
    assert "live" not in to_markdown([report()])


def test_markdown_and_csv_have_both_scores():
    page = to_markdown([report_with_dead_rows()])
    assert f"| live {PASS}1 (95 % interval) |" in page
    assert "1 of 2 problems cannot be passed" in page
    (line,) = csv.DictReader(io.StringIO(reports_to_csv([report_with_dead_rows()])))
    assert (line["pass_at_1"], line["live_pass_at_1"], line["problems"], line["live_problems"]) == (
        "0.5",
        "1.0",
        "2",
        "1",
    )
    (line,) = csv.DictReader(io.StringIO(reports_to_csv([report()])))
    assert (line["live_pass_at_1"], line["live_problems"]) == ("", line["problems"])


def test_a_dead_row_that_passes_is_said_loudly():
    (warning,) = warnings_of([report_with_dead_rows(passes=(2, 1))])
    assert "b is PASSED, and the benchmark declares it dead" in warning
    assert list(warnings_of([report_with_dead_rows()])) == []


def test_why_there_is_no_codebleu_is_said():
    assert "no CodeBLEU: no sample was compared with a reference." in " ".join(printed([report(scanned=False)]).split())
    assert "no CodeBLEU" not in printed([report()])


def test_problems_with_dates_have_a_sheet_by_month_and_one_around_the_cut_off():
    text = printed([dated("2024-06-30")])
    assert re.search(r"2024-06\s.*100\.0 %", text)
    assert re.search(r"2024-09\s.*0\.0 %", text)
    assert "2 problems" in text
    assert re.search(r"2024-06-30 .* 100\.0 % .* 0\.0 % .* -100\.0", text)
    assert "\x1b" not in text
    markdown = sheets_to_markdown(report_sheets([dated("2024-06-30"), dated()]))
    assert "Before and after the cut" in markdown
    assert "pass&#64;&#8203;1 by month" in markdown
    assert "Before and after" not in printed([dated()])
    assert "by month" not in printed([report(), report()])


def test_a_report_with_dates_is_read_as_it_was_written_and_one_without_says_nothing_of_them():
    made = dated("2024-06-30")
    text = to_json_text(made)
    assert report_from_json(text) == made
    assert json.loads(text)["cutoff"]["difference"] == -1.0
    assert not {"cutoff", "by_month"} & json.loads(to_json_text(report())).keys()
