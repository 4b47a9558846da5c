"""Rows in, numbers and pages out: scores with their intervals, comparisons, the gate, and how they are shown.

Nothing here starts a container, loads a model, opens a connection or reads a clock: the same rows give the same report,
byte for byte. What is exported is looked up on first use, so that importing `reports` loads neither codebleu nor rich.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Not on first use: the module of the same name would take the function's place as soon as anybody imports it.
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k, pass_at_k

if TYPE_CHECKING:
    from codecrucible.reports.comparison import Comparison, compare_reports, languages_of
    from codecrucible.reports.gate import GateResult, GateRule, GateState, decide
    from codecrucible.reports.likeness.codebleu import (
        CodeBleu,
        code_bleu,
        code_bleu_absence,
        code_bleu_many,
        code_bleu_method,
    )
    from codecrucible.reports.likeness.work_pool import WorkPool
    from codecrucible.reports.report import build_report
    from codecrucible.reports.report_file import report_from_json, report_json, to_json_text
    from codecrucible.reports.report_types import ProblemRow, Report, Score, Security
    from codecrucible.reports.run_facts import RunFacts
    from codecrucible.reports.sample_row import SampleRow
    from codecrucible.reports.statistics.interval import Estimate, mean_with_interval
    from codecrucible.reports.statistics.paired import PairedEstimate, paired_difference
    from codecrucible.reports.statistics.sign_flip import sign_flip_p
    from codecrucible.reports.views.report_view import report_sheets, reports_to_csv
    from codecrucible.reports.views.safe_text import (
        for_csv,
        for_html,
        for_latex,
        for_markdown,
        for_terminal,
        for_workflow_command,
    )

__all__ = [
    "CodeBleu",
    "Comparison",
    "Estimate",
    "GateResult",
    "GateRule",
    "GateState",
    "PairedEstimate",
    "ProblemRow",
    "Report",
    "RunFacts",
    "SampleRow",
    "Score",
    "Security",
    "WorkPool",
    "build_report",
    "code_bleu",
    "code_bleu_absence",
    "code_bleu_many",
    "code_bleu_method",
    "compare_reports",
    "decide",
    "for_csv",
    "for_html",
    "for_latex",
    "for_markdown",
    "for_terminal",
    "for_workflow_command",
    "languages_of",
    "mean_pass_at_k",
    "mean_with_interval",
    "paired_difference",
    "pass_at_k",
    "report_from_json",
    "report_json",
    "report_sheets",
    "reports_to_csv",
    "sign_flip_p",
    "to_json_text",
]

_HOMES = {
    "Comparison": "comparison",
    "compare_reports": "comparison",
    "languages_of": "comparison",
    "GateResult": "gate",
    "GateRule": "gate",
    "GateState": "gate",
    "decide": "gate",
    "PairedEstimate": "statistics.paired",
    "paired_difference": "statistics.paired",
    "sign_flip_p": "statistics.sign_flip",
    "Estimate": "statistics.interval",
    "mean_with_interval": "statistics.interval",
    "CodeBleu": "likeness.codebleu",
    "code_bleu": "likeness.codebleu",
    "code_bleu_absence": "likeness.codebleu",
    "code_bleu_many": "likeness.codebleu",
    "code_bleu_method": "likeness.codebleu",
    "SampleRow": "sample_row",
    "WorkPool": "likeness.work_pool",
    "RunFacts": "run_facts",
    "build_report": "report",
    "report_from_json": "report_file",
    "report_json": "report_file",
    "to_json_text": "report_file",
    "ProblemRow": "report_types",
    "Report": "report_types",
    "Score": "report_types",
    "Security": "report_types",
    "report_sheets": "views.report_view",
    "reports_to_csv": "views.report_view",
    "for_terminal": "views.safe_text",
    "for_markdown": "views.safe_text",
    "for_csv": "views.safe_text",
    "for_html": "views.safe_text",
    "for_latex": "views.safe_text",
    "for_workflow_command": "views.safe_text",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
