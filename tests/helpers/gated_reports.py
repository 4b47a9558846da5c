"""Reports for the gate, and its simulation."""

import importlib.util
from pathlib import Path

from comparing import report_of_rows

from codecrucible.reports.report_types import ProblemRow

SIMULATION = Path(__file__).resolve().parents[1] / "performance" / "gate_error_rates.py"


def report(passes, *, n=20, insecure=None, scanned=None, name="humaneval"):
    """What `build_report` says of a run with these passes a problem, as far as a comparison reads it."""
    scanned = n if scanned is None else scanned
    rows = [
        ProblemRow(
            problem_id=f"HumanEval/{place}",
            language="python",
            n=n,
            c=c,
            samples=n,
            scanned=scanned,
            insecure=insecure[place] if insecure else 0,
        )
        for place, c in enumerate(passes)
    ]
    return report_of_rows(rows, n=n, benchmark=name, no_scanner=0 if scanned else n * len(rows))


BASE = [place % 21 for place in range(164)]


WORSE = [max(0, c - 3) if place % 2 else c for place, c in enumerate(BASE)]


def load_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
