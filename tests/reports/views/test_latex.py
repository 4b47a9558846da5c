"""Tables in LaTeX, set by LaTeX itself."""

import re
import shutil
import subprocess

import pytest
from compared_reports import BASE, CANDIDATE, hostile_gate
from hostile_text import HOSTILE

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.leaderboard import Entrant, leaderboard
from codecrucible.reports.views.compare_view import comparison_sheets
from codecrucible.reports.views.gate_view import gate_sheets
from codecrucible.reports.views.leaderboard_view import leaderboard_sheets
from codecrucible.reports.views.report_view import report_sheets
from codecrucible.reports.views.sheet import sheets_to_latex

pytestmark = pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no pdflatex")

OTHER = Entrant(name="other", reports={"humaneval": CANDIDATE})


@pytest.fixture(params=["OT1", "T1"])
def log_of(request, tmp_path):
    """Function that sets texts, each on pages of its own and in both of LaTeX's encodings, and returns the log."""

    def set_by_latex(texts):
        for place, text in enumerate(texts):
            (tmp_path / f"{place}.tex").write_text(text)
        document = [
            rf"\documentclass{{article}}\usepackage[{request.param}]{{fontenc}}\usepackage{{booktabs}}",
            r"\begin{document}",
            *(rf"\input{{{place}}}\clearpage" for place in range(len(texts))),
            r"\end{document}",
        ]
        (tmp_path / "document.tex").write_text("\n".join(document))
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "document.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            timeout=120,
        )
        log = (tmp_path / "document.log").read_text(encoding="latin-1")
        assert done.returncode == 0, re.findall(r"^!.*", log, re.MULTILINE)
        return log

    return set_by_latex


def test_names_of_any_text_are_set_without_an_error_and_no_character_is_lost(log_of):
    log = log_of([sheets_to_latex(sheets_of(text)) for text in HOSTILE])
    assert "Missing character" not in log
    assert "(/etc/passwd" not in log


def sheets_of(text):
    """Every kind of sheet, with `text` for each name."""
    result = hostile_gate(text)
    boards = leaderboard([Entrant(name=text, reports={"humaneval": BASE}), OTHER], reference=text)
    return [
        *report_sheets([result.comparisons[0].base]),
        *comparison_sheets(result.comparisons),
        *gate_sheets(result),
        *leaderboard_sheets(boards, reference=text),
    ]


def test_a_comparison_in_one_part_and_a_leaderboard_in_two_fit_into_the_width_of_an_article(log_of):
    comparison = sheets_to_latex(comparison_sheets([compare_reports(BASE, CANDIDATE)])[:1])
    entrants = [Entrant(name=name, reports={"humaneval": BASE}) for name in ("gemma3", "smollm2 135m instruct")]
    board = sheets_to_latex(leaderboard_sheets(leaderboard([*entrants, OTHER], reference="other"), reference="other"))
    assert comparison.count(r"\begin{tabular}") == 1
    assert board.count(r"\begin{table}") == 1
    assert board.count(r"\begin{tabular}") == board.count("gemma3") == 2
    assert "Overfull" not in log_of([comparison, board])
