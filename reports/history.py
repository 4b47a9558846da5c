"""The runs that a baseline had over time, each beside the first: drift that no single gate sees.

A gate compares two neighbours. Ten losses, each too small to be found, are a large one. Here every later run is tested
against the first, and the tests share one chance of a false alarm for good, however many there will be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

from codecrucible.reports.comparison import PASS_AT_1, compare_reports
from codecrucible.reports.report_types import Report, Score
from codecrucible.reports.statistics.difference import Difference
from codecrucible.reports.statistics.levels import ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A run of a history.

    Attributes:
        set_utc: When the name was given to it, ISO 8601.
        run_id: Its id.
        benchmark: Its benchmark.
        pass_at_1: Its score.
        difference: pass@1 less that of the first run; None of the first.
        level: One-sided p at or below which it is a drift; None of the first.
        reason: Why there is no difference; "" where there is one, and of the first.
    """

    set_utc: str
    run_id: str
    benchmark: str
    pass_at_1: Score
    difference: Difference | None = None
    level: float | None = None
    reason: str = ""

    @property
    def drifted(self) -> bool:
        """Whether it is worse than the first, beyond chance."""
        p = self.difference.p_worse if self.difference else None
        return p is not None and self.level is not None and p <= self.level


def spent_at(look: int, alpha: float = ALPHA) -> float:
    """Level of one of endlessly many looks, which share `alpha` and whose sum it is.

    Args:
        look: Its number, from 1.
        alpha: Chance of a false alarm over all of them, however they depend on each other.

    >>> round(spent_at(1), 4), round(spent_at(2), 4), round(sum(map(spent_at, range(1, 9999))), 4)
    (0.0304, 0.0076, 0.05)
    """
    return alpha * 6 / (pi * look) ** 2


def history_of(runs: Sequence[tuple[str, Report]], *, benchmarks: int = 1) -> tuple[Moment, ...]:
    """The runs of one benchmark, each beside the first.

    Args:
        runs: Time and report of each, the oldest first.
        benchmarks: How many histories share the chance of a false alarm.
    """
    moments: list[Moment] = []
    for look, (set_utc, report) in enumerate(runs):
        difference, reason = None, ""
        if look:
            try:
                compared = compare_reports(runs[0][1], report)
                (difference,) = (each for each in compared.differences if each.quantity == PASS_AT_1)
            except ValueError as error:
                reason = str(error)
        moments.append(
            Moment(
                set_utc=set_utc,
                run_id=report.run_id,
                benchmark=report.benchmark,
                pass_at_1=report.pass_at_k.get(1, Score(reason="pass@1 was not reported")),
                difference=difference,
                level=spent_at(look, ALPHA / benchmarks) if look else None,
                reason=reason,
            )
        )
    return tuple(moments)
