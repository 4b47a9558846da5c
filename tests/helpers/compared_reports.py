"""Two reports to compare, and a gate whose names are hostile."""

from functools import cache

from comparing import report_of, verdicts_of

from codecrucible.reports.comparison import compare_reports
from codecrucible.reports.gate import decide

BASE = report_of(verdicts_of([4, 4, 3, 2, 0, 4] * 5), name="base", model="m1", k=(1, 2), scan_state=lambda *_: "clean")


CANDIDATE = report_of(
    verdicts_of([4, 0, 3, 3, 0, 1] * 5),
    name="candidate",
    model="m2",
    k=(1, 2),
    scan_state=lambda place, index: "findings" if place == index == 0 else "clean",
    medium=lambda place, index: int(place == index == 0),
    completion_tokens=lambda *_: 10,
)


@cache
def hostile_gate(text):
    """The gate's decision on runs in which every name is `text`."""
    names = [text, *(text[:5000] + str(place) for place in range(1, 30))]
    base = report_of(verdicts_of([4] * 30, names=names), name=text, model=text, adapter=text, benchmark=text)
    worse = report_of(verdicts_of([1] * 30, names=names), name=text, model=text, adapter=text, benchmark=text)
    return decide([compare_reports(base, worse)])
