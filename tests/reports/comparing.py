"""Reports of known numbers for the tests of comparisons, made by `build_report`."""

from codecrucible.reports.report import RunFacts, build_report
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
