"""What both sides of a gate took: a sheet, and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from codecrucible.reports.footprint import Footprint
from codecrucible.reports.views.sheet import NOT_MEASURED, Sheet, optional

_MEGABYTE = 1_000_000
_LEGEND = (
    "On disk: the weight files. In memory: the weights as they were loaded. Tokens per second: over the run, with "
    f"all its batches, while programs are executed. {NOT_MEASURED}: not measured."
)


def footprint_sheet(footprints: Sequence[Footprint]) -> Sheet:
    """A row a run, the baseline's before the candidate's."""
    return Sheet(
        title="Size and speed",
        headings=("run", "benchmark", "weights", "MB on disk", "MB in memory", "tokens/s"),
        rows=tuple(
            (
                each.side,
                each.benchmark,
                each.dtype or NOT_MEASURED,
                optional(each.weight_bytes, _megabytes),
                optional(each.memory_bytes, _megabytes),
                optional(each.tokens_per_s, "{:.1f}".format),
            )
            for each in footprints
        ),
        labels=3,
        notes=(_LEGEND, *_remarks(footprints)),
        dropped=(1,),
    )


def footprint_json(each: Footprint) -> dict[str, Any]:
    """JSON object of a run's size and speed; null is "not measured"."""
    told = asdict(each)
    return told | {"tokens_per_s": None if each.tokens_per_s is None else round(each.tokens_per_s, 3)}


def _megabytes(size: float) -> str:
    return f"{size / _MEGABYTE:,.1f}"


def _remarks(footprints: Sequence[Footprint]) -> Iterator[str]:
    if any(each.adapter for each in footprints):
        yield "An adapter's own weights are not in these bytes."
    machines = {each.machine for each in footprints if each.tokens_per_s is not None}
    if len(machines) > 1:
        told = "; ".join(sorted(machines))
        yield f"The runs wrote on different machines, so that their speeds cannot be compared: {told}."
