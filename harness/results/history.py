"""The runs that a name has stood for, read again."""

from pathlib import Path

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.results.baselines import Standing, baselines, ids_at
from codecrucible.harness.results.pairs import refuse_other_settings, runs_at
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import Report
from codecrucible.reports.history import Moment, history_of


def history(name: str, *, allow_mismatch: bool = False) -> tuple[dict[str, tuple[Moment, ...]], list[str]]:
    """What the name has stood for, by benchmark and the oldest first; and a sentence for each run that is gone.

    Args:
        name: Name of a baseline.
        allow_mismatch: Whether the runs may differ in more than their model.

    Raises:
        UsageError: no baseline has the name, or none of its runs is there.
        NotComparable: a run differs from the first in more than its model.
    """
    known = {each.name: each for each in baselines()}
    if name not in known:
        named = f"these have: {', '.join(known)}" if known else "none has"
        raise UsageError(f"no baseline has the name {name!r}; {named}. `crucible baseline set NAME RUN` gives one")
    runs: dict[str, list[tuple[str, Report]]] = {}
    first: dict[str, RunFolder] = {}
    gone = []
    for standing in known[name].standings:
        found = _still_there(standing)
        if found is None:
            gone.append(f"{standing.path} does not hold {', '.join(standing.run_ids)} any more, and is left out")
        for benchmark, folder in (found or {}).items():
            if not allow_mismatch:
                refuse_other_settings(first.setdefault(benchmark, folder), folder)
            report = current_report(folder, benchmark_of(folder.manifest))
            runs.setdefault(benchmark, []).append((standing.set_utc, report))
    if not runs:
        raise UsageError(f"nothing of the history of {name!r} is there: {'; '.join(gone)}")
    return {benchmark: history_of(each, benchmarks=len(runs)) for benchmark, each in runs.items()}, gone


def _still_there(standing: Standing) -> dict[str, RunFolder] | None:
    try:
        path = Path(standing.path)
        return runs_at(path) if ids_at(path) == standing.run_ids else None
    except UsageError:
        return None
