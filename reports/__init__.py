"""Rows in, numbers and pages out: scores with their intervals, comparisons, the gate, and how they are shown.

Nothing here starts a container, loads a model, opens a connection or reads a clock: the same rows give the same report,
byte for byte. What is exported is looked up on first use, so that importing `reports` loads neither pandas nor rich.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Not on first use: the module of the same name would take the function's place as soon as anybody imports it.
from reports.pass_at_k import mean_pass_at_k, pass_at_k

if TYPE_CHECKING:
    from reports.codebleu import CodeBleu, code_bleu, code_bleu_absence, code_bleu_many, code_bleu_method
    from reports.comparison import Comparison, compare_reports, languages_of
    from reports.gate import GateResult, GateRule, GateState, decide
    from reports.interval import Estimate, mean_with_interval
    from reports.paired import PairedEstimate, paired_difference
    from reports.render import print_reports, summary_table, to_csv, to_markdown, verdict_table
    from reports.report import PROBLEM_COLUMNS, RunFacts, build_report, to_json_text
    from reports.safe_text import for_csv, for_latex, for_markdown, for_terminal, for_workflow_command
    from reports.sample_row import SampleRow
    from reports.sign_flip import sign_flip_p
    from reports.work_pool import WorkPool

__all__ = [
    "PROBLEM_COLUMNS",
    "CodeBleu",
    "Comparison",
    "Estimate",
    "GateResult",
    "GateRule",
    "GateState",
    "PairedEstimate",
    "RunFacts",
    "SampleRow",
    "WorkPool",
    "build_report",
    "code_bleu",
    "code_bleu_absence",
    "code_bleu_many",
    "code_bleu_method",
    "compare_reports",
    "decide",
    "for_csv",
    "for_latex",
    "for_markdown",
    "for_terminal",
    "for_workflow_command",
    "languages_of",
    "mean_pass_at_k",
    "mean_with_interval",
    "paired_difference",
    "pass_at_k",
    "print_reports",
    "sign_flip_p",
    "summary_table",
    "to_csv",
    "to_json_text",
    "to_markdown",
    "verdict_table",
]

_HOMES = {
    "Comparison": "comparison",
    "compare_reports": "comparison",
    "languages_of": "comparison",
    "GateResult": "gate",
    "GateRule": "gate",
    "GateState": "gate",
    "decide": "gate",
    "PairedEstimate": "paired",
    "paired_difference": "paired",
    "sign_flip_p": "sign_flip",
    "PROBLEM_COLUMNS": "report",
    "Estimate": "interval",
    "mean_with_interval": "interval",
    "CodeBleu": "codebleu",
    "code_bleu": "codebleu",
    "code_bleu_absence": "codebleu",
    "code_bleu_many": "codebleu",
    "code_bleu_method": "codebleu",
    "SampleRow": "sample_row",
    "WorkPool": "work_pool",
    "RunFacts": "report",
    "build_report": "report",
    "to_json_text": "report",
    "summary_table": "render",
    "verdict_table": "render",
    "print_reports": "render",
    "to_markdown": "render",
    "to_csv": "render",
    "for_terminal": "safe_text",
    "for_markdown": "safe_text",
    "for_csv": "safe_text",
    "for_latex": "safe_text",
    "for_workflow_command": "safe_text",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'reports' has no attribute {name!r}")
        return getattr(import_module(f"reports.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
