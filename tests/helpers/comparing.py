"""Reports of known numbers for the tests of comparisons: made by `build_report`, or of rows as they are to be."""

from dataclasses import replace

from codecrucible.reports.report import build_report
from codecrucible.reports.report_types import (
    CodeBleuScore,
    FindingCounts,
    Missing,
    Report,
    Security,
    Timing,
)
from codecrucible.reports.run_facts import RunFacts
from codecrucible.reports.sample_row import SampleRow


def report_of(verdicts, *, name="run", model="model", benchmark="humaneval", adapter=None, k=(1,), dead=(), **columns):
    """Report of a run with these verdicts: {problem_id: [verdict, ...]}; `columns` are functions of (place, index)."""
    rows = [
        SampleRow(
            problem_id=problem_id,
            sample_index=index,
            verdict=verdict,
            **{column: value(place, index) for column, value in columns.items()},
        )
        for place, (problem_id, of_problem) in enumerate(verdicts.items())
        for index, verdict in enumerate(of_problem)
    ]
    facts = RunFacts(
        run_id=name,
        benchmark=benchmark,
        model=model,
        adapter=adapter,
        problem_ids=tuple(verdicts),
        n=max(map(len, verdicts.values())),
        timing={"wall_s": 2.5, "execute_s": 1.5},
        dead=dict.fromkeys(dead, "the prompt does not compile"),
    )
    return build_report(rows, facts=facts, k=k)


def verdicts_of(passes, *, n=4, names=None):
    """{problem_id: verdicts} with so many passes a problem."""
    names = names or [f"HumanEval/{place}" for place in range(len(passes))]
    return {name: ["passed"] * c + ["wrong_answer"] * (n - c) for name, c in zip(names, passes, strict=True)}


def report_of_rows(rows, *, n, benchmark="humaneval", no_scanner=0):
    """Report with these rows, and with nothing else that is not known of them."""
    return Report(
        run_id="run",
        benchmark=benchmark,
        model="m",
        problems=len(rows),
        samples=n * len(rows),
        n=n,
        pass_at_k={},
        verdicts={},
        unjudged=0,
        missing=Missing(problems=(), samples=0),
        codebleu=CodeBleuScore(),
        security=Security(
            scanned=sum(row.scanned for row in rows),
            unscannable=sum(row.unscannable for row in rows),
            no_scanner=no_scanner,
            not_scanned=0,
            findings=FindingCounts(high=0, medium=0, low=0),
            scanners={},
            insecure_samples=sum(row.insecure for row in rows),
            insecure_rate=None,
            secure_pass_at_1=None,
        ),
        tokens={},
        truncated=0,
        timing=Timing(),
        per_problem=tuple(rows),
    )


def changed_rows(report, change):
    """The report with the fields of `change(place, row)` in each of its rows."""
    rows = (replace(row, **change(place, row)) for place, row in enumerate(report.per_problem))
    return replace(report, per_problem=tuple(rows))
