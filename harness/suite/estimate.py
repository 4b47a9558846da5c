"""What a plan of runs would take: samples, time and gigabytes, from what is on this machine."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from codecrucible.harness.common.errors import HarnessError
from codecrucible.harness.evaluation.plan import RunPlan
from codecrucible.harness.models.errors import ModelNotFound
from codecrucible.harness.models.weights.bundled import find_bundled
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.shards import part_of

_GIGABYTE = 1_000_000_000
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one run would take.

    Attributes:
        benchmark: Its name.
        samples: In all.
        made: Those of them that are in the run folder already.
        hours: For sampling the others, at the speed of earlier runs of this model on this machine; None where there
            is no such run.
        weights_gb: Size of the model's weight files in units of 10^9 bytes; None where they are not on this machine.
    """

    benchmark: str
    samples: int
    made: int
    hours: float | None
    weights_gb: float | None


def estimates(plan: RunPlan, earlier: Iterable[Path]) -> list[Estimate]:
    """One for each run of `plan`.

    Args:
        plan: Runs of one model.
        earlier: Folders in which earlier runs may tell how fast the model is.
    """
    seconds = _seconds_a_sample(plan.model, earlier)
    size = _weights_gb(plan.model)
    found = []
    for places in plan.folders:
        for benchmark, folder in zip(plan.benchmarks, places, strict=True):
            samples = plan.sampling.n * len(part_of(benchmark, plan.shard).problems)
            made = min(samples, _samples_in(folder)) if folder else 0
            hours = None if seconds is None else seconds * (samples - made) / _SECONDS_PER_HOUR
            found.append(Estimate(benchmark=benchmark.name, samples=samples, made=made, hours=hours, weights_gb=size))
    return found


def _samples_in(folder: Path) -> int:
    try:
        return len(RunFolder(folder).samples())
    except HarnessError:  # there is no run yet
        return 0


def _seconds_a_sample(spec: str, folders: Iterable[Path]) -> float | None:
    """Seconds of sampling a sample took in all earlier runs of a model; None where there is no such run."""
    seconds = samples = 0.0
    for run in _runs_in(folders):
        try:
            if run.manifest.model.spec != spec:
                continue
            took = sum(session.generate_s or 0.0 for session in run.sessions())
            if took:
                seconds, samples = seconds + took, samples + len(run.samples())
        except HarnessError:  # damaged, or another release's: it tells nothing
            continue
    return seconds / samples if samples else None


def _runs_in(folders: Iterable[Path]) -> Iterator[RunFolder]:
    seen = set()
    for folder in folders:
        for depth in ("*/run.json", "*/*/run.json"):
            for found in sorted(folder.glob(depth)):
                if found.resolve() not in seen:
                    seen.add(found.resolve())
                    yield RunFolder(found.parent)


def _weights_gb(spec: str) -> float | None:
    path = Path(spec)
    files: Sequence[Path] = [path] if path.is_file() else [*path.glob("*.safetensors"), *path.glob("*.gguf")]
    kind, _, name = spec.partition(":")
    if kind == "bundled":
        with suppress(ModelNotFound):
            files = find_bundled(name)
    return sum(file.stat().st_size for file in files) / _GIGABYTE if files else None
