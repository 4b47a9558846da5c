"""What the two sides of a gate took, from what their runs have on record."""

from collections.abc import Iterator, Sequence

from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.results.pairs import Pair
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports.footprint import Footprint


def footprints_of(pairs: Sequence[Pair]) -> Iterator[Footprint]:
    """Footprints of the baseline and the candidate of each pair; nothing is known of completions made elsewhere."""
    for pair in pairs:
        yield _footprint(pair.base, "baseline")
        yield _footprint(pair.candidate, "candidate")


def _footprint(folder: RunFolder, side: str) -> Footprint:
    manifest = folder.manifest
    model = manifest.model if isinstance(manifest.model, CheckpointFacts) else None
    on = (model.device, str(manifest.machine.get("processor") or "")) if model and model.device else ()
    return Footprint(
        side=side,
        benchmark=manifest.benchmark.name,
        run_id=manifest.run_id,
        dtype=model.dtype if model else "",
        machine=", ".join(each for each in on if each),
        weight_bytes=model.weight_bytes if model else None,
        memory_bytes=model.memory_bytes if model else None,
        tokens_per_s=_tokens_per_s(folder),
        adapter=manifest.adapter is not None,
    )


def _tokens_per_s(folder: RunFolder) -> float | None:
    """Over the sessions that counted what they wrote; None where none did."""
    counted = [session for session in folder.sessions() if session.completion_tokens]
    seconds = sum(session.generate_s for session in counted)
    return sum(session.completion_tokens or 0 for session in counted) / seconds if seconds else None
